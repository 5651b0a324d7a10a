-- Every version of a compound's rules. `compounds.rules` is the newest of them; nothing here is ever changed.

CREATE TABLE rule_versions (
    compound BIGINT NOT NULL REFERENCES compounds (id),
    -- Counts the versions of this compound, from 1.
    version BIGINT NOT NULL,
    rules TEXT NOT NULL,
    -- When and by whom; 0 and empty for rules of before versions were kept, where the audit log doesn't say.
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    -- Why, in their words; empty where nobody said.
    why TEXT NOT NULL,
    PRIMARY KEY (compound, version)
);

INSERT INTO rule_versions (compound, version, rules, at, who, why)
SELECT id, 1, rules,
       COALESCE((SELECT MAX(a.at) FROM audit a
                 WHERE a.action = 'rules' AND a.detail = 'rules of compound ' || CAST(compounds.id AS TEXT)), 0),
       '', ''
FROM compounds WHERE rules IS NOT NULL;

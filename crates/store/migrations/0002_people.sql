-- What gates know of people beside their passes: the gates themselves, who works there and when, and what residents are let off.

CREATE TABLE gates (
    name TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    -- The gate's public key, as its owner writes it.
    receiver TEXT NOT NULL UNIQUE,
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL
);

CREATE TABLE staff (
    compound BIGINT NOT NULL REFERENCES compounds (id),
    -- The name they sign in with.
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Hash of the PIN (a PHC string); the PIN itself is told once and kept nowhere.
    pin TEXT NOT NULL,
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (compound, name)
);

CREATE TABLE duty (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL,
    who TEXT NOT NULL,
    -- Empty for any gate of the compound.
    gate TEXT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    UNIQUE (compound, who, gate, starts, ends),
    FOREIGN KEY (compound, who) REFERENCES staff (compound, name) ON DELETE CASCADE
);
CREATE INDEX duty_by_time ON duty (compound, starts);

CREATE TABLE exemptions (
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- 1 where it lets the holder off, else 0.
    quota BIGINT NOT NULL,
    hours BIGINT NOT NULL,
    -- The first moment at which it no longer holds; empty while nobody ends it.
    ends BIGINT,
    decided BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (compound, holder, kind),
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);

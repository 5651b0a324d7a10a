-- When the newest pass of a holder ends, so that those who need something are found along an index; 0 where there is none.
ALTER TABLE holders ADD COLUMN pass_ends BIGINT NOT NULL DEFAULT 0;
UPDATE holders SET pass_ends = COALESCE((SELECT p.expires FROM passes p WHERE p.idx =
    (SELECT MAX(l.idx) FROM passes l WHERE l.compound = holders.compound AND l.holder = holders.number)), 0);
CREATE INDEX holders_by_pass_end ON holders (pass_ends, place);

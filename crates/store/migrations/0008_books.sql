-- What was deleted because its time was over. A certificate names nobody; its lines are "kind count until", one a kind.
CREATE TABLE purges (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    lines TEXT NOT NULL
);
CREATE INDEX purges_by_time ON purges (at);

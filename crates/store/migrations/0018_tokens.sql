-- What programs show to act as an account over HTTP. Known by its hash alone.

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of what the program shows.
    hash TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    -- What its owner calls it.
    label TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- The first second at which it no longer holds.
    ends BIGINT NOT NULL,
    -- When it was last shown, to the hour; empty where it never was.
    used BIGINT
);
CREATE INDEX tokens_of_account ON tokens (account);

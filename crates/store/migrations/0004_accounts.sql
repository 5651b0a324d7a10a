-- Who works in the office: accounts, the compounds each has to do with, and who is signed in.

CREATE TABLE accounts (
    -- The name they sign in with, as it was first written.
    name TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    -- 1 where it has to do with every compound, else 0.
    everywhere BIGINT NOT NULL,
    -- Hash of the password (a PHC string).
    password TEXT NOT NULL,
    -- 1 while somebody else than its owner knows the password.
    provisional BIGINT NOT NULL,
    -- The secret of the second factor, encrypted; empty where there is none. And the last of its steps that was used.
    second TEXT,
    second_step BIGINT NOT NULL,
    -- Wrong passwords in a row, and when the last was given.
    failures BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    -- When it was closed; empty while it is open.
    closed BIGINT
);

CREATE TABLE account_compounds (
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    PRIMARY KEY (account, compound)
);

-- What lets somebody in once who has lost the second factor: hashes.
CREATE TABLE recovery_codes (
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);

CREATE TABLE sessions (
    -- SHA-256 of what the browser shows.
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    -- What every form of this session carries.
    csrf TEXT NOT NULL,
    begun BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    -- Said once on the next page; empty where there is nothing to say.
    notice TEXT
);
CREATE INDEX sessions_of_account ON sessions (account);

-- Gates that speak for themselves: the key each signs by, how they came to be known, and what they last told.

-- The gate's own signing key, 32 bytes in base64; empty for a gate whose key was carried here by hand.
ALTER TABLE gates ADD COLUMN signer TEXT NOT NULL DEFAULT '';

-- Gates that were struck off, by their keys: nothing they say counts any more.
CREATE TABLE struck_gates (
    receiver TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    signer TEXT NOT NULL,
    struck BIGINT NOT NULL,
    struck_by TEXT NOT NULL
);

-- Invitations of new gates; each works once, and for minutes.
CREATE TABLE enrolments (
    -- What the code is found by, and what proves that somebody knows it, in hexadecimal. The code itself is kept nowhere.
    id TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,
    name TEXT NOT NULL,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    ends BIGINT NOT NULL,
    made BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    -- The key of the gate that used it; empty until then.
    receiver TEXT
);

-- The newest report of each gate.
CREATE TABLE gate_reports (
    receiver TEXT NOT NULL PRIMARY KEY,
    -- The gate's number of the report, and when it was heard, by the office's clock.
    number BIGINT NOT NULL,
    heard BIGINT NOT NULL,
    -- What it said: its time and whether it doubts it, its program, its journal up to where, the versions it judges by.
    at BIGINT NOT NULL,
    in_doubt BIGINT NOT NULL,
    software TEXT NOT NULL,
    journal TEXT NOT NULL,
    through BIGINT NOT NULL,
    trust BIGINT NOT NULL,
    status BIGINT NOT NULL,
    rules BIGINT NOT NULL,
    people BIGINT NOT NULL,
    directions BIGINT NOT NULL
);

-- What was wrong with events of a gate.
CREATE TABLE gate_troubles (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    gate TEXT NOT NULL,
    journal TEXT NOT NULL,
    -- gap, fork, altered, unreadable, or foreign, and at which event.
    what TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (gate, journal, what, sequence)
);
CREATE INDEX gate_troubles_by_compound ON gate_troubles (compound, at);

-- What gates do not know yet: a row for each change, until new versions were given out.
CREATE TABLE changes (
    id TEXT NOT NULL PRIMARY KEY,
    what TEXT NOT NULL
);

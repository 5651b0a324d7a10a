-- What gates have logged, as far as it was brought to the office.

CREATE TABLE journals (
    gate TEXT NOT NULL,
    -- The journal's random name: 32 hexadecimal digits.
    journal TEXT NOT NULL,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    -- The first and the last of the events that are kept here, and when the newest was.
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    -- How many are kept, and how many of them beside another one with the same sequence.
    kept BIGINT NOT NULL,
    forked BIGINT NOT NULL,
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (gate, journal)
);

CREATE TABLE events (
    gate TEXT NOT NULL,
    journal TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    -- SHA-256 of its bytes in hexadecimal. A second event of the same gate, journal and sequence is a fork: both are kept.
    hash TEXT NOT NULL,
    -- Its own bytes, in base64. All other columns follow from them.
    bytes TEXT NOT NULL,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The sequence of the event that it tells more of, and of the first of those that belong together.
    about BIGINT,
    story BIGINT NOT NULL,
    direction TEXT NOT NULL,
    verdict TEXT NOT NULL,
    -- Whose pass; where it is nobody's, empty or nothing.
    home BIGINT,
    holder BIGINT,
    household BIGINT,
    serial TEXT NOT NULL,
    colour TEXT NOT NULL,
    person TEXT NOT NULL,
    sensed BIGINT NOT NULL,
    -- What became of a verdict: what it is in the end, whether staff turned it, whether it counts for nothing any more (undone,
    -- superseded), whether somebody went through on it.
    became TEXT NOT NULL,
    overridden BIGINT NOT NULL,
    ended TEXT NOT NULL,
    went BIGINT NOT NULL,
    -- Whether the pass is a visitor's: its number is then the household's that is visited.
    visitor BIGINT NOT NULL,
    PRIMARY KEY (gate, journal, sequence, hash)
);

CREATE INDEX events_by_story ON events (gate, journal, story);
CREATE INDEX events_by_time ON events (compound, at);
CREATE INDEX events_by_person ON events (home, holder, at);
CREATE INDEX events_by_serial ON events (serial);

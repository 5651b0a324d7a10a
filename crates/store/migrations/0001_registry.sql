-- The registry of one office. Written in what SQLite and PostgreSQL both take: keys are made by the program, times are
-- seconds since 1970 in UTC, colours, kinds and modes are their codes.

CREATE TABLE offices (
    id BIGINT NOT NULL PRIMARY KEY
);

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE compounds (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- The compound's rules in the form their owner gives them; empty until somebody decided them.
    rules TEXT
);

CREATE TABLE households (
    compound BIGINT NOT NULL REFERENCES compounds (id),
    number BIGINT NOT NULL,
    building TEXT NOT NULL,
    unit TEXT NOT NULL,
    room TEXT NOT NULL,
    PRIMARY KEY (compound, number),
    UNIQUE (compound, building, unit, room)
);

CREATE TABLE holders (
    compound BIGINT NOT NULL,
    number BIGINT NOT NULL,
    household BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- A person's full name, or a vehicle's plate; beside it what may stand on a pass.
    name TEXT NOT NULL,
    masked TEXT NOT NULL,
    phone TEXT,
    colour TEXT NOT NULL,
    colour_since BIGINT NOT NULL,
    colour_by TEXT NOT NULL,
    PRIMARY KEY (compound, number),
    FOREIGN KEY (compound, household) REFERENCES households (compound, number)
);
CREATE INDEX holders_of_household ON holders (compound, household);
CREATE UNIQUE INDEX vehicles_by_plate ON holders (compound, name) WHERE kind = 'vehicle';

-- Colours that holders had before the one they have now.
CREATE TABLE past_standings (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    colour TEXT NOT NULL,
    since BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    ended BIGINT NOT NULL,
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);
CREATE INDEX past_standings_of_holder ON past_standings (compound, holder);

CREATE TABLE passes (
    serial TEXT NOT NULL PRIMARY KEY,
    idx BIGINT NOT NULL UNIQUE,
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    household BIGINT NOT NULL,
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    colour TEXT NOT NULL,
    name TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    -- The four bits of the status list.
    status BIGINT NOT NULL,
    text TEXT NOT NULL,
    -- Names the pass in the address of its phone page; nobody can guess it.
    token TEXT NOT NULL UNIQUE,
    -- When it was last laid out on a sheet; empty until then.
    printed BIGINT,
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);
CREATE INDEX passes_of_holder ON passes (compound, holder, idx);

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);

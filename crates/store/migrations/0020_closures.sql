-- Buildings and stairwells that are closed, and what a board says of a stairwell beside its homes.

CREATE TABLE closures (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    building TEXT NOT NULL,
    -- Empty for the whole building.
    unit TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- Until when it is planned; empty where nobody said.
    planned BIGINT,
    why TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    -- 1: whoever is let off the hours may go out all the same.
    lets_exempt BIGINT NOT NULL,
    -- Empty while it goes on.
    opened BIGINT,
    opened_by TEXT
);
CREATE INDEX closures_of_compound ON closures (compound, since);
CREATE UNIQUE INDEX closures_that_go_on ON closures (compound, building, unit) WHERE opened IS NULL;

-- Who answers for a stairwell.
CREATE TABLE stairwells (
    compound BIGINT NOT NULL REFERENCES compounds (id),
    building TEXT NOT NULL,
    unit TEXT NOT NULL,
    answers TEXT NOT NULL,
    telephone TEXT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (compound, building, unit)
);

-- Passages that were blocked, and safety exits that must stay free.
CREATE TABLE passageways (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    building TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- blocked, exit
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX passageways_of_compound ON passageways (compound);

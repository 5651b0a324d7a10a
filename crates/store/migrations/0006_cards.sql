-- What the office says of itself, what was printed on which sheet and who was given it, and specimens for training.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL
);

-- Sheets of cards, numbered through. Those laid out together are one run.
CREATE TABLE sheets (
    number BIGINT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    -- How many cards go on it, and whether their backs were printed as well: 1, or 0.
    size TEXT NOT NULL,
    backs BIGINT NOT NULL,
    made BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    -- When somebody said that it came out of the printer as it should; empty until then.
    printed BIGINT,
    -- When it was handed out, to whom, and by whom.
    handed BIGINT,
    handed_to TEXT,
    handed_by TEXT
);
CREATE INDEX sheets_of_run ON sheets (run, number);
CREATE INDEX sheets_by_compound ON sheets (compound, number);

CREATE TABLE sheet_passes (
    sheet BIGINT NOT NULL REFERENCES sheets (number),
    -- Counted from 0, as the cards lie.
    place BIGINT NOT NULL,
    serial TEXT NOT NULL,
    PRIMARY KEY (sheet, place)
);
CREATE INDEX sheet_passes_by_serial ON sheet_passes (serial);

-- Specimens belong to nobody: they teach staff, and open nothing.
CREATE TABLE specimens (
    serial TEXT NOT NULL PRIMARY KEY,
    idx BIGINT NOT NULL UNIQUE,
    compound BIGINT NOT NULL REFERENCES compounds (id),
    colour TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    text TEXT NOT NULL,
    made_by TEXT NOT NULL
);
CREATE INDEX specimens_of_compound ON specimens (compound, idx);

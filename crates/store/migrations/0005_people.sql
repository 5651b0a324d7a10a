-- What is known of a person beside name and home, and how long red lasts.

CREATE TABLE files (
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    -- Encrypted by the office's registry key.
    identity TEXT,
    -- A day, as 2020-03-01; empty where nobody knows.
    arrived TEXT NOT NULL,
    came_from TEXT NOT NULL,
    transport TEXT NOT NULL,
    contact TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    notes TEXT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (compound, holder),
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);

CREATE TABLE observations (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    -- Empty while it goes on.
    ended BIGINT,
    ended_by TEXT,
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);
CREATE INDEX observations_of_holder ON observations (compound, holder);
CREATE INDEX observations_that_go_on ON observations (planned) WHERE ended IS NULL;

CREATE TABLE health_checks (
    id TEXT NOT NULL PRIMARY KEY,
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    -- In tenths of a degree Celsius.
    temperature BIGINT NOT NULL,
    symptoms BIGINT NOT NULL,
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);
CREATE INDEX health_checks_of_holder ON health_checks (compound, holder, at);

-- Whoever is red already has been observed since then.
INSERT INTO observations (id, compound, holder, begun, planned)
SELECT 'since-' || CAST(compound AS TEXT) || '-' || CAST(number AS TEXT), compound, number, colour_since, colour_since + 1209600
FROM holders WHERE colour = 'red' AND kind <> 'vehicle';

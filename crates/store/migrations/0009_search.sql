-- What staff type to find a holder. A term is in hexadecimal digits, so that every database has terms that begin alike side by
-- side, whatever it was told of sorting texts. Made of names alone, which never change; the program fills in what is missing.
CREATE TABLE search_terms (
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    term TEXT NOT NULL,
    PRIMARY KEY (compound, holder, term)
);
CREATE INDEX search_terms_by_term ON search_terms (term, compound, holder);

CREATE INDEX households_by_room ON households (room);
CREATE INDEX households_by_building ON households (building);
CREATE INDEX households_by_building_and_room ON households ((building || '-' || room));
CREATE INDEX households_by_whole_room ON households ((building || '-' || unit || '-' || room));
-- Parts of numbers are looked for in the index alone.
CREATE INDEX holders_by_phone ON holders (phone, compound, number);
CREATE INDEX holders_by_colour ON holders (colour, compound);
-- The order in which staff see homes: 2 before 10.
CREATE INDEX households_in_order ON households
    (compound, (LENGTH(building)), building, (LENGTH(unit)), unit, (LENGTH(room)), room);

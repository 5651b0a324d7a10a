-- What was decided about somebody or about one of their cards, by whom and why: the history that staff read at the counter.

CREATE TABLE decisions (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    compound BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    -- The card it was about; empty where it was about the holder.
    serial TEXT,
    -- A colour, or what became of the card.
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    FOREIGN KEY (compound, holder) REFERENCES holders (compound, number)
);
CREATE INDEX decisions_of_holder ON decisions (compound, holder, at);

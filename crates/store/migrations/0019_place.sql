-- Where a holder stands in the office's lists: compound, building, unit, room, people before vehicles, number, in hexadecimal digits, so
-- that every database puts them in the same order and reads a page along an index. The program makes it, also where it is still empty.
ALTER TABLE holders ADD COLUMN place TEXT NOT NULL DEFAULT '';
CREATE INDEX holders_in_order ON holders (place);
CREATE INDEX holders_of_colour_in_order ON holders (colour, place);
CREATE INDEX holders_of_kind_in_order ON holders (kind, place);
-- Passes that somebody stopped, whose number is small.
CREATE INDEX passes_stopped ON passes (compound, holder) WHERE status IN (1, 2);
DROP INDEX households_in_order;

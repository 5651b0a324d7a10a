-- The newest passages, of one compound or of all, without sorting a month of them.

CREATE INDEX events_newest ON events (at, sequence, hash);
CREATE INDEX events_newest_of ON events (compound, at, sequence, hash);
DROP INDEX events_by_time;

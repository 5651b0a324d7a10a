-- What the day's page asks for: how many passages there were in which hour, and which passes end soon.

CREATE INDEX events_by_hour ON events (compound, at, went, gate, colour, direction);
CREATE INDEX passes_by_end ON passes (expires);

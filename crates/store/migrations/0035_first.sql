-- Which events of a journal can still come: none that was purged here, and none that its gate does not have any more.

-- The last event that was purged for its age; nought for none.
ALTER TABLE journals ADD COLUMN purged BIGINT NOT NULL DEFAULT 0;
UPDATE journals SET purged = first - 1;

-- The oldest event that the gate still had in the journal that it reported.
ALTER TABLE gate_reports ADD COLUMN first BIGINT NOT NULL DEFAULT 1;

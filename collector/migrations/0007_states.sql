-- Since when a ticket is in its state: when it resolves or closes by itself follows from it. What is there already is taken
-- to have come there with its last change.
ALTER TABLE tickets ADD COLUMN state_since BIGINT NOT NULL DEFAULT 0;
UPDATE tickets SET state_since = changed_at;

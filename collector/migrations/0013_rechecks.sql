-- How often a ticket was checked again since it was resolved, and when it is next.
ALTER TABLE tickets ADD COLUMN n_rechecks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN recheck_at BIGINT;
CREATE INDEX tickets_to_recheck ON tickets (recheck_at) WHERE recheck_at IS NOT NULL;

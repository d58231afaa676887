-- Lists of tickets under a name (desk/view.rs). JSON that SQL never looks into.
CREATE TABLE views (
    view_key {key},
    -- Whose alone it is; none: it is shared.
    account_key BIGINT REFERENCES accounts (account_key),
    -- Of a shared one: with whoever sees this site; none: with everybody.
    site_key BIGINT REFERENCES sites (site_key),
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX views_own ON views (account_key, name) WHERE account_key IS NOT NULL;
CREATE UNIQUE INDEX views_shared ON views (name) WHERE account_key IS NULL;

-- The queue is narrowed by tier, priority and what is waited for too.
DROP INDEX tickets_queue;
CREATE INDEX tickets_queue ON tickets (queue_at, number, site_key, assignee, state, tier, priority, waiting_for)
    WHERE queue_at IS NOT NULL;
-- Those are words of the index now, and so is that nobody has a ticket: all tickets come into it anew, the newest first.
UPDATE search_progress SET unread = (SELECT COALESCE(MAX(number), 0) FROM tickets);

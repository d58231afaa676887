-- With which tier a ticket is, and where it stands in the queue: when something of it is due next (store/tickets/clocks.rs).
-- Not in the queue: it is resolved.
ALTER TABLE tickets ADD COLUMN tier TEXT NOT NULL DEFAULT 'first';
ALTER TABLE tickets ADD COLUMN queue_at BIGINT;
UPDATE tickets SET queue_at = 8000000000000000000 + priority WHERE state NOT IN ('resolved', 'closed');
CREATE INDEX tickets_queue ON tickets (queue_at, number);

-- Calendars and agreements in every version there was, each from a moment on; without a body: removed then.
CREATE TABLE desk_rules (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    since BIGINT NOT NULL,
    body TEXT,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (kind, name, since)
);

-- What the events of a ticket and the rules make of its clocks. At most one of due, paused (neither) and ended.
CREATE TABLE ticket_clocks (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    position BIGINT NOT NULL,
    measure TEXT NOT NULL,
    tier TEXT,
    agreement TEXT NOT NULL,
    target_us BIGINT NOT NULL,
    spent_us BIGINT NOT NULL,
    reckoned_at BIGINT NOT NULL,
    reached_at BIGINT,
    is_running BIGINT NOT NULL,
    due_at BIGINT,
    ended_at BIGINT,
    -- The next warning that was not given yet, and when it is due.
    warn_percent BIGINT,
    warn_at BIGINT,
    PRIMARY KEY (ticket, position)
);
CREATE INDEX ticket_clocks_warn ON ticket_clocks (warn_at);
CREATE INDEX ticket_clocks_ended ON ticket_clocks (ended_at);

-- When a rule hands a ticket on if nothing happens any more; it follows from the events and the rules
-- (store/tickets/escalations.rs).
ALTER TABLE tickets ADD COLUMN escalate_at BIGINT;
CREATE INDEX tickets_to_escalate ON tickets (escalate_at) WHERE escalate_at IS NOT NULL;

-- Tickets that are to be held against rules about findings: something of them, or of an alert of theirs, has changed.
CREATE TABLE escalation_looks (
    ticket BIGINT PRIMARY KEY REFERENCES tickets (number)
);

CREATE INDEX alerts_of_ticket ON alerts (ticket, cleared_at) WHERE ticket IS NOT NULL;

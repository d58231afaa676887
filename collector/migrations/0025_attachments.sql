-- Files that stand on tickets. Their events say who put them there, and when.
CREATE TABLE attachments (
    id BYTEA PRIMARY KEY,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    n_bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    -- Who gives it to the other side: 'technician', 'requester'; without, it stays between technicians.
    side TEXT,
    body BYTEA NOT NULL
);
CREATE INDEX attachments_of_ticket ON attachments (ticket);

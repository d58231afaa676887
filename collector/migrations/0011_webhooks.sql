-- Other systems that are told what happens to tickets.
CREATE TABLE webhooks (
    webhook_key {key},
    name TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    -- The secret before, and until when messages are signed with it too.
    old_secret BYTEA,
    old_until BIGINT,
    -- Kinds of events with a comma between them. Empty: all.
    kinds TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    -- Why it is not; NULL: somebody has said so.
    disabled_reason TEXT,
    -- Since when nothing has arrived there. NULL: the last message has.
    failing_since BIGINT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
-- None: for tickets of all sites.
CREATE TABLE webhook_sites (
    webhook_key BIGINT NOT NULL REFERENCES webhooks (webhook_key),
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    PRIMARY KEY (webhook_key, site_key)
);

-- What they are told: written with the event, kept until it has arrived and a while longer.
CREATE TABLE webhook_deliveries (
    delivery_key {key},
    id BYTEA NOT NULL UNIQUE,
    webhook_key BIGINT NOT NULL REFERENCES webhooks (webhook_key),
    -- NULL: it is a test.
    ticket BIGINT REFERENCES tickets (number),
    event BIGINT,
    -- "waiting", "delivered", "dead".
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    n_attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    tried_at BIGINT,
    -- Status of the last answer, or why there was none.
    status BIGINT,
    error TEXT
);
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_key, state, delivery_key);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (state, made_at);

-- Other systems whose messages open tickets.
CREATE TABLE intake_sources (
    source_key {key},
    name TEXT NOT NULL UNIQUE,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    secret BYTEA NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
-- Messages that were taken, by the sender's id, so that one that comes again does nothing.
CREATE TABLE intake_messages (
    source_key BIGINT NOT NULL REFERENCES intake_sources (source_key),
    id TEXT NOT NULL,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    at BIGINT NOT NULL,
    PRIMARY KEY (source_key, id)
);
CREATE INDEX intake_messages_by_age ON intake_messages (at);
-- What the other system calls a ticket.
CREATE TABLE intake_references (
    source_key BIGINT NOT NULL REFERENCES intake_sources (source_key),
    reference TEXT NOT NULL,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    PRIMARY KEY (source_key, reference)
);

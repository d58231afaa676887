-- What the user was asked to agree to on a ticket; follows from its events.
CREATE TABLE consents (
    id BYTEA PRIMARY KEY,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    -- Id of the device.
    device TEXT NOT NULL,
    action TEXT NOT NULL,
    -- JSON with sorted keys: the same purpose has the same text.
    parameters TEXT NOT NULL,
    plan TEXT,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answer TEXT,
    way TEXT,
    answered_at BIGINT,
    n_uses BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consents_of_ticket ON consents (ticket, asked_at);

-- Addresses of the requester's page. The secret that is their last part is never stored.
CREATE TABLE requester_links (
    id BYTEA PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX requester_links_of_ticket ON requester_links (ticket, created_at);
CREATE INDEX requester_links_by_expiry ON requester_links (expires_at);

-- Addresses at which somebody at a device asks for help, each good once. The secret that is their last part is never stored.
CREATE TABLE help_links (
    secret_hash BYTEA PRIMARY KEY,
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    -- As the device's system knows who asks.
    login TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX help_links_of_device ON help_links (device_key);
CREATE INDEX help_links_by_expiry ON help_links (expires_at);

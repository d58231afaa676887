-- Findings that somebody has accepted as known, up to a status, until a time (store/alerts/acceptances.rs).
CREATE TABLE acceptances (
    id BYTEA PRIMARY KEY,
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    check_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- As monitoring plugins number it; what is worse is not accepted.
    status BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX acceptances_of_device ON acceptances (device_key);

-- What is worked on, as it was planned (desk/maintenance.rs). It is about devices of the site, or about the whole of it when
-- it names none.
CREATE TABLE maintenance (
    id BYTEA PRIMARY KEY,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    -- It comes every week on this zone's clock; none: once.
    zone TEXT,
    -- None begins after this; none: they go on.
    last_at BIGINT,
    ended_at BIGINT
);
CREATE TABLE maintenance_devices (
    id BYTEA NOT NULL REFERENCES maintenance (id),
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    PRIMARY KEY (id, device_key)
);

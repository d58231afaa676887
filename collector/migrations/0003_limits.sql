-- Since when a device's reports are refused, and the newest refusal. `rejected_reports` keeps the newest of them.
CREATE TABLE refusals (
    device_key BIGINT PRIMARY KEY REFERENCES devices (device_key),
    -- The first of those that followed each other within a day.
    since BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX refusals_by_age ON refusals (last_at);
INSERT INTO refusals (device_key, since, last_at, reason)
    SELECT g.device_key, g.last_at, g.last_at, MAX(r.reason)
    FROM (SELECT device_key, MAX(at) AS last_at FROM rejected_reports GROUP BY device_key) g
    JOIN rejected_reports r ON r.device_key = g.device_key AND r.at = g.last_at
    GROUP BY g.device_key, g.last_at;
CREATE INDEX rejected_reports_of_device ON rejected_reports (device_key, at);
CREATE INDEX rejected_reports_by_age ON rejected_reports (at);

CREATE INDEX tickets_of_site ON tickets (site_key, number);
CREATE INDEX devices_declaring ON device_declarations (declaration_id);
CREATE INDEX fact_states_declared ON fact_states (declaration_id);

-- Metrics that nobody can read. `span` 0: a raw row, `start_at` is its time.
CREATE TABLE metrics_aside (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    span BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    -- When it was set aside.
    at BIGINT NOT NULL
);
CREATE INDEX metrics_aside_by_age ON metrics_aside (at);

-- Snapshots that belong to a ticket that was opened, until they are taken.
CREATE TABLE snapshots_due (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    at BIGINT NOT NULL,
    PRIMARY KEY (ticket, device_key)
);

-- What a job's events take, so that no device fills the store with them.
ALTER TABLE jobs ADD COLUMN n_bytes BIGINT NOT NULL DEFAULT 0;

-- Never read.
ALTER TABLE accounts DROP COLUMN revision;
ALTER TABLE login_failures DROP COLUMN blocked_until;

CREATE INDEX agent_events_of_device_by_key ON agent_events (device_key, event_key);

-- What the collector judged of a device's clock, and since when it does; none: it was always well.
CREATE TABLE clock_statuses (
    device_key BIGINT PRIMARY KEY REFERENCES devices (device_key),
    status BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- When collectors listened, a row a run.
CREATE TABLE listening (
    since BIGINT PRIMARY KEY,
    until_at BIGINT NOT NULL
);

-- Every column is BIGINT, DOUBLE PRECISION, TEXT or BYTEA. Times are microseconds since 1970 UTC, truth is 0 or 1,
-- {key} is a surrogate key that the engine counts up. JSON is opaque text.

CREATE TABLE sites (
    site_key {key},
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    account_key {key},
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- 20 bytes; NULL: no second factor yet.
    totp_secret BYTEA,
    -- The last time step that was used: a code works once.
    totp_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- Counted up at every change of what the account may do.
    revision BIGINT NOT NULL DEFAULT 1
);

-- An account without a row here works for every site.
CREATE TABLE account_sites (
    account_key BIGINT NOT NULL REFERENCES accounts (account_key),
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    PRIMARY KEY (account_key, site_key)
);

CREATE TABLE recovery_codes (
    account_key BIGINT NOT NULL REFERENCES accounts (account_key),
    code_hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_key, code_hash)
);

-- Browser sessions and command line tokens; the secret itself is never stored.
CREATE TABLE credentials (
    credential_key {key},
    id BYTEA NOT NULL UNIQUE,
    account_key BIGINT NOT NULL REFERENCES accounts (account_key),
    secret_hash BYTEA NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- How long it may lie unused, microseconds; 0: as long as it lives.
    idle_us BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX credentials_of_account ON credentials (account_key);

-- Failed sign-ins by account or address.
CREATE TABLE login_failures (
    subject TEXT PRIMARY KEY,
    n_failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL
);

-- Answers of creating calls, given again when the call is repeated.
CREATE TABLE idempotency (
    account_key BIGINT NOT NULL REFERENCES accounts (account_key),
    idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT,
    answer TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_key, idempotency_key)
);

CREATE TABLE enrolment_tokens (
    token_key {key},
    id BYTEA NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL UNIQUE,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    uses_left BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE devices (
    device_key {key},
    id TEXT NOT NULL UNIQUE,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    hostname TEXT NOT NULL,
    os TEXT NOT NULL,
    serial TEXT NOT NULL,
    board_serial TEXT NOT NULL,
    machine_id TEXT NOT NULL,
    agent_version TEXT NOT NULL,
    installation_id BYTEA NOT NULL,
    boot_id TEXT NOT NULL DEFAULT '',
    -- SHA-256 of the public keys that are accepted.
    spki BYTEA NOT NULL,
    previous_spki BYTEA,
    certificate_not_after BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    removed_at BIGINT,
    connected_at BIGINT,
    last_seen BIGINT NOT NULL,
    -- Device's clock less the collector's, microseconds.
    clock_offset BIGINT NOT NULL DEFAULT 0,
    conflict_since BIGINT,
    -- The reports of a second installation under one key are kept under a device of their own.
    twin_of BIGINT REFERENCES devices (device_key),
    proposed_predecessor BIGINT REFERENCES devices (device_key),
    predecessor BIGINT REFERENCES devices (device_key)
);
CREATE INDEX devices_by_serial ON devices (serial);
CREATE INDEX devices_by_board ON devices (board_serial);
CREATE INDEX devices_by_twin ON devices (twin_of);
CREATE INDEX devices_by_removal ON devices (removed_at);

CREATE TABLE device_addresses (
    mac TEXT NOT NULL,
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    PRIMARY KEY (mac, device_key)
);

-- Installations that a technician split off: they have to enrol anew.
CREATE TABLE refused_installations (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    installation_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (device_key, installation_id)
);

CREATE TABLE declarations (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE device_declarations (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    declaration_id BYTEA NOT NULL REFERENCES declarations (id),
    PRIMARY KEY (device_key, declaration_id)
);

-- Which numbers of a spool are accounted for, in ranges that do not overlap.
CREATE TABLE spool_ranges (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    spool_id BYTEA NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    outcome BIGINT NOT NULL,
    PRIMARY KEY (device_key, spool_id, first_seq)
);

CREATE TABLE rejected_reports (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    spool_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    first_bytes BYTEA NOT NULL,
    PRIMARY KEY (device_key, spool_id, seq)
);

CREATE TABLE agent_events (
    event_key {key},
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    at BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    boot_id TEXT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX agent_events_of_device ON agent_events (device_key, at);

CREATE TABLE tickets (
    number BIGINT PRIMARY KEY,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    waiting_for TEXT,
    priority BIGINT NOT NULL,
    requester TEXT,
    assignee TEXT,
    opened_by TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Number of the last event; what If-Match compares.
    version BIGINT NOT NULL
);
CREATE INDEX tickets_by_state ON tickets (state, number);
CREATE INDEX tickets_by_assignee ON tickets (assignee, state);

CREATE TABLE ticket_devices (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    -- Number of the event that added it.
    position BIGINT NOT NULL,
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    PRIMARY KEY (ticket, device_key)
);
CREATE INDEX tickets_of_device ON ticket_devices (device_key, ticket);

-- The truth about a ticket; `tickets` and `ticket_devices` follow from it.
CREATE TABLE ticket_events (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (ticket, number)
);

CREATE TABLE snapshots (
    id BYTEA PRIMARY KEY,
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    taken_at BIGINT NOT NULL,
    -- 1: made of what was stored because the device was not there; completed when it comes back.
    partial BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX snapshots_of_ticket ON snapshots (ticket);
CREATE INDEX snapshots_to_complete ON snapshots (device_key, partial);

CREATE TABLE jobs (
    job_key {key},
    id BYTEA NOT NULL UNIQUE,
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    kind TEXT NOT NULL,
    -- What is run, in a line: "disk.space, net.dns", "service.restart apply".
    title TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The order as it travels. NULL until it is bound to an installation.
    order_bytes BYTEA,
    request TEXT NOT NULL,
    installation_id BYTEA,
    handed_out_at BIGINT,
    cancel_asked_at BIGINT,
    cancel_asked_by TEXT,
    state TEXT NOT NULL,
    n_events BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT,
    can_undo BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX jobs_of_device ON jobs (device_key, state);
CREATE INDEX jobs_by_expiry ON jobs (state, expires_at);

-- What a person asked a device for belongs to a ticket, always.
CREATE TABLE ticket_orders (
    job_key BIGINT PRIMARY KEY REFERENCES jobs (job_key),
    ticket BIGINT NOT NULL REFERENCES tickets (number)
);
CREATE INDEX orders_of_ticket ON ticket_orders (ticket);

-- What a policy asked for; a policy runs checks only.
CREATE TABLE policy_orders (
    job_key BIGINT PRIMARY KEY REFERENCES jobs (job_key),
    policy TEXT NOT NULL
);

CREATE TABLE job_events (
    job_key BIGINT NOT NULL REFERENCES jobs (job_key),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The event as it travelled.
    body BYTEA NOT NULL,
    PRIMARY KEY (job_key, number)
);

CREATE TABLE fact_tables (
    table_key {key},
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE fact_columns (
    column_key {key},
    table_key BIGINT NOT NULL REFERENCES fact_tables (table_key),
    name TEXT NOT NULL,
    UNIQUE (table_key, name)
);

-- The slow content of a row, once for the whole fleet.
CREATE TABLE fact_rows (
    row_key {key},
    -- First 16 bytes of SHA-256 of key and slow values, with the table's name.
    hash BYTEA NOT NULL UNIQUE,
    table_key BIGINT NOT NULL REFERENCES fact_tables (table_key)
);

-- An absent value has no cell. A number that a double cannot hold stands in `text`. Text beyond what an index takes
-- goes on in `rest`.
CREATE TABLE fact_cells (
    row_key BIGINT NOT NULL REFERENCES fact_rows (row_key),
    column_key BIGINT NOT NULL REFERENCES fact_columns (column_key),
    num DOUBLE PRECISION,
    text TEXT,
    rest TEXT,
    PRIMARY KEY (row_key, column_key)
);
CREATE INDEX fact_cells_by_text ON fact_cells (column_key, text);
CREATE INDEX fact_cells_by_number ON fact_cells (column_key, num);

-- When a device had a row. `seen_to` of a row that is still there is the largest BIGINT.
CREATE TABLE fact_spans (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    table_key BIGINT NOT NULL REFERENCES fact_tables (table_key),
    -- First 8 bytes of SHA-256 of the key values, as a big-endian number.
    key_hash BIGINT NOT NULL,
    row_key BIGINT NOT NULL REFERENCES fact_rows (row_key),
    seen_from BIGINT NOT NULL,
    seen_to BIGINT NOT NULL,
    PRIMARY KEY (device_key, table_key, seen_to, key_hash, seen_from)
);
CREATE INDEX fact_spans_of_row ON fact_spans (row_key, seen_to);
CREATE INDEX fact_spans_ended ON fact_spans (seen_to) WHERE seen_to < 9223372036854775807;
CREATE INDEX fact_spans_begun ON fact_spans (device_key, seen_from);

CREATE TABLE fact_live (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    table_key BIGINT NOT NULL REFERENCES fact_tables (table_key),
    key_hash BIGINT NOT NULL,
    column_key BIGINT NOT NULL REFERENCES fact_columns (column_key),
    num DOUBLE PRECISION,
    text TEXT,
    rest TEXT,
    PRIMARY KEY (device_key, table_key, key_hash, column_key)
);

CREATE TABLE fact_states (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    table_key BIGINT NOT NULL REFERENCES fact_tables (table_key),
    -- XOR of the hashes of the rows that are there.
    hash BYTEA NOT NULL,
    declaration_id BYTEA NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Since when this copy has been whole; what came up to then is no change. NULL: it is not yet.
    whole_at BIGINT,
    -- Why the table could not be read; empty: it could.
    unavailable TEXT NOT NULL,
    PRIMARY KEY (device_key, table_key)
);

CREATE TABLE series_kinds (
    kind_key {key},
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    scale BIGINT NOT NULL,
    counter BIGINT NOT NULL,
    UNIQUE (name, unit, scale, counter)
);

CREATE TABLE series (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    number BIGINT NOT NULL,
    kind_key BIGINT NOT NULL REFERENCES series_kinds (kind_key),
    labels TEXT NOT NULL,
    PRIMARY KEY (device_key, number),
    UNIQUE (device_key, kind_key, labels)
);

-- Samples as they came, until their hour is folded.
CREATE TABLE metric_raw (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    at BIGINT NOT NULL,
    blob BYTEA NOT NULL
);
CREATE INDEX metric_raw_of_device ON metric_raw (device_key, at);

-- `step` 0: every sample. Otherwise minimum, mean and maximum over so many microseconds.
-- `span` is the length of the block, an hour or a day, microseconds.
CREATE TABLE metric_blocks (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    step BIGINT NOT NULL,
    span BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (device_key, step, span, start_at)
);
CREATE INDEX metric_blocks_by_age ON metric_blocks (step, span, start_at);

CREATE TABLE findings (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    check_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    status BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    -- The finding as it travelled.
    body BYTEA NOT NULL,
    since BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (device_key, check_id, subject)
);
CREATE INDEX findings_by_status ON findings (status, device_key);

-- `status` -1: the finding's subject is no more.
CREATE TABLE finding_history (
    history_key {key},
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    check_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    status BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    body BYTEA NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX finding_history_of_device ON finding_history (device_key, at);

CREATE TABLE alerts (
    alert_key {key},
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    check_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    status BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    cleared_at BIGINT,
    ticket BIGINT REFERENCES tickets (number)
);
CREATE INDEX alerts_of_key ON alerts (device_key, check_id, subject, opened_at);
CREATE INDEX alerts_open ON alerts (cleared_at, alert_key);

-- No device and no site: the whole fleet. Empty check: all of them. NULL subject: any.
CREATE TABLE mutes (
    id BYTEA PRIMARY KEY,
    device_key BIGINT REFERENCES devices (device_key),
    site_key BIGINT REFERENCES sites (site_key),
    check_id TEXT NOT NULL,
    subject TEXT,
    reason TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- NULL: until the finding changes.
    until_at BIGINT,
    ended_at BIGINT
);

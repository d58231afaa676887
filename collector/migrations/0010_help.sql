-- Tickets that were asked for on a device: by whom there, and when they meant it. It follows from the ticket's events.
ALTER TABLE tickets ADD COLUMN asked_device_key BIGINT REFERENCES devices (device_key);
ALTER TABLE tickets ADD COLUMN asked_login TEXT;
ALTER TABLE tickets ADD COLUMN asked_said TEXT;
ALTER TABLE tickets ADD COLUMN asked_at BIGINT;
CREATE INDEX tickets_of_asker ON tickets (asked_device_key, asked_login, number) WHERE asked_device_key IS NOT NULL;

-- What people have said on devices, and where it stands: taken twice, it counts once.
CREATE TABLE help_said (
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    said_id BYTEA NOT NULL,
    login TEXT NOT NULL,
    -- When they meant it, and when it was taken.
    asked_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- None: it was refused.
    ticket BIGINT REFERENCES tickets (number),
    -- Why it was refused, or stands on another ticket than it was meant for.
    reason TEXT,
    PRIMARY KEY (device_key, said_id)
);
CREATE INDEX help_said_taken ON help_said (device_key, taken_at);

-- Those who are helped, as the helpdesk knows them. Folded texts are made by desk/person.rs; SQL only compares them.
CREATE TABLE persons (
    id BYTEA PRIMARY KEY,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    language TEXT,
    note TEXT NOT NULL,
    team TEXT,
    -- Counted up at every change.
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE INDEX persons_by_name ON persons (folded, id);

-- Telephone numbers and mail addresses as they were written and as they are compared, and the names under which the
-- person may be logged on ('login'), which follow from name and mail addresses.
CREATE TABLE person_contacts (
    person BYTEA NOT NULL REFERENCES persons (id),
    kind TEXT NOT NULL,
    position BIGINT NOT NULL,
    written TEXT NOT NULL,
    compared TEXT NOT NULL,
    PRIMARY KEY (person, kind, position)
);
CREATE INDEX person_contacts_compared ON person_contacts (compared, kind);

-- Devices that a technician has confirmed to be somebody's.
CREATE TABLE person_devices (
    person BYTEA NOT NULL REFERENCES persons (id),
    device_key BIGINT NOT NULL REFERENCES devices (device_key),
    confirmed_at BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    PRIMARY KEY (person, device_key)
);
CREATE INDEX persons_of_device ON person_devices (device_key);

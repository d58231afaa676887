-- The incident that a ticket is part of; the check whose incident a ticket is.
ALTER TABLE tickets ADD COLUMN incident BIGINT REFERENCES tickets (number);
ALTER TABLE tickets ADD COLUMN incident_check TEXT;
CREATE INDEX tickets_incident ON tickets (incident_check, site_key);
CREATE INDEX tickets_of_incident ON tickets (incident);

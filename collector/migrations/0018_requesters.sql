-- Who of the directory asks, the group that they were of then, and what the priority follows from. A person who was removed
-- from the directory stays named by their id.
ALTER TABLE tickets ADD COLUMN person BYTEA;
ALTER TABLE tickets ADD COLUMN requester_group TEXT;
ALTER TABLE tickets ADD COLUMN impact TEXT;
ALTER TABLE tickets ADD COLUMN urgency TEXT;

-- All who ever were a ticket's requester, as far as the directory has them.
CREATE TABLE ticket_persons (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    person BYTEA NOT NULL,
    PRIMARY KEY (ticket, person)
);
CREATE INDEX tickets_of_person ON ticket_persons (person, ticket);

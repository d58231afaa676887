-- Tags, watchers and links of tickets; they follow from the events. `kind`: "tag", "watcher" or a relation.
CREATE TABLE ticket_marks (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    kind TEXT NOT NULL,
    -- The tag or the account; empty of a link.
    word TEXT NOT NULL,
    -- The other ticket; 0 of a tag and a watcher.
    other BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (ticket, kind, word, other)
);
CREATE INDEX ticket_marks_by_word ON ticket_marks (kind, word, ticket);

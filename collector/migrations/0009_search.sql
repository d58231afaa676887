-- Words of tickets, as desk/words.rs makes them; SQL only compares them. Written with each event that says something,
-- and made anew from the events by rebuild_ticket. A ticket's site, state, assignee and devices are words too, behind a '='.
CREATE TABLE search_words (
    word_key {key},
    -- UTF-8: both engines order bytes alike.
    text BYTEA NOT NULL UNIQUE,
    -- Tickets that have it.
    n_tickets BIGINT NOT NULL
);
CREATE TABLE search_stems (
    stem BYTEA NOT NULL,
    word_key BIGINT NOT NULL,
    PRIMARY KEY (stem, word_key)
) {by_key};

-- Which tickets of a block of 4,096 have a word (store/search/block.rs).
CREATE TABLE search_blocks (
    word_key BIGINT NOT NULL,
    block BIGINT NOT NULL,
    tickets BYTEA NOT NULL,
    PRIMARY KEY (word_key, block)
) {by_key};

-- Which words a ticket has, and where (store/search/bag.rs).
CREATE TABLE search_bags (
    ticket BIGINT NOT NULL PRIMARY KEY REFERENCES tickets (number),
    opened_at BIGINT NOT NULL,
    n_words BIGINT NOT NULL,
    words BYTEA NOT NULL
) {by_key};

-- One row: tickets up to this number, written before there was an index, are not in it yet.
CREATE TABLE search_progress (unread BIGINT NOT NULL);
INSERT INTO search_progress (unread) SELECT COALESCE(MAX(number), 0) FROM tickets;

-- The queue with what it is narrowed by beside each place; few tickets are in it.
DROP INDEX tickets_queue;
CREATE INDEX tickets_queue ON tickets (queue_at, number, site_key, assignee, state) WHERE queue_at IS NOT NULL;
-- Nearly no ticket is an incident.
CREATE INDEX tickets_incidents ON tickets (number) WHERE incident_check IS NOT NULL;

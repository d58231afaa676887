-- What a helpdesk has written down for its daily work: canned replies, macros, the matrix of priorities. JSON that SQL never
-- looks into.
CREATE TABLE desk_texts (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);

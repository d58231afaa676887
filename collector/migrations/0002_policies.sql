-- Policies as their authors wrote them: JSON that SQL never looks into.
CREATE TABLE policies (
    policy_key {key},
    name TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

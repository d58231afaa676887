-- Things without an agent that a ticket can be about. Folded texts are made by desk/asset.rs; SQL only compares them.
CREATE TABLE assets (
    id BYTEA PRIMARY KEY,
    site_key BIGINT NOT NULL REFERENCES sites (site_key),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    -- Name, kind, serial number, model and place, folded: what it is found by.
    words TEXT NOT NULL,
    -- A name or an IP address, in the one form that it has.
    address TEXT,
    port BIGINT,
    serial TEXT,
    model TEXT,
    place TEXT,
    note TEXT NOT NULL,
    -- Counted up at every change.
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    -- It is not there any more; tickets that were about it still say so.
    removed_at BIGINT
);
CREATE UNIQUE INDEX assets_by_name ON assets (site_key, folded) WHERE removed_at IS NULL;
CREATE INDEX assets_in_order ON assets (folded, id);
CREATE INDEX assets_by_address ON assets (address);

CREATE TABLE ticket_assets (
    ticket BIGINT NOT NULL REFERENCES tickets (number),
    position BIGINT NOT NULL,
    asset BYTEA NOT NULL REFERENCES assets (id),
    PRIMARY KEY (ticket, asset)
);
CREATE INDEX tickets_of_asset ON ticket_assets (asset, ticket);

-- Orders that have a device look for an asset.
CREATE TABLE asset_orders (
    job_key BIGINT PRIMARY KEY REFERENCES jobs (job_key),
    asset BYTEA NOT NULL REFERENCES assets (id)
);

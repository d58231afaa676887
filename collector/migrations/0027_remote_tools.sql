-- A site's own remote desktop tools, or those of all sites: a template makes the address that opens a device in one
-- (desk/remote_tool.rs).
CREATE TABLE remote_tools (
    id BYTEA PRIMARY KEY,
    -- None: of all sites.
    site_key BIGINT REFERENCES sites (site_key),
    name TEXT NOT NULL,
    template TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX remote_tools_of_site ON remote_tools (site_key, name) WHERE site_key IS NOT NULL;
CREATE UNIQUE INDEX remote_tools_of_all ON remote_tools (name) WHERE site_key IS NULL;

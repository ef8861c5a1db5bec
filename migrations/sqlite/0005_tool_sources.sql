-- Where a group's own tools come from: an MCP server, or an HTTP API by its OpenAPI document.

CREATE TABLE tool_sources (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,              -- mcp, openapi
    name       TEXT NOT NULL,              -- agents know its tools as name__tool
    url        TEXT NOT NULL,              -- of the MCP server; the base of the API
    document   TEXT,                       -- the OpenAPI document
    header     TEXT,                       -- the header that carries the secret, where there is one
    secret     BLOB,                       -- its value, encrypted for this row alone
    tools      TEXT NOT NULL,              -- JSON: every tool as it was last seen, and which are picked
    error      TEXT,                       -- why the last look failed
    version    INTEGER NOT NULL,           -- counts changes: a pick names the one that it was made on
    checked_at INTEGER NOT NULL,           -- when its tools were last looked at
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    UNIQUE (group_id, name)
) STRICT;

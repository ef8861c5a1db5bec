-- Documents come in versions: a new one is built beside the one that serves, and takes its place in one step.

-- Texts from before versions are kept as version 1, still to be cut into chunks: start-up finds them in the queue.
ALTER TABLE documents RENAME TO documents_before;
DROP INDEX documents_of_group;

CREATE TABLE documents (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    version_id BLOB,                       -- the one that serves; NULL until one is ready
    created_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (group_id, id),
    FOREIGN KEY (group_id, id, version_id) REFERENCES document_versions (group_id, document_id, id)
) STRICT;

CREATE TABLE document_versions (
    id          BLOB NOT NULL PRIMARY KEY,
    group_id    BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    document_id BLOB NOT NULL,
    hash        BLOB NOT NULL,             -- SHA-256 of the content as it came
    media_type  TEXT NOT NULL,
    file_name   TEXT,                      -- of an upload
    source_url  TEXT,                      -- of what was fetched
    size        INTEGER NOT NULL,          -- bytes of the content as it came
    status      TEXT NOT NULL,             -- queued, extracting, indexing, ready, failed
    error       TEXT,                      -- why it failed, as a member is told
    text        TEXT,                      -- what was extracted; NULL until then
    chunks      INTEGER NOT NULL DEFAULT 0, -- how many it was cut into, once it is ready
    lease_token BLOB,                      -- who builds it; every write of the build names it
    lease_until INTEGER,
    attempt     INTEGER NOT NULL,
    created_by  BLOB,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (group_id, document_id, id),
    FOREIGN KEY (group_id, document_id) REFERENCES documents (group_id, id) ON DELETE CASCADE
) STRICT;
-- The same content stands in a group once.
CREATE UNIQUE INDEX document_versions_content ON document_versions (group_id, hash) WHERE status <> 'failed';
CREATE INDEX document_versions_unfinished ON document_versions (status, id) WHERE status IN ('queued', 'extracting', 'indexing');

-- The content as it came, until its text is extracted.
CREATE TABLE uploads (
    version_id  BLOB NOT NULL PRIMARY KEY,
    group_id    BLOB NOT NULL,
    document_id BLOB NOT NULL,
    bytes       BLOB NOT NULL,
    FOREIGN KEY (group_id, document_id, version_id) REFERENCES document_versions (group_id, document_id, id) ON DELETE CASCADE
) STRICT;

-- Passages of a version. Ids are never used again: what is kept elsewhere under one can only be missing, not wrong.
CREATE TABLE chunks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id    BLOB NOT NULL,
    document_id BLOB NOT NULL,
    version_id  BLOB NOT NULL,
    ordinal     INTEGER NOT NULL,
    start_byte  INTEGER NOT NULL,          -- its place in the version's text, in bytes
    end_byte    INTEGER NOT NULL,
    heading     TEXT NOT NULL,             -- the headings above it, outermost first, ' › ' between them; '' without any
    text        TEXT NOT NULL,
    hash        BLOB NOT NULL,             -- SHA-256 of heading and text: the same passage is embedded once
    FOREIGN KEY (group_id, document_id, version_id) REFERENCES document_versions (group_id, document_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX chunks_of_version ON chunks (group_id, document_id, version_id, ordinal);

INSERT INTO documents (id, group_id, title, created_by, created_at, updated_at)
    SELECT id, group_id, title, created_by, created_at, created_at FROM documents_before;
-- The version's id stands in for a hash that SQL cannot compute.
INSERT INTO document_versions (id, group_id, document_id, hash, media_type, size, status, attempt, created_by, created_at)
    SELECT id, group_id, id, id, 'text/plain', LENGTH(CAST(text AS BLOB)), 'queued', 0, created_by, created_at FROM documents_before;
INSERT INTO uploads (version_id, group_id, document_id, bytes) SELECT id, group_id, id, CAST(text AS BLOB) FROM documents_before;
DROP TABLE documents_before;
CREATE INDEX documents_of_group ON documents (group_id, id);

-- Whether the agent's group's documents are searched with the member's message before its first step.
ALTER TABLE agent_versions ADD COLUMN look_first INTEGER NOT NULL DEFAULT 0;

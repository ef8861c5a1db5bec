-- What is kept of a passage besides its text: its words for full text, its vector for likeness. Both come and go with it.

-- The document's title as it was when the passage was indexed: it is part of what is searched.
ALTER TABLE chunks ADD COLUMN title TEXT NOT NULL DEFAULT '';
-- SHA-256 of title, heading and text together, which is what is embedded: the same is embedded once in a group.
ALTER TABLE chunks ADD COLUMN passage BLOB NOT NULL DEFAULT x'';
CREATE INDEX chunks_of_passage ON chunks (group_id, passage);

-- Which passages of a group have a word. The group stands first: another group's lists are neither read nor counted.
CREATE TABLE postings (
    group_id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    word     TEXT NOT NULL,
    block    INTEGER NOT NULL,             -- the passage's id / 4096
    entries  BLOB NOT NULL,                -- five bytes a passage: see server/knowledge/postings.rs
    PRIMARY KEY (group_id, word, block)
) STRICT, WITHOUT ROWID;

-- What ranking by words must know of a group as a whole.
CREATE TABLE text_totals (
    group_id BLOB NOT NULL PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    chunks   INTEGER NOT NULL,
    words    INTEGER NOT NULL
) STRICT;

-- What an admin chose for the group: provider and model as "provider/model", '' for none, NULL for the server's own.
ALTER TABLE groups ADD COLUMN embedder TEXT;

-- All vectors of a group that one model made. At most one generation serves and one is built beside it.
CREATE TABLE embedding_generations (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    provider   TEXT NOT NULL,
    model      TEXT NOT NULL,
    dimension  INTEGER,                    -- NULL until the first vector came
    status     TEXT NOT NULL,              -- building, serving
    created_at INTEGER NOT NULL,
    UNIQUE (group_id, id),
    UNIQUE (group_id, status)
) STRICT;

-- Ids grow: what is in memory is brought up to date by reading what came behind its newest.
CREATE TABLE embeddings (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id      BLOB NOT NULL,
    generation_id BLOB NOT NULL,
    passage       BLOB NOT NULL,
    vector        BLOB NOT NULL,           -- f32, little-endian, of length 1
    FOREIGN KEY (group_id, generation_id) REFERENCES embedding_generations (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX embeddings_once ON embeddings (group_id, generation_id, passage);
CREATE INDEX embeddings_in_order ON embeddings (group_id, generation_id, id);

-- Vectors that went since the server started: what is in memory drops them, too.
CREATE TABLE embedding_removals (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id     BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    embedding_id INTEGER NOT NULL
) STRICT;
CREATE INDEX embedding_removals_in_order ON embedding_removals (group_id, id);

-- Passages that a generation has no vector of yet.
CREATE TABLE embedding_queue (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id      BLOB NOT NULL,
    generation_id BLOB NOT NULL,
    passage       BLOB NOT NULL,
    attempts      INTEGER NOT NULL,
    not_before    INTEGER NOT NULL,        -- a passage that failed waits
    error         TEXT,
    FOREIGN KEY (group_id, generation_id) REFERENCES embedding_generations (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX embedding_queue_once ON embedding_queue (group_id, generation_id, passage);
CREATE INDEX embedding_queue_in_order ON embedding_queue (group_id, generation_id, id);

-- Queries with the documents that they should find, to be tried again after changes.
CREATE TABLE retrieval_checks (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    query      TEXT NOT NULL,
    expected   TEXT NOT NULL,              -- JSON: ids of documents
    ndcg       REAL,                       -- of the last time that it was tried; NULL before the first
    recall     REAL,
    tried_at   INTEGER,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (group_id, id)
) STRICT;

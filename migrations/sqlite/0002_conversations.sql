-- Threads, messages with parts, runs, the journal, and the ledger of model calls.
-- Foreign keys inside a group are composite, so that the database itself refuses an edge between two groups.

CREATE TABLE threads (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    person_id  BLOB NOT NULL REFERENCES people (id),
    agent_id   BLOB NOT NULL REFERENCES things (id),
    title      TEXT NOT NULL,
    titled_by  TEXT NOT NULL,            -- 'default', 'message', 'person'
    status     TEXT NOT NULL,            -- 'active', 'archived'
    seq        INTEGER NOT NULL,         -- the newest journal row's
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (group_id, id)
) STRICT;
CREATE INDEX threads_by_activity ON threads (group_id, person_id, status, updated_at DESC, id DESC);
CREATE INDEX threads_by_agent ON threads (group_id, person_id, agent_id, status, updated_at DESC, id DESC);

CREATE TABLE runs (
    id                BLOB NOT NULL PRIMARY KEY,
    group_id          BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    thread_id         BLOB NOT NULL,
    agent_id          BLOB NOT NULL,
    agent_version     INTEGER NOT NULL,
    person_id         BLOB NOT NULL,
    kind              TEXT NOT NULL,     -- message, continue, retry: what it answers
    status            TEXT NOT NULL,     -- queued, running, waiting, completed, stopped, failed, interrupted
    step              INTEGER NOT NULL,
    attempt           INTEGER NOT NULL,
    lease_token       BLOB,              -- who drives it; every write of the run names it
    lease_until       INTEGER,
    stop_requested_at INTEGER,
    error             TEXT,
    created_at        INTEGER NOT NULL,
    started_at        INTEGER,
    finished_at       INTEGER,
    UNIQUE (group_id, id),
    FOREIGN KEY (group_id, thread_id) REFERENCES threads (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX runs_one_active ON runs (thread_id) WHERE status IN ('running', 'waiting');
CREATE INDEX runs_of_thread ON runs (group_id, thread_id, id);
CREATE INDEX runs_unfinished ON runs (status, id) WHERE status IN ('queued', 'running', 'waiting');

CREATE TABLE messages (
    id              BLOB NOT NULL PRIMARY KEY,
    group_id        BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    thread_id       BLOB NOT NULL,
    run_id          BLOB NOT NULL,
    role            TEXT NOT NULL,       -- user, assistant, operator
    status          TEXT NOT NULL,       -- streaming, completed, stopped, failed, interrupted
    agent_id        BLOB NOT NULL,
    author          TEXT NOT NULL,       -- the name at the time
    opened_seq      INTEGER NOT NULL,    -- its place in the thread
    superseded      INTEGER NOT NULL,    -- 1 where the member asked for another answer: no model is given it
    error           TEXT,
    created_at      INTEGER NOT NULL,
    finished_at     INTEGER,
    FOREIGN KEY (group_id, thread_id) REFERENCES threads (group_id, id) ON DELETE CASCADE,
    FOREIGN KEY (group_id, run_id) REFERENCES runs (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX messages_in_order ON messages (group_id, thread_id, opened_seq);
CREATE INDEX messages_of_run ON messages (group_id, run_id);

CREATE TABLE parts (
    message_id BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,
    group_id   BLOB NOT NULL,
    thread_id  BLOB NOT NULL,
    opened_seq INTEGER,                  -- of a part that streams: the journal row that opened it
    closed_seq INTEGER,                  -- and the one that closed it; NULL while it grows
    kind       TEXT NOT NULL,            -- text, reasoning, tool_call, tool_result, source, file, error
    text       TEXT NOT NULL,            -- grows while the part is open
    json       TEXT,                     -- everything of a part that is not text
    PRIMARY KEY (message_id, idx)
) STRICT;
CREATE INDEX parts_streamed ON parts (group_id, thread_id, opened_seq) WHERE opened_seq IS NOT NULL;

-- One row per discrete event of a thread. seq counts per thread, from 1, without gaps.
CREATE TABLE journal (
    thread_id BLOB NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    group_id  BLOB NOT NULL,
    kind      TEXT NOT NULL,
    payload   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (thread_id, seq)
) STRICT, WITHOUT ROWID;

-- What a repeated POST with the same Idempotency-Key answers.
CREATE TABLE idempotency (
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    person_id  BLOB NOT NULL,
    key        TEXT NOT NULL,
    thread_id  BLOB NOT NULL,
    body_hash  BLOB NOT NULL,
    message_id BLOB NOT NULL,
    run_id     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, person_id, key),
    FOREIGN KEY (group_id, thread_id) REFERENCES threads (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX idempotency_of_thread ON idempotency (group_id, thread_id);

-- The ledger. Rows have no foreign keys on purpose: they outlive threads, agents, people and groups, and never change.
CREATE TABLE calls (
    id                 BLOB NOT NULL PRIMARY KEY,
    group_id           BLOB NOT NULL,
    run_id             BLOB,
    step               INTEGER NOT NULL,
    attempt            INTEGER NOT NULL,
    thread_id          BLOB,
    agent_id           BLOB,
    agent_version      INTEGER,
    person_id          BLOB,
    purpose            TEXT NOT NULL,    -- chat; later title, embedding
    provider           TEXT NOT NULL,
    model              TEXT NOT NULL,
    status             TEXT NOT NULL,    -- completed, stopped, failed, interrupted
    error_kind         TEXT,
    estimated          INTEGER NOT NULL, -- 1 where the provider told no usage
    input_tokens       INTEGER NOT NULL,
    cache_read_tokens  INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens      INTEGER NOT NULL,
    reasoning_tokens   INTEGER NOT NULL,
    cost_microusd      INTEGER,          -- NULL: the price is not known
    started_at         INTEGER NOT NULL,
    first_token_at     INTEGER,
    finished_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX calls_once ON calls (run_id, step, attempt) WHERE run_id IS NOT NULL;
CREATE INDEX calls_of_group ON calls (group_id, finished_at);
CREATE TRIGGER calls_stay BEFORE UPDATE ON calls BEGIN SELECT RAISE(ABORT, 'the ledger never changes'); END;
CREATE TRIGGER calls_remain BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'the ledger never changes'); END;

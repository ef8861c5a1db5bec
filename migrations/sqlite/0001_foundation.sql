-- The six dimensions: groups, people, things, connections, events, knowledge. Every tenant index leads with group_id.
-- Ids are uuid v7 (BLOB), times are Unix milliseconds, JSON lives in TEXT.

CREATE TABLE groups (
    id         BLOB NOT NULL PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    time_zone  TEXT NOT NULL DEFAULT 'UTC',
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
    id            BLOB NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE, -- trimmed and lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Typed edges. `member_of` goes from a person to a group and carries the role.
CREATE TABLE connections (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    from_id    BLOB NOT NULL,
    to_id      BLOB NOT NULL,
    role       TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX connections_edge ON connections (group_id, kind, from_id, to_id);
CREATE INDEX connections_from ON connections (from_id, kind);

-- Typed objects of a group: an agent, later a task or an escalation.
CREATE TABLE things (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    status     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX things_of_group ON things (group_id, kind, status, name);

-- Every save of an agent is a new version; a run records the one it used.
CREATE TABLE agent_versions (
    group_id     BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    agent_id     BLOB NOT NULL REFERENCES things (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    provider     TEXT NOT NULL,
    model        TEXT NOT NULL,
    instructions TEXT NOT NULL,
    tools        TEXT NOT NULL,
    limits       TEXT NOT NULL,
    saved_by     BLOB,
    saved_at     INTEGER NOT NULL,
    PRIMARY KEY (group_id, agent_id, version)
) STRICT;

-- The append-only audit log. A line without a group concerns the whole server (a sign-in, a new group).
CREATE TABLE events (
    id           BLOB NOT NULL PRIMARY KEY,
    group_id     BLOB,
    actor_id     BLOB,
    kind         TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   BLOB,
    data         TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_group ON events (group_id, id);
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE documents (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_of_group ON documents (group_id, id);

CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's token
    person_id  BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_person ON sessions (person_id, seen_at);

CREATE TABLE api_keys (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    person_id  BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    hash       BLOB NOT NULL UNIQUE,      -- SHA-256 of the key
    hint       TEXT NOT NULL,             -- its first characters, to tell keys apart
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_of_group ON api_keys (group_id, person_id);

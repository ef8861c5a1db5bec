-- Calls of tools, with their approvals; tasks and escalations, which tools make.

-- A call is a row from the moment that the model asked for it. `output` is NULL until it has its result, so that what is
-- open after a restart is found; the part of the message shows the same, for viewers.
CREATE TABLE tool_calls (
    id          BLOB NOT NULL PRIMARY KEY, -- also the idempotency key that the tool is given
    group_id    BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    thread_id   BLOB NOT NULL,
    run_id      BLOB NOT NULL,
    message_id  BLOB NOT NULL,
    part        INTEGER NOT NULL,          -- its place among the message's parts
    step        INTEGER NOT NULL,
    name        TEXT NOT NULL,
    input       TEXT NOT NULL,
    state       TEXT NOT NULL,             -- pending, waiting, running, done, denied, failed, timed_out, uncertain, stopped
    output      TEXT,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER,
    expires_at  INTEGER,                   -- of one that asks for approval
    verdict     TEXT,                      -- approved, denied
    decided_by  BLOB,                      -- NULL where the time ran out
    reason      TEXT,
    decided_at  INTEGER,
    UNIQUE (group_id, id),
    FOREIGN KEY (group_id, thread_id) REFERENCES threads (group_id, id) ON DELETE CASCADE,
    FOREIGN KEY (group_id, run_id) REFERENCES runs (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX tool_calls_of_run ON tool_calls (group_id, run_id, id);
CREATE INDEX tool_calls_waiting ON tool_calls (group_id, id) WHERE state = 'waiting';

-- A task is a thing: its title and status stand there. Whom it is assigned to is a connection, `assigned_to`.
CREATE TABLE tasks (
    group_id    BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    task_id     BLOB NOT NULL REFERENCES things (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    priority    TEXT NOT NULL,             -- low, medium, high
    person_id   BLOB NOT NULL,             -- for whom it was made
    agent_id    BLOB,                      -- the agent that made it
    thread_id   BLOB,                      -- the thread that it came from; it may be gone
    origin      BLOB,                      -- the tool call that made it: made once, however often it runs
    PRIMARY KEY (group_id, task_id)
) STRICT;
CREATE UNIQUE INDEX tasks_origin ON tasks (group_id, origin) WHERE origin IS NOT NULL;

-- An agent asked for a person.
CREATE TABLE escalations (
    group_id      BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    escalation_id BLOB NOT NULL REFERENCES things (id) ON DELETE CASCADE,
    thread_id     BLOB NOT NULL,
    person_id     BLOB NOT NULL,           -- the member of the thread
    agent_id      BLOB NOT NULL,
    reason        TEXT NOT NULL,
    origin        BLOB NOT NULL,           -- the tool call that made it
    PRIMARY KEY (group_id, escalation_id),
    FOREIGN KEY (group_id, thread_id) REFERENCES threads (group_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX escalations_origin ON escalations (group_id, origin);
CREATE INDEX escalations_of_thread ON escalations (group_id, thread_id);

-- Which of its tools an agent asks about first.
ALTER TABLE agent_versions ADD COLUMN ask_first TEXT NOT NULL DEFAULT '[]';

-- Keys of old requests are swept.
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- How long an approval of this group may be given.
ALTER TABLE groups ADD COLUMN approval_ms INTEGER NOT NULL DEFAULT 86400000;

-- Time that the run was driven before it had to wait; waiting does not count.
ALTER TABLE runs ADD COLUMN worked_ms INTEGER NOT NULL DEFAULT 0;

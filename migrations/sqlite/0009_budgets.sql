-- Money: budgets with what is spent and reserved, rate limits, plans, alerts and what is told of them.

-- A budget, and the period of it that goes on. The row is what admission locks: spent and reserved change here and
-- nowhere else, in the transaction of the call that they tell of.
CREATE TABLE budgets (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    scope      TEXT NOT NULL,             -- group, agent, person, key
    scope_id   BLOB NOT NULL,             -- of the scope group: the group's own
    unit       TEXT NOT NULL,             -- microusd, tokens
    period     TEXT NOT NULL,             -- day, month
    cap        INTEGER NOT NULL CHECK (cap > 0),
    hard       INTEGER NOT NULL,          -- 1: refuses; 0: only warns
    by_plan    INTEGER NOT NULL,          -- 1: what the group's plan includes; nobody in the group changes it
    starts_at  INTEGER NOT NULL,          -- the period that spent is of: from, and to but without
    ends_at    INTEGER NOT NULL,
    spent      INTEGER NOT NULL CHECK (spent >= 0),
    reserved   INTEGER NOT NULL CHECK (reserved >= 0),
    alerted    INTEGER NOT NULL,          -- the highest share of the period, in percent, that was told of
    created_at INTEGER NOT NULL,
    created_by BLOB
) STRICT;
CREATE UNIQUE INDEX budgets_of_group ON budgets (group_id, scope, scope_id, unit, period, hard, by_plan);

-- What calls that go on may use at most. A run's has the run's own lease; another call's has one of its own.
CREATE TABLE reservations (
    holder      BLOB NOT NULL,            -- the run, or the call outside of runs
    budget_id   BLOB NOT NULL REFERENCES budgets (id) ON DELETE CASCADE,
    group_id    BLOB NOT NULL,
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    lease_until INTEGER,                  -- NULL: as long as the run is driven
    made_at     INTEGER NOT NULL,
    PRIMARY KEY (holder, budget_id)
) STRICT;

-- Each share of a period that was reached, once.
CREATE TABLE budget_alerts (
    id        BLOB NOT NULL PRIMARY KEY,
    group_id  BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    budget_id BLOB NOT NULL REFERENCES budgets (id) ON DELETE CASCADE,
    starts_at INTEGER NOT NULL,
    percent   INTEGER NOT NULL,
    spent     INTEGER NOT NULL,
    cap       INTEGER NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX budget_alerts_once ON budget_alerts (group_id, budget_id, starts_at, percent);
CREATE INDEX budget_alerts_of_group ON budget_alerts (group_id, at);

-- Where a group wants to be told of its alerts. The secret, by which each message is signed, is encrypted.
CREATE TABLE webhooks (
    group_id BLOB NOT NULL PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    url      TEXT NOT NULL,
    secret   BLOB NOT NULL,
    set_at   INTEGER NOT NULL,
    set_by   BLOB
) STRICT;

-- What is still to be told, and what was: written with the alert, sent afterwards, tried again until it arrived.
CREATE TABLE deliveries (
    id         BLOB NOT NULL PRIMARY KEY,
    group_id   BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    channel    TEXT NOT NULL,             -- webhook, email
    recipient  TEXT,                      -- the address of an e-mail
    kind       TEXT NOT NULL,             -- budget.alert, webhook.test
    body       TEXT NOT NULL,             -- JSON; of an e-mail its text, with the subject in the first line
    attempts   INTEGER NOT NULL,
    due_at     INTEGER,                   -- NULL: it arrived, or was given up
    error      TEXT,                      -- of the last attempt
    made_at    INTEGER NOT NULL,
    sent_at    INTEGER
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_of_group ON deliveries (group_id, id);

-- The plan of a group, by the name that the operator's settings give it. NULL: the one that they say is usual.
ALTER TABLE groups ADD COLUMN plan TEXT;

-- Token buckets. `level` is what was taken, in 60,000ths, as of `at`; it sinks by the plan's limit each millisecond, which
-- is the limit itself each minute, without a fraction anywhere.
CREATE TABLE buckets (
    group_id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,               -- messages, tokens
    scope_id BLOB NOT NULL,               -- the person, the key, or the group itself
    level    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (group_id, kind, scope_id)
) STRICT, WITHOUT ROWID;

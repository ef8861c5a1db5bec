-- The sums of the ledger for a third of the work: with a call only its hour and its thread are written. A day is put
-- together from its hours once it is over, and until then whoever asks for it reads the hours. And what calls that go on
-- may use at most, for a budget that is made meanwhile.

DROP TRIGGER calls_add_to_sums;

-- The day that an hour is part of, in the group's time zone. NULL: older than this column; such a day is closed.
ALTER TABLE usage_hours ADD COLUMN day INTEGER;

-- Days of which the hours tell. Every other day with a call is closed: its sums stand in usage_closed_days.
CREATE TABLE usage_open_days (
    group_id BLOB NOT NULL, day INTEGER NOT NULL,
    PRIMARY KEY (group_id, day)
) STRICT, WITHOUT ROWID;

-- What threads used, by day: only what lists of threads show.
CREATE TABLE usage_threads (
    group_id BLOB NOT NULL, day INTEGER NOT NULL, thread_id BLOB NOT NULL,
    provider TEXT NOT NULL, model TEXT NOT NULL, agent_id BLOB NOT NULL, person_id BLOB NOT NULL, purpose TEXT NOT NULL,
    calls INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL, cache_write_tokens
    INTEGER NOT NULL, output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL, cost_microusd INTEGER NOT
    NULL, unknown_price_calls INTEGER NOT NULL,
    PRIMARY KEY (group_id, day, thread_id, provider, model, agent_id, person_id, purpose)
) STRICT, WITHOUT ROWID;
INSERT INTO usage_threads (group_id, day, thread_id, provider, model, agent_id, person_id, purpose,
        calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd,
        unknown_price_calls)
    SELECT group_id, day, thread_id, provider, model, agent_id, person_id, purpose,
        calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd,
        unknown_price_calls
    FROM usage_days WHERE cut = 7 AND thread_id <> x'';

DELETE FROM usage_cuts WHERE cut = 7;
ALTER TABLE usage_cuts DROP COLUMN thread;
CREATE TABLE usage_closed_days (
    group_id BLOB NOT NULL, cut INTEGER NOT NULL, day INTEGER NOT NULL,
    provider TEXT NOT NULL, model TEXT NOT NULL, agent_id BLOB NOT NULL, person_id BLOB NOT NULL, purpose TEXT NOT NULL,
    calls INTEGER NOT NULL, messages INTEGER NOT NULL, threads INTEGER NOT NULL, failed INTEGER NOT NULL, stopped
    INTEGER NOT NULL, estimated INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
    cost_microusd INTEGER NOT NULL, unknown_price_calls INTEGER NOT NULL, l0 INTEGER NOT NULL, l1 INTEGER NOT NULL, l2
    INTEGER NOT NULL, l3 INTEGER NOT NULL, l4 INTEGER NOT NULL, l5 INTEGER NOT NULL, l6 INTEGER NOT NULL, l7 INTEGER
    NOT NULL, l8 INTEGER NOT NULL, l9 INTEGER NOT NULL, l10 INTEGER NOT NULL, l11 INTEGER NOT NULL, l12 INTEGER NOT
    NULL, l13 INTEGER NOT NULL, l14 INTEGER NOT NULL, l15 INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,
    t2 INTEGER NOT NULL, t3 INTEGER NOT NULL, t4 INTEGER NOT NULL, t5 INTEGER NOT NULL, t6 INTEGER NOT NULL, t7
    INTEGER NOT NULL, t8 INTEGER NOT NULL, t9 INTEGER NOT NULL, t10 INTEGER NOT NULL, t11 INTEGER NOT NULL, t12
    INTEGER NOT NULL, t13 INTEGER NOT NULL, t14 INTEGER NOT NULL, t15 INTEGER NOT NULL,
    PRIMARY KEY (group_id, cut, day, provider, model, agent_id, person_id, purpose)
) STRICT, WITHOUT ROWID;
INSERT INTO usage_closed_days (group_id, cut, day, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9,
        l10, l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
    SELECT group_id, cut, day, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9,
        l10, l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15
    FROM usage_days WHERE cut <> 7;
DROP TABLE usage_days;

-- Days that are open, in every cut. An hour of a day begins at most 16 hours from that day in UTC, whatever the time zone.
CREATE VIEW usage_of_open_days AS SELECT h.group_id, c.cut, h.day, CASE WHEN c.model THEN h.provider ELSE '' END AS provider,
    CASE WHEN c.model THEN h.model ELSE '' END AS model, CASE WHEN c.agent THEN h.agent_id ELSE x'' END AS agent_id,
    CASE WHEN c.person THEN h.person_id ELSE x'' END AS person_id, CASE WHEN c.purpose THEN h.purpose ELSE '' END AS purpose,
    h.calls, h.messages, h.threads, h.failed, h.stopped, h.estimated, h.input_tokens, h.cache_read_tokens,
    h.cache_write_tokens, h.output_tokens, h.reasoning_tokens, h.cost_microusd, h.unknown_price_calls, h.l0, h.l1,
    h.l2, h.l3, h.l4, h.l5, h.l6, h.l7, h.l8, h.l9, h.l10, h.l11, h.l12, h.l13, h.l14, h.l15, h.t0, h.t1, h.t2, h.t3,
    h.t4, h.t5, h.t6, h.t7, h.t8, h.t9, h.t10, h.t11, h.t12, h.t13, h.t14, h.t15
    FROM usage_open_days o CROSS JOIN usage_hours h CROSS JOIN usage_cuts c
    WHERE h.group_id = o.group_id AND h.day = o.day
        AND h.hour >= o.day * 86400000 - 57600000 AND h.hour < o.day * 86400000 + 144000000;

-- All days, closed or not.
CREATE VIEW usage_days AS SELECT group_id, cut, day, provider, model, agent_id, person_id, purpose,
    calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
    output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
    l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15
    FROM usage_closed_days
    UNION ALL SELECT group_id, cut, day, provider, model, agent_id, person_id, purpose,
    calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
    output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
    l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15
    FROM usage_of_open_days;

-- Whoever writes a row of the ledger writes its sums with it, in the same transaction. A call that was booked already is
-- not booked again, and then nothing is added here. The figures are those of usage_of_calls, without the look at the row.
CREATE TRIGGER calls_add_to_sums AFTER INSERT ON calls BEGIN
    INSERT INTO usage_hours (group_id, hour, provider, model, agent_id, person_id, purpose, day,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9,
        l10, l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT NEW.group_id, COALESCE(NEW.hour, NEW.finished_at - NEW.finished_at % 3600000), NEW.provider, NEW.model,
        COALESCE(NEW.agent_id, x''), COALESCE(NEW.person_id, x''), NEW.purpose, COALESCE(NEW.day, NEW.finished_at / 86400000),
        1, COALESCE(NEW.run_id IS NOT NULL AND NEW.purpose = 'chat' AND NEW.step = 1 AND NEW.attempt = 1, 0),
        COALESCE(NEW.thread_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM calls b WHERE b.group_id = NEW.group_id
            AND b.thread_id = NEW.thread_id AND (b.finished_at, b.id) < (NEW.finished_at, NEW.id)), 0),
        (NEW.status = 'failed'), (NEW.status IN ('stopped', 'interrupted')), NEW.estimated,
        NEW.input_tokens, NEW.cache_read_tokens, NEW.cache_write_tokens, NEW.output_tokens, NEW.reasoning_tokens,
        COALESCE(NEW.cost_microusd, 0), (NEW.cost_microusd IS NULL),
        COALESCE((NEW.finished_at - NEW.started_at) < 50, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 50 AND (NEW.finished_at - NEW.started_at) < 100, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 100 AND (NEW.finished_at - NEW.started_at) < 200, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 200 AND (NEW.finished_at - NEW.started_at) < 300, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 300 AND (NEW.finished_at - NEW.started_at) < 450, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 450 AND (NEW.finished_at - NEW.started_at) < 700, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 700 AND (NEW.finished_at - NEW.started_at) < 1000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 1000 AND (NEW.finished_at - NEW.started_at) < 1500, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 1500 AND (NEW.finished_at - NEW.started_at) < 2200, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 2200 AND (NEW.finished_at - NEW.started_at) < 3300, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 3300 AND (NEW.finished_at - NEW.started_at) < 5000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 5000 AND (NEW.finished_at - NEW.started_at) < 8000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 8000 AND (NEW.finished_at - NEW.started_at) < 15000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 15000 AND (NEW.finished_at - NEW.started_at) < 30000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 30000 AND (NEW.finished_at - NEW.started_at) < 60000, 0),
        COALESCE((NEW.finished_at - NEW.started_at) >= 60000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) < 50, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 50 AND (NEW.first_token_at - NEW.started_at) < 100, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 100 AND (NEW.first_token_at - NEW.started_at) < 200, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 200 AND (NEW.first_token_at - NEW.started_at) < 300, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 300 AND (NEW.first_token_at - NEW.started_at) < 450, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 450 AND (NEW.first_token_at - NEW.started_at) < 700, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 700 AND (NEW.first_token_at - NEW.started_at) < 1000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 1000 AND (NEW.first_token_at - NEW.started_at) < 1500, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 1500 AND (NEW.first_token_at - NEW.started_at) < 2200, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 2200 AND (NEW.first_token_at - NEW.started_at) < 3300, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 3300 AND (NEW.first_token_at - NEW.started_at) < 5000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 5000 AND (NEW.first_token_at - NEW.started_at) < 8000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 8000 AND (NEW.first_token_at - NEW.started_at) < 15000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 15000 AND (NEW.first_token_at - NEW.started_at) < 30000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 30000 AND (NEW.first_token_at - NEW.started_at) < 60000, 0),
        COALESCE((NEW.first_token_at - NEW.started_at) >= 60000, 0)
        WHERE TRUE ON CONFLICT (group_id, hour, provider, model, agent_id, person_id, purpose) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped, estimated = estimated +
        excluded.estimated, input_tokens = input_tokens + excluded.input_tokens, cache_read_tokens = cache_read_tokens
        + excluded.cache_read_tokens, cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens, reasoning_tokens = reasoning_tokens +
        excluded.reasoning_tokens, cost_microusd = cost_microusd + excluded.cost_microusd, unknown_price_calls =
        unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0, l1 = l1 + excluded.l1, l2 = l2 +
        excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5, l6 = l6 + excluded.l6, l7 =
        l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9, l10 = l10 + excluded.l10, l11 = l11 +
        excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13, l14 = l14 + excluded.l14, l15 = l15 +
        excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 =
        t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8,
        t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13
        + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15;
    INSERT INTO usage_threads (group_id, day, thread_id, provider, model, agent_id, person_id, purpose,
        calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd,
        unknown_price_calls)
        SELECT NEW.group_id, COALESCE(NEW.day, NEW.finished_at / 86400000), NEW.thread_id, NEW.provider, NEW.model,
        COALESCE(NEW.agent_id, x''), COALESCE(NEW.person_id, x''), NEW.purpose,
        1, NEW.input_tokens, NEW.cache_read_tokens, NEW.cache_write_tokens, NEW.output_tokens, NEW.reasoning_tokens,
        COALESCE(NEW.cost_microusd, 0), (NEW.cost_microusd IS NULL)
        WHERE NEW.thread_id IS NOT NULL
        ON CONFLICT (group_id, day, thread_id, provider, model, agent_id, person_id, purpose) DO UPDATE SET
        calls = calls + excluded.calls, input_tokens = input_tokens + excluded.input_tokens, cache_read_tokens =
        cache_read_tokens + excluded.cache_read_tokens, cache_write_tokens = cache_write_tokens +
        excluded.cache_write_tokens, output_tokens = output_tokens + excluded.output_tokens, reasoning_tokens =
        reasoning_tokens + excluded.reasoning_tokens, cost_microusd = cost_microusd + excluded.cost_microusd,
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls;
END;

-- The first call of a day opens it. A call of a day that is closed is added to that day's sums itself; a closed day has
-- sums in every cut, so one of them tells. An engine on which another transaction may close a day at the same time has to
-- lock the open day's row here.
CREATE TRIGGER calls_find_their_day AFTER INSERT ON calls
WHEN NOT EXISTS (SELECT 1 FROM usage_open_days o
    WHERE o.group_id = NEW.group_id AND o.day = COALESCE(NEW.day, NEW.finished_at / 86400000)) BEGIN
    INSERT INTO usage_closed_days (group_id, cut, day, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9,
        l10, l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT u.group_id, c.cut, u.day, CASE WHEN c.model THEN u.provider ELSE '' END, CASE WHEN c.model THEN u.model ELSE '' END,
        CASE WHEN c.agent THEN u.agent_id ELSE x'' END, CASE WHEN c.person THEN u.person_id ELSE x'' END,
        CASE WHEN c.purpose THEN u.purpose ELSE '' END,
        u.calls, u.messages, u.threads, u.failed, u.stopped, u.estimated, u.input_tokens, u.cache_read_tokens,
        u.cache_write_tokens, u.output_tokens, u.reasoning_tokens, u.cost_microusd, u.unknown_price_calls, u.l0, u.l1,
        u.l2, u.l3, u.l4, u.l5, u.l6, u.l7, u.l8, u.l9, u.l10, u.l11, u.l12, u.l13, u.l14, u.l15, u.t0, u.t1, u.t2,
        u.t3, u.t4, u.t5, u.t6, u.t7, u.t8, u.t9, u.t10, u.t11, u.t12, u.t13, u.t14, u.t15
        FROM usage_of_calls u CROSS JOIN usage_cuts c WHERE u.id = NEW.id AND EXISTS (SELECT 1 FROM usage_closed_days d
            WHERE d.group_id = NEW.group_id AND d.cut = 1 AND d.day = COALESCE(NEW.day, NEW.finished_at / 86400000))
        ON CONFLICT (group_id, cut, day, provider, model, agent_id, person_id, purpose) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped, estimated = estimated +
        excluded.estimated, input_tokens = input_tokens + excluded.input_tokens, cache_read_tokens = cache_read_tokens
        + excluded.cache_read_tokens, cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens, reasoning_tokens = reasoning_tokens +
        excluded.reasoning_tokens, cost_microusd = cost_microusd + excluded.cost_microusd, unknown_price_calls =
        unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0, l1 = l1 + excluded.l1, l2 = l2 +
        excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5, l6 = l6 + excluded.l6, l7 =
        l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9, l10 = l10 + excluded.l10, l11 = l11 +
        excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13, l14 = l14 + excluded.l14, l15 = l15 +
        excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 =
        t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8,
        t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13
        + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15;
    INSERT INTO usage_open_days (group_id, day) SELECT NEW.group_id, COALESCE(NEW.day, NEW.finished_at / 86400000)
        WHERE NOT EXISTS (SELECT 1 FROM usage_closed_days d
            WHERE d.group_id = NEW.group_id AND d.cut = 1 AND d.day = COALESCE(NEW.day, NEW.finished_at / 86400000));
END;

-- What a budget for a key counts.
CREATE INDEX calls_of_key ON calls (group_id, key_id, finished_at) WHERE key_id IS NOT NULL;

-- The most that a run's model call may use, as long as it goes on; NULL: there is none.
ALTER TABLE runs ADD COLUMN call_input_tokens INTEGER;
ALTER TABLE runs ADD COLUMN call_output_tokens INTEGER;

-- Calls outside of runs that go on, and the most that each may use.
CREATE TABLE outside_calls (
    id            BLOB NOT NULL PRIMARY KEY,
    group_id      BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    agent_id      BLOB,
    person_id     BLOB,
    key_id        BLOB,
    purpose       TEXT NOT NULL,
    provider      TEXT NOT NULL,
    model         TEXT NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    lease_until   INTEGER NOT NULL
) STRICT;
CREATE INDEX outside_calls_of_group ON outside_calls (group_id);

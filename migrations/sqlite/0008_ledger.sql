-- Money: what a call cost and by which price, the sums that reports are made of, prices, statements, providers' own totals.

-- Which key a run was asked for with, and with it its calls.
ALTER TABLE runs ADD COLUMN key_id BLOB;
ALTER TABLE calls ADD COLUMN key_id BLOB;

-- The price that was used, in micro-dollars per million tokens of each class. NULL: it was not known, or the row is older
-- than these columns.
ALTER TABLE calls ADD COLUMN price_input INTEGER;
ALTER TABLE calls ADD COLUMN price_cache_read INTEGER;
ALTER TABLE calls ADD COLUMN price_cache_write INTEGER;
ALTER TABLE calls ADD COLUMN price_output INTEGER;
ALTER TABLE calls ADD COLUMN price_reasoning INTEGER;
ALTER TABLE calls ADD COLUMN price_source TEXT;       -- group, provider, built_in
-- How the usage was learned: reported at the end, drained after a stop, or estimated.
ALTER TABLE calls ADD COLUMN counted TEXT;
-- When the call ended, in the time zone that the group had then: the start of the hour (Unix milliseconds), and the days
-- since 1970-01-01. NULL in rows that are older than these columns: those count in UTC.
ALTER TABLE calls ADD COLUMN hour INTEGER;
ALTER TABLE calls ADD COLUMN day INTEGER;

CREATE INDEX calls_of_thread ON calls (group_id, thread_id, finished_at) WHERE thread_id IS NOT NULL;
CREATE INDEX calls_of_person ON calls (group_id, person_id, finished_at) WHERE person_id IS NOT NULL;

-- What one call adds to the sums. The id of nobody and of nothing is an empty blob, so that it can be part of a key.
-- l0 to l15 say how long it took, t0 to t15 how long until the first token: one of each is 1. Their limits stand in
-- server/usage/times.rs too, and a test compares them.
CREATE VIEW usage_of_calls AS SELECT c.id, c.group_id, c.finished_at,
    COALESCE(c.hour, c.finished_at - c.finished_at % 3600000) AS hour, COALESCE(c.day, c.finished_at / 86400000) AS day,
    c.provider, c.model, COALESCE(c.agent_id, x'') AS agent_id, COALESCE(c.person_id, x'') AS person_id, c.purpose,
    COALESCE(c.thread_id, x'') AS thread_id,
    1 AS calls, COALESCE(c.run_id IS NOT NULL AND c.purpose = 'chat' AND c.step = 1 AND c.attempt = 1, 0) AS messages,
    -- The first call of a thread counts the thread.
    COALESCE(c.thread_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM calls b WHERE b.group_id = c.group_id
        AND b.thread_id = c.thread_id AND (b.finished_at, b.id) < (c.finished_at, c.id)), 0) AS threads,
    (c.status = 'failed') AS failed, (c.status IN ('stopped', 'interrupted')) AS stopped, c.estimated,
    c.input_tokens, c.cache_read_tokens, c.cache_write_tokens, c.output_tokens, c.reasoning_tokens,
    COALESCE(c.cost_microusd, 0) AS cost_microusd, (c.cost_microusd IS NULL) AS unknown_price_calls,
    COALESCE((c.finished_at - c.started_at) < 50, 0) AS l0,
    COALESCE((c.finished_at - c.started_at) >= 50 AND (c.finished_at - c.started_at) < 100, 0) AS l1,
    COALESCE((c.finished_at - c.started_at) >= 100 AND (c.finished_at - c.started_at) < 200, 0) AS l2,
    COALESCE((c.finished_at - c.started_at) >= 200 AND (c.finished_at - c.started_at) < 300, 0) AS l3,
    COALESCE((c.finished_at - c.started_at) >= 300 AND (c.finished_at - c.started_at) < 450, 0) AS l4,
    COALESCE((c.finished_at - c.started_at) >= 450 AND (c.finished_at - c.started_at) < 700, 0) AS l5,
    COALESCE((c.finished_at - c.started_at) >= 700 AND (c.finished_at - c.started_at) < 1000, 0) AS l6,
    COALESCE((c.finished_at - c.started_at) >= 1000 AND (c.finished_at - c.started_at) < 1500, 0) AS l7,
    COALESCE((c.finished_at - c.started_at) >= 1500 AND (c.finished_at - c.started_at) < 2200, 0) AS l8,
    COALESCE((c.finished_at - c.started_at) >= 2200 AND (c.finished_at - c.started_at) < 3300, 0) AS l9,
    COALESCE((c.finished_at - c.started_at) >= 3300 AND (c.finished_at - c.started_at) < 5000, 0) AS l10,
    COALESCE((c.finished_at - c.started_at) >= 5000 AND (c.finished_at - c.started_at) < 8000, 0) AS l11,
    COALESCE((c.finished_at - c.started_at) >= 8000 AND (c.finished_at - c.started_at) < 15000, 0) AS l12,
    COALESCE((c.finished_at - c.started_at) >= 15000 AND (c.finished_at - c.started_at) < 30000, 0) AS l13,
    COALESCE((c.finished_at - c.started_at) >= 30000 AND (c.finished_at - c.started_at) < 60000, 0) AS l14,
    COALESCE((c.finished_at - c.started_at) >= 60000, 0) AS l15,
    COALESCE((c.first_token_at - c.started_at) < 50, 0) AS t0,
    COALESCE((c.first_token_at - c.started_at) >= 50 AND (c.first_token_at - c.started_at) < 100, 0) AS t1,
    COALESCE((c.first_token_at - c.started_at) >= 100 AND (c.first_token_at - c.started_at) < 200, 0) AS t2,
    COALESCE((c.first_token_at - c.started_at) >= 200 AND (c.first_token_at - c.started_at) < 300, 0) AS t3,
    COALESCE((c.first_token_at - c.started_at) >= 300 AND (c.first_token_at - c.started_at) < 450, 0) AS t4,
    COALESCE((c.first_token_at - c.started_at) >= 450 AND (c.first_token_at - c.started_at) < 700, 0) AS t5,
    COALESCE((c.first_token_at - c.started_at) >= 700 AND (c.first_token_at - c.started_at) < 1000, 0) AS t6,
    COALESCE((c.first_token_at - c.started_at) >= 1000 AND (c.first_token_at - c.started_at) < 1500, 0) AS t7,
    COALESCE((c.first_token_at - c.started_at) >= 1500 AND (c.first_token_at - c.started_at) < 2200, 0) AS t8,
    COALESCE((c.first_token_at - c.started_at) >= 2200 AND (c.first_token_at - c.started_at) < 3300, 0) AS t9,
    COALESCE((c.first_token_at - c.started_at) >= 3300 AND (c.first_token_at - c.started_at) < 5000, 0) AS t10,
    COALESCE((c.first_token_at - c.started_at) >= 5000 AND (c.first_token_at - c.started_at) < 8000, 0) AS t11,
    COALESCE((c.first_token_at - c.started_at) >= 8000 AND (c.first_token_at - c.started_at) < 15000, 0) AS t12,
    COALESCE((c.first_token_at - c.started_at) >= 15000 AND (c.first_token_at - c.started_at) < 30000, 0) AS t13,
    COALESCE((c.first_token_at - c.started_at) >= 30000 AND (c.first_token_at - c.started_at) < 60000, 0) AS t14,
    COALESCE((c.first_token_at - c.started_at) >= 60000, 0) AS t15
    FROM calls c;

-- Sums by hour, by everything that can be asked for.
CREATE TABLE usage_hours (
    group_id BLOB NOT NULL, hour INTEGER NOT NULL,
    provider TEXT NOT NULL, model TEXT NOT NULL, agent_id BLOB NOT NULL, person_id BLOB NOT NULL, purpose TEXT NOT NULL,
    calls INTEGER NOT NULL, messages INTEGER NOT NULL, threads INTEGER NOT NULL, failed INTEGER NOT NULL,
    stopped INTEGER NOT NULL, estimated INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL, cost_microusd INTEGER NOT NULL, unknown_price_calls INTEGER NOT NULL,
    l0 INTEGER NOT NULL, l1 INTEGER NOT NULL, l2 INTEGER NOT NULL, l3 INTEGER NOT NULL, l4 INTEGER NOT NULL,
    l5 INTEGER NOT NULL, l6 INTEGER NOT NULL, l7 INTEGER NOT NULL, l8 INTEGER NOT NULL, l9 INTEGER NOT NULL,
    l10 INTEGER NOT NULL, l11 INTEGER NOT NULL, l12 INTEGER NOT NULL, l13 INTEGER NOT NULL, l14 INTEGER NOT NULL,
    l15 INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, t2 INTEGER NOT NULL, t3 INTEGER NOT NULL,
    t4 INTEGER NOT NULL, t5 INTEGER NOT NULL, t6 INTEGER NOT NULL, t7 INTEGER NOT NULL, t8 INTEGER NOT NULL,
    t9 INTEGER NOT NULL, t10 INTEGER NOT NULL, t11 INTEGER NOT NULL, t12 INTEGER NOT NULL, t13 INTEGER NOT NULL,
    t14 INTEGER NOT NULL, t15 INTEGER NOT NULL,
    PRIMARY KEY (group_id, hour, provider, model, agent_id, person_id, purpose)
) STRICT, WITHOUT ROWID;

-- Sums by day, each call in several cuts: a question reads the smallest cut that has all it asks about, so that what it
-- reads grows with the days and not with the calls.
CREATE TABLE usage_cuts (
    cut INTEGER NOT NULL PRIMARY KEY,
    model INTEGER NOT NULL, agent INTEGER NOT NULL, person INTEGER NOT NULL, purpose INTEGER NOT NULL, thread INTEGER NOT NULL
) STRICT;
INSERT INTO usage_cuts VALUES (1, 1, 0, 0, 1, 0), (2, 0, 1, 0, 1, 0), (3, 0, 0, 1, 1, 0),
    (4, 1, 1, 0, 0, 0), (5, 1, 0, 1, 0, 0), (6, 1, 1, 1, 1, 0), (7, 1, 1, 1, 1, 1);
CREATE TABLE usage_days (
    group_id BLOB NOT NULL, cut INTEGER NOT NULL, day INTEGER NOT NULL,
    provider TEXT NOT NULL, model TEXT NOT NULL, agent_id BLOB NOT NULL, person_id BLOB NOT NULL, purpose TEXT NOT NULL,
    thread_id BLOB NOT NULL,
    calls INTEGER NOT NULL, messages INTEGER NOT NULL, threads INTEGER NOT NULL, failed INTEGER NOT NULL,
    stopped INTEGER NOT NULL, estimated INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL, cost_microusd INTEGER NOT NULL, unknown_price_calls INTEGER NOT NULL,
    l0 INTEGER NOT NULL, l1 INTEGER NOT NULL, l2 INTEGER NOT NULL, l3 INTEGER NOT NULL, l4 INTEGER NOT NULL,
    l5 INTEGER NOT NULL, l6 INTEGER NOT NULL, l7 INTEGER NOT NULL, l8 INTEGER NOT NULL, l9 INTEGER NOT NULL,
    l10 INTEGER NOT NULL, l11 INTEGER NOT NULL, l12 INTEGER NOT NULL, l13 INTEGER NOT NULL, l14 INTEGER NOT NULL,
    l15 INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, t2 INTEGER NOT NULL, t3 INTEGER NOT NULL,
    t4 INTEGER NOT NULL, t5 INTEGER NOT NULL, t6 INTEGER NOT NULL, t7 INTEGER NOT NULL, t8 INTEGER NOT NULL,
    t9 INTEGER NOT NULL, t10 INTEGER NOT NULL, t11 INTEGER NOT NULL, t12 INTEGER NOT NULL, t13 INTEGER NOT NULL,
    t14 INTEGER NOT NULL, t15 INTEGER NOT NULL,
    PRIMARY KEY (group_id, cut, day, provider, model, agent_id, person_id, purpose, thread_id)
) STRICT, WITHOUT ROWID;

-- Whoever writes a row of the ledger writes its sums with it, in the same transaction. A call that was booked already is
-- not booked again, and then nothing is added here.
CREATE TRIGGER calls_add_to_sums AFTER INSERT ON calls BEGIN
    INSERT INTO usage_hours (group_id, hour, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT group_id, hour, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15
        FROM usage_of_calls WHERE id = NEW.id
        ON CONFLICT (group_id, hour, provider, model, agent_id, person_id, purpose) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped,
        estimated = estimated + excluded.estimated, input_tokens = input_tokens + excluded.input_tokens,
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost_microusd = cost_microusd + excluded.cost_microusd,
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0,
        l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5,
        l6 = l6 + excluded.l6, l7 = l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9,
        l10 = l10 + excluded.l10, l11 = l11 + excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13,
        l14 = l14 + excluded.l14, l15 = l15 + excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1,
        t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6,
        t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10,
        t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14,
        t15 = t15 + excluded.t15;
    INSERT INTO usage_days (group_id, cut, day, provider, model, agent_id, person_id, purpose, thread_id,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT u.group_id, c.cut, u.day, CASE WHEN c.model THEN u.provider ELSE '' END, CASE WHEN c.model THEN u.model ELSE '' END,
        CASE WHEN c.agent THEN u.agent_id ELSE x'' END, CASE WHEN c.person THEN u.person_id ELSE x'' END,
        CASE WHEN c.purpose THEN u.purpose ELSE '' END, CASE WHEN c.thread THEN u.thread_id ELSE x'' END,
        u.calls, u.messages, u.threads, u.failed, u.stopped, u.estimated, u.input_tokens, u.cache_read_tokens,
        u.cache_write_tokens, u.output_tokens, u.reasoning_tokens, u.cost_microusd, u.unknown_price_calls, u.l0, u.l1,
        u.l2, u.l3, u.l4, u.l5, u.l6, u.l7, u.l8, u.l9, u.l10, u.l11, u.l12, u.l13, u.l14, u.l15, u.t0, u.t1, u.t2, u.t3,
        u.t4, u.t5, u.t6, u.t7, u.t8, u.t9, u.t10, u.t11, u.t12, u.t13, u.t14, u.t15
        FROM usage_of_calls u CROSS JOIN usage_cuts c WHERE u.id = NEW.id
        ON CONFLICT (group_id, cut, day, provider, model, agent_id, person_id, purpose, thread_id) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped,
        estimated = estimated + excluded.estimated, input_tokens = input_tokens + excluded.input_tokens,
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost_microusd = cost_microusd + excluded.cost_microusd,
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0,
        l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5,
        l6 = l6 + excluded.l6, l7 = l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9,
        l10 = l10 + excluded.l10, l11 = l11 + excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13,
        l14 = l14 + excluded.l14, l15 = l15 + excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1,
        t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6,
        t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10,
        t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14,
        t15 = t15 + excluded.t15;
END;

-- What was booked before there were sums.
INSERT INTO usage_hours (group_id, hour, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT group_id, hour, provider, model, agent_id, person_id, purpose,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15
        FROM usage_of_calls WHERE TRUE
        ON CONFLICT (group_id, hour, provider, model, agent_id, person_id, purpose) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped,
        estimated = estimated + excluded.estimated, input_tokens = input_tokens + excluded.input_tokens,
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost_microusd = cost_microusd + excluded.cost_microusd,
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0,
        l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5,
        l6 = l6 + excluded.l6, l7 = l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9,
        l10 = l10 + excluded.l10, l11 = l11 + excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13,
        l14 = l14 + excluded.l14, l15 = l15 + excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1,
        t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6,
        t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10,
        t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14,
        t15 = t15 + excluded.t15;
INSERT INTO usage_days (group_id, cut, day, provider, model, agent_id, person_id, purpose, thread_id,
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
        l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15)
        SELECT u.group_id, c.cut, u.day, CASE WHEN c.model THEN u.provider ELSE '' END, CASE WHEN c.model THEN u.model ELSE '' END,
        CASE WHEN c.agent THEN u.agent_id ELSE x'' END, CASE WHEN c.person THEN u.person_id ELSE x'' END,
        CASE WHEN c.purpose THEN u.purpose ELSE '' END, CASE WHEN c.thread THEN u.thread_id ELSE x'' END,
        u.calls, u.messages, u.threads, u.failed, u.stopped, u.estimated, u.input_tokens, u.cache_read_tokens,
        u.cache_write_tokens, u.output_tokens, u.reasoning_tokens, u.cost_microusd, u.unknown_price_calls, u.l0, u.l1,
        u.l2, u.l3, u.l4, u.l5, u.l6, u.l7, u.l8, u.l9, u.l10, u.l11, u.l12, u.l13, u.l14, u.l15, u.t0, u.t1, u.t2, u.t3,
        u.t4, u.t5, u.t6, u.t7, u.t8, u.t9, u.t10, u.t11, u.t12, u.t13, u.t14, u.t15
        FROM usage_of_calls u CROSS JOIN usage_cuts c WHERE TRUE
        ON CONFLICT (group_id, cut, day, provider, model, agent_id, person_id, purpose, thread_id) DO UPDATE SET
        calls = calls + excluded.calls, messages = messages + excluded.messages, threads = threads + excluded.threads,
        failed = failed + excluded.failed, stopped = stopped + excluded.stopped,
        estimated = estimated + excluded.estimated, input_tokens = input_tokens + excluded.input_tokens,
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost_microusd = cost_microusd + excluded.cost_microusd,
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0,
        l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, l5 = l5 + excluded.l5,
        l6 = l6 + excluded.l6, l7 = l7 + excluded.l7, l8 = l8 + excluded.l8, l9 = l9 + excluded.l9,
        l10 = l10 + excluded.l10, l11 = l11 + excluded.l11, l12 = l12 + excluded.l12, l13 = l13 + excluded.l13,
        l14 = l14 + excluded.l14, l15 = l15 + excluded.l15, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1,
        t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6,
        t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10,
        t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14,
        t15 = t15 + excluded.t15;

-- A group's own prices, in micro-dollars per million tokens. Rows are only added: of those that hold, the newest counts.
-- One without figures says that the built-in price counts again.
CREATE TABLE prices (
    id          BLOB NOT NULL PRIMARY KEY,
    group_id    BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    provider    TEXT NOT NULL,
    model       TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    input       INTEGER,
    cache_read  INTEGER,
    cache_write INTEGER,
    output      INTEGER,
    reasoning   INTEGER,
    saved_by    BLOB,
    saved_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX prices_of_group ON prices (group_id, provider, model, valid_from);
CREATE TRIGGER prices_stay BEFORE UPDATE ON prices BEGIN SELECT RAISE(ABORT, 'a price that was saved never changes'); END;

-- A month as it was when it was closed, with the names of then. No foreign key: it outlives what it tells of.
CREATE TABLE statements (
    group_id  BLOB NOT NULL,
    month     TEXT NOT NULL,             -- 2026-11
    closed_at INTEGER NOT NULL,
    data      TEXT NOT NULL,
    PRIMARY KEY (group_id, month)
) STRICT;
CREATE TRIGGER statements_stay BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END;
CREATE TRIGGER statements_remain BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'a closed month never goes'); END;

-- What a provider says that a day cost (days in UTC, as providers count them): compared with the ledger.
CREATE TABLE provider_totals (
    group_id      BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    provider      TEXT NOT NULL,
    day           INTEGER NOT NULL,      -- since 1970-01-01
    cost_microusd INTEGER NOT NULL,
    tokens        INTEGER,
    saved_by      BLOB,
    saved_at      INTEGER NOT NULL,
    PRIMARY KEY (group_id, provider, day)
) STRICT;

//! The columns of sums, as statements name them.

macro_rules! sums {
    () => {
        "\
        CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls, CAST(COALESCE(SUM(messages), 0) AS BIGINT) AS messages, \
        CAST(COALESCE(SUM(threads), 0) AS BIGINT) AS threads, CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed, \
        CAST(COALESCE(SUM(stopped), 0) AS BIGINT) AS stopped, \
        CAST(COALESCE(SUM(estimated), 0) AS BIGINT) AS estimated, \
        CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens, \
        CAST(COALESCE(SUM(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens, \
        CAST(COALESCE(SUM(cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens, \
        CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens, \
        CAST(COALESCE(SUM(reasoning_tokens), 0) AS BIGINT) AS reasoning_tokens, \
        CAST(COALESCE(SUM(cost_microusd), 0) AS BIGINT) AS cost_microusd, \
        CAST(COALESCE(SUM(unknown_price_calls), 0) AS BIGINT) AS unknown_price_calls"
    };
}

macro_rules! times {
    () => {
        "\
        CAST(COALESCE(SUM(l0), 0) AS BIGINT) AS l0, CAST(COALESCE(SUM(l1), 0) AS BIGINT) AS l1, \
        CAST(COALESCE(SUM(l2), 0) AS BIGINT) AS l2, CAST(COALESCE(SUM(l3), 0) AS BIGINT) AS l3, \
        CAST(COALESCE(SUM(l4), 0) AS BIGINT) AS l4, CAST(COALESCE(SUM(l5), 0) AS BIGINT) AS l5, \
        CAST(COALESCE(SUM(l6), 0) AS BIGINT) AS l6, CAST(COALESCE(SUM(l7), 0) AS BIGINT) AS l7, \
        CAST(COALESCE(SUM(l8), 0) AS BIGINT) AS l8, CAST(COALESCE(SUM(l9), 0) AS BIGINT) AS l9, \
        CAST(COALESCE(SUM(l10), 0) AS BIGINT) AS l10, CAST(COALESCE(SUM(l11), 0) AS BIGINT) AS l11, \
        CAST(COALESCE(SUM(l12), 0) AS BIGINT) AS l12, CAST(COALESCE(SUM(l13), 0) AS BIGINT) AS l13, \
        CAST(COALESCE(SUM(l14), 0) AS BIGINT) AS l14, CAST(COALESCE(SUM(l15), 0) AS BIGINT) AS l15, \
        CAST(COALESCE(SUM(t0), 0) AS BIGINT) AS t0, CAST(COALESCE(SUM(t1), 0) AS BIGINT) AS t1, \
        CAST(COALESCE(SUM(t2), 0) AS BIGINT) AS t2, CAST(COALESCE(SUM(t3), 0) AS BIGINT) AS t3, \
        CAST(COALESCE(SUM(t4), 0) AS BIGINT) AS t4, CAST(COALESCE(SUM(t5), 0) AS BIGINT) AS t5, \
        CAST(COALESCE(SUM(t6), 0) AS BIGINT) AS t6, CAST(COALESCE(SUM(t7), 0) AS BIGINT) AS t7, \
        CAST(COALESCE(SUM(t8), 0) AS BIGINT) AS t8, CAST(COALESCE(SUM(t9), 0) AS BIGINT) AS t9, \
        CAST(COALESCE(SUM(t10), 0) AS BIGINT) AS t10, CAST(COALESCE(SUM(t11), 0) AS BIGINT) AS t11, \
        CAST(COALESCE(SUM(t12), 0) AS BIGINT) AS t12, CAST(COALESCE(SUM(t13), 0) AS BIGINT) AS t13, \
        CAST(COALESCE(SUM(t14), 0) AS BIGINT) AS t14, CAST(COALESCE(SUM(t15), 0) AS BIGINT) AS t15"
    };
}

/// Every column that is summed, by name.
macro_rules! measures {
    () => {
        "\
        calls, messages, threads, failed, stopped, estimated, input_tokens, cache_read_tokens, cache_write_tokens, \
        output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, \
        l10, l11, l12, l13, l14, l15, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15"
    };
}

/// What is done where the row is there already.
macro_rules! add_measures {
    () => {
        "\
        calls = calls + excluded.calls, messages = messages + excluded.messages, \
        threads = threads + excluded.threads, failed = failed + excluded.failed, \
        stopped = stopped + excluded.stopped, estimated = estimated + excluded.estimated, \
        input_tokens = input_tokens + excluded.input_tokens, \
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens, \
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens, \
        output_tokens = output_tokens + excluded.output_tokens, \
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens, \
        cost_microusd = cost_microusd + excluded.cost_microusd, \
        unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls, l0 = l0 + excluded.l0, \
        l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3, l4 = l4 + excluded.l4, \
        l5 = l5 + excluded.l5, l6 = l6 + excluded.l6, l7 = l7 + excluded.l7, l8 = l8 + excluded.l8, \
        l9 = l9 + excluded.l9, l10 = l10 + excluded.l10, l11 = l11 + excluded.l11, l12 = l12 + excluded.l12, \
        l13 = l13 + excluded.l13, l14 = l14 + excluded.l14, l15 = l15 + excluded.l15, t0 = t0 + excluded.t0, \
        t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, \
        t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, \
        t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, \
        t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15"
    };
}

/// The sum of each of them over rows of hours.
macro_rules! added_up {
    () => {
        "\
        SUM(h.calls), SUM(h.messages), SUM(h.threads), SUM(h.failed), SUM(h.stopped), SUM(h.estimated), \
        SUM(h.input_tokens), SUM(h.cache_read_tokens), SUM(h.cache_write_tokens), SUM(h.output_tokens), \
        SUM(h.reasoning_tokens), SUM(h.cost_microusd), SUM(h.unknown_price_calls), SUM(h.l0), SUM(h.l1), \
        SUM(h.l2), SUM(h.l3), SUM(h.l4), SUM(h.l5), SUM(h.l6), SUM(h.l7), SUM(h.l8), SUM(h.l9), SUM(h.l10), \
        SUM(h.l11), SUM(h.l12), SUM(h.l13), SUM(h.l14), SUM(h.l15), SUM(h.t0), SUM(h.t1), SUM(h.t2), \
        SUM(h.t3), SUM(h.t4), SUM(h.t5), SUM(h.t6), SUM(h.t7), SUM(h.t8), SUM(h.t9), SUM(h.t10), SUM(h.t11), \
        SUM(h.t12), SUM(h.t13), SUM(h.t14), SUM(h.t15)"
    };
}

/// What a row of a cut is told apart by: of an hour that of which the cut has it.
macro_rules! cut_keys {
    () => {
        "\
        CASE WHEN c.model THEN h.provider ELSE '' END, CASE WHEN c.model THEN h.model ELSE '' END, \
        CASE WHEN c.agent THEN h.agent_id ELSE x'' END, CASE WHEN c.person THEN h.person_id ELSE x'' END, \
        CASE WHEN c.purpose THEN h.purpose ELSE '' END"
    };
}

/// Puts days together from their hours, in every cut: of the hours `h` that are asked for.
macro_rules! close_days {
    ($which:literal) => {
        concat!(
            "INSERT INTO usage_closed_days (group_id, cut, day, provider, model, agent_id, person_id, purpose, ",
            measures!(),
            ") SELECT h.group_id, c.cut, h.day, ",
            cut_keys!(),
            ", ",
            added_up!(),
            " FROM usage_hours h CROSS JOIN usage_cuts c WHERE ",
            $which,
            " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
        )
    };
}

pub(super) use {add_measures, added_up, close_days, cut_keys, measures, sums, times};

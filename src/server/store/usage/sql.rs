//! The questions to the sums, put together: each to the days and to the hours.
//!
//! Days are closed or open, and each kind is added up by itself before the two come together: rows of one table that are
//! only handed on cost a question about a year three times as much.

use super::columns::{sums, times};

// $1 to $9 are those of `Usage::which`.
macro_rules! which {
    ($at:literal) => {
        concat!(
            " WHERE group_id = $1 AND ",
            $at,
            " >= $2 AND ",
            $at,
            " < $3 AND ($4 IS NULL OR provider = $4) AND ($5 IS NULL OR model = $5) AND ($6 IS NULL OR agent_id = $6) \
            AND ($7 IS NULL OR person_id = $7) AND ($8 IS NULL OR purpose = $8)"
        )
    };
}
macro_rules! which_days {
    () => {
        concat!(which!("day"), " AND cut = $9")
    };
}
macro_rules! which_hours {
    () => {
        concat!(which!("hour"), " AND $9 = $9")
    };
}

macro_rules! total {
    ($table:literal, $which:expr) => {
        concat!("SELECT ", sums!(), ", ", times!(), " FROM ", $table, $which)
    };
}
pub const TOTAL_OF_DAYS: &str = concat!(
    "SELECT ",
    sums!(),
    ", ",
    times!(),
    " FROM (",
    total!("usage_closed_days", which_days!()),
    " UNION ALL ",
    total!("usage_of_open_days", which_days!()),
    ") AS days"
);
pub const TOTAL_OF_HOURS: &str = total!("usage_hours", which_hours!());

macro_rules! people {
    ($table:literal, $which:expr) => {
        concat!("SELECT person_id FROM ", $table, $which, " AND person_id <> x''")
    };
}
// UNION leaves each of them once.
pub const PEOPLE_OF_DAYS: &str = concat!(
    "SELECT COUNT(*) AS people FROM (",
    people!("usage_closed_days", which_days!()),
    " UNION ",
    people!("usage_of_open_days", which_days!()),
    ") AS people"
);
pub const PEOPLE_OF_HOURS: &str =
    concat!("SELECT COUNT(DISTINCT person_id) AS people FROM (", people!("usage_hours", which_hours!()), ") AS people");

macro_rules! bars {
    ($table:literal, $at:literal, $which:expr) => {
        concat!(
            "SELECT ",
            $at,
            " AS at, CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens \
            + reasoning_tokens) AS BIGINT) AS tokens, CAST(SUM(cost_microusd) AS BIGINT) AS cost_microusd, \
            CAST(SUM(unknown_price_calls) AS BIGINT) AS unknown_price_calls FROM ",
            $table,
            $which,
            " GROUP BY ",
            $at
        )
    };
}
// No day is both closed and open.
pub const BARS_OF_DAYS: &str = concat!(
    bars!("usage_closed_days", "day", which_days!()),
    " UNION ALL ",
    bars!("usage_of_open_days", "day", which_days!()),
    " ORDER BY at"
);
pub const BARS_OF_HOURS: &str = concat!(bars!("usage_hours", "hour", which_hours!()), " ORDER BY at");

// What is not asked for is left empty, so that one statement tells by anything apart.
macro_rules! keys {
    ($table:literal, $at:literal, $which:expr) => {
        concat!(
            "SELECT CASE WHEN $10 THEN ",
            $at,
            " ELSE 0 END AS at, CASE WHEN $11 THEN provider ELSE '' END AS provider, CASE WHEN $12 THEN model ELSE '' END AS model, \
            CASE WHEN $13 THEN NULLIF(agent_id, x'') END AS agent_id, CASE WHEN $14 THEN NULLIF(person_id, x'') END AS person_id, \
            CASE WHEN $15 THEN purpose ELSE '' END AS purpose, ",
            sums!(),
            " FROM ",
            $table,
            $which,
            " GROUP BY 1, 2, 3, 4, 5, 6"
        )
    };
}
macro_rules! named {
    ($keys:expr) => {
        concat!(
            "SELECT k.*, (SELECT t.name FROM things t WHERE t.group_id = $1 AND t.id = k.agent_id) AS agent_name, \
            (SELECT p.name FROM people p WHERE p.id = k.person_id) AS person_name FROM (",
            $keys,
            ") k ORDER BY k.at, k.cost_microusd DESC, k.calls DESC, k.provider, k.model, k.agent_id, k.person_id, k.purpose LIMIT $16"
        )
    };
}
pub const KEYS_OF_DAYS: &str = named!(concat!(
    "SELECT at, provider, model, agent_id, person_id, purpose, ",
    sums!(),
    " FROM (",
    keys!("usage_closed_days", "day", which_days!()),
    " UNION ALL ",
    keys!("usage_of_open_days", "day", which_days!()),
    ") AS days GROUP BY at, provider, model, agent_id, person_id, purpose"
));
pub const KEYS_OF_HOURS: &str = named!(keys!("usage_hours", "hour", which_hours!()));

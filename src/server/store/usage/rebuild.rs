//! The sums once more, from the ledger: when a group moves to another time zone, its days are others.

use super::columns::{add_measures, added_up, close_days, cut_keys, measures};
use crate::{
    error::Result,
    ids::GroupId,
    model::Millis,
    server::{
        store::db::{Run, Tx},
        usage::zone::Zone,
    },
};

const SET_ZONE: &str = "UPDATE groups SET time_zone = $2 WHERE id = $1";
const NO_HOURS: &str = "DELETE FROM usage_hours WHERE group_id = $1";
const NO_CLOSED_DAYS: &str = "DELETE FROM usage_closed_days WHERE group_id = $1";
const NO_OPEN_DAYS: &str = "DELETE FROM usage_open_days WHERE group_id = $1";
const NO_THREADS: &str = "DELETE FROM usage_threads WHERE group_id = $1";
const ENDS: &str = "SELECT CAST(COALESCE(MIN(finished_at), 0) AS BIGINT) AS first, CAST(COALESCE(MAX(finished_at), 0) AS BIGINT) AS last \
    FROM calls WHERE group_id = $1";

// $4 is what to add to UTC from $2 on and before $3. `% x + x) % x` is never negative.
macro_rules! day {
    () => {
        "(finished_at + $4 - ((finished_at + $4) % 86400000 + 86400000) % 86400000) / 86400000"
    };
}

const HOURS: &str = concat!(
    "INSERT INTO usage_hours (group_id, hour, provider, model, agent_id, person_id, purpose, day, ",
    measures!(),
    ") SELECT group_id, finished_at - ((finished_at + $4) % 3600000 + 3600000) % 3600000, provider, model, agent_id, person_id, purpose, ",
    day!(),
    ", ",
    measures!(),
    " FROM usage_of_calls WHERE group_id = $1 AND finished_at >= $2 AND finished_at < $3 \
    ON CONFLICT (group_id, hour, provider, model, agent_id, person_id, purpose) DO UPDATE SET ",
    add_measures!()
);

const DAYS: &str = close_days!("h.group_id = $1");

// A day on which the clocks change lies in two stretches: what the first has told, the second adds to.
const THREADS: &str = concat!(
    "INSERT INTO usage_threads (group_id, day, thread_id, provider, model, agent_id, person_id, purpose, \
    calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd, unknown_price_calls) \
    SELECT group_id, ",
    day!(),
    " AS at, thread_id, provider, model, agent_id, person_id, purpose, \
    SUM(calls), SUM(input_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(output_tokens), SUM(reasoning_tokens), \
    SUM(cost_microusd), SUM(unknown_price_calls) \
    FROM usage_of_calls WHERE group_id = $1 AND finished_at >= $2 AND finished_at < $3 AND thread_id <> x'' \
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 \
    ON CONFLICT (group_id, day, thread_id, provider, model, agent_id, person_id, purpose) DO UPDATE SET \
    calls = calls + excluded.calls, input_tokens = input_tokens + excluded.input_tokens, \
    cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens, \
    cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens, \
    output_tokens = output_tokens + excluded.output_tokens, reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens, \
    cost_microusd = cost_microusd + excluded.cost_microusd, unknown_price_calls = unknown_price_calls + excluded.unknown_price_calls"
);

const FIXED: &str = "SELECT EXISTS (SELECT 1 FROM statements WHERE group_id = $1) AS closed, \
    (SELECT COUNT(*) FROM (SELECT 1 FROM calls WHERE group_id = $1 LIMIT 50001)) > 50000 AS many";

/// Why a group's time zone cannot be changed any more; `None` while it can.
pub async fn fixed(db: impl Run, group: GroupId) -> Result<Option<&'static str>> {
    let rows = db.rows(FIXED, (group,)).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(if row.get("closed")? {
        Some("The time zone is fixed since the first month was closed: its statement counts days by it.")
    } else if row.get("many")? {
        Some("The time zone is fixed since the group made more than 50,000 calls: too many to count anew.")
    } else {
        None
    })
}

/// Moves a group to a time zone. The ledger stays as it is. Ask [`fixed`] first: in a large one it would take
/// seconds, in which nothing else is written.
pub async fn move_to(tx: &mut Tx, group: GroupId, zone: &Zone) -> Result<()> {
    tx.exec(SET_ZONE, (group, zone.name())).await?;
    tx.exec(NO_HOURS, (group,)).await?;
    tx.exec(NO_CLOSED_DAYS, (group,)).await?;
    tx.exec(NO_OPEN_DAYS, (group,)).await?;
    tx.exec(NO_THREADS, (group,)).await?;
    let rows = tx.rows(ENDS, (group,)).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (mut from, last): (Millis, Millis) = (row.get("first")?, row.get("last")?);
    for (to, offset) in zone.stretches(from, last + 1) {
        tx.exec(HOURS, (group, from, to, offset)).await?;
        tx.exec(THREADS, (group, from, to, offset)).await?;
        from = to;
    }
    // All of them are closed; the next call of today is added to today's sums.
    tx.exec(DAYS, (group,)).await?;
    Ok(())
}

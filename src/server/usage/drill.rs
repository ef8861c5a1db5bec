//! From a sum down to the threads and the single calls that it is made of.

use super::{
    period::{self, Period},
    zone::{DAY, Zone},
};
use crate::{
    error::{AppError, Result},
    ids::CallId,
    model::{
        Millis,
        calendar::Date,
        page::Page,
        provider::{Price, PriceSource},
        usage::{
            ask::UsageAsk,
            drill::{CallLine, Drill, Place},
        },
    },
    server::{
        member::Member,
        state::App,
        store::usage::calls::{LedgerCall, NamedCall, Which},
    },
};
use futures::future::try_join3;

const CALLS: usize = 50;
const THREADS: usize = 20;

/// The longest period of which the threads are added up, in days.
const THREADS_DAYS_MAX: i64 = 31;

pub async fn drill(app: &App, member: &Member, ask: &UsageAsk, place: Place) -> Result<Drill> {
    let zone = app.store.prices(member).zone().await?;
    let days = Period::of(ask, zone.day(app.clock.now()))?.days;
    let usage = app.store.usage(member);
    let Place { thread, run, after } = place;
    let which = Which { filter: ask.filter.clone(), thread, run };
    let after = after.as_deref().map(read_cursor).transpose()?;
    let adds_up = thread.is_none() && run.is_none() && days.end - days.start <= THREADS_DAYS_MAX;
    let threads = async {
        if !adds_up {
            return Ok(None);
        }
        usage.threads(days.clone(), &ask.filter, member.person_id(), THREADS).await.map(Some)
    };
    let calls = usage.newest(period::times(&zone, &days), &which, after, CALLS + 1);
    let (threads, calls, names) = try_join3(threads, calls, usage.names(&ask.filter)).await?;
    let lines = calls.into_iter().map(|named| line(&zone, named)).collect();
    let calls = Page::from_surplus(lines, CALLS, |(line, at): &(CallLine, Millis)| format!("{at}.{}", line.id));
    Ok(Drill {
        time_zone: zone.name().to_owned(),
        days: (Date::of(days.start), Date::of(days.end - 1)),
        threads,
        calls: Page { items: calls.items.into_iter().map(|(line, _)| line).collect(), next: calls.next },
        names,
        own: !member.role().manages(),
    })
}

fn read_cursor(raw: &str) -> Result<(Millis, uuid::Uuid)> {
    let parts = raw.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse::<CallId>().ok()?.uuid())));
    parts.ok_or_else(|| AppError::invalid("after", "This is no cursor of this list. Start again without one."))
}

fn line(zone: &Zone, named: NamedCall) -> (CallLine, Millis) {
    let NamedCall { call, agent_name, person_name } = named;
    let line = CallLine {
        when: when(zone, call.finished_at),
        price: price(&call),
        price_source: call.price_source.as_deref().and_then(PriceSource::parse),
        duration_ms: call.finished_at - call.started_at,
        first_token_ms: call.first_token_at.map(|at| at - call.started_at),
        id: call.id,
        run: call.run,
        step: call.step,
        attempt: call.attempt,
        thread: call.thread,
        agent: call.agent,
        person: call.person,
        agent_name,
        person_name,
        purpose: call.purpose,
        provider: call.provider,
        model: call.model,
        status: call.status,
        error_kind: call.error_kind,
        counted: call.counted,
        usage: call.usage,
        cost_microusd: call.cost_microusd,
    };
    (line, call.finished_at)
}

fn price(call: &LedgerCall) -> Option<Price> {
    let [input, cache_read, cache_write, output, reasoning] = call.prices;
    Some(Price { input: input?, cache_read: cache_read?, cache_write: cache_write?, output: output?, reasoning: reasoning? })
}

/// `28 Nov 2026, 14:02:07` on the group's wall clock.
pub fn when(zone: &Zone, at: Millis) -> String {
    let seconds = (at + zone.offset(at)).rem_euclid(DAY) / 1_000;
    let date = Date::of(zone.day(at)).words();
    format!("{date}, {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

//! Letting a model call begin: what it may use at most is reserved of every budget that it counts in, or it is refused.
//!
//! The invariant is made here: nothing is let through by which spent and reserved together exceed the cap of a hard budget,
//! whatever runs at the same time. The budgets' rows are locked by the first statement, and the reservation is written in the
//! transaction that says that the call begins. So a budget may stand over its cap only by calls that are older than what it
//! says: than the budget itself, its cap, or the price that they will be booked by (see [`super::live`]); and until they have
//! ended nothing new is let through.

use super::counter::Worst;
use crate::{
    error::Result,
    model::{
        Millis,
        budget::{Refusal, Scope, Why},
        provider::Price,
    },
    server::{
        budgets::period,
        store::{
            budgets::{Budgets, Counter, Spender, reservations::Holder},
            db::{Look, Run, Tx},
        },
    },
};

/// The admins that a refusal names.
const NAMED: usize = 3;

/// A call that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub spender: Spender,
    pub provider: &'a str,
    pub model: &'a str,
    pub price: Option<Price>,
    pub worst: Worst,
}

/// Reserves the most that the call may use, for `holder`. Where a budget refuses, nothing that this wrote may be
/// committed.
pub async fn admit(
    store: &Budgets<'_>,
    tx: &mut Tx,
    holder: Holder,
    wanted: &Wanted<'_>,
    now: Millis,
) -> Result<Option<Box<Refusal>>> {
    for counter in store.lock(tx, wanted.spender).await? {
        let counter = counter.at(store, tx, now).await?;
        match judge(&counter, wanted) {
            Ok(amount) => store.reserve(tx, holder, counter.id, amount, now),
            Err(why) => return refusal(store, &mut Look::In(tx), counter, why).await.map(Some),
        }
    }
    Ok(None)
}

/// The refusal that a call would meet as things stand, without reserving anything.
pub async fn foresee(store: &Budgets<'_>, look: &mut Look<'_>, wanted: &Wanted<'_>, now: Millis) -> Result<Option<Box<Refusal>>> {
    for counter in store.matching(&mut *look, wanted.spender).await? {
        let counter = counter.seen_at(store, look, now).await?;
        if let Err(why) = judge(&counter, wanted) {
            return refusal(store, look, counter, why).await.map(Some);
        }
    }
    Ok(None)
}

/// How much of this budget the call may take, or why not.
fn judge(counter: &Counter, wanted: &Wanted<'_>) -> Result<i64, Why> {
    let no_price = || Why::NoPrice { provider: wanted.provider.to_owned(), model: wanted.model.to_owned() };
    match wanted.worst.amount(counter.unit, wanted.price) {
        Some(amount) if counter.allows(amount) => Ok(amount),
        Some(amount) => Err(Why::Needs(amount)),
        // One that only warns counts what it can.
        None if !counter.hard => Ok(0),
        None => Err(no_price()),
    }
}

async fn refusal(store: &Budgets<'_>, look: &mut Look<'_>, counter: Counter, why: Why) -> Result<Box<Refusal>> {
    let name = name_of(store, &mut *look, &counter).await?;
    let raised_by = if counter.by_plan { Vec::new() } else { store.admins(look, NAMED).await? };
    Ok(told(counter, why, name, raised_by))
}

pub(super) async fn name_of(store: &Budgets<'_>, db: impl Run, counter: &Counter) -> Result<Option<String>> {
    if counter.scope == Scope::Group { Ok(None) } else { store.name(db, counter.scope, counter.scope_id).await }
}

fn told(counter: Counter, why: Why, name: Option<String>, raised_by: Vec<String>) -> Box<Refusal> {
    Box::new(Refusal {
        budget_id: counter.id,
        scope: counter.scope,
        scope_id: (counter.scope != Scope::Group).then_some(counter.scope_id),
        name,
        unit: counter.unit,
        period: counter.period,
        cap: counter.cap,
        spent: counter.spent,
        reserved: counter.reserved,
        why,
        resets_at: counter.ends_at,
        resets: period::words(counter.ends_at, &period::zone(&counter.time_zone)),
        raised_by,
    })
}

//! Counting what a call used: its reservation is given back and its use is spent, in the transaction that books it.

use super::{alerts, period};
use crate::{
    error::Result,
    model::{Millis, provider::Usage},
    server::{
        state::App,
        store::{
            budgets::{Budgets, Counter, Spender},
            db::Tx,
        },
    },
};
use uuid::Uuid;

/// A call as the ledger has it.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    pub spender: Spender,
    pub usage: Usage,
    pub cost_microusd: Option<i64>,
    pub finished_at: Millis,
}

/// Gives back what the holder had reserved, and counts what its call used, if it made one. The call's row of the ledger
/// stands in the same transaction already. Answers whether something is to be told of.
pub async fn charge(app: &App, store: &Budgets<'_>, tx: &mut Tx, holder: Uuid, used: Option<Used>) -> Result<bool> {
    store.release(tx, holder);
    let Some(used) = used else { return Ok(false) };
    let mut told = false;
    for counter in store.lock(tx, used.spender).await? {
        let amount = counter.used(used.usage, used.cost_microusd);
        if used.finished_at < counter.starts_at {
            // Booked late, in a period that is over: nobody reserves of that any more.
            continue;
        }
        let (from, to) = period::of(used.finished_at, counter.period, &period::zone(&counter.time_zone));
        let counter = if (from, to) == (counter.starts_at, counter.ends_at) {
            store.spend(tx, counter.id, amount);
            let spent = counter.spent.saturating_add(amount);
            Counter { spent, ..counter }
        } else {
            // A new period begins with what the ledger has of it: this call's row too.
            counter.at(store, tx, used.finished_at).await?
        };
        told |= alerts::reached(app, store, tx, &counter).await?;
    }
    Ok(told)
}

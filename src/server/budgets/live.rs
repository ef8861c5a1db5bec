//! Calls that go on while a budget is made: what they may still use is reserved of it from its first moment, in the
//! transaction that makes it. That may be more than its cap; then nothing new is let through until they end. The same where
//! a price is saved while calls of its model go on.

use crate::{
    error::Result,
    ids::BudgetId,
    model::{
        Millis,
        budget::{BudgetDraft, Scope, Unit},
        provider::Price,
    },
    server::{
        state::App,
        store::{
            budgets::{Budgets, Spender},
            db::{Look, Tx},
        },
        usage::prices,
    },
};

/// Reserves of a budget that was just inserted.
pub async fn reserve(app: &App, store: &Budgets<'_>, tx: &mut Tx, id: BudgetId, draft: &BudgetDraft, now: Millis) -> Result<()> {
    for call in store.live_calls(tx, now).await?.into_iter().filter(|call| counts_in(draft, call.spender)) {
        let model = (call.provider.as_str(), call.model.as_str());
        let price = prices::at(app, &mut Look::In(&mut *tx), store.group(), model, now).await?.map(|priced| priced.price);
        // Of a model without a price nothing can be counted, unless one is saved before its call ends: see [`reprice`].
        let amount = call.worst.amount(draft.unit, price).unwrap_or(0);
        store.reserve(tx, call.holder, id, amount, now);
    }
    Ok(())
}

/// Reserves anew what the calls of a model that go on may cost, in the transaction that saves a price by which they will be
/// booked. As with a new budget that may be more than a cap allows.
pub async fn reprice(store: &Budgets<'_>, tx: &mut Tx, model: (&str, &str), price: Option<Price>, now: Millis) -> Result<()> {
    for call in store.live_calls(tx, now).await? {
        if (call.provider.as_str(), call.model.as_str()) != model {
            continue;
        }
        for counter in store.lock(tx, call.spender).await?.into_iter().filter(|counter| counter.unit == Unit::Microusd) {
            store.reserve_anew(tx, call.holder, counter.id, call.worst.amount(counter.unit, price).unwrap_or(0), now);
        }
    }
    Ok(())
}

fn counts_in(draft: &BudgetDraft, spender: Spender) -> bool {
    let is = |id: Option<uuid::Uuid>| id.is_some() && id == draft.scope_id;
    match draft.scope {
        Scope::Group => true,
        Scope::Agent => is(spender.agent.map(|id| id.uuid())),
        Scope::Person => is(spender.person.map(|id| id.uuid())),
        Scope::Key => is(spender.key.map(|id| id.uuid())),
    }
}

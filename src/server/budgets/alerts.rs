//! Telling of 50, 80 and 100 percent: each once for a budget and a period, in the transaction that reaches it.

use super::admit::name_of;
use crate::{
    error::Result,
    model::budget::{ALERTS, Refusal, Scope, amount, percent, words},
    server::{
        budgets::period,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            budgets::{Budgets, Counter},
            db::Tx,
        },
        webhooks::deliver,
    },
};
use serde_json::json;

/// Writes down the shares that the budget has reached and that nobody was told of yet; answers whether a message is to be
/// sent.
pub(super) async fn reached(app: &App, store: &Budgets<'_>, tx: &mut Tx, counter: &Counter) -> Result<bool> {
    let share = percent(counter.spent, counter.cap);
    let mut sends = false;
    for at in ALERTS.into_iter().filter(|at| share >= *at && *at > counter.alerted) {
        let id = app.clock.uuid();
        // The unique row decides; `alerted` only spares the look.
        if store.alert(tx, id, counter, at, app.clock.now()).await? {
            sends |= tell(app, store, tx, counter, (at, "")).await?;
        }
        store.set_alerted(tx, counter.id, at);
    }
    Ok(sends)
}

/// Tells that a budget refused a call, as its 100 percent: once for a period, in a transaction of its own, since that of
/// the call is given up. A price that is not known is no matter of the cap.
pub async fn refused(app: &App, store: &Budgets<'_>, refusal: &Refusal) -> Result<()> {
    if refusal.needed().is_none() {
        return Ok(());
    }
    let (mut tx, now, mut sends) = (app.store.begin().await?, app.clock.now(), false);
    let Some(counter) = store.lock_all(&mut tx).await?.into_iter().find(|one| one.id == refusal.budget_id) else {
        return Ok(());
    };
    let counter = counter.at(store, &mut tx, now).await?;
    if counter.alerted < FULL {
        if store.alert(&mut tx, app.clock.uuid(), &counter, FULL, now).await? {
            sends = tell(app, store, &mut tx, &counter, (FULL, " A call that would exceed it was refused.")).await?;
        }
        store.set_alerted(&mut tx, counter.id, FULL);
    }
    tx.commit().await?;
    if sends {
        deliver::soon(app);
    }
    Ok(())
}

const FULL: i64 = 100;

async fn tell(app: &App, store: &Budgets<'_>, tx: &mut Tx, counter: &Counter, (at, why): (i64, &'static str)) -> Result<bool> {
    let name = name_of(store, &mut *tx, counter).await?;
    let text = format!(
        "{at} % of {}: {} of {}.{why}",
        words(counter.scope, name.as_deref(), counter.period),
        amount(counter.unit, counter.spent),
        amount(counter.unit, counter.cap)
    );
    let data = json!({
        "percent": at, "scope": counter.scope, "scope_id": (counter.scope != Scope::Group).then_some(counter.scope_id), "name": name,
        "unit": counter.unit, "period": counter.period, "cap": counter.cap, "spent": counter.spent, "hard": counter.hard,
        "starts_at": counter.starts_at, "resets_at": counter.ends_at, "text": text,
    });
    tracing::info!(budget = %counter.id, percent = at, "a budget reached a share that its admins are told of");
    let actor = Actor { group: Some(store.group()), person: None };
    audit::record(tx, &app.clock, actor, Event::new("budget.alert", "budget", counter.id.uuid()).with(data.clone())).await?;
    let mails = app.settings.mail.is_some();
    if mails {
        let pages = app.settings.public_url.as_deref().unwrap_or_default();
        let more = if pages.is_empty() { String::new() } else { format!("\n\nSee {pages}, under Usage, Budgets.") };
        store.mail_admins(tx, &app.clock, "budget.alert", &format!("{text}\n\n{}{more}", counter_words(counter))).await?;
    }
    Ok(store.announce(tx, &app.clock, "budget.alert", data).await? | mails)
}

/// What follows from it, for an e-mail.
fn counter_words(counter: &Counter) -> String {
    let resets = period::words(counter.ends_at, &period::zone(&counter.time_zone));
    let effect = if counter.hard { "What would exceed it is refused" } else { "It only warns" };
    format!("{effect}. It begins anew on {resets}.")
}

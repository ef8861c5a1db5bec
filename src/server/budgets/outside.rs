//! Model calls that belong to no run, such as the embedding of a document: let through, booked and counted like a run's.
//!
//! [`begin`] reserves what the call may use at most, with a lease of its own, and [`Open::end`] books what it used. A call
//! whose process dies between the two is not booked, and its reservation is given back when its lease runs out.

use super::{
    admit::{self, Wanted},
    charge::{self, Used},
    counter::Worst,
};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, CallId},
    model::{Millis, provider::Usage},
    server::{
        limits::{self, Taker},
        member::Member,
        state::App,
        store::{
            budgets::{Spender, reservations::Holder},
            calls::{Call, Counted},
        },
        usage::{ledger, prices},
        webhooks::deliver,
    },
};

/// How long a call may take before what it reserved is given back.
const LEASE_MS: Millis = 10 * 60_000;

/// What is about to be asked.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// `title` or `embedding`.
    pub purpose: &'static str,
    pub provider: &'a str,
    pub model: &'a str,
    pub agent: Option<AgentId>,
    pub worst: Worst,
}

/// A call that was let through.
pub struct Open<'a> {
    app: &'a App,
    member: &'a Member,
    asking: Asking<'a>,
    id: CallId,
    started_at: Millis,
}

/// Lets a call begin, in the name of a member, or answers which budget or plan does not.
pub async fn begin<'a>(app: &'a App, member: &'a Member, asking: Asking<'a>) -> Result<Open<'a>> {
    let (store, now) = (app.store.budgets(member), app.clock.now());
    let open = Open { app, member, asking, id: CallId::from_uuid(app.clock.uuid()), started_at: now };
    let terms = store.now().await?;
    let plan = app.settings.plans.of_group(terms.plan.as_deref());
    if !plan.allows(asking.provider, asking.model) {
        return Err(AppError::conflict(plan.refusal(asking.provider, asking.model)));
    }
    if terms.budgeted {
        let price = prices::at(app, member.group_id(), asking.provider, asking.model, now).await?.map(|priced| priced.price);
        let Asking { provider, model, worst, .. } = asking;
        let wanted = Wanted { spender: open.spender(), provider, model, price, worst };
        let holder = Holder { id: open.id.uuid(), lease_until: Some(now + LEASE_MS) };
        let mut tx = app.store.begin().await?;
        if let Some(refusal) = admit::admit(&store, &mut tx, holder, &wanted, now).await? {
            return Err(AppError::OverBudget { refusal });
        }
        tx.commit().await?;
    }
    Ok(open)
}

impl Open<'_> {
    /// Books the call, however it ended: `status` is `completed` or `failed`.
    pub async fn end(self, status: &'static str, usage: Usage, counted: Counted) -> Result<()> {
        let Self { app, member, asking, id, started_at } = &self;
        let (store, now) = (app.store.budgets(member), app.clock.now());
        let call = Call {
            id: *id,
            group: member.group_id(),
            run: None,
            step: 0,
            attempt: 1,
            thread: None,
            agent: asking.agent,
            agent_version: None,
            person: Some(member.person_id()),
            key: member.key_id(),
            purpose: asking.purpose,
            provider: asking.provider.to_owned(),
            model: asking.model.to_owned(),
            status,
            error_kind: None,
            counted,
            usage,
            started_at: *started_at,
            first_token_at: None,
            finished_at: now,
        };
        let mut tx = app.store.begin().await?;
        let cost_microusd = ledger::book(app, &mut tx, &call).await?;
        let terms = store.terms(&mut tx).await?;
        let plan = app.settings.plans.of_group(terms.plan.as_deref());
        let taker = Taker { group: member.group_id(), person: member.person_id(), key: member.key_id() };
        limits::tokens(&app.store.buckets(member), &mut tx, taker, &plan, usage.total(), now).await?;
        let mut told = false;
        if terms.budgeted {
            let used = Used { spender: self.spender(), usage, cost_microusd, finished_at: now };
            told = charge::charge(app, &store, &mut tx, id.uuid(), Some(used)).await?;
        }
        tx.commit().await?;
        if told {
            deliver::soon(app);
        }
        Ok(())
    }

    fn spender(&self) -> Spender {
        Spender { agent: self.asking.agent, person: Some(self.member.person_id()), key: self.member.key_id() }
    }
}

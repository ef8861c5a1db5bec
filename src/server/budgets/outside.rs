//! Model calls that belong to no run, such as the embedding of a document: let through, booked and counted like a run's.
//!
//! [`begin`] reserves what the call may use at most, with a lease of its own, and [`Open::end`] books what it used;
//! [`Open::book`] does so in a transaction that writes more. A call whose process dies between the two is booked
//! by what was reserved for its input, at the next start or when its lease runs out: [`settle_left_behind`].
//! [`begin_for_group`] is for what is done in nobody's name.

use super::{
    admit::{self, Wanted},
    alerts,
    charge::{self, Used},
    counter::Worst,
};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, CallId, GroupId, KeyId, PersonId},
    model::{Millis, provider::Usage},
    server::{
        embedders,
        limits::{self, Taker},
        member::Member,
        state::App,
        store::{
            budgets::{Budgets, Spender, live::OutsideCall, reservations::Holder},
            calls::{Call, Counted},
            db::{Look, Tx},
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

impl Asking<'_> {
    /// The server's own embedder: no plan has to name it, since search by meaning is for every group.
    fn is_own_embedder(&self) -> bool {
        self.purpose == "embedding" && self.provider == embedders::LOCAL
    }
}

/// How a call ended, and what it used.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// `completed` or `failed`.
    pub status: &'static str,
    pub error_kind: Option<&'static str>,
    pub usage: Usage,
    pub counted: Counted,
}

/// Whom a call is for. What is done in the background is for nobody in particular.
#[derive(Debug, Clone, Copy)]
struct Of {
    group: GroupId,
    person: Option<PersonId>,
    key: Option<KeyId>,
}

/// A call that was let through. It owns what it needs: whoever makes the call may do so in a task of its own.
pub struct Open {
    app: App,
    call: OutsideCall,
}

/// Lets a call begin, in the name of a member, or answers which budget or plan does not.
pub async fn begin(app: &App, member: &Member, asking: Asking<'_>) -> Result<Open> {
    let of = Of { group: member.group_id(), person: Some(member.person_id()), key: member.key_id() };
    start(app, &app.store.budgets(member), of, asking).await
}

/// The same for what the server does for a group while nobody asks, such as building its index.
pub async fn begin_for_group(app: &App, group: GroupId, asking: Asking<'_>) -> Result<Open> {
    // No member's proof can be had: the background work goes from group to group.
    start(app, &app.store.system().budgets(group), Of { group, person: None, key: None }, asking).await
}

async fn start(app: &App, store: &Budgets<'_>, of: Of, asking: Asking<'_>) -> Result<Open> {
    let now = app.clock.now();
    let Asking { purpose, provider, model, agent, worst } = asking;
    let call = OutsideCall {
        id: CallId::from_uuid(app.clock.uuid()),
        group: of.group,
        spender: Spender { agent, person: of.person, key: of.key },
        purpose,
        provider: provider.to_owned(),
        model: model.to_owned(),
        worst,
        started_at: now,
    };
    // In one transaction: a budget that is made meanwhile finds the call, or the call finds it, since only one transaction
    // writes at a time. An engine with several writers has to lock the group's row first, here, where a run's call begins and
    // where a budget is made: `UPDATE groups SET plan = plan WHERE id = $1`.
    let mut tx = app.store.begin().await?;
    let terms = store.terms(&mut tx).await?;
    let plan = app.settings.plans.of_group(terms.plan.as_deref());
    if !asking.is_own_embedder() && !plan.allows(provider, model) {
        return Err(AppError::conflict(plan.refusal(provider, model)));
    }
    if terms.budgeted {
        let price = prices::at(app, &mut Look::In(&mut tx), of.group, (provider, model), now).await?.map(|priced| priced.price);
        let wanted = Wanted { spender: call.spender, provider, model, price, worst };
        let holder = Holder { id: call.id.uuid(), lease_until: Some(now + LEASE_MS) };
        if let Some(refusal) = admit::admit(store, &mut tx, holder, &wanted, now).await? {
            drop(tx);
            alerts::refused(app, store, &refusal).await?;
            return Err(AppError::OverBudget { refusal });
        }
    }
    store.begin_outside(&mut tx, &call, now + LEASE_MS);
    tx.commit().await?;
    Ok(Open { app: app.clone(), call })
}

/// Books every call whose lease ended before `expired`: its process died, or lost it. Its provider was asked, for all that
/// is known, and what went in is owed for.
pub async fn settle_left_behind(app: &App, expired: Millis) -> Result<()> {
    // Of whichever group: the dead process made them all.
    for call in app.store.system().outside_left_behind(expired).await? {
        let usage = Usage { input_tokens: call.worst.input_tokens, ..Usage::default() };
        let open = Open { app: app.clone(), call };
        // One that cannot be booked must not keep all others from it. The cause is in the log.
        let _ = open.end(Ended { status: "interrupted", error_kind: None, usage, counted: Counted::Estimated }).await;
    }
    Ok(())
}

impl Open {
    /// Books the call, however it ended.
    pub async fn end(self, ended: Ended) -> Result<()> {
        let mut tx = self.app.store.begin().await?;
        let told = self.book(&mut tx, ended).await?;
        tx.commit().await?;
        if told {
            deliver::soon(&self.app);
        }
        Ok(())
    }

    /// The same in the caller's transaction. Answers whether an alert waits to be sent once that is committed.
    pub async fn book(&self, tx: &mut Tx, ended: Ended) -> Result<bool> {
        let Self { app, call } = self;
        // The proof was shown when the call began; this is what came of it.
        let store = app.store.system().budgets(call.group);
        if !store.end_outside(tx, call.id).await? {
            // It took longer than its lease, and was booked as it was reserved.
            return Ok(false);
        }
        let now = app.clock.now();
        let Ended { status, error_kind, usage, counted } = ended;
        let Spender { agent, person, key } = call.spender;
        let booked = Call {
            id: call.id,
            group: call.group,
            run: None,
            step: 0,
            attempt: 1,
            thread: None,
            agent,
            agent_version: None,
            person,
            key,
            purpose: call.purpose,
            provider: call.provider.clone(),
            model: call.model.clone(),
            status,
            error_kind,
            counted,
            usage,
            started_at: call.started_at,
            first_token_at: None,
            finished_at: now,
        };
        let cost_microusd = ledger::book(app, tx, &booked).await?;
        let terms = store.terms(&mut *tx).await?;
        // What a minute may use is of those who ask: an index that is being built keeps nobody from asking.
        if let Some(person) = person {
            let plan = app.settings.plans.of_group(terms.plan.as_deref());
            let taker = Taker { group: call.group, person, key };
            limits::tokens(&store.buckets(), tx, taker, &plan, usage.total(), now).await?;
        }
        if !terms.budgeted {
            return Ok(false);
        }
        let used = Used { spender: call.spender, usage, cost_microusd, finished_at: now };
        charge::charge(app, &store, tx, call.id.uuid(), Some(used)).await
    }
}

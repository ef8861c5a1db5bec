//! Letting a step's model call begin, and counting what it used: the group's plan, its budgets and its rate limits.

use super::{
    context, lease,
    step::StepEnd,
    turn::{Driven, Halt, Turn},
};
use crate::{
    error::{AppError, Result},
    ids::AgentId,
    model::{Millis, agent::AgentDraft, budget::Refusal, provider::Usage},
    server::{
        budgets::{
            admit::{self, Wanted},
            alerts,
            charge::{self, Used},
            counter::Worst,
        },
        limits::{self, Taker},
        member::Member,
        models::ChatRequest,
        state::App,
        store::{
            budgets::{Spender, reservations::Holder},
            db::{Look, Tx},
            plans::Terms,
            runs::Claimed,
        },
        usage::prices,
    },
};

/// Which attempt of its step a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    First,
    Again,
}

/// Tokens that a provider's own frame around messages and tools may take: names of roles, and how to call a tool.
const FRAME: usize = 64;
const FRAME_OF_TOOLS: usize = 1_024;

/// Commits that the step's call begins, so that a call whose process dies is known of, and what it may use at most.
/// Answers how the step ends where it must not begin; then nothing was written.
pub async fn admit(turn: &mut Turn, attempt: Attempt, request: &ChatRequest) -> Driven<Option<StepEnd>> {
    if !turn.plan.allows(&turn.agent.provider, &turn.agent.model) {
        return Ok(Some(StepEnd::NotInPlan));
    }
    let (step, number) = if attempt == Attempt::First { (turn.step + 1, 1) } else { (turn.step, turn.attempt) };
    let mut begun = begin(turn, step, request).await?;
    if matches!(&begun, Err(refusal) if refusal.needed().is_none()) {
        // The provider may know a price that it was not asked for yet.
        turn.app.models.offers().await;
        begun = begin(turn, step, request).await?;
    }
    match begun {
        Ok(budgeted) => (turn.step, turn.attempt, turn.reserves) = (step, number, budgeted),
        Err(refusal) => {
            alerts::refused(&turn.app, &turn.app.store.turn(&turn.claimed.lease).budgets(), &refusal).await?;
            return Ok(Some(StepEnd::OverBudget(refusal)));
        }
    }
    Ok(None)
}

/// The transaction that begins a call. Answers whether something is reserved for it.
async fn begin(turn: &Turn, step: i64, request: &ChatRequest) -> Driven<Result<bool, Box<Refusal>>> {
    let (app, lease, now) = (&turn.app, turn.claimed.lease, turn.app.clock.now());
    let store = app.store.turn(&lease);
    let mut tx = app.store.begin().await?;
    let (until, worst) = (now + lease::LENGTH.as_millis() as i64, worst(request, turn.context_tokens));
    let budgeted = store.begin_call(&mut tx, step, until, turn.worked(), worst).await?.ok_or(Halt::Lost)?;
    if budgeted {
        let (provider, model) = (turn.agent.provider.as_str(), turn.agent.model.as_str());
        let price =
            prices::at(app, &mut Look::In(&mut tx), lease.group, (provider, model), now).await?.map(|priced| priced.price);
        let wanted = Wanted { spender: spender(&turn.claimed), provider, model, price, worst };
        let holder = Holder { id: lease.run.uuid(), lease_until: None };
        if let Some(refusal) = admit::admit(&store.budgets(), &mut tx, holder, &wanted, now).await? {
            return Ok(Err(refusal));
        }
    }
    tx.commit().await?;
    Ok(Ok(budgeted))
}

/// The most that a call may use. No model has more tokens than bytes, and none reads more than its context holds.
pub(super) fn worst(request: &ChatRequest, context_tokens: Option<u32>) -> Worst {
    let frame = if request.tools.is_empty() { FRAME } else { FRAME_OF_TOOLS };
    let bytes = i64::try_from(context::bytes(request) + frame).unwrap_or(i64::MAX);
    let input_tokens = context_tokens.map_or(bytes, |context| bytes.min(context.into()));
    Worst { input_tokens, output_tokens: request.max_output_tokens.into() }
}

/// The same before there is a request: as much as the model reads. `None` where nobody knows how much that is.
pub(super) fn worst_of_all(app: &App, agent: &AgentDraft) -> Option<Worst> {
    let context = app.models.known(&agent.provider, &agent.model)?.context_tokens?;
    let output = context::output(agent.limits.output_tokens, 0, Some(context));
    Some(Worst { input_tokens: context.into(), output_tokens: output.into() })
}

/// Whether a member's message may be taken, as far as that is known before it is: by the plan's models, by the rate
/// limits, and by budgets that not even its first call fits into. It is part of the transaction that takes the message.
pub(super) async fn may_ask(app: &App, member: &Member, tx: &mut Tx, terms: &Terms, agent: AgentId, text: &str) -> Result<()> {
    let plan = app.settings.plans.of_group(terms.plan.as_deref());
    let now = app.clock.now();
    let taker = Taker { group: member.group_id(), person: member.person_id(), key: member.key_id() };
    limits::message(&app.store.buckets(member), tx, taker, &plan, now).await?;
    if !terms.budgeted && plan.models.is_none() {
        return Ok(());
    }
    let draft = app.store.agents(member).in_tx(tx, agent).await?.draft;
    match foreseen(app, member, &mut Look::In(tx), terms, (agent, &draft), text).await? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Tells admins of a refusal by [`may_ask`], once its transaction was given up.
pub(super) async fn tell<T>(app: &App, member: &Member, asked: Result<T>) -> Result<T> {
    if let Err(AppError::OverBudget { refusal }) = &asked {
        alerts::refused(app, &app.store.budgets(member), refusal).await?;
    }
    asked
}

/// Why the next message to an agent would be refused, as things stand.
pub async fn foreseen(
    app: &App,
    member: &Member,
    look: &mut Look<'_>,
    terms: &Terms,
    (agent, draft): (AgentId, &AgentDraft),
    text: &str,
) -> Result<Option<AppError>> {
    let (provider, model) = (draft.provider.as_str(), draft.model.as_str());
    let plan = app.settings.plans.of_group(terms.plan.as_deref());
    if !plan.allows(provider, model) {
        return Ok(Some(AppError::conflict(plan.refusal(provider, model))));
    }
    if !terms.budgeted {
        return Ok(None);
    }
    let now = app.clock.now();
    let price = prices::at(app, look, member.group_id(), (provider, model), now).await?.map(|priced| priced.price);
    let context = app.models.known(provider, model).and_then(|info| info.context_tokens);
    // The least that the first call will reserve: what was said before and the tools come on top.
    let bytes = (draft.instructions.len() + text.len() + FRAME) as i64;
    let worst = Worst {
        input_tokens: context.map_or(bytes, |context| bytes.min(context.into())),
        output_tokens: context::output(draft.limits.output_tokens, 0, context).into(),
    };
    let spender = Spender { agent: Some(agent), person: Some(member.person_id()), key: member.key_id() };
    let wanted = Wanted { spender, provider, model, price, worst };
    // A price that is not known now may be known by then.
    let refusal =
        admit::foresee(&app.store.budgets(member), look, &wanted, now).await?.filter(|refusal| refusal.needed().is_some());
    Ok(refusal.map(|refusal| AppError::OverBudget { refusal }))
}

pub(super) fn spender(claimed: &Claimed) -> Spender {
    Spender { agent: Some(claimed.agent), person: Some(claimed.person), key: claimed.key }
}

/// Counts what a call used, whose row of the ledger stands in the same transaction already, and gives back what was
/// reserved for it. Answers whether an alert is to be sent.
pub(super) async fn account(
    turn: &Turn,
    tx: &mut Tx,
    (usage, cost_microusd): (Usage, Option<i64>),
    budgeted: bool,
    now: Millis,
) -> Result<bool> {
    let (app, lease) = (&turn.app, turn.claimed.lease);
    let store = app.store.turn(&lease);
    let taker = Taker { group: lease.group, person: turn.claimed.person, key: turn.claimed.key };
    limits::tokens(&store.buckets(), tx, taker, &turn.plan, usage.total(), now).await?;
    if !budgeted && !turn.reserves {
        return Ok(false);
    }
    let used = Used { spender: spender(&turn.claimed), usage, cost_microusd, finished_at: now };
    charge::charge(app, &store.budgets(), tx, lease.run.uuid(), Some(used)).await
}

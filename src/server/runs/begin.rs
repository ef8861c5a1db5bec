//! Beginning a run: claims the thread's next one, and opens the message in which it will answer.

use super::{admission, journal::Notes, lease, turn::Turn};
use crate::{
    error::Result,
    ids::{MessageId, ThreadId},
    model::{
        Millis,
        agent::AgentDraft,
        message::{Message, MessageStatus, Role},
        provider::Usage,
        run::{RunKind, RunStatus},
        thread_event::{MessageChange, RunState, ThreadEvent},
    },
    server::{
        state::App,
        store::{
            db::Tx,
            runs::{Begun, Claimed},
        },
        tools::call_human,
    },
};

/// `None` where no run waits, or one goes on already.
pub async fn begin(app: &App, thread: ThreadId) -> Result<Option<Turn>> {
    let now = app.clock.now();
    let until = now + lease::LENGTH.as_millis() as i64;
    let mut tx = app.store.begin().await?;
    // A run in the background has no member's proof: the claim gives it its lease.
    let Some(begun) = app.store.system().claim(&mut tx, thread, app.clock.uuid(), until, now).await? else { return Ok(None) };
    let Begun { claimed, agent, overtaken, terms } = begun;
    let plan = app.settings.plans.of_group(terms.plan.as_deref());
    // Where nothing has to be asked or looked for first, the first model call follows at once: that it begins is committed
    // with the claim.
    let looks = agent.look_first && claimed.kind != RunKind::Continue;
    let free = !claimed.resumed() && !terms.budgeted && plan.models.is_none() && !looks;
    // What it may use at most stands there too, for a budget that is made while it goes on.
    let at_once = if free { admission::worst_of_all(app, &agent) } else { None };
    let mut notes = Notes::new(claimed.lease.group, thread, now);
    if claimed.kind == RunKind::Message && overtaken && !claimed.resumed() {
        place_message(app, &mut tx, &claimed, &mut notes).await?;
    }
    let (so_far, (used, cost), handed_over) = so_far(app, &mut tx, &claimed).await?;
    notes.reserve(&mut tx, 1 + i64::from(so_far.is_none())).await?;
    let running = RunState { run_id: claimed.lease.run, status: RunStatus::Running, error: None };
    notes.event(&mut tx, ThreadEvent::Run(running)).await?;
    let answer = match so_far {
        Some(answer) => answer,
        None => open_answer(app, &mut tx, &claimed, &agent, &mut notes).await?,
    };
    if let Some(worst) = at_once {
        app.store.turn(&claimed.lease).begin_first_step(&mut tx, until, worst);
    }
    // Registered before anybody can see the claim: a Stop finds the run queued and ends it, or finds this signal.
    let drive = app.runs.drive(claimed.lease.run);
    if let Err(error) = tx.commit().await {
        app.runs.release(claimed.lease.run, &drive);
        return Err(error);
    }
    let topic = app.runs.bus().thread(thread);
    notes.announce(&topic);
    let mut turn = Turn::new(app.clone(), claimed, agent, answer, topic, drive, plan);
    (turn.used, turn.cost, turn.handed_over) = (used, cost, handed_over);
    if at_once.is_some() {
        (turn.step, turn.admitted) = (1, true);
    }
    Ok(Some(turn))
}

/// What a run that waited, or whose driver died between two steps, has said and used already: it goes on in the same
/// message.
async fn so_far(app: &App, tx: &mut Tx, claimed: &Claimed) -> Result<(Option<Message>, (Usage, Option<i64>), bool)> {
    if !claimed.resumed() {
        return Ok((None, (Usage::default(), Some(0)), false));
    }
    let turn = app.store.turn(&claimed.lease);
    let own = turn.own_messages(tx, Millis::MAX).await?;
    let answer = own.into_iter().find(|message| message.status == MessageStatus::Streaming);
    Ok((answer, turn.spent(tx).await?, turn.has_called(tx, claimed.step, call_human::NAME).await?))
}

/// A message that waited while others were answered takes its place behind them.
async fn place_message(app: &App, tx: &mut Tx, claimed: &Claimed, notes: &mut Notes) -> Result<()> {
    let turn = app.store.turn(&claimed.lease);
    let last = turn.last_place(tx).await?;
    for mut message in turn.own_messages(tx, last).await? {
        message.seq = notes.next_seq(tx).await?;
        turn.place(tx, message.id, message.seq).await?;
        notes.event_at(tx, message.seq, ThreadEvent::Message(MessageChange::made(&message, None)), None).await?;
    }
    Ok(())
}

async fn open_answer(app: &App, tx: &mut Tx, claimed: &Claimed, agent: &AgentDraft, notes: &mut Notes) -> Result<Message> {
    let seq = notes.next_seq(tx).await?;
    let message = Message {
        id: MessageId::from_uuid(app.clock.uuid()),
        run_id: claimed.lease.run,
        role: Role::Assistant,
        status: MessageStatus::Streaming,
        parts: Vec::new(),
        agent_id: claimed.agent,
        author: agent.name.clone(),
        seq,
        error: None,
        created_at: app.clock.now(),
        finished_at: None,
    };
    app.store.turn(&claimed.lease).open_message(tx, &message).await?;
    notes.event_at(tx, seq, ThreadEvent::Message(MessageChange::made(&message, None)), None).await?;
    Ok(message)
}

//! Sending a message: message and run are saved in one transaction, and the answer goes out before any model is asked.

use super::{admission, bus::Topic, journal::Notes};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, MessageId, RunId, ThreadId},
    model::{
        agent::AgentStatus,
        live::ListChange,
        message::{MESSAGE_MAX, Message, MessageStatus, Part, Role},
        run::{RunKind, RunStatus, Sent},
        text,
        thread::{Thread, ThreadStatus, UNTITLED, title_from_message},
        thread_event::{MessageChange, RunState, ThreadChange, ThreadEvent},
    },
    server::{
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            runs::{NewRun, SentBefore},
        },
    },
};
use sha2::{Digest, Sha256};

/// Runs of one thread that may wait or go on.
const QUEUE_MAX: i64 = 6;

/// Rows that every message leaves in the journal: itself, and its run.
const ROWS: i64 = 2;

/// Saves a member's message and queues the run that answers it. The same `key` again answers the same, and sends nothing.
pub async fn send(app: &App, member: &Member, thread: ThreadId, text: &str, key: Option<&str>) -> Result<Sent> {
    let text = text::block("text", text, MESSAGE_MAX)?;
    let key = key.map(|key| text::line("key", key, 200)).transpose()?;
    let mut tx = app.store.begin().await?;
    let sending = Sending { app, member, thread, text: &text, key: key.as_deref() };
    if let Some(sent) = sending.sent_before(&mut tx).await? {
        return Ok(sent);
    }
    let (sent, as_listed, notes) = match sending.save(&mut tx).await {
        Ok(saved) => saved,
        Err(error) => {
            drop(tx);
            return admission::tell(app, member, Err(error)).await;
        }
    };
    tx.commit().await?;
    let bus = app.runs.bus();
    notes.announce(&bus.thread(thread));
    let (group_id, person) = (member.group_id(), member.person_id());
    bus.list_changed(group_id, person, ListChange::Thread { group_id, thread: as_listed });
    super::kick(app, thread);
    Ok(sent)
}

/// Tells viewers and lists of what was committed.
pub(super) async fn announce(app: &App, member: &Member, thread: ThreadId, notes: Notes, topic: &Topic) -> Result<()> {
    notes.announce(topic);
    let (group, person) = (member.group_id(), member.person_id());
    if app.runs.bus().has_watchers(group, person) {
        let thread = app.store.threads(member).get(thread).await?;
        app.runs.bus().list_changed(group, person, ListChange::Thread { group_id: group, thread });
    }
    Ok(())
}

struct Sending<'a> {
    app: &'a App,
    member: &'a Member,
    thread: ThreadId,
    text: &'a str,
    key: Option<&'a str>,
}

impl Sending<'_> {
    async fn sent_before(&self, tx: &mut Tx) -> Result<Option<Sent>> {
        let Some(key) = self.key else { return Ok(None) };
        let Some(before) = self.app.store.runs(self.member).sent_before(tx, key).await? else { return Ok(None) };
        if before.thread == self.thread && before.body_hash == self.hash() {
            Ok(Some(before.sent))
        } else {
            Err(AppError::conflict("This Idempotency-Key was used for another message. Use a new key."))
        }
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.text.as_bytes()).to_vec()
    }

    async fn save(&self, tx: &mut Tx) -> Result<(Sent, Thread, Notes)> {
        let (app, member, now) = (self.app, self.member, self.app.clock.now());
        let to = app.store.threads(member).receive(tx, self.thread, ROWS, now).await?;
        may_answer(&to.thread, to.agent_status)?;
        if to.unfinished >= QUEUE_MAX {
            return Err(AppError::conflict("Several messages wait in this thread already. Let the agent answer them first."));
        }
        admission::may_ask(app, member, tx, &to.terms, to.thread.agent_id, self.text).await?;
        let sent = Sent { message_id: MessageId::from_uuid(app.clock.uuid()), run_id: RunId::from_uuid(app.clock.uuid()) };
        let (agent, agent_version) = (to.thread.agent_id, to.agent_version);
        let run =
            NewRun { id: sent.run_id, thread: self.thread, agent, agent_version, kind: RunKind::Message, key: member.key_id() };
        app.store.runs(member).insert(tx, &run, now).await?;
        let mut notes = Notes::new(member.group_id(), self.thread, now).with(to.newest, ROWS);
        self.add_message(tx, &mut notes, agent, sent, now).await?;
        notes.event(tx, ThreadEvent::Run(RunState { run_id: sent.run_id, status: RunStatus::Queued, error: None })).await?;
        let mut thread = Thread { answering: true, ..to.thread };
        self.leave_traces(tx, &mut notes, &mut thread, sent, now).await?;
        Ok((sent, thread, notes))
    }

    async fn add_message(&self, tx: &mut Tx, notes: &mut Notes, agent: AgentId, sent: Sent, now: i64) -> Result<()> {
        let seq = notes.next_seq(tx).await?;
        let message = Message {
            id: sent.message_id,
            run_id: sent.run_id,
            role: Role::User,
            status: MessageStatus::Completed,
            parts: vec![Part::Text { text: self.text.to_owned() }],
            agent_id: agent,
            author: self.member.name().to_owned(),
            seq,
            error: None,
            created_at: now,
            finished_at: Some(now),
        };
        self.app.store.runs(self.member).add_message(tx, self.thread, &message).await?;
        let change = MessageChange::made(&message, self.key.map(str::to_owned));
        notes.event_at(tx, seq, ThreadEvent::Message(change), None).await
    }

    async fn leave_traces(&self, tx: &mut Tx, notes: &mut Notes, thread: &mut Thread, sent: Sent, now: i64) -> Result<()> {
        let (app, member) = (self.app, self.member);
        let title = title_from_message(self.text);
        if thread.title == UNTITLED && app.store.threads(member).suggest_title(tx, self.thread, &title).await? {
            notes.event(tx, ThreadEvent::Thread(ThreadChange { title: title.clone(), status: thread.status })).await?;
            thread.title = title;
        }
        if let Some(key) = self.key {
            let before = SentBefore { thread: self.thread, body_hash: self.hash(), sent };
            app.store.runs(member).remember_sent(tx, key, &before, now).await?;
        }
        let event = Event::new("message.sent", "message", sent.message_id.uuid());
        audit::record(tx, &app.clock, Actor::member(member), event).await
    }
}

/// Why the thread takes no message now.
pub(super) fn may_answer(thread: &Thread, agent: AgentStatus) -> Result<()> {
    if thread.status == ThreadStatus::Archived {
        return Err(AppError::conflict("This thread is archived. Restore it to go on."));
    }
    if agent == AgentStatus::Retired {
        return Err(AppError::conflict(format!(
            "{} is retired and answers no more. Start a thread with another agent.",
            thread.agent_name
        )));
    }
    Ok(())
}

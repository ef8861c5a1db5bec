//! The reducer: events in, the state of a thread out. The server's first page and the browser use the same.

mod decided;
mod draft;

use crate::{
    ids::{MessageId, RunId},
    model::{
        cursor::Cursor,
        escalation::{EscalationStatus, Handoff},
        message::{Growing, Message, MessageStatus, Part, Role},
        run::RunStatus,
        thread::ThreadPage,
        thread_event::{Delta, MessageChange, PartChange, RunState, RunUsage, Snapshot, ThreadChange, ThreadEvent, ToolDraft},
    },
};
use serde::{Deserialize, Serialize};

/// What a viewer of a thread shows. `messages` are in order, oldest first, and may begin in the middle of the thread.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    pub messages: Vec<Message>,
    /// Whether messages exist before the first one here.
    pub earlier: bool,
    pub run: Option<RunState>,
    pub queued: Vec<RunState>,
    /// How many others a busy model serves first.
    pub ahead: Option<u32>,
    /// What settled runs used, newest last.
    pub usage: Vec<RunUsage>,
    /// Calls whose input is being written.
    pub drafts: Vec<ToolDraft>,
    /// Where the thread waits for a person.
    pub handoff: Option<Handoff>,
    /// The newest change of the thread's title or status.
    pub thread: Option<ThreadChange>,
    /// Idempotency keys of messages that arrived: a tab recognises its own by them.
    pub keys: Vec<(String, MessageId)>,
    /// The run that ended last, where it ended otherwise than completed.
    pub broken: Option<RunState>,
    /// What was applied so far; `None` before anything was.
    pub at: Option<Cursor>,
}

/// What an event of the stream did to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// It was news; the message that it was about, where it was about one.
    New(Option<MessageId>),
    /// It was known.
    Had,
    /// Something before it is missing: only a snapshot helps.
    Gap,
}

impl Conversation {
    pub fn from_snapshot(snapshot: Snapshot) -> Self {
        let Snapshot { messages, earlier, run, queued, ahead, drafts, handoff } = snapshot;
        Self { messages, earlier, run, queued, ahead, drafts, handoff, ..Self::default() }
    }

    /// What a page shows at first, and where its stream goes on from.
    pub fn from_page(page: &ThreadPage) -> Self {
        Self { at: Cursor::parse(&page.cursor), ..Self::from_snapshot(page.snapshot.clone()) }
    }

    /// Applies an event of the stream, which ends at `cursor`, exactly once: a stream that was opened from an older
    /// place says again what is known, and may say the known beginning of a text together with its unknown end.
    pub fn follow(&mut self, cursor: Option<Cursor>, event: ThreadEvent) -> Followed {
        let event = match self.news(cursor, event) {
            Ok(Some(news)) => news,
            Ok(None) => return Followed::Had,
            Err(Missing) => return Followed::Gap,
        };
        self.at = if matches!(event, ThreadEvent::Snapshot(_)) { cursor } else { self.at.max(cursor) };
        let about = event.message_id();
        self.apply(event);
        Followed::New(about)
    }

    /// What of an event is not known yet. Discrete events are known by their number; texts by their length, since a
    /// part's text only grows and the cursor says where in it a delta ends.
    fn news(&self, cursor: Option<Cursor>, event: ThreadEvent) -> Result<Option<ThreadEvent>, Missing> {
        match event {
            ThreadEvent::Snapshot(_) | ThreadEvent::Queue(_) | ThreadEvent::ToolInput(_) => Ok(Some(event)),
            ThreadEvent::Text(delta) => Ok(self.rest(cursor, delta)?.map(ThreadEvent::Text)),
            ThreadEvent::Reasoning(delta) => Ok(self.rest(cursor, delta)?.map(ThreadEvent::Reasoning)),
            event => {
                let known = self.at.zip(cursor).is_some_and(|(at, cursor)| cursor.seq < at.seq);
                Ok((!known).then_some(event))
            }
        }
    }

    /// The end of a delta that the part does not hold yet.
    fn rest(&self, cursor: Option<Cursor>, mut delta: Delta) -> Result<Option<Delta>, Missing> {
        let Some(message) = self.message(delta.message_id) else { return Ok(None) };
        let held = match message.parts.get(delta.part) {
            Some(part) => part.growing().map_or(0, |(_, text)| text.len()),
            None if delta.part == message.parts.len() => 0,
            None => return Err(Missing),
        } as u64;
        let cursor = cursor.ok_or(Missing)?;
        if cursor.offset <= held {
            return Ok(None);
        }
        let known = held.checked_sub(cursor.start(&delta.delta)).ok_or(Missing)?;
        delta.delta = delta.delta.get(known as usize..).ok_or(Missing)?.to_owned();
        Ok(Some(delta))
    }

    /// Applies one event, whatever was applied before.
    pub fn apply(&mut self, event: ThreadEvent) {
        match event {
            ThreadEvent::Snapshot(snapshot) => self.replace(snapshot),
            ThreadEvent::Message(change) => self.message_changed(change),
            ThreadEvent::Run(run) => self.run(run),
            ThreadEvent::Text(delta) => self.append(Growing::Text, delta),
            ThreadEvent::Reasoning(delta) => self.append(Growing::Reasoning, delta),
            ThreadEvent::ToolCall(change) | ThreadEvent::ToolResult(change) | ThreadEvent::Source(change) => self.part(change),
            ThreadEvent::ToolInput(input) => draft::write(&mut self.drafts, input),
            ThreadEvent::Handoff(handoff) => {
                self.handoff = Some(handoff).filter(|handoff| handoff.status != EscalationStatus::Resolved);
            }
            ThreadEvent::Queue(queue) => self.ahead = Some(queue.ahead).filter(|n| *n > 0),
            ThreadEvent::Usage(usage) => self.used(usage),
            ThreadEvent::Thread(change) => self.thread = Some(change),
            // The call's part says the same.
            ThreadEvent::Approval(_) | ThreadEvent::Error(_) => {}
        }
    }

    /// Puts older messages before those that are shown.
    pub fn prepend(&mut self, mut older: Vec<Message>, earlier: bool) {
        older.retain(|message| self.messages.iter().all(|shown| shown.id != message.id));
        older.append(&mut self.messages);
        self.messages = older;
        self.earlier = earlier;
    }

    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.id == id)
    }

    /// The message that was sent under this Idempotency-Key, where its event was seen.
    pub fn message_of_key(&self, key: &str) -> Option<MessageId> {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, id)| *id)
    }

    pub fn message_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|message| message.id == id)
    }

    /// The message that is being written, if any.
    pub fn streaming(&self) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.status == MessageStatus::Streaming)
    }

    /// Whether a run goes on or waits for its turn.
    pub fn busy(&self) -> bool {
        self.run.is_some() || !self.queued.is_empty()
    }

    pub fn is_queued(&self, run: RunId) -> bool {
        self.queued.iter().any(|queued| queued.run_id == run)
    }

    fn replace(&mut self, snapshot: Snapshot) {
        // Older messages that the reader scrolled to stay, where they join the snapshot without a gap.
        let kept: Vec<Message> = match snapshot.messages.first() {
            Some(first) if self.messages.iter().any(|message| message.id == first.id) => {
                self.messages.iter().take_while(|message| message.id != first.id).cloned().collect()
            }
            _ => Vec::new(),
        };
        let earlier = if kept.is_empty() { snapshot.earlier } else { self.earlier };
        let fresh = Self::from_snapshot(snapshot);
        (self.messages, self.run, self.queued, self.ahead) = (fresh.messages, fresh.run, fresh.queued, fresh.ahead);
        (self.drafts, self.handoff) = (fresh.drafts, fresh.handoff);
        self.prepend(kept, earlier);
    }

    fn message_changed(&mut self, change: MessageChange) {
        if let Some(key) = change.key.clone().filter(|key| self.message_of_key(key).is_none()) {
            self.keys.push((key, change.id));
        }
        if let Some(message) = self.message_mut(change.id) {
            message.status = change.status;
            message.error = change.error;
            message.finished_at = change.finished_at;
            // A message that waited for its turn takes its place behind what was said meanwhile.
            if std::mem::replace(&mut message.seq, change.seq) != change.seq {
                self.messages.sort_by_key(|message| message.seq);
            }
            return;
        }
        let Some(parts) = change.parts else { return };
        let message = Message {
            id: change.id,
            run_id: change.run_id,
            role: change.role,
            status: change.status,
            parts,
            agent_id: change.agent_id,
            author: change.author,
            seq: change.seq,
            error: change.error,
            created_at: change.created_at,
            finished_at: change.finished_at,
        };
        let at = self.messages.partition_point(|shown| shown.seq < message.seq);
        self.messages.insert(at, message);
    }

    fn run(&mut self, run: RunState) {
        self.queued.retain(|queued| queued.run_id != run.run_id);
        match run.status {
            RunStatus::Queued => self.queued.push(run),
            RunStatus::Running | RunStatus::Waiting => {
                self.broken = None;
                self.run = Some(run);
            }
            _ => self.ended(run),
        }
    }

    fn ended(&mut self, run: RunState) {
        if self.run.as_ref().is_some_and(|current| current.run_id == run.run_id) {
            self.run = None;
            self.ahead = None;
            self.drafts.clear();
        }
        self.broken = (run.status != RunStatus::Completed).then_some(run);
    }

    fn append(&mut self, kind: Growing, delta: Delta) {
        self.ahead = None;
        let Some(message) = self.message_mut(delta.message_id) else { return };
        match message.parts.get_mut(delta.part) {
            Some(Part::Text { text }) if kind == Growing::Text => text.push_str(&delta.delta),
            Some(Part::Reasoning { text }) if kind == Growing::Reasoning => text.push_str(&delta.delta),
            Some(_) => {}
            None => message.parts.push(kind.part(delta.delta)),
        }
    }

    fn part(&mut self, change: PartChange) {
        // The calls of a step arrive together, whole.
        self.drafts.clear();
        let Some(message) = self.message_mut(change.message_id) else { return };
        match message.parts.get_mut(change.part) {
            Some(part) => *part = change.content,
            None => message.parts.push(change.content),
        }
    }

    fn used(&mut self, usage: RunUsage) {
        self.usage.retain(|known| known.run_id != usage.run_id);
        self.usage.push(usage);
    }

    /// The last answer of the thread, where it is at an end: what Continue and Retry are about.
    pub fn last_answer(&self) -> Option<&Message> {
        self.messages.last().filter(|message| message.role == Role::Assistant)
    }

    /// The thread's last message, where nothing answers it and nothing is about to.
    pub fn unanswered(&self) -> Option<&Message> {
        self.messages.last().filter(|message| message.role == Role::User && !self.busy())
    }

    /// The newest message of the member, to be edited and sent again.
    pub fn last_said(&self) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.role == Role::User)
    }

    /// What a settled run used, where it is known.
    pub fn usage_of(&self, run: RunId) -> Option<&RunUsage> {
        self.usage.iter().find(|usage| usage.run_id == run)
    }
}

/// A delta begins beyond the text that it continues.
struct Missing;

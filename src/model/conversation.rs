//! The reducer: events in, the state of a thread out. The server's first page and the browser use the same.

use crate::{
    ids::{MessageId, RunId},
    model::{
        message::{Growing, Message, MessageStatus, Part, Role},
        run::RunStatus,
        thread_event::{Delta, MessageChange, PartChange, RunState, RunUsage, Snapshot, ThreadChange, ThreadEvent},
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
    /// The newest change of the thread's title or status.
    pub thread: Option<ThreadChange>,
    /// Idempotency keys of messages that arrived: a tab recognises its own by them.
    pub keys: Vec<(String, MessageId)>,
}

impl Conversation {
    pub fn from_snapshot(snapshot: Snapshot) -> Self {
        let Snapshot { messages, earlier, run, queued, ahead } = snapshot;
        Self { messages, earlier, run, queued, ahead, ..Self::default() }
    }

    /// Applies one event. Events may come again (after a reconnect the server says some twice): that changes nothing.
    pub fn apply(&mut self, event: ThreadEvent) {
        match event {
            ThreadEvent::Snapshot(snapshot) => self.replace(snapshot),
            ThreadEvent::Message(change) => self.message(change),
            ThreadEvent::Run(run) => self.run(run),
            ThreadEvent::Text(delta) => self.append(Growing::Text, delta),
            ThreadEvent::Reasoning(delta) => self.append(Growing::Reasoning, delta),
            ThreadEvent::ToolCall(change) | ThreadEvent::ToolResult(change) => self.part(change),
            ThreadEvent::Queue(queue) => self.ahead = Some(queue.ahead).filter(|n| *n > 0),
            ThreadEvent::Usage(usage) => self.used(usage),
            ThreadEvent::Thread(change) => self.thread = Some(change),
            ThreadEvent::Error(_) => {}
        }
    }

    /// Puts older messages before those that are shown.
    pub fn prepend(&mut self, mut older: Vec<Message>, earlier: bool) {
        older.retain(|message| self.messages.iter().all(|shown| shown.id != message.id));
        older.append(&mut self.messages);
        self.messages = older;
        self.earlier = earlier;
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
        let (usage, keys, thread) = (std::mem::take(&mut self.usage), std::mem::take(&mut self.keys), self.thread.take());
        *self = Self { usage, keys, thread, ..Self::from_snapshot(snapshot) };
        self.prepend(kept, earlier);
    }

    fn message(&mut self, change: MessageChange) {
        if let Some(key) = change.key.clone() {
            self.keys.push((key, change.id));
        }
        if let Some(message) = self.message_mut(change.id) {
            message.status = change.status;
            message.error = change.error;
            message.finished_at = change.finished_at;
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
            RunStatus::Running | RunStatus::Waiting => self.run = Some(run),
            _ if self.run.as_ref().is_some_and(|current| current.run_id == run.run_id) => {
                self.run = None;
                self.ahead = None;
            }
            _ => {}
        }
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
}

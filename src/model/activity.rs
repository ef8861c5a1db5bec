//! What goes on in a thread, as its page shows it.

use crate::{
    ids::{MessageId, RunId},
    model::{
        conversation::Conversation,
        message::{Message, Part},
        run::{RunError, RunStatus},
        tool_call::ToolState,
    },
};

/// What goes on in the thread, apart from its messages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Activity {
    /// The run that goes on.
    pub run: Option<RunId>,
    pub queued: Vec<RunId>,
    pub ahead: Option<u32>,
    /// Whether an answer is being written at this moment.
    pub streaming: bool,
    /// Whether a call waits for the member's word.
    pub asks: bool,
    pub earlier: bool,
    /// The thread's last message, where it is an answer and nothing goes on.
    pub last_answer: Option<MessageId>,
    /// The run of the last message, where nothing answers it, and why.
    pub unanswered: Option<(RunId, Option<RunError>)>,
}

impl Activity {
    pub fn busy(&self) -> bool {
        self.run.is_some() || !self.queued.is_empty()
    }

    /// The run that Stop stops: the one that goes on, else the next.
    pub fn stoppable(&self) -> Option<RunId> {
        self.run.or_else(|| self.queued.first().copied())
    }

    pub fn of(conversation: &Conversation) -> Self {
        let idle = !conversation.busy();
        Self {
            run: conversation.run.as_ref().map(|run| run.run_id),
            queued: conversation.queued.iter().map(|run| run.run_id).collect(),
            ahead: conversation.ahead,
            streaming: conversation.streaming().is_some() && !parked(conversation),
            asks: conversation.streaming().is_some_and(asks),
            earlier: conversation.earlier,
            last_answer: conversation.last_answer().filter(|_| idle).map(|message| message.id),
            unanswered: conversation.unanswered().map(|message| (message.run_id, why(conversation, message.run_id))),
        }
    }
}

/// Nothing is written while a run waits.
fn parked(conversation: &Conversation) -> bool {
    conversation.run.as_ref().is_some_and(|run| run.status == RunStatus::Waiting)
}

fn asks(message: &Message) -> bool {
    message.parts.iter().any(|part| matches!(part, Part::ToolCall(call) if call.state == ToolState::Waiting))
}

fn why(conversation: &Conversation, run: RunId) -> Option<RunError> {
    conversation.broken.as_ref().filter(|broken| broken.run_id == run).and_then(|broken| broken.error.clone())
}

//! Messages that a member sent and the server has not been heard to have. They survive a reload, and their keys make
//! sending one again harmless.

use serde::{Deserialize, Serialize};

use crate::{error::AppError, ids::MessageId, model::conversation::Conversation};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The Idempotency-Key, made by the browser.
    pub key: String,
    pub text: String,
    #[serde(skip)]
    pub state: SendState,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SendState {
    #[default]
    Sending,
    /// The server has it under this id; its event is on the way.
    Sent(MessageId),
    /// The server could not be reached; the next attempt is planned.
    Waiting { attempts: u32 },
    /// A rate limit: it is tried again after so many seconds.
    Limited { seconds: u32 },
    /// The server refused it, or it failed: the member decides.
    Failed(AppError),
}

impl Outgoing {
    pub fn new(key: String, text: String) -> Self {
        Self { key, text, state: SendState::Sending }
    }

    /// Whether the conversation shows the message already.
    pub fn arrived(&self, conversation: &Conversation) -> bool {
        let sent = match &self.state {
            SendState::Sent(id) => Some(*id),
            _ => None,
        };
        let id = sent.or_else(|| conversation.message_of_key(&self.key));
        id.is_some_and(|id| conversation.message(id).is_some())
    }

    /// What a failed attempt makes of it: only an unreachable server, and one that says how long to wait, are tried again
    /// unasked.
    pub fn failed(&mut self, error: AppError) {
        let attempts = match self.state {
            SendState::Waiting { attempts } => attempts + 1,
            _ => 1,
        };
        self.state = match error {
            AppError::Offline => SendState::Waiting { attempts },
            AppError::RateLimited { retry_after_s, .. } => {
                SendState::Limited { seconds: u32::try_from(retry_after_s).unwrap_or(u32::MAX) }
            }
            error => SendState::Failed(error),
        };
    }
}

/// Milliseconds before attempt number `attempts + 1`: one second, doubling to ten.
pub fn pause(attempts: u32) -> u32 {
    1_000_u32.saturating_mul(1 << attempts.saturating_sub(1).min(4)).min(10_000)
}

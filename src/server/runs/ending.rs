//! How a run ends, and what its thread is told of it.

use crate::{
    model::{
        budget::Refusal,
        message::MessageStatus,
        run::{RunError, RunStatus},
    },
    server::models::FinishReason,
};

/// How a run ends.
pub struct Ending {
    pub run: RunStatus,
    pub message: MessageStatus,
    pub error: Option<RunError>,
    /// What stands behind the error, in the provider's own words: for admins, never for the thread.
    pub cause: Option<String>,
}

impl Ending {
    pub fn stopped() -> Self {
        Self { run: RunStatus::Stopped, message: MessageStatus::Stopped, error: None, cause: None }
    }

    pub fn failed(error: RunError) -> Self {
        Self { run: RunStatus::Failed, message: MessageStatus::Failed, error: Some(error), cause: None }
    }

    pub fn because(self, cause: String) -> Self {
        Self { cause: Some(cause), ..self }
    }

    pub fn interrupted() -> Self {
        let message = "The server was restarted while this was being written. What arrived is kept; you can continue from here.";
        let error = RunError::new("interrupted", message, true);
        Self { run: RunStatus::Interrupted, message: MessageStatus::Interrupted, error: Some(error), cause: None }
    }

    pub fn completed() -> Self {
        Self { run: RunStatus::Completed, message: MessageStatus::Completed, error: None, cause: None }
    }

    /// A budget did not allow the next call.
    pub fn over_budget(refusal: Box<Refusal>) -> Self {
        let message = refusal.to_string();
        Self::failed(RunError { refusal: Some(refusal), ..RunError::new("budget", message, true) })
    }

    /// The group's plan does not include the model.
    pub fn not_in_plan(message: String) -> Self {
        Self::failed(RunError::new("plan", message, false))
    }

    /// Whoever the agent worked for left the group meanwhile.
    pub fn not_a_member() -> Self {
        let message = "Tools act in a member's name, and this thread's person is no member of the group any more.".to_owned();
        Self::failed(RunError::new("not_a_member", message, false))
    }

    /// A limit of one turn was reached: `steps`, `seconds`, or `repeats` of the same call.
    pub fn limit(what: &str) -> Self {
        let message = match what {
            "repeats" => {
                "The agent went in circles: it made the very same call again and again. Continue to let it go on.".to_owned()
            }
            _ => format!("The agent reached its limit of {} for one turn. Continue to let it go on.", what.replace('_', " ")),
        };
        Self::failed(RunError::new(format!("limit_{what}"), message, true))
    }

    /// Some models think and then say nothing.
    pub fn empty() -> Self {
        let message =
            "The model ended without an answer. Try again; if it stays silent, ask in other words or use another model.";
        Self::failed(RunError::new("empty_answer", message, true))
    }

    pub fn finished(reason: FinishReason) -> Self {
        match reason {
            FinishReason::Stop | FinishReason::ToolCalls => Self::completed(),
            FinishReason::Length => {
                let message = "The answer reached its length limit. Continue to let the agent go on.".to_owned();
                Self { error: Some(RunError::new("limit_output_tokens", message, true)), ..Self::completed() }
            }
            FinishReason::ContentFilter => {
                let message = "The model's provider withheld the rest. Rephrase the message and try again.".to_owned();
                Self::failed(RunError::new("content_filtered", message, false))
            }
        }
    }
}

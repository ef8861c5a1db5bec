//! Each call of an embedder is let through by the group's budgets and plan, is a row of the ledger, and counts.

use crate::{
    error::{AppError, Result},
    model::provider::Usage,
    server::{
        budgets::{
            counter::Worst,
            outside::{Asking, Ended},
        },
        embedders::{EmbedderName, Vectors},
        models::ModelError,
        store::calls::Counted,
    },
};

/// Tokens that an embedder may put around each text.
const FRAME: usize = 4;

/// What a call is about to ask. No token is shorter than a byte.
pub fn asking<'a>(name: &'a EmbedderName, texts: &[String]) -> Asking<'a> {
    let bytes: usize = texts.iter().map(|text| text.len() + FRAME).sum();
    let worst = Worst { input_tokens: bytes as i64, output_tokens: 0 };
    Asking { purpose: "embedding", provider: &name.provider, model: &name.model, agent: None, worst }
}

/// How a call ended, as it is booked.
pub fn ended(answer: &Result<Vectors, ModelError>) -> Ended {
    let (tokens, estimated) = answer.as_ref().map_or((0, true), |answer| (answer.tokens, answer.estimated));
    Ended {
        status: if answer.is_ok() { "completed" } else { "failed" },
        error_kind: answer.as_ref().err().map(ModelError::kind),
        usage: Usage { input_tokens: tokens, ..Usage::default() },
        counted: if estimated { Counted::Estimated } else { Counted::Reported },
    }
}

/// Whether a budget or the plan did not let the call begin, rather than something being broken.
pub fn is_refusal(error: &AppError) -> bool {
    matches!(error, AppError::OverBudget { .. } | AppError::Conflict { .. })
}

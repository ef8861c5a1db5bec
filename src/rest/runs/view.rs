//! The wire format of runs.

use crate::model::{self, Millis, run::RunError};
use crate::rest::budgets::RefusalView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

super::super::words! {
    /// `completed`, `stopped`, `failed` and `interrupted` are final.
    RunStatus from model::run::RunStatus { Queued, Running, Waiting, Completed, Stopped, Failed, Interrupted }

    /// What a run does: it answers a message, goes on after a run, or answers again.
    RunKind from model::run::RunKind { Message, Continue, Retry }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
pub struct RunView {
    id: Uuid,
    thread_id: Uuid,
    kind: RunKind,
    status: RunStatus,
    agent_version: i64,
    /// Model calls so far.
    steps: i64,
    usage: Usage,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RunProblem>,
    created_at: Millis,
    #[schema(required)]
    started_at: Option<Millis>,
    #[schema(required)]
    finished_at: Option<Millis>,
}

/// Tokens. The five classes are disjoint: their sum is all that was processed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    input_tokens: i64,
    cache_read_tokens: i64,
    cache_write_tokens: i64,
    output_tokens: i64,
    reasoning_tokens: i64,
}

/// Why a run failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunError)]
pub struct RunProblem {
    /// Stable: `unavailable`, `rate_limited`, `limit_seconds`, …
    code: String,
    message: String,
    /// Whether the same may succeed later.
    retryable: bool,
    /// Of `budget`: the budget that did not allow it, and how it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<RefusalView>,
}

impl From<model::run::Run> for RunView {
    fn from(run: model::run::Run) -> Self {
        Self {
            id: run.id.uuid(),
            thread_id: run.thread_id.uuid(),
            kind: run.kind.into(),
            status: run.status.into(),
            agent_version: run.agent_version,
            steps: run.steps,
            usage: run.usage.into(),
            error: run.error.map(Into::into),
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
        }
    }
}

impl From<model::provider::Usage> for Usage {
    fn from(usage: model::provider::Usage) -> Self {
        let model::provider::Usage { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens } =
            usage;
        Self { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens }
    }
}

impl From<RunError> for RunProblem {
    fn from(RunError { code, message, retryable, refusal }: RunError) -> Self {
        Self { code, message, retryable, details: refusal.map(|refusal| (*refusal).into()) }
    }
}

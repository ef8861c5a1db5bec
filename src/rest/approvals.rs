//! `/groups/{slug}/approvals`: calls of tools that wait for the key's holder.

use super::{
    caller::ApiMember,
    input::{Filter, Id, Input},
    page::{LIMIT, Listed, Paging, limit},
    problem::{NotChanged, Problem, Refused},
};
use crate::{
    ids::ToolCallId,
    model::{self, Millis, approval::PendingApproval, tool_call::ToolCall},
    server::{runs::approvals, state::App},
};
use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

super::words! {
    Verdict from model::tool_call::Verdict { Approved, Denied }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Approval)]
pub struct ApprovalView {
    /// Also the `call_id` of the call.
    id: Uuid,
    thread_id: Uuid,
    /// The agent that asks.
    agent: String,
    /// The tool.
    name: String,
    #[schema(value_type = Object)]
    input: Value,
    created_at: Millis,
    /// After this it counts as denied.
    expires_at: Millis,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    decision: Verdict,
    /// For the model, and for the record: at most 500 characters.
    #[serde(default)]
    reason: String,
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decided)]
pub struct DecidedView {
    id: Uuid,
    name: String,
    decision: Verdict,
    #[schema(required)]
    decided_by: Option<String>,
    #[schema(required)]
    reason: Option<String>,
    decided_at: Millis,
}

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(decide))
}

/// What waits for the key's holder, oldest first.
#[utoipa::path(
    get, path = "/groups/{slug}/approvals", operation_id = "list_approvals", tag = "approvals",
    params(("slug" = String, Path, description = "The group"), Paging),
    responses((status = 200, body = Listed<ApprovalView>), Refused)
)]
async fn list(caller: ApiMember, Filter(paging): Filter<Paging>) -> Result<Json<Listed<ApprovalView>>, Problem> {
    let limit = limit(paging.limit, LIMIT)?;
    Ok(Listed::of(caller.app.store.tool_calls(&caller.member).waiting(paging.after.as_deref(), limit).await?))
}

/// Allows the call or denies it. A second decision is refused with 409; the run goes on once none of its calls waits.
#[utoipa::path(
    post, path = "/groups/{slug}/approvals/{id}", operation_id = "decide_approval", tag = "approvals",
    params(("slug" = String, Path, description = "The group"), ("id" = Uuid, Path, description = "The approval")),
    request_body = NewDecision,
    responses((status = 200, body = DecidedView), Refused, NotChanged)
)]
async fn decide(caller: ApiMember, Id(id): Id<ToolCallId>, Input(new): Input<NewDecision>) -> Result<Json<DecidedView>, Problem> {
    let call = approvals::decide(&caller.app, &caller.member, id, new.decision.into(), &new.reason).await?;
    Ok(Json(decided(call, new.decision)))
}

fn decided(call: ToolCall, decision: Verdict) -> DecidedView {
    let made = call.approval.and_then(|approval| approval.decision);
    let decided_at = made.as_ref().map_or(0, |made| made.at);
    let (decided_by, reason) = made.map(|made| (made.by, made.reason)).unwrap_or_default();
    DecidedView { id: call.call_id.uuid(), name: call.name, decision, decided_by, reason, decided_at }
}

impl From<PendingApproval> for ApprovalView {
    fn from(approval: PendingApproval) -> Self {
        let PendingApproval { id, thread_id, agent, name, input, created_at, expires_at, .. } = approval;
        Self { id: id.uuid(), thread_id: thread_id.uuid(), agent, name, input, created_at, expires_at }
    }
}

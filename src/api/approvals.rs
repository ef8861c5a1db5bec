//! Calls of tools that wait for their member.

use crate::{
    error::Result,
    ids::ToolCallId,
    model::{
        approval::PendingApproval,
        group::Slug,
        page::Page,
        tool_call::{ToolCall, Verdict},
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// What waits for this member, oldest first.
#[server(prefix = "/fn", endpoint = "approvals", input = Json)]
pub async fn approvals(slug: Slug) -> Result<Page<PendingApproval>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.tool_calls(&member).waiting(None, 50).await
}

/// Allows a call or denies it; the run goes on once nothing of it waits. A plain form: it works before the page does.
#[server(prefix = "/fn", endpoint = "decide_approval")]
pub async fn decide_approval(
    slug: Slug,
    call_id: ToolCallId,
    verdict: Verdict,
    #[server(default)] reason: String,
) -> Result<ToolCall> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::runs::approvals::decide(&app, &member, call_id, verdict, &reason).await
}

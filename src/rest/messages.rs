//! `/groups/{slug}/threads/{id}/messages`: what was said in a thread, and saying more.

mod view;

use super::{
    accepted,
    caller::ApiMember,
    input::{Filter, Id, Input, header},
    page::{Listed, Paging, limit},
    problem::{NotChanged, OverBudget, Problem, Refused},
};
use crate::{
    error::AppError,
    ids::ThreadId,
    model::page::Page,
    server::{runs, state::App},
};
use axum::{Json, http::HeaderMap, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{MessageView, NewMessage, SentView};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, send))
}

/// Messages of a thread, the newest page first; those of a page in the order in which they were said.
#[utoipa::path(
    get, path = "/groups/{slug}/threads/{id}/messages", operation_id = "list_messages", tag = "messages",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread"), Paging),
    responses((status = 200, body = Listed<MessageView>), Refused)
)]
async fn list(
    caller: ApiMember,
    Id(thread): Id<ThreadId>,
    Filter(paging): Filter<Paging>,
) -> Result<Json<Listed<MessageView>>, Problem> {
    let limit = limit(paging.limit, 10)?;
    let before = paging.after.as_deref().map_or(Ok(i64::MAX), str::parse);
    let before = before.map_err(|_| AppError::invalid("after", "This is no cursor of this list. Start again without one."))?;
    let page = caller.app.store.messages(&caller.member).before(thread, before, limit).await?;
    let next = page.messages.first().filter(|_| page.earlier).map(|oldest| oldest.seq.to_string());
    Ok(Listed::of(Page { items: page.messages, next }))
}

/// Sends a message. The run that answers it goes on in the background: follow the thread's events, or ask for the run.
/// The same `Idempotency-Key` again answers the same, and sends nothing.
#[utoipa::path(
    post, path = "/groups/{slug}/threads/{id}/messages", operation_id = "send_message", tag = "messages",
    params(
        ("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 characters that no other message has")
    ),
    request_body = NewMessage,
    responses((status = 202, body = SentView), Refused, NotChanged, OverBudget)
)]
async fn send(
    caller: ApiMember,
    Id(thread): Id<ThreadId>,
    headers: HeaderMap,
    Input(new): Input<NewMessage>,
) -> Result<Response, Problem> {
    let key = header(&headers, "Idempotency-Key")?;
    let sent = runs::send(&caller.app, &caller.member, thread, &new.text, key).await?;
    Ok(accepted(SentView::from(sent)))
}

//! Messages of a thread.

use crate::{
    error::Result,
    ids::ThreadId,
    model::{group::Slug, message::EarlierMessages, run::Sent},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Sends a message; the answer is the run that will answer it. `key` makes a repeated call harmless.
/// A plain form may post it too: it comes back to the page that it stands on.
#[server(prefix = "/fn", endpoint = "send_message")]
pub async fn send_message(slug: Slug, thread_id: ThreadId, text: String, key: Option<String>) -> Result<Sent> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::runs::send(&app, &member, thread_id, &text, key.as_deref()).await
}

/// The messages before `seq`, oldest first.
#[server(name = GetEarlierMessages, prefix = "/fn", endpoint = "earlier_messages", input = Json)]
pub async fn earlier_messages(slug: Slug, thread_id: ThreadId, seq: i64) -> Result<EarlierMessages> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.messages(&member).before(thread_id, seq, 20).await
}

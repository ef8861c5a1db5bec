//! A member's threads.

use crate::{
    error::Result,
    ids::{AgentId, ThreadId},
    model::{
        group::Slug,
        page::Page,
        thread::{Thread, ThreadFilter, ThreadPage, ThreadStatus},
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Threads by newest activity. `after` is the `next` of the page before.
#[server(prefix = "/fn", endpoint = "threads", input = Json)]
pub async fn threads(slug: Slug, filter: ThreadFilter, after: Option<String>) -> Result<Page<Thread>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.threads(&member).list(&filter, after.as_deref(), 30).await
}

#[server(name = GetThread, prefix = "/fn", endpoint = "thread", input = Json)]
pub async fn thread(slug: Slug, id: ThreadId) -> Result<ThreadPage> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::threads::page(&app, &member, id).await
}

/// Starts a thread with an agent, sends `text` in it where there is one, and goes to its page.
#[server(prefix = "/fn", endpoint = "start_thread")]
pub async fn start_thread(slug: Slug, agent_id: AgentId, text: Option<String>) -> Result<ThreadId> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let id = crate::server::threads::start(&app, &member, agent_id, text.as_deref()).await?;
    leptos_axum::redirect(&format!("/g/{slug}/threads/{id}"));
    Ok(id)
}

#[server(prefix = "/fn", endpoint = "rename_thread", input = Json)]
pub async fn rename_thread(slug: Slug, id: ThreadId, title: String) -> Result<Thread> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::threads::rename(&app, &member, id, &title).await
}

/// Archives or restores.
#[server(prefix = "/fn", endpoint = "set_thread_status", input = Json)]
pub async fn set_thread_status(slug: Slug, id: ThreadId, status: ThreadStatus) -> Result<Thread> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::threads::set_status(&app, &member, id, status).await
}

/// Deletes a thread with its messages for good; what it used stays in the ledger.
#[server(prefix = "/fn", endpoint = "delete_thread", input = Json)]
pub async fn delete_thread(slug: Slug, id: ThreadId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::threads::delete(&app, &member, id).await
}

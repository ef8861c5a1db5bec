//! Signing up, in and out, and what one sees of oneself.

use crate::{
    error::Result,
    model::person::{Me, SessionInfo},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Who is signed in; `None` for nobody.
#[server(name = GetMe, prefix = "/fn", endpoint = "me", input = Json)]
pub async fn me() -> Result<Option<Me>> {
    crate::server::account::me().await
}

/// Whether a stranger may sign up: only the first person can, who makes the first group and becomes its owner.
#[server(prefix = "/fn", endpoint = "sign_up_open", input = Json)]
pub async fn sign_up_open() -> Result<bool> {
    crate::server::account::sign_up_open().await
}

/// Makes the first person and the first group, signs in, and goes to the group's dashboard.
#[server(prefix = "/fn", endpoint = "sign_up")]
pub async fn sign_up(name: String, email: String, password: String, group_name: String) -> Result<()> {
    crate::server::account::sign_up(&name, &email, password, &group_name).await
}

/// Signs in and goes to `next` (a path on this server), else to the first group's dashboard.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<()> {
    crate::server::account::sign_in(&email, password, next.as_deref()).await
}

/// Ends this session and goes to the sign-in page.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<()> {
    crate::server::account::sign_out().await
}

/// Where one is signed in, newest first.
#[server(prefix = "/fn", endpoint = "sessions", input = Json)]
pub async fn sessions() -> Result<Vec<SessionInfo>> {
    crate::server::account::sessions().await
}

/// Ends every session but this one.
#[server(prefix = "/fn", endpoint = "sign_out_elsewhere")]
pub async fn sign_out_elsewhere() -> Result<()> {
    crate::server::account::sign_out_elsewhere().await
}

/// Changes the password and ends every other session.
#[server(prefix = "/fn", endpoint = "change_password")]
pub async fn change_password(current: String, new: String) -> Result<()> {
    crate::server::account::change_password(current, new).await
}

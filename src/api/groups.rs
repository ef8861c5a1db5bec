//! A group's own settings. Admins and owners read and change them.

use crate::{
    error::Result,
    model::{Millis, group::Slug},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// For how long an approval may be given, in milliseconds.
#[server(prefix = "/fn", endpoint = "approval_time", input = Json)]
pub async fn approval_time(slug: Slug) -> Result<Millis> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let admin = member.admin()?;
    app.store.groups(&admin).approval_time().await
}

#[server(prefix = "/fn", endpoint = "set_approval_time", input = Json)]
pub async fn set_approval_time(slug: Slug, time: Millis) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::groups::set_approval_time(&app, &member.admin()?, time).await
}

//! A group's own settings. Admins and owners read and change them.

use crate::{
    error::Result,
    model::{
        Millis,
        group::{GroupZone, Slug},
    },
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

/// The time zone by which the group's days are counted, and why it cannot be changed any more.
#[server(prefix = "/fn", endpoint = "time_zone", input = Json)]
pub async fn time_zone(slug: Slug) -> Result<GroupZone> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::groups::time_zone(&app, &member).await
}

#[server(prefix = "/fn", endpoint = "set_time_zone", input = Json)]
pub async fn set_time_zone(slug: Slug, name: String) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::groups::set_time_zone(&app, &member.admin()?, &name).await
}

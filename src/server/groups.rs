//! Rules about a group's own settings.

use crate::{
    error::{AppError, Result},
    model::{Millis, group::APPROVAL_TIME},
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            usage::rebuild,
        },
        usage::zone::Zone,
    },
};
use serde_json::json;

/// For how long an approval may be given, from now on; those that wait keep their time.
pub async fn set_approval_time(app: &App, admin: &Admin, time: Millis) -> Result<()> {
    if !APPROVAL_TIME.contains(&time) {
        return Err(AppError::invalid("approval_time", "Use a time from 1 minute to 30 days."));
    }
    let mut tx = app.store.begin().await?;
    app.store.groups(admin).set_approval_time(&mut tx, time).await?;
    let event = Event::new("group.approval_time_set", "group", admin.group_id().uuid()).with(json!({ "milliseconds": time }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await
}

/// Moves the group to a time zone: its days and months are counted by it from now on, those of the past too. Months that
/// are closed stay as they are.
pub async fn set_time_zone(app: &App, admin: &Admin, name: &str) -> Result<()> {
    let zone = Zone::parse(name)?;
    let mut tx = app.store.begin().await?;
    rebuild::move_to(&mut tx, admin.group_id(), &zone).await?;
    let event = Event::new("group.time_zone_set", "group", admin.group_id().uuid()).with(json!({ "time_zone": zone.name() }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    app.store.prices(admin).changed();
    Ok(())
}

//! Rules about a group's own settings.

use crate::{
    error::{AppError, Result},
    model::{
        Millis,
        group::{APPROVAL_TIME, GroupZone},
    },
    server::{
        member::{Admin, Member},
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

/// Moves the group to a time zone: its days and months are counted by it from now on, those of the past too. Once a month
/// is closed the zone stays, else its statement and the sums would disagree.
pub async fn set_time_zone(app: &App, admin: &Admin, name: &str) -> Result<()> {
    let zone = Zone::parse(name)?;
    let mut tx = app.store.begin().await?;
    if let Some(why) = rebuild::fixed(&mut tx, admin.group_id()).await? {
        return Err(AppError::conflict(why));
    }
    rebuild::move_to(&mut tx, admin.group_id(), &zone).await?;
    let event = Event::new("group.time_zone_set", "group", admin.group_id().uuid()).with(json!({ "time_zone": zone.name() }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    app.store.prices(admin).changed();
    Ok(())
}

/// The time zone by which the group's days are counted, and whether it may still be another.
pub async fn time_zone(app: &App, member: &Member) -> Result<GroupZone> {
    let name = app.store.prices(member).zone().await?.name().to_owned();
    Ok(GroupZone { name, fixed: app.store.groups(member).zone_fixed().await?.map(str::to_owned) })
}

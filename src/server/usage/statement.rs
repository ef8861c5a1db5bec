//! Months that are over are closed: what they came to is written down with the names of then, and stays.

use super::{
    days,
    zone::{HOUR, Zone},
};
use crate::{
    error::{AppError, Result},
    ids::GroupId,
    model::{
        Millis,
        calendar::{Date, Month},
        usage::{
            By, KeySums, Sums, UsageFilter,
            statement::{Line, MonthSum, Statement},
        },
    },
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            statements,
            usage::{Span, Usage},
        },
    },
};
use serde_json::json;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How long after its end a month is closed: by then every call that ended in it is booked.
const GRACE: Millis = HOUR;

/// How often months that are over are looked for.
const LOOK: Duration = Duration::from_secs(600);

/// A month of the admin's group: as it was closed, or as it stands.
pub async fn read(app: &App, admin: &Admin, month: Month) -> Result<Statement> {
    let zone = app.store.prices(admin).zone().await?;
    let now = app.clock.now();
    if zone.day(now) < month.days().start {
        return Err(AppError::NotFound);
    }
    if let Some(closed) = app.store.statements(admin).get(month).await? {
        return Ok(closed);
    }
    let usage = app.store.usage(admin);
    if over(&zone, month, now) {
        close(app, admin.group_id(), admin.group_name(), &usage, &zone, month).await?;
        return app.store.statements(admin).get(month).await?.ok_or(AppError::NotFound);
    }
    add_up(&usage, admin.group_name(), &zone, month, None).await
}

fn over(zone: &Zone, month: Month, now: Millis) -> bool {
    zone.start_of(month.days().end) + GRACE <= now
}

async fn close(app: &App, group: GroupId, name: &str, usage: &Usage<'_>, zone: &Zone, month: Month) -> Result<()> {
    let now = app.clock.now();
    let statement = add_up(usage, name, zone, month, Some(now)).await?;
    let mut tx = app.store.begin().await?;
    // Whoever was quicker has closed it: then it stays as it is.
    if statements::insert(&mut tx, group, &statement, now).await? {
        let data = json!({ "month": month, "cost_microusd": statement.totals.cost_microusd, "calls": statement.totals.calls });
        let event = Event::new("statement.closed", "group", group.uuid()).with(data);
        audit::record(&mut tx, &app.clock, Actor { group: Some(group), person: None }, event).await?;
    }
    tx.commit().await
}

async fn add_up(usage: &Usage<'_>, group: &str, zone: &Zone, month: Month, closed_at: Option<Millis>) -> Result<Statement> {
    let (span, filter) = (Span::Days(month.days()), UsageFilter::default());
    let lines = async |by| -> Result<Vec<Line>> { Ok(usage.by(&span, &filter, by).await?.into_iter().map(line).collect()) };
    let models = lines(By::Model).await?;
    let mut totals = Sums::default();
    models.iter().for_each(|line| totals += line.sums);
    Ok(Statement {
        group: group.to_owned(),
        month,
        time_zone: zone.name().to_owned(),
        closed_at,
        totals,
        models,
        agents: lines(By::Agent).await?,
        people: lines(By::Person).await?,
        purposes: lines(By::Purpose).await?,
    })
}

fn line(sums: KeySums) -> Line {
    let KeySums { key, name, sums } = sums;
    Line { name: key.words(name.as_deref()), key, sums }
}

/// The months in which anything was used, newest first.
pub async fn months(app: &App, admin: &Admin) -> Result<Vec<MonthSum>> {
    let bars = app.store.usage(admin).bars(&Span::Days(i64::MIN..i64::MAX), &UsageFilter::default()).await?;
    let closed = app.store.statements(admin).months().await?;
    let mut months: Vec<MonthSum> = Vec::new();
    for bar in bars {
        let month = Date::of(bar.at).month();
        if months.last().is_none_or(|last| last.month != month) {
            let closed = closed.contains(&month);
            months.push(MonthSum { month, closed, calls: 0, cost_microusd: 0, unknown_price_calls: 0 });
        }
        if let Some(last) = months.last_mut() {
            last.calls += bar.calls;
            last.cost_microusd += bar.cost_microusd;
            last.unknown_price_calls += bar.unknown_price_calls;
        }
    }
    months.reverse();
    Ok(months)
}

/// Closes every day and every month that is over, of every group, for as long as the server runs.
pub async fn keep_closing(app: App) {
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        // Errors are logged where they arise; the next look tries again.
        let _ = days::close_all(&app).await;
        let _ = close_all(&app).await;
    }
}

/// Closes what is over and not closed yet; answers how many months.
pub async fn close_all(app: &App) -> Result<usize> {
    let mut closed = 0;
    // Months end for all groups, whether or not a member looks.
    for open in app.store.system().unclosed_groups().await? {
        let zone = Zone::parse(&open.time_zone).unwrap_or_else(|_| Zone::utc());
        let mut month = open.first;
        while over(&zone, month, app.clock.now()) {
            if !open.closed.contains(&month) {
                // As above: closing is nobody's in particular.
                let usage = app.store.system().usage(open.group);
                close(app, open.group, &open.name, &usage, &zone, month).await?;
                closed += 1;
            }
            month = month.next();
        }
    }
    Ok(closed)
}

//! `GET /g/{slug}/usage.csv`: the ledger as a file, for whoever is signed in. The JSON API has the same by a key.

use crate::{
    error::{AppError, Result},
    model::{calendar::DayNumber, group::Slug, usage::ask::UsageAsk},
    server::{
        http::server_fns::refusal,
        member,
        state::App,
        store::usage::calls::Which,
        usage::{
            csv,
            period::{self, Period},
        },
    },
};
use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use std::collections::HashMap;

pub async fn usage(
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Query(fields): Query<HashMap<String, String>>,
) -> Response {
    match export(app, &slug, &headers, &fields).await {
        Ok(response) => response,
        Err(error) => refusal(&error),
    }
}

/// The days of the page that the link stands on, by the same query.
async fn export(app: App, slug: &str, headers: &HeaderMap, fields: &HashMap<String, String>) -> Result<Response> {
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    let member = member::by_cookie(&app, headers, &slug).await?;
    let ask = UsageAsk::of(|name| fields.get(name).cloned());
    let zone = app.store.prices(&member).zone().await?;
    let today: DayNumber = zone.day(app.clock.now());
    let times = period::times(&zone, &Period::of(&ask, today)?.days);
    let which = Which { filter: ask.filter, ..Which::default() };
    csv::response(&app, &member, (Some(times.start), Some(times.end)), which).await
}

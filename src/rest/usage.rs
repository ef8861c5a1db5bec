//! `/groups/{slug}/usage`: what was used and what it cost. Admins and owners see the whole group, others their own.

mod view;

use super::{
    caller::ApiMember,
    input::Filter,
    problem::{Problem, Refused},
};
use crate::{
    model::usage::UsageFilter,
    server::{
        state::App,
        store::usage::calls::Which,
        usage::{csv, report},
    },
};
use axum::{Json, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{CsvQuery, UsageQuery, UsageReport};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(export))
}

/// Sums of the ledger: in all, and told apart by one thing, for the whole stretch or for each hour, day or month of the
/// group's time zone. Both ends are moved to the hour that they are in.
#[utoipa::path(
    get, path = "/groups/{slug}/usage", operation_id = "get_usage", tag = "usage",
    params(("slug" = String, Path, description = "The group"), UsageQuery),
    responses((status = 200, body = UsageReport), Refused)
)]
async fn read(caller: ApiMember, Filter(query): Filter<UsageQuery>) -> Result<Json<UsageReport>, Problem> {
    Ok(Json(report::report(&caller.app, &caller.member, &query.into()).await?.into()))
}

/// The ledger itself, oldest first: a line for each model call. The same stretch of the past gives the same bytes.
#[utoipa::path(
    get, path = "/groups/{slug}/usage.csv", operation_id = "export_usage", tag = "usage",
    params(("slug" = String, Path, description = "The group"), CsvQuery),
    responses((status = 200, description = "Comma-separated values, RFC 4180", body = String, content_type = "text/csv"), Refused)
)]
async fn export(caller: ApiMember, Filter(query): Filter<CsvQuery>) -> Result<Response, Problem> {
    let ends = (query.from, query.to);
    let which = Which { filter: UsageFilter::from(query), ..Which::default() };
    Ok(csv::response(&caller.app, &caller.member, ends, which).await?)
}

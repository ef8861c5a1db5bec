//! `/groups/{slug}/budgets`: how much may be used in a day or a month. Admins and owners see and decide it.

mod view;

use super::{
    caller::ApiAdmin,
    input::Input,
    page::Listed,
    problem::{ForAdmins, NotChanged, Problem, Refused},
};
use crate::{
    model::page::Page,
    server::{budgets, state::App},
};
use axum::Json;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{BudgetView, NewBudget, NewBudgets, RefusalView};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, replace))
}

/// All budgets of the group, with what is spent and reserved in the period that goes on.
#[utoipa::path(
    get, path = "/groups/{slug}/budgets", operation_id = "list_budgets", tag = "usage",
    params(("slug" = String, Path, description = "The group")),
    responses((status = 200, body = Listed<BudgetView>), Refused, ForAdmins)
)]
async fn list(caller: ApiAdmin) -> Result<Json<Listed<BudgetView>>, Problem> {
    let items = budgets::list(&caller.app, &caller.admin).await?;
    Ok(Listed::of(Page { items, next: None }))
}

/// Makes the group's budgets these. Those that were there before keep what is spent and reserved; what comes with the
/// group's plan stays.
#[utoipa::path(
    put, path = "/groups/{slug}/budgets", operation_id = "replace_budgets", tag = "usage",
    params(("slug" = String, Path, description = "The group")), request_body = NewBudgets,
    responses((status = 200, body = Listed<BudgetView>), Refused, NotChanged, ForAdmins)
)]
async fn replace(caller: ApiAdmin, Input(body): Input<Value>) -> Result<Json<Listed<BudgetView>>, Problem> {
    let items = budgets::replace(&caller.app, &caller.admin, NewBudgets::parse(body)?.into_drafts()).await?;
    Ok(Listed::of(Page { items, next: None }))
}

//! `/groups/{slug}/escalations`: threads in which an agent asked for a person.

use super::{
    caller::ApiMember,
    input::Filter,
    page::{LIMIT, Listed, limit},
    problem::{Problem, Refused},
};
use crate::{
    model::{self, Millis, escalation::Escalation},
    server::state::App,
};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

super::words! {
    /// `open` until somebody claims it.
    EscalationStatus from model::escalation::EscalationStatus { Open, Claimed, Resolved }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Escalation)]
pub struct EscalationView {
    id: Uuid,
    thread_id: Uuid,
    /// What the agent says of why a person is needed.
    reason: String,
    status: EscalationStatus,
    /// The member who talks in the thread.
    person: String,
    agent: String,
    created_at: Millis,
    updated_at: Millis,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EscalationsQuery {
    /// All where it is not given.
    #[param(inline)]
    status: Option<EscalationStatus>,
    /// Items of the page: 1 to 100, usually 30.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
    /// The `next` of the page before.
    after: Option<String>,
}

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Escalations, newest first: of the whole group for owners, admins and operators, else of the holder's own threads.
#[utoipa::path(
    get, path = "/groups/{slug}/escalations", operation_id = "list_escalations", tag = "escalations",
    params(("slug" = String, Path, description = "The group"), EscalationsQuery),
    responses((status = 200, body = Listed<EscalationView>), Refused)
)]
async fn list(caller: ApiMember, Filter(query): Filter<EscalationsQuery>) -> Result<Json<Listed<EscalationView>>, Problem> {
    let limit = limit(query.limit, LIMIT)?;
    let (store, all) = (caller.app.store.escalations(&caller.member), caller.member.role().answers());
    Ok(Listed::of(store.list(all, query.status.map(Into::into), query.after.as_deref(), limit).await?))
}

impl From<Escalation> for EscalationView {
    fn from(escalation: Escalation) -> Self {
        let Escalation { id, thread_id, reason, status, person, agent, created_at, updated_at } = escalation;
        let (id, thread_id, status) = (id.uuid(), thread_id.uuid(), status.into());
        Self { id, thread_id, reason, status, person, agent, created_at, updated_at }
    }
}

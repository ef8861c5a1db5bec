//! What OpenAPI says of the API as a whole. What it says of each route stands with the route.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "guildhall",
        description = "Agents, threads, messages and runs of a group. A key (`guildhall key create`) opens one group, and sees \
            what its holder sees. Times are Unix milliseconds, money is micro-dollars, ids are UUIDs. Every error is a `Problem`."
    ),
    paths(openapi_json),
    components(schemas(super::problem::Problem)),
    modifiers(&Key),
    security(("key" = [])),
    tags(
        (name = "agents", description = "Every member reads them; admins and owners change them."),
        (name = "threads", description = "A key sees the threads of its holder only."),
        (name = "messages", description = "What was said in a thread."),
        (name = "runs", description = "An agent's turns: from a message to its answer."),
        (name = "tasks", description = "What is to be done in the group. Agents make tasks for members, and members do."),
        (name = "knowledge", description = "The group's documents. Every member reads and adds them."),
        (name = "approvals", description = "Calls of tools that wait until the member whose thread it is agrees."),
        (name = "escalations", description = "Threads in which an agent asked for a person."),
        (name = "usage", description = "What was used and what it cost. Admins and owners see the group's, others their own."),
    )
)]
struct Document;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A group's key: `gh_…`.")).build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// The description of all routes, from that of those under `/api/v1`.
pub(super) fn describe(v1: openapi::OpenApi) -> openapi::OpenApi {
    Document::openapi().nest("/api/v1", v1)
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", security(()), responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
#[expect(dead_code, reason = "it only describes; the router holds the text")]
fn openapi_json() {}

//! Each call of an embedder is a row of the ledger.

use crate::{
    error::Result,
    ids::{CallId, GroupId, PersonId},
    model::{Millis, provider::Usage},
    server::{
        embedders::{EmbedderName, Vectors},
        models::ModelError,
        state::App,
        store::{
            calls::{self, Call},
            db::Tx,
        },
    },
};

/// Whom a call is for. What is embedded in the background is for nobody in particular.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    pub group: GroupId,
    pub person: Option<PersonId>,
}

/// Books a call by how it ended.
pub async fn book(
    app: &App,
    tx: &mut Tx,
    of: Of,
    name: &EmbedderName,
    answer: &Result<Vectors, ModelError>,
    begun: Millis,
) -> Result<()> {
    let (tokens, estimated) = answer.as_ref().map_or((0, true), |answer| (answer.tokens, answer.estimated));
    let price = app.embedders.get(&name.provider).and_then(|embedder| embedder.price(&name.model));
    let call = Call {
        id: CallId::from_uuid(app.clock.uuid()),
        group: of.group,
        run: None,
        step: 0,
        attempt: 1,
        thread: None,
        agent: None,
        agent_version: None,
        person: of.person,
        purpose: "embedding",
        provider: name.provider.clone(),
        model: name.model.clone(),
        status: if answer.is_ok() { "completed" } else { "failed" },
        error_kind: answer.as_ref().err().map(ModelError::kind),
        estimated,
        usage: Usage { input_tokens: tokens, ..Usage::default() },
        cost_microusd: price.map(|price| cost(tokens, price)),
        started_at: begun,
        first_token_at: None,
        finished_at: app.clock.now(),
    };
    calls::insert(tx, &call).await
}

/// Micro-dollars, rounded up: no call is for nothing that has a price.
fn cost(tokens: i64, per_million: i64) -> i64 {
    let exact = i128::from(tokens) * i128::from(per_million);
    i64::try_from((exact + 999_999) / 1_000_000).unwrap_or(i64::MAX)
}

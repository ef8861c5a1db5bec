//! Each call of an embedder is a row of the ledger, and counts in the group's budgets.

use crate::{
    error::Result,
    ids::{CallId, GroupId, PersonId},
    model::{Millis, provider::Usage},
    server::{
        budgets::charge::{self, Used},
        embedders::{EmbedderName, Vectors},
        models::ModelError,
        state::App,
        store::{
            budgets::Spender,
            calls::{Call, Counted},
            db::Tx,
        },
        usage::ledger,
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
    let now = app.clock.now();
    let usage = Usage { input_tokens: tokens, ..Usage::default() };
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
        key: None,
        purpose: "embedding",
        provider: name.provider.clone(),
        model: name.model.clone(),
        status: if answer.is_ok() { "completed" } else { "failed" },
        error_kind: answer.as_ref().err().map(ModelError::kind),
        counted: if estimated { Counted::Estimated } else { Counted::Reported },
        usage,
        started_at: begun,
        first_token_at: None,
        finished_at: now,
    };
    let cost_microusd = ledger::book(app, tx, &call).await?;
    let spender = Spender { person: of.person, ..Spender::default() };
    let used = Used { spender, usage, cost_microusd, finished_at: now };
    // The group's index is built in nobody's name. An alert that this brings leaves with the next look at what is due.
    charge::charge(app, &app.store.system().budgets(of.group), tx, call.id.uuid(), Some(used)).await?;
    Ok(())
}

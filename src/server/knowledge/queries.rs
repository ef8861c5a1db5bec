//! Queries as vectors: the same query is not embedded twice within five minutes.

use super::ledger;
use crate::{
    error::{AppError, Result},
    ids::GroupId,
    model::Millis,
    server::{
        budgets::outside, embedders::EmbedderName, failure::internal, knowledge::vectors::normalised, member::Member,
        models::ModelError, state::App,
    },
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const KEPT: Duration = Duration::from_secs(5 * 60);

/// The most queries that are kept: some megabytes.
const KEPT_MAX: usize = 1024;

/// A search goes on by words alone when its vector takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Vectors of queries. Each group has its own: how quick an answer is tells nobody what others asked.
#[derive(Default)]
pub struct QueryCache(Mutex<HashMap<Key, (Millis, Vec<f32>)>>);

type Key = (GroupId, String, String);

impl QueryCache {
    fn get(&self, key: &Key, now: Millis) -> Option<Vec<f32>> {
        self.held().get(key).filter(|(until, _)| *until > now).map(|(_, vector)| vector.clone())
    }

    fn put(&self, key: Key, vector: Vec<f32>, now: Millis) {
        let mut held = self.held();
        if held.len() >= KEPT_MAX {
            held.retain(|_, (until, _)| *until > now);
        }
        // Still full of what is fresh: begin again rather than grow.
        if held.len() >= KEPT_MAX {
            held.clear();
        }
        held.insert(key, (now + KEPT.as_millis() as i64, vector));
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Key, (Millis, Vec<f32>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The query's vector, of length 1; or why there is none, in words for members.
pub async fn vector(app: &App, member: &Member, name: &EmbedderName, query: &str) -> Result<Result<Vec<f32>, String>> {
    let key = (member.group_id(), name.to_string(), query.to_owned());
    if let Some(known) = app.queries.get(&key, app.clock.now()) {
        return Ok(Ok(known));
    }
    let Some(embedder) = app.embedders.get(&name.provider) else {
        return Ok(Err(format!("This server has no embedder named {}: only words were looked for.", name.provider)));
    };
    let texts = vec![query.to_owned()];
    let open = match outside::begin(app, member, ledger::asking(name, &texts)).await {
        Ok(open) => open,
        Err(error) if ledger::is_refusal(&error) => return Ok(Err(format!("{error} Only words were looked for."))),
        Err(error) => return Err(error),
    };
    let call = embedder.embed(name.model.clone(), texts);
    // A task of its own: whoever stops waiting for the answer does not keep the call from being booked.
    let work = app.tasks.spawn(async move {
        let silent = || Err(ModelError::TimedOut { detail: "the embedder did not answer in time".to_owned() });
        let answer = tokio::time::timeout(PATIENCE, call).await.unwrap_or_else(|_| silent());
        open.end(ledger::ended(&answer)).await?;
        Ok::<_, AppError>(answer)
    });
    let answer = work.await.map_err(internal)??;
    let vector = answer.map(|answer| answer.vectors.into_iter().next().and_then(normalised));
    match vector {
        Ok(Some(vector)) => {
            app.queries.put(key, vector.clone(), app.clock.now());
            Ok(Ok(vector))
        }
        Ok(None) => Ok(Err("The query has no meaning to the embedder: only words were looked for.".to_owned())),
        Err(error) => {
            tracing::warn!(%error, embedder = %name, "a query could not be embedded");
            Ok(Err(silence(&error).to_owned()))
        }
    }
}

/// Why there is no vector, in words for members.
fn silence(error: &ModelError) -> &'static str {
    match error {
        ModelError::NotInstalled { .. } => {
            "The embedder's files are missing on this server: its operator runs `guildhall models fetch`. Only words were looked for."
        }
        _ => "The embedder cannot be reached right now: only words were looked for.",
    }
}

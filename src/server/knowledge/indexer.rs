//! Embedding in the background: passages that wait in the queue get their vectors, a batch at a time, group after group.
//!
//! The queue is rows of the database. A batch's vectors are written, and its rows deleted, in one transaction: a server that
//! is killed at any moment embeds its last batch again, and nothing else.

use super::{generations, ledger, passage, vectors::normalised};
use crate::{
    error::Result,
    ids::GroupId,
    model::Millis,
    server::{
        budgets::outside,
        embedders::{Embedder, Vectors},
        models::ModelError,
        state::App,
        store::embeddings::{
            generations::Generation,
            queue::{self, Embedded, Passage},
        },
        webhooks::deliver,
    },
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// How often the queue is looked at where nobody says that it has grown.
const LOOK: Duration = Duration::from_millis(500);

/// How long a provider is left alone after it failed: doubled each time, up to the most.
const PAUSE: Duration = Duration::from_secs(2);
const PAUSE_MAX: Duration = Duration::from_secs(300);

/// How long an embedder may take for a batch.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a group is left alone whose budget or plan refused.
const REFUSED_MS: Millis = 5 * 60_000;

/// Starts the background work of this process. Nothing is in memory yet that removals could concern.
pub async fn start(app: &App) -> Result<()> {
    // Removals and the queue are of all groups.
    app.store.system().forget_removals().await?;
    app.tasks.spawn(run(app.clone()));
    Ok(())
}

async fn run(app: App) {
    let mut indexer = Indexer::new(app.clone());
    let stop = app.shutdown.clone();
    let work = async {
        loop {
            // Errors are logged where they arise; the next round tries again.
            let more = indexer.round().await.unwrap_or(false);
            if !more {
                tokio::select! {
                    () = app.indexing.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

/// The background work, round by round.
pub struct Indexer {
    app: App,
    /// The group that was served last: the next one's turn comes.
    last: GroupId,
    /// Providers that failed, until when each is left alone, and for how long the last time.
    paused: HashMap<String, (Millis, Duration)>,
    /// Providers that failed at several passages together, and at how many: one of these may be what they fail at, so as many
    /// are tried one by one.
    careful: HashMap<String, usize>,
    /// Groups whose budget or plan refused, and until when they are left alone.
    refused: HashMap<GroupId, Millis>,
    /// When it was last looked whether groups wish for another embedder.
    planned: Option<Millis>,
}

impl Indexer {
    pub fn new(app: App) -> Self {
        Self { app, last: FIRST, paused: HashMap::new(), careful: HashMap::new(), refused: HashMap::new(), planned: None }
    }

    /// One batch. Answers whether there may be more to do at once.
    pub async fn round(&mut self) -> Result<bool> {
        let now = self.app.clock.now();
        if self.planned.is_none_or(|planned| now - planned >= LOOK.as_millis() as i64) {
            generations::plan(&self.app).await?;
            self.planned = Some(now);
        }
        let Some(generation) = self.next(now).await? else { return Ok(false) };
        self.last = generation.group;
        let Some(embedder) = self.app.embedders.get(&generation.provider) else {
            self.pause(&generation.provider, None);
            return Ok(true);
        };
        let limit = if self.careful.contains_key(&generation.provider) { 1 } else { embedder.batch() };
        let passages = self.take(&generation, now, limit).await?;
        if !passages.is_empty() {
            self.embed(&generation, &embedder, passages).await?;
        }
        generations::promote(&self.app).await?;
        Ok(true)
    }

    /// The generation whose turn it is: behind the last group's, or from the beginning again.
    async fn next(&self, now: Millis) -> Result<Option<Generation>> {
        let paused = self.paused.iter().filter(|(_, (until, _))| *until > now);
        let paused: Vec<&str> = paused.map(|(provider, _)| provider.as_str()).collect();
        // The queue is of all groups, which take turns.
        let system = self.app.store.system();
        let (mut behind, mut around) = (self.last, false);
        loop {
            match system.next_to_embed(behind, now, &paused).await? {
                // Its budget or plan refused a moment ago: the next group's turn comes.
                Some(one) if self.refused.get(&one.group).is_some_and(|until| *until > now) => behind = one.group,
                None if !around => (behind, around) = (FIRST, true),
                found => return Ok(found),
            }
        }
    }

    /// A passage that failed before is tried alone, so that others do not fail with it.
    async fn take(&self, generation: &Generation, now: Millis, limit: usize) -> Result<Vec<Passage>> {
        // The generation names its group.
        let mut passages = self.app.store.system().to_embed(generation, now, limit).await?;
        if let Some(again) = passages.iter().position(|one| one.attempts > 0) {
            passages.truncate(again.max(1));
        }
        Ok(passages)
    }

    async fn embed(&mut self, generation: &Generation, embedder: &Arc<dyn Embedder>, passages: Vec<Passage>) -> Result<()> {
        let texts: Vec<String> = passages.iter().map(|one| passage::text(&one.title, &one.heading, &one.text)).collect();
        let name = generations::name(generation);
        let open = match outside::begin_for_group(&self.app, generation.group, ledger::asking(&name, &texts)).await {
            Ok(open) => open,
            Err(error) if ledger::is_refusal(&error) => {
                tracing::info!(group = %generation.group, %error, "passages are not embedded for now");
                self.refused.insert(generation.group, self.app.clock.now() + REFUSED_MS);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let answer = in_time(embedder.embed(generation.model.clone(), texts)).await;
        let doubtful = answer.as_ref().is_err_and(may_be_ours);
        // A text may kill whatever reads it. Where another is read all the same, it is the text that fails.
        let ours = doubtful
            && passages.len() == 1
            && generations::probe(&self.app, generation.group, &name, embedder.as_ref()).await?.is_ok();
        let mut tx = self.app.store.begin().await?;
        let told = open.book(&mut tx, ledger::ended(&answer)).await?;
        match answer {
            Ok(answer) => {
                self.succeeded(&generation.provider);
                let (whole, odd) = sorted(generation, passages, answer);
                queue::keep(&mut tx, generation, &whole).await?;
                for one in odd {
                    self.put_off(&mut tx, generation, &one, "The embedder's vector for it cannot be used.").await?;
                }
            }
            Err(error) if ours || is_ours(&error) => {
                for one in &passages {
                    self.put_off(&mut tx, generation, one, &error.to_string()).await?;
                }
            }
            Err(error) => {
                tracing::warn!(%error, embedder = %name, "passages could not be embedded; they wait");
                if doubtful && passages.len() > 1 {
                    self.careful.insert(generation.provider.clone(), passages.len());
                }
                let wanted = if let ModelError::RateLimited { retry_after, .. } = &error { *retry_after } else { None };
                self.pause(&generation.provider, wanted);
            }
        }
        tx.commit().await?;
        if told {
            deliver::soon(&self.app);
        }
        Ok(())
    }

    async fn put_off(&self, tx: &mut crate::server::store::db::Tx, of: &Generation, one: &Passage, error: &str) -> Result<()> {
        // Tried with others it may be innocent: alone it is tried at once, then later and later.
        let wait = if one.attempts == 0 { 0 } else { 1_000 << (2 * one.attempts.min(8)) };
        queue::put_off(tx, of, one.queued, self.app.clock.now() + wait, error).await
    }

    fn succeeded(&mut self, provider: &str) {
        self.paused.remove(provider);
        if let Some(left) = self.careful.get_mut(provider) {
            *left -= 1;
            if *left == 0 {
                self.careful.remove(provider);
            }
        }
    }

    fn pause(&mut self, provider: &str, wanted: Option<Duration>) {
        let pause = self.paused.get(provider).map_or(PAUSE, |(_, before)| (*before * 2).min(PAUSE_MAX));
        let until = self.app.clock.now() + pause.max(wanted.unwrap_or_default()).as_millis() as i64;
        self.paused.insert(provider.to_owned(), (until, pause));
    }
}

/// The answer, or that it did not come in time: an embedder that hangs must not hold up every group.
pub(super) async fn in_time(call: impl Future<Output = Result<Vectors, ModelError>>) -> Result<Vectors, ModelError> {
    let late = ModelError::TimedOut { detail: format!("nothing came in {} seconds", PATIENCE.as_secs()) };
    tokio::time::timeout(PATIENCE, call).await.unwrap_or(Err(late))
}

/// Before every group.
const FIRST: GroupId = GroupId::from_uuid(Uuid::nil());

/// Whether the request itself was refused: the same would be refused again.
fn is_ours(error: &ModelError) -> bool {
    matches!(error, ModelError::InvalidRequest { .. } | ModelError::ContextTooLong { .. } | ModelError::ContentFiltered { .. })
}

/// Whether a text may be what the embedder died of, or hangs at. It may as well be away.
fn may_be_ours(error: &ModelError) -> bool {
    matches!(error, ModelError::Unavailable { .. } | ModelError::CutOff { .. } | ModelError::TimedOut { .. })
}

/// Passages with usable vectors, and those without. All vectors of a generation are equally long.
fn sorted(generation: &Generation, passages: Vec<Passage>, answer: Vectors) -> (Vec<Embedded>, Vec<Passage>) {
    let length = generation.dimension.or(answer.vectors.first().map(|vector| vector.len() as i64));
    let (mut whole, mut odd) = (Vec::new(), Vec::new());
    for (one, vector) in passages.into_iter().zip(answer.vectors) {
        match normalised(vector).filter(|vector| Some(vector.len() as i64) == length) {
            Some(vector) => whole.push(Embedded { queued: one.queued, passage: one.passage, vector }),
            None => odd.push(one),
        }
    }
    (whole, odd)
}

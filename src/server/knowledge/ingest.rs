//! Building versions of documents in the background: an address becomes a content, a content text, the text passages, and
//! the whole takes the place of what was there before. What waits or was left behind stands in the database, so that
//! nothing is lost with the process; whenever it dies, a document is the old one or the new one.

mod fetching;

use super::{
    chunk, documents,
    extract::{self, Extracted, Unreadable, process::Extractor},
};
use crate::{
    error::Result,
    ids::GroupId,
    model::{Millis, document},
    server::{
        failure::internal,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            chunks::NewChunk,
            db::Tx,
            versions::{Building, Claimed, queue::Work},
        },
    },
};
use serde_json::json;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// Versions that are built at once: one that takes its time does not keep all others waiting.
const BUILDERS: usize = 2;

/// Addresses that are asked at once: a site that is slow holds one of these, and nothing else.
const FETCHERS: usize = 4;

/// How often a version is tried. The child cannot harm the server, so whatever ends it three times is no accident.
const ATTEMPTS: i64 = 3;

/// How long a builder may be silent: longer than any extraction may take.
const LEASE: Duration = Duration::from_secs(300);

/// How often leases that ran out are looked for.
const SWEEP: Duration = Duration::from_secs(20);

/// Chunks that are written in one transaction: others write in between.
const BATCH: usize = 400;

/// What builds versions, and what wakes it.
pub struct Ingest {
    extractor: Extractor,
    build: Waiters,
    fetch: Waiters,
}

/// Those who do one kind of work.
struct Waiters {
    wake: Notify,
    /// The group that was served last: the next one's turn comes.
    last: Mutex<GroupId>,
}

impl Ingest {
    pub fn new(extractor: Extractor) -> Self {
        Self { extractor, build: Waiters::new(), fetch: Waiters::new() }
    }

    /// Something waits to be fetched or built.
    pub fn wake(&self) {
        self.fetch.wake.notify_one();
        self.build.wake.notify_one();
    }

    fn of(&self, work: Work) -> &Waiters {
        match work {
            Work::Fetch => &self.fetch,
            Work::Build => &self.build,
        }
    }
}

impl Waiters {
    fn new() -> Self {
        Self { wake: Notify::new(), last: Mutex::new(GroupId::from_uuid(Uuid::nil())) }
    }

    fn last(&self) -> std::sync::MutexGuard<'_, GroupId> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// At start-up this process is the only one: whatever is being built was left behind by a dead one.
pub async fn start(app: &App) -> Result<()> {
    // Recovery concerns the documents of all groups.
    let left = app.store.system().requeue_versions(Millis::MAX).await?;
    if left > 0 {
        tracing::info!(left, "documents that the last process was reading are read again");
    }
    for (work, workers) in [(Work::Build, BUILDERS), (Work::Fetch, FETCHERS)] {
        (0..workers).for_each(|_| drop(app.tasks.spawn(attend(app.clone(), work))));
    }
    Ok(())
}

/// Claims and works until the server stops.
async fn attend(app: App, work: Work) {
    while !app.shutdown.is_cancelled() {
        match claim(&app, work).await {
            Ok(Some(claimed)) => settle(&app, work, claimed).await,
            // Errors are logged where they arise; the next look tries again.
            Ok(None) | Err(_) => {
                tokio::select! {
                    () = app.shutdown.cancelled() => return,
                    () = app.ingest.of(work).wake.notified() => {}
                    () = tokio::time::sleep(SWEEP) => sweep(&app).await,
                }
            }
        }
    }
}

async fn sweep(app: &App) {
    // Of all groups. Errors are logged where they arise; the next sweep tries again.
    let _ = app.store.system().requeue_versions(app.clock.now()).await;
}

async fn claim(app: &App, work: Work) -> Result<Option<Claimed>> {
    let waiters = app.ingest.of(work);
    let last = *waiters.last();
    let until = app.clock.now() + LEASE.as_millis() as i64;
    // The work of all groups.
    let claimed = app.store.system().claim_version(work, last, app.clock.uuid(), until).await?;
    if let Some(claimed) = &claimed {
        *waiters.last() = claimed.job.group();
        // There may be more: a wake that came while all were busy was one for all of it.
        waiters.wake.notify_one();
    }
    Ok(claimed)
}

/// Fetches or builds one version to its end, whatever happens. What fails for a reason of ours waits for its lease to run out, and
/// is tried again.
async fn settle(app: &App, work: Work, claimed: Claimed) {
    let building = app.store.building(claimed.job);
    if claimed.attempt > ATTEMPTS {
        let why =
            Unreadable(format!("The server was interrupted {ATTEMPTS} times while it read this. Add it again to try once more."));
        _ = fail(app, &building, &claimed, &why).await;
        return;
    }
    let done = async {
        match work {
            Work::Fetch => fetching::fetch(app, &building, &claimed).await,
            Work::Build => build(app, &building, &claimed).await,
        }
    };
    tokio::select! {
        () = app.shutdown.cancelled() => drop(building.release().await),
        result = done => drop(result),
    }
    if work == Work::Build {
        // What was read leaves room for what waits at addresses.
        app.ingest.fetch.wake.notify_one();
    }
}

async fn build(app: &App, building: &Building<'_>, claimed: &Claimed) -> Result<()> {
    let extracted = match claimed.has_text {
        true => Ok(Extracted { title: None, text: building.text().await? }),
        false => match building.upload().await? {
            Some(bytes) => read(app, claimed, bytes).await?,
            None => return Err(internal("a version without content")),
        },
    };
    match extracted {
        Ok(extracted) => index(app, building, claimed, extracted).await,
        Err(why) => fail(app, building, claimed, &why).await,
    }
}

/// Plain text is what it is; everything else is read by a child.
async fn read(app: &App, claimed: &Claimed, bytes: Vec<u8>) -> Result<Result<Extracted, Unreadable>> {
    let kind = claimed.kind;
    if extract::is_plain(kind) {
        return tokio::task::spawn_blocking(move || extract::extract(kind, &bytes)).await.map_err(internal);
    }
    app.ingest.extractor.read(kind, bytes).await
}

/// A short document is kept, cut and put in its place in one transaction. Of a long one the passages come in several;
/// nobody sees them before the last.
async fn index(app: &App, building: &Building<'_>, claimed: &Claimed, extracted: Extracted) -> Result<()> {
    let headings = claimed.kind.has_headings();
    let cut = move || {
        let chunks = chunk::chunks(&extracted.text, headings, &chunk::word_pieces);
        (extracted, chunks)
    };
    let (extracted, chunks) = tokio::task::spawn_blocking(cut).await.map_err(internal)?;
    let mut tx = app.store.begin().await?;
    if !building.keep_text(&mut tx, &extracted.text).await? {
        return Ok(());
    }
    // Nobody gave it a title: its own is better than the name of its file or address.
    let named = documents::name_of(claimed.file_name.as_deref(), claimed.source_url.as_deref());
    if named.as_ref() == Some(&claimed.title)
        && let Some(title) = extracted.title.as_deref().and_then(|title| document::title(title).ok())
    {
        building.name(&mut tx, &claimed.title, &title).await?;
    }
    building.clear(&mut tx).await?;
    let mut batches = chunks.chunks(BATCH).peekable();
    while let Some(batch) = batches.next() {
        if !add(app, building, &mut tx, batch).await? {
            return Ok(());
        }
        if batches.peek().is_some() {
            tx.commit().await?;
            tx = app.store.begin().await?;
        }
    }
    if building.serve(&mut tx, chunks.len(), app.clock.now()).await? {
        record(app, &mut tx, claimed, "document.ready", json!({ "title": claimed.title, "chunks": chunks.len() })).await?;
        tx.commit().await?;
        // It is found by its words from now on; its vectors follow.
        app.indexing.notify_one();
    }
    Ok(())
}

async fn add(app: &App, building: &Building<'_>, tx: &mut Tx, batch: &[NewChunk]) -> Result<bool> {
    building.add_chunks(tx, batch, app.clock.now() + LEASE.as_millis() as i64).await
}

async fn fail(app: &App, building: &Building<'_>, claimed: &Claimed, why: &Unreadable) -> Result<()> {
    let mut tx = app.store.begin().await?;
    if building.fail(&mut tx, &why.0, app.clock.now()).await? {
        record(app, &mut tx, claimed, "document.failed", json!({ "title": claimed.title, "reason": why.0 })).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn record(app: &App, tx: &mut Tx, claimed: &Claimed, kind: &str, data: serde_json::Value) -> Result<()> {
    let actor = Actor { group: Some(claimed.job.group()), person: claimed.person };
    audit::record(tx, &app.clock, actor, Event::new(kind, "document", claimed.job.document().uuid()).with(data)).await
}

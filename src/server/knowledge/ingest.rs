//! Building versions of documents in the background: a content becomes text, the text passages, and the whole takes the
//! place of what was there before. What waits or was left behind stands in the database, so that nothing is lost with
//! the process; whenever it dies, a document is the old one or the new one.

use super::{
    chunk, documents,
    extract::{self, Extracted, Unreadable, process::Extractor},
};
use crate::{
    error::Result,
    model::{Millis, document},
    server::{
        failure::internal,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            chunks::NewChunk,
            db::Tx,
            versions::{Building, Claimed},
        },
    },
};
use serde_json::json;
use std::time::Duration;
use tokio::sync::Notify;

/// Versions that are built at once: one that takes its time does not keep all others waiting.
const BUILDERS: usize = 2;

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
    wake: Notify,
}

impl Ingest {
    pub fn new(extractor: Extractor) -> Self {
        Self { extractor, wake: Notify::new() }
    }

    /// Something waits to be built.
    pub fn wake(&self) {
        self.wake.notify_one();
    }
}

/// At start-up this process is the only one: whatever is being built was left behind by a dead one.
pub async fn start(app: &App) -> Result<()> {
    // Recovery concerns the documents of all groups.
    let left = app.store.system().requeue_versions(Millis::MAX).await?;
    if left > 0 {
        tracing::info!(left, "documents that the last process was reading are read again");
    }
    for _ in 0..BUILDERS {
        app.tasks.spawn(work(app.clone()));
    }
    Ok(())
}

/// Claims and builds until the server stops.
async fn work(app: App) {
    while !app.shutdown.is_cancelled() {
        match claim(&app).await {
            Ok(Some(claimed)) => settle(&app, claimed).await,
            // Errors are logged where they arise; the next look tries again.
            Ok(None) | Err(_) => {
                tokio::select! {
                    () = app.shutdown.cancelled() => return,
                    () = app.ingest.wake.notified() => {}
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

async fn claim(app: &App) -> Result<Option<Claimed>> {
    let until = app.clock.now() + LEASE.as_millis() as i64;
    // The work of all groups.
    let claimed = app.store.system().claim_version(app.clock.uuid(), until).await?;
    if claimed.is_some() {
        // There may be more: a wake that came while all were busy was one for all of it.
        app.ingest.wake();
    }
    Ok(claimed)
}

/// Builds one version to its end, whatever happens. What fails for a reason of ours waits for its lease to run out, and
/// is tried again.
async fn settle(app: &App, claimed: Claimed) {
    let building = app.store.building(claimed.job);
    if claimed.attempt > ATTEMPTS {
        let why =
            Unreadable(format!("The server was interrupted {ATTEMPTS} times while it read this. Add it again to try once more."));
        _ = fail(app, &building, &claimed, &why).await;
        return;
    }
    tokio::select! {
        () = app.shutdown.cancelled() => drop(building.release().await),
        result = build(app, &building, &claimed) => drop(result),
    }
}

async fn build(app: &App, building: &Building<'_>, claimed: &Claimed) -> Result<()> {
    let extracted = match &claimed.text {
        Some(text) => Ok(Extracted { title: None, text: text.clone() }),
        None => match building.upload().await? {
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

//! Fetching the content of a version: no request waits for a slow site, and what dies meanwhile is asked for again.

use super::{fail, record};
use crate::{
    error::{AppError, Result},
    server::{
        failure::internal,
        knowledge::{
            documents,
            extract::Unreadable,
            fetch::{self, Answer},
        },
        state::App,
        store::versions::{Building, Claimed, Fetched},
    },
};
use serde_json::json;

/// A content that came waits to be built like any other. One that cannot be had, or not be read, fails with the reason.
pub async fn fetch(app: &App, building: &Building<'_>, claimed: &Claimed) -> Result<()> {
    let url = claimed.source_url.as_deref().ok_or_else(|| internal("a version without content or address"))?;
    match bring(app, url).await {
        Ok(fetched) => keep(app, building, claimed, fetched).await,
        Err(error @ AppError::Internal { .. }) => Err(error),
        Err(error) => fail(app, building, claimed, &Unreadable(error.to_string())).await,
    }
}

async fn bring(app: &App, url: &str) -> Result<Fetched> {
    let Answer { media_type, bytes } = fetch::fetch(app, url).await?;
    let (bytes, kind, hash) = documents::look(bytes, Some(url.to_owned()), media_type).await?;
    Ok(Fetched { hash, kind, bytes })
}

/// The same content stands in a group once, wherever it came from.
async fn keep(app: &App, building: &Building<'_>, claimed: &Claimed, fetched: Fetched) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let kept = match building.twin(&mut tx, fetched.hash).await? {
        None => building.keep_content(&mut tx, fetched).await?,
        // It is what the document serves already: there is nothing to replace.
        Some(twin) if twin.document == claimed.job.document() => {
            let dropped = building.drop_version(&mut tx).await?;
            if dropped {
                record(app, &mut tx, claimed, "document.replacement_dropped", json!({})).await?;
            }
            dropped
        }
        Some(twin) => {
            drop(tx);
            return fail(app, building, claimed, &Unreadable(documents::known_as(&twin.title))).await;
        }
    };
    if kept {
        tx.commit().await?;
        app.ingest.wake();
    }
    Ok(())
}

//! `App`: what every request and every run has at hand.

use crate::{
    error::Result,
    server::{
        clock::Clock,
        config::Settings,
        embedders::Embedders,
        knowledge::{ingest::Ingest, queries::QueryCache, vectors::Vectors},
        models::registry::Models,
        outbound::Outbound,
        password::Passwords,
        runs::Engine,
        secret::SecretKey,
        store::Store,
        throttle::Throttle,
        tools::{Tools, mcp::Sessions},
    },
};
use std::{ops::Deref, sync::Arc};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Cheap to clone; clones are the same server.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub settings: Settings,
    pub clock: Clock,
    pub store: Store,
    pub models: Models,
    pub embedders: Embedders,
    /// Vectors of the groups that search.
    pub vectors: Vectors,
    /// Vectors of queries that were asked a moment ago.
    pub queries: QueryCache,
    /// Says that there is something to embed.
    pub indexing: Notify,
    pub passwords: Passwords,
    /// Sign-ins, by network address and by e-mail address.
    pub sign_ins: Throttle,
    pub runs: Engine,
    pub tools: Tools,
    /// The way out, for tools. Providers hold clones of it.
    pub outbound: Outbound,
    /// Encrypts what the database keeps secret.
    pub secret_key: SecretKey,
    /// What is open with MCP servers.
    pub mcp: Sessions,
    /// What builds the documents that were added.
    pub ingest: Ingest,
    /// Everything that works in the background; shutdown waits for it.
    pub tasks: TaskTracker,
    pub shutdown: CancellationToken,
}

impl App {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Ends what works in the background: runs are settled as interrupted, streams close.
    pub async fn drain(&self) -> Result<()> {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.store.close().await;
        Ok(())
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

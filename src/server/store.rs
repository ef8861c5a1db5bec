//! SQL, and nothing but SQL: one noun per file. Every tenant query takes a proof.

pub mod bind;
pub mod db;
pub mod row;

use crate::error::Result;
use db::{Db, Tx};
use std::path::Path;

/// The database. Its nouns are reached through proofs: `store.threads(&member)`, `store.agents(&member)`; what concerns
/// the whole server, through [`Store::system`].
#[derive(Clone)]
pub struct Store {
    db: Db,
}

impl Store {
    pub async fn open(file: &Path) -> Result<Self> {
        Ok(Self { db: Db::open(file).await? })
    }

    pub async fn begin(&self) -> Result<Tx> {
        self.db.begin().await
    }

    pub async fn close(&self) {
        self.db.close().await;
    }
}

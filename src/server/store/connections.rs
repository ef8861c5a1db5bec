//! The connections to one SQLite file: lent to one statement or transaction at a time.

use crate::error::Result;
use futures::FutureExt as _;
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

/// Cheap to clone; clones lend the same connections.
#[derive(Clone)]
pub struct Connections(SqlitePool);

/// A connection for the time being. Dropped within a transaction, it rolls back.
pub struct Lent {
    connection: PoolConnection<Sqlite>,
    /// Whether a transaction may be open.
    open: bool,
}

impl Connections {
    /// At most so many; each is opened when it is first needed. A file does not hang up, so nobody asks a connection
    /// whether it still lives before it is lent: each question is a journey to its thread and back.
    pub fn new(options: SqliteConnectOptions, most: u32) -> Self {
        Self(SqlitePoolOptions::new().max_connections(most).test_before_acquire(false).connect_lazy_with(options))
    }

    pub async fn lend(&self) -> Result<Lent> {
        Ok(Lent { connection: self.0.acquire().await?, open: false })
    }

    /// Waits until all are given back, and closes them.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Lent {
    pub fn get(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// A transaction is about to begin on it.
    pub fn opens(&mut self) {
        self.open = true;
    }

    /// Its transaction was committed.
    pub fn closed(&mut self) {
        self.open = false;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.open {
            // The first poll sends it on its way; whatever uses the connection next comes behind it. That there may be no
            // transaction any more is no matter.
            let _ = sqlx::query("ROLLBACK").execute(&mut *self.connection).now_or_never();
        }
    }
}

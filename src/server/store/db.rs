//! One thin dispatch over the database engines: arguments as a tuple, rows decoded once.
//!
//! SQL is written once, portably, as `&'static str` with `$1` placeholders. SQLite is the only engine today; another
//! one becomes a second arm here and in [`Row`], and no statement changes.

use crate::error::Result;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{future::Future, path::Path, time::Duration};

pub use super::{
    bind::{Args, Bind, Value},
    row::{FromRow, Row},
};

/// The pools of one database. SQLite has one writer and several readers, which refuse to write.
#[derive(Clone)]
pub enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
}

/// An open transaction. On SQLite it holds the one writer: never keep it across a wait for anything but the database.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
}

/// Runs statements: implemented by `&Db` (each statement for itself) and by `&mut Tx`.
pub trait Run: Send + Sized {
    fn rows(self, sql: &'static str, args: impl Args) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Answers the number of rows that changed.
    fn exec(self, sql: &'static str, args: impl Args) -> impl Future<Output = Result<u64>> + Send;

    fn all<R: FromRow>(self, sql: &'static str, args: impl Args) -> impl Future<Output = Result<Vec<R>>> + Send {
        let rows = self.rows(sql, args);
        async move { rows.await?.iter().map(|row| Ok(R::from_row(row)?)).collect() }
    }

    fn opt<R: FromRow>(self, sql: &'static str, args: impl Args) -> impl Future<Output = Result<Option<R>>> + Send {
        let rows = self.rows(sql, args);
        async move { Ok(rows.await?.first().map(R::from_row).transpose()?) }
    }

    /// The first row; it is our mistake if there is none.
    fn one<R: FromRow>(self, sql: &'static str, args: impl Args) -> impl Future<Output = Result<R>> + Send {
        let row = self.opt(sql, args);
        async move { row.await?.ok_or_else(|| sqlx::Error::RowNotFound.into()) }
    }
}

impl Db {
    /// Opens (or makes) the database file, brings it up to date, then opens the readers.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256)
            .optimize_on_close(true, None);
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(sqlx::Error::from)?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(1)
            .connect_with(options.pragma("query_only", "1"))
            .await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Begins a transaction that may write from its first statement on.
    pub async fn begin(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { write, .. } => Ok(Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)),
        }
    }

    /// Begins a transaction that only reads: all its statements see one moment, and it blocks no writer.
    pub async fn begin_read(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { read, .. } => Ok(Tx::Sqlite(read.begin().await?)),
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => Ok(tx.commit().await?),
        }
    }
}

impl Run for &Db {
    async fn rows(self, sql: &'static str, args: impl Args) -> Result<Vec<Row>> {
        let Db::Sqlite { read, write } = self;
        let pool = if sql.trim_start().starts_with("SELECT") { read } else { write };
        Ok(sqlx::query_with(sql, arguments(args)).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect())
    }

    async fn exec(self, sql: &'static str, args: impl Args) -> Result<u64> {
        let Db::Sqlite { write, .. } = self;
        Ok(sqlx::query_with(sql, arguments(args)).execute(write).await?.rows_affected())
    }
}

impl Run for &mut Tx {
    async fn rows(self, sql: &'static str, args: impl Args) -> Result<Vec<Row>> {
        let Tx::Sqlite(tx) = self;
        Ok(sqlx::query_with(sql, arguments(args)).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect())
    }

    async fn exec(self, sql: &'static str, args: impl Args) -> Result<u64> {
        let Tx::Sqlite(tx) = self;
        Ok(sqlx::query_with(sql, arguments(args)).execute(&mut **tx).await?.rows_affected())
    }
}

fn arguments(args: impl Args) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for value in args.values() {
        value.add_to(&mut arguments);
    }
    arguments
}

//! One thin dispatch over the database engines: arguments as a tuple, rows decoded once.
//!
//! SQL is written once, portably, as `&'static str` with `$1` placeholders. SQLite is the only engine today; another
//! one becomes a second arm here and in [`Row`], and no statement changes.

use super::{
    connections::{Connections, Lent},
    later::Later,
};
use crate::{error::Result, server::failure::internal};
use futures::{TryStreamExt as _, future::ready};
use sqlx::{
    Executor as _,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{future::Future, path::Path, time::Duration};

pub use super::{
    bind::{Args, Bind, Value},
    row::{FromRow, Row},
};

/// Pages that the log collects before they are carried over into the file: the same page is carried once.
const CHECKPOINT: &str = "4000";

/// The writer's page cache, in KiB when negative: it holds what the threads that are talked in touch.
const WRITER_CACHE: &str = "-16000";

/// The connections of one database. SQLite has one writer and several readers, which refuse to write.
#[derive(Clone)]
pub enum Db {
    Sqlite { read: Connections, write: Connections },
}

/// An open transaction. On SQLite it holds the one writer: never keep it across a wait for anything but the database.
pub enum Tx {
    Sqlite { on: Lent, later: Later, failed: bool },
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

/// Where something is read: by itself, or in a transaction that goes on. Whoever holds the writer must not wait for another
/// connection.
pub enum Look<'a> {
    Now(&'a Db),
    In(&'a mut Tx),
}

impl Run for &mut Look<'_> {
    async fn rows(self, sql: &'static str, args: impl Args) -> Result<Vec<Row>> {
        match self {
            Look::Now(db) => db.rows(sql, args).await,
            Look::In(tx) => tx.rows(sql, args).await,
        }
    }

    async fn exec(self, sql: &'static str, args: impl Args) -> Result<u64> {
        match self {
            Look::Now(db) => db.exec(sql, args).await,
            Look::In(tx) => tx.exec(sql, args).await,
        }
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
            .pragma("wal_autocheckpoint", CHECKPOINT)
            .optimize_on_close(true, None);
        let write = Connections::new(options.clone().pragma("cache_size", WRITER_CACHE), 1);
        sqlx::migrate!("migrations/sqlite").run(write.lend().await?.get()).await.map_err(sqlx::Error::from)?;
        let read = Connections::new(options.pragma("query_only", "1"), 4);
        Ok(Self::Sqlite { read, write })
    }

    /// Begins a transaction that may write from its first statement on.
    pub async fn begin(&self) -> Result<Tx> {
        let Self::Sqlite { write, .. } = self;
        Ok(Tx::on(write.lend().await?, "BEGIN IMMEDIATE"))
    }

    /// Begins a transaction that only reads: all its statements see one moment, and it blocks no writer.
    pub async fn begin_read(&self) -> Result<Tx> {
        let Self::Sqlite { read, .. } = self;
        Ok(Tx::on(read.lend().await?, "BEGIN"))
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
    /// The beginning travels with the first statement, as the commit does with the last.
    fn on(mut on: Lent, begin: &'static str) -> Self {
        on.opens();
        let mut later = Later::default();
        later.add(begin, ());
        Self::Sqlite { on, later, failed: false }
    }

    /// Writes without an answer of its own: it goes with the next statement of this transaction, or with the commit, and
    /// fails with it. Each statement by itself would be a journey to the engine's thread and back, which costs more than
    /// what most statements do there.
    pub fn later(&mut self, sql: &'static str, args: impl Args) {
        let Self::Sqlite { later, .. } = self;
        later.add(sql, args);
    }

    /// Writes what waits, and goes on.
    pub async fn flush(&mut self) -> Result<()> {
        self.rows("SELECT 1", ()).await.map(drop)
    }

    /// Fails where any statement before it did, whether or not anybody looked: what went with a failed statement was not
    /// written.
    pub async fn commit(self) -> Result<()> {
        let Self::Sqlite { mut on, mut later, failed } = self;
        if failed {
            return Err(internal("a transaction of which a statement failed cannot be committed"));
        }
        let (sql, args) = later.then("COMMIT", ());
        sqlx::query_with(sql, args).execute(on.get()).await?;
        on.closed();
        Ok(())
    }
}

impl Run for &Db {
    async fn rows(self, sql: &'static str, args: impl Args) -> Result<Vec<Row>> {
        let Db::Sqlite { read, write } = self;
        let mut on = if sql.trim_start().starts_with("SELECT") { read } else { write }.lend().await?;
        Ok(sqlx::query_with(sql, arguments(args)).fetch_all(on.get()).await?.into_iter().map(Row::Sqlite).collect())
    }

    async fn exec(self, sql: &'static str, args: impl Args) -> Result<u64> {
        let Db::Sqlite { write, .. } = self;
        Ok(sqlx::query_with(sql, arguments(args)).execute(write.lend().await?.get()).await?.rows_affected())
    }
}

impl Run for &mut Tx {
    async fn rows(self, sql: &'static str, args: impl Args) -> Result<Vec<Row>> {
        let Tx::Sqlite { on, later, failed } = self;
        // What was written for later answers no rows, so all of them are this statement's.
        let (sql, args) = later.then(sql, args);
        // One that is given up in the middle counts as failed.
        let before = std::mem::replace(failed, true);
        let rows = sqlx::query_with(sql, args).fetch_all(on.get()).await?;
        *failed = before;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    async fn exec(self, sql: &'static str, args: impl Args) -> Result<u64> {
        let Tx::Sqlite { on, later, failed } = self;
        let (sql, args) = later.then(sql, args);
        let before = std::mem::replace(failed, true);
        let answers = on.get().fetch_many(sqlx::query_with(sql, args));
        // Each statement says how many rows it changed; this one is the last.
        let changed = answers.try_fold(0, |last, answer| ready(Ok(answer.left().map_or(last, |done| done.rows_affected()))));
        let changed = changed.await?;
        *failed = before;
        Ok(changed)
    }
}

pub(super) fn arguments(args: impl Args) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for value in args.values() {
        value.add_to(&mut arguments);
    }
    arguments
}

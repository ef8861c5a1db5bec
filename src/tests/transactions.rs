//! What a transaction promises, on a real database: all of it or nothing, and exact counts.

use crate::server::store::db::{Db, Run as _};
use futures::FutureExt as _;
use tempfile::TempDir;

const ADD: &str = "INSERT INTO groups (id, slug, name, created_at) VALUES ($1, $2, $2, 0)";
const RENAME: &str = "UPDATE groups SET name = $2 WHERE slug = $1";
const COUNT: &str = "SELECT COUNT(*) AS n FROM groups";

async fn open() -> (TempDir, Db) {
    let folder = TempDir::new().expect("a folder");
    let db = Db::open(&folder.path().join("test.db")).await.expect("a database");
    (folder, db)
}

async fn groups(db: &Db) -> i64 {
    db.rows(COUNT, ()).await.expect("a count")[0].get("n").expect("a number")
}

#[tokio::test]
async fn what_is_written_later_is_there_for_the_next_statement_and_after_the_commit() {
    let (_folder, db) = open().await;
    let mut tx = db.begin().await.expect("a transaction");
    tx.later(ADD, (&b"a"[..], "one"));
    tx.later(ADD, (&b"b"[..], "two"));
    assert_eq!(tx.rows(COUNT, ()).await.expect("rows")[0].get::<i64>("n").expect("a number"), 2);
    tx.later(ADD, (&b"c"[..], "three"));
    tx.commit().await.expect("committed");
    assert_eq!(groups(&db).await, 3);
}

#[tokio::test]
async fn only_the_statement_itself_is_counted() {
    let (_folder, db) = open().await;
    let mut tx = db.begin().await.expect("a transaction");
    tx.later(ADD, (&b"a"[..], "one"));
    assert_eq!(tx.exec(RENAME, ("nobody", "x")).await.expect("done"), 0);
    tx.later(RENAME, ("nobody", "x"));
    assert_eq!(tx.exec(RENAME, ("one", "x")).await.expect("done"), 1);
}

#[tokio::test]
async fn a_failure_of_what_was_written_later_fails_the_next_statement_and_the_commit() {
    let (_folder, db) = open().await;
    let mut tx = db.begin().await.expect("a transaction");
    tx.later(ADD, (&b"a"[..], "one"));
    tx.later(ADD, (&b"b"[..], "one"));
    assert!(tx.rows(COUNT, ()).await.is_err());
    assert!(tx.exec(ADD, (&b"c"[..], "three")).await.is_ok());
    assert!(tx.commit().await.is_err());
    assert_eq!(groups(&db).await, 0);
}

#[tokio::test]
async fn a_failure_that_only_the_commit_meets_undoes_everything() {
    let (_folder, db) = open().await;
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(tx.exec(ADD, (&b"a"[..], "one")).await.expect("done"), 1);
    tx.later(ADD, (&b"b"[..], "one"));
    assert!(tx.commit().await.is_err());
    assert_eq!(groups(&db).await, 0);
    assert_eq!(db.exec(ADD, (&b"c"[..], "one")).await.expect("the writer is free"), 1);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_the_writer_goes_on() {
    let (_folder, db) = open().await;
    drop(db.begin().await.expect("a transaction"));
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(tx.exec(ADD, (&b"a"[..], "one")).await.expect("done"), 1);
    drop(tx);
    assert_eq!(db.exec(ADD, (&b"b"[..], "one")).await.expect("the name is free"), 1);
    assert_eq!(groups(&db).await, 1);
}

#[tokio::test]
async fn one_that_is_given_up_in_the_middle_of_a_statement_leaves_nothing() {
    let (_folder, db) = open().await;
    for _ in 0..50 {
        let mut tx = db.begin().await.expect("a transaction");
        tx.later(ADD, (&b"a"[..], "one"));
        // Now and then the answer is there at once; then nothing is given up, but the transaction.
        if tx.rows(COUNT, ()).now_or_never().is_none() {
            assert!(tx.commit().await.is_err());
        }
    }
    let mut tx = db.begin().await.expect("a transaction");
    tx.later(ADD, (&b"a"[..], "one"));
    tx.commit().await.expect("committed");
    assert_eq!(groups(&db).await, 1);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (_folder, db) = open().await;
    let mut tx = db.begin_read().await.expect("a transaction");
    assert!(tx.exec(ADD, (&b"a"[..], "one")).await.is_err());
}

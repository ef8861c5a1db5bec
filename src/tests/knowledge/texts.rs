//! Texts from before they were kept in pieces.

use super::{learn, text};
use crate::{
    model::document::Wanted,
    server::knowledge::{documents, search},
    tests::app::TestApp,
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn database(test: &TestApp) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(test.data().join("guildhall.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// All pieces, in order.
async fn pieces(test: &TestApp) -> Vec<(Vec<u8>, i64, Vec<u8>)> {
    let all = "SELECT document_id, start_byte, bytes FROM document_texts ORDER BY document_id, start_byte";
    sqlx::query_as(all).fetch_all(&mut database(test).await).await.unwrap()
}

#[tokio::test]
async fn a_text_that_was_kept_whole_is_cut_into_pieces_as_the_database_opens() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let (app, member) = (&test.app, &group.owner.member);
    // Pieces have 16,384 bytes: characters of three bytes stand across each end, those of two fill one to its last byte.
    let texts =
        ["大 ".repeat(12_000).trim().to_owned(), "é".repeat(8_192), format!("a{}", "é".repeat(8_192)), "short".to_owned()];
    let mut ids = Vec::new();
    for (number, words) in texts.iter().enumerate() {
        ids.push(learn(app, member, text(&format!("Text {number}"), words)).await.id);
    }
    let before = pieces(&test).await;
    let starts: Vec<i64> = before.iter().map(|(_, start, _)| *start).collect();
    assert_eq!(starts, [0, 16_384, 32_768, 0, 0, 16_384, 0]);

    let mut db = database(&test).await;
    sqlx::query("DELETE FROM document_texts").execute(&mut db).await.unwrap();
    for (id, words) in ids.iter().zip(&texts) {
        let whole = sqlx::query("UPDATE document_versions SET text = $2, text_bytes = NULL WHERE document_id = $1");
        whole.bind(id.uuid()).bind(words).execute(&mut db).await.unwrap();
    }
    let next = test.open_again().await;
    assert_eq!(pieces(&next).await, before);
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM document_versions WHERE text IS NOT NULL OR text_bytes IS NULL")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(left, 0);
    for (id, words) in ids.iter().zip(&texts) {
        let excerpt = documents::excerpt(&next.app, member, *id, Wanted { start: None, end: None, from: None }).await.unwrap();
        assert_eq!(excerpt.length, words.len() as i64);
        assert!(excerpt.before.len() > 4 && words.starts_with(&excerpt.before), "whole characters, from the beginning");
    }
    assert_eq!(search(&next.app, member, "short", 5).await.unwrap().len(), 1);
}

//! Searches of a group, on a real database.

use super::{indexed, with_embedder};
use crate::{
    model::retrieval::SearchMode,
    server::{
        knowledge::{
            generations,
            search::{Found, Query, find},
        },
        member::Member,
        store::chunks::fixture,
    },
    tests::app::TestApp,
};
use serde_json::json;
use std::collections::BTreeSet;

pub async fn ask(app: &TestApp, member: &Member, text: &str, mode: SearchMode) -> Found {
    find(&app.app, member, &Query { text: text.to_owned(), mode, limit: 10, neighbours: 0 }).await.unwrap()
}

pub fn titles(found: &Found) -> Vec<&str> {
    found.passages.iter().map(|one| one.title.as_str()).collect()
}

#[tokio::test]
async fn without_an_embedder_words_are_searched_and_it_says_so() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "Brakes", &["Adjust the brake cable.", "Pads are replaced in pairs."]).await.unwrap();
    fixture::put(&app.app.store, member, "Lamps", &["The lamp needs a new bulb."]).await.unwrap();
    let found = ask(&app, member, "How are brake pads replaced?", SearchMode::Both).await;
    assert_eq!(found.passages[0].content, "Pads are replaced in pairs.");
    assert!(found.note.unwrap().contains("only words"), "the search says why");
    let alone = find(&app.app, member, &Query { text: "pads".into(), mode: SearchMode::Vectors, limit: 5, neighbours: 0 }).await;
    assert!(alone.is_err());
}

#[tokio::test]
async fn a_stranger_finds_nothing_of_another_group_and_changes_no_score_of_it() {
    let (app, _) = with_embedder().await;
    let (ours, theirs) = (app.group("ours").await, app.group("theirs").await);
    fixture::put(&app.app.store, &ours.owner.member, "Ours", &["The secret lever is blue.", "Levers are oiled in spring."])
        .await
        .unwrap();
    indexed(&app).await;
    let before = ask(&app, &ours.owner.member, "blue lever", SearchMode::Both).await;
    for number in 0..20 {
        let text = format!("A lever of ours, number {number}, is blue and heavy.");
        fixture::put(&app.app.store, &theirs.owner.member, "Theirs", &[&text]).await.unwrap();
    }
    indexed(&app).await;
    let after = ask(&app, &ours.owner.member, "blue lever", SearchMode::Both).await;
    assert_eq!(before.passages, after.passages, "other groups are neither read nor counted");
    for mode in [SearchMode::Text, SearchMode::Vectors, SearchMode::Both] {
        let found = ask(&app, &theirs.owner.member, "secret lever oiled in spring", mode).await;
        assert!(!found.passages.is_empty() && titles(&found).iter().all(|title| *title == "Theirs"));
    }
    assert_eq!(app.app.vectors.groups(), 2, "each has vectors of its own");
}

#[tokio::test]
async fn the_first_passages_are_not_embedded_yet_which_is_not_to_have_no_embedder() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "Hours", &["Open until seven."]).await.unwrap();
    let note = ask(&app, member, "open", SearchMode::Both).await.note.unwrap();
    assert!(note.contains("not embedded yet"), "{note}");
    generations::choose(&app.app, &member.admin().unwrap(), Some("")).await.unwrap();
    let note = ask(&app, member, "open", SearchMode::Both).await.note.unwrap();
    assert!(note.contains("no embedder"), "{note}");
}

/// The words of a title that was cut out of the text stand in the passage where they stand, and in no other. BM25 would
/// take a short last passage for the one that is about them.
#[tokio::test]
async fn a_title_that_is_the_texts_beginning_is_searched_where_it_stands() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let first = "The nucleic acid levels of the livers of rats in the course of their development were followed by us. ";
    let cut = "The nucleic acid levels of the livers of rats in the course of their";
    let of = fixture::put(store, member, cut, &[first, "Details follow."]).await.unwrap();
    let found = ask(&app, member, "nucleic acid levels", SearchMode::Text).await;
    assert_eq!(found.passages.iter().map(|one| one.content.as_str()).collect::<Vec<_>>(), [first]);
    fixture::retitle(store, of, "Livers of rats").await.unwrap();
    assert_eq!(ask(&app, member, "livers", SearchMode::Text).await.passages.len(), 2, "a title of its own is said of all");
    fixture::retitle(store, of, cut).await.unwrap();
    assert_eq!(ask(&app, member, "livers", SearchMode::Text).await.passages.len(), 1);
    fixture::delete(store, of).await.unwrap();
    let totals = store.postings(member).totals().await.unwrap();
    assert_eq!((totals.chunks, totals.words), (0, 0), "what went in comes out");
}

#[tokio::test]
async fn what_is_deleted_leaves_nothing_behind() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let gone = fixture::put(store, member, "Gone", &["Violet ladders lean on walls.", "Shared text."]).await.unwrap();
    let kept = fixture::put(store, member, "Gone", &["Shared text."]).await.unwrap();
    indexed(&app).await;
    assert_eq!(ask(&app, member, "violet ladders", SearchMode::Vectors).await.passages.len(), 2);
    fixture::delete(store, gone).await.unwrap();
    let (pieces, totals) =
        (store.postings(member).of(&["violet".to_owned()]).await.unwrap(), store.postings(member).totals().await.unwrap());
    assert_eq!((pieces.len(), totals.chunks, totals.words), (0, 1, 3), "the words of what is left: gone, share, text");
    let found = ask(&app, member, "violet ladders", SearchMode::Vectors).await;
    assert_eq!(found.passages.len(), 1, "the vector that another document needs is kept");
    fixture::delete(store, kept).await.unwrap();
    assert_eq!(store.postings(member).totals().await.unwrap().chunks, 0);
    assert_eq!(store.embeddings(member).progress(None).await.unwrap(), Default::default());
}

#[tokio::test]
async fn passages_of_the_same_text_are_one() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    for _ in 0..3 {
        fixture::put(&app.app.store, member, "Twin", &["Nothing but the same words."]).await.unwrap();
    }
    fixture::put(&app.app.store, member, "Other", &["The same, but other words."]).await.unwrap();
    indexed(&app).await;
    for mode in [SearchMode::Text, SearchMode::Vectors, SearchMode::Both] {
        assert_eq!(titles(&ask(&app, member, "the same words", mode).await), ["Twin", "Other"]);
    }
}

#[tokio::test]
async fn neighbours_are_added_with_their_bytes() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    let texts = ["Erstens: Öl. ", "Zweitens: die Kette. ", "Drittens: fertig."];
    fixture::put(&app.app.store, member, "Kette", &texts).await.unwrap();
    let query = Query { text: "zweitens".into(), mode: SearchMode::Both, limit: 1, neighbours: 1 };
    let found = find(&app.app, member, &query).await.unwrap();
    let [one] = &found.passages[..] else { panic!("{found:?}") };
    assert_eq!((one.content.as_str(), one.start, one.end), (texts.concat().as_str(), 0, texts.concat().len() as i64));
}

/// Texts are kept in pieces of 16 kB, cut wherever that falls.
#[tokio::test]
async fn neighbours_are_whole_wherever_their_pieces_end() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    let texts: Vec<String> = (0..12).map(|number| format!("word{number} {}", "größer ".repeat(900))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fixture::put(&app.app.store, member, "Long", &texts).await.unwrap();
    let query = Query { text: "word0 word1 word5 word6 word11".into(), mode: SearchMode::Text, limit: 5, neighbours: 3 };
    let found = find(&app.app, member, &query).await.unwrap();
    assert_eq!(found.passages.len(), 5);
    let whole = texts.concat();
    for one in &found.passages {
        assert_eq!(one.content, whole[one.start as usize..one.end as usize]);
        assert!(one.content.len() > 3 * 7_000, "it has its neighbours");
    }
}

#[tokio::test]
async fn a_new_title_is_found_and_the_old_one_is_not() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let of = fixture::put(store, member, "Giraffes", &["They eat leaves."]).await.unwrap();
    indexed(&app).await;
    fixture::retitle(store, of, "Zebras").await.unwrap();
    indexed(&app).await;
    assert_eq!(ask(&app, member, "zebras", SearchMode::Text).await.passages.len(), 1);
    assert_eq!(ask(&app, member, "giraffes", SearchMode::Text).await.passages.len(), 0);
    let alike = ask(&app, member, "zebras eat leaves", SearchMode::Vectors).await;
    assert!(alike.passages[0].by_likeness.unwrap().score > 0.95);
}

/// More passages than are in memory at once: all of them are indexed anew, and nothing of them stays.
#[tokio::test]
async fn a_long_document_is_retitled_and_removed_whole() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let texts: Vec<String> = (0..900).map(|number| format!("Leaf number {number}.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let of = fixture::put(store, member, "Giraffes", &texts).await.unwrap();
    fixture::retitle(store, of, "Zebras").await.unwrap();
    assert_eq!(ask(&app, member, "giraffes", SearchMode::Text).await.passages.len(), 0);
    for words in ["zebras leaf number 3", "zebras leaf number 899"] {
        assert!(ask(&app, member, words, SearchMode::Text).await.passages[0].content.contains("Leaf number"));
    }
    fixture::delete(store, of).await.unwrap();
    let totals = store.postings(member).totals().await.unwrap();
    assert_eq!((totals.chunks, totals.words), (0, 0));
}

/// Whatever a person types is a query: nothing of it is taken for syntax.
#[tokio::test]
async fn any_text_is_a_query() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    fixture::put(&app.app.store, &group.owner.member, "Any", &["AND OR NOT near words"]).await.unwrap();
    for text in
        ["\"", "a* OR b", "NEAR(x, 2)", "x:y -z ^q", "'; DROP TABLE chunks; --", "(((", "\u{0}", "{\"a\":1}", "%_\\", "🦆"]
    {
        ask(&app, &group.owner.member, text, SearchMode::Both).await;
    }
    assert_eq!(ask(&app, &group.owner.member, "words AND (near", SearchMode::Both).await.passages.len(), 1);
}

#[tokio::test]
async fn queries_are_not_embedded_twice_within_five_minutes() {
    let (app, counting) = with_embedder().await;
    let (one, two) = (app.group("one").await, app.group("two").await);
    for member in [&one.owner.member, &two.owner.member] {
        fixture::put(&app.app.store, member, "Text", &["Something to compare with."]).await.unwrap();
    }
    indexed(&app).await;
    counting.asked();
    for _ in 0..3 {
        ask(&app, &one.owner.member, "something", SearchMode::Both).await;
    }
    assert_eq!(counting.asked(), ["something"]);
    ask(&app, &two.owner.member, "something", SearchMode::Both).await;
    assert_eq!(counting.asked(), ["something"], "another group cannot tell what was asked here");
}

#[tokio::test]
async fn memory_is_given_to_those_who_search() {
    let (app, _) = with_embedder().await;
    let small = crate::server::knowledge::vectors::Vectors::new(1);
    let mut groups = Vec::new();
    for slug in ["one", "two"] {
        let group = app.group(slug).await;
        fixture::put(&app.app.store, &group.owner.member, "Text", &["Some words.", "Other words."]).await.unwrap();
        groups.push(group);
    }
    indexed(&app).await;
    for group in groups.iter().chain(&groups) {
        let member = &group.owner.member;
        let serving = crate::server::knowledge::generations::serving(&app.app, member).await.unwrap().ok().unwrap().serving;
        assert_eq!(small.of(&app.app.store, member, serving).await.unwrap().len(), 2);
        assert_eq!(small.groups(), 1, "the other was dropped");
    }
}

#[tokio::test]
async fn the_api_finds_passages_within_its_limits() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let text = "Pumps hang beside the door.";
    let of = fixture::put(&app.app.store, &group.owner.member, "Pumps", &[text]).await.unwrap();
    indexed(&app).await;
    let path = "/api/v1/groups/one/knowledge/search";
    let key = &group.owner.key;
    let found = app.post(path, key, json!({ "query": "pumps", "limit": 50 })).await.ok();
    let result = &found["results"][0];
    let keys: BTreeSet<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["document_id", "title", "content", "relevance", "start", "end"]));
    assert_eq!((&result["document_id"], &result["content"]), (&json!(of.document), &json!(text)));
    assert!((0.0..=1.0).contains(&result["relevance"].as_f64().unwrap()) && found["note"].is_null());
    for wrong in [json!({ "query": "x", "limit": 51 }), json!({ "query": "x", "limit": 0 }), json!({ "query": " " }), json!({})] {
        assert_eq!(app.post(path, key, wrong).await.status, 422);
    }
    let index = app.get("/api/v1/groups/one/knowledge/index", key).await.ok();
    assert_eq!((&index["serving"], &index["embedded"], &index["waiting"]), (&json!("local/words"), &json!(1), &json!(0)));
}

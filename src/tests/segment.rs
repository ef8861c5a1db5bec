//! How a message's parts stand on the page.

use crate::{
    ids::{DocumentId, ToolCallId},
    model::{
        citation::citations,
        message::Part,
        segment::{Segment, Step, input_summary, segments, tool_title},
        tool_call::{ToolCall, ToolState},
    },
};
use serde_json::json;
use uuid::Uuid;

fn text(text: &str) -> Part {
    Part::Text { text: text.to_owned() }
}

fn id(name: &str) -> ToolCallId {
    ToolCallId::from_uuid(Uuid::from_u128(name.as_bytes()[0].into()))
}

fn call(name: &str) -> Part {
    let (state, name) = (ToolState::Done, (id(name), "x".to_owned()));
    let (started_at, finished_at, approval) = (None, None, None);
    Part::ToolCall(ToolCall { call_id: name.0, name: name.1, input: json!({}), state, started_at, finished_at, approval })
}

fn result(name: &str) -> Part {
    Part::ToolResult { call_id: id(name), output: "ok".to_owned(), is_error: false }
}

#[test]
fn what_the_agent_did_stands_together_and_each_result_with_its_call() {
    let parts =
        [Part::Reasoning { text: "hm".to_owned() }, call("a"), call("b"), result("b"), result("a"), text("done"), call("c")];
    let steps = vec![Step::Reasoning(0), Step::Tool { call: 1, result: Some(4) }, Step::Tool { call: 2, result: Some(3) }];
    let last = Segment::Steps(vec![Step::Tool { call: 6, result: None }]);
    assert_eq!(segments(&parts, 0), [Segment::Steps(steps), Segment::Text(5), last]);
}

#[test]
fn a_piece_keeps_its_key_while_the_message_grows() {
    let parts = [Part::Reasoning { text: "hm".to_owned() }, call("a"), text("so"), result("a"), text(" far")];
    let whole: Vec<_> = segments(&parts, 0).iter().map(Segment::key).collect();
    for length in 1..parts.len() {
        let keys: Vec<_> = segments(&parts[..length], 0).iter().map(Segment::key).collect();
        assert!(whole.starts_with(&keys), "{length}");
    }
}

#[test]
fn a_call_that_is_being_written_stands_where_the_call_will() {
    let parts = [Part::Reasoning { text: "hm".to_owned() }, call("a"), call("b"), result("a"), result("b")];
    for known in 0..3 {
        let keys = |pieces: Vec<Segment>| pieces.iter().map(Segment::key).collect::<Vec<_>>();
        let (before, after) = (segments(&parts[..known], 3 - known), segments(&parts[..3], 0));
        assert_eq!(keys(before.clone()), keys(after.clone()).as_slice()[..before.len()]);
        if known > 0 {
            assert_eq!(before, after);
        }
    }
}

#[test]
fn a_passage_that_came_twice_is_one_source_with_one_number() {
    let source = |document: u128, start| Part::Source {
        document_id: DocumentId::from_uuid(Uuid::from_u128(document)),
        title: "Handbook".to_owned(),
        start,
        end: start + 1,
        passage: "Words.".to_owned(),
        relevance: 0.5,
    };
    let parts = [source(1, 0), source(2, 0), source(1, 0), source(1, 5), text("so")];
    assert_eq!(segments(&parts, 0), [Segment::Text(4), Segment::Sources(vec![0, 1, 3])]);
    let numbered: Vec<(usize, i64)> = citations(&parts).iter().map(|citation| (citation.number, citation.start)).collect();
    assert_eq!(numbered, [(1, 0), (2, 0), (3, 5)]);
}

#[test]
fn a_tool_is_named_as_people_would() {
    assert_eq!(tool_title("search_knowledge"), "Search knowledge");
    assert_eq!(tool_title("searchKnowledge"), "Search knowledge");
    assert_eq!(input_summary(&json!({"limit": 3, "query": "parking\nmore"})), "parking");
    assert_eq!(input_summary(&json!({"priority": "low", "title": "Sweep"})), "Sweep");
    assert_eq!(input_summary(&json!([1])), "");
    assert_eq!(input_summary(&json!("é".repeat(100))).chars().count(), 81);
}

//! Everything that a small model gets wrong: the member reads it as it was written, and nothing is called.

use super::{NOW, Out, SEARCH, gathered, now, read, said, search, tools};
use crate::server::models::prompted::{
    block,
    reader::{LONGEST, Reader},
};

/// Comes out byte for byte, in one piece and letter by letter.
fn is_text(text: &str) {
    assert_eq!(read([text]), [said(text)]);
    let letters: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(read(letters.iter().map(String::as_str)), [said(text)]);
}

/// The same with this body between the tags.
fn is_no_call(body: &str) {
    is_text(&format!("{}{body}{}", block::OPEN, block::CLOSE));
}

#[test]
fn a_right_block_is_a_call() {
    assert_eq!(read([SEARCH]), [search()]);
    assert_eq!(read(["Let me look.\n", SEARCH, "\n"]), [said("Let me look.\n"), search()]);
    let white = "<tool_call>\n{\"arguments\" : {},\r\n\t\"name\": \"now\"} </tool_call>";
    assert_eq!(read([white]), [now()]);
}

#[test]
fn several_blocks_are_several_calls_with_ids_of_their_own() {
    assert_eq!(read([SEARCH, "\n\n", NOW, SEARCH]), [search(), now(), search()]);
}

#[test]
fn a_name_that_is_no_tool_is_text() {
    is_no_call(r#"{"name": "get_weather", "arguments": {}}"#);
    is_no_call(r#"{"name": "Search", "arguments": {"query": "sea"}}"#);
    is_no_call(r#"{"name": "search ", "arguments": {"query": "sea"}}"#);
    is_no_call(r#"{"name": "", "arguments": {}}"#);
    is_no_call(r#"{"name": null, "arguments": {}}"#);
}

#[test]
fn broken_json_is_text() {
    is_no_call("");
    is_no_call(" \n ");
    is_no_call("search(sea)");
    is_no_call("{");
    is_no_call(r#"{"name": "now", "arguments": {}"#);
    is_no_call(r#"{"name": "now", "arguments": {},}"#);
    is_no_call(r#"{'name': 'now', 'arguments': {}}"#);
    is_no_call(r#"{"name": "now", "arguments": {}} now"#);
    is_no_call(r#"{"name": "now", "arguments": {}}{"name": "now", "arguments": {}}"#);
    is_no_call(r#"{"name": "search", "arguments": {"query": 1e999}}"#);
    is_no_call(&format!(r#"{{"name": "search", "arguments": {{"query": {}{}}}}}"#, "[".repeat(500), "]".repeat(500)));
}

#[test]
fn json_that_is_not_exactly_a_call_is_text() {
    is_no_call(r#"["now", {}]"#);
    is_no_call(r#"[{"name": "now", "arguments": {}}]"#);
    is_no_call(r#"{"name": "now"}"#);
    is_no_call(r#"{"arguments": {}}"#);
    is_no_call(r#"{"name": "now", "parameters": {}}"#);
    is_no_call(r#"{"name": "now", "arguments": {}, "id": 1}"#);
    is_no_call(r#"{"name": "now", "name": "search", "arguments": {}}"#);
}

#[test]
fn arguments_that_are_no_object_are_text() {
    for arguments in ["null", "[]", "1", "true", r#""sea""#, r#""{\"query\": \"sea\"}""#] {
        is_no_call(&format!(r#"{{"name": "search", "arguments": {arguments}}}"#));
    }
}

#[test]
fn a_copied_example_is_text() {
    is_no_call(r#"{"name": "search", "arguments": {"query": "blue boats"}}"#);
}

#[test]
fn a_block_that_is_never_closed_is_text() {
    is_text("<tool_call>");
    is_text("Well, <tool_call>\n");
    is_text(SEARCH.trim_end_matches('>'));
    is_text(r#"<tool_call>{"name": "search", "arguments": {"query": "sea"}}<tool_call>"#);
    is_text(r#"<tool_call>{"name": "search", "arguments": {"query": "sea"}}</tool_calls>"#);
}

#[test]
fn other_tags_are_text() {
    is_text("a < b, <b>, <tool>, <tool_call , <tool_calls>, < tool_call>, <Tool_call>{}</Tool_call>, </tool_call>, <");
    is_text(r#"<tools>{"name": "now", "arguments": {}}</tools>"#);
    is_text("<tool_cal");
}

#[test]
fn what_stands_inside_a_wrong_block_is_no_call() {
    is_text(&format!("<tool_call>{SEARCH}"));
    is_text(&format!("<tool_call>{SEARCH}</tool_call>"));
    is_text(&format!("Write <tool_call> to call a tool: {SEARCH}"));
    is_no_call(r#"{"name": "search", "arguments": {"query": "<tool_call>"}}"#);
    is_no_call(r#"{"name": "search", "arguments": {"query": "</tool_call>"}}"#);
}

#[test]
fn a_wrong_block_does_not_spoil_the_next() {
    let wrong = "<tool_call>search(sea)</tool_call>";
    assert_eq!(read([wrong, "Sorry.", SEARCH]), [said(&format!("{wrong}Sorry.")), search()]);
    assert_eq!(read([NOW, "\n", wrong, "\n", SEARCH]), [now(), said(wrong), search()]);
}

#[test]
fn a_made_up_result_is_never_seen() {
    let made_up = "\nResult of search: The sea is <b>blue</b>.\n";
    assert_eq!(read(["I look. ", SEARCH, made_up, NOW]), [said("I look. "), search()]);
    assert_eq!(read([SEARCH, "<tool_response>"]), [search()]);
    assert_eq!(read([SEARCH, "\n<tool_"]), [search()]);
}

#[test]
fn a_mention_of_the_tag_does_not_silence_the_model() {
    let mut pieces = vec!["The ", "<tool_call>", " tag is", " for tools."];
    let whole: String = pieces.concat();
    let mut reader = Reader::new(&tools());
    let last = pieces.pop().unwrap();
    let before: Vec<_> = pieces.into_iter().flat_map(|piece| reader.push(piece)).collect();
    let Some(Out::Text(text)) = gathered(before).pop() else { panic!("no text") };
    assert_eq!(format!("{text}{last}"), whole);
}

#[test]
fn a_block_is_not_held_back_without_end() {
    let body = |length: usize| {
        let frame = r#"{"name": "search", "arguments": {"query": ""}}"#.len();
        format!(r#"{{"name": "search", "arguments": {{"query": "{}"}}}}"#, "a".repeat(length - frame))
    };
    let longest = format!("<tool_call>{}</tool_call>", body(LONGEST));
    assert!(matches!(&read([longest.as_str()])[..], [Out::Call(..)]));
    let (most, rest) = longest.split_at(longest.len() - 1);
    assert!(matches!(&read([most, rest])[..], [Out::Call(..)]));
    let longer = format!("<tool_call>{}</tool_call>", body(LONGEST + 1));
    for at in [100, longer.len() - 12, longer.len() - 1, longer.len()] {
        let (head, tail) = longer.split_at(at);
        assert_eq!(read([head, tail]), [said(&longer)]);
    }
    let mut reader = Reader::new(&tools());
    assert!(!reader.push(&longer[..longer.len() - 1]).is_empty(), "it is told before it ends");
}

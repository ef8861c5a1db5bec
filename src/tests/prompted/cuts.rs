//! An answer may be cut anywhere on its way without any effect, and nothing is lost where nothing is called.

use super::{NOW, Out, SEARCH, read, said, tools};
use crate::server::models::prompted::{
    block::{self, CLOSE, OPEN, PLACEHOLDER},
    reader::Reader,
};
use proptest::{prelude::*, sample::Index};
use serde_json::{Map, Value, json};

/// What models write, right and wrong; no piece of these can be put together to a call.
fn wrong_piece() -> impl Strategy<Value = String> {
    let fixed = [
        OPEN,
        "<tool_call>{",
        "<tool_",
        "<",
        "</",
        "</tool_",
        "tool_call>",
        "\n",
        "Result of search: 42",
        r#"<tool_call>{"name": "fly", "arguments": {}}</tool_call>"#,
        r#"<tool_call>{"name": "search", "arguments": "sea"}</tool_call>"#,
        r#"<tool_call>{"name": "search", "arguments": {"query": "blue boats"}}</tool_call>"#,
        r#"<tool_call>{"name": "search",</tool_call>"#,
        CLOSE,
    ];
    prop_oneof![4 => proptest::sample::select(fixed.map(str::to_owned).to_vec()), 1 => "[a-z <>{}\"é😀\n]{0,8}"]
}

fn piece() -> impl Strategy<Value = String> {
    let right = [SEARCH, NOW, r#"{"name": "now", "arguments": {}}"#];
    prop_oneof![3 => wrong_piece(), 2 => proptest::sample::select(right.map(str::to_owned).to_vec())]
}

fn joined(piece: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// The text in pieces; cuts are moved back to where a letter begins.
fn cut<'a>(text: &'a str, cuts: &[Index]) -> Vec<&'a str> {
    let mut at: Vec<_> = cuts.iter().map(|cut| text.floor_char_boundary(cut.index(text.len() + 1))).collect();
    at.extend([0, text.len()]);
    at.sort_unstable();
    at.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect()
}

fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![Just(OPEN.to_owned()), Just(format!("\\{CLOSE}\"")), Just("\\u003c".to_owned()), "\\PC{0,6}"];
    let leaf = prop_oneof![text.prop_map(Value::from), any::<i64>().prop_map(Value::from), Just(Value::Null)];
    leaf.prop_recursive(3, 12, 3, |inner| prop::collection::btree_map("[a-z<>/_]{0,9}", inner, 0..3).prop_map(|map| json!(map)))
}

proptest! {
    #[test]
    fn a_cut_anywhere_changes_nothing(answer in joined(piece()), cuts in prop::collection::vec(any::<Index>(), 0..12)) {
        let whole = read([answer.as_str()]);
        prop_assert_eq!(read(cut(&answer, &cuts)), whole.clone());
        let letters: Vec<String> = answer.chars().map(String::from).collect();
        prop_assert_eq!(read(letters.iter().map(String::as_str)), whole);
    }

    #[test]
    fn a_text_without_a_call_comes_out_byte_for_byte(answer in joined(wrong_piece()), cuts in prop::collection::vec(any::<Index>(), 0..12)) {
        let expected: Vec<Out> = Some(said(&answer)).filter(|_| !answer.is_empty()).into_iter().collect();
        prop_assert_eq!(read(cut(&answer, &cuts)), expected);
    }

    #[test]
    fn what_is_held_back_can_still_become_a_block(answer in joined(piece())) {
        let mut reader = Reader::new(&tools());
        let told: usize = super::gathered(reader.push(&answer)).iter().map(|out| match out {
            Out::Text(text) => text.len(),
            Out::Call(..) => 0,
        }).sum();
        // Before the first call, all that is kept begins like an opening tag, or is the end of a wrong block.
        if !reader.called() {
            let kept = &answer[told..];
            prop_assert!(kept.is_empty() || kept.starts_with(OPEN) || OPEN.starts_with(kept) || CLOSE.starts_with(kept));
        }
    }

    #[test]
    fn a_call_that_we_write_is_the_call_that_we_read(map in prop::collection::btree_map("[a-z<>/_]{0,9}", value(), 0..4)) {
        let arguments: Map<String, Value> = map.into_iter().filter(|(_, value)| value != PLACEHOLDER).collect();
        let arguments = Value::Object(arguments);
        prop_assert_eq!(read([block::write("search", &arguments).as_str()]), [Out::Call("search".to_owned(), arguments)]);
    }
}

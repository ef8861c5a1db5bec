//! What goes into a tool and comes out of it, in words.

use crate::model::tool_input::{fields, readable, written};
use serde_json::{Value, json};

fn rows(input: &Value) -> Vec<(String, String)> {
    fields(input).into_iter().map(|field| (field.name, field.value)).collect()
}

#[test]
fn whoever_approves_a_call_sees_every_field_of_it() {
    let input = json!({
        "priority": "low",
        "title": "Sweep\nthe yard",
        "notify": true,
        "note": "",
        "assignee": null,
        "dueIn": 2.5,
        "tags": ["a", "b"],
        "nothing": [],
        "place": { "city": "Ghent", "at": [{ "x": 1 }, { "x": 2 }] },
    });
    let known = [
        ("Title", "Sweep\nthe yard"),
        ("Assignee", "(nothing)"),
        ("Due in", "2.5"),
        ("Note", "(empty)"),
        ("Nothing", "(empty)"),
        ("Notify", "Yes"),
        ("Place › At › 1 › X", "1"),
        ("Place › At › 2 › X", "2"),
        ("Place › City", "Ghent"),
        ("Priority", "low"),
        ("Tags", "a\nb"),
    ];
    let known: Vec<_> = known.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(rows(&input), known);
    assert_eq!(rows(&json!({})), []);
    assert_eq!(rows(&json!("as it is")), [("Input".to_owned(), "as it is".to_owned())]);
}

#[test]
fn json_is_laid_out_and_other_output_is_left_alone() {
    assert_eq!(readable(r#"{"a":[1]}"#), "{\n  \"a\": [\n    1\n  ]\n}");
    for text in ["12", "a sentence", "{\"cut\": [1, 2", ""] {
        assert_eq!(readable(text), text);
    }
}

#[test]
fn an_input_that_is_being_written_says_what_it_is_about_as_far_as_it_got() {
    let whole = r#"{"title": "Say \"hello\" at 9\nto all", "priority": "low"}"#;
    let known = [(3, ""), (10, ""), (14, "Say"), (24, "Say \"hello\""), (whole.len(), "Say \"hello\" at 9")];
    for (length, text) in known {
        assert_eq!(written(&whole[..length]).trim_end(), text, "{length}");
    }
    assert_eq!(written(r#"{"limit": 3"#), "");
}

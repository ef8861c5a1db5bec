//! Tools of a command that the operator allowed.

use super::Lab;
use crate::tests::app::Setup;
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

const NAMES: [&str; 7] = ["say", "who", "env", "hang", "die", "leave", "huge"];

/// A server whose operator allows the fake, and where that notes cancellations.
async fn lab() -> (Lab, PathBuf) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/tool_sources/fake_mcp.sh");
    let notes = tempfile::NamedTempFile::new().expect("a file").into_temp_path().keep().expect("a path");
    let words = ["sh", script, notes.to_str().expect("a path in UTF-8")].map(str::to_owned).to_vec();
    let tool_commands = BTreeMap::from([("fake".to_owned(), words), ("gone".to_owned(), vec!["/nowhere/at-all".to_owned()])]);
    (Lab::with(Setup { tool_commands, ..Setup::default() }).await, notes)
}

fn draft() -> Value {
    let header = json!({ "name": "FAKE_TOKEN", "value": "swordfish-4711" });
    json!({ "kind": "command", "name": "local", "url": "fake", "secret": header })
}

async fn picked(lab: &Lab) -> Value {
    let source = lab.add(draft()).await;
    lab.pick(&source, &NAMES).await
}

#[tokio::test]
async fn an_agent_calls_a_tool_of_a_command() {
    let (lab, _) = lab().await;
    assert_eq!(lab.ask("tool_commands", json!({})).await.ok(), json!(["fake", "gone"]));
    picked(&lab).await;
    let messages = lab.run("local__say", json!({})).await.to_string();
    assert!(messages.contains("said"), "{messages}");
}

#[tokio::test]
async fn a_thread_keeps_its_process_and_shares_it_with_no_other() {
    let (lab, _) = lab().await;
    picked(&lab).await;
    let first = lab.call("local__who", json!({})).await.expect("an answer").output;
    assert_eq!(lab.call("local__who", json!({})).await.expect("an answer").output, first);
    assert!(first.ends_with("[secret]") && !first.contains("swordfish"), "it was given its secret, and nobody else: {first}");
    let other = lab.app.thread(lab.owner(), lab.group.agent).await;
    assert_ne!(lab.call_in(other, "local__who", json!({})).await.expect("an answer").output, first);
}

#[tokio::test]
async fn a_command_sees_nothing_of_the_servers_own_settings() {
    let (lab, _) = lab().await;
    picked(&lab).await;
    let names = lab.call("local__env", json!({})).await.expect("an answer").output;
    let known = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER", "FAKE_TOKEN", "PWD", "OLDPWD", "SHLVL", "_"];
    assert!(names.split_whitespace().all(|name| known.contains(&name)), "{names}");
}

#[tokio::test]
async fn a_process_that_dies_costs_one_call_and_is_started_again() {
    let (lab, _) = lab().await;
    picked(&lab).await;
    let died = lab.call("local__die", json!({})).await.expect_err("it died").0;
    assert!(died.contains("ended before") && died.contains("the disk is full, said [secret]"), "{died}");
    assert_eq!(lab.call("local__say", json!({})).await.expect("a new process").output, "said");
}

#[tokio::test]
async fn what_a_command_started_ends_with_it() {
    let (lab, _) = lab().await;
    picked(&lab).await;
    let left = lab.call("local__leave", json!({})).await.expect("an answer").output;
    let lives = |id: &str| std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    assert!(lives(&left));
    lab.app.app.drain().await.expect("the server drains");
    assert!(!lives(&left), "it was killed with the command");
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_an_error_and_the_process_goes_on() {
    let (lab, _) = lab().await;
    picked(&lab).await;
    let before = lab.call("local__who", json!({})).await.expect("an answer").output;
    let huge = lab.call("local__huge", json!({})).await.expect_err("too long").0;
    assert!(huge.contains("larger than"), "{huge}");
    assert_eq!(lab.call("local__who", json!({})).await.expect("an answer").output, before);
}

#[tokio::test]
async fn a_call_that_is_given_up_is_cancelled_and_holds_up_no_other() {
    let (lab, notes) = lab().await;
    picked(&lab).await;
    lab.call("local__say", json!({})).await.expect("a session");
    let hanging = tokio::time::timeout(Duration::from_millis(100), lab.call("local__hang", json!({}))).await;
    assert!(hanging.is_err(), "it does not answer");
    assert_eq!(lab.call("local__say", json!({})).await.expect("an answer").output, "said");
    let notes = std::fs::read_to_string(notes).expect("its notes");
    assert!(notes.contains("requestId"), "it was told before the next call: {notes}");
}

#[tokio::test]
async fn only_what_the_operator_named_can_be_added_and_only_secrets_are_passed() {
    let (lab, _) = lab().await;
    let wrong = [
        ("url", json!({ "kind": "command", "name": "x", "url": "sh -c id" })),
        ("url", json!({ "kind": "command", "name": "x", "url": "" })),
        ("url", json!({ "kind": "command", "name": "x", "url": "gone" })),
        ("url", json!({ "kind": "mcp", "name": "x", "url": "fake" })),
        (
            "header",
            json!({ "kind": "command", "name": "x", "url": "fake", "secret": { "name": "LD_PRELOAD", "value": "/x.so" } }),
        ),
        ("header", json!({ "kind": "command", "name": "x", "url": "fake", "secret": { "name": "NODE_OPTIONS", "value": "x" } })),
    ];
    for (field, draft) in wrong {
        let reply = lab.ask("add_tool_source", json!({ "draft": draft })).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!(field)), "{draft}");
    }
}

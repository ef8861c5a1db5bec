//! Tools of an MCP server.

use super::{Lab, fake_mcp::*, marks};
use crate::tests::app::Setup;
use serde_json::json;

#[tokio::test]
async fn an_agent_calls_a_tool_of_a_server_in_json_and_in_streams() {
    let lab = Lab::new().await;
    for (streams, name) in [(false, "plain"), (true, "streams")] {
        let fake = FakeMcp::start(vec![tool("say"), tool("huge")]).await;
        fake.told(|told| told.streams = streams);
        let source = lab.add(json!({ "kind": "mcp", "name": name, "url": fake.url })).await;
        assert_eq!(marks(&source), [("say", None, false), ("huge", None, false)]);
        assert!(!lab.names().await.contains(&format!("{name}__say")), "nothing is picked by itself");
        lab.pick(&source, &["say"]).await;
        let messages = lab.run(&format!("{name}__say"), json!({ "text": "Good morning" })).await.to_string();
        assert!(messages.contains(r#"echo: {\"text\":\"Good morning\"}"#), "{messages}");
        assert_eq!((fake.count("tools/list"), fake.count("tools/call")), (1, 1), "a run asks for no list");
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_and_the_session_of_a_look_is_ended() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("one"), tool("two"), tool("three")]).await;
    fake.told(|told| told.page = 2);
    assert_eq!(lab.add(fake.draft()).await["tools"].as_array().expect("tools").len(), 3);
    assert_eq!((fake.count("tools/list"), fake.sessions()), (2, 0));
}

#[tokio::test]
async fn a_session_is_kept_for_its_thread_and_begun_again_when_it_is_lost() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("say")]).await;
    let source = lab.add(fake.draft()).await;
    lab.pick(&source, &["say"]).await;
    for _ in 0..2 {
        lab.call("fake__say", json!({})).await.expect("an answer");
    }
    assert_eq!((fake.count("initialize"), fake.sessions()), (2, 1), "one for the list, one for the thread");
    let other = lab.app.thread(lab.owner(), lab.group.agent).await;
    lab.call_in(other, "fake__say", json!({})).await.expect("an answer");
    assert_eq!(fake.sessions(), 2, "another thread shares no session");
    fake.forget();
    let answer = lab.call("fake__say", json!({ "text": "again" })).await.expect("an answer");
    assert!(answer.output.contains("again"));
    assert_eq!((fake.sessions(), fake.count("tools/call")), (1, 5), "tried, refused, tried again");
}

#[tokio::test]
async fn what_a_server_asks_back_is_answered() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("say")]).await;
    fake.told(|told| told.streams = true);
    let source = lab.add(fake.draft()).await;
    lab.pick(&source, &["say"]).await;
    lab.call("fake__say", json!({})).await.expect("an answer");
    let replies = fake.state.lock().expect("no panic").replies.clone();
    assert!(replies.iter().all(|reply| reply["id"] == "back-1" && reply["result"] == json!({})), "{replies:?}");
    assert!(!replies.is_empty());
}

#[tokio::test]
async fn a_result_is_read_to_its_limit_and_errors_are_told_as_errors() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(["huge", "fail", "picture", "structured"].map(tool).into()).await;
    let source = lab.add(fake.draft()).await;
    lab.pick(&source, &["huge", "fail", "picture", "structured"]).await;
    for streams in [false, true] {
        fake.told(|told| told.streams = streams);
        let huge = lab.call("fake__huge", json!({})).await.expect_err("too much");
        assert!(huge.0.contains("larger than 256 KiB"), "{}", huge.0);
    }
    assert_eq!(lab.call("fake__fail", json!({})).await.expect_err("an error").0, "The oven is cold.");
    assert_eq!(lab.call("fake__picture", json!({})).await.expect("text").output, "[image image/png: not shown]\nA cat.");
    assert_eq!(lab.call("fake__structured", json!({})).await.expect("text").output, r#"{"degrees":21}"#);
}

#[tokio::test]
async fn a_private_address_is_refused_unless_the_operator_allowed_it() {
    let lab = Lab::with(Setup::default()).await;
    let fake = FakeMcp::start(vec![tool("say")]).await;
    let by_name = fake.url.replace("127.0.0.1", "localhost");
    for url in [fake.url.as_str(), by_name.as_str(), "http://169.254.169.254/latest/meta-data", "http://[::1]:1/mcp"] {
        let reply = lab.ask("add_tool_source", json!({ "draft": { "kind": "mcp", "name": "fake", "url": url } })).await;
        assert_eq!(reply.status, 422, "{url}");
        assert!(reply.text().contains("private address"), "{url}: {}", reply.text());
    }
    assert_eq!(fake.count("initialize"), 0);
}

#[tokio::test]
async fn what_is_no_mcp_server_is_said_at_the_address() {
    let lab = Lab::new().await;
    for url in ["no address", "ftp://example.org", "http://ada:secret@example.org/mcp", "http://127.0.0.1:1/mcp"] {
        let reply = lab.ask("add_tool_source", json!({ "draft": { "kind": "mcp", "name": "fake", "url": url } })).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!("url")), "{url}");
    }
    assert_eq!(lab.ask("tool_sources", json!({})).await.ok(), json!([]));
}

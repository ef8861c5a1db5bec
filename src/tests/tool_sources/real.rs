//! A server that others wrote: `@modelcontextprotocol/server-everything`, the protocol's own reference server, at the
//! version that end2end/package.json pins. `script/test` runs this after it has installed that.

use super::{super::app::Setup, Lab};
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::TcpListener, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// A machine that does much else needs a while for node.
const PATIENCE: Duration = Duration::from_secs(60);

struct Everything {
    url: String,
    port: u16,
    /// Killed when it is dropped.
    _process: Child,
}

async fn everything(port: Option<u16>) -> Everything {
    let port = port.unwrap_or_else(free_port);
    let mut command = Command::new("node");
    command.arg(everything_script()).arg("streamableHttp").env("PORT", port.to_string());
    let mut process = command.kill_on_drop(true).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("node starts");
    let mut lines = BufReader::new(process.stderr.take().expect("its words")).lines();
    let listening = async {
        while let Some(line) = lines.next_line().await.expect("its words") {
            if line.contains("listening on port") {
                return;
            }
        }
        panic!("the server ended");
    };
    timeout(PATIENCE, listening).await.expect("the server starts in time");
    Everything { url: format!("http://127.0.0.1:{port}/mcp"), port, _process: process }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[tokio::test]
#[ignore = "needs node and the packages of end2end"]
async fn the_reference_server_is_added_picked_from_and_called() {
    let lab = Lab::new().await;
    let server = everything(None).await;
    let source = lab.add(json!({ "kind": "mcp", "name": "everything", "url": server.url })).await;
    let tools = source["tools"].as_array().expect("tools");
    let fit = tools.iter().filter(|tool| tool["problem"].is_null()).count();
    assert!(fit >= 10, "{source}");
    assert!(tools.iter().all(|tool| tool["problem"].as_str().is_none_or(|problem| problem.contains("task"))), "{source}");
    lab.pick(&source, &["echo", "get-sum", "get-tiny-image", "trigger-long-running-operation"]).await;
    let messages = lab.run("everything__echo", json!({ "message": "Land ahoy" })).await.to_string();
    assert!(messages.contains("Echo: Land ahoy"), "{messages}");
    let sum = lab.call("everything__get-sum", json!({ "a": 19, "b": 23 })).await.expect("a sum").output;
    assert!(sum.contains("42"), "{sum}");
    let image = lab.call("everything__get-tiny-image", json!({})).await.expect("an image").output;
    assert!(image.contains("[image image/png: not shown]"), "{image}");
    let long = lab.call("everything__trigger-long-running-operation", json!({ "duration": 1, "steps": 2 })).await;
    assert!(long.expect("its end").output.contains("completed"));
    lab.call("everything__get-sum", json!({ "a": "many" })).await.expect_err("the server checks too");
    let port = server.port;
    drop(server);
    let _again = restarted(port).await;
    let answer = lab.call("everything__echo", json!({ "message": "back" })).await.expect("a new session");
    assert!(answer.output.contains("Echo: back"), "{}", answer.output);
    assert_eq!(lab.refresh(&source).await["error"], Value::Null);
}

#[tokio::test]
#[ignore = "needs node and the packages of end2end"]
async fn the_reference_server_is_called_as_a_command() {
    let script = everything_script().to_str().expect("a path in UTF-8").to_owned();
    let words = ["node", &script, "stdio"].map(str::to_owned).to_vec();
    let lab = Lab::with(Setup { tool_commands: BTreeMap::from([("everything".to_owned(), words)]), ..Setup::default() }).await;
    let source = lab.add(json!({ "kind": "command", "name": "local", "url": "everything" })).await;
    lab.pick(&source, &["echo", "get-sum"]).await;
    let messages = lab.run("local__echo", json!({ "message": "Land ahoy" })).await.to_string();
    assert!(messages.contains("Echo: Land ahoy"), "{messages}");
    let sum = lab.call("local__get-sum", json!({ "a": 19, "b": 23 })).await.expect("a sum").output;
    assert!(sum.contains("42"), "{sum}");
}

fn everything_script() -> PathBuf {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("end2end/node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    assert!(script.exists(), "run npm ci in end2end first");
    script
}

/// The same address under a new process, which knows no session. The old process needs a moment to leave the port.
async fn restarted(port: u16) -> Everything {
    let free = async {
        while TcpListener::bind(("0.0.0.0", port)).is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, free).await.expect("the port is free again");
    everything(Some(port)).await
}

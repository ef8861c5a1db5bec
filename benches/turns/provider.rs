//! A provider that answers at once, in OpenAI's protocol: 100 tokens as 100 chunks, then the usage.

use crate::Result;
use axum::{
    Json, Router,
    body::{Body, Bytes},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt as _,
};
use futures::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    io::Write as _,
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{io::AsyncReadExt as _, net::TcpListener};

pub const ROLE: &str = "provider";

/// Answers as fast as it can.
pub const FAST: &str = "fast";

/// Says in its first token when it sent it, and then pauses, as a model does: what follows is not in the first's way.
pub const STAMPED: &str = "stamped";

/// Asks for [`PARALLEL`] tools at once, [`STEPS`] times, and then answers as [`FAST`] does.
pub const TOOLS: &str = "tools";
pub const PARALLEL: usize = 4;
pub const STEPS: usize = 20;

const TOKENS: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

static CHUNKS: LazyLock<Vec<Bytes>> = LazyLock::new(|| (0..TOKENS).map(|index| chunk(&token(index))).collect());

/// All that [`FAST`] says.
pub static ANSWER: LazyLock<String> = LazyLock::new(|| (0..TOKENS).map(token).collect());

#[derive(Deserialize)]
struct Request {
    model: String,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
}

pub async fn serve() -> Result<()> {
    let models: Vec<Value> = [FAST, STAMPED, TOOLS].map(|id| json!({ "id": id, "object": "model" })).into();
    let models = json!({ "object": "list", "data": models });
    let router =
        Router::new().route("/v1/models", get(|| async move { Json(models) })).route("/v1/chat/completions", post(complete));
    listen(router).await
}

/// Serves on a free port, says which, and ends when the standard input does.
pub async fn listen(router: Router) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    // Without this the kernel holds a small piece back until the one before it was acknowledged.
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    let (mut input, mut rest) = (tokio::io::stdin(), Vec::new());
    tokio::select! {
        served = axum::serve(listener, router).into_future() => served?,
        _ = input.read_to_end(&mut rest) => {}
    }
    Ok(())
}

/// Nanoseconds since 1970, as all processes of this machine see them.
#[expect(clippy::disallowed_methods, reason = "two processes compare their clocks")]
pub fn now_ns() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

async fn complete(Json(request): Json<Request>) -> Response {
    // Since the member spoke: the conversation begins anew with each turn.
    let results =
        request.messages.iter().rev().take_while(|message| message.role != "user").filter(|message| message.role == "tool");
    let step = results.count() / PARALLEL;
    let body = if request.model == TOOLS && step < STEPS {
        Body::from(calls(step))
    } else {
        Body::from_stream(answer(request.model == STAMPED))
    };
    ([(CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// Calls of a tool that finds nothing, each with an input of its own: the same again and again would end the turn.
fn calls(step: usize) -> String {
    let call = |index: usize| {
        let arguments = json!({ "query": format!("nothing {step} {index}") }).to_string();
        json!({ "index": index, "id": format!("call_{step}_{index}"), "type": "function",
            "function": { "name": "searchKnowledge", "arguments": arguments } })
    };
    let delta: Vec<Value> = (0..PARALLEL).map(call).collect();
    let asks = json!({ "id": "c", "object": "chat.completion.chunk",
        "choices": [{ "index": 0, "delta": { "tool_calls": delta }, "finish_reason": null }] });
    format!("data: {asks}\n\n{}", END.replace("\"stop\"", "\"tool_calls\""))
}

fn answer(stamped: bool) -> impl Stream<Item = std::result::Result<Bytes, Infallible>> {
    async_stream::stream! {
        if stamped {
            yield Ok(chunk(&format!("{} ", now_ns())));
            tokio::time::sleep(PAUSE).await;
        }
        for chunk in &CHUNKS[usize::from(stamped)..] {
            yield Ok(chunk.clone());
            // Each token leaves by itself, as those of a model do.
            tokio::task::yield_now().await;
        }
        yield Ok(Bytes::from_static(END.as_bytes()));
    }
}

/// The reason to finish, the usage, and the mark of the end.
const END: &str = concat!(
    r#"data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    "\n\n",
    r#"data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":100,"total_tokens":120}}"#,
    "\n\ndata: [DONE]\n\n"
);

fn token(index: usize) -> String {
    format!("word{index} ")
}

fn chunk(content: &str) -> Bytes {
    let data: Value = json!({
        "id": "chatcmpl-0123456789abcdef", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": FAST,
        "choices": [{ "index": 0, "delta": { "content": content }, "finish_reason": null }],
    });
    format!("data: {data}\n\n").into()
}

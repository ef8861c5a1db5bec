//! Tools for models that have no tool calling of their own: they read of their tools in the system text and call them by
//! writing a block, which becomes the same events that other models send.
//!
//! # The format
//!
//! A call is one block of text, the one that Hermes and Qwen models were trained on:
//!
//! ```text
//! <tool_call>{"name": "search", "arguments": {"query": "parking"}}</tool_call>
//! ```
//!
//! - Between the tags stands one JSON object with exactly these two keys, and nothing else but whitespace. `name` is a tool
//!   of the request, spelled as there, and `arguments` is an object. Several blocks are several calls.
//! - Neither tag may stand inside a block: a block ends at the first closing tag, and an opening tag spoils it. Where
//!   arguments spell a tag, JSON lets its `<` be written as `\u003c`; so do we.
//! - What stands between the tags is at most `reader::LONGEST` bytes (32 KiB) long, and no argument is `block::PLACEHOLDER`,
//!   which stands for a text in the example that the model is shown: who copies the example asks for nothing.
//! - A block that is wrong in any way, or is never closed, is what the member reads, byte for byte, and calls nothing. All
//!   up to its closing tag belongs to it: what stands inside a wrong block is no call either.
//! - After a call only whitespace and further blocks, right or wrong, count. Anything else is the model answering itself
//!   ("Result of search: …"): it is dropped, the model is told to stop, and the answer ends with the calls so far.
//!
//! The system text lists the tools, a line each, and two turns before the conversation show a call. What was called before
//! is told in the same format, in the assistant's turns; results are told in the user's, as `Result of search: …`. A request
//! without tools is not touched, and neither is its answer.

pub(crate) mod block;
pub(crate) mod reader;
pub(crate) mod request;

use self::reader::Reader;
use super::{ChatRequest, FinishReason, ModelError, ModelEvent};
use crate::model::provider::Usage;
use futures::stream::{BoxStream, StreamExt};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long a model that was told to stop may take to tell its usage.
const LAST_WORDS: Duration = Duration::from_millis(100);

type Item = Result<ModelEvent, ModelError>;
type Events = BoxStream<'static, Item>;

/// Streams one answer of a model without tool calling as if it had it. `ask` asks that model: it is given a request without
/// tools, and a token that also fires when the rest of the answer does not count.
pub fn stream(
    request: ChatRequest,
    cancel: CancellationToken,
    ask: impl FnOnce(ChatRequest, CancellationToken) -> Events,
) -> Events {
    if request.tools.is_empty() {
        return ask(request, cancel);
    }
    let mut reader = Reader::new(&request.tools);
    let hang_up = cancel.child_token();
    let mut inner = ask(request::without_tools(request), hang_up.clone());
    async_stream::stream! {
        while !reader.over() {
            let item = inner.next().await;
            let last = matches!(item, None | Some(Err(_) | Ok(ModelEvent::Finished(_))));
            for item in hear(&mut reader, item) {
                if counts(&item, &cancel) {
                    yield item;
                }
            }
            if last {
                return;
            }
        }
        hang_up.cancel();
        if let Some(usage) = last_usage(inner).await {
            yield Ok(ModelEvent::Usage(usage));
        }
        if !cancel.is_cancelled() {
            yield Ok(ModelEvent::Finished(FinishReason::ToolCalls));
        }
    }
    .boxed()
}

/// After a cancel nothing counts but what was used.
fn counts(item: &Item, cancel: &CancellationToken) -> bool {
    matches!(item, Ok(ModelEvent::Usage(_))) || !cancel.is_cancelled()
}

/// What an event of the model means; `None` is its end without a last event. Whatever ends the answer also ends the wait
/// for the rest of a tag.
fn hear(reader: &mut Reader, item: Option<Item>) -> Vec<Item> {
    let (said, last) = match item {
        Some(Ok(ModelEvent::Text(text))) => (reader.push(&text), None),
        Some(Ok(ModelEvent::Finished(reason))) => (reader.end(), Some(Ok(ModelEvent::Finished(finish(reader, reason))))),
        Some(Err(error)) => (reader.end(), Some(Err(error))),
        None => (reader.end(), None),
        // The model was given no tools. A call of its own kind could take the place of one that it wrote.
        Some(Ok(ModelEvent::ToolCallStarted { .. } | ModelEvent::ToolCallInput { .. } | ModelEvent::ToolCallFinished { .. })) => {
            (Vec::new(), None)
        }
        Some(passed_on) => (Vec::new(), Some(passed_on)),
    };
    said.into_iter().map(Ok).chain(last).collect()
}

/// Whole calls are carried out, even where the output limit cut what followed them.
fn finish(reader: &Reader, reason: FinishReason) -> FinishReason {
    match reason {
        _ if reader.called() => FinishReason::ToolCalls,
        FinishReason::ToolCalls => FinishReason::Stop,
        otherwise => otherwise,
    }
}

/// The last totals of a model that was told to stop. It is let go of before they are passed on.
async fn last_usage(mut inner: Events) -> Option<Usage> {
    let mut last = None;
    let listen = async {
        while let Some(item) = inner.next().await {
            if let Ok(ModelEvent::Usage(usage)) = item {
                last = Some(usage);
            }
        }
    };
    // Running out of this time is fine: then what was told before stands, or is estimated.
    let _ = timeout(LAST_WORDS, listen).await;
    last
}

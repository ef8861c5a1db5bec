//! Tools for models without tool calling: what they are told, and what is made of what they write.

mod cuts;
mod mistakes;
mod request;
mod stream;

use crate::server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, ModelEvent, ToolSpec, prompted::reader::Reader};
use serde_json::{Value, json};

const SEARCH: &str = r#"<tool_call>{"name": "search", "arguments": {"query": "sea"}}</tool_call>"#;
const NOW: &str = r#"<tool_call>{"name": "now", "arguments": {}}</tool_call>"#;

/// What the member reads and which calls are made, in order. Pieces of one text are joined, ids are left out.
#[derive(Debug, Clone, PartialEq)]
enum Out {
    Text(String),
    Call(String, Value),
}

fn said(text: &str) -> Out {
    Out::Text(text.to_owned())
}

fn search() -> Out {
    Out::Call("search".to_owned(), json!({ "query": "sea" }))
}

fn now() -> Out {
    Out::Call("now".to_owned(), json!({}))
}

fn tools() -> Vec<ToolSpec> {
    let schema = json!({
        "type": "object",
        "properties": { "limit": { "type": "integer" }, "query": { "type": "string" } },
        "required": ["query"],
    });
    let tool = |name: &str, description: &str, input_schema| ToolSpec {
        name: name.to_owned(),
        description: description.to_owned(),
        input_schema,
    };
    vec![tool("now", "The time.", json!({ "type": "object" })), tool("search", "Searches the web.\nFast.", schema)]
}

fn asking(text: &str) -> ChatRequest {
    ChatRequest {
        model: "told".to_owned(),
        system: "Be brief.".to_owned(),
        messages: vec![ChatMessage { role: ChatRole::User, content: vec![ChatContent::Text(text.to_owned())] }],
        tools: tools(),
        max_output_tokens: 64,
    }
}

/// An answer that arrives in these pieces and then ends.
fn read<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Out> {
    let mut reader = Reader::new(&tools());
    let mut events: Vec<_> = pieces.into_iter().flat_map(|piece| reader.push(piece)).collect();
    events.extend(reader.end());
    gathered(events)
}

/// Events as what they mean. A call's three events must stand together and agree.
fn gathered(events: Vec<ModelEvent>) -> Vec<Out> {
    let (mut out, mut events) = (Vec::new(), events.into_iter());
    while let Some(event) = events.next() {
        match event {
            ModelEvent::Text(text) => {
                assert!(!text.is_empty());
                match out.last_mut() {
                    Some(Out::Text(before)) => before.push_str(&text),
                    _ => out.push(Out::Text(text)),
                }
            }
            ModelEvent::ToolCallStarted { index, name, .. } => {
                let Some(ModelEvent::ToolCallInput { index: second, fragment }) = events.next() else { panic!("no input") };
                let Some(ModelEvent::ToolCallFinished { index: third, input }) = events.next() else { panic!("no end") };
                let input = input.unwrap();
                assert_eq!((second, third), (index, index));
                assert_eq!(serde_json::from_str::<Value>(&fragment).unwrap(), input);
                out.push(Out::Call(name, input));
            }
            other => panic!("unexpected: {other:?}"),
        }
    }
    out
}

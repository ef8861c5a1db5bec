//! From the bytes of a body to the events of an answer: the part of both protocols that is the same.
//!
//! It does no input or output, so tests can cut a recorded body wherever they like and run the code of production.

use super::{
    body,
    sse::{Event, Parser},
};
use crate::server::models::{FinishReason, ModelError, ModelEvent};
use serde_json::Value;

type Items = Vec<Result<ModelEvent, ModelError>>;

/// One protocol's reading of one answer.
pub(crate) trait Decode: Send + 'static {
    /// Reads one event of the stream and appends what it means.
    fn event(&mut self, name: &str, data: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError>;

    /// Reads an answer that came in one piece, from a server that does not stream.
    fn whole(&mut self, answer: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError>;

    /// Why the answer finished, as soon as the provider said so. Usage may still follow.
    fn finish_reason(&self) -> Option<FinishReason>;

    /// Whether the provider said that nothing follows.
    fn closed(&self) -> bool;
}

/// The text that ends a stream of OpenAI's protocol; it is no JSON.
const DONE: &str = "[DONE]";

pub(crate) struct Feed<D> {
    decoder: D,
    framing: Framing,
    over: bool,
}

enum Framing {
    /// Nothing but white space so far.
    Unknown,
    Events(Parser),
    /// A body that begins with a brace: no field of an event stream does.
    Whole(Vec<u8>),
}

impl<D: Decode> Feed<D> {
    pub(crate) fn new(decoder: D) -> Self {
        Self { decoder, framing: Framing::Unknown, over: false }
    }

    /// Whether the last item was given: `Finished`, or an error.
    pub(crate) fn over(&self) -> bool {
        self.over
    }

    /// Whether the answer is whole, though more may follow.
    pub(crate) fn complete(&self) -> bool {
        self.decoder.finish_reason().is_some()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Items {
        let bytes = if matches!(self.framing, Framing::Unknown) { self.begin(bytes) } else { bytes };
        match &mut self.framing {
            Framing::Unknown => Items::new(),
            Framing::Whole(held) if held.len() + bytes.len() > body::LIMIT => self.fail(too_long()),
            Framing::Whole(held) => {
                held.extend_from_slice(bytes);
                Items::new()
            }
            Framing::Events(parser) => match parser.push(bytes) {
                Ok(events) => self.events(events),
                Err(_) => self.fail(too_long()),
            },
        }
    }

    /// The body ended as the transport wanted.
    pub(crate) fn end(&mut self) -> Items {
        let mut items = match &mut self.framing {
            Framing::Unknown => Items::new(),
            Framing::Whole(held) => {
                let held = std::mem::take(held);
                self.whole(&held)
            }
            Framing::Events(parser) => {
                // Half an event is what a cut leaves behind, so it is judged by what is missing, not by its syntax.
                let last = parser.end().filter(|event| event.data == DONE || serde_json::from_str::<Value>(&event.data).is_ok());
                self.events(last.into_iter().collect())
            }
        };
        items.extend(self.close(ModelError::CutOff { detail: "the body ended before the answer did".to_owned() }));
        items
    }

    /// The transport failed, or fell silent. That does not matter any more where the answer is whole.
    pub(crate) fn broken(&mut self, error: ModelError) -> Items {
        self.close(error)
    }

    /// Skips leading white space and decides how the rest is framed.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let Some(start) = bytes.iter().position(|byte| !byte.is_ascii_whitespace()) else { return &[] };
        self.framing = if bytes[start] == b'{' { Framing::Whole(Vec::new()) } else { Framing::Events(Parser::default()) };
        &bytes[start..]
    }

    fn events(&mut self, events: Vec<Event>) -> Items {
        let mut items = Items::new();
        for event in events {
            if self.over {
                break;
            }
            items.extend(self.event(&event));
        }
        items
    }

    fn event(&mut self, event: &Event) -> Items {
        if event.data == DONE {
            return self.close(ModelError::CutOff { detail: "the stream ended without a reason to finish".to_owned() });
        }
        let Ok(data) = serde_json::from_str(&event.data) else {
            return self.close(ModelError::CutOff { detail: format!("an event is not JSON: {}", event.data) });
        };
        let mut out = Vec::new();
        let read = self.decoder.event(&event.name, data, &mut out);
        self.settle(out, read)
    }

    fn whole(&mut self, body: &[u8]) -> Items {
        let Ok(answer) = serde_json::from_slice(body) else {
            return self.fail(ModelError::CutOff { detail: "the answer is not JSON".to_owned() });
        };
        let mut out = Vec::new();
        let read = self.decoder.whole(answer, &mut out);
        self.settle(out, read)
    }

    fn settle(&mut self, out: Vec<ModelEvent>, read: Result<(), ModelError>) -> Items {
        let mut items: Items = out.into_iter().map(Ok).collect();
        match read {
            Err(error) => items.extend(self.fail(error)),
            Ok(()) if self.decoder.closed() => {
                items.extend(self.close(ModelError::CutOff { detail: "the provider gave no reason to finish".to_owned() }));
            }
            Ok(()) => {}
        }
        items
    }

    /// Ends with the reason to finish, or with `otherwise` where there is none.
    fn close(&mut self, otherwise: ModelError) -> Items {
        if self.over {
            return Items::new();
        }
        self.over = true;
        vec![self.decoder.finish_reason().map(ModelEvent::Finished).ok_or(otherwise)]
    }

    fn fail(&mut self, error: ModelError) -> Items {
        if std::mem::replace(&mut self.over, true) { Items::new() } else { vec![Err(error)] }
    }
}

fn too_long() -> ModelError {
    ModelError::CutOff { detail: "the provider sent an event without end".to_owned() }
}

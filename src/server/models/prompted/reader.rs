//! Finds the blocks in what a model writes, however the text is cut on its way.

use super::block::{self, CLOSE, OPEN, Written};
use crate::server::{
    clock::fill,
    models::{ModelEvent, ToolSpec},
};
use serde_json::Value;

/// How long the body of a block may be, in bytes: so much is held back at most, and searched again with every piece.
pub(crate) const LONGEST: usize = 32 * 1024;

/// Reads one answer.
pub(crate) struct Reader {
    tools: Vec<String>,
    /// Sets made-up ids of calls apart from those of every other answer.
    salt: String,
    calls: u32,
    place: Place,
    /// What is not decided yet. In a block it begins with the opening tag.
    held: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first call: all text is passed on, but for what may be the beginning of an opening tag.
    Text,
    /// After an opening tag, as long as the block may be a call.
    Block,
    /// In a block that is wrong: its text is passed on, up to its closing tag.
    Wrong,
    /// After a call, where only a block may follow.
    Called,
    /// What follows does not count.
    Over,
}

impl Reader {
    pub fn new(tools: &[ToolSpec]) -> Self {
        let mut random = [0; 8];
        fill(&mut random);
        let tools = tools.iter().map(|tool| tool.name.clone()).collect();
        Self { tools, salt: hex::encode(random), calls: 0, place: Place::Text, held: String::new() }
    }

    /// Whether a tool was called.
    pub fn called(&self) -> bool {
        self.calls > 0
    }

    /// Whether all that follows is dropped.
    pub fn over(&self) -> bool {
        self.place == Place::Over
    }

    /// The next piece of the answer, of any length.
    pub fn push(&mut self, text: &str) -> Vec<ModelEvent> {
        let mut out = Vec::new();
        self.held.push_str(text);
        while self.advance(&mut out) {}
        out
    }

    /// The answer is over. A block that is open now is none, and half a tag after a call is no text for the member.
    pub fn end(&mut self) -> Vec<ModelEvent> {
        let mut out = Vec::new();
        if !matches!(self.place, Place::Called | Place::Over) {
            self.release(self.held.len(), &mut out);
        }
        self.held.clear();
        out
    }

    /// Goes on to the next place; false where more text is needed.
    fn advance(&mut self, out: &mut Vec<ModelEvent>) -> bool {
        match self.place {
            Place::Text => self.text(out),
            Place::Block => self.block(out),
            Place::Wrong => self.wrong(out),
            Place::Called => self.called_already(),
            Place::Over => {
                self.held.clear();
                false
            }
        }
    }

    fn text(&mut self, out: &mut Vec<ModelEvent>) -> bool {
        let found = self.held.find(OPEN);
        self.release(found.unwrap_or_else(|| undecided(&self.held, OPEN)), out);
        self.go(Place::Block, found.is_some())
    }

    fn block(&mut self, out: &mut Vec<ModelEvent>) -> bool {
        let body = &self.held[OPEN.len()..];
        let Some(end) = body.find(CLOSE) else {
            // Told early, so that a model which only mentions the tag does not fall silent. What is wrong here is wrong
            // for a whole block too, so it makes no difference where the text was cut.
            let wrong = body.len() >= LONGEST + CLOSE.len() || !block::may_begin(body) || body.contains(OPEN);
            return self.go(Place::Wrong, wrong);
        };
        let call = Some(&body[..end]).filter(|body| body.len() <= LONGEST).and_then(block::read);
        match call.filter(|call| self.tools.contains(&call.name)) {
            Some(call) => {
                self.held.drain(..OPEN.len() + end + CLOSE.len());
                self.call(call, out);
                self.go(Place::Called, true)
            }
            None => self.go(Place::Wrong, true),
        }
    }

    fn wrong(&mut self, out: &mut Vec<ModelEvent>) -> bool {
        let end = self.held.find(CLOSE).map(|at| at + CLOSE.len());
        self.release(end.unwrap_or_else(|| undecided(&self.held, CLOSE)), out);
        let next = if self.called() { Place::Called } else { Place::Text };
        self.go(next, end.is_some())
    }

    fn called_already(&mut self) -> bool {
        let white = self.held.len() - self.held.trim_start().len();
        self.held.drain(..white);
        if self.held.starts_with(OPEN) {
            return self.go(Place::Block, true);
        }
        self.go(Place::Over, !OPEN.starts_with(&self.held))
    }

    fn go(&mut self, place: Place, when: bool) -> bool {
        if when {
            self.place = place;
        }
        when
    }

    /// Gives the member the first bytes of what was held back.
    fn release(&mut self, bytes: usize, out: &mut Vec<ModelEvent>) {
        if bytes > 0 {
            out.push(ModelEvent::Text(self.held.drain(..bytes).collect()));
        }
    }

    fn call(&mut self, call: Written, out: &mut Vec<ModelEvent>) {
        let index = self.calls;
        self.calls += 1;
        let (call_id, input) = (format!("call_{}_{index}", self.salt), Value::Object(call.arguments));
        out.extend([
            ModelEvent::ToolCallStarted { index, call_id, name: call.name },
            ModelEvent::ToolCallInput { index, fragment: input.to_string() },
            ModelEvent::ToolCallFinished { index, input: Ok(input) },
        ]);
    }
}

/// Where the tail begins that may become the tag; the text's length if there is none. A tag has one `<`, its first byte.
fn undecided(text: &str, tag: &str) -> usize {
    text.rfind('<').filter(|at| tag.starts_with(&text[*at..])).unwrap_or(text.len())
}

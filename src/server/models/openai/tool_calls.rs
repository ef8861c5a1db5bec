//! Tool calls from fragments. Servers agree on little: an index or none, an id once, always, late or never, arguments as
//! text in pieces, as text in one piece, or as an object.

use crate::server::models::{ModelEvent, tool_input};
use serde_json::Value;

pub(super) struct ToolCalls {
    salt: String,
    calls: Vec<Call>,
    finished: bool,
}

#[derive(Default)]
struct Call {
    /// The server's own index, which need not be ours.
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
    started: bool,
}

impl ToolCalls {
    pub(super) fn new(salt: String) -> Self {
        Self { salt, calls: Vec::new(), finished: false }
    }

    pub(super) fn any(&self) -> bool {
        !self.calls.is_empty()
    }

    pub(super) fn fragment(&mut self, fragment: &Value, out: &mut Vec<ModelEvent>) {
        // After the reason to finish, nothing can be added to an input that was given out as whole.
        if self.finished {
            return;
        }
        let at = self.find(fragment).unwrap_or_else(|| self.add(fragment));
        let call = &mut self.calls[at];
        call.learn(fragment);
        let input = arguments(&fragment["function"]["arguments"]);
        call.arguments.push_str(&input);
        if call.started {
            out.extend(call.input(at, input));
        } else if !call.name.is_empty() {
            out.extend(call.start(at, &self.salt));
        }
    }

    /// The inputs are whole as soon as the provider says why it finished. Calls may be interleaved, so not before.
    pub(super) fn finish(&mut self, out: &mut Vec<ModelEvent>) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        for (at, call) in self.calls.iter_mut().enumerate() {
            if !call.started {
                out.extend(call.start(at, &self.salt));
            }
            out.push(ModelEvent::ToolCallFinished { index: at as u32, input: tool_input(&call.arguments) });
        }
    }

    /// Which call a fragment continues; `None` where it begins one. An id that differs begins a call even at an index
    /// that is taken: some servers give every call the index 0.
    fn find(&self, fragment: &Value) -> Option<usize> {
        let id = fragment["id"].as_str().unwrap_or_default();
        let last = |matches: &dyn Fn(&Call) -> bool| self.calls.iter().rposition(matches);
        let found = match fragment["index"].as_u64() {
            Some(index) => last(&|call| call.index == Some(index)),
            None if !id.is_empty() => last(&|call| call.id == id),
            // Without both, a name begins a call and anything else continues the last.
            None if fragment["function"]["name"].as_str().is_some_and(|name| !name.is_empty()) => None,
            None => self.calls.len().checked_sub(1),
        };
        found.filter(|at| id.is_empty() || self.calls[*at].id.is_empty() || self.calls[*at].id == id)
    }

    fn add(&mut self, fragment: &Value) -> usize {
        self.calls.push(Call { index: fragment["index"].as_u64(), ..Call::default() });
        self.calls.len() - 1
    }
}

impl Call {
    /// Id and name count once; some servers repeat them with every fragment.
    fn learn(&mut self, fragment: &Value) {
        for (known, told) in [(&mut self.id, &fragment["id"]), (&mut self.name, &fragment["function"]["name"])] {
            if known.is_empty() {
                told.as_str().unwrap_or_default().clone_into(known);
            }
        }
    }

    /// Begins the call, with the arguments that came before its name did.
    fn start(&mut self, at: usize, salt: &str) -> Vec<ModelEvent> {
        self.started = true;
        if self.id.is_empty() {
            self.id = format!("call_{salt}_{at}");
        }
        let started = ModelEvent::ToolCallStarted { index: at as u32, call_id: self.id.clone(), name: self.name.clone() };
        std::iter::once(started).chain(self.input(at, self.arguments.clone())).collect()
    }

    fn input(&self, at: usize, fragment: String) -> Option<ModelEvent> {
        (!fragment.is_empty()).then_some(ModelEvent::ToolCallInput { index: at as u32, fragment })
    }
}

fn arguments(arguments: &Value) -> String {
    match arguments {
        Value::String(text) => text.clone(),
        Value::Object(_) => arguments.to_string(),
        _ => String::new(),
    }
}

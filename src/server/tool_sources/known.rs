//! What is known of a source's tools, and how a new look at them is laid over it.

use crate::model::tool_source::{Mark, SourceTool};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Providers take names of 64 characters at most.
const QUALIFIED_MAX: usize = 64;

/// A tool as its source describes it. All that a call needs stands here, so that a run asks nobody what there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    pub name: String,
    pub description: String,
    pub input_schema: Value,
    /// The source says that a call changes nothing.
    pub read_only: bool,
    /// The source runs it only as a task of the protocol's own, which is not spoken here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub task_only: bool,
    /// How to call it, where it is an operation of an HTTP API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
}

/// An operation of an HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// The field of the input.
    pub field: String,
    /// As the API names it.
    pub name: String,
    pub place: Place,
    /// How lists and objects are written.
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Path,
    Query,
    Header,
}

/// The styles of OpenAPI that stand in queries; paths and headers have the one with commas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// `a=1&a=2`
    Repeated,
    /// `a=1,2`
    Commas,
    Spaces,
    Pipes,
    /// `a[b]=1`
    Deep,
}

/// How the field `body` is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    Json,
    Form,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownTool {
    /// As the admins last saved it; what agents are given.
    pub definition: Definition,
    pub picked: bool,
    #[serde(default)]
    pub state: State,
}

/// What the source offers now, beside what the admins saved.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[default]
    Same,
    New,
    Changed(Box<Definition>),
    Gone,
}

/// The first look: nothing is picked, and nothing is marked as new, because everything is.
pub fn first(offered: Vec<Definition>) -> Vec<KnownTool> {
    offered.into_iter().map(|definition| KnownTool { definition, picked: false, state: State::Same }).collect()
}

/// A later look, in the order of the source. What it offers no more stays until the admins saved again, if they have ever
/// seen it.
pub fn again(known: Vec<KnownTool>, offered: Vec<Definition>) -> Vec<KnownTool> {
    let mut left = known;
    let mut tools: Vec<KnownTool> = Vec::with_capacity(offered.len());
    for definition in offered {
        let before = left.iter().position(|tool| tool.definition.name == definition.name).map(|at| left.remove(at));
        tools.push(beside(before, definition));
    }
    let gone = left.into_iter().filter(|tool| tool.state != State::New);
    tools.extend(gone.map(|tool| KnownTool { state: State::Gone, ..tool }));
    tools
}

fn beside(before: Option<KnownTool>, definition: Definition) -> KnownTool {
    match before {
        None => KnownTool { definition, picked: false, state: State::New },
        Some(KnownTool { state: State::New, picked, .. }) => KnownTool { definition, picked, state: State::New },
        Some(tool) if tool.definition == definition => KnownTool { state: State::Same, ..tool },
        Some(tool) => KnownTool { state: State::Changed(Box::new(definition)), ..tool },
    }
}

/// The admins saw everything and picked these: the marks go.
pub fn reviewed(known: Vec<KnownTool>, picked: &[String]) -> Vec<KnownTool> {
    let kept = known.into_iter().filter_map(|tool| match tool.state {
        State::Gone => None,
        State::Changed(definition) => Some(*definition),
        State::Same | State::New => Some(tool.definition),
    });
    kept.map(|definition| KnownTool { picked: picked.contains(&definition.name), definition, state: State::Same }).collect()
}

impl KnownTool {
    /// What the page shows: as the source describes it now.
    pub fn view(&self, source: &str) -> SourceTool {
        let (mark, shown) = match &self.state {
            State::Same => (None, &self.definition),
            State::New => (Some(Mark::New), &self.definition),
            State::Changed(now) => (Some(Mark::Changed), now.as_ref()),
            State::Gone => (Some(Mark::Gone), &self.definition),
        };
        SourceTool {
            name: shown.name.clone(),
            qualified: qualified(source, &shown.name),
            description: shown.description.clone(),
            effects: !shown.read_only,
            picked: self.picked,
            mark,
            problem: problem(shown),
        }
    }

    /// Whether agents may be given it.
    pub fn usable(&self) -> bool {
        self.picked && self.state != State::Gone
    }
}

/// `source__tool` in letters that every provider takes. A name that has to be changed for it carries a piece of its hash,
/// so that two never become one.
pub fn qualified(source: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect();
    let room = QUALIFIED_MAX.saturating_sub(source.len() + 2);
    if plain == name && plain.len() <= room {
        return format!("{source}__{plain}");
    }
    let hash = hex::encode(&Sha256::digest(name.as_bytes())[..3]);
    let plain: String = plain.chars().take(room.saturating_sub(hash.len() + 1)).collect();
    format!("{source}__{plain}_{hash}")
}

/// Why no agent can be given this tool.
pub fn problem(tool: &Definition) -> Option<String> {
    if tool.task_only {
        return Some("It runs only in the background, as a task that has to be asked for later.".to_owned());
    }
    let schema = &tool.input_schema;
    if schema["type"] != "object" {
        return Some("Its input is not described as an object.".to_owned());
    }
    let error = jsonschema::validator_for(schema).err()?;
    let text: String = error.to_string().chars().take(200).collect();
    Some(format!("The description of its input cannot be used: {text}"))
}

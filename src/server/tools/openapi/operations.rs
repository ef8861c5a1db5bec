//! The operations of a document as tools.

use super::{document::Document, schema::Schemas};
use crate::server::tool_sources::known::{Body, Definition, Operation, Parameter, Place, Style};
use serde_json::{Map, Value, json};

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];
const OPERATIONS_MAX: usize = 300;
const DESCRIPTION_MAX: usize = 1_500;

/// The field of an input that is the request's body.
pub const BODY: &str = "body";

/// Headers that the request itself decides on (OpenAPI says that parameters for these mean nothing).
const OWN_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

pub fn all(document: &Document) -> Result<Vec<Definition>, String> {
    let paths = document.root()["paths"].as_object().ok_or("The document has no paths.")?;
    let mut found: Vec<Definition> = Vec::new();
    for (path, item) in paths {
        let Some(item) = document.at(item) else { continue };
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let tool = Maker { document }.tool(path, method, item, operation);
                // Two operations with one id would be one tool.
                found.extend(tool.filter(|tool| !found.iter().any(|other| other.name == tool.name)));
            }
        }
    }
    match found.len() {
        0 => Err("The document describes no operation that can be called.".to_owned()),
        count if count > OPERATIONS_MAX => Err(format!("The document has {count} operations; {OPERATIONS_MAX} is the most.")),
        _ => Ok(found),
    }
}

struct Maker<'a> {
    document: &'a Document,
}

/// An input that is being put together.
#[derive(Default)]
struct Input {
    properties: Map<String, Value>,
    required: Vec<String>,
}

impl Maker<'_> {
    /// None where the operation needs what cannot be sent.
    fn tool(&self, path: &str, method: &str, item: &Value, operation: &Value) -> Option<Definition> {
        let mut schemas = Schemas::new(self.document);
        let mut input = Input::default();
        let parameters = self.parameters(&mut schemas, &mut input, item, operation)?;
        let body = self.body(&mut schemas, &mut input, operation)?;
        Some(Definition {
            name: name(path, method, operation),
            description: description(path, method, operation),
            input_schema: input.schema(),
            read_only: matches!(method, "get" | "head"),
            task_only: false,
            operation: Some(Operation { method: method.to_uppercase(), path: path.to_owned(), parameters, body }),
        })
    }

    fn parameters(
        &self,
        schemas: &mut Schemas<'_>,
        input: &mut Input,
        item: &Value,
        operation: &Value,
    ) -> Option<Vec<Parameter>> {
        let mut parameters = Vec::new();
        for raw in self.declared(item, operation) {
            let required = raw["required"] == true || raw["in"] == "path";
            match self.parameter(raw, input) {
                Some(parameter) => {
                    input.add(&parameter.field, describe(schemas.of(schema_of(raw)), raw), required);
                    parameters.push(parameter);
                }
                None if required && raw["in"] == "cookie" => return None,
                None => {}
            }
        }
        Some(parameters)
    }

    /// An operation's parameters, and those of its path that it does not replace.
    fn declared<'a>(&'a self, item: &'a Value, operation: &'a Value) -> Vec<&'a Value> {
        let list =
            |value: &'a Value| value["parameters"].as_array().into_iter().flatten().filter_map(|raw| self.document.at(raw));
        let mut declared: Vec<&Value> = list(operation).collect();
        for raw in list(item) {
            if !declared.iter().any(|own| own["name"] == raw["name"] && own["in"] == raw["in"]) {
                declared.push(raw);
            }
        }
        declared
    }

    fn parameter(&self, raw: &Value, input: &Input) -> Option<Parameter> {
        let name = raw["name"].as_str()?;
        let place = match raw["in"].as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" if !is_own(name) => Place::Header,
            _ => return None,
        };
        let taken = |field: &str| field == BODY || input.properties.contains_key(field);
        let field = if taken(name) { format!("{}_{name}", raw["in"].as_str()?) } else { name.to_owned() };
        Some(Parameter { field, name: name.to_owned(), place, style: style(raw) })
    }

    /// The outer None: the operation has to have a body, and it is of a kind that cannot be sent.
    fn body(&self, schemas: &mut Schemas<'_>, input: &mut Input, operation: &Value) -> Option<Option<Body>> {
        let Some(raw) = operation.get("requestBody").and_then(|raw| self.document.at(raw)) else { return Some(None) };
        let required = raw["required"] == true;
        let content = raw["content"].as_object();
        let kinds = || content.into_iter().flatten().filter_map(|(kind, content)| Some((body_kind(kind)?, content)));
        let found = kinds().find(|(kind, _)| *kind == Body::Json).or_else(|| kinds().next());
        let Some((kind, content)) = found else { return (!required).then_some(None) };
        input.add(BODY, describe(schemas.of(&content["schema"]), raw), required);
        Some(Some(kind))
    }
}

impl Input {
    fn add(&mut self, field: &str, schema: Value, required: bool) {
        if required {
            self.required.push(field.to_owned());
        }
        self.properties.insert(field.to_owned(), schema);
    }

    fn schema(self) -> Value {
        json!({ "type": "object", "properties": self.properties, "required": self.required, "additionalProperties": false })
    }
}

fn is_own(header: &str) -> bool {
    OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(header))
}

fn body_kind(media: &str) -> Option<Body> {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.as_str() {
        "application/x-www-form-urlencoded" => Some(Body::Form),
        "application/json" | "*/*" | "application/*" => Some(Body::Json),
        other => other.ends_with("+json").then_some(Body::Json),
    }
}

/// A parameter has a schema, or one of a single media type.
fn schema_of(parameter: &Value) -> &Value {
    match parameter.get("schema") {
        Some(schema) => schema,
        None => parameter["content"]
            .as_object()
            .and_then(|content| content.values().next())
            .map_or(&Value::Null, |content| &content["schema"]),
    }
}

/// The words beside a schema go into it, where a model reads them.
fn describe(mut schema: Value, beside: &Value) -> Value {
    if let (Some(fields), Some(words)) = (schema.as_object_mut(), beside["description"].as_str()) {
        fields.entry("description").or_insert_with(|| words.chars().take(DESCRIPTION_MAX).collect::<String>().into());
    }
    schema
}

fn style(parameter: &Value) -> Style {
    let explode = parameter["explode"].as_bool();
    match parameter["style"].as_str() {
        Some("deepObject") => Style::Deep,
        Some("spaceDelimited") if explode != Some(true) => Style::Spaces,
        Some("pipeDelimited") if explode != Some(true) => Style::Pipes,
        _ if explode == Some(false) => Style::Commas,
        _ => Style::Repeated,
    }
}

fn name(path: &str, method: &str, operation: &Value) -> String {
    match operation["operationId"].as_str().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => id.chars().take(200).collect(),
        None => made_name(path, method),
    }
}

/// `get_users_id` for `GET /users/{id}`.
fn made_name(path: &str, method: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn description(path: &str, method: &str, operation: &Value) -> String {
    let words: Vec<&str> = ["summary", "description"].iter().filter_map(|field| operation[*field].as_str()).collect();
    let words = words.join("\n");
    let words = words.trim();
    if words.is_empty() { format!("{} {path}", method.to_uppercase()) } else { words.chars().take(DESCRIPTION_MAX).collect() }
}

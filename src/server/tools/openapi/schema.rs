//! JSON Schema (2020-12) of what OpenAPI calls a schema: references are put in their place, and what only OpenAPI 3.0 knows
//! is said in words that validators understand.

use super::document::{Document, reference};
use serde_json::{Map, Value, json};

/// How deep schemas stand in one another. What is deeper may be anything: a model is told no more than it can read.
const DEPTH: usize = 8;

/// Schemas of one operation.
const NODES: usize = 1_500;

/// Keywords that are taken as they are.
const PLAIN: [&str; 17] = [
    "type",
    "format",
    "title",
    "description",
    "enum",
    "const",
    "default",
    "required",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
];
const OF_ONE: [&str; 3] = ["items", "additionalProperties", "not"];
const OF_MANY: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Makes the schemas of one operation, within its budget.
pub struct Schemas<'a> {
    document: &'a Document,
    nodes: usize,
}

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Document) -> Self {
        Self { document, nodes: 0 }
    }

    pub fn of(&mut self, raw: &Value) -> Value {
        self.schema(raw, &mut Vec::new(), 0)
    }

    /// `above` are the references that the schema stands in: one of them again would go on for ever.
    fn schema(&mut self, raw: &Value, above: &mut Vec<String>, depth: usize) -> Value {
        self.nodes += 1;
        if depth > DEPTH || self.nodes > NODES {
            return json!({});
        }
        if let Some(name) = reference(raw) {
            return self.referred(raw, name, above, depth);
        }
        match raw {
            // `true` and `false` are schemas.
            Value::Bool(_) => raw.clone(),
            Value::Object(fields) => Value::Object(self.fields(fields, above, depth)),
            _ => json!({}),
        }
    }

    fn referred(&mut self, raw: &Value, name: &str, above: &mut Vec<String>, depth: usize) -> Value {
        if above.iter().any(|other| other == name) {
            return json!({});
        }
        let document = self.document;
        let Some(target) = document.at(raw) else { return json!({}) };
        above.push(name.to_owned());
        let schema = self.schema(target, above, depth);
        above.pop();
        schema
    }

    fn fields(&mut self, raw: &Map<String, Value>, above: &mut Vec<String>, depth: usize) -> Map<String, Value> {
        let mut made = Map::new();
        for (keyword, value) in raw {
            if let Some(value) = self.keyword(keyword, value, above, depth) {
                made.insert(keyword.clone(), value);
            }
        }
        exclusive(raw, &mut made);
        if raw.get("nullable") == Some(&Value::Bool(true)) {
            nullable(&mut made);
        }
        made
    }

    /// None for a keyword that says nothing about an input.
    fn keyword(&mut self, keyword: &str, value: &Value, above: &mut Vec<String>, depth: usize) -> Option<Value> {
        if PLAIN.contains(&keyword) {
            return Some(value.clone());
        }
        if OF_ONE.contains(&keyword) {
            return Some(self.schema(value, above, depth + 1));
        }
        if OF_MANY.contains(&keyword) {
            let list = value.as_array()?;
            return Some(list.iter().map(|one| self.schema(one, above, depth + 1)).collect());
        }
        if keyword == "properties" {
            let named = value.as_object()?.iter().map(|(name, one)| (name.clone(), self.schema(one, above, depth + 1)));
            return Some(Value::Object(named.collect()));
        }
        None
    }
}

/// In OpenAPI 3.0 an exclusive bound is a flag beside the bound; in JSON Schema it is the bound.
fn exclusive(raw: &Map<String, Value>, made: &mut Map<String, Value>) {
    for (keyword, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match raw.get(keyword) {
            Some(Value::Number(value)) => {
                made.insert(keyword.to_owned(), Value::Number(value.clone()));
            }
            Some(Value::Bool(true)) => {
                if let Some(value) = made.remove(bound) {
                    made.insert(keyword.to_owned(), value);
                }
            }
            _ => {}
        }
    }
}

fn nullable(made: &mut Map<String, Value>) {
    if let Some(Value::String(kind)) = made.get("type").cloned() {
        made.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Value::Array(values)) = made.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

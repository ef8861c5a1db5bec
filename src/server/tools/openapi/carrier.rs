//! What carries the secret is no model's to fill: neither the parameter itself, nor what only comes to be called like it.

use crate::{
    model::tool_source::{SecretCarrier, SecretPlace},
    server::tool_sources::known::{Operation, Parameter, Place},
};
use serde_json::Value;

/// Takes the parameter out of an operation, and its field out of the input that a model is asked for.
pub fn hide(carrier: &SecretCarrier, operation: &mut Operation, schema: &mut Value) {
    let (carried, left): (Vec<_>, Vec<_>) =
        std::mem::take(&mut operation.parameters).into_iter().partition(|parameter| is_carried(carrier, parameter));
    operation.parameters = left;
    let field = |name: &str| carried.iter().any(|parameter| parameter.field == name);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !field(name));
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !name.as_str().is_some_and(field));
    }
}

fn is_carried(carrier: &SecretCarrier, parameter: &Parameter) -> bool {
    match parameter.place {
        Place::Path => false,
        Place::Query => carrier.is(SecretPlace::Query, &parameter.name),
        Place::Header => carrier.is(SecretPlace::Header, &parameter.name),
    }
}

/// The fields of an object can stand in a query under their own names, whatever these are.
pub fn drop_pairs(carrier: &SecretCarrier, query: &mut Vec<(String, String)>) {
    query.retain(|(name, _)| !carrier.is(SecretPlace::Query, name));
}

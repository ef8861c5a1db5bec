//! Numbers for the passages that a tool brought, so that the model can name them: the same by which members see them.

use crate::model::{
    citation::{citations, number_of},
    message::Part,
};
use serde_json::Value;

/// Puts into each of `results` the number that its passage has among all of the message's. `before` are the sources that
/// the message has already.
pub fn number(output: String, sources: &[Part], before: &[Part]) -> String {
    if sources.is_empty() {
        return output;
    }
    let all = citations(before.iter().chain(sources));
    let Ok(mut told) = serde_json::from_str::<Value>(&output) else { return output };
    let Some(results) = told.get_mut("results").and_then(Value::as_array_mut) else { return output };
    for (result, source) in results.iter_mut().zip(sources) {
        if let (Some(fields), Some(number)) = (result.as_object_mut(), number_of(&all, source)) {
            fields.insert("source".to_owned(), number.into());
        }
    }
    told.to_string()
}

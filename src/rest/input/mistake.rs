//! Which field a mistake is about. The parsers name one that is missing, unknown or given twice; of a value that does not fit
//! they tell only what they expected, so it is the field without which the mistake is another. That reads the rest once for each
//! field, so it is looked for among [`FIELDS_MAX`] at most: with more, the mistake is told without its field.

use axum::{extract::Query, http::Uri};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// More fields than anything that is sent here has.
const FIELDS_MAX: usize = 64;

/// The field of a JSON object that cannot be read as a `T`.
pub fn in_body<T: DeserializeOwned>(body: &Value) -> Option<String> {
    let fields = body.as_object()?;
    let mistake = of_fields::<T>(fields.clone())?;
    let culprit = || {
        let without = |name: &&String| {
            let mut rest = fields.clone();
            rest.remove(*name);
            of_fields::<T>(rest).as_ref() != Some(&mistake)
        };
        fields.keys().find(without).cloned()
    };
    named(&mistake).or_else(|| (fields.len() <= FIELDS_MAX).then(culprit)?)
}

fn of_fields<T: DeserializeOwned>(fields: Map<String, Value>) -> Option<String> {
    serde_json::from_value::<T>(Value::Object(fields)).err().map(|mistake| mistake.to_string())
}

/// The field of a query that cannot be read as a `T`, for which the parser has told `mistake`.
pub fn in_query<T: DeserializeOwned>(uri: &Uri, mistake: &str) -> Option<String> {
    let pairs: Vec<&str> = uri.query()?.split('&').collect();
    let culprit = || {
        let without = |at: &usize| {
            let rest: Vec<&str> = pairs.iter().enumerate().filter(|(other, _)| other != at).map(|(_, pair)| *pair).collect();
            let Ok(uri) = format!("/?{}", rest.join("&")).parse() else { return false };
            Query::<T>::try_from_uri(&uri).err().is_none_or(|other| other.body_text() != mistake)
        };
        let at = (0..pairs.len()).find(without)?;
        pairs[at].split('=').next().map(str::to_owned)
    };
    named(mistake).or_else(|| (pairs.len() <= FIELDS_MAX).then(culprit)?)
}

/// The field that the parser itself names.
fn named(mistake: &str) -> Option<String> {
    let starts = ["missing field `", "unknown field `", "duplicate field `"];
    let rest = starts.iter().find_map(|start| Some(mistake.split_once(start)?.1))?;
    Some(rest.split_once('`')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Asked {
        name: String,
        limit: Option<u8>,
        hard: Option<bool>,
    }

    #[test]
    fn the_field_of_a_body_is_found() {
        for (body, field) in [
            (json!({ "limit": 5 }), Some("name")),
            (json!({ "name": 7, "limit": 5 }), Some("name")),
            (json!({ "name": "a", "limit": "five", "hard": true }), Some("limit")),
            (json!({ "name": "a", "limit": 500 }), Some("limit")),
            (json!({ "name": "a", "hard": "yes" }), Some("hard")),
            (json!({ "name": "a", "colour": "red" }), Some("colour")),
            (json!({ "name": "a" }), None),
            (json!(["name"]), None),
        ] {
            assert_eq!(in_body::<Asked>(&body).as_deref(), field, "{body}");
        }
    }

    /// Lets through what it does not know.
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Lenient {
        limit: u8,
    }

    #[test]
    fn among_too_many_fields_none_is_looked_for() {
        for (others, field) in [(FIELDS_MAX - 1, Some("limit")), (FIELDS_MAX, None)] {
            let mut body = json!({ "limit": "five" });
            let mut query = "limit=five".to_owned();
            for other in 0..others {
                body[format!("x{other}")] = true.into();
                query.push_str(&format!("&x{other}=1"));
            }
            assert_eq!(in_body::<Lenient>(&body).as_deref(), field);
            let uri: Uri = format!("/list?{query}").parse().unwrap();
            let mistake = Query::<Lenient>::try_from_uri(&uri).unwrap_err().body_text();
            assert_eq!(in_query::<Lenient>(&uri, &mistake).as_deref(), field);
        }
    }

    #[test]
    fn the_field_of_a_query_is_found() {
        for (query, field) in [
            ("limit=5", "name"),
            ("name=a&limit=many", "limit"),
            ("limit=500&name=a", "limit"),
            ("name=a&limit=5&hard=perhaps", "hard"),
            ("name=a&colour=red", "colour"),
            ("name=a&limit=5&limit=6", "limit"),
        ] {
            let uri: Uri = format!("/list?{query}").parse().unwrap();
            let mistake = Query::<Asked>::try_from_uri(&uri).unwrap_err().body_text();
            assert_eq!(in_query::<Asked>(&uri, &mistake).as_deref(), Some(field), "{query}: {mistake}");
        }
    }
}

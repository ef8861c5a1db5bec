//! An OpenAPI document as it was pasted.

use serde_json::Value;

/// How far references to references are followed.
const HOPS: usize = 10;

pub struct Document(Value);

impl Document {
    /// Reads JSON, or else YAML.
    pub fn read(text: &str) -> Result<Self, String> {
        let value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) if text.trim_start().starts_with('{') => return Err(format!("The document is no JSON: {error}.")),
            Err(_) => yaml(text)?,
        };
        match version(&value) {
            Some(version) if version.starts_with("3.") => Ok(Self(value)),
            Some(version) => Err(format!("The document is of OpenAPI {version}; 3.0 and 3.1 can be read.")),
            None if value.get("swagger").is_some() => {
                Err("This is Swagger 2.0; OpenAPI 3.0 and 3.1 can be read. Convert it first.".to_owned())
            }
            None => Err("This is no OpenAPI document: it has no field “openapi”.".to_owned()),
        }
    }

    pub fn root(&self) -> &Value {
        &self.0
    }

    /// What a local reference leads to; a value that is none is its own. None where it leads nowhere, or to another file.
    pub fn at<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        let mut value = value;
        for _ in 0..HOPS {
            let Some(reference) = reference(value) else { return Some(value) };
            value = self.0.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }

    /// The first of the document's servers, its variables at their defaults.
    pub fn server(&self) -> Option<String> {
        let server = self.0["servers"].get(0)?;
        let mut url = server["url"].as_str()?.to_owned();
        for (name, variable) in server["variables"].as_object().into_iter().flatten() {
            url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap_or_default());
        }
        Some(url)
    }
}

/// Where a value points to, if it is a reference.
pub fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// `3.1` without quotes is a number in YAML.
fn version(document: &Value) -> Option<String> {
    match document.get("openapi")? {
        Value::String(version) => Some(version.clone()),
        Value::Number(version) => Some(version.to_string()),
        _ => None,
    }
}

fn yaml(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| {
        let error: String = error.to_string().chars().take(300).collect();
        format!("The document is neither JSON nor YAML: {error}")
    })
}

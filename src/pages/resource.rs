//! What a page asks the server for.

use crate::model::json;
use leptos::server::{
    self,
    codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

pub type Resource<T> = server::Resource<T, Json>;

/// Asks when the page is made, and again whenever `source` changes. What the server asked for already comes with the page.
pub fn resource<S, T, Answer>(
    source: impl Fn() -> S + Send + Sync + 'static,
    ask: impl Fn(S) -> Answer + Send + Sync + 'static,
) -> Resource<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, ask, false)
}

/// How the answers that come with a page are written into it, and read.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        json::read(text)
    }
}

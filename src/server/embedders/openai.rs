//! OpenAI's `/embeddings`, and the many servers that speak it: Ollama, llama.cpp, vLLM, LiteLLM.

use super::{Embedder, Vectors, estimate};
use crate::server::{
    models::{ModelError, http::Link, openai::bearer, tokens},
    outbound::Outbound,
};
use futures::{FutureExt as _, future::BoxFuture};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

/// Texts of one call: every server takes that many, and an answer stays below a few megabytes.
const BATCH: usize = 64;

/// Micro-dollars per million tokens of OpenAI's own models. Source: OpenAI's price list, November 2026; other servers' prices
/// are not known.
const PRICES: [(&str, i64); 3] =
    [("text-embedding-3-small", 20_000), ("text-embedding-3-large", 130_000), ("text-embedding-ada-002", 100_000)];

pub struct OpenAiEmbedder {
    link: Link,
    /// Whether it is OpenAI itself, whose prices are known.
    official: bool,
}

impl OpenAiEmbedder {
    /// `base_url` ends before `/embeddings`. Servers without keys are given none.
    pub fn new(base_url: &str, key: Option<SecretString>, outbound: Outbound) -> Self {
        let headers = key.as_ref().map(bearer).unwrap_or_default();
        let official = base_url.trim().starts_with("https://api.openai.com/");
        Self { link: Link::new(base_url, key, headers, outbound), official }
    }
}

impl Embedder for OpenAiEmbedder {
    fn embed(&self, model: String, texts: Vec<String>) -> BoxFuture<'static, Result<Vectors, ModelError>> {
        let link = self.link.clone();
        async move {
            let body = json!({ "model": model, "input": texts, "encoding_format": "float" });
            vectors(link.post("/embeddings", body).await?, &texts)
        }
        .boxed()
    }

    fn batch(&self) -> usize {
        BATCH
    }

    fn usual_model(&self) -> Option<&'static str> {
        None
    }

    fn price(&self, model: &str) -> Option<i64> {
        PRICES.iter().find(|(name, _)| self.official && *name == model).map(|(_, price)| *price)
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
    #[serde(default)]
    usage: Value,
}

#[derive(Deserialize)]
struct Item {
    index: Option<usize>,
    embedding: Vec<f32>,
}

/// Servers may answer in any order: each vector says which text it belongs to.
fn vectors(answer: Value, texts: &[String]) -> Result<Vectors, ModelError> {
    let wrong = |detail: String| ModelError::CutOff { detail };
    let Answer { data, usage } =
        serde_json::from_value(answer).map_err(|error| wrong(format!("the answer has no embeddings: {error}")))?;
    let mut vectors = vec![Vec::new(); texts.len()];
    for (place, item) in data.into_iter().enumerate() {
        if let Some(vector) = vectors.get_mut(item.index.unwrap_or(place)) {
            *vector = item.embedding;
        }
    }
    let length = vectors.first().map_or(0, Vec::len);
    if length == 0 || vectors.iter().any(|vector| vector.len() != length) {
        return Err(wrong("the answer leaves texts out, or its vectors are of several lengths".to_owned()));
    }
    let told = tokens(&usage["prompt_tokens"]).or_else(|| tokens(&usage["total_tokens"])).filter(|tokens| *tokens > 0);
    Ok(Vectors { vectors, tokens: told.unwrap_or_else(|| estimate(texts)), estimated: told.is_none() })
}

#[cfg(test)]
mod tests {
    use super::{Vectors, vectors};
    use serde_json::json;

    #[test]
    fn vectors_find_their_texts_in_any_order() {
        let texts = ["a".to_owned(), "b".to_owned()];
        let answer = json!({ "data": [{ "index": 1, "embedding": [0.0, 1.0] }, { "index": 0, "embedding": [1.0, 0.0] }],
            "usage": { "prompt_tokens": 2, "total_tokens": 2 } });
        let expected = Vectors { vectors: vec![vec![1.0, 0.0], vec![0.0, 1.0]], tokens: 2, estimated: false };
        assert_eq!(vectors(answer, &texts), Ok(expected));
    }

    #[test]
    fn an_answer_that_leaves_a_text_out_is_an_error() {
        let texts = ["a".to_owned(), "b".to_owned()];
        for data in
            [json!([{ "index": 0, "embedding": [1.0] }]), json!([]), json!([{ "embedding": [1.0] }, { "embedding": [1.0, 2.0] }])]
        {
            assert!(vectors(json!({ "data": data }), &texts).is_err());
        }
    }

    #[test]
    fn a_server_that_counts_no_tokens_has_them_estimated() {
        let answer = json!({ "data": [{ "embedding": [1.0] }] });
        let got = vectors(answer, &["four letters".to_owned()]).unwrap();
        assert!(got.estimated && got.tokens == 3);
    }
}

//! An embedder over HTTP that answers at once: vectors that only depend on the text.

use crate::Result;
use axum::{Json, Router, extract::DefaultBodyLimit, routing::post};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpListener;

const DIMENSION: usize = 384;

/// Serves until the process ends.
pub async fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/v1/embeddings", post(embed)).layer(DefaultBodyLimit::max(64 << 20));
    let serve = async move { axum::serve(listener, router).await };
    #[expect(clippy::disallowed_methods, reason = "it lives as long as the benchmark")]
    tokio::spawn(serve);
    Ok(address)
}

async fn embed(Json(asked): Json<Value>) -> Json<Value> {
    let texts = asked["input"].as_array().cloned().unwrap_or_default();
    let of = |(index, text): (usize, &Value)| json!({ "index": index, "embedding": vector(text.as_str().unwrap_or_default()) });
    let data: Vec<Value> = texts.iter().enumerate().map(of).collect();
    Json(json!({ "data": data, "usage": { "prompt_tokens": texts.len() } }))
}

fn vector(text: &str) -> Vec<f32> {
    let mut state =
        text.bytes().fold(14_695_981_039_346_656_037_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(1_099_511_628_211));
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1 << 24) as f32 * 1000.0).round() / 1000.0 - 0.5
    };
    (0..DIMENSION).map(|_| next()).collect()
}

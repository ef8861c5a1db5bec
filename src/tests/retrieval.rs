//! Finding passages: words, vectors, their fusion, the queue that embeds, and that no group sees another's.

mod bm25;
mod checks;
mod fusion;
mod generations;
mod matrix;
mod openai;
mod plans;
mod queue;
mod search;
mod serving;
mod words;

use super::app::TestApp;
use crate::server::{
    embedders::{Embedder, Vectors},
    knowledge::{indexer::Indexer, words as tokens},
    models::ModelError,
};
use futures::{FutureExt as _, future::BoxFuture};
use std::sync::{Arc, Mutex};

/// An embedder that counts what it is asked: texts that share words are alike.
#[derive(Clone, Default)]
struct Counting {
    asked: Arc<Mutex<Vec<String>>>,
    failing: Arc<Mutex<Option<ModelError>>>,
}

const DIMENSION: usize = 64;

impl Counting {
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn fail(&self, error: Option<ModelError>) {
        *self.failing.lock().unwrap() = error;
    }
}

impl Embedder for Counting {
    fn embed(&self, model: String, texts: Vec<String>) -> BoxFuture<'static, Result<Vectors, ModelError>> {
        let this = self.clone();
        async move {
            if let Some(error) = this.failing.lock().unwrap().clone() {
                return Err(error);
            }
            if texts.iter().any(|text| text.contains("unspeakable")) {
                return Err(ModelError::InvalidRequest { detail: "not this text".to_owned() });
            }
            if texts.iter().any(|text| text.contains("deadly")) {
                return Err(ModelError::CutOff { detail: "it died".to_owned() });
            }
            this.asked.lock().unwrap().extend(texts.iter().cloned());
            let vectors = texts.iter().map(|text| vector(&model, text)).collect();
            Ok(Vectors { vectors, tokens: texts.len() as i64, estimated: false })
        }
        .boxed()
    }

    fn batch(&self) -> usize {
        2
    }

    fn usual_model(&self) -> Option<&'static str> {
        Some("words")
    }

    fn price(&self, _: &str) -> Option<i64> {
        Some(20_000)
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

fn vector(model: &str, text: &str) -> Vec<f32> {
    let mut vector = vec![0.01; DIMENSION + usize::from(model == "wide")];
    for word in tokens::of_text(text) {
        let place = word.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % DIMENSION;
        vector[place] += 1.0;
    }
    vector
}

/// A server whose own embedder is the counting one.
async fn with_embedder() -> (TestApp, Counting) {
    let app = TestApp::start().await;
    let counting = Counting::default();
    app.app.embedders.insert("local", Arc::new(counting.clone()));
    (app, counting)
}

/// Lets the background work until there is nothing to do.
async fn indexed(app: &TestApp) {
    let mut indexer = Indexer::new(app.app.clone());
    while indexer.round().await.unwrap() {}
}

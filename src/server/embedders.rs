//! Embedders: the one trait through which every vector comes. What is alike in meaning lies in the same direction.
//!
//! | module | what it does |
//! |---|---|
//! | [`local`] | all-MiniLM-L6-v2 on this machine, in a worker process |
//! | [`openai`] | `/embeddings` of OpenAI, and of the many servers that speak its protocol |
//!
//! An embedder never retries, never stores and never counts money: the indexer and the search do.

#[cfg(feature = "local-models")]
pub mod local;
pub mod openai;

use crate::server::models::ModelError;
use futures::future::BoxFuture;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

/// A service that turns texts into vectors.
pub trait Embedder: Send + Sync + 'static {
    /// One vector per text, in their order. Vectors of one model are equally long, and are not zero; their lengths are
    /// whatever the service makes them. Dropping the future gives the call up.
    fn embed(&self, model: String, texts: Vec<String>) -> BoxFuture<'static, Result<Vectors, ModelError>>;

    /// How many texts one call should carry.
    fn batch(&self) -> usize;

    /// The model that is used where nobody chose one; `None` where it must be chosen.
    fn usual_model(&self) -> Option<&'static str>;

    /// Micro-dollars per million tokens, where they are known.
    fn price(&self, model: &str) -> Option<i64>;

    /// Why it cannot be used now, in words for admins.
    fn problem(&self) -> Option<String>;
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    pub vectors: Vec<Vec<f32>>,
    /// Tokens that were read.
    pub tokens: i64,
    /// Whether the tokens are our estimate: the service told none.
    pub estimated: bool,
}

/// A service and one of its models, as "provider/model".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderName {
    pub provider: String,
    pub model: String,
}

impl EmbedderName {
    /// Model names may hold slashes; names of providers do not.
    pub fn parse(text: &str) -> Option<Self> {
        let (provider, model) = text.split_once('/')?;
        let whole = !provider.is_empty() && !model.trim().is_empty() && model.len() <= 200;
        whole.then(|| Self { provider: provider.to_owned(), model: model.trim().to_owned() })
    }
}

impl fmt::Display for EmbedderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.model)
    }
}

/// The embedders of this server, by the names of their providers.
#[derive(Default)]
pub struct Embedders(RwLock<BTreeMap<String, Arc<dyn Embedder>>>);

impl Embedders {
    pub fn insert(&self, provider: &str, embedder: Arc<dyn Embedder>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(provider.to_owned(), embedder);
    }

    pub fn get(&self, provider: &str) -> Option<Arc<dyn Embedder>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(provider).cloned()
    }

    pub fn providers(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// What groups use that chose nothing: the local model, once its weights are there. Nothing is sent to another
    /// company's server unless an admin chose so.
    pub fn usual(&self) -> Option<EmbedderName> {
        let local = self.get(LOCAL).filter(|local| local.problem().is_none())?;
        Some(EmbedderName { provider: LOCAL.to_owned(), model: local.usual_model()?.to_owned() })
    }
}

pub const LOCAL: &str = "local";

/// Tokens of a text, for services that do not count them.
pub(crate) fn estimate(texts: &[String]) -> i64 {
    texts.iter().map(|text| text.len().div_ceil(4) as i64).sum()
}

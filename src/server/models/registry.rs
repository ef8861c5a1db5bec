//! The models of this server: its providers by name, what they offer, and which model is best for a beginning.

mod known;
mod problem;
mod rank;

use super::{ChatModel, prices};
use crate::{
    model::{
        Millis,
        provider::{ModelInfo, ProviderInfo},
    },
    server::clock::Clock,
};
use futures::future::join_all;
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{sync::Mutex, time::timeout};

/// A page waits for this list, so a slow provider is left out of it.
const LIST_TIMEOUT: Duration = Duration::from_secs(5);
const FRESH_FOR: Millis = 60_000;

/// Cheap to clone; clones share providers and what is known of them.
#[derive(Clone)]
pub struct Models {
    inner: Arc<Inner>,
    list_timeout: Duration,
}

struct Inner {
    clock: Clock,
    providers: RwLock<Providers>,
    /// Held while the providers are asked, so that many pages ask once.
    offers: Mutex<Option<Listed>>,
    last: known::Last,
}

#[derive(Clone, Default)]
struct Providers {
    by_name: BTreeMap<String, Arc<dyn ChatModel>>,
    /// Counts changes: a list of older providers is not fresh, whatever the clock says.
    version: u64,
}

struct Listed {
    at: Millis,
    version: u64,
    offers: Vec<ProviderInfo>,
}

impl Models {
    pub fn new(clock: Clock) -> Self {
        Self {
            inner: Arc::new(Inner {
                clock,
                providers: RwLock::default(),
                offers: Mutex::default(),
                last: known::Last::default(),
            }),
            list_timeout: LIST_TIMEOUT,
        }
    }

    pub fn with_list_timeout(mut self, list_timeout: Duration) -> Self {
        self.list_timeout = list_timeout;
        self
    }

    /// Adds a provider, or replaces the one of that name.
    pub fn insert(&self, provider: impl Into<String>, model: Arc<dyn ChatModel>) {
        let mut providers = self.inner.providers.write().unwrap_or_else(PoisonError::into_inner);
        providers.by_name.insert(provider.into(), model);
        providers.version += 1;
    }

    pub fn get(&self, provider: &str) -> Option<Arc<dyn ChatModel>> {
        self.inner.providers.read().unwrap_or_else(PoisonError::into_inner).by_name.get(provider).cloned()
    }

    /// Every provider, best first, with its models or with what an admin should do to get some. Asked at most once a minute.
    pub async fn offers(&self) -> Vec<ProviderInfo> {
        let mut listed = self.inner.offers.lock().await;
        let now = self.inner.clock.now();
        let providers = self.providers();
        match &*listed {
            Some(listed) if listed.is_fresh(now, providers.version) => listed.offers.clone(),
            _ => {
                let offers = list(&providers, self.list_timeout).await;
                self.inner.last.set(&offers);
                *listed = Some(Listed { at: now, version: providers.version, offers: offers.clone() });
                offers
            }
        }
    }

    /// What is known of a model: what its provider lists, else, for as long as the provider cannot be asked, what we know of
    /// that name. `None` for a model that nobody knows.
    pub async fn info(&self, provider: &str, model: &str) -> Option<ModelInfo> {
        let offers = self.offers().await.into_iter().find(|offers| offers.provider == provider)?;
        let unlisted = offers.models.is_empty();
        let listed = offers.models.into_iter().find(|info| info.model == model);
        listed.or_else(|| (unlisted && prices::known(model).is_some()).then(|| prices::info(provider, model)))
    }

    /// The model for a new group's first agent; `None` where no provider offers any.
    pub async fn best(&self) -> Option<ModelInfo> {
        // Offers are in order of rank already.
        self.offers().await.iter().find_map(|provider| prices::preferred(&provider.models).cloned())
    }

    fn providers(&self) -> Providers {
        self.inner.providers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Listed {
    fn is_fresh(&self, now: Millis, version: u64) -> bool {
        self.version == version && (0..FRESH_FOR).contains(&(now - self.at))
    }
}

async fn list(providers: &Providers, within: Duration) -> Vec<ProviderInfo> {
    let mut offers = join_all(providers.by_name.iter().map(|(name, model)| offer(name, &**model, within))).await;
    offers.sort_by_key(|offer| rank::of(&offer.provider));
    offers
}

async fn offer(provider: &str, model: &dyn ChatModel, within: Duration) -> ProviderInfo {
    let (models, problem) = match timeout(within, model.list()).await {
        Ok(Ok(models)) if models.is_empty() => (models, Some(problem::no_models(provider))),
        Ok(Ok(models)) => (models, None),
        Ok(Err(error)) => {
            tracing::warn!(provider, kind = error.kind(), %error, "a provider does not list its models");
            (Vec::new(), Some(problem::of(provider, &error)))
        }
        Err(_) => (Vec::new(), Some(problem::too_slow(provider))),
    };
    ProviderInfo { provider: provider.to_owned(), models, problem }
}

//! What is known of models without asking anybody: the last list, and what we know of names. For what must not wait.

use super::Models;
use crate::{
    model::provider::{ModelInfo, ProviderInfo},
    server::models::prices,
};
use std::sync::{Arc, PoisonError, RwLock};

/// The newest list, however old.
#[derive(Default)]
pub(super) struct Last(RwLock<Arc<Vec<ProviderInfo>>>);

impl Last {
    pub(super) fn set(&self, offers: &[ProviderInfo]) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(offers.to_vec());
    }

    fn get(&self) -> Arc<Vec<ProviderInfo>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Models {
    /// Context and price of a model, where they are known already: a run does not wait for a list.
    pub fn known(&self, provider: &str, model: &str) -> Option<ModelInfo> {
        let last = self.inner.last.get();
        let listed = last.iter().filter(|offers| offers.provider == provider).flat_map(|offers| &offers.models);
        let listed = listed.into_iter().find(|info| info.model == model).cloned();
        listed.or_else(|| prices::known(model).map(|_| prices::info(provider, model)))
    }

    /// Why a model cannot answer, and what to do, as far as that can be known beforehand. A page waits for a new list
    /// only where the last one had a problem too.
    pub async fn problem(&self, provider: &str, model: &str) -> Option<String> {
        if self.get(provider).is_none() {
            return Some(format!(
                "This server has no provider named “{provider}”, so “{model}” cannot answer. An admin can choose another model for the agent."
            ));
        }
        let last = self.inner.last.get();
        if problem_of(&last, provider).is_none() && last.iter().any(|offers| offers.provider == provider) {
            return None;
        }
        problem_of(&self.offers().await, provider)
    }
}

fn problem_of(offers: &[ProviderInfo], provider: &str) -> Option<String> {
    offers.iter().find(|offers| offers.provider == provider)?.problem.clone()
}

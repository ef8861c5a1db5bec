//! The registry: which provider is best, how often they are asked, and what an admin is told.

use super::*;
use crate::{
    model::provider::ModelInfo,
    server::{
        clock::Clock,
        models::{prices, registry::Models, scripted::Scripted},
    },
};
use futures::{FutureExt, future::BoxFuture, stream::BoxStream};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Offers what it is told to and counts how often it was asked. `None` never answers.
struct Offering {
    list: Option<Result<Vec<ModelInfo>, ModelError>>,
    asked: AtomicUsize,
}

impl ChatModel for Offering {
    fn stream(&self, _: ChatRequest, _: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        unreachable!("these tests only list")
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.list.clone() {
            Some(list) => std::future::ready(list).boxed(),
            None => std::future::pending().boxed(),
        }
    }
}

fn offering(list: Option<Result<Vec<ModelInfo>, ModelError>>) -> Arc<Offering> {
    Arc::new(Offering { list, asked: AtomicUsize::new(0) })
}

fn with(provider: &str, models: &[&str]) -> Arc<Offering> {
    offering(Some(Ok(models.iter().map(|model| prices::info(provider, model)).collect())))
}

fn broken() -> Arc<Offering> {
    offering(Some(Err(ModelError::Unauthorised { detail: "the provider's own words".to_owned() })))
}

async fn best(models: &Models) -> Option<(String, String)> {
    models.best().await.map(|info| (info.provider, info.model))
}

fn pair(provider: &str, model: &str) -> Option<(String, String)> {
    Some((provider.to_owned(), model.to_owned()))
}

#[tokio::test]
async fn the_best_model_is_that_of_the_best_provider_that_has_any() {
    let models = Models::new(Clock::fixed(0));
    assert_eq!(best(&models).await, None);
    models.insert("scripted", Arc::new(Scripted::new()));
    assert_eq!(best(&models).await, pair("scripted", "echo"), "better than nothing");
    models.insert("local", with("local", &["smollm2-135m-instruct"]));
    assert_eq!(best(&models).await, pair("local", "smollm2-135m-instruct"));
    models.insert("our-own", with("our-own", &["qwen3:4b"]));
    assert_eq!(best(&models).await, pair("our-own", "qwen3:4b"));
    models.insert("openai", with("openai", &["gpt-4o", "gpt-6.1-sol"]));
    assert_eq!(best(&models).await, pair("openai", "gpt-6.1-sol"));
    models.insert("anthropic", broken());
    assert_eq!(best(&models).await, pair("openai", "gpt-6.1-sol"), "a provider without models is passed over");
}

#[tokio::test]
async fn providers_are_asked_once_a_minute() {
    let clock = Clock::fixed(1_000);
    let models = Models::new(clock.clone());
    let provider = with("openai", &["gpt-4o"]);
    models.insert("openai", provider.clone());
    let (first, second) = tokio::join!(models.offers(), models.offers());
    assert_eq!(first, second);
    clock.advance(Duration::from_millis(59_999));
    models.offers().await;
    assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
    clock.advance(Duration::from_millis(1));
    models.offers().await;
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_provider_that_fails_says_what_to_do_and_not_what_it_said() {
    let models = Models::new(Clock::fixed(0));
    models.insert("anthropic", broken());
    models.insert("local", offering(Some(Err(ModelError::NotInstalled { detail: "the provider's own words".to_owned() }))));
    let problems: Vec<_> = models.offers().await.into_iter().map(|offer| offer.problem.unwrap()).collect();
    assert!(problems[0].contains("does not accept this server's key"), "{problems:?}");
    assert!(!problems.iter().any(|problem| problem.contains("own words")));
    assert!(problems[1].contains("missing") && problems[1].contains("guildhall models fetch"), "{problems:?}");
    assert!(!problems[1].contains("base URL"), "{problems:?}");
}

#[tokio::test]
async fn a_slow_provider_does_not_hold_up_the_others() {
    let models = Models::new(Clock::fixed(0)).with_list_timeout(Duration::from_millis(50));
    models.insert("openai", offering(None));
    models.insert("local", with("local", &["smollm2-135m-instruct"]));
    let offers = models.offers().await;
    assert!(offers[0].problem.as_ref().unwrap().contains("did not answer in time"));
    assert_eq!(offers[1].models.len(), 1);
}

#[tokio::test]
async fn a_known_model_is_known_even_while_its_provider_is_not_there() {
    let models = Models::new(Clock::fixed(0));
    models.insert("anthropic", broken());
    models.insert("openai", with("openai", &["gpt-4o"]));
    assert_eq!(models.info("anthropic", "claude-opus-5").await.unwrap().context_tokens, Some(1_000_000));
    assert_eq!(models.info("anthropic", "made-up").await, None);
    assert_eq!(models.info("openai", "gpt-5").await, None, "the provider was asked and does not have it");
    assert_eq!(models.info("nobody", "gpt-5").await, None);
    assert!(models.get("openai").is_some() && models.get("nobody").is_none());
}

//! The worker process: started on first use, kept, ended when idle, replaced when it died.

use super::{ask, fake::fake, next, request, rest, text};
use crate::server::models::{ChatModel, ChatRequest, ModelError, ModelEvent};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_worker_serves_one_answer_after_the_other() {
    let fake = fake(|_| {});
    let first = text(ask(&fake.local, "hello")).await;
    assert_eq!(text(ask(&fake.local, "hello")).await, first);
}

#[tokio::test]
async fn an_idle_worker_ends_and_the_next_answer_has_a_new_one() {
    let fake = fake(|config| config.idle_after = Duration::ZERO);
    let first = text(ask(&fake.local, "hello")).await;
    fake.config.tasks.close();
    fake.config.tasks.wait().await;
    assert_ne!(text(ask(&fake.local, "hello")).await, first);
}

#[tokio::test]
async fn a_worker_that_dies_in_mid_answer_cuts_off_that_answer_only() {
    let fake = fake(|_| {});
    let events = rest(ask(&fake.local, "die")).await;
    assert!(
        matches!(events[..], [Ok(ModelEvent::Text(_)), Ok(ModelEvent::Usage(_)), Err(ModelError::CutOff { .. })]),
        "{events:?}"
    );
    assert!(!text(ask(&fake.local, "hello")).await.is_empty());
}

#[tokio::test]
async fn a_worker_that_dies_before_it_answers_is_unavailable_and_replaced() {
    let fake = fake(|_| {});
    let events = rest(ask(&fake.local, "vanish")).await;
    assert!(matches!(events[..], [Err(ModelError::Unavailable { .. })]), "{events:?}");
    assert!(!text(ask(&fake.local, "hello")).await.is_empty());
}

#[tokio::test]
async fn a_death_reaches_only_the_one_who_was_being_answered() {
    let fake = fake(|_| {});
    let (mut held, mut waiting) = (ask(&fake.local, "hold"), ask(&fake.local, "hello"));
    let Some(Ok(ModelEvent::Text(process))) = next(&mut held).await else { panic!("the answer's first text") };
    assert_eq!(next(&mut waiting).await, Some(Ok(ModelEvent::Queued { ahead: 1 })));
    assert!(std::process::Command::new("kill").args(["-9", &process]).status().unwrap().success());
    assert!(matches!(rest(held).await.last(), Some(Err(ModelError::CutOff { .. }))));
    assert_ne!(text(waiting).await, process);
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_named_so() {
    let fake = fake(|_| {});
    let events = rest(ask(&fake.local, "refuse")).await;
    assert_eq!(events, [Err(ModelError::ContextTooLong { detail: "9999 tokens".to_owned() })]);
}

#[tokio::test]
async fn shutdown_ends_the_worker_and_the_task_that_watches_it() {
    let fake = fake(|_| {});
    let mut held = ask(&fake.local, "hold");
    assert!(matches!(next(&mut held).await, Some(Ok(ModelEvent::Text(_)))));
    fake.config.shutdown.cancel();
    fake.config.tasks.close();
    fake.config.tasks.wait().await;
    assert!(matches!(rest(held).await.last(), Some(Err(ModelError::CutOff { .. }))));
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_unavailable() {
    let fake = fake(|config| config.program = "/nowhere/guildhall".into());
    for _ in 0..2 {
        let events = rest(ask(&fake.local, "hello")).await;
        assert!(matches!(events[..], [Err(ModelError::Unavailable { .. })]), "{events:?}");
    }
}

#[tokio::test]
async fn without_weights_list_and_stream_say_how_to_get_them() {
    let fake = fake(|config| config.models_dir = config.models_dir.join("empty"));
    let Err(error) = fake.local.list().await else { panic!("no models are on offer") };
    assert!(matches!(&error, ModelError::NotInstalled { detail } if detail.contains("guildhall models fetch")), "{error}");
    assert!(error.friendly().contains("guildhall models fetch") && !error.retryable(), "{error:?}");
    assert_eq!(rest(ask(&fake.local, "hello")).await, [Err(error)]);
}

#[tokio::test]
async fn no_other_model_answers_for_one_that_is_not_there() {
    let asked = ChatRequest { model: "nope".to_owned(), ..request("hello") };
    let said = rest(fake(|_| {}).local.stream(asked, CancellationToken::new())).await;
    let [Err(error @ ModelError::InvalidRequest { detail })] = &said[..] else { panic!("{said:?}") };
    assert!(detail.contains("nope") && !error.retryable(), "{error:?}");
}

#[tokio::test]
async fn with_weights_the_model_is_on_offer_for_nothing() {
    let models = fake(|_| {}).local.list().await;
    let [model] = &models.unwrap()[..] else { panic!("one model") };
    assert_eq!((model.provider.as_str(), model.context_tokens, model.tools), ("local", Some(2048), false));
    assert_eq!(model.price.map(|price| price.input + price.output), Some(0));
}

//! One answer at a time, first come, first served.

use super::{ask, fake::fake, next, request, rest, text};
use crate::{
    model::provider::Usage,
    server::models::{ChatModel, FinishReason, ModelEvent},
};
use tokio_util::sync::CancellationToken;

const QUEUED: fn(u32) -> Option<Result<ModelEvent, crate::server::models::ModelError>> =
    |ahead| Some(Ok(ModelEvent::Queued { ahead }));

fn is_text(event: &Option<Result<ModelEvent, crate::server::models::ModelError>>) -> bool {
    matches!(event, Some(Ok(ModelEvent::Text(_))))
}

#[tokio::test]
async fn an_answer_is_text_then_usage_then_its_end() {
    let fake = fake(|_| {});
    let events: Vec<_> = rest(ask(&fake.local, "hello")).await.into_iter().map(Result::unwrap).collect();
    let usage = Usage { input_tokens: 6, cache_read_tokens: 4, output_tokens: 4, ..Usage::default() };
    assert!(matches!(&events[0], ModelEvent::Text(text) if !text.is_empty()));
    assert_eq!(events[1..], [ModelEvent::Usage(usage), ModelEvent::Finished(FinishReason::Stop)]);
}

#[tokio::test]
async fn nothing_is_asked_before_the_first_poll() {
    let fake = fake(|_| {});
    let _unpolled = ask(&fake.local, "hold");
    assert!(is_text(&next(&mut ask(&fake.local, "hello")).await));
}

#[tokio::test]
async fn who_waits_is_told_how_many_are_ahead_as_the_queue_moves() {
    let fake = fake(|_| {});
    let (mut first, mut second, mut third) = (ask(&fake.local, "hold"), ask(&fake.local, "hold"), ask(&fake.local, "hello"));
    assert!(is_text(&next(&mut first).await));
    assert_eq!(next(&mut second).await, QUEUED(1));
    assert_eq!(next(&mut third).await, QUEUED(2));
    drop(first);
    assert!(is_text(&next(&mut second).await));
    assert_eq!(next(&mut third).await, QUEUED(1));
    drop(second);
    assert!(is_text(&next(&mut third).await));
}

#[tokio::test]
async fn who_cancels_while_waiting_leaves_the_queue_at_once() {
    let fake = fake(|_| {});
    let cancel = CancellationToken::new();
    let (mut first, mut third) = (ask(&fake.local, "hold"), ask(&fake.local, "hello"));
    let mut second = fake.local.stream(request("hello"), cancel.clone());
    assert!(is_text(&next(&mut first).await));
    assert_eq!(next(&mut second).await, QUEUED(1));
    assert_eq!(next(&mut third).await, QUEUED(2));
    cancel.cancel();
    assert_eq!(next(&mut second).await, None);
    assert_eq!(next(&mut third).await, QUEUED(1));
}

#[tokio::test]
async fn a_cancelled_answer_tells_what_it_used_and_makes_room() {
    let fake = fake(|_| {});
    let cancel = CancellationToken::new();
    let mut held = fake.local.stream(request("hold"), cancel.clone());
    assert!(is_text(&next(&mut held).await));
    cancel.cancel();
    let usage = Usage { input_tokens: 6, cache_read_tokens: 4, output_tokens: 3, ..Usage::default() };
    assert_eq!(next(&mut held).await, Some(Ok(ModelEvent::Usage(usage))));
    assert_eq!(next(&mut held).await, None);
    assert!(!text(ask(&fake.local, "hello")).await.is_empty());
}

#[tokio::test]
async fn a_caller_that_stops_listening_does_not_hold_up_the_next() {
    let fake = fake(|_| {});
    let mut idle = ask(&fake.local, "hello");
    assert!(is_text(&next(&mut idle).await));
    assert!(!text(ask(&fake.local, "hello")).await.is_empty());
    assert_eq!(rest(idle).await.len(), 2);
}

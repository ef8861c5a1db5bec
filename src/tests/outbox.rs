//! Messages on their way to the server.

use crate::{
    error::AppError,
    model::{
        conversation::Conversation,
        outbox::{Outgoing, SendState, pause},
    },
};

#[test]
fn only_an_unreachable_server_is_tried_again_unasked() {
    let mut message = Outgoing::new("k".to_owned(), "hello".to_owned());
    message.failed(AppError::Offline);
    message.failed(AppError::Offline);
    assert_eq!(message.state, SendState::Waiting { attempts: 2 });
    message.failed(AppError::conflict("Archived."));
    assert_eq!(message.state, SendState::Failed(AppError::conflict("Archived.")));
}

#[test]
fn a_rate_limit_says_when_to_try_again() {
    let mut message = Outgoing::new("k".to_owned(), "hello".to_owned());
    message.failed(AppError::RateLimited { retry_after_s: 12, message: "Not so fast.".to_owned() });
    assert_eq!(message.state, SendState::Limited { seconds: 12 });
}

#[test]
fn a_message_that_was_kept_over_a_reload_is_sent_again_under_its_key() {
    let mut message = Outgoing::new("k".to_owned(), "hello".to_owned());
    message.failed(AppError::conflict("Archived."));
    let kept = serde_json::to_string(&message).unwrap();
    let read: Outgoing = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, Outgoing::new("k".to_owned(), "hello".to_owned()));
    assert!(!read.arrived(&Conversation::default()));
}

#[test]
fn pauses_double_from_one_second_to_ten() {
    assert_eq!([1, 2, 3, 4, 5, 400].map(pause), [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
}

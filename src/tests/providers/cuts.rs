//! A body may be cut anywhere on its way without any effect, and a body that ends too early is never taken for a whole one.

use super::{
    transcripts::{ANTHROPIC, OPENAI, anthropic_decoder, openai_decoder},
    *,
};

#[test]
fn a_cut_at_any_byte_changes_nothing() {
    OPENAI.iter().for_each(|(name, body)| cut_everywhere(name, body, openai_decoder));
    ANTHROPIC.iter().for_each(|(name, body)| cut_everywhere(name, body, anthropic_decoder));
}

#[test]
fn a_body_that_comes_byte_by_byte_says_the_same() {
    OPENAI.iter().for_each(|(name, body)| byte_by_byte(name, body, openai_decoder));
    ANTHROPIC.iter().for_each(|(name, body)| byte_by_byte(name, body, anthropic_decoder));
}

#[test]
fn a_body_that_ends_too_early_is_cut_off_and_never_finished() {
    OPENAI.iter().for_each(|(name, body)| truncate_everywhere(name, body, openai_decoder, "\"finish_reason\":\""));
    ANTHROPIC.iter().for_each(|(name, body)| truncate_everywhere(name, body, anthropic_decoder, "\"stop_reason\": \""));
}

#[test]
fn a_body_with_one_wrong_byte_never_panics() {
    OPENAI.iter().for_each(|(_, body)| garble_everywhere(body, openai_decoder));
    ANTHROPIC.iter().for_each(|(_, body)| garble_everywhere(body, anthropic_decoder));
}

pub(super) fn cut_everywhere<D: Decode>(name: &str, body: &str, decoder: fn() -> D) {
    let whole = decode(decoder(), [body.as_bytes()]);
    for at in 0..=body.len() {
        let (head, tail) = body.as_bytes().split_at(at);
        assert_eq!(decode(decoder(), [head, tail]), whole, "{name} cut at byte {at}");
    }
}

pub(super) fn byte_by_byte<D: Decode>(name: &str, body: &str, decoder: fn() -> D) {
    let whole = decode(decoder(), [body.as_bytes()]);
    assert_eq!(decode(decoder(), body.as_bytes().chunks(1)), whole, "{name} byte by byte");
}

/// `reason` is how a reason to finish begins. The event that holds it has to arrive up to its last brace.
fn truncate_everywhere<D: Decode>(name: &str, body: &str, decoder: fn() -> D, reason: &str) {
    let whole = decode(decoder(), [body.as_bytes()]);
    let told_at = finish(&whole).map(|_| body.find(reason).unwrap()).map(|at| at + body[at..].find('\n').unwrap());
    for at in 0..body.len() {
        let items = decode(decoder(), [&body.as_bytes()[..at]]);
        assert!(text(&whole).starts_with(&text(&items)), "{name} truncated at byte {at}");
        assert!(reasoning(&whole).starts_with(&reasoning(&items)), "{name} truncated at byte {at}");
        assert_eq!(items.iter().filter(|item| ends(item)).count(), 1, "{name} truncated at byte {at}: {items:?}");
        assert!(items.last().is_some_and(ends), "{name} truncated at byte {at}: {items:?}");
        // A line end may itself be two bytes, and the event is whole before it.
        if told_at.is_none_or(|told_at| at + 1 < told_at) {
            assert_eq!(finish(&items), None, "{name} truncated at byte {at}");
        } else if told_at.is_some_and(|told_at| at >= told_at) {
            assert_eq!(finish(&items), finish(&whole), "{name} truncated at byte {at}, after its reason to finish");
        }
    }
}

fn ends(item: &Result<ModelEvent, ModelError>) -> bool {
    matches!(item, Err(_) | Ok(ModelEvent::Finished(_)))
}

fn garble_everywhere<D: Decode>(body: &str, decoder: fn() -> D) {
    let mut bytes = body.as_bytes().to_vec();
    for at in 0..bytes.len() {
        bytes[at] ^= 0xff;
        let items = decode(decoder(), [&bytes[..]]);
        assert_eq!(items.iter().filter(|item| ends(item)).count(), 1);
        bytes[at] ^= 0xff;
    }
}

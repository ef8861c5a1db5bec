//! Choosing tokens, without a model.

use crate::server::worker::sampler::{Sampler, is_looping};

fn choose(logits: &[f32], output: &[u32]) -> u32 {
    Sampler { forbidden: vec![0], ends: vec![6] }.choose(&mut logits.to_vec(), output)
}

#[test]
fn the_likeliest_token_is_chosen_and_the_first_of_equals() {
    assert_eq!(choose(&[0.0, 1.0, 3.0, 3.0, 2.0], &[]), 2);
}

#[test]
fn a_forbidden_token_is_never_chosen() {
    assert_eq!(choose(&[9.0, 1.0, 3.0], &[]), 2);
}

#[test]
fn silence_is_no_answer_but_an_answer_may_end() {
    let logits = [0.0, 1.0, 3.0, 2.0, 2.0, 2.0, 9.0];
    assert_eq!((choose(&logits, &[]), choose(&logits, &[2])), (2, 6));
}

#[test]
fn what_was_just_said_is_a_little_less_likely_whatever_its_sign() {
    assert_eq!(choose(&[0.0, 2.95, 3.0], &[2]), 1);
    assert_eq!(choose(&[-9.0, -3.1, -3.0], &[2]), 1);
    assert_eq!(choose(&[0.0, 2.0, 3.0], &[2, 2, 2]), 2, "one penalty, however often it was said");
}

#[test]
fn what_was_said_long_ago_is_not_held_against_it() {
    let long_ago: Vec<u32> = std::iter::once(2).chain([5; 64]).collect();
    assert_eq!(choose(&[0.0, 2.95, 3.0], &long_ago), 2);
}

#[test]
fn a_phrase_said_again_and_again_is_a_loop() {
    let phrase = [7, 8, 9, 10, 11];
    let said: Vec<u32> = (0..50).chain(phrase.into_iter().cycle().take(200)).collect();
    assert!(is_looping(&said));
    assert!(is_looping(&[3; 96]));
}

#[test]
fn a_text_that_goes_on_is_no_loop() {
    assert!(!is_looping(&(0..500).collect::<Vec<_>>()));
    assert!(!is_looping(&[3; 95]), "it takes a while to be sure");
    let counting: Vec<u32> = (0..200).flat_map(|number| [1, 2, number]).collect();
    assert!(!is_looping(&counting));
}

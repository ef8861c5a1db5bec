//! Passages: exact to the byte in any Unicode, none longer than the embedder reads, together the whole text.

use crate::server::{
    knowledge::chunk::{BYTES, TOKENS, chunks, word_pieces},
    store::chunks::NewChunk,
};
use proptest::prelude::*;

fn cut(text: &str) -> Vec<NewChunk> {
    chunks(text, true, &word_pieces)
}

/// What holds of the chunks of any text.
fn holds(text: &str, headings: bool) {
    let chunks = chunks(text, headings, &word_pieces);
    let mut at = 0;
    for (ordinal, chunk) in chunks.iter().enumerate() {
        let (start, end) = (chunk.start as usize, chunk.end as usize);
        assert_eq!(chunk.ordinal, ordinal as i64);
        assert_eq!(text.get(start..end), Some(chunk.text.as_str()), "a range is its text, on whole characters");
        assert!(text[at..start].trim().is_empty(), "nothing but white space is left out: {:?}", &text[at..start]);
        assert_eq!(chunk.text.trim(), chunk.text, "no white space around");
        assert!(!chunk.text.is_empty());
        assert!(word_pieces(&chunk.text) <= TOKENS, "{} pieces: {:?}", word_pieces(&chunk.text), chunk.text);
        assert!(chunk.text.len() <= BYTES, "{} bytes", chunk.text.len());
        assert!(chunk.heading.len() <= 240);
        at = end;
    }
    assert!(text[at..].trim().is_empty(), "the end is not lost: {:?}", &text[at..]);
}

proptest! {
    #[test]
    fn any_text_is_cut_exactly(text in any::<String>(), headings: bool) {
        holds(&text, headings);
    }

    #[test]
    fn so_is_text_that_looks_like_documents(
        parts in prop::collection::vec(prop_oneof![
            Just("\n\n".to_owned()), Just("\n# Über ".to_owned()), Just("\n### x\n".to_owned()), Just("```\n".to_owned()),
            "[a-zA-Zäöü ,.!?\"]{0,400}", "\\PC{0,60}", "[\u{4e00}-\u{4eff}。]{0,300}", "[👩‍👩‍👧🏽é]{0,90}", "[0-9a-f]{0,700}",
        ], 0..24),
        headings: bool,
    ) {
        holds(&parts.concat(), headings);
    }
}

proptest! {
    #[test]
    fn what_counts_as_no_tokens_makes_no_passage_long(
        parts in prop::collection::vec(
            (prop_oneof![Just(" "), Just("\n"), Just("\u{1}"), Just("\u{3000}"), Just("\u{1} "), Just("a")], 0..9_000_usize),
            0..6,
        ),
    ) {
        let text: String = parts.iter().map(|(part, times)| part.repeat(*times) + "word").collect();
        holds(&text, true);
    }
}

#[test]
fn a_passage_knows_the_headings_above_it() {
    let text = "Before.\n\n# Garden\n\nIn general.\n\n## Beans\n\nWarm.\n\n## Peas #\n### Early\n\nCold.\n\n# House\n\nDry.";
    let found: Vec<(String, String)> = cut(text).into_iter().map(|chunk| (chunk.heading, chunk.text)).collect();
    let expected = [
        ("", "Before."),
        ("Garden", "# Garden\n\nIn general."),
        ("Garden › Beans", "## Beans\n\nWarm."),
        ("Garden › Peas › Early", "## Peas #\n### Early\n\nCold."),
        ("House", "# House\n\nDry."),
    ];
    assert_eq!(found, expected.map(|(heading, text)| (heading.to_owned(), text.to_owned())));
}

#[test]
fn a_number_sign_is_a_heading_only_where_there_are_headings_and_never_in_code() {
    assert_eq!(chunks("# not a heading\n\ntext", false, &word_pieces).len(), 1);
    let code = cut("# A\n\n```sh\n# comment\n```\n\nafter");
    assert_eq!(code.iter().map(|chunk| chunk.heading.as_str()).collect::<Vec<_>>(), ["A"]);
}

#[test]
fn short_paragraphs_stand_together_and_long_ones_end_with_a_sentence() {
    assert_eq!(cut("One.\n\nTwo.\n\nThree.").len(), 1);
    let sentence = "The quick brown fox jumps over the lazy dog near the river bank. ";
    let found = cut(&sentence.repeat(60));
    assert!(found.len() > 3, "{}", found.len());
    assert!(found.iter().all(|chunk| chunk.text.ends_with("bank.")), "{found:?}");
    assert!(found[..found.len() - 1].iter().all(|chunk| word_pieces(&chunk.text) > TOKENS * 3 / 4), "none is short");
}

#[test]
fn the_same_passage_under_the_same_heading_has_the_same_hash() {
    let (a, b) = (cut("# H\n\nSame."), cut("Other.\n\n# H\n\nSame."));
    assert_eq!(a[0].hash, b[1].hash);
    assert_ne!(a[0].hash, cut("# I\n\nSame.")[0].hash);
}

#[test]
fn a_long_text_is_cut_quickly() {
    let text = "Ein Satz mit einigen Wörtern, der nicht aufhört. ".repeat(200_000);
    let begun = std::time::Instant::now();
    assert!(cut(&text).len() > 10_000);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

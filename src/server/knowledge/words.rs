//! Text as full-text search sees it: words in lower case without diacritics, cut to their stems, without those that say
//! nothing. Passages and queries go through the same function, so what is written as "Résumés" is found as "resume".
//!
//! Scripts that put no spaces between words (Chinese, Japanese) come as overlapping pairs of characters.

mod porter;

use std::collections::HashSet;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The longest word that is kept, in bytes: longer ones are data, not language.
const LONGEST: usize = 64;

/// Words that stand in nearly every text. They are not indexed: their lists would be the longest and tell the least.
const FUNCTION_WORDS: &str = "a an and are as at be but by for if in into is it no not of on or such that the their then there \
    these they this to was will with";

/// Words with which questions are put. Texts keep them; a query that says anything else is looked up without them. Measured
/// on the collections of `make eval`: a point of nDCG@10 where queries are questions, and nothing lost where they are not.
const QUESTION_WORDS: &str = "what which who how do does did has have had can could from been were when where why you your i we \
    our its about any being than so";

/// The words of a text, in its order, as often as they stand there.
pub fn of_text(text: &str) -> Vec<String> {
    whole(text).into_iter().map(porter::stem).collect()
}

/// The words to look for, each once.
pub fn of_query(query: &str) -> Vec<String> {
    let all = whole(query);
    let telling: Vec<String> = all.iter().filter(|word| !is_one_of(QUESTION_WORDS, word)).cloned().collect();
    let mut seen = HashSet::new();
    let stems = if telling.is_empty() { all } else { telling }.into_iter().map(porter::stem);
    stems.filter(|word| seen.insert(word.clone())).collect()
}

/// Words before they are cut to their stems.
fn whole(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut last_wide = None;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if is_wide(c) {
            finish(&mut word, &mut words);
            if let Some(before) = last_wide.replace(c) {
                words.push([before, c].iter().collect());
            }
            continue;
        }
        last_wide = None;
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            finish(&mut word, &mut words);
        }
    }
    finish(&mut word, &mut words);
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    let whole = std::mem::take(word);
    if !whole.is_empty() && whole.len() <= LONGEST && !is_one_of(FUNCTION_WORDS, &whole) {
        words.push(whole);
    }
}

fn is_one_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

/// Characters that are a word, or half of one, by themselves.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

//! A section in the largest pieces that fit: whole paragraphs, else lines, else sentences, else words, else characters.

use super::{BYTES, Count};
use std::ops::Range;

/// Ways to cut, from the coarsest to the finest.
const CUTS: [fn(&str) -> Vec<usize>; 5] = [paragraphs, lines, sentences, words, characters];

/// Pieces in order, each with its tokens and without the white space around it.
pub(super) fn pieces(text: &str, range: Range<usize>, room: usize, count: &Count) -> Vec<(Range<usize>, usize)> {
    let mut pieces = Vec::new();
    cut(text, range, room, count, &CUTS, &mut pieces);
    pieces
}

type Pieces = Vec<(Range<usize>, usize)>;

fn cut(text: &str, range: Range<usize>, room: usize, count: &Count, cuts: &[fn(&str) -> Vec<usize>], into: &mut Pieces) {
    let Some((finest, rest)) = cuts.split_first() else { return };
    let part = &text[range.clone()];
    let mut start = 0;
    for end in finest(part) {
        let piece = trimmed(text, range.start + start..range.start + end);
        start = end;
        if piece.is_empty() {
            continue;
        }
        let tokens = count(&text[piece.clone()]);
        if (tokens <= room && piece.len() <= BYTES) || rest.is_empty() {
            into.push((piece, tokens));
        } else {
            cut(text, piece, room, count, rest, into);
        }
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// Where paragraphs end: behind empty lines.
fn paragraphs(text: &str) -> Vec<usize> {
    let (mut ends, mut at, mut empty) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        if empty && !line.trim().is_empty() {
            ends.push(at);
        }
        empty = line.trim().is_empty();
        at += line.len();
    }
    ends.push(text.len());
    ends
}

fn lines(text: &str) -> Vec<usize> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            at += line.len();
            at
        })
        .collect()
}

/// Behind a full stop with white space after it, or behind one of those that need none.
fn sentences(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut closing = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match c {
            '。' | '！' | '？' | '।' => ends.push(end),
            '.' | '!' | '?' | '…' | '؟' => closing = true,
            // Quotes and brackets may stand between.
            '"' | '\'' | '”' | '’' | '»' | ')' | ']' if closing => {}
            c if c.is_whitespace() && closing => {
                ends.push(end);
                closing = false;
            }
            _ => closing = false,
        }
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

fn words(text: &str) -> Vec<usize> {
    let mut ends: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8()).collect();
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// No word is this long: what it is can be cut anywhere but inside a character.
fn characters(text: &str) -> Vec<usize> {
    const RUN: usize = 48;
    let mut ends: Vec<usize> = text.char_indices().skip(RUN).step_by(RUN).map(|(at, _)| at).collect();
    ends.push(text.len());
    ends
}

//! A guess at how many word pieces a text has, for where no tokenizer is at hand. It errs on the side of more: a passage
//! that is a little short costs nothing, one that is cut off in the embedder is not found by its end.

/// What a character counts as among its neighbours.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Space,
    /// Letters of the Latin alphabet, of which the vocabulary has whole words.
    Latin,
    Digit,
    /// Everything else is a piece of its own.
    Single,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_whitespace() || c.is_control() => Class::Space,
        // Accents are taken off before a word is looked up.
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Class::Latin,
        '0'..='9' => Class::Digit,
        _ => Class::Single,
    }
}

/// Word pieces of a vocabulary such as BERT's.
pub fn word_pieces(text: &str) -> usize {
    let (mut pieces, mut run, mut of) = (0, 0, Class::Space);
    for c in text.chars() {
        let class = class(c);
        if class != of {
            pieces += closed(of, run);
            (run, of) = (0, class);
        }
        run += 1;
    }
    pieces + closed(of, run)
}

/// Pieces of a run of characters of one class. Short words are whole, long ones are rare and fall apart.
fn closed(of: Class, run: usize) -> usize {
    match of {
        Class::Space => 0,
        Class::Latin if run <= 6 => 1,
        Class::Latin if run <= 12 => 2,
        Class::Latin => run.div_ceil(4),
        Class::Digit => run.div_ceil(2),
        Class::Single => run,
    }
}

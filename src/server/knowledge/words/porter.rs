//! Porter's stemmer for English (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980): "connected",
//! "connecting" and "connections" become "connect". The names of the steps are the paper's; with its author's later two
//! departures in step 2 (`bli` for `abli`, and `logi`), which bring "radiology" to "radiological".

/// The stem of a word in lower case. Words of other alphabets or of two letters stay as they are; a digit sounds as a
/// consonant does, so that "1950s" is found as "1950".
pub(super) fn stem(word: String) -> String {
    if word.len() <= 2 || !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return word;
    }
    let mut word = Word(word);
    word.step_1a();
    word.step_1b();
    word.step_1c();
    word.replace_first(STEP_2);
    word.replace_first(STEP_3);
    word.step_4();
    word.step_5();
    word.0
}

/// Suffixes that become shorter ones, where the stem before has a measure above 0.
const STEP_2: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("logi", "log"),
];

const STEP_3: &[(&str, &str)] =
    &[("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

/// Suffixes that go, where the stem before has a measure above 1. Of two that fit the longer stands first.
const STEP_4: &[&str] = &[
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er",
    "ic", "ou",
];

struct Word(String);

impl Word {
    fn step_1a(&mut self) {
        if self.0.ends_with("sses") || self.0.ends_with("ies") {
            self.cut(2);
        } else if self.0.ends_with('s') && !self.0.ends_with("ss") {
            self.cut(1);
        }
    }

    fn step_1b(&mut self) {
        if let Some(stem) = self.0.strip_suffix("eed") {
            if measure(stem) > 0 {
                self.cut(1);
            }
            return;
        }
        let ending = ["ed", "ing"].into_iter().find(|ending| self.0.strip_suffix(ending).is_some_and(has_vowel));
        let Some(ending) = ending else { return };
        self.cut(ending.len());
        if ["at", "bl", "iz"].iter().any(|end| self.0.ends_with(end)) {
            self.0.push('e');
        } else if ends_double(&self.0) && !self.0.ends_with(['l', 's', 'z']) {
            self.cut(1);
        } else if measure(&self.0) == 1 && ends_cvc(&self.0) {
            self.0.push('e');
        }
    }

    fn step_1c(&mut self) {
        if self.0.strip_suffix('y').is_some_and(has_vowel) {
            self.cut(1);
            self.0.push('i');
        }
    }

    /// The longest suffix that fits decides, whether or not the stem before it is long enough.
    fn replace_first(&mut self, table: &[(&str, &str)]) {
        let fits = table.iter().filter(|(suffix, _)| self.0.ends_with(suffix)).max_by_key(|(suffix, _)| suffix.len());
        let Some((suffix, shorter)) = fits else { return };
        let at = self.0.len() - suffix.len();
        if measure(&self.0[..at]) > 0 {
            self.0.truncate(at);
            self.0.push_str(shorter);
        }
    }

    fn step_4(&mut self) {
        let Some(suffix) = STEP_4.iter().find(|suffix| self.0.ends_with(**suffix)) else { return };
        let stem = &self.0[..self.0.len() - suffix.len()];
        if measure(stem) > 1 && (*suffix != "ion" || stem.ends_with(['s', 't'])) {
            self.cut(suffix.len());
        }
    }

    fn step_5(&mut self) {
        if let Some(stem) = self.0.strip_suffix('e') {
            let m = measure(stem);
            if m > 1 || m == 1 && !ends_cvc(stem) {
                self.cut(1);
            }
        }
        if self.0.ends_with("ll") && measure(&self.0) > 1 {
            self.cut(1);
        }
    }

    fn cut(&mut self, letters: usize) {
        self.0.truncate(self.0.len() - letters);
    }
}

/// Whether the letter at this place sounds as a consonant: a y does at the beginning and behind a vowel.
fn is_consonant(word: &[u8], at: usize) -> bool {
    match word[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => false,
        b'y' => at == 0 || !is_consonant(word, at - 1),
        _ => true,
    }
}

/// The paper's m: how often a vowel is followed by a consonant.
fn measure(stem: &str) -> usize {
    let sounds: Vec<bool> = (0..stem.len()).map(|at| is_consonant(stem.as_bytes(), at)).collect();
    sounds.windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn has_vowel(stem: &str) -> bool {
    (0..stem.len()).any(|at| !is_consonant(stem.as_bytes(), at))
}

fn ends_double(word: &str) -> bool {
    let bytes = word.as_bytes();
    let n = bytes.len();
    n >= 2 && bytes[n - 1] == bytes[n - 2] && is_consonant(bytes, n - 1)
}

/// Consonant, vowel, consonant at the end, the last neither w, x nor y.
fn ends_cvc(word: &str) -> bool {
    let bytes = word.as_bytes();
    let n = bytes.len();
    n >= 3
        && is_consonant(bytes, n - 3)
        && !is_consonant(bytes, n - 2)
        && is_consonant(bytes, n - 1)
        && !matches!(bytes[n - 1], b'w' | b'x' | b'y')
}

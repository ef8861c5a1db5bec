//! A secret in what a server says: some repeat what they were sent, each in a spelling of its own.

/// A secret in every spelling that it may have. Each character is looked for by itself, since servers differ in which of
/// them they escape.
pub struct Spelled(Vec<Spellings>);

struct Spellings {
    plain: String,
    /// In capitals; hexadecimal digits may be either.
    escaped: Vec<String>,
}

/// The first `length` bytes of a text, without the secrets that begin in them.
pub fn without(secrets: &[Spelled], text: &str, length: usize) -> String {
    let mut cleaned = String::with_capacity(length.min(text.len()));
    let mut at = 0;
    while at < length.min(text.len()) {
        if let Some(end) = secrets.iter().find_map(|secret| secret.end(text.as_bytes(), at)) {
            cleaned.push_str("[secret]");
            at = end;
        } else {
            let stops = |(place, c): &(usize, char)| at + place >= length || secrets.iter().any(|secret| secret.may_begin(*c));
            let plain = text[at..].char_indices().skip(1).find(stops).map_or(text.len() - at, |(place, _)| place);
            cleaned.push_str(&text[at..at + plain]);
            at += plain;
        }
    }
    cleaned
}

impl Spelled {
    pub fn of(secret: &str) -> Self {
        Self(secret.chars().map(Spellings::of).collect())
    }

    /// Bytes of the longest spelling.
    pub fn longest(&self) -> usize {
        self.0.iter().map(Spellings::longest).sum()
    }

    fn may_begin(&self, c: char) -> bool {
        self.0.first().is_some_and(|first| first.all().any(|spelling| spelling.starts_with(c)))
    }

    /// Where it ends, if it stands at `start`. One spelling of a character may begin like another: all are followed.
    fn end(&self, text: &[u8], start: usize) -> Option<usize> {
        let (first, rest) = self.0.split_first()?;
        let mut ends: Vec<usize> = first.ends(text, start).collect();
        for spellings in rest {
            if ends.is_empty() {
                return None;
            }
            ends = ends.iter().flat_map(|end| spellings.ends(text, *end)).collect();
            ends.sort_unstable();
            ends.dedup();
        }
        ends.last().copied()
    }
}

impl Spellings {
    fn of(c: char) -> Self {
        let plain = c.to_string();
        // Percent-encoded (RFC 3986), and as JSON may write every character (RFC 8259).
        let percent = plain.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let json = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\U{unit:04X}")).collect();
        let mut escaped: Vec<String> = vec![percent, json];
        match c {
            // In forms.
            ' ' => escaped.push("+".to_owned()),
            '"' | '\\' | '/' => escaped.push(format!("\\{c}")),
            _ => {}
        }
        Self { plain, escaped }
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.escaped.iter().chain([&self.plain])
    }

    fn longest(&self) -> usize {
        self.all().map(String::len).max().unwrap_or_default()
    }

    fn ends<'a>(&'a self, text: &'a [u8], start: usize) -> impl Iterator<Item = usize> + 'a {
        let at = move |length: usize| text.get(start..start + length);
        let plain = (at(self.plain.len()) == Some(self.plain.as_bytes())).then(|| start + self.plain.len());
        let stands = move |escaped: &&String| at(escaped.len()).is_some_and(|text| text.eq_ignore_ascii_case(escaped.as_bytes()));
        plain.into_iter().chain(self.escaped.iter().filter(stands).map(move |escaped| start + escaped.len()))
    }
}

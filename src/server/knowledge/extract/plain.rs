//! Bytes to text: UTF-8, what says that it is something else, and what can only be guessed.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into a web page its encoding is looked for.
const HEAD: usize = 2048;

/// What is neither UTF-8 nor begins with a mark is read as Windows-1252, of which every byte is a character.
pub fn decode(bytes: &[u8]) -> String {
    by(bytes, WINDOWS_1252)
}

/// A web page may name its encoding in its head.
pub fn decode_web_page(bytes: &[u8]) -> String {
    by(bytes, named(&bytes[..bytes.len().min(HEAD)]).unwrap_or(WINDOWS_1252))
}

fn by(bytes: &[u8], otherwise: &'static Encoding) -> String {
    let marked = Encoding::for_bom(bytes).is_some();
    let encoding = if marked || std::str::from_utf8(bytes).is_ok() { UTF_8 } else { otherwise };
    // Decoding follows the mark, where there is one, whatever it is told.
    let (text, _, _) = encoding.decode(bytes);
    tidy(&text)
}

/// One kind of line break, and no NUL, which no database takes.
fn tidy(text: &str) -> String {
    if !text.contains(['\r', '\0']) {
        return text.to_owned();
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

fn named(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let label = rest.trim_start_matches(['"', '\'', ' ']);
    let label: String = label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Encoding::for_label(label.as_bytes())
}

//! A Word document: the paragraphs, headings and tables of its main part.

use super::{TEXT_MAX, Unreadable};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{BufReader, Cursor, Read as _};

/// The most that the main part may unpack to, in bytes.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

pub fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    let broken = || Unreadable::because("The Word document is broken.");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let main = archive.by_name("word/document.xml").map_err(|_| broken())?;
    // The size that an archive claims is not believed: reading stops where the limit is.
    let mut reader = Reader::from_reader(BufReader::new(main.take(UNPACKED_MAX)));
    let (mut writer, mut buffer) = (Writer::default(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) if reader.buffer_position() >= UNPACKED_MAX => return Err(bomb()),
            Ok(Event::Eof) => break,
            Ok(event) => writer.event(&event),
            Err(_) if reader.buffer_position() >= UNPACKED_MAX => return Err(bomb()),
            Err(_) => return Err(broken()),
        }
        if writer.text.len() > TEXT_MAX {
            return Err(Unreadable::too_long());
        }
        buffer.clear();
    }
    Ok(writer.text.trim_end().to_owned())
}

fn bomb() -> Unreadable {
    Unreadable::because("Unpacked it is larger than any document: more than 64 MB.")
}

#[derive(Default)]
struct Writer {
    text: String,
    paragraph: String,
    /// 1 to 6 where the paragraph is a heading.
    level: usize,
    in_text: bool,
    /// Cells of the row that is read; rows of a table inside a cell are part of it.
    cells: Vec<String>,
    tables: usize,
}

impl Writer {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag);
                self.end(tag.local_name().as_ref());
            }
            Event::End(tag) => self.end(tag.local_name().as_ref()),
            Event::Text(text) if self.in_text => self.paragraph.push_str(text),
            Event::GeneralRef(name) if self.in_text => {
                if let Ok(Some(c)) = name.resolve_char_ref() {
                    self.paragraph.push(c);
                } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(name) {
                    self.paragraph.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "t" => self.in_text = true,
            "tab" => self.paragraph.push('\t'),
            "br" | "cr" => self.paragraph.push('\n'),
            "pStyle" => self.level = level(&value(tag)),
            "outlineLvl" => {
                let level: usize = value(tag).parse().unwrap_or(9);
                self.level = if level < 6 { level + 1 } else { self.level };
            }
            "tbl" => self.tables += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" if self.tables == 1 => {
                let cell = std::mem::take(&mut self.paragraph);
                self.cells.push(cell.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            "tr" if self.tables == 1 => {
                let row = std::mem::take(&mut self.cells).join(" | ");
                self.text.push_str(row.trim());
                self.text.push('\n');
            }
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        if self.tables > 0 {
            // A cell's paragraphs are its words.
            self.paragraph.push(' ');
            return;
        }
        let (paragraph, level) = (std::mem::take(&mut self.paragraph), std::mem::take(&mut self.level));
        let paragraph = paragraph.replace('\0', "");
        let paragraph = paragraph.trim();
        if paragraph.is_empty() {
            return;
        }
        if level > 0 {
            self.text.push_str(&"#".repeat(level));
            self.text.push(' ');
            self.text.push_str(&paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
        } else {
            self.text.push_str(paragraph);
        }
        self.text.push_str("\n\n");
    }
}

/// `w:val` of a tag.
fn value(tag: &BytesStart<'_>) -> String {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val");
    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

/// The level of a heading, by the name of its style: 0 for what is none.
fn level(style: &str) -> usize {
    let style = style.to_ascii_lowercase();
    if style == "title" {
        return 1;
    }
    let number = style.strip_prefix("heading").map(|rest| rest.trim().parse::<usize>());
    match number {
        Some(Ok(level @ 1..=6)) => level,
        _ => 0,
    }
}

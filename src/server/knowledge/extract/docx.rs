//! A Word document: the paragraphs, headings and tables of its main part.

mod styles;

use super::{TEXT_MAX, Unreadable};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{BufReader, Cursor, Read as _};
use styles::Styles;

/// The most that a part may unpack to, in bytes.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

pub fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    let mut archive = Archive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut writer = Writer { styles: Styles::read(&mut archive)?, ..Writer::default() };
    let found = walk(&mut archive, "word/document.xml", |event| {
        writer.event(event);
        if writer.text.len() > TEXT_MAX { Err(Unreadable::too_long()) } else { Ok(()) }
    })?;
    if found { Ok(writer.text.trim_end().to_owned()) } else { Err(broken()) }
}

/// Shows every event of a part, if the document has it.
fn walk(
    archive: &mut Archive<'_>,
    part: &str,
    mut show: impl FnMut(&Event<'_>) -> Result<(), Unreadable>,
) -> Result<bool, Unreadable> {
    let Ok(part) = archive.by_name(part) else { return Ok(false) };
    // The size that an archive claims is not believed: reading stops where the limit is.
    let mut reader = Reader::from_reader(BufReader::new(part.take(UNPACKED_MAX)));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) if reader.buffer_position() >= UNPACKED_MAX => return Err(bomb()),
            Ok(Event::Eof) => return Ok(true),
            Ok(event) => show(&event)?,
            Err(_) if reader.buffer_position() >= UNPACKED_MAX => return Err(bomb()),
            Err(_) => return Err(broken()),
        }
        buffer.clear();
    }
}

fn broken() -> Unreadable {
    Unreadable::because("The Word document is broken.")
}

fn bomb() -> Unreadable {
    Unreadable::because("Unpacked it is larger than any document: more than 64 MB.")
}

#[derive(Default)]
struct Writer {
    styles: Styles,
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
            "pStyle" => self.level = self.styles.level(&value(tag, "val")),
            "outlineLvl" => self.level = outline(tag),
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

/// An attribute of a tag, whatever its prefix.
fn value(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name);
    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

/// The level of a heading, by its place in the outline, which counts from 0; 0 for what is none, or too deep.
fn outline(tag: &BytesStart<'_>) -> usize {
    match value(tag, "val").parse::<usize>() {
        Ok(level @ ..6) => level + 1,
        _ => 0,
    }
}

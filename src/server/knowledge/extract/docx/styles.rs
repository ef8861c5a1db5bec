//! Which styles of a Word document are headings. A style's id is in the language of whoever made the document
//! (`berschrift1`, `Titre1`); its outline level, and the names of those that Word brings, are the same everywhere.

use super::{Archive, Unreadable, outline, value, walk};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// A style of styles of styles: more is a circle.
const DEPTH_MAX: usize = 20;

#[derive(Default)]
pub struct Styles {
    by_id: HashMap<String, Style>,
    /// The one that is read.
    id: String,
}

#[derive(Default)]
struct Style {
    /// 1 to 6, or 0 where it says that it is no heading.
    level: Option<usize>,
    based_on: Option<String>,
}

impl Styles {
    pub fn read(archive: &mut Archive<'_>) -> Result<Self, Unreadable> {
        let mut styles = Self::default();
        walk(archive, "word/styles.xml", |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event {
                styles.tag(tag);
            }
            Ok(())
        })?;
        Ok(styles)
    }

    /// The level of a heading: 0 for what is none. A style that is not described is what its id says in English.
    pub fn level(&self, id: &str) -> usize {
        if !self.by_id.contains_key(id) {
            return named(id).unwrap_or(0);
        }
        let mut style = self.by_id.get(id);
        for _ in 0..DEPTH_MAX {
            match style {
                Some(Style { level: Some(level), .. }) => return *level,
                Some(Style { based_on: Some(base), .. }) => style = self.by_id.get(base),
                _ => return 0,
            }
        }
        0
    }

    fn tag(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        if name.as_ref() == "style" {
            self.id = value(tag, "styleId");
            self.by_id.insert(self.id.clone(), Style::default());
            return;
        }
        let Some(style) = self.by_id.get_mut(&self.id) else { return };
        match name.as_ref() {
            "name" => style.level = named(&value(tag, "val")),
            "basedOn" => style.based_on = Some(value(tag, "val")),
            // It stands behind the name, and counts for more.
            "outlineLvl" => style.level = Some(outline(tag)),
            _ => {}
        }
    }
}

/// The level of one of Word's own headings, by its English name: `heading 1`, `Heading1`, `Title`.
fn named(style: &str) -> Option<usize> {
    let style = style.to_ascii_lowercase();
    if style == "title" {
        return Some(1);
    }
    style.strip_prefix("heading")?.trim().parse().ok().filter(|level| (1..=6).contains(level))
}

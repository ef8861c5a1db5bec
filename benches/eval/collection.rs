//! A collection as it lies in a folder.

use crate::Result;
use guildhall::model::retrieval::QUERY_MAX;
use serde::Deserialize;
use std::{collections::HashMap, path::Path};

pub struct Collection {
    pub name: String,
    pub documents: Vec<Document>,
    pub queries: Vec<Query>,
    /// By query, then by document.
    pub judgements: HashMap<String, HashMap<String, f64>>,
}

#[derive(Deserialize)]
pub struct Document {
    pub id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
pub struct Query {
    pub id: String,
    text: String,
}

/// The longest title that guildhall takes, and how much of a text serves as one, in characters.
const TITLE_MAX: usize = 200;
const TITLE_OF_TEXT: usize = 80;

impl Document {
    /// Its own title, else its first words, as somebody who pastes a text would write it.
    pub fn title(&self) -> &str {
        let own = self.title.trim();
        if own.is_empty() { cut(&self.text, TITLE_OF_TEXT) } else { cut(own, TITLE_MAX) }
    }

    /// Its text, or its title where it has nothing else. Empty where it has nothing at all: no user could add that.
    pub fn text(&self) -> &str {
        if self.text.trim().is_empty() { self.title.trim() } else { &self.text }
    }
}

impl Query {
    /// As much of it as a search takes.
    pub fn text(&self) -> &str {
        cut(&self.text, QUERY_MAX)
    }
}

/// At most so many characters, in whole words where there are several.
fn cut(text: &str, most: usize) -> &str {
    let text = text.trim();
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| text[..at].rfind(' ').unwrap_or(at));
    text[..end].trim_end()
}

impl Collection {
    pub fn read(folder: &Path) -> Result<Self> {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let mut judgements: HashMap<String, HashMap<String, f64>> = HashMap::new();
        for (number, line) in text(folder, "qrels.tsv")?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut fields = line.split('\t').map(str::trim);
            let (Some(query), Some(document), Some(grade)) = (fields.next(), fields.next(), fields.next()) else {
                return Err(format!("{}: qrels.tsv has a line without three fields: {line}", folder.display()).into());
            };
            let grade: f64 = match grade.parse() {
                Ok(grade) => grade,
                // A heading.
                Err(_) if number == 0 => continue,
                Err(_) => return Err(format!("{}: qrels.tsv: {grade:?} is no grade", folder.display()).into()),
            };
            if grade > 0.0 {
                judgements.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
            }
        }
        Ok(Self { name, documents: lines(folder, "docs.jsonl")?, queries: lines(folder, "queries.jsonl")?, judgements })
    }
}

fn lines<T: for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> Result<Vec<T>> {
    let all = text(folder, name)?;
    let parse = |line: &str| serde_json::from_str(line).map_err(|error| format!("{name}: {error}: {line}").into());
    all.lines().filter(|line| !line.trim().is_empty()).map(parse).collect()
}

fn text(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    Ok(std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?)
}

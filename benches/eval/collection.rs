//! A collection as it lies in a folder.

use crate::Result;
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
    text: String,
}

#[derive(Deserialize)]
pub struct Query {
    pub id: String,
    pub text: String,
}

/// The longest title that guildhall takes, and how much of a text serves as one, in characters.
const TITLE_MAX: usize = 200;
const TITLE_OF_TEXT: usize = 80;

impl Document {
    /// Its text; its title where that is all there is. `None` where it says nothing, and so cannot be found.
    pub fn says(&self) -> Option<&str> {
        [&self.text, &self.title].into_iter().map(String::as_str).find(|text| !text.trim().is_empty())
    }

    /// Its own title, else its first words, as somebody who pastes a text would write it.
    pub fn title(&self) -> String {
        let own = self.title.trim();
        let (of, most) = if own.is_empty() { (self.text.trim(), TITLE_OF_TEXT) } else { (own, TITLE_MAX) };
        let end = of.char_indices().nth(most).map_or(of.len(), |(at, _)| of[..at].rfind(' ').unwrap_or(at));
        of[..end].trim().to_owned()
    }
}

impl Collection {
    pub fn read(folder: &Path) -> Result<Self> {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let mut judgements: HashMap<String, HashMap<String, f64>> = HashMap::new();
        for line in text(folder, "qrels.tsv")?.lines().filter(|line| !line.trim().is_empty()) {
            let mut fields = line.split('\t').map(str::trim);
            let (Some(query), Some(document), Some(grade)) = (fields.next(), fields.next(), fields.next()) else {
                return Err(format!("{}: qrels.tsv has a line without three fields: {line}", folder.display()).into());
            };
            let grade: f64 = grade.parse().map_err(|_| format!("qrels.tsv: {grade:?} is no grade"))?;
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

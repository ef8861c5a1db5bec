//! How well documents are found: nDCG@10 and recall@10 by words, by vectors and by both. `make eval` prints the table.
//!
//! A collection is a folder with `docs.jsonl` (id, title, text), `queries.jsonl` (id, text) and `qrels.tsv` (query, document,
//! grade). guildhall is the release binary, set up by its command line and used through its public API: documents are
//! posted, their index is waited for, queries are searched. Each collection has a group of its own.
//!
//! nDCG takes the grades as gains (as trec_eval does), over the queries that have a judgement; a document counts where its
//! first passage stands. What is posted twice is one document: it then stands for both.
//!
//! | module | what it does |
//! |---|---|
//! | `collection` | reading a folder |
//! | `server` | guildhall, set up and started |
//! | `measures` | nDCG and recall |

#[path = "eval/collection.rs"]
mod collection;
#[path = "eval/measures.rs"]
mod measures;
#[path = "eval/server.rs"]
mod server;

use collection::Collection;
use measures::Scores;
use serde_json::json;
use server::{Group, Server};
use std::{
    collections::HashMap,
    env,
    error::Error,
    io::Write as _,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long nothing may move before we give up.
const PATIENCE: Duration = Duration::from_secs(120);

const MODES: [&str; 3] = ["text", "vectors", "both"];

fn main() -> ExitCode {
    // Cargo itself passes `--bench`.
    let folders: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match run(&folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "eval: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folders: &[String]) -> Result<()> {
    let collections = folders.iter().map(|folder| Collection::read(Path::new(folder))).collect::<Result<Vec<_>>>()?;
    guildhall::server::outbound::install_crypto();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(&collections))
}

async fn measure(collections: &[Collection]) -> Result<()> {
    let server = Server::start_with(&[]).await?;
    let mut out = std::io::stdout();
    writeln!(out, "\n{:<20} {:>10} {:>9} {:>10} {:>12}", "collection", "mode", "nDCG@10", "recall@10", "ms a query")?;
    for (number, collection) in collections.iter().enumerate() {
        let group = server.group(&format!("eval-{number}")).await?;
        let known = load(&group, collection).await?;
        for mode in MODES {
            let (scores, took) = ask(&group, collection, &known, mode).await?;
            let (ndcg, recall) = scores.means();
            writeln!(out, "{:<20} {mode:>10} {ndcg:>9.4} {recall:>10.4} {:>12.1}", collection.name, took.as_secs_f64() * 1000.0)?;
        }
    }
    Ok(())
}

/// Posts every document and waits until all are indexed. Answers which of the collection's documents each of ours is.
async fn load(group: &Group, collection: &Collection) -> Result<HashMap<String, Vec<String>>> {
    let begun = Instant::now();
    let mut known: HashMap<String, Vec<String>> = HashMap::new();
    for document in &collection.documents {
        let Some(text) = document.says() else { continue };
        known.entry(add(group, &document.title(), text).await?).or_default().push(document.id.clone());
    }
    group.indexed(known.len(), PATIENCE).await?;
    let took = begun.elapsed().as_secs_f64();
    let count = collection.documents.len();
    writeln!(std::io::stderr(), "▸ {}: {count} documents loaded and indexed in {took:.0} s", collection.name)?;
    Ok(known)
}

/// Searches for every query that is judged. Answers the scores, and how long a query took in the mean.
async fn ask(
    group: &Group,
    collection: &Collection,
    known: &HashMap<String, Vec<String>>,
    mode: &str,
) -> Result<(Scores, Duration)> {
    let mut scores = Scores::default();
    let begun = Instant::now();
    for query in &collection.queries {
        let Some(judged) = collection.judgements.get(&query.id) else { continue };
        let found = search(group, &query.text, mode).await?;
        let ranked: Vec<&str> = found.iter().filter_map(|id| known.get(id)).flatten().map(String::as_str).collect();
        scores.add(&ranked, judged);
    }
    let took = begun.elapsed() / u32::try_from(scores.len().max(1))?;
    Ok((scores, took))
}

/// Posts a document and answers its id.
async fn add(group: &Group, title: &str, text: &str) -> Result<String> {
    let answer = group.post("/knowledge", &json!({ "title": title, "text": text })).await?;
    Ok(answer["id"].as_str().ok_or("a document without an id")?.to_owned())
}

/// Documents in the order of their best passages.
async fn search(group: &Group, query: &str, mode: &str) -> Result<Vec<String>> {
    let answer = group.post("/knowledge/search", &json!({ "query": query, "mode": mode, "limit": 50 })).await?;
    if mode != "text" && !answer["note"].is_null() {
        return Err(format!("no vectors: {}", answer["note"]).into());
    }
    let results = answer["results"].as_array().ok_or("an answer without results")?;
    Ok(results.iter().filter_map(|result| Some(result["document_id"].as_str()?.to_owned())).collect())
}

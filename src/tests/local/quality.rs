//! How well the real embedder, the words and both together find the documents of a collection. `make eval` measures the same
//! through the public API; this guards it, and takes seconds.

use super::{real::BE_THE_WORKER, weights::models_dir};
use crate::{
    ids::DocumentId,
    model::retrieval::SearchMode,
    server::{
        embedders::local::{LocalEmbedder, PROVIDER},
        knowledge::{
            indexer::Indexer,
            search::{Query, find},
        },
        models::local::{IDLE_AFTER, LocalConfig},
        store::chunks::fixture,
    },
    tests::app::TestApp,
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

struct Collection {
    documents: Vec<Value>,
    queries: Vec<Value>,
    judged: HashMap<String, HashSet<String>>,
}

fn read(folder: &Path) -> Collection {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let lines = |name: &str| text(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut judged: HashMap<String, HashSet<String>> = HashMap::new();
    for line in text("qrels.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        judged.entry(fields[0].to_owned()).or_default().insert(fields[1].to_owned());
    }
    Collection { documents: lines("docs.jsonl"), queries: lines("queries.jsonl"), judged }
}

/// nDCG@10 and recall@10.
async fn measure(collection: &Collection) -> [(f64, f64); 3] {
    let app = TestApp::start().await;
    let (models_dir, program) = (models_dir(), std::env::current_exe().unwrap());
    let (tasks, shutdown) = (app.app.tasks.clone(), app.app.shutdown.clone());
    let args = BE_THE_WORKER.map(str::to_owned).to_vec();
    let config = LocalConfig { models_dir, program, args, idle_after: IDLE_AFTER, tasks, shutdown };
    app.app.embedders.insert(PROVIDER, Arc::new(LocalEmbedder::new(config)));
    let group = app.group("one").await;
    let member = &group.owner.member;
    let mut ids: HashMap<DocumentId, &str> = HashMap::new();
    for document in &collection.documents {
        let field = |name: &str| document[name].as_str().unwrap();
        let of = fixture::put(&app.app.store, member, field("title"), &[field("text")]).await.unwrap();
        ids.insert(of.document, field("id"));
    }
    let mut indexer = Indexer::new(app.app.clone());
    while indexer.round().await.unwrap() {}
    let mut means = [(0.0, 0.0); 3];
    let judged = || collection.queries.iter().filter_map(|query| Some((query, collection.judged.get(query["id"].as_str()?)?)));
    for (mean, mode) in means.iter_mut().zip([SearchMode::Text, SearchMode::Vectors, SearchMode::Both]) {
        for (query, expected) in judged() {
            let query = Query { text: query["text"].as_str().unwrap().to_owned(), mode, limit: 50, neighbours: 0 };
            let found = find(&app.app, member, &query).await.unwrap();
            let mut seen = HashSet::new();
            let first = found.passages.iter().map(|one| ids[&one.document_id]).filter(|id| seen.insert(*id)).take(10);
            let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
            let hits: Vec<usize> = first.enumerate().filter(|(_, id)| expected.contains(*id)).map(|(place, _)| place).collect();
            let ideal: f64 = (0..expected.len().min(10)).map(gain).sum();
            mean.0 += hits.iter().map(|place| gain(*place)).sum::<f64>() / ideal;
            mean.1 += hits.len() as f64 / expected.len() as f64;
        }
        let count = judged().count() as f64;
        *mean = (mean.0 / count, mean.1 / count);
    }
    means
}

#[tokio::test]
async fn the_small_collection_is_found_as_well_as_it_was_measured() {
    let means = measure(&read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/collection"))).await;
    let [words, vectors, both] = means.map(|(ndcg, _)| ndcg);
    assert!(words > 0.6 && vectors > 0.87 && both > 0.89, "{means:?}");
    assert!(both >= words.max(vectors) - 0.01, "{means:?}");
}

#[tokio::test]
#[ignore = "it measures the folder that GUILDHALL_COLLECTION names, and takes minutes"]
async fn a_collection_of_the_readers_own() {
    let folder = std::env::var_os("GUILDHALL_COLLECTION").expect("a folder in GUILDHALL_COLLECTION");
    println!("words, vectors, both: {:.4?}", measure(&read(Path::new(&folder))).await);
}

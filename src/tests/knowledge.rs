//! What a group knows: documents come in, are read, cut, replaced and deleted, and survive whatever happens meanwhile.

mod addresses;
mod chunks;
mod formats;
mod hostile;
mod ingest;
mod pages;
mod rest;
mod samples;
mod texts;
mod turns;

use crate::{
    ids::DocumentId,
    model::document::Document,
    server::{
        knowledge::{
            documents::{self, Content},
            extract::{child, process::Extractor},
        },
        member::Member,
        state::App,
    },
};
use std::time::Duration;

/// Longer than any of these tests should take: whatever waits for it, hangs.
const PATIENCE: Duration = Duration::from_secs(90);

/// How this test program is told to be the child that reads a document.
const BE_THE_CHILD: [&str; 5] = ["tests::knowledge::the_child_itself", "--exact", "--ignored", "--nocapture", "--quiet"];

/// What the child of tests may use. A program without optimisation is larger and slower than the server's.
const LIMITS: child::Limits = child::Limits { memory: 1536 * 1024 * 1024, seconds: 40 };

#[test]
#[ignore = "this is no test but the child that the others start"]
#[expect(clippy::disallowed_methods, reason = "the child ends here: the test program has nothing to say behind its answer")]
fn the_child_itself() {
    let kind = std::env::args().next_back().unwrap();
    child::main(&kind, LIMITS);
    std::process::exit(0);
}

pub fn extractor() -> Extractor {
    let program = std::env::current_exe().unwrap();
    Extractor { program, args: BE_THE_CHILD.map(str::to_owned).to_vec(), patience: Duration::from_secs(50) }
}

pub fn text(title: &str, text: &str) -> Content {
    Content { title: Some(title.to_owned()), bytes: text.as_bytes().to_vec(), ..Content::default() }
}

pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Content {
    Content { file_name: Some(name.to_owned()), bytes: bytes.into(), ..Content::default() }
}

/// Adds a document and waits until it was read.
pub async fn learn(app: &App, member: &Member, content: Content) -> Document {
    let added = documents::add(app, member, content).await.unwrap().document();
    settled(app, member, added.id).await
}

/// The document once nothing more happens to it by itself.
pub async fn settled(app: &App, member: &Member, id: DocumentId) -> Document {
    let wait = async {
        loop {
            let document = app.store.documents(member).get(id).await.unwrap();
            if !document.working() {
                return document;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the document is read")
}

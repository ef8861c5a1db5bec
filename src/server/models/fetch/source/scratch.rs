//! A folder for what is not whole yet; removed when it is dropped.

use super::FetchError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one inside `parent`, under the first free name.
    pub fn new(parent: &Path) -> Result<Self, FetchError> {
        let own = std::process::id();
        for number in 0_u32.. {
            let path = parent.join(format!(".fetch-{own}-{number}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FetchError::io(&path, error)),
            }
        }
        Err(FetchError::io(parent, io::ErrorKind::AlreadyExists.into()))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "a scratch folder is left behind");
        }
    }
}

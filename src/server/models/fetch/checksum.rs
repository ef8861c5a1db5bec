//! Copies and files under the eye of SHA-256.

use super::FetchError;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

const STRIDE: usize = 1 << 20;

/// Copies everything and answers the hash of it, in lower-case hex.
pub(super) fn copy(source: &mut impl Read, sink: &mut impl Write) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; STRIDE]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
        sink.write_all(&buffer[..read])?;
    }
}

/// Whether the file is there with this hash. Off the async threads, because the file is large.
pub(super) async fn matches(path: &Path, sha256: &'static str) -> Result<bool, FetchError> {
    let owned = path.to_owned();
    let look = move || match File::open(&owned) {
        Ok(mut file) => Ok(copy(&mut file, &mut io::sink())? == sha256),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    };
    tokio::task::spawn_blocking(look).await.map_err(io::Error::other).flatten().map_err(|error| FetchError::io(path, error))
}

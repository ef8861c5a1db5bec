//! Passwords: argon2id, on a thread of its own, which owns the memory of a check.
//!
//! A check takes 19 MiB. Allocated anew each time, and on whatever thread is free, it would stay with the allocator many
//! times over; here it is there once.

use crate::{error::Result, server::failure::internal};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        PasswordHasher,
        phc::{Output, PasswordHash},
    },
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
};
use tokio::sync::oneshot;

/// What the thread does, with its memory.
type Work = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// What hashing costs; tests use the cheap kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// 19 MiB, two passes, one lane.
    Full,
    Cheap,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon: Argon2<'static>,
    /// To the thread, which ends with its last sender.
    worker: mpsc::Sender<Work>,
    /// The hash of nobody's password: checked where the address is unknown, so that it takes as long as one that is.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new(effort: Effort) -> Result<Self> {
        let (memory_kib, passes) = match effort {
            Effort::Full => (19 * 1024, 2),
            Effort::Cheap => (8, 1),
        };
        let params = Params::new(memory_kib, passes, 1, None).map_err(internal)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = argon.hash_password(b"nobody has this password").map_err(internal)?.to_string();
        let (worker, work) = mpsc::channel::<Work>();
        thread::Builder::new().name("passwords".to_owned()).spawn(move || serve(&work)).map_err(internal)?;
        Ok(Self { argon, worker, decoy: decoy.into() })
    }

    pub async fn hash(&self, password: String) -> Result<String> {
        let argon = self.argon.clone();
        let hashed = self.work(move |_| argon.hash_password(password.as_bytes()).map(|hash| hash.to_string())).await?;
        hashed.map_err(internal)
    }

    /// Whether the password fits the hash. Without a hash it never does, and takes as long.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let fits = self.work(move |memory| verify(memory, &password, &hash)).await?;
        Ok(fits == Some(true) && known)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have gone meanwhile.
        self.worker.send(Box::new(move |memory| _ = answer.send(work(memory)))).map_err(internal)?;
        answered.await.map_err(internal)
    }
}

fn serve(work: &mpsc::Receiver<Work>) {
    let mut memory = Vec::new();
    for work in work {
        // One that panics answers nothing, and the next is done all the same.
        let _ = catch_unwind(AssertUnwindSafe(|| work(&mut memory)));
    }
}

/// With what the hash itself says of how it was made. `None` where it says nothing that can be read.
fn verify(memory: &mut Vec<Block>, password: &str, hash: &str) -> Option<bool> {
    let stored = PasswordHash::new(hash).ok()?;
    let (salt, expected, params) = (stored.salt?, stored.hash?, Params::try_from(&stored).ok()?);
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut made = vec![0; expected.len()];
    let argon = Argon2::new(algorithm, version, params);
    argon.hash_password_into_with_memory(password.as_bytes(), &salt, &mut made, &mut memory[..blocks]).ok()?;
    // Outputs are compared in constant time.
    Some(Output::new(&made).ok()? == expected)
}

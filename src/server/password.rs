//! Passwords: argon2id, on a thread of its own.
//!
//! One thread, because each hash takes 19 MiB and an allocator keeps what a thread gave back for that thread: on any
//! thread that happens to be free, all of them would keep as much in the end.

use crate::{error::Result, server::failure::internal};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

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
        thread::Builder::new()
            .name("passwords".to_owned())
            // One that panics answers nothing, and the next is done all the same.
            .spawn(move || work.iter().for_each(|work| _ = catch_unwind(AssertUnwindSafe(work))))
            .map_err(internal)?;
        Ok(Self { argon, worker, decoy: decoy.into() })
    }

    pub async fn hash(&self, password: String) -> Result<String> {
        let argon = self.argon.clone();
        let hashed = self.work(move || argon.hash_password(password.as_bytes()).map(|hash| hash.to_string())).await?;
        hashed.map_err(internal)
    }

    /// Whether the password fits the hash. Without a hash it never does, and takes as long.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let (argon, known) = (self.argon.clone(), hash.is_some());
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let fits = self.work(move || verify(&argon, &password, &hash)).await?;
        Ok(fits && known)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have gone meanwhile.
        self.worker.send(Box::new(move || _ = answer.send(work()))).map_err(internal)?;
        answered.await.map_err(internal)
    }
}

fn verify(argon: &Argon2<'_>, password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon.verify_password(password.as_bytes(), &hash).is_ok())
}

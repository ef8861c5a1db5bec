//! The task over one process: carries lines both ways and sees to it that the process ends.

use super::exchange::Exchange;
use futures::{FutureExt as _, StreamExt as _, future::FusedFuture as _};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWriteExt as _},
    process::{Child, ChildStdin},
    sync::{OwnedSemaphorePermit, mpsc::UnboundedReceiver},
};
use tokio_util::{
    codec::{FramedRead, LinesCodec, LinesCodecError},
    sync::CancellationToken,
};

/// Bytes of one line, which is a message.
const LINE_MAX: usize = 1 << 20;

/// A process that nobody asked anything for this long is ended.
const IDLE: Duration = Duration::from_secs(300);

/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// How long a process may take to end by itself, once its input is closed.
const GRACE: Duration = Duration::from_secs(2);

/// How long the last words of a process are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);

pub struct Watch {
    /// Weak: the process ends when nobody else holds the exchange.
    pub exchange: Weak<Exchange>,
    pub ended: CancellationToken,
    /// Its place among the processes that may run at once.
    pub room: OwnedSemaphorePermit,
}

impl Watch {
    pub async fn run(self, mut child: Child, lines: UnboundedReceiver<String>, shutdown: CancellationToken) {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        if let (Some(stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) {
            let complaints = read(stderr, |exchange, line| exchange.complain(line.unwrap_or("…")), &self.exchange).fuse();
            tokio::pin!(complaints);
            tokio::select! {
                () = write(stdin, lines) => {}
                () = read(stdout, |exchange, line| match line {
                    Ok(line) => exchange.take(line),
                    Err(()) => exchange.overflow(LINE_MAX),
                }, &self.exchange) => {}
                // That standard error is closed says nothing.
                () = async {
                    (&mut complaints).await;
                    std::future::pending().await
                } => {}
                () = self.idle() => {}
                () = shutdown.cancelled() => {}
            }
            // What it said last may still be on its way, and says why it ended.
            if !complaints.is_terminated() {
                let _ = tokio::time::timeout(LAST_WORDS, complaints).await;
            }
        }
        end(child).await;
        self.ended.cancel();
        if let Some(exchange) = self.exchange.upgrade() {
            exchange.end();
        }
        drop(self.room);
    }

    /// Ends when nobody asked for a while.
    async fn idle(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let since = self.exchange.upgrade().map(|exchange| exchange.idle_since());
            if since.is_none_or(|since| since.is_some_and(|since| since.elapsed() > IDLE)) {
                return;
            }
        }
    }
}

/// Ends when the process reads no more, or nobody is left to write.
async fn write(mut stdin: ChildStdin, mut lines: UnboundedReceiver<String>) {
    while let Some(line) = lines.recv().await {
        if stdin.write_all(line.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
            return;
        }
    }
}

/// Ends with the stream, or when nobody is left to hear. `Err` stands for a line that is too long.
async fn read(from: impl AsyncRead + Unpin, take: impl Fn(&Arc<Exchange>, Result<&str, ()>), exchange: &Weak<Exchange>) {
    let mut lines = FramedRead::new(from, LinesCodec::new_with_max_length(LINE_MAX));
    let mut too_long = false;
    loop {
        let line = lines.next().await;
        let Some(exchange) = exchange.upgrade() else { return };
        match line {
            Some(Ok(line)) => take(&exchange, Ok(&line)),
            Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                take(&exchange, Err(()));
                too_long = true;
            }
            // The reader says once that it is at its end, and goes on behind the line.
            None if too_long => too_long = false,
            // Not UTF-8, a broken pipe, or the end.
            Some(Err(LinesCodecError::Io(_))) | None => return,
        }
    }
}

/// Its input is closed by now, which servers take as the end. What it started and left behind is killed with it.
async fn end(mut child: Child) {
    let group = child.id();
    let by_itself = tokio::time::timeout(GRACE, child.wait()).await.is_ok();
    #[cfg(unix)]
    if let Some(group) = group.and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())) {
        // Nothing of the group is left in most cases. While any of it is, no other process can be given its number.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    if !by_itself {
        let _ = child.kill().await;
    }
}

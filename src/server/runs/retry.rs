//! Trying a model call again: only before anything was shown, a few times, later each time.

use super::{
    settle,
    step::{Spoken, StepEnd, hold},
    turn::{Driven, Turn},
};
use crate::server::models::ModelError;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often a call is tried again.
const RETRIES: i64 = 3;

/// The first wait; each later one is twice as long.
const FIRST: Duration = Duration::from_millis(400);

/// A provider that asks for more patience than this is not waited for: the member may try again.
const LONGEST: Duration = Duration::from_secs(20);

/// How long to wait before the call is made again; `None` where it is not.
pub fn delay(turn: &Turn, spoken: &Spoken) -> Option<Duration> {
    let StepEnd::Failed(error) = &spoken.end else { return None };
    // A provider that this server does not have will not be there in a moment either.
    let nobody = turn.app.models.get(&turn.agent.provider).is_none();
    if nobody || !error.retryable() || spoken.first_token_at.is_some() || turn.attempt > RETRIES {
        return None;
    }
    let wait = backoff(turn.attempt, turn.app.clock.uuid().as_u128() as u8).max(asked_for(error));
    (wait <= LONGEST && Instant::now() + wait < turn.deadline).then_some(wait)
}

/// Doubles with each attempt; `chance` adds up to a half, so that many who failed at once do not come back at once.
pub fn backoff(attempt: i64, chance: u8) -> Duration {
    let base = FIRST * 2u32.pow(attempt.clamp(1, 6) as u32 - 1);
    base + base * u32::from(chance) / 510
}

fn asked_for(error: &ModelError) -> Duration {
    match error {
        ModelError::RateLimited { retry_after: Some(wait), .. } => *wait,
        _ => Duration::ZERO,
    }
}

/// Books the attempt that failed and waits; answers how the step ends where it must not go on.
pub async fn wait(turn: &mut Turn, wait: Duration) -> Driven<Option<StepEnd>> {
    settle::attempt(turn).await?;
    turn.attempt += 1;
    let (cancel, shutdown) = (turn.cancel.clone(), turn.app.shutdown.clone());
    tokio::select! {
        () = cancel.cancelled() => return Ok(Some(StepEnd::Stopped)),
        () = shutdown.cancelled() => return Ok(Some(StepEnd::ShutDown)),
        () = sleep(wait) => {}
    }
    hold(turn).await?;
    Ok(None)
}

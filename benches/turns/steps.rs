//! Steps per second of turns in which the model asks for four tools at once that do next to nothing: what the agent loop
//! itself costs, with each call's row, part, journal and audit lines.

use crate::{
    Result,
    guildhall::World,
    numbers::median,
    provider::{self, PARALLEL, STEPS},
    table::{Goal, Row, Table},
    talk::Talk,
};
use std::time::Instant;
use tokio::task::JoinSet;

const TURNS: usize = 5;

/// Threads at once in the second measure.
const THREADS: usize = 8;

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let (guildhall, _) = world.serve().await?;
    let browsers = guildhall.browsers().await?;
    let agent = guildhall.agent_with(&browsers[0], provider::TOOLS, &["searchKnowledge"]).await?;
    let mut alone = Vec::new();
    for _ in 0..=TURNS {
        alone.push(turn(Talk::with_guildhall(&browsers[0], agent).await?).await?);
    }
    let name = format!("steps per second with {PARALLEL} parallel tools, one thread");
    // The first turn only warms up.
    table.add(Row::alone(name, "", median(alone.into_iter().skip(1)), Goal::None));
    let mut talks = Vec::new();
    for browser in &browsers[..THREADS] {
        talks.push(Talk::with_guildhall(browser, agent).await?);
    }
    let (begun, before) = (Instant::now(), guildhall.process.cpu_ms());
    let mut threads: JoinSet<Result<f64>> = talks.into_iter().map(turn).collect();
    while let Some(done) = threads.join_next().await {
        done??;
    }
    let steps = (THREADS * STEPS) as f64;
    let cpu = guildhall.process.cpu_ms().zip(before).map(|(after, before)| (after - before) / steps);
    let per_second = Some(steps / begun.elapsed().as_secs_f64());
    table.add(Row::alone(
        format!("steps per second with {PARALLEL} parallel tools, {THREADS} threads"),
        "",
        per_second,
        Goal::None,
    ));
    table.add(Row::alone(format!("CPU per step with {PARALLEL} parallel tools"), "ms", cpu, Goal::None));
    Ok(())
}

/// One turn: all its steps, and the answer.
async fn turn(mut talk: Talk) -> Result<f64> {
    let begun = Instant::now();
    talk.turn().await?;
    Ok((STEPS + 1) as f64 / begun.elapsed().as_secs_f64())
}

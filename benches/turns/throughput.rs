//! Turns per second and what one costs the server's processor, at 32 concurrent threads. Floor and guildhall take turns.

use crate::{
    Result, floor,
    guildhall::{PEOPLE, World},
    numbers::{median, median_of_all},
    process::Process,
    provider,
    table::{Goal, Row, Table},
    talk::Talk,
};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Turns of each thread in one round. A round begins with new threads: what a turn costs depends on what was said before.
const TURNS: usize = 12;

/// Pairs of rounds: as many as fit into this time, but at least three, after one that only warms both up.
const ROUNDS: usize = 6;
const TIME: Duration = Duration::from_secs(60);

#[derive(Clone, Copy)]
struct Round {
    per_second: f64,
    cpu_ms: Option<f64>,
}

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let ((guildhall, _), (floor, floor_url)) = (world.serve().await?, world.floor().await?);
    let (browsers, client) = (guildhall.browsers().await?, floor::client()?);
    let agent = guildhall.agent(&browsers[0], provider::FAST).await?;
    let mut pairs = Vec::new();
    let begun = Instant::now();
    while pairs.len() <= ROUNDS && (pairs.len() < 4 || begun.elapsed() < TIME) {
        let mut talks = Vec::new();
        for browser in &browsers {
            talks.push(Talk::with_guildhall(browser, agent).await?);
        }
        let ours = round(talks, &guildhall.process).await?;
        let talks = (0..PEOPLE as i64).map(|thread| Talk::with_floor(&client, &floor_url, thread, provider::FAST)).collect();
        pairs.push((ours, round(talks, &floor).await?));
    }
    report(&pairs[1..], table);
    Ok(())
}

async fn round(talks: Vec<Talk>, process: &Process) -> Result<Round> {
    let (begun, before) = (Instant::now(), process.cpu_ms());
    let turns = (talks.len() * TURNS) as f64;
    let mut members: JoinSet<Result<()>> = talks.into_iter().map(member).collect();
    while let Some(done) = members.join_next().await {
        done??;
    }
    let used = process.cpu_ms().zip(before).map(|(after, before)| after - before);
    Ok(Round { per_second: turns / begun.elapsed().as_secs_f64(), cpu_ms: used.map(|used| used / turns) })
}

async fn member(mut talk: Talk) -> Result<()> {
    for _ in 0..TURNS {
        talk.turn().await?;
    }
    Ok(())
}

fn report(pairs: &[(Round, Round)], table: &mut Table) {
    let ratio = |(ours, floor): &(Round, Round)| ours.cpu_ms.zip(floor.cpu_ms).map(|(ours, floor)| ours / floor);
    table.add(Row {
        name: format!("CPU per turn, {PEOPLE} threads at once"),
        unit: "ms",
        guildhall: median_of_all(pairs.iter().map(|(ours, _)| ours.cpu_ms)),
        floor: median_of_all(pairs.iter().map(|(_, floor)| floor.cpu_ms)),
        ratio: median_of_all(pairs.iter().map(ratio)),
        goal: Goal::Ratio(2.0),
    });
    table.add(Row {
        name: format!("turns per second, {PEOPLE} threads at once"),
        unit: "",
        guildhall: median(pairs.iter().map(|(ours, _)| ours.per_second)),
        floor: median(pairs.iter().map(|(_, floor)| floor.per_second)),
        ratio: median(pairs.iter().map(|(ours, floor)| ours.per_second / floor.per_second)),
        goal: Goal::None,
    });
}

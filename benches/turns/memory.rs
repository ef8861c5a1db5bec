//! Resident memory: of a server that has just started, and what an open event stream adds.

use crate::{
    Result,
    browser::Events,
    guildhall::{Guildhall, World},
    provider,
    table::{Goal, Row, Table},
    talk::Talk,
};
use guildhall::ids::ThreadId;
use std::time::Duration;

const STREAMS: usize = 200;

/// What a server still does after it is ready.
const SETTLE: Duration = Duration::from_millis(500);

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let (guildhall, _) = world.serve().await?;
    tokio::time::sleep(SETTLE).await;
    let idle = guildhall.process.resident_kb();
    let threads = threads(&guildhall).await?;
    guildhall.process.stop().await?;
    // A server that has done nothing but sign its members in: what work leaves behind in the allocator is not a stream's.
    let (guildhall, _) = world.serve().await?;
    let browsers = guildhall.browsers().await?;
    tokio::time::sleep(SETTLE).await;
    let before = guildhall.process.resident_kb();
    let mut streams: Vec<Events> = Vec::new();
    for (number, thread) in threads.into_iter().enumerate() {
        let mut events = browsers[number % browsers.len()].follow(thread).await?;
        events.next().await?;
        streams.push(events);
    }
    tokio::time::sleep(SETTLE).await;
    let open = guildhall.process.resident_kb();
    table.add(Row::alone("memory, idle", "MB", idle.map(|kb| kb / 1_000.0), Goal::Value(60.0)));
    table.add(Row::alone(format!("memory with {STREAMS} open streams"), "MB", open.map(|kb| kb / 1_000.0), Goal::None));
    let each = open.zip(before).map(|(open, before)| (open - before) / streams.len() as f64);
    table.add(Row::alone("memory per open stream", "kB", each, Goal::Value(100.0)));
    Ok(())
}

/// A thread for each stream, with one turn behind it, and nobody who follows it.
async fn threads(guildhall: &Guildhall) -> Result<Vec<ThreadId>> {
    let browsers = guildhall.browsers().await?;
    let agent = guildhall.agent(&browsers[0], provider::FAST).await?;
    let mut threads = Vec::new();
    for browser in browsers.iter().cycle().take(STREAMS) {
        let mut talk = Talk::with_guildhall(browser, agent).await?;
        talk.turn().await?;
        if let Talk::Guildhall { thread, .. } = talk {
            threads.push(thread);
        }
    }
    Ok(threads)
}

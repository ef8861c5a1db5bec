//! How much later than through the floor the first token of an answer arrives, for one member alone.

use crate::{
    Result, floor,
    guildhall::World,
    numbers::median,
    provider,
    table::{Goal, Row, Table},
    talk::Talk,
};

/// Floor and guildhall take turns: blocks, and turns in a block.
const BLOCKS: i64 = 6;
const TURNS: usize = 12;

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let ((guildhall, _), (_floor, floor_url)) = (world.serve().await?, world.floor().await?);
    let (browser, client) = (guildhall.browser(0).await?, floor::client()?);
    let agent = guildhall.agent(&browser, provider::STAMPED).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for thread in 0..=BLOCKS {
        let mut block = delays(Talk::with_guildhall(&browser, agent).await?).await?;
        let mut floor = delays(Talk::with_floor(&client, &floor_url, thread, provider::STAMPED)).await?;
        // The first block only warms both up.
        if thread > 0 {
            ours.append(&mut block);
            theirs.append(&mut floor);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    for (name, server) in [("through guildhall", ours), ("through the floor", theirs)] {
        table.add(Row::alone(format!("first token, provider to browser, {name}"), "ms", server, Goal::None));
    }
    let added = ours.zip(theirs).map(|(ours, theirs)| ours - theirs);
    table.add(Row::alone("added time to first token, median", "ms", added, Goal::Value(1.0)));
    Ok(())
}

/// From the provider's stamp to the client's ear, in milliseconds.
async fn delays(mut talk: Talk) -> Result<Vec<f64>> {
    let mut delays = Vec::new();
    for _ in 0..TURNS {
        let answer = talk.ask().await?;
        let stamp = answer.text.split(' ').next().ok_or("an empty answer")?.parse::<u128>()?;
        delays.push(answer.first_ns.saturating_sub(stamp) as f64 / 1e6);
    }
    Ok(delays)
}

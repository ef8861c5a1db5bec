//! How long it takes from the start of the process until `/readyz` says yes, with a database that exists.

use crate::{
    Result,
    guildhall::World,
    numbers::median,
    table::{Goal, Row, Table},
};

const STARTS: usize = 5;

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let (guildhall, took) = world.serve().await?;
        times.push(took.as_secs_f64() * 1e3);
        guildhall.process.stop().await?;
    }
    table.add(Row::alone(format!("start until ready, median of {STARTS}"), "ms", median(times), Goal::Value(200.0)));
    Ok(())
}

//! Days that are over are closed: from then on a question about them reads one row for what were many.

use super::zone::{DAY, HOUR, Zone};
use crate::{error::Result, model::Millis, server::state::App};

/// How long after its end a day is closed: what is booked later costs more to add.
const GRACE: Millis = HOUR;

/// Closes every day that is over, of every group; answers how many.
pub async fn close_all(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut closed = 0;
    // Nobody looks after the sums of a group but the server. Somewhere tomorrow has begun already.
    for open in app.store.system().open_days(now.div_euclid(DAY) + 1).await? {
        let zone = Zone::parse(&open.time_zone).unwrap_or_else(|_| Zone::utc());
        if zone.start_of(open.day + 1) + GRACE <= now {
            match app.store.system().close_day(&open).await {
                Ok(by_us) => closed += usize::from(by_us),
                // One day that cannot be closed must not keep all others from it: it is told from its hours meanwhile.
                Err(error) => tracing::error!(group = %open.group, day = open.day, %error, "a day could not be closed"),
            }
        }
    }
    Ok(closed)
}

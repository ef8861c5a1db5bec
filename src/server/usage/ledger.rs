//! Booking a call: the price that counts now is looked up, and goes into the row with the cost.

use super::prices;
use crate::{
    error::Result,
    server::{
        state::App,
        store::{
            calls::{self, Booking, Call},
            db::{Look, Tx},
        },
    },
};

/// Books a call in the transaction that ends it, and with it the sums by hour and day. Answers what it cost in
/// micro-dollars; `None` where its price is not known.
pub async fn book(app: &App, tx: &mut Tx, call: &Call) -> Result<Option<i64>> {
    // The time zone is the group's own; the call names the group.
    let tariff = app.store.system().tariff(&mut Look::In(&mut *tx), call.group).await?;
    let model = (call.provider.as_str(), call.model.as_str());
    let priced = prices::at(app, &mut Look::In(&mut *tx), call.group, model, call.finished_at).await?;
    let booking = Booking { priced, hour: tariff.zone.hour(call.finished_at), day: tariff.zone.day(call.finished_at) };
    calls::insert(tx, call, &booking);
    Ok(priced.map(|priced| priced.price.cost(&call.usage)))
}

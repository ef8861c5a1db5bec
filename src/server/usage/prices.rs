//! Which price counts for a call: the group's own, else what the provider or the built-in table says.
//!
//! A call is priced when it is booked, and its row keeps the price: whatever changes later changes nothing that was booked.

use crate::{
    error::Result,
    ids::GroupId,
    model::{
        Millis,
        provider::{PriceSource, Priced},
    },
    server::{models::prices as built_in, state::App},
};

/// The price of a model for a group at a moment; `None` where nobody knows it, and then nobody guesses.
pub async fn at(app: &App, group: GroupId, provider: &str, model: &str, time: Millis) -> Result<Option<Priced>> {
    // A call is booked in the name of its run, whose lease stands for the group.
    let tariff = app.store.system().tariff(group).await?;
    if let Some(price) = tariff.price(provider, model, time) {
        return Ok(Some(Priced { price, source: PriceSource::Group }));
    }
    let Some(priced) = listed(app, provider, model) else { return Ok(None) };
    if !app.settings.plans.mark_up() {
        return Ok(Some(priced));
    }
    // The group's plan says what is added to what providers take. What the group wrote down itself is what it pays.
    let plan = app.settings.plans.of_group(app.store.system().plan(group).await?.as_deref());
    Ok(Some(Priced { price: plan.marked_up(priced.price), ..priced }))
}

/// The price that counts where a group has none of its own.
pub fn listed(app: &App, provider: &str, model: &str) -> Option<Priced> {
    let price = app.models.known(provider, model)?.price?;
    let tabled = built_in::info(provider, model).price == Some(price);
    Some(Priced { price, source: if tabled { PriceSource::BuiltIn } else { PriceSource::Provider } })
}

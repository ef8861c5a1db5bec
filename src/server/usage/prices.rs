//! Which price counts for a call: the group's own, else what the provider or the built-in table says; by some plans the
//! other way round.
//!
//! A call is priced when it is booked, and its row keeps the price: whatever changes later changes nothing that was booked.

use crate::{
    error::{AppError, Result},
    ids::GroupId,
    model::{
        Millis,
        agent::AgentStatus,
        calendar::Date,
        money,
        provider::{Price, PriceSource, Priced},
        text,
        usage::{
            By, Key, KeySums, UsageFilter,
            prices::{ModelPrice, OwnPrice, PriceDraft, PriceList},
        },
    },
    server::{
        budgets::live,
        member::{Member, Owner},
        models::{prices as built_in, scripted},
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Look,
            prices::OwnPrice as Saved,
            usage::Span,
        },
    },
};
use futures::future::try_join;
use serde_json::json;
use std::collections::BTreeMap;

/// The price of a model for a group at a moment; `None` where nobody knows it, and then nobody guesses.
///
/// While the group's plan includes an amount or marks prices up, the group's own price counts only where no price is listed:
/// what the operator allows is not counted by figures that the group writes down itself.
pub async fn at(
    app: &App,
    look: &mut Look<'_>,
    group: GroupId,
    (provider, model): (&str, &str),
    time: Millis,
) -> Result<Option<Priced>> {
    // A call is booked in the name of its run, whose lease stands for the group.
    let own = app.store.system().tariff(look, group).await?.price(provider, model, time);
    counting(app, look, group, (provider, model), own).await
}

/// The same where the group's own price is this.
async fn counting(
    app: &App,
    look: &mut Look<'_>,
    group: GroupId,
    (provider, model): (&str, &str),
    own: Option<Price>,
) -> Result<Option<Priced>> {
    let listed = listed(app, provider, model);
    // What is listed as free is nothing that a price of one's own could lower.
    let costs = listed.as_ref().is_some_and(|listed| listed.price != Price::FREE);
    if let Some(price) = own.filter(|_| !costs) {
        return Ok(Some(Priced { price, source: PriceSource::Group }));
    }
    if !costs || (own.is_none() && !app.settings.plans.mark_up()) {
        return Ok(listed);
    }
    // As above: the operator's word about the group.
    let plan = app.settings.plans.of_group(app.store.system().plan(look, group).await?.as_deref());
    if let Some(price) = own.filter(|_| !plan.prices()) {
        return Ok(Some(Priced { price, source: PriceSource::Group }));
    }
    Ok(listed.map(|listed| Priced { price: plan.marked_up(listed.price), ..listed }))
}

const LOCAL: &str = "local";

/// The price that counts where a group has none of its own.
pub fn listed(app: &App, provider: &str, model: &str) -> Option<Priced> {
    // What runs on this machine costs nothing by the token, whatever it is used for.
    if matches!(provider, LOCAL | scripted::PROVIDER) {
        return Some(Priced { price: Price::FREE, source: PriceSource::Provider });
    }
    // A model that embeds only reads.
    let embedding = || Some(Price { input: app.embedders.get(provider)?.price(model)?, ..Price::FREE });
    let price = app.models.known(provider, model).and_then(|info| info.price).or_else(embedding)?;
    let tabled = built_in::info(provider, model).price == Some(price);
    Some(Priced { price, source: if tabled { PriceSource::BuiltIn } else { PriceSource::Provider } })
}

/// How far back a price list looks for models that are used, in days.
const LOOK_BACK: i64 = 90;

/// The models that the group uses, or has a price for, and what each costs now.
pub async fn list(app: &App, member: &Member) -> Result<PriceList> {
    let own = app.store.prices(member);
    let (zone, saved) = try_join(own.zone(), own.all()).await?;
    let now = app.clock.now();
    let today = zone.day(now);
    let span = Span::Days(today - LOOK_BACK..today + 1);
    let used = app.store.usage(member).by(&span, &UsageFilter::default(), By::Model).await?;
    let mut models: BTreeMap<(String, String), ModelPrice> = BTreeMap::new();
    let empty = |(provider, model): &(String, String)| ModelPrice {
        provider: provider.clone(),
        model: model.clone(),
        now: None,
        calls: 0,
        unknown_price_calls: 0,
        own: Vec::new(),
    };
    for agent in app.store.agents(member).list(AgentStatus::Active).await? {
        let name = (agent.draft.provider, agent.draft.model);
        models.entry(name.clone()).or_insert_with(|| empty(&name));
    }
    for KeySums { key, sums, .. } in used {
        let Key::Model { provider, model } = key else { continue };
        let name = (provider, model);
        let entry = models.entry(name.clone()).or_insert_with(|| empty(&name));
        (entry.calls, entry.unknown_price_calls) = (sums.calls, sums.unknown_price_calls);
    }
    for saved in saved {
        let name = (saved.provider, saved.model);
        let entry = models.entry(name.clone()).or_insert_with(|| empty(&name));
        let from = Date::of(zone.day(saved.valid_from));
        entry.own.insert(0, OwnPrice { from, price: saved.price, saved_by: saved.saved_by });
    }
    for price in models.values_mut() {
        let model = (price.provider.as_str(), price.model.as_str());
        price.now = at(app, &mut app.store.look(), member.group_id(), model, now).await?;
    }
    Ok(PriceList {
        time_zone: zone.name().to_owned(),
        today: Date::of(today),
        built_in: built_in::SOURCE.to_owned(),
        models: models.into_values().collect(),
    })
}

/// Saves a price from a day on, today or later. What was booked keeps the price that it was booked with; calls that go on
/// will be booked by the new one, and reserve by it from now on.
pub async fn save(app: &App, owner: &Owner, draft: &PriceDraft) -> Result<()> {
    let provider = text::line("provider", &draft.provider, 100)?;
    let model = text::line("model", &draft.model, 200)?;
    let own = app.store.prices(owner);
    let zone = own.zone().await?;
    let now = app.clock.now();
    let today = zone.day(now);
    let from = if draft.from.trim().is_empty() { Some(today) } else { Date::parse(&draft.from).map(Date::number) };
    let from = from.ok_or_else(|| AppError::invalid("from", "Write the day as 2026-11-28."))?;
    if !(today..today + 3_660).contains(&from) {
        return Err(AppError::invalid("from", "A price begins today or later: what was booked keeps its price."));
    }
    let price = figures(draft)?;
    let saved = Saved { provider, model, valid_from: zone.start_of(from), price, saved_at: now, saved_by: None };
    let mut tx = app.store.begin().await?;
    own.insert(&mut tx, app.clock.uuid(), &saved).await?;
    if saved.valid_from <= now {
        let model = (saved.provider.as_str(), saved.model.as_str());
        let priced = counting(app, &mut Look::In(&mut tx), owner.group_id(), model, saved.price).await?;
        live::reprice(&app.store.budgets(owner), &mut tx, model, priced.map(|priced| priced.price), now).await?;
    }
    let data = json!({ "provider": saved.provider, "model": saved.model, "from": Date::of(from), "price": price });
    let event = Event::new("price.saved", "group", owner.group_id().uuid()).with(data);
    audit::record(&mut tx, &app.clock, Actor::member(owner), event).await?;
    tx.commit().await?;
    own.changed();
    Ok(())
}

/// Input and output must be there. Reading from a cache costs what input costs where nothing else is said, writing to it
/// too, and reasoning costs what output costs.
fn figures(draft: &PriceDraft) -> Result<Option<Price>> {
    let fields = [&draft.input, &draft.output, &draft.cache_read, &draft.cache_write, &draft.reasoning];
    if fields.iter().all(|field| field.trim().is_empty()) {
        return Ok(None);
    }
    let amount = |name: &str, raw: &str| {
        let amount = money::parse(raw).filter(|micro| *micro <= PRICE_MAX);
        amount.ok_or_else(|| AppError::invalid(name, "Write dollars per million tokens, such as 3 or 0.25."))
    };
    let or = |name: &str, raw: &str, usual: i64| if raw.trim().is_empty() { Ok(usual) } else { amount(name, raw) };
    let (input, output) = (amount("input", &draft.input)?, amount("output", &draft.output)?);
    Ok(Some(Price {
        input,
        cache_read: or("cache_read", &draft.cache_read, input)?,
        cache_write: or("cache_write", &draft.cache_write, input)?,
        output,
        reasoning: or("reasoning", &draft.reasoning, output)?,
    }))
}

/// A million dollars for a million tokens.
const PRICE_MAX: i64 = 1_000_000_000_000;

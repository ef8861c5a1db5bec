//! The ledger beside what a provider says: its daily totals are pasted, and the differences are seen.

use crate::{
    error::{AppError, Result},
    model::{
        calendar::{Date, DayNumber, Month},
        money,
        usage::statement::{ReconciledDay, Reconciliation},
    },
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            statements::ProviderTotal,
        },
        usage::zone::DAY,
    },
};
use serde_json::json;
use std::collections::BTreeMap;

/// Lines that are read at once.
const LINES_MAX: usize = 10_000;

/// A month of one provider, by days in UTC: that is how providers count.
pub async fn reconcile(app: &App, admin: &Admin, provider: Option<String>, month: Option<Month>) -> Result<Reconciliation> {
    let usage = app.store.usage(admin);
    let providers = usage.providers().await?;
    let provider = provider.or_else(|| providers.first().cloned()).unwrap_or_default();
    let month = month.unwrap_or_else(|| Date::of(app.clock.now().div_euclid(DAY)).month());
    let days = month.days();
    let mut merged: BTreeMap<DayNumber, ReconciledDay> = BTreeMap::new();
    for ours in usage.provider_days(&provider, days.start * DAY..days.end * DAY).await? {
        let day = merged.entry(ours.day).or_insert_with(|| empty(ours.day));
        (day.ours_microusd, day.ours_tokens, day.unknown_price_calls) =
            (ours.cost_microusd, ours.tokens, ours.unknown_price_calls);
    }
    for theirs in app.store.statements(admin).totals(&provider, days).await? {
        let day = merged.entry(theirs.day).or_insert_with(|| empty(theirs.day));
        (day.theirs_microusd, day.theirs_tokens) = (Some(theirs.cost_microusd), theirs.tokens);
    }
    Ok(Reconciliation { providers, provider, month, days: merged.into_values().collect() })
}

fn empty(day: DayNumber) -> ReconciledDay {
    ReconciledDay {
        day: Date::of(day),
        ours_microusd: 0,
        ours_tokens: 0,
        unknown_price_calls: 0,
        theirs_microusd: None,
        theirs_tokens: None,
    }
}

/// Saves what was pasted; answers the month of its first day. A day that is there already is replaced.
pub async fn save(app: &App, admin: &Admin, provider: &str, text: &str) -> Result<Month> {
    let provider = crate::model::text::line("provider", provider, 100)?;
    let totals = read(text)?;
    let first = totals.first().map(|total| Date::of(total.day).month());
    let first = first.ok_or_else(|| AppError::invalid("totals", "Paste at least one line: a date and an amount."))?;
    let mut tx = app.store.begin().await?;
    for total in &totals {
        app.store.statements(admin).save_total(&mut tx, &provider, *total, app.clock.now()).await?;
    }
    let event = Event::new("provider_totals.saved", "group", admin.group_id().uuid())
        .with(json!({ "provider": provider, "days": totals.len() }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(first)
}

/// Lines of a date, an amount in dollars, and perhaps a count of tokens, between commas, semicolons or tabs. A first line
/// that is none is a heading. Several lines of one day are added up: providers export one for each model.
pub fn read(text: &str) -> Result<Vec<ProviderTotal>> {
    let mut totals: BTreeMap<DayNumber, ProviderTotal> = BTreeMap::new();
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    for (at, (number, line)) in lines.enumerate() {
        if at >= LINES_MAX {
            return Err(AppError::invalid("totals", format!("{LINES_MAX} lines are the most at once.")));
        }
        let Some(read) = line_of(line) else {
            if at == 0 {
                continue;
            }
            let hint = "Write a date and an amount, such as 2026-11-28,12.34";
            return Err(AppError::invalid("totals", format!("Line {} cannot be read. {hint}", number + 1)));
        };
        let total = totals.entry(read.day).or_insert(ProviderTotal { day: read.day, cost_microusd: 0, tokens: None });
        total.cost_microusd += read.cost_microusd;
        total.tokens = read.tokens.map_or(total.tokens, |tokens| Some(total.tokens.unwrap_or(0) + tokens));
    }
    Ok(totals.into_values().collect())
}

fn line_of(line: &str) -> Option<ProviderTotal> {
    let separator = ['\t', ';', ','].into_iter().find(|separator| line.contains(*separator))?;
    let mut fields = line.split(separator).map(|field| field.trim().trim_matches('"').trim());
    // A time behind the date says nothing here.
    let day = Date::parse(fields.next()?.get(..10)?)?.number();
    let cost_microusd = money::parse(fields.next()?)?;
    let tokens = fields.next().filter(|field| !field.is_empty()).map(|field| field.parse().ok().filter(|n| *n >= 0));
    Some(ProviderTotal { day, cost_microusd, tokens: tokens.flatten() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(text: &str) -> Vec<(String, i64, Option<i64>)> {
        let totals = read(text).unwrap();
        totals.iter().map(|total| (Date::of(total.day).to_string(), total.cost_microusd, total.tokens)).collect()
    }

    #[test]
    fn what_providers_export_is_read() {
        let day = |raw: &str, micro, tokens| (raw.to_owned(), micro, tokens);
        assert_eq!(
            amounts("date,amount\n2026-11-02,1.5\n2026-11-01,\"$0.25\"\n\n2026-11-02,0.0000005,100\n"),
            [day("2026-11-01", 250_000, None), day("2026-11-02", 1_500_001, Some(100))]
        );
        assert_eq!(amounts("2026-11-01T00:00:00Z;3;12"), [day("2026-11-01", 3_000_000, Some(12))]);
        assert_eq!(amounts("2026-11-01\t1,204.50"), [day("2026-11-01", 1_204_500_000, None)]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let told = |text: &str| read(text).unwrap_err().to_string();
        assert!(told("2026-11-01,1\n2026-11-31,2").starts_with("Line 2 "));
        assert!(told("date,cost\nyesterday,2").starts_with("Line 2 "));
        assert_eq!(read("only a heading").map(|totals| totals.len()), Ok(0));
    }
}

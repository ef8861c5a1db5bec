//! A budget's counter: the period that goes on, and what something takes of it.

use super::period;
use crate::{
    error::Result,
    model::{
        Millis,
        budget::Unit,
        provider::{Price, Usage},
    },
    server::store::{
        budgets::{Budgets, Counter},
        db::{Look, Tx},
    },
};

/// The most that a call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worst {
    pub input_tokens: i64,
    pub output_tokens: i64,
}

impl Worst {
    /// In this unit; `None` where the price is not known. Input may be read from a cache or written to it, output may be
    /// reasoning, and the provider decides: the dearest counts.
    pub fn amount(self, unit: Unit, price: Option<Price>) -> Option<i64> {
        match unit {
            Unit::Tokens => Some(self.input_tokens + self.output_tokens),
            Unit::Microusd => {
                let usage = Usage { input_tokens: self.input_tokens, output_tokens: self.output_tokens, ..Usage::default() };
                Some(dearest(price?).cost(&usage))
            }
        }
    }
}

fn dearest(price: Price) -> Price {
    Price { input: price.input.max(price.cache_read).max(price.cache_write), output: price.output.max(price.reasoning), ..price }
}

impl Counter {
    /// The same with the period that `now` lies in, and what was used of that. The ledger says so where the row does not.
    pub(super) async fn at(mut self, store: &Budgets<'_>, tx: &mut Tx, now: Millis) -> Result<Self> {
        let zone = period::zone(&self.time_zone);
        let (from, to) = period::of(now, self.period, &zone);
        if (self.starts_at, self.ends_at) != (from, to) {
            self.spent = store.ledger(&mut *tx, &self, period::days(now, self.period, &zone), (from, to)).await?;
            if self.starts_at != from {
                self.alerted = 0;
            }
            (self.starts_at, self.ends_at) = (from, to);
            store.turn_over(tx, &self);
        }
        Ok(self)
    }

    /// The same for a page: nothing is written.
    pub(super) async fn seen_at(mut self, store: &Budgets<'_>, look: &mut Look<'_>, now: Millis) -> Result<Self> {
        let zone = period::zone(&self.time_zone);
        let (from, to) = period::of(now, self.period, &zone);
        if (self.starts_at, self.ends_at) != (from, to) {
            self.spent = store.ledger(look, &self, period::days(now, self.period, &zone), (from, to)).await?;
            (self.starts_at, self.ends_at) = (from, to);
        }
        Ok(self)
    }

    /// Whether so much more is let through. What costs nothing always is.
    pub(super) fn allows(&self, amount: i64) -> bool {
        !self.hard
            || amount == 0
            || i128::from(self.spent) + i128::from(self.reserved) + i128::from(amount) <= i128::from(self.cap)
    }

    /// What a call that was made used of this budget. Where its price is not known, nothing that could be counted.
    pub(super) fn used(&self, usage: Usage, cost: Option<i64>) -> i64 {
        match self.unit {
            Unit::Tokens => usage.total(),
            Unit::Microusd => cost.unwrap_or(0),
        }
    }
}

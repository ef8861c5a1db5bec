//! A budget: how much a group, an agent, a person or a key may use in a day or a month.

mod refusal;
#[cfg(test)]
mod tests;
mod words;

use crate::{
    error::{AppError, Result},
    ids::BudgetId,
    model::Millis,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

pub use refusal::{Refusal, Why};
pub use words::{amount, cap_from, cap_text, words};

/// The most that a group has.
pub const BUDGETS_MAX: usize = 200;

/// A million million: of micro-dollars a million dollars.
pub const CAP_MAX: i64 = 1_000_000_000_000;

/// The shares of a cap, in percent, that admins are told of.
pub const ALERTS: [i64; 3] = [50, 80, 100];

/// Whose use counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    #[default]
    Group,
    Agent,
    Person,
    Key,
}

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    #[default]
    Microusd,
    /// Of all five classes together.
    Tokens,
}

/// A day or a month in the group's time zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    Day,
    #[default]
    Month,
}

macro_rules! texts {
    ($type:ident { $($variant:ident = $text:literal),* }) => {
        impl $type {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            pub fn parse(raw: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == raw)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

texts!(Scope { Group = "group", Agent = "agent", Person = "person", Key = "key" });
texts!(Unit { Microusd = "microusd", Tokens = "tokens" });
texts!(Period { Day = "day", Month = "month" });

/// What an admin decides. Valid by construction: see [`BudgetDraft::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetDraft {
    pub scope: Scope,
    /// The agent, the person or the key; `None` for the group.
    pub scope_id: Option<Uuid>,
    pub unit: Unit,
    pub period: Period,
    /// Micro-dollars or tokens.
    pub cap: i64,
    /// Whether it refuses what would exceed it; else it only warns.
    pub hard: bool,
}

impl BudgetDraft {
    /// What the fields of a form say: `whom` is `group`, or `agent:` and an id; `effect` is `hard` or `soft`.
    pub fn typed(whom: &str, unit: Unit, period: Period, cap: &str, effect: &str) -> Result<Self> {
        let (scope, id) = whom.split_once(':').map_or((whom, None), |(scope, id)| (scope, Some(id)));
        let bad = || AppError::invalid("whom", "Choose whom the budget is for.");
        let scope = Scope::parse(scope).ok_or_else(bad)?;
        let scope_id = id.map(Uuid::try_parse).transpose().map_err(|_| bad())?;
        let hard = match effect {
            "hard" => true,
            "soft" => false,
            _ => return Err(AppError::invalid("effect", "Choose what happens when it is used up.")),
        };
        Self { scope, scope_id, unit, period, cap: cap_from(unit, cap)?, hard }.check()
    }

    pub fn check(self) -> Result<Self> {
        match (self.scope, self.scope_id) {
            (Scope::Group, Some(_)) => return Err(AppError::invalid("scope_id", "A budget of the whole group names nobody.")),
            (Scope::Group, None) | (_, Some(_)) => {}
            (scope, None) => return Err(AppError::invalid("scope_id", format!("Say which {scope} the budget is for."))),
        }
        if !(1..=CAP_MAX).contains(&self.cap) {
            let message = match self.unit {
                Unit::Microusd => "Use an amount from $0.000001 to $1,000,000.",
                Unit::Tokens => "Use a number of tokens from 1 to 1,000,000,000,000.",
            };
            return Err(AppError::invalid("cap", message));
        }
        Ok(self)
    }

    /// What makes two budgets the same one with another cap.
    pub fn place(&self) -> (Scope, Option<Uuid>, Unit, Period, bool) {
        (self.scope, self.scope_id, self.unit, self.period, self.hard)
    }
}

/// A budget as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    pub id: BudgetId,
    #[serde(flatten)]
    pub draft: BudgetDraft,
    /// The name of the agent or the person, or the first characters of the key; `None` for the group, and where it is gone.
    pub name: Option<String>,
    /// Whether it comes with the group's plan, and only the server's operator can change it.
    pub by_plan: bool,
    /// Used in the period that goes on.
    pub spent: i64,
    /// What calls that go on may use at most.
    pub reserved: i64,
    pub starts_at: Millis,
    pub resets_at: Millis,
    /// The same on the group's wall clock: `1 Dec 2026, 00:00 (Europe/Zurich)`.
    pub resets: String,
    /// What the whole period will have used, if it goes on as it did; `None` before a twentieth of it is over.
    pub projected: Option<i64>,
}

impl Budget {
    /// Percent of the cap, of what is `used` of it; whole percents, rounded down.
    pub fn percent(&self, used: i64) -> i64 {
        percent(used, self.draft.cap)
    }
}

pub fn percent(used: i64, cap: i64) -> i64 {
    i64::try_from(i128::from(used) * 100 / i128::from(cap.max(1))).unwrap_or(i64::MAX)
}

/// What a period will have used at its end, at the pace so far.
pub fn projected(spent: i64, from: Millis, to: Millis, now: Millis) -> Option<i64> {
    let (passed, whole) = (i128::from(now - from), i128::from(to - from));
    if whole <= 0 || passed * 20 < whole || passed >= whole {
        return None;
    }
    i64::try_from(i128::from(spent) * whole / passed).ok()
}

/// All that the page of budgets shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetPage {
    pub budgets: Vec<Budget>,
    pub time_zone: String,
    /// Whom a budget may be for.
    pub agents: Vec<Choice>,
    pub people: Vec<Choice>,
    pub keys: Vec<Choice>,
    /// The newest first.
    pub alerts: Vec<Alert>,
    pub webhook: Option<Webhook>,
    pub plan: PlanView,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: Uuid,
    pub name: String,
}

/// A share of a budget that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub budget_id: BudgetId,
    /// Which budget, in words.
    pub budget: String,
    pub percent: i64,
    pub spent: String,
    pub cap: String,
    pub at: Millis,
    /// Whether the period that it tells of goes on.
    pub current: bool,
}

/// Where alerts are told to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub url: String,
    pub set_at: Millis,
    /// How the last message went: when it arrived, or why it did not.
    pub last: Option<(Millis, Option<String>)>,
    /// Messages that are still tried.
    pub waiting: i64,
}

/// The group's plan, as its admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    pub name: String,
    /// What it limits, a line each; none where it limits nothing.
    pub limits: Vec<String>,
}

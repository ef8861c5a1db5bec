//! Why a budget did not allow something: which one, how it stands, when it begins anew, and who can raise it.

use super::{Period, Scope, Unit, amount, words};
use crate::{ids::BudgetId, model::Millis};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub budget_id: BudgetId,
    pub scope: Scope,
    pub scope_id: Option<Uuid>,
    /// The name of the agent, the person or the key.
    pub name: Option<String>,
    pub unit: Unit,
    pub period: Period,
    pub cap: i64,
    pub spent: i64,
    pub reserved: i64,
    pub why: Why,
    pub resets_at: Millis,
    /// The same on the group's wall clock: `1 Dec 2026, 00:00 (Europe/Zurich)`.
    pub resets: String,
    /// Names of those who can raise it.
    pub raised_by: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// What comes next may use so much.
    Needs(i64),
    /// A model whose price is not known has no place in a budget of money.
    NoPrice { provider: String, model: String },
}

impl Refusal {
    pub fn needed(&self) -> Option<i64> {
        match self.why {
            Why::Needs(needed) => Some(needed),
            Why::NoPrice { .. } => None,
        }
    }

    fn who(&self) -> String {
        let role = if self.raised_by.is_empty() { "The server’s operator" } else { "An admin" };
        match self.raised_by.as_slice() {
            [] => role.to_owned(),
            names => format!("{role} ({})", names.join(", ")),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let budget = words(self.scope, self.name.as_deref(), self.period);
        let (cap, spent, who) = (amount(self.unit, self.cap), amount(self.unit, self.spent), self.who());
        match &self.why {
            Why::NoPrice { provider, model } => write!(
                f,
                "The price of {model} ({provider}) is not known, and {budget} of {cap} lets nothing through that it cannot count. \
                 {who} can set the model’s price under Usage, or choose another model."
            ),
            Why::Needs(needed) => {
                let reserved = match self.reserved {
                    0 => String::new(),
                    reserved => format!(", {} reserved for what goes on", amount(self.unit, reserved)),
                };
                write!(
                    f,
                    "This would exceed {budget}: of {cap}, {spent} is spent{reserved}, and this may take up to {}. \
                     It begins anew on {}. {who} can raise it under Usage, Budgets.",
                    amount(self.unit, *needed),
                    self.resets
                )
            }
        }
    }
}

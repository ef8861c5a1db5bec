//! The wire format of budgets, and of a refusal by one.

use crate::{
    error::{AppError, Result},
    model::{
        self, Millis,
        budget::{Budget, BudgetDraft, Refusal, Why},
    },
    rest::input::mistake,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

super::super::words! {
    /// Whose use counts.
    BudgetScope from model::budget::Scope { Group, Agent, Person, Key }

    /// What is counted: micro-dollars, or tokens of all five classes together.
    BudgetUnit from model::budget::Unit { Microusd, Tokens }

    /// A day or a month in the group's time zone.
    BudgetPeriod from model::budget::Period { Day, Month }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetView {
    id: Uuid,
    scope: BudgetScope,
    /// The agent, the person or the key; null for the group.
    #[schema(required)]
    scope_id: Option<Uuid>,
    unit: BudgetUnit,
    period: BudgetPeriod,
    cap: i64,
    /// Whether it refuses what would exceed it; else it only warns.
    hard: bool,
    /// Whether it comes with the group's plan, and only the server's operator can change it.
    by_plan: bool,
    /// Used in the period that goes on.
    spent: i64,
    /// What calls that go on may use at most.
    reserved: i64,
    resets_at: Millis,
}

/// A list of budgets, as it is or under `items` as it was given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum NewBudgets {
    List(Vec<NewBudget>),
    // Only described here: [`NewBudgets::parse`] makes a list of it.
    Items { items: Vec<NewBudget> },
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewBudget)]
pub struct NewBudget {
    scope: BudgetScope,
    /// The agent, the person or the key; none for the group.
    scope_id: Option<Uuid>,
    unit: BudgetUnit,
    period: BudgetPeriod,
    /// Micro-dollars or tokens: 1 to 1,000,000,000,000.
    cap: i64,
    hard: bool,
    #[serde(default)]
    #[schema(ignore)]
    by_plan: bool,
}

/// The budget that does not allow something, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetRefusal)]
pub struct RefusalView {
    budget_id: Uuid,
    scope: BudgetScope,
    #[schema(required)]
    scope_id: Option<Uuid>,
    unit: BudgetUnit,
    period: BudgetPeriod,
    cap: i64,
    spent: i64,
    reserved: i64,
    /// What comes next may use so much; null where the model's price is not known.
    #[schema(required)]
    needed: Option<i64>,
    /// `exceeded`, or `unknown_price` of the model that is asked.
    reason: &'static str,
    resets_at: Millis,
    /// Names of those who can raise it.
    raised_by: Vec<String>,
}

impl From<Budget> for BudgetView {
    fn from(budget: Budget) -> Self {
        let Budget { id, draft, by_plan, spent, reserved, resets_at, .. } = budget;
        let BudgetDraft { scope, scope_id, unit, period, cap, hard } = draft;
        let (scope, unit, period) = (scope.into(), unit.into(), period.into());
        Self { id: id.uuid(), scope, scope_id, unit, period, cap, hard, by_plan, spent, reserved, resets_at }
    }
}

impl NewBudgets {
    /// Each budget by itself, so that a mistake is told with its field.
    pub(super) fn parse(body: Value) -> Result<Self> {
        let items = match body {
            Value::Array(items) => items,
            Value::Object(mut fields) => match fields.remove("items") {
                Some(Value::Array(items)) => items,
                _ => return Err(AppError::invalid("items", "Send a list of budgets, by itself or as “items”.")),
            },
            _ => return Err(AppError::invalid("items", "Send a list of budgets, by itself or as “items”.")),
        };
        let budgets = items.into_iter().enumerate().map(|(index, item)| {
            NewBudget::deserialize(&item).map_err(|mistake| AppError::Invalid {
                field: Some(mistake::in_body::<NewBudget>(&item).unwrap_or_else(|| "items".to_owned())),
                message: format!("Budget {} does not fit: {mistake}.", index + 1),
            })
        });
        Ok(Self::List(budgets.collect::<Result<_>>()?))
    }

    /// What `GET` answered may be given back as it is: a plan's own budget is not the group's to decide.
    pub(super) fn into_drafts(self) -> Vec<BudgetDraft> {
        let (Self::List(list) | Self::Items { items: list }) = self;
        let own = list.into_iter().filter(|new| !new.by_plan);
        own.map(|new| BudgetDraft {
            scope: new.scope.into(),
            scope_id: new.scope_id,
            unit: new.unit.into(),
            period: new.period.into(),
            cap: new.cap,
            hard: new.hard,
        })
        .collect()
    }
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        let reason = if matches!(refusal.why, Why::Needs(_)) { "exceeded" } else { "unknown_price" };
        Self {
            budget_id: refusal.budget_id.uuid(),
            scope: refusal.scope.into(),
            scope_id: refusal.scope_id,
            unit: refusal.unit.into(),
            period: refusal.period.into(),
            cap: refusal.cap,
            spent: refusal.spent,
            reserved: refusal.reserved,
            needed: refusal.needed(),
            reason,
            resets_at: refusal.resets_at,
            raised_by: refusal.raised_by,
        }
    }
}

//! Plans: what a group's operator lets it have. Three are built in, and one without limits that is usual; a file of the
//! operator's says otherwise.

pub mod file;

use crate::{
    error::{AppError, Result},
    ids::{BudgetId, GroupId},
    model::{
        budget::{BudgetDraft, Period, PlanView, Scope, Unit, amount},
        money,
        provider::Price,
    },
    server::{
        budgets::live,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
        },
    },
};
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

/// What limits nothing.
pub const UNLIMITED: &str = "unlimited";

/// All plans of this server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Plans {
    usual: String,
    by_name: Arc<BTreeMap<String, Arc<Plan>>>,
}

/// One plan. What it does not name, it does not limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    #[serde(skip)]
    pub name: String,
    /// Micro-dollars of a month, at the plan's own prices. More is refused.
    pub allowance_microusd: Option<i64>,
    pub messages_per_minute: Rates,
    pub tokens_per_minute: Rates,
    /// `provider/model`; a star at the end stands for anything.
    pub models: Option<Vec<String>>,
    /// What is added to the providers' prices, in percent.
    pub mark_up_percent: u32,
}

/// Limits of one kind: of each person, of each key, of the group as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    pub person: Option<u32>,
    pub key: Option<u32>,
    pub group: Option<u32>,
}

impl Rates {
    pub fn none(self) -> bool {
        self == Self::default()
    }
}

impl Default for Plans {
    fn default() -> Self {
        Self::of(UNLIMITED, built_in())
    }
}

impl Plans {
    fn of(usual: &str, plans: BTreeMap<String, Plan>) -> Self {
        let named = plans.into_iter().map(|(name, plan)| (name.clone(), Arc::new(Plan { name, ..plan })));
        Self { usual: usual.to_owned(), by_name: Arc::new(named.collect()) }
    }

    pub fn get(&self, name: &str) -> Option<Arc<Plan>> {
        self.by_name.get(name).cloned()
    }

    /// A group's plan. One that the settings do not name any more is the usual one.
    pub fn of_group(&self, name: Option<&str>) -> Arc<Plan> {
        let found = name.and_then(|name| self.get(name)).or_else(|| self.get(&self.usual));
        found.unwrap_or_else(|| Arc::new(Plan { name: UNLIMITED.to_owned(), ..Plan::default() }))
    }

    /// Whether any group may pay more than its providers take.
    pub fn mark_up(&self) -> bool {
        self.by_name.values().any(|plan| plan.mark_up_percent > 0)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

impl Plan {
    pub fn allows(&self, provider: &str, model: &str) -> bool {
        let wanted = format!("{provider}/{model}");
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(beginning) => wanted.starts_with(beginning),
            None => *pattern == wanted,
        };
        self.models.as_ref().is_none_or(|models| models.iter().any(fits))
    }

    /// Why a model is not allowed.
    pub fn refusal(&self, provider: &str, model: &str) -> String {
        format!(
            "The plan “{}” of this group does not include {model} ({provider}). An admin can choose another model for the agent.",
            self.name
        )
    }

    /// Whether what the operator counts or is paid depends on prices: then those that are listed come before the group's own.
    pub fn prices(&self) -> bool {
        self.allowance_microusd.is_some() || self.mark_up_percent > 0
    }

    /// What the group pays for what its provider takes so much for.
    pub fn marked_up(&self, price: Price) -> Price {
        let more = |figure: i64| {
            let marked = (i128::from(figure) * i128::from(100 + self.mark_up_percent) + 50) / 100;
            i64::try_from(marked).unwrap_or(i64::MAX)
        };
        let Price { input, cache_read, cache_write, output, reasoning } = price;
        Price {
            input: more(input),
            cache_read: more(cache_read),
            cache_write: more(cache_write),
            output: more(output),
            reasoning: more(reasoning),
        }
    }

    /// Whether nothing has to be counted or compared for it.
    pub fn lets_all_through(&self) -> bool {
        self.models.is_none() && self.messages_per_minute.none() && self.tokens_per_minute.none()
    }

    pub fn view(&self) -> PlanView {
        let mut limits = Vec::new();
        if let Some(allowance) = self.allowance_microusd {
            limits.push(format!("{} a month", amount(Unit::Microusd, allowance)));
        }
        for (rates, what) in [(self.messages_per_minute, "messages"), (self.tokens_per_minute, "tokens")] {
            for (limit, whom) in [(rates.person, "person"), (rates.key, "key"), (rates.group, "group")] {
                limits.extend(limit.map(|limit| format!("{} {what} a minute for each {whom}", money::grouped(limit.into()))));
            }
        }
        limits.extend(self.models.as_ref().map(|models| format!("Models: {}", models.join(", "))));
        if self.mark_up_percent > 0 {
            limits.push(format!("Providers’ prices plus {} %", self.mark_up_percent));
        }
        let limits = limits.into_iter().map(|line| line.replace("for each group", "for the group")).collect();
        PlanView { name: self.name.clone(), limits }
    }
}

fn built_in() -> BTreeMap<String, Plan> {
    let rates = |person, key, group| Rates { person: Some(person), key: Some(key), group: Some(group) };
    let starter = Plan {
        allowance_microusd: Some(20_000_000),
        messages_per_minute: rates(10, 30, 60),
        tokens_per_minute: rates(40_000, 100_000, 200_000),
        ..Plan::default()
    };
    let pro = Plan {
        allowance_microusd: Some(200_000_000),
        messages_per_minute: rates(30, 120, 600),
        tokens_per_minute: rates(200_000, 500_000, 2_000_000),
        ..Plan::default()
    };
    let enterprise = Plan { messages_per_minute: rates(120, 600, 6_000), ..Plan::default() };
    let plans = [(UNLIMITED, Plan::default()), ("starter", starter), ("pro", pro), ("enterprise", enterprise)];
    plans.into_iter().map(|(name, plan)| (name.to_owned(), plan)).collect()
}

/// Gives a group a plan. The operator does so; nobody in the group can.
pub async fn give(app: &App, group: GroupId, name: &str) -> Result<()> {
    let plan = app.settings.plans.get(name).ok_or_else(|| {
        let names: Vec<_> = app.settings.plans.names().collect();
        AppError::conflict(format!("There is no plan {name}. There are {}.", names.join(", ")))
    })?;
    let mut tx = app.store.begin().await?;
    // The operator's own word, about any group.
    app.store.system().set_plan(&mut tx, group, name);
    include(app, &mut tx, group, &plan).await?;
    let actor = Actor { group: Some(group), person: None };
    audit::record(&mut tx, &app.clock, actor, Event::new("group.plan_set", "group", group.uuid()).with(json!({ "plan": name })))
        .await?;
    tx.commit().await
}

/// Brings every group's allowance in line with the plans as the settings have them now. A plan that they do not have is more
/// likely a forgotten setting than a wish to let a group do as it likes: the server does not start with it.
pub async fn renew(app: &App) -> Result<()> {
    for (group, name, allowance) in app.store.system().groups_with_plans().await? {
        if let Some(unknown) = name.as_deref().filter(|name| app.settings.plans.get(name).is_none()) {
            return Err(AppError::conflict(format!(
                "A group has the plan {unknown}, which this server does not know. Start it with the file that has the plan \
                (GUILDHALL_PLANS_FILE), or give the group another one (guildhall group plan)."
            )));
        }
        let plan = app.settings.plans.of_group(name.as_deref());
        if plan.allowance_microusd != allowance {
            let mut tx = app.store.begin().await?;
            include(app, &mut tx, group, &plan).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Makes the plan's allowance a hard budget of the month, or takes away the one before.
pub async fn include(app: &App, tx: &mut Tx, group: GroupId, plan: &Plan) -> Result<()> {
    let store = app.store.system().budgets(group);
    let before = store.lock_all(tx).await?.into_iter().find(|counter| counter.by_plan);
    match (before, plan.allowance_microusd) {
        (Some(before), Some(cap)) => store.set_cap(tx, before.id, cap, true),
        (Some(before), None) => store.delete(tx, before.id),
        (None, Some(cap)) => {
            let draft =
                BudgetDraft { scope: Scope::Group, scope_id: None, unit: Unit::Microusd, period: Period::Month, cap, hard: true };
            let (id, now) = (BudgetId::from_uuid(app.clock.uuid()), app.clock.now());
            store.insert(tx, id, &draft, true, None, now);
            live::reserve(app, &store, tx, id, &draft, now).await?;
        }
        (None, None) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;

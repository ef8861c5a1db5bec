//! Rules about budgets: what admins decide of them, and how they stand. The modules below let calls through and count them.
//!
//! | module | what it does |
//! |---|---|
//! | [`period`] | days and months in the group's time zone |
//! | [`counter`] | what is spent of the period that goes on, and what a call may take of it |
//! | [`admit`] | reserves the most that a call may use, or refuses it |
//! | [`charge`] | gives the reservation back and counts what was used |
//! | [`alerts`] | tells of 50, 80 and 100 percent, each once |
//! | [`live`] | reserves for calls that go on while a budget is made |
//! | [`outside`] | the same for calls that belong to no run |

pub mod admit;
pub mod alerts;
pub mod charge;
pub mod counter;
pub mod live;
pub mod outside;
pub mod period;

use crate::{
    error::{AppError, Result},
    ids::BudgetId,
    model::budget::{Alert, BUDGETS_MAX, Budget, BudgetDraft, BudgetPage, Choice, Scope, amount, projected, words},
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            budgets::{Budgets, Counter},
            db::Tx,
        },
        webhooks,
    },
};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Alerts that the page shows.
const ALERTS_SHOWN: usize = 20;

type Names = HashMap<Uuid, String>;

/// All of a group, the group's own first, then by whom they are for.
pub async fn list(app: &App, admin: &Admin) -> Result<Vec<Budget>> {
    let store = app.store.budgets(admin);
    let (now, names) = (app.clock.now(), names(&store).await?);
    let (mut budgets, mut look) = (Vec::new(), app.store.look());
    for counter in store.list().await? {
        budgets.push(view(counter.seen_at(&store, &mut look, now).await?, &names, now));
    }
    budgets.sort_by_cached_key(|budget| {
        let Budget { draft, name, by_plan, .. } = budget;
        (!by_plan, draft.scope, name.as_deref().map(str::to_lowercase), draft.unit, draft.period, !draft.hard)
    });
    Ok(budgets)
}

/// All that the page of budgets shows.
pub async fn page(app: &App, admin: &Admin) -> Result<BudgetPage> {
    let store = app.store.budgets(admin);
    let choices = async |scope| -> Result<Vec<Choice>> {
        Ok(store.named(scope).await?.into_iter().map(|(id, name)| Choice { id, name }).collect())
    };
    let terms = store.now().await?;
    Ok(BudgetPage {
        budgets: list(app, admin).await?,
        time_zone: period::zone(&store.time_zone().await?).name().to_owned(),
        agents: choices(Scope::Agent).await?,
        people: choices(Scope::Person).await?,
        keys: choices(Scope::Key).await?,
        alerts: alerts(app, &store).await?,
        webhook: webhooks::view(app, admin).await?,
        plan: app.settings.plans.of_group(terms.plan.as_deref()).view(),
    })
}

/// Shares of budgets that were reached, of the periods that go on: what every page tells admins of. The highest of each.
pub async fn current_alerts(app: &App, admin: &Admin) -> Result<Vec<Alert>> {
    let mut seen = HashSet::new();
    let alerts = alerts(app, &app.store.budgets(admin)).await?;
    Ok(alerts.into_iter().filter(|alert| alert.current && seen.insert(alert.budget_id)).collect())
}

async fn alerts(app: &App, store: &Budgets<'_>) -> Result<Vec<Alert>> {
    let (now, stored) = (app.clock.now(), store.alerts(ALERTS_SHOWN).await?);
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let names = names(store).await?;
    Ok(stored
        .into_iter()
        .map(|alert| {
            let counter = alert.budget;
            let (from, _) = period::of(now, counter.period, &period::zone(&counter.time_zone));
            Alert {
                budget_id: counter.id,
                budget: words(counter.scope, names.get(&counter.scope_id).map(String::as_str), counter.period),
                percent: alert.percent,
                spent: amount(counter.unit, alert.spent),
                cap: amount(counter.unit, alert.cap),
                at: alert.at,
                current: alert.starts_at == from,
            }
        })
        .collect())
}

async fn names(store: &Budgets<'_>) -> Result<Names> {
    let mut names = Names::new();
    for scope in [Scope::Agent, Scope::Person, Scope::Key] {
        names.extend(store.named(scope).await?);
    }
    Ok(names)
}

fn view(counter: Counter, names: &Names, now: i64) -> Budget {
    Budget {
        id: counter.id,
        name: names.get(&counter.scope_id).cloned(),
        by_plan: counter.by_plan,
        spent: counter.spent,
        reserved: counter.reserved,
        starts_at: counter.starts_at,
        resets_at: counter.ends_at,
        resets: period::words(counter.ends_at, &period::zone(&counter.time_zone)),
        projected: projected(counter.spent, counter.starts_at, counter.ends_at, now),
        draft: draft_of(&counter),
    }
}

fn draft_of(counter: &Counter) -> BudgetDraft {
    let Counter { scope, scope_id, unit, period, cap, hard, .. } = *counter;
    BudgetDraft { scope, scope_id: (scope != Scope::Group).then_some(scope_id), unit, period, cap, hard }
}

/// Adds a budget. What was used in its period before counts.
pub async fn add(app: &App, admin: &Admin, draft: BudgetDraft) -> Result<Budget> {
    let draft = draft.check()?;
    let store = app.store.budgets(admin);
    let mut tx = app.store.begin().await?;
    let own = own(&store, &mut tx).await?;
    if own.len() >= BUDGETS_MAX {
        return Err(AppError::conflict(format!("A group has {BUDGETS_MAX} budgets at most.")));
    }
    if own.iter().any(|counter| draft_of(counter).place() == draft.place()) {
        return Err(AppError::invalid("scope", "There is such a budget already. Change its cap instead."));
    }
    let id = insert(app, admin, &mut tx, &draft).await?;
    commit(app, &store, tx).await?;
    one(app, admin, id).await
}

/// Changes a budget's cap. What is spent stays spent, also where the new cap is below it.
pub async fn set_cap(app: &App, admin: &Admin, id: BudgetId, cap: i64) -> Result<Budget> {
    let store = app.store.budgets(admin);
    let mut tx = app.store.begin().await?;
    let before = own(&store, &mut tx).await?.into_iter().find(|counter| counter.id == id).ok_or(AppError::NotFound)?;
    let draft = BudgetDraft { cap, ..draft_of(&before) }.check()?;
    change(app, admin, &mut tx, &before, &draft).await?;
    commit(app, &store, tx).await?;
    one(app, admin, id).await
}

pub async fn remove(app: &App, admin: &Admin, id: BudgetId) -> Result<()> {
    let store = app.store.budgets(admin);
    let mut tx = app.store.begin().await?;
    let before = own(&store, &mut tx).await?.into_iter().find(|counter| counter.id == id).ok_or(AppError::NotFound)?;
    delete(app, admin, &mut tx, &before).await?;
    tx.commit().await
}

/// Makes the group's budgets these. Those that were there before keep what is spent and reserved.
pub async fn replace(app: &App, admin: &Admin, drafts: Vec<BudgetDraft>) -> Result<Vec<Budget>> {
    if drafts.len() > BUDGETS_MAX {
        return Err(AppError::invalid("budgets", format!("A group has {BUDGETS_MAX} budgets at most.")));
    }
    let drafts = drafts.into_iter().map(BudgetDraft::check).collect::<Result<Vec<_>>>()?;
    let mut places = HashSet::new();
    if !drafts.iter().all(|draft| places.insert(draft.place())) {
        return Err(AppError::invalid("budgets", "Two of these budgets are the same but for their caps."));
    }
    let store = app.store.budgets(admin);
    let mut tx = app.store.begin().await?;
    let (mut kept, mut gone): (Vec<_>, Vec<_>) =
        own(&store, &mut tx).await?.into_iter().partition(|counter| places.contains(&draft_of(counter).place()));
    let mut new = Vec::new();
    for draft in &drafts {
        // One that only warned and now refuses, or the other way round, is the same budget.
        let place = |draft: &BudgetDraft| (draft.scope, draft.scope_id, draft.unit, draft.period);
        let before = match kept.iter().position(|counter| draft_of(counter).place() == draft.place()) {
            Some(index) => Some(kept.swap_remove(index)),
            None => {
                gone.iter().position(|counter| place(&draft_of(counter)) == place(draft)).map(|index| gone.swap_remove(index))
            }
        };
        match before {
            Some(before) => change(app, admin, &mut tx, &before, draft).await?,
            None => new.push(draft),
        }
    }
    for before in &gone {
        delete(app, admin, &mut tx, before).await?;
    }
    for draft in new {
        insert(app, admin, &mut tx, draft).await?;
    }
    commit(app, &store, tx).await?;
    list(app, admin).await
}

/// Commits what an admin decided, and tells of the shares that are reached by it: of a new budget, or with a lower cap.
async fn commit(app: &App, store: &Budgets<'_>, mut tx: Tx) -> Result<()> {
    let (now, mut told) = (app.clock.now(), false);
    for counter in store.lock_all(&mut tx).await? {
        let counter = counter.at(store, &mut tx, now).await?;
        told |= alerts::reached(app, store, &mut tx, &counter).await?;
    }
    tx.commit().await?;
    if told {
        webhooks::deliver::soon(app);
    }
    Ok(())
}

/// Those that the group's admins decide about, locked.
async fn own(store: &Budgets<'_>, tx: &mut Tx) -> Result<Vec<Counter>> {
    Ok(store.lock_all(tx).await?.into_iter().filter(|counter| !counter.by_plan).collect())
}

async fn one(app: &App, admin: &Admin, id: BudgetId) -> Result<Budget> {
    list(app, admin).await?.into_iter().find(|budget| budget.id == id).ok_or(AppError::NotFound)
}

async fn insert(app: &App, admin: &Admin, tx: &mut Tx, draft: &BudgetDraft) -> Result<BudgetId> {
    let store = app.store.budgets(admin);
    if let Some(scope_id) = draft.scope_id
        && store.name(&mut *tx, draft.scope, scope_id).await?.is_none()
    {
        return Err(AppError::invalid("scope_id", format!("The group has no such {}.", draft.scope)));
    }
    let id = BudgetId::from_uuid(app.clock.uuid());
    let now = app.clock.now();
    store.insert(tx, id, draft, false, Some(admin.person_id()), now);
    live::reserve(app, &store, tx, id, draft, now).await?;
    record(app, admin, tx, "budget.added", id, draft, None).await?;
    Ok(id)
}

async fn change(app: &App, admin: &Admin, tx: &mut Tx, before: &Counter, draft: &BudgetDraft) -> Result<()> {
    if (draft.cap, draft.hard) == (before.cap, before.hard) {
        return Ok(());
    }
    app.store.budgets(admin).set_cap(tx, before.id, draft.cap, draft.hard);
    record(app, admin, tx, "budget.changed", before.id, draft, Some(before.cap)).await
}

async fn delete(app: &App, admin: &Admin, tx: &mut Tx, before: &Counter) -> Result<()> {
    app.store.budgets(admin).delete(tx, before.id);
    record(app, admin, tx, "budget.removed", before.id, &draft_of(before), None).await
}

async fn record(
    app: &App,
    admin: &Admin,
    tx: &mut Tx,
    kind: &'static str,
    id: BudgetId,
    draft: &BudgetDraft,
    cap_before: Option<i64>,
) -> Result<()> {
    let mut data = json!(draft);
    if let Some(cap) = cap_before {
        data["cap_before"] = cap.into();
    }
    audit::record(tx, &app.clock, Actor::member(admin), Event::new(kind, "budget", id.uuid()).with(data)).await
}

//! The budgets of the demo: caps that fit what its people use, so that their gauges show something.

use super::cast::Cast;
use crate::{
    error::Result,
    model::budget::{BudgetDraft, CAP_MAX, Period, Scope, Unit},
    server::{budgets, member::Admin, state::App},
};

/// Budgets of the group, of its dearest agent and of a member, and how much of each is used, in percent.
pub async fn set(app: &App, owner: &Admin, cast: &Cast) -> Result<()> {
    let researcher = cast.players.iter().find(|player| player.name == "Researcher").map(|player| player.id.uuid());
    let member = cast.members.get(3).map(|member| member.person_id().uuid());
    let month = |scope, scope_id, unit, hard| BudgetDraft { scope, scope_id, unit, period: Period::Month, cap: CAP_MAX, hard };
    fit(app, owner, month(Scope::Group, None, Unit::Microusd, true), 61, 25_000_000).await?;
    if let Some(researcher) = researcher {
        fit(app, owner, month(Scope::Agent, Some(researcher), Unit::Microusd, false), 84, 10_000_000).await?;
    }
    if let Some(member) = member {
        fit(app, owner, month(Scope::Person, Some(member), Unit::Tokens, false), 37, 200_000).await?;
    }
    Ok(())
}

/// Adds a budget of which so much is used; where nothing was used yet, one with a usual cap.
async fn fit(app: &App, owner: &Admin, draft: BudgetDraft, percent: i64, usual: i64) -> Result<()> {
    let budget = budgets::add(app, owner, draft).await?;
    let wanted = budget.spent.saturating_mul(100) / percent;
    let cap = if wanted == 0 { usual } else { round(wanted) };
    budgets::set_cap(app, owner, budget.id, cap).await.map(|_| ())
}

/// To two digits, as people choose caps.
fn round(cap: i64) -> i64 {
    let unit = 10_i64.pow(cap.max(1).ilog10().saturating_sub(1));
    (cap + unit / 2) / unit * unit
}

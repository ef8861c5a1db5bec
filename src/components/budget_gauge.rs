//! A budget as a bar: what is spent, what is reserved, and where the period will end if it goes on as it did.

use crate::model::budget::{Budget, Period, Unit, amount};
use leptos::prelude::*;

/// The bar's own units.
const WIDTH: i64 = 1_000;

#[component]
pub fn BudgetGauge(budget: Budget) -> impl IntoView {
    let Budget { draft, spent, reserved, projected, resets, .. } = budget;
    let (unit, cap) = (draft.unit, draft.cap);
    let place =
        |used: i64| i64::try_from(i128::from(used) * i128::from(WIDTH) / i128::from(cap.max(1))).unwrap_or(WIDTH).clamp(0, WIDTH);
    let (to, with) = (place(spent), place(spent.saturating_add(reserved)));
    let tone = match spent.saturating_mul(100) / cap.max(1) {
        100.. => "gauge bad",
        80.. => "gauge near",
        _ => "gauge",
    };
    let label = format!("{} of {} spent, {} reserved", amount(unit, spent), amount(unit, cap), amount(unit, reserved));
    let mark = projected.filter(|projected| *projected > spent).map(place);
    view! {
        <div class="budget-gauge">
            <svg class=tone viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=label>
                <rect class="gauge-all" width="1000" height="10"></rect>
                <rect class="gauge-reserved" width=with height="10"></rect>
                <rect class="gauge-spent" width=to height="10"></rect>
                {mark.map(|at| view! { <rect class="gauge-mark" x=(at - 4).max(0) width="4" height="10"></rect> })}
            </svg>
            <p class="budget-facts">
                <span><b>{amount(unit, spent)}</b>" of "{amount(unit, cap)}</span>
                {(reserved > 0).then(|| view! { <span>{amount(unit, reserved)}" reserved"</span> })}
                {projected.map(|projected| view! { <Projected projected cap unit period=draft.period/> })}
                <span>"Begins anew on "{resets}</span>
            </p>
        </div>
    }
}

#[component]
fn Projected(projected: i64, cap: i64, unit: Unit, period: Period) -> impl IntoView {
    let words = format!("about {} by the end of the {period}", amount(unit, round(projected)));
    view! { <span class:over=move || { projected > cap }>{words}</span> }
}

/// To two digits: it is a guess.
fn round(amount: i64) -> i64 {
    let unit = 10_i64.pow(amount.max(1).ilog10().saturating_sub(1));
    (amount + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn a_guess_has_two_digits() {
        assert_eq!([0, 7, 123, 999_499, 12_345_678].map(round), [0, 7, 120, 1_000_000, 12_000_000]);
    }
}

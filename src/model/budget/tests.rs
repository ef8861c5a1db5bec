use super::*;
use proptest::prelude::*;

#[test]
fn what_a_field_shows_is_read_as_the_same() {
    let cases = [("25", 25_000_000), ("0.50", 500_000), ("$1,204.99", 1_204_990_000), (".000001", 1), ("12.", 12_000_000)];
    for (typed, cap) in cases {
        assert_eq!(cap_from(Unit::Microusd, typed), Ok(cap), "{typed}");
    }
    for typed in ["", ".", "abc", "1.2.3", "-4", "0.0000001", "1e3", "99999999999999999999"] {
        assert_eq!(cap_from(Unit::Microusd, typed).unwrap_err().field(), Some("cap"), "{typed}");
    }
    assert_eq!(cap_from(Unit::Tokens, "200,000"), Ok(200_000));
    assert!(cap_from(Unit::Tokens, "1.5").is_err());
}

#[test]
fn cents_have_two_digits() {
    let shown = |cap| cap_text(Unit::Microusd, cap);
    assert_eq!(
        (shown(500_000), shown(25_000_000), shown(1), shown(12_340_000)),
        ("0.50".into(), "25".into(), "0.000001".into(), "12.34".into())
    );
}

proptest! {
    #[test]
    fn every_cap_survives_its_field(cap in 1..=CAP_MAX) {
        for unit in Unit::ALL {
            prop_assert_eq!(cap_from(*unit, &cap_text(*unit, cap)), Ok(cap));
        }
    }
}

#[test]
fn a_projection_needs_some_of_the_period_and_goes_on_as_before() {
    assert_eq!(projected(100, 0, 1_000, 49), None);
    assert_eq!(projected(100, 0, 1_000, 500), Some(200));
    assert_eq!(projected(100, 0, 1_000, 1_000), None);
}

#[test]
fn a_budget_names_somebody_unless_it_is_the_groups() {
    let draft = BudgetDraft { scope: Scope::Agent, scope_id: None, unit: Unit::Tokens, period: Period::Day, cap: 1, hard: true };
    assert_eq!(draft.clone().check().unwrap_err().field(), Some("scope_id"));
    assert_eq!(BudgetDraft { cap: 0, scope: Scope::Group, ..draft.clone() }.check().unwrap_err().field(), Some("cap"));
    assert!(BudgetDraft { scope: Scope::Group, ..draft }.check().is_ok());
}

#[test]
fn a_refusal_says_all_that_one_needs_to_know() {
    let refusal = Refusal {
        budget_id: BudgetId::from_uuid(Uuid::nil()),
        scope: Scope::Person,
        scope_id: Some(Uuid::nil()),
        name: Some("Ada".to_owned()),
        unit: Unit::Microusd,
        period: Period::Day,
        cap: 5_000_000,
        spent: 4_800_000,
        reserved: 150_000,
        why: Why::Needs(300_000),
        resets_at: 0,
        resets: "29 Nov 2026, 00:00 (Europe/Zurich)".to_owned(),
        raised_by: vec!["Grace".to_owned(), "Linus".to_owned()],
    };
    assert_eq!(
        refusal.to_string(),
        "This would exceed Ada’s budget for the day: of $5.00, $4.80 is spent, $0.15 reserved for what goes on, and this may take \
         up to $0.30. It begins anew on 29 Nov 2026, 00:00 (Europe/Zurich). An admin (Grace, Linus) can raise it under Usage, Budgets."
    );
}

use super::{file::parse, *};

#[test]
fn without_a_file_nothing_is_limited() {
    let plan = Plans::default().of_group(None);
    assert_eq!(plan.name, UNLIMITED);
    assert!(plan.lets_all_through() && plan.allowance_microusd.is_none() && plan.allows("openai", "anything"));
    assert!(Plans::default().names().eq(["enterprise", "pro", "starter", "unlimited"]));
}

#[test]
fn a_file_adds_plans_replaces_built_in_ones_and_says_which_is_usual() {
    let plans = parse(
        r#"{"usual": "house", "plans": {
            "house": {"models": ["local/*", "openai/gpt-5-mini"], "messages_per_minute": {"person": 5}},
            "pro": {"mark_up_percent": 20}
        }}"#,
    )
    .unwrap();
    let house = plans.of_group(None);
    assert!(house.allows("local", "smollm2") && house.allows("openai", "gpt-5-mini") && !house.allows("openai", "gpt-5"));
    assert_eq!(house.messages_per_minute, Rates { person: Some(5), ..Rates::default() });
    assert_eq!(plans.get("pro").unwrap().allowance_microusd, None, "a plan of the file stands for itself");
    assert_eq!(plans.of_group(Some("gone")).name, "house");
}

#[test]
fn a_mistake_in_the_file_is_named() {
    let mistakes = [
        (r#"{"usual": "nowhere"}"#, "nowhere"),
        (r#"{"plans": {"a b": {}}}"#, "a b"),
        (r#"{"plans": {"a": {"allowance": 1}}}"#, "allowance"),
        (r#"{"plans": {"a": {"allowance_microusd": 0}}}"#, "a.allowance_microusd"),
        (r#"{"plans": {"a": {"messages_per_minute": {"key": 0}}}}"#, "a: a limit of 0"),
    ];
    for (text, named) in mistakes {
        let told = parse(text).map(|_| ()).unwrap_err();
        assert!(told.contains(named), "{told}");
    }
}

#[test]
fn a_plan_is_told_line_by_line() {
    let view = Plans::default().get("starter").unwrap().view();
    assert_eq!(view.limits[..2], ["$20.00 a month", "10 messages a minute for each person"]);
    assert_eq!(view.limits[3], "60 messages a minute for the group");
}

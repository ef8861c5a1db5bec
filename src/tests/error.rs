//! Errors as they travel between the server's functions and the pages.

use crate::{
    error::AppError,
    ids::BudgetId,
    model::budget::{Period, Refusal, Scope, Unit, Why},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn travels(error: &AppError) -> Value {
    let sent = serde_json::to_value(error).expect("an error in JSON");
    assert_eq!(sent["code"], error.code());
    let read: AppError = serde_json::from_value(sent.clone()).expect("the error again");
    assert_eq!(&read, error);
    sent
}

fn over_budget() -> AppError {
    AppError::OverBudget {
        refusal: Box::new(Refusal {
            budget_id: BudgetId::from_uuid(Uuid::nil()),
            scope: Scope::Group,
            scope_id: None,
            name: None,
            unit: Unit::Microusd,
            period: Period::Month,
            cap: 5_000_000,
            spent: 4_000_000,
            reserved: 1,
            why: Why::Needs(2_000_000),
            resets_at: 0,
            resets: "1 Dec 2026, 00:00 (UTC)".to_owned(),
            raised_by: vec!["Ada".to_owned()],
        }),
    }
}

#[test]
fn every_error_arrives_as_it_was_sent() {
    let message = || "why".to_owned();
    for error in [
        AppError::Unauthorised,
        AppError::Forbidden { message: message() },
        AppError::NotFound,
        AppError::Invalid { field: None, message: message() },
        AppError::Conflict { message: message() },
        AppError::TooLarge { message: message() },
        over_budget(),
        AppError::Unavailable { message: message() },
        AppError::Internal { reference: "abc".to_owned() },
        AppError::Offline,
    ] {
        travels(&error);
    }
    assert_eq!(travels(&AppError::invalid("name", "why")), json!({ "code": "invalid", "field": "name", "message": "why" }));
    let limited = AppError::RateLimited { retry_after_s: 7, message: message() };
    assert_eq!(travels(&limited), json!({ "code": "rate_limited", "message": "why", "retry_after_s": 7 }));
}

#[test]
fn what_is_no_error_of_ours_is_not_read_as_one() {
    for text in
        [r#"{"code":"teapot"}"#, r#"{"code":"conflict"}"#, r#"{"code":"budget"}"#, r#"{"message":"why"}"#, r#""not_found""#]
    {
        assert!(serde_json::from_str::<AppError>(text).is_err(), "{text}");
    }
}

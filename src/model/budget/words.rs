//! Budgets in words, and amounts as fields show and read them.

use super::{Period, Scope, Unit};
use crate::{
    error::{AppError, Result},
    model::money,
};

/// `the group’s budget for the month`, `Ada’s budget for the day`.
pub fn words(scope: Scope, name: Option<&str>, period: Period) -> String {
    let whose = match (scope, name) {
        (Scope::Group, _) => "the group’s".to_owned(),
        (Scope::Key, Some(name)) => format!("the key {name}’s"),
        (_, Some(name)) => format!("{name}’s"),
        (scope, None) => format!("a former {scope}’s"),
    };
    format!("{whose} budget for the {period}")
}

/// `$12.30`, `20,000 tokens`.
pub fn amount(unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Microusd => money::dollars(amount),
        Unit::Tokens => format!("{} {}", money::grouped(amount.unsigned_abs()), if amount == 1 { "token" } else { "tokens" }),
    }
}

/// A cap as its field shows it: `12.5` dollars, `20000` tokens.
pub fn cap_text(unit: Unit, cap: i64) -> String {
    match unit {
        Unit::Tokens => cap.to_string(),
        Unit::Microusd => {
            let digits = format!("{}.{:06}", cap / 1_000_000, cap % 1_000_000);
            let short = digits.trim_end_matches('0').trim_end_matches('.');
            // Cents have two digits.
            match short.split_once('.') {
                Some((_, rest)) if rest.len() == 1 => format!("{short}0"),
                _ => short.to_owned(),
            }
        }
    }
}

/// What was typed into that field. Commas and spaces between digits, and a dollar sign, are let through.
pub fn cap_from(unit: Unit, typed: &str) -> Result<i64> {
    let digits: String = typed.trim().trim_start_matches('$').chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    let read = match unit {
        Unit::Tokens => digits.parse().ok(),
        Unit::Microusd => micro(&digits),
    };
    let mistake = match unit {
        Unit::Tokens => "Write a whole number of tokens, such as 200,000.",
        Unit::Microusd => "Write an amount in dollars, such as 25 or 0.50.",
    };
    read.ok_or_else(|| AppError::invalid("cap", mistake))
}

/// Exact: six decimals are micro-dollars, more are a mistake.
fn micro(digits: &str) -> Option<i64> {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && rest.is_empty()) || !plain(whole) || !plain(rest) || rest.len() > 6 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let rest: i64 = format!("{rest:0<6}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(rest)
}

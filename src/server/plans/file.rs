//! The operator's file of plans: JSON with `usual`, the name of the plan of groups that were given none, and `plans`, which
//! are added to the built-in ones or replace them.

use super::{Plan, Plans, UNLIMITED, built_in};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    usual: String,
    plans: BTreeMap<String, Plan>,
}

impl Default for File {
    fn default() -> Self {
        Self { usual: UNLIMITED.to_owned(), plans: BTreeMap::new() }
    }
}

/// Reads plans; a mistake says where it is.
pub fn parse(text: &str) -> Result<Plans, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut plans = built_in();
    for (name, plan) in file.plans {
        check(&name, &plan)?;
        plans.insert(name, plan);
    }
    if !plans.contains_key(&file.usual) {
        return Err(format!("usual: there is no plan {:?}", file.usual));
    }
    Ok(Plans::of(&file.usual, plans))
}

fn check(name: &str, plan: &Plan) -> Result<(), String> {
    let plain = !name.is_empty() && name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !plain {
        return Err(format!("{name:?} is no name of a plan: use 1 to 40 letters, digits, - and _"));
    }
    if plan.allowance_microusd.is_some_and(|allowance| !(1..=crate::model::budget::CAP_MAX).contains(&allowance)) {
        return Err(format!("{name}.allowance_microusd is not from 1 to {}", crate::model::budget::CAP_MAX));
    }
    if plan.mark_up_percent > 1_000 {
        return Err(format!("{name}.mark_up_percent is not from 0 to 1000"));
    }
    for rates in [plan.messages_per_minute, plan.tokens_per_minute] {
        if [rates.person, rates.key, rates.group].contains(&Some(0)) {
            return Err(format!("{name}: a limit of 0 a minute would let nothing through"));
        }
    }
    Ok(())
}

//! Budgets, rate limits, plans and alerts, on a real database with the scripted model.
//!
//! | file | what is proved |
//! |---|---|
//! | `bank` | a group whose scripted models have prices, and ways to look at its counters |
//! | `admission` | what is let through and what is refused, and how the refusal says so |
//! | `property` | whatever runs, ends and dies in parallel: never over the cap, and the counter is the ledger's sum |
//! | `live` | a budget that appears while calls go on counts what they may still use |
//! | `periods` | days and months begin anew, in the group's time zone |
//! | `alerts` | each share is told of once; webhooks are signed and tried again |
//! | `rates` | messages and tokens a minute, across restarts; plans |
//! | `page` | the page of budgets, the dashboard and the composer, as the server renders them |
//! | `routes` | the JSON API |

mod admission;
mod alerts;
mod bank;
mod live;
mod page;
mod periods;
mod property;
mod rates;
mod routes;

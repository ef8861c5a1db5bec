//! Money and tokens: what calls cost, the ledger in which they stand, and what is told of it.
//!
//! | file | what it does |
//! |---|---|
//! | `ledger` | books a call with the price that counts |
//! | `prices` | which price counts, and changing a group's own |
//! | `zone` | hours, days and months in a group's time zone |
//! | `days` | closes days that are over |
//! | `period` | which days a question is about |
//! | `report` | sums for pages and for the JSON API |
//! | `times` | percentiles, from counts of calls by how long they took |
//! | `csv` | the ledger as a file |
//! | `statement` | months that were closed |
//! | `reconcile` | the ledger beside what providers say |

pub mod csv;
pub mod dashboard;
pub mod days;
pub mod drill;
pub mod ledger;
pub mod period;
pub mod prices;
pub mod reconcile;
pub mod report;
pub mod statement;
pub mod times;
pub mod zone;

//! Money: the ledger, its sums, and everything that is told of them.
//!
//! | file | what is tried |
//! |---|---|
//! | `books` | calls to be booked, and what they come to by hand |
//! | `demo` | the demo adds up, and is the same each time |
//! | `sums` | ledger, hours, days, tiles and the export agree for every question |
//! | `days` | closing days changes no figure |
//! | `lasting` | what is deleted or renamed changes no figure; nothing can be changed |
//! | `prices` | which price counts, and that it never touches the past |
//! | `tenants` | who sees what |
//! | `pages` | the pages, as the server renders them |
//! | `months` | statements, and totals of providers |

mod books;
mod days;
mod demo;
mod lasting;
mod months;
mod pages;
mod prices;
mod sums;
mod tenants;

//! Money and tokens: what calls cost, the ledger in which they stand, and what is told of it.

pub mod ledger;
pub mod prices;
pub mod zone;

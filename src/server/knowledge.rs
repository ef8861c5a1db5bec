//! What a group knows: its documents, and finding passages in them.
//!
//! | module | what it does |
//! |---|---|
//! | [`documents`] | adding, replacing and deleting documents |
//! | [`detect`], [`fetch`] | what a content is; getting one from an address |
//! | [`ingest`] | building versions in the background |
//! | [`extract`], [`chunk`] | from a content to its text, from a text to its passages |
//! | [`search`] | a query from its text to passages |
//! | [`words`], [`postings`], [`bm25`] | full text: words, the lists of who has them, ranking by them |
//! | [`vectors`], [`queries`] | likeness: the group's vectors in memory, the query's own |
//! | [`fusion`] | one ranking from both |
//! | [`indexer`], [`generations`], [`passage`], [`ledger`] | embedding in the background, by which model, of what, and what it cost |
//! | [`checks`] | queries with the documents that they should find |
//! | [`top`] | the best few of many |

pub mod bm25;
pub mod checks;
pub mod chunk;
pub mod detect;
pub mod documents;
pub mod extract;
pub mod fetch;
pub mod fusion;
pub mod generations;
pub mod indexer;
pub mod ingest;
pub mod ledger;
pub mod passage;
pub mod postings;
pub mod queries;
pub mod search;
pub mod top;
pub mod vectors;
pub mod words;

pub use search::{Passage, search};

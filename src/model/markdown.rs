//! Markdown as a member sees it: the same safe HTML from the server and from the browser.
//!
//! What people and models write is hostile until proven otherwise. Raw HTML is shown as the text that it is, links lead
//! only to the web or to mail, images are never loaded, and no attribute comes from the text but a link's escaped
//! address. Nothing here needs a sanitiser behind it; a test holds one against it all the same.

mod block;
mod document;
mod html;

pub use block::slices;
pub use document::Document;
pub use html::{Definition, escape};

use pulldown_cmark::Options;

/// The whole of a text, as one string. A [`Document`] renders the same piece by piece.
pub fn render(text: &str) -> String {
    html::render(text, &[])
}

pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

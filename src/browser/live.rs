//! The one event stream of a browser.

use crate::model::live::ListChange;

/// Calls `on` for every change of the viewer's lists of threads.
pub fn follow_lists(_on: impl Fn(ListChange) + 'static) {}

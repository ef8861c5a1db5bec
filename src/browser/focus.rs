//! Lists by keyboard: arrows, Home and End move between the items that are marked `data-row`.

use super::document::focused;
use leptos::{
    ev::KeyboardEvent,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

/// Moves the focus inside the list that the key was pressed in.
pub fn move_in_list(press: &KeyboardEvent) {
    let Some(list) = press.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let rows = rows(&list);
    let Some(at) = next(&press.key(), position(&rows), rows.len()) else { return };
    press.prevent_default();
    _ = rows[at].focus();
}

fn rows(list: &Element) -> Vec<HtmlElement> {
    let Ok(found) = list.query_selector_all("[data-row]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

fn position(rows: &[HtmlElement]) -> Option<usize> {
    let focused = focused()?;
    rows.iter().position(|row| row.contains(Some(&focused)))
}

/// Which row a key leads to; `None` for keys that lead nowhere.
fn next(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(from.map_or(0, |at| (at + 1).min(last))),
        "ArrowUp" => Some(from.map_or(last, |at| at.saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!(next("ArrowDown", None, 3), Some(0));
        assert_eq!(next("ArrowDown", Some(2), 3), Some(2));
        assert_eq!(next("ArrowUp", Some(0), 3), Some(0));
        assert_eq!(next("ArrowUp", None, 3), Some(2));
        assert_eq!(next("End", Some(0), 3), Some(2));
    }

    #[test]
    fn an_empty_list_and_other_keys_move_nothing() {
        assert_eq!(next("ArrowDown", None, 0), None);
        assert_eq!(next("a", Some(1), 3), None);
    }
}

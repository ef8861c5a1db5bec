//! A log that stays where its reader is: at the newest line, or at the line that they scrolled up to.
//!
//! The log is laid out from its end (`flex-direction: column-reverse`), so that it shows the newest line before any
//! script runs, and stays there while text arrives. Its scroll position counts from the end and is never positive.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{
        Element, HtmlElement, ResizeObserver, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition, ScrollToOptions,
    },
};

/// So near to its end counts as there, in pixels.
const NEAR_END: i32 = 8;
/// So near to its beginning asks for more.
const NEAR_START: i32 = 600;

/// Watches one log. Dropped with its page.
pub struct Scroller {
    log: HtmlElement,
    anchor: Rc<RefCell<Option<Anchor>>>,
    observer: Option<ResizeObserver>,
    _on_resize: Closure<dyn Fn()>,
}

/// A line that the reader sees, and how far below the log's upper edge.
struct Anchor {
    line: Element,
    top: f64,
}

impl Scroller {
    /// `content` is what grows inside the log.
    pub fn new(log: HtmlElement, content: &Element) -> Self {
        let anchor = Rc::new(RefCell::new(None));
        let on_resize = {
            let (log, anchor) = (log.clone(), anchor.clone());
            Closure::<dyn Fn()>::new(move || hold(&log, &anchor))
        };
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(content);
        }
        Self { log, anchor, observer, _on_resize: on_resize }
    }

    /// Remembers where the reader is; whether that is at the end.
    pub fn scrolled(&self) -> bool {
        let at_end = -self.log.scroll_top() <= NEAR_END;
        *self.anchor.borrow_mut() = if at_end { None } else { anchor_of(&self.log) };
        at_end
    }

    /// Whether the beginning of what is loaded is near.
    pub fn near_start(&self) -> bool {
        self.log.scroll_height() - self.log.client_height() + self.log.scroll_top() < NEAR_START
    }

    /// Keeps the line in place that the reader sees, whatever is put above it next.
    pub fn pin(&self) {
        *self.anchor.borrow_mut() = anchor_of(&self.log);
    }

    pub fn to_end(&self) {
        *self.anchor.borrow_mut() = None;
        let options = ScrollToOptions::new();
        options.set_top(0.0);
        options.set_behavior(if calm() { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
        self.log.scroll_to_with_scroll_to_options(&options);
    }
}

impl Drop for Scroller {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// Moves the log so that the anchor stands where it stood.
fn hold(log: &HtmlElement, anchor: &RefCell<Option<Anchor>>) {
    let held = anchor.borrow_mut().take();
    let Some(Anchor { line, top }) = held.filter(|anchor| anchor.line.is_connected()) else { return };
    let moved = offset(log, &line) - top;
    if moved.abs() >= 1.0 {
        log.set_scroll_top(log.scroll_top() + moved.round() as i32);
    }
    *anchor.borrow_mut() = Some(Anchor { top: offset(log, &line), line });
}

/// The first line that reaches into view.
fn anchor_of(log: &HtmlElement) -> Option<Anchor> {
    let edge = log.get_bounding_client_rect().top();
    let lines = log.query_selector_all("[data-line]").ok()?;
    let mut lines = (0..lines.length()).filter_map(|at| lines.item(at)?.dyn_into::<Element>().ok());
    let line = lines.find(|line| line.get_bounding_client_rect().bottom() > edge)?;
    Some(Anchor { top: offset(log, &line), line })
}

fn offset(log: &HtmlElement, line: &Element) -> f64 {
    line.get_bounding_client_rect().top() - log.get_bounding_client_rect().top()
}

/// Whether the reader asked for less motion.
fn calm() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether there is a keyboard and a mouse, by all that can be known: a touch screen would open its own keyboard.
pub fn has_fine_pointer() -> bool {
    matches("(pointer: fine)")
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|media| media.matches())
}

/// Brings an element to the middle of what is seen, at once.
pub fn to_middle(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

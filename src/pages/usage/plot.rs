//! Stacked bars, drawn by the server: no script, no canvas. Each bar can be reached by the keyboard and then tells its
//! figures; the same stand in a table below.

use super::figures::{amount, calls_words};
use crate::model::usage::{
    ask::Measure,
    axis,
    dashboard::{Chart, Series, Slot},
};
use leptos::prelude::*;

const WIDTH: f64 = 1_040.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
const TIP_WIDTH: f64 = 230.0;
const LINE: f64 = 16.0;

/// Where things are.
#[derive(Clone, Copy)]
struct Plane {
    slots: usize,
    top: f64,
}

impl Plane {
    fn slot(self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.slots.max(1) as f64
    }

    fn x(self, slot: usize) -> f64 {
        LEFT + self.slot() * slot as f64
    }

    fn height(self, value: f64) -> f64 {
        (HEIGHT - TOP - BOTTOM) * value / self.top
    }

    fn y(self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.height(value)
    }
}

#[component]
pub fn Plot(chart: Chart, label: String) -> impl IntoView {
    let Chart { measure, slots, series, .. } = chart;
    let total = |slot: usize| series.iter().map(|series| series.values[slot]).sum::<i64>();
    let lines = axis::lines((0..slots.len()).map(total).max().unwrap_or(0));
    let plane = Plane { slots: slots.len(), top: lines.last().copied().unwrap_or(1).max(1) as f64 };
    let grid = lines.into_iter().map(|value| grid_line(plane, measure, value)).collect_view();
    let bars = series.iter().enumerate().map(|(at, _)| bars_of(plane, &series, at)).collect_view();
    let places = slots.iter().enumerate().map(|(at, slot)| place(plane, measure, at, slot, &series)).collect_view();
    let names = slot_names(plane, &slots);
    view! {
        <div class="plot-frame">
            <svg class="plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="group" aria-label=label>
                <g aria-hidden="true">{grid}{bars}{names}</g>
                {places}
            </svg>
        </div>
    }
}

fn grid_line(plane: Plane, measure: Measure, value: i64) -> impl IntoView {
    let y = format!("{:.1}", plane.y(value as f64));
    let text = format!("{:.1}", plane.y(value as f64) + 4.0);
    view! {
        <line class="plot-line" x1=LEFT.to_string() x2=(WIDTH - RIGHT).to_string() y1=y.clone() y2=y></line>
        <text class="plot-text" x=(LEFT - 8.0).to_string() y=text text-anchor="end">{amount(measure, value)}</text>
    }
}

/// The class that gives a series its colour.
pub fn colour(series: &Series, at: usize) -> String {
    if series.key.is_none() { "series-rest".to_owned() } else { format!("series-{}", at + 1) }
}

fn bars_of(plane: Plane, all: &[Series], at: usize) -> impl IntoView {
    let width = (plane.slot() * 0.78).min(44.0);
    let mut rects = Vec::new();
    for (slot, value) in all[at].values.iter().enumerate().filter(|(_, value)| **value > 0) {
        let below: i64 = all[..at].iter().map(|series| series.values[slot]).sum();
        let x = plane.x(slot) + (plane.slot() - width) / 2.0;
        let (y, height) = (plane.y((below + value) as f64), plane.height(*value as f64));
        rects.push(view! {
            <rect x=format!("{x:.1}") y=format!("{y:.1}") width=format!("{width:.1}") height=format!("{height:.1}")></rect>
        });
    }
    view! { <g class=colour(&all[at], at)>{rects}</g> }
}

/// As many names as have room: never less than 48 units apart.
fn slot_names(plane: Plane, slots: &[Slot]) -> impl IntoView {
    let every = (48.0 / plane.slot()).ceil().max(1.0) as usize;
    let names = slots.iter().enumerate().filter(|(at, _)| at % every == 0);
    names
        .map(|(at, slot)| {
            let x = format!("{:.1}", plane.x(at) + plane.slot() / 2.0);
            view! {
                <text class="plot-text" x=x y=(HEIGHT - BOTTOM + 20.0).to_string() text-anchor="middle">{slot.short.clone()}</text>
            }
        })
        .collect_view()
}

/// The whole height over one slot: what is pointed at or focused there shows its figures.
fn place(plane: Plane, measure: Measure, at: usize, slot: &Slot, series: &[Series]) -> impl IntoView {
    let parts: Vec<(String, String, i64)> =
        (0..).zip(series).map(|(n, one)| (colour(one, n), one.name.clone(), one.values[at])).collect();
    let total: i64 = parts.iter().map(|(_, _, value)| value).sum();
    let mut words = format!("{}: {}", slot.words, amount(measure, total));
    for (_, name, value) in parts.iter().filter(|(_, _, value)| *value > 0) {
        words.push_str(&format!("; {name} {}", amount(measure, *value)));
    }
    if slot.unknown_price_calls > 0 {
        words.push_str(&format!("; {} with an unknown price", calls_words(slot.unknown_price_calls)));
    }
    let (x, width) = (format!("{:.1}", plane.x(at)), format!("{:.1}", plane.slot()));
    view! {
        <g class="plot-place" tabindex="0" role="img" aria-label=words>
            <rect class="plot-hit" x=x y=TOP.to_string() width=width height=(HEIGHT - TOP - BOTTOM).to_string()></rect>
            {tip(plane, measure, at, slot, parts, total)}
        </g>
    }
}

fn tip(plane: Plane, measure: Measure, at: usize, slot: &Slot, parts: Vec<(String, String, i64)>, total: i64) -> impl IntoView {
    // From the top of the stack down, as the eye sees it.
    let shown: Vec<_> = parts.into_iter().rev().filter(|(_, _, value)| *value > 0).collect();
    let unknown =
        (slot.unknown_price_calls > 0).then(|| format!("{} with an unknown price", calls_words(slot.unknown_price_calls)));
    let lines = 1 + shown.len() + usize::from(unknown.is_some());
    let middle = plane.x(at) + plane.slot() / 2.0;
    // Beside the bar, on the side that has room.
    let left = if middle + TIP_WIDTH + 12.0 < WIDTH { middle + 10.0 } else { middle - TIP_WIDTH - 10.0 };
    let text = |line: usize| format!("{:.1}", TOP + 4.0 + LINE * (line as f64 + 0.9));
    let right = format!("{:.1}", left + TIP_WIDTH - 10.0);
    let rows = shown.into_iter().enumerate().map(|(n, (class, name, value))| {
        let dot = format!("{:.1}", TOP + 4.0 + LINE * (n as f64 + 1.9) - 8.0);
        view! {
            <g class=class><rect x=format!("{:.1}", left + 10.0) y=dot width="8" height="8" rx="2"></rect></g>
            <text class="plot-tip-text" x=format!("{:.1}", left + 24.0) y=text(n + 1)>{shortened(&name)}</text>
            <text class="plot-tip-text" x=right.clone() y=text(n + 1) text-anchor="end">{amount(measure, value)}</text>
        }
    });
    view! {
        <g class="plot-tip" aria-hidden="true">
            <rect class="plot-tip-box" x=format!("{left:.1}") y=TOP.to_string() width=TIP_WIDTH.to_string()
                height=format!("{:.1}", LINE * lines as f64 + 12.0) rx="6"></rect>
            <text class="plot-tip-head" x=format!("{:.1}", left + 10.0) y=text(0)>{slot.words.clone()}</text>
            <text class="plot-tip-head" x=right.clone() y=text(0) text-anchor="end">{amount(measure, total)}</text>
            {rows.collect_view()}
            {unknown.map(|words| view! { <text class="plot-tip-text" x=format!("{:.1}", left + 10.0) y=text(lines - 1)>{words}</text> })}
        </g>
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 22 { name.to_owned() } else { name.chars().take(21).chain(['…']).collect() }
}

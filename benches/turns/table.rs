//! The table that is printed: a measure a row, its goal beside it. It judges and never fails.

use std::fmt;

const HEAD: [&str; 6] = ["measure", "guildhall", "floor", "ratio", "goal", "met"];

#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

/// What a measure should be at most.
pub enum Goal {
    None,
    Value(f64),
    Ratio(f64),
}

/// One measure; what the kernel of this machine does not tell is `None`.
pub struct Row {
    pub name: String,
    pub unit: &'static str,
    pub guildhall: Option<f64>,
    pub floor: Option<f64>,
    pub ratio: Option<f64>,
    pub goal: Goal,
}

impl Row {
    /// A measure that the floor does not have.
    pub fn alone(name: impl Into<String>, unit: &'static str, guildhall: Option<f64>, goal: Goal) -> Self {
        Self { name: name.into(), unit, guildhall, floor: None, ratio: None, goal }
    }

    fn cells(self) -> [String; 6] {
        let shown = |value: Option<f64>| value.map_or_else(|| "not measured".to_owned(), |value| number(value, self.unit));
        let (judged, goal) = match self.goal {
            Goal::None => (None, String::new()),
            Goal::Value(most) => (self.guildhall.map(|value| value <= most), format!("≤ {}", number(most, self.unit))),
            Goal::Ratio(most) => (self.ratio.map(|ratio| ratio <= most), format!("≤ {most} × floor")),
        };
        let floor = self.floor.map(|value| number(value, self.unit)).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2} ×")).unwrap_or_default();
        let met = judged.map_or("", |met| if met { "yes" } else { "no" });
        [self.name.clone(), shown(self.guildhall), floor, ratio, goal, met.to_owned()]
    }
}

impl Table {
    pub fn add(&mut self, row: Row) {
        self.rows.push(row.cells());
    }
}

/// Two decimals where they say something.
fn number(value: f64, unit: &str) -> String {
    let decimals = if value.abs() < 10.0 && value.fract() != 0.0 { 2 } else { 0 };
    format!("{value:.decimals$} {unit}").trim_end().to_owned()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = HEAD.map(str::to_owned);
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&head]).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: [usize; 6] = std::array::from_fn(width);
        let rule = widths.map(|width| "-".repeat(width));
        for row in [&head, &rule].into_iter().chain(&self.rows) {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
        }
        Ok(())
    }
}

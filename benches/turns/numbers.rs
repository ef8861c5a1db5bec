//! The little arithmetic of the measures.

/// The middle one; of an even number the mean of both middles. `None` of nothing.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = if values.len().is_multiple_of(2) { values[values.len() / 2 - 1] } else { upper };
    Some(f64::midpoint(lower, upper))
}

/// The median of what was measured at all: `None` where any part of it was not.
pub fn median_of_all(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    median(values.into_iter().collect::<Option<Vec<f64>>>()?)
}

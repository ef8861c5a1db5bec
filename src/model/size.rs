//! Sizes in words: `820 B`, `4.1 kB`, `12 MB`.

pub fn words(bytes: i64) -> String {
    let (size, unit) = match bytes {
        ..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "kB"),
        _ => (bytes as f64 / 1e6, "MB"),
    };
    if size < 9.95 { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn two_digits_are_enough() {
        let cases = [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (4_149, "4.1 kB"), (9_960, "10 kB"), (26_214_400, "26 MB")];
        for (bytes, expected) in cases {
            assert_eq!(words(bytes), expected);
        }
    }
}

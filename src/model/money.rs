//! Money in words: as many digits as it has meaning.

use crate::model::provider::Price;

/// Micro-dollars as dollars: `$0`, `$0.0042`, `$0.15`, `$12.30`, `$1,204`.
pub fn dollars(micro: i64) -> String {
    let sign = if micro < 0 { "−" } else { "" };
    format!("{sign}${}", amount(micro.unsigned_abs()))
}

/// What a million tokens cost: `$3.00 in · $15.00 out`, or `free`.
pub fn per_million(price: &Price) -> String {
    if price.input == 0 && price.output == 0 {
        return "free".to_owned();
    }
    format!("{} in · {} out", dollars(price.input), dollars(price.output))
}

/// A price: cents, and whatever else it has: `3.00`, `0.25`, `0.025`. Nothing is rounded.
pub fn exact(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let micro = micro.unsigned_abs();
    let (cents, rest) = (micro / 10_000, format!("{:04}", micro % 10_000));
    format!("{sign}{}.{:02}{}", cents / 100, cents % 100, rest.trim_end_matches('0'))
}

/// Micro-dollars with all their digits, so that amounts under each other align: `$4.232533`, `$1,204.500000`.
pub fn ledger(micro: i64) -> String {
    let sign = if micro < 0 { "−" } else { "" };
    let micro = micro.unsigned_abs();
    format!("{sign}${}.{:06}", grouped(micro / 1_000_000), micro % 1_000_000)
}

/// An amount in dollars as people and providers write it: `3`, `0.25`, `$1,204.5`, `0.0123456789`. What is smaller than a
/// micro-dollar is rounded, half of one upwards. `None` for what is no amount, is negative, or is above a billion.
pub fn parse(raw: &str) -> Option<i64> {
    let text = raw.trim().trim_start_matches('$').trim_start().replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || whole.len() > 9 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let micro: i64 = format!("{part:0<6}")[..6].parse().ok()?;
    let up = i64::from(part.as_bytes().get(6).is_some_and(|digit| *digit >= b'5'));
    Some(whole * 1_000_000 + micro + up)
}

/// A large count of tokens: `512`, `8.2 k`, `39.8 M`, `1.2 B`.
pub fn many(count: i64) -> String {
    let scaled = |unit: i64, sign: &str| {
        let tenths = (count + unit / 20) / (unit / 10);
        // From a hundred on the tenth says nothing.
        if tenths >= 1_000 {
            format!("{} {sign}", grouped((tenths / 10).unsigned_abs()))
        } else {
            format!("{}.{} {sign}", tenths / 10, tenths % 10)
        }
    };
    match count {
        ..1_000 => count.to_string(),
        1_000..999_950 => scaled(1_000, "k"),
        999_950..999_950_000 => scaled(1_000_000, "M"),
        _ => scaled(1_000_000_000, "B"),
    }
}

/// A count of tokens: `512`, `8k`, `128k`, `1.05M`.
pub fn tokens(count: u32) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => format!("{}k", (count + 512) / 1_000),
        _ => trim_zeros(format!("{}.{:02}", count / 1_000_000, count % 1_000_000 / 10_000)) + "M",
    }
}

fn amount(micro: u64) -> String {
    match micro {
        0 => "0".to_owned(),
        // Below a cent two digits mean something, wherever they begin.
        1..10_000 => trim_zeros(format!("0.{:06}", round_to_two_digits(micro))),
        10_000..1_000_000_000 => cents((micro + 5_000) / 10_000),
        _ => grouped((micro + 500_000) / 1_000_000),
    }
}

fn cents(cents: u64) -> String {
    format!("{}.{:02}", grouped(cents / 100), cents % 100)
}

fn round_to_two_digits(micro: u64) -> u64 {
    let unit = 10_u64.pow(micro.ilog10().saturating_sub(1));
    (micro + unit / 2) / unit * unit
}

fn trim_zeros(digits: String) -> String {
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number with commas: `20,000`.
pub fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_shows_as_many_digits_as_it_has_meaning() {
        let cases = [
            (0, "$0"),
            (1, "$0.000001"),
            (4_240, "$0.0042"),
            (9_990, "$0.01"),
            (10_000, "$0.01"),
            (150_000, "$0.15"),
            (12_304_000, "$12.30"),
            (999_999_999, "$1,000.00"),
            (1_204_400_000, "$1,204"),
            (-12_304_000, "−$12.30"),
        ];
        for (micro, words) in cases {
            assert_eq!(dollars(micro), words, "{micro}");
        }
    }

    #[test]
    fn a_model_without_a_price_per_token_is_free() {
        let free = Price::FREE;
        assert_eq!(per_million(&free), "free");
        assert_eq!(per_million(&Price { input: 3_000_000, output: 15_000_000, ..free }), "$3.00 in · $15.00 out");
    }

    #[test]
    fn amounts_are_read_to_the_micro_dollar() {
        let cases = [("3", 3_000_000), ("0.25", 250_000), ("$1,204.5", 1_204_500_000), (".5", 500_000), ("7.", 7_000_000)];
        for (raw, micro) in cases.into_iter().chain([("0.0000014999", 1), ("0.0000015", 2), ("0.9999999", 1_000_000)]) {
            assert_eq!(parse(raw), Some(micro), "{raw}");
        }
        for raw in ["", ".", "-1", "1e3", "1 000", "one", "1.2.3", "9999999999"] {
            assert_eq!(parse(raw), None, "{raw}");
        }
        for micro in [0, 1, 250_000, 3_000_000, 999_999_999_999] {
            assert_eq!(parse(&exact(micro)), Some(micro));
        }
        assert_eq!((ledger(4_232_533).as_str(), ledger(-1_204_500_000).as_str()), ("$4.232533", "−$1,204.500000"));
        assert_eq!([3_000_000, 250_000, 25_000, 1, 0].map(exact), ["3.00", "0.25", "0.025", "0.000001", "0.00"]);
    }

    #[test]
    fn large_counts_keep_what_one_remembers() {
        let words = [512, 8_200, 39_812_345, 999_949, 999_950, 123_456_789, 1_234_567_890].map(many);
        assert_eq!(words, ["512", "8.2 k", "39.8 M", "999 k", "1.0 M", "123 M", "1.2 B"]);
    }

    #[test]
    fn token_counts_are_rounded_to_what_one_remembers() {
        assert_eq!(tokens(512), "512");
        assert_eq!(tokens(8_192), "8k");
        assert_eq!(tokens(200_000), "200k");
        assert_eq!(tokens(1_000_000), "1M");
        assert_eq!(tokens(1_048_576), "1.04M");
    }
}

//! Writes that wait in their transaction, to reach SQLite together: several statements in one, their arguments in a row.
//!
//! An engine that takes one statement at a time runs them one after the other instead, and nothing else changes.

use super::{bind::Args, db::arguments};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr, sqlite::SqliteArguments};

#[derive(Default)]
pub struct Later {
    sql: String,
    args: SqliteArguments,
    /// How many arguments stand before the next statement's.
    count: usize,
}

impl Later {
    pub(super) fn add(&mut self, sql: &'static str, args: impl Args) {
        renumber(sql, self.count, &mut self.sql);
        self.sql.push(';');
        for value in args.values() {
            value.add_to(&mut self.args);
            self.count += 1;
        }
    }

    /// All that waits, and behind it a statement that answers.
    pub(super) fn then(&mut self, sql: &'static str, args: impl Args) -> (SqlStr, SqliteArguments) {
        if self.sql.is_empty() {
            return (sql.into_sql_str(), arguments(args));
        }
        self.add(sql, args);
        let Self { sql, args, .. } = std::mem::take(self);
        // It was put together from static statements only.
        (AssertSqlSafe(sql).into_sql_str(), args)
    }
}

/// Appends a statement whose `$1` is the argument behind the first `before`.
fn renumber(sql: &str, before: usize, out: &mut String) {
    let mut pieces = sql.split('$');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        out.push('$');
        match number.parse::<usize>() {
            Ok(number) => out.push_str(&(number + before).to_string()),
            Err(_) => out.push_str(number),
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::renumber;

    #[test]
    fn arguments_of_a_later_statement_stand_behind_those_of_the_ones_before() {
        let mut sql = String::new();
        renumber("UPDATE t SET a = $2, b = $10 WHERE id = $1", 12, &mut sql);
        assert_eq!(sql, "UPDATE t SET a = $14, b = $22 WHERE id = $13");
    }
}

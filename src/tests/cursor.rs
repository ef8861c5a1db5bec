//! A viewer's place in a thread.

use crate::model::cursor::Cursor;
use proptest::prelude::*;

#[test]
fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
    assert_eq!(Cursor::parse("12.340"), Some(Cursor::new(12, 340)));
    for bad in ["", "12", "12.", ".3", "-1.0", "+1.0", "1.2.3", "a.b", "1 .2", "99999999999999999999.0"] {
        assert_eq!(Cursor::parse(bad), None, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn cursors_survive_their_text_and_are_ordered_by_event_then_by_byte(a in (0_i64.., 0_u64..), b in (0_i64.., 0_u64..)) {
        let (x, y) = (Cursor::new(a.0, a.1), Cursor::new(b.0, b.1));
        prop_assert_eq!(Cursor::parse(&x.to_string()), Some(x));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
    }
}

//! The reader's clock and zone.

use crate::model::when::Now;

/// What time it is here.
pub fn now() -> Now {
    let date = js_sys::Date::new_0();
    Now { at: date.get_time() as i64, offset_minutes: -date.get_timezone_offset() as i32 }
}

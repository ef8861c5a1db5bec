//! Calls whose input is being written.

use crate::model::thread_event::{ToolDraft, ToolInput};

/// Adds a piece. What does not continue what is held is let be: the whole call follows.
pub fn write(drafts: &mut Vec<ToolDraft>, piece: ToolInput) {
    let ToolInput { message_id, index, name, start, delta } = piece;
    match drafts.iter_mut().find(|draft| draft.message_id == message_id && draft.index == index) {
        Some(draft) if draft.input.len() == start => draft.input.push_str(&delta),
        Some(_) => {}
        None if start == 0 => drafts.push(ToolDraft { message_id, index, name, input: delta }),
        None => {}
    }
}

//! What the server answers to a decision, ahead of the event that tells everybody.

use super::Conversation;
use crate::{
    ids::MessageId,
    model::{
        message::Part,
        tool_call::{ToolCall, ToolState},
    },
};

impl Conversation {
    /// Shows a call as decided; answers the message that it belongs to. A call that does not wait any more is let be:
    /// events were quicker than the answer, and know more.
    pub fn decided(&mut self, decided: ToolCall) -> Option<MessageId> {
        for message in self.messages.iter_mut().rev() {
            for part in &mut message.parts {
                match part {
                    Part::ToolCall(call) if call.call_id == decided.call_id => {
                        let waits = call.state == ToolState::Waiting;
                        return waits.then(|| {
                            *call = decided;
                            message.id
                        });
                    }
                    _ => {}
                }
            }
        }
        None
    }
}

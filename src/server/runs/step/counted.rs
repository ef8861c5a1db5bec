//! What a call used: as its provider told it, as far as it did, else as we estimate it.

use super::{Spoken, StepEnd};
use crate::{
    model::provider::Usage,
    server::{runs::context::tokens, store::calls::Counted},
};

impl Spoken {
    /// A provider tells the output at its end only, or cumulatively while it speaks: of an answer that was cut off it may
    /// have told the input and next to no output. Where it told less than half of what arrived, what arrived is counted.
    pub fn counted(&self) -> (Usage, Counted) {
        let Some(told) = self.usage else { return (self.estimate(), Counted::Estimated) };
        let arrived = tokens(self.bytes_out);
        let output = told.output_tokens + told.reasoning_tokens;
        if matches!(self.end, StepEnd::Finished(_)) {
            (told, Counted::Reported)
        } else if output * 2 < arrived {
            (Usage { output_tokens: (arrived - told.reasoning_tokens).clamp(0, self.output_max), ..told }, Counted::Partial)
        } else {
            (told, if self.drained { Counted::Drained } else { Counted::Reported })
        }
    }

    /// Nothing where the provider refused before the first token.
    fn estimate(&self) -> Usage {
        if self.first_token_at.is_none() && matches!(self.end, StepEnd::Failed(_)) {
            return Usage::default();
        }
        Usage {
            input_tokens: tokens(self.bytes_in),
            output_tokens: tokens(self.bytes_out).min(self.output_max),
            ..Usage::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::models::{FinishReason, ModelError};

    fn spoken(end: StepEnd, usage: Option<Usage>, drained: bool) -> Spoken {
        let first_token_at = Some(5);
        Spoken {
            end,
            asked: Vec::new(),
            thoughts: None,
            text_bytes: 0,
            usage,
            drained,
            output_max: 2_048,
            bytes_in: 4_000,
            bytes_out: 2_000,
            started_at: 0,
            first_token_at,
            made: true,
        }
    }

    const START: Usage =
        Usage { input_tokens: 21, cache_read_tokens: 1_800, cache_write_tokens: 188, output_tokens: 1, reasoning_tokens: 0 };

    #[test]
    fn a_whole_answer_is_counted_as_it_was_told() {
        let whole = spoken(StepEnd::Finished(FinishReason::Stop), Some(START), false);
        assert_eq!(whole.counted(), (START, Counted::Reported));
    }

    #[test]
    fn a_stopped_answer_of_which_only_the_beginning_was_told_counts_what_arrived() {
        let (usage, counted) = spoken(StepEnd::Stopped, Some(START), true).counted();
        assert_eq!(counted, Counted::Partial);
        assert_eq!(usage, Usage { output_tokens: tokens(2_000), ..START });
        assert!(usage.output_tokens > 300 && counted.estimated());
    }

    #[test]
    fn a_stopped_answer_whose_provider_told_the_end_is_drained() {
        let told = Usage { output_tokens: 520, ..START };
        assert_eq!(spoken(StepEnd::Stopped, Some(told), true).counted(), (told, Counted::Drained));
        let cut = StepEnd::Failed(ModelError::CutOff { detail: String::new() });
        assert_eq!(spoken(cut, Some(told), false).counted(), (told, Counted::Reported));
    }

    #[test]
    fn without_a_word_of_the_provider_all_is_estimated_and_a_refusal_is_nothing() {
        let (usage, counted) = spoken(StepEnd::OutOfTime, None, false).counted();
        assert_eq!((usage.input_tokens, counted), (tokens(4_000), Counted::Estimated));
        let mut refused = spoken(StepEnd::Failed(ModelError::Unavailable { detail: String::new() }), None, false);
        refused.first_token_at = None;
        assert_eq!(refused.counted(), (Usage::default(), Counted::Estimated));
    }
}

//! Which token comes next: the likeliest, with a small penalty for what was said before. Without chance, so that the same
//! question has the same answer.

/// How much less likely a token of the recent output becomes: a small model loops without, and loses its grammar with more.
const PENALTY: f32 = 1.1;
/// How far back the penalty looks, in tokens.
const WINDOW: usize = 64;
/// The longest phrase whose repetition is noticed, in tokens.
const LONGEST_LOOP: usize = 32;
/// A phrase that fills this many tokens at the end, over and over, is a loop.
const LOOP_SPAN: usize = 96;

pub struct Sampler {
    /// Tokens that an answer may not have.
    pub forbidden: Vec<u32>,
    /// Tokens that end an answer; not allowed as its first, because silence is no answer.
    pub ends: Vec<u32>,
}

impl Sampler {
    /// The likeliest next token after `output`. The penalty follows Keskar et al. 2019 (CTRL), section 4.1.
    pub fn choose(&self, logits: &mut [f32], output: &[u32]) -> u32 {
        let ends = self.ends.iter().filter(|_| output.is_empty());
        for id in self.forbidden.iter().chain(ends) {
            set(logits, *id, |_| f32::NEG_INFINITY);
        }
        let mut recent = output[output.len().saturating_sub(WINDOW)..].to_vec();
        recent.sort_unstable();
        recent.dedup();
        for id in recent {
            set(logits, id, |logit| if logit > 0.0 { logit / PENALTY } else { logit * PENALTY });
        }
        likeliest(logits)
    }
}

/// Whether the output has begun to say one phrase again and again.
pub fn is_looping(output: &[u32]) -> bool {
    let Some(tail) = output.len().checked_sub(LOOP_SPAN).map(|start| &output[start..]) else { return false };
    (1..=LONGEST_LOOP).any(|period| tail[period..] == tail[..tail.len() - period])
}

fn set(logits: &mut [f32], id: u32, change: impl Fn(f32) -> f32) {
    if let Some(logit) = logits.get_mut(id as usize) {
        *logit = change(*logit);
    }
}

fn likeliest(logits: &[f32]) -> u32 {
    let mut best = (0, f32::NEG_INFINITY);
    for (id, logit) in (0..).zip(logits) {
        if *logit > best.1 {
            best = (id, *logit);
        }
    }
    best.0
}

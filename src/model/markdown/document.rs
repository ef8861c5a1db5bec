//! A text that grows: what is finished is rendered once, only the end is parsed again.

use std::sync::Arc;

use super::{
    block::slices,
    html::{self, Definition},
};

/// The rendered blocks of a text.
///
/// A block is *settled* once another block has begun below it on a complete line: nothing that is appended can change
/// it then, with one exception. A link definition (`[1]: https://…`) further down gives meaning to references above it;
/// when one arrives, all blocks are rendered again.
#[derive(Debug, Clone, Default)]
pub struct Document {
    source: String,
    /// Where the part of the source that may still change begins.
    tail: usize,
    /// How many of the blocks are settled.
    settled: usize,
    blocks: Vec<Arc<str>>,
    /// Definitions in the settled part, which stay, and all there are at the moment.
    kept: Vec<Definition>,
    /// Citations: definitions from outside of the text.
    citations: Vec<Definition>,
    definitions: Vec<Definition>,
}

impl Document {
    pub fn new(text: &str) -> Self {
        let mut document = Self::default();
        document.update(text);
        document
    }

    /// Gives `[1]` and the like their meaning, and tells whether that changed anything: then the next update renders all anew.
    pub fn cite(&mut self, citations: &[Definition]) -> bool {
        if self.citations == citations {
            return false;
        }
        *self = Self { kept: citations.to_vec(), citations: citations.to_vec(), ..Self::default() };
        true
    }

    pub fn blocks(&self) -> &[Arc<str>] {
        &self.blocks
    }

    /// Makes this the document of `text`, and tells the first block that may have changed.
    pub fn update(&mut self, text: &str) -> usize {
        let Some(more) = text.strip_prefix(self.source.as_str()) else {
            let citations = std::mem::take(&mut self.citations);
            *self = Self { kept: citations.clone(), citations, ..Self::default() };
            self.update(text);
            return 0;
        };
        self.source.push_str(more);
        // A definition at the end may still be growing, so those of the tail are read anew each time.
        let definitions = html::definitions(&self.kept, &self.source[self.tail..]);
        let changed = definitions != self.definitions;
        self.definitions = definitions;
        if changed {
            (self.tail, self.settled) = (0, 0);
            self.kept.clone_from(&self.citations);
        }
        let first = self.settled;
        self.blocks.truncate(first);
        self.settle();
        self.render_tail();
        first
    }

    /// Renders what became final. Lines that are not complete cannot be trusted: "```" may become "```a`b".
    fn settle(&mut self) {
        let tail = &self.source[self.tail..];
        let complete = &tail[..tail.rfind('\n').map_or(0, |end| end + 1)];
        let Some((_, finished)) = slices(complete).split_last().map(|(last, finished)| (last.clone(), finished.to_vec())) else {
            return;
        };
        for range in &finished {
            self.blocks.push(html::render(&complete[range.clone()], &self.definitions).into());
        }
        let end = finished.last().map_or(0, |range| range.end);
        self.kept = html::definitions(&self.kept, &complete[..end]);
        self.tail += end;
        self.settled = self.blocks.len();
    }

    fn render_tail(&mut self) {
        let tail = &self.source[self.tail..];
        for range in slices(tail) {
            self.blocks.push(html::render(&tail[range], &self.definitions).into());
        }
    }
}

//! The lists of full text: which passages have a word, how often, and how long they are.
//!
//! A list is cut into blocks of [`BLOCK`] passage ids. An entry is five bytes: the place in the block (u16, little-endian),
//! how often the word stands in the passage (u8, at most 255), the passage's length in words (u16, at most 65,535). Entries
//! are of one size and stand alone, so that a list grows by appending, and is read without decoding what stands before.

use std::collections::BTreeMap;

/// Passage ids in one block.
pub const BLOCK: i64 = 4096;

const ENTRY: usize = 5;

/// What a passage brings into the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    pub id: i64,
    pub words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The passage's place in its block.
    pub offset: u16,
    pub count: u8,
    pub length: u16,
}

impl Entry {
    fn bytes(self) -> [u8; ENTRY] {
        let ([a, b], [d, e]) = (self.offset.to_le_bytes(), self.length.to_le_bytes());
        [a, b, self.count, d, e]
    }
}

/// The entries of one list, in one block.
pub fn entries(list: &[u8]) -> impl ExactSizeIterator<Item = Entry> {
    list.chunks_exact(ENTRY).map(|bytes| Entry {
        offset: u16::from_le_bytes([bytes[0], bytes[1]]),
        count: bytes[2],
        length: u16::from_le_bytes([bytes[3], bytes[4]]),
    })
}

/// How many entries a list has.
pub fn len(list: &[u8]) -> usize {
    list.len() / ENTRY
}

/// New entries by block, then by word.
pub fn lists(passages: &[Indexed]) -> BTreeMap<i64, BTreeMap<&str, Vec<u8>>> {
    let mut blocks: BTreeMap<i64, BTreeMap<&str, Vec<u8>>> = BTreeMap::new();
    for passage in passages {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in &passage.words {
            *counts.entry(word).or_default() += 1;
        }
        let (offset, length) = (offset(passage.id), length(passage));
        let block = blocks.entry(block(passage.id)).or_default();
        for (word, count) in counts {
            let entry = Entry { offset, count: count.min(usize::from(u8::MAX)) as u8, length };
            block.entry(word).or_default().extend(entry.bytes());
        }
    }
    blocks
}

/// The list without these places.
pub fn without(list: &[u8], gone: &[u16]) -> Vec<u8> {
    entries(list).filter(|entry| !gone.contains(&entry.offset)).flat_map(Entry::bytes).collect()
}

pub fn block(id: i64) -> i64 {
    id.div_euclid(BLOCK)
}

pub fn offset(id: i64) -> u16 {
    id.rem_euclid(BLOCK) as u16
}

/// As it is kept: totals are sums of these, so that they come out at zero again.
pub fn length(passage: &Indexed) -> u16 {
    passage.words.len().min(usize::from(u16::MAX)) as u16
}

//! Ranking by words, beside the formula written out.

use crate::server::knowledge::{
    bm25::{Certain, Piece, Totals, rank},
    postings::{BLOCK, Indexed, lists, without},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn pieces(passages: &[Indexed], words: &[String]) -> Vec<Piece> {
    let all = lists(passages);
    let found = |block: i64, lists: &BTreeMap<&str, Vec<u8>>| {
        let of = |(word, name): (usize, &String)| Some(Piece { word, block, entries: lists.get(name.as_str())?.clone() });
        words.iter().enumerate().filter_map(of).collect::<Vec<_>>()
    };
    all.iter().flat_map(|(block, lists)| found(*block, lists)).collect()
}

fn totals(passages: &[Indexed]) -> Totals {
    Totals { chunks: passages.len() as i64, words: passages.iter().map(|one| one.words.len() as i64).sum() }
}

/// As the paper has it, passage by passage.
fn by_hand(passages: &[Indexed], words: &[String]) -> Vec<(i64, f64)> {
    let mean = passages.iter().map(|one| one.words.len()).sum::<usize>() as f64 / passages.len() as f64;
    let idf = |word: &String| {
        let n = passages.iter().filter(|one| one.words.contains(word)).count() as f64;
        (1.0 + (passages.len() as f64 - n + 0.5) / (n + 0.5)).ln()
    };
    let score = |one: &Indexed| {
        let length = 1.2 * (0.25 + 0.75 * one.words.len() as f64 / mean.max(1.0));
        let of = |word: &String| {
            let count = one.words.iter().filter(|other| *other == word).count() as f64;
            idf(word) * count * 2.2 / (count + length)
        };
        words.iter().map(of).sum::<f64>()
    };
    passages.iter().map(|one| (one.id, score(one))).filter(|(_, score)| *score > 0.0).collect()
}

fn passages() -> impl Strategy<Value = Vec<Indexed>> {
    let word = "[a-e]{1,2}";
    // Ids of several blocks.
    let passage = (0..3 * BLOCK, proptest::collection::vec(word, 1..20));
    proptest::collection::btree_map(0..3 * BLOCK, passage, 1..40)
        .prop_map(|all| all.into_iter().map(|(id, (_, words))| Indexed { id, words }).collect())
}

proptest! {
    #[test]
    fn scores_are_those_of_the_formula(passages in passages(), words in proptest::collection::btree_set("[a-e]{1,2}", 1..6)) {
        let words: Vec<String> = words.into_iter().collect();
        let mut expected = by_hand(&passages, &words);
        expected.sort_by(|a, b| b.1.total_cmp(&a.1));
        let ids: Vec<i64> = passages.iter().map(|one| one.id).collect();
        let ranking = rank(pieces(&passages, &words), words.len(), totals(&passages), 10, Certain { also: &ids, hidden: &[] });
        prop_assert_eq!(ranking.hits.len(), expected.len().min(10));
        for (hit, (_, score)) in ranking.hits.iter().zip(&expected) {
            prop_assert!((f64::from(hit.score) - score).abs() < 1e-3, "{} is not {}", hit.score, score);
        }
        prop_assert!(ranking.hits.iter().all(|hit| hit.score <= ranking.bound));
        // What was asked about has the scores that a complete ranking has.
        prop_assert_eq!(ranking.also.len(), expected.len());
        let known: BTreeMap<i64, f64> = expected.into_iter().collect();
        for hit in &ranking.also {
            prop_assert!((f64::from(hit.score) - known[&hit.id]).abs() < 1e-3);
        }
    }

    #[test]
    fn hidden_passages_take_no_place(passages in passages(), words in proptest::collection::btree_set("[a-e]{1,2}", 1..6), every in 1_usize..5) {
        let words: Vec<String> = words.into_iter().collect();
        let hidden: Vec<i64> = passages.iter().step_by(every).map(|one| one.id).collect();
        let ask = |limit, hidden| {
            rank(pieces(&passages, &words), words.len(), totals(&passages), limit, Certain { also: &[], hidden }).hits
        };
        let mut expected = ask(1_000, &[]);
        expected.retain(|hit| !hidden.contains(&hit.id));
        expected.truncate(3);
        prop_assert_eq!(ask(3, &hidden), expected);
    }

    #[test]
    fn what_is_taken_out_of_a_list_leaves_the_rest_as_it_was(passages in passages(), cut in 0_usize..40) {
        let cut = cut.min(passages.len());
        let (gone, left) = passages.split_at(cut);
        let expected = lists(left);
        for (block, words) in lists(&passages) {
            let offsets: Vec<u16> = gone.iter().filter(|one| one.id.div_euclid(BLOCK) == block).map(|one| one.id.rem_euclid(BLOCK) as u16).collect();
            for (word, list) in words {
                let rest = expected.get(&block).and_then(|words| words.get(word)).cloned().unwrap_or_default();
                prop_assert_eq!(without(&list, &offsets), rest);
            }
        }
    }
}

//! One ranking from two.

use crate::server::knowledge::{
    fusion::{Candidate, Scale, candidates, fuse},
    top::{Hit, Top},
};
use proptest::prelude::*;

const SCALE: Scale = Scale { bound: 20.0, words: 6, vectors: 1000, mean: 0.1, spread: 0.1 };

fn some() -> impl Strategy<Value = Vec<Candidate>> {
    let score = |most: f32| proptest::option::of(0.0..most);
    proptest::collection::btree_map(0_i64..500, (score(20.0), score(1.0)), 0..60)
        .prop_map(|all| all.into_iter().map(|(id, (words, likeness))| Candidate { id, words, likeness }).collect())
}

proptest! {
    #[test]
    fn everything_comes_once_and_relevance_never_rises(candidates in some()) {
        let fused = fuse(&candidates, SCALE);
        let mut ids: Vec<i64> = fused.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        prop_assert_eq!(ids, candidates.iter().map(|one| one.id).collect::<Vec<_>>());
        prop_assert!(fused.iter().all(|one| (0.0..=1.0).contains(&one.relevance)));
        prop_assert!(fused.windows(2).all(|pair| pair[0].relevance >= pair[1].relevance));
    }

    #[test]
    fn the_order_of_the_candidates_makes_no_difference(candidates in some().prop_shuffle()) {
        let mut sorted = candidates.clone();
        sorted.sort_by_key(|one| one.id);
        prop_assert_eq!(fuse(&candidates, SCALE), fuse(&sorted, SCALE));
    }

    #[test]
    fn with_one_of_the_two_its_order_stays(candidates in some()) {
        for keep_words in [true, false] {
            let keep = |one: &Candidate| match keep_words {
                true => Candidate { likeness: None, ..*one },
                false => Candidate { words: None, ..*one },
            };
            let score = |one: &Candidate| one.words.or(one.likeness);
            let some: Vec<Candidate> = candidates.iter().map(keep).filter(|one| score(one).is_some()).collect();
            let by_id = |id: i64| some.iter().find(|one| one.id == id).and_then(score).unwrap();
            let fused = fuse(&some, SCALE);
            prop_assert!(fused.windows(2).all(|pair| by_id(pair[0].id) >= by_id(pair[1].id) - 1e-4));
        }
    }

    #[test]
    fn what_is_better_in_both_is_better(candidates in some()) {
        let fused = fuse(&candidates, SCALE);
        let place = |id: i64| fused.iter().position(|one| one.id == id).unwrap();
        for a in &candidates {
            for b in &candidates {
                let (Some(aw), Some(al), Some(bw), Some(bl)) = (a.words, a.likeness, b.words, b.likeness) else { continue };
                prop_assert!(!(aw > bw + 1e-3 && al > bl + 1e-3) || place(a.id) < place(b.id));
            }
        }
    }

    #[test]
    fn models_whose_cosines_lie_elsewhere_rank_the_same(candidates in some(), shift in -0.5_f32..0.5, stretch in 0.2_f32..3.0) {
        let moved: Vec<Candidate> = candidates
            .iter()
            .map(|one| Candidate { likeness: one.likeness.map(|likeness| likeness * stretch + shift), ..*one })
            .collect();
        let scale = Scale { mean: SCALE.mean * stretch + shift, spread: SCALE.spread * stretch, ..SCALE };
        // Rounding may swap what is all but equal: the score at each place is compared, by the first scale.
        let score = |id: i64| candidates.iter().find(|one| one.id == id).map(|one| {
            let z = one.likeness.map_or(0.0, |likeness| (likeness - SCALE.mean) / SCALE.spread);
            z + 2.0 * (2.0 * 1000_f32.ln()).sqrt() * one.words.unwrap_or(0.0) / 20.0
        }).unwrap();
        for (a, b) in fuse(&candidates, SCALE).iter().zip(fuse(&moved, scale)) {
            prop_assert!((score(a.id) - score(b.id)).abs() < 1e-2, "{} {}", score(a.id), score(b.id));
        }
    }

    #[test]
    fn the_best_few_are_the_first_of_all(scores in proptest::collection::vec(-100_i32..100, 0..200), limit in 0_usize..30) {
        let mut top = Top::new(limit);
        let mut all: Vec<Hit> = (0..).zip(&scores).map(|(id, score)| Hit { id, score: *score as f32 }).collect();
        all.iter().for_each(|hit| top.offer(hit.id, hit.score));
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        all.truncate(limit);
        prop_assert_eq!(top.best(), all);
    }
}

#[test]
fn either_list_brings_candidates() {
    let mut found = candidates(&[Hit { id: 1, score: 3.0 }, Hit { id: 2, score: 1.0 }], &[Hit { id: 2, score: 0.5 }]);
    found.sort_by_key(|one| one.id);
    let one = Candidate { id: 1, words: Some(3.0), likeness: None };
    let two = Candidate { id: 2, words: Some(1.0), likeness: Some(0.5) };
    assert_eq!(found, [one, two]);
}

#[test]
fn a_word_that_hardly_counts_does_not_outrank_what_is_clearly_meant() {
    let meant = Candidate { id: 1, words: None, likeness: Some(0.6) };
    let by_chance = Candidate { id: 2, words: Some(2.0), likeness: Some(0.15) };
    assert_eq!(fuse(&[by_chance, meant], Scale { words: 4, ..SCALE })[0].id, 1);
}

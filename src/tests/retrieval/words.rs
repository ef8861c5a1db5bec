//! Texts as words.

use crate::server::knowledge::{
    passage::is_cut_from,
    words::{of_query, of_text},
};
use proptest::prelude::*;

#[test]
fn words_lose_case_diacritics_and_endings() {
    assert_eq!(of_text("The Résumés were CONNECTED to connections."), ["resum", "were", "connect", "connect"]);
    assert_eq!(of_text("ﬁle naïve Straße"), ["file", "naiv", "straße"]);
}

/// From the examples of Porter's paper.
#[test]
fn stems_are_those_of_the_paper() {
    let pairs = [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "ti"),
        ("cats", "cat"),
        ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("bled", "bled"),
        ("motoring", "motor"),
        ("sing", "sing"),
        ("conflated", "conflat"),
        ("troubled", "troubl"),
        ("sized", "size"),
        ("hopping", "hop"),
        ("tanned", "tan"),
        ("falling", "fall"),
        ("hissing", "hiss"),
        ("fizzed", "fizz"),
        ("failing", "fail"),
        ("filing", "file"),
        ("happy", "happi"),
        ("sky", "sky"),
        ("relational", "relat"),
        ("conditional", "condit"),
        ("rational", "ration"),
        ("digitizer", "digit"),
        ("vietnamization", "vietnam"),
        ("predication", "predic"),
        ("operator", "oper"),
        ("feudalism", "feudal"),
        ("decisiveness", "decis"),
        ("hopefulness", "hope"),
        ("callousness", "callous"),
        ("formality", "formal"),
        ("sensitivity", "sensit"),
        ("triplicate", "triplic"),
        ("formative", "form"),
        ("electrical", "electr"),
        ("goodness", "good"),
        ("revival", "reviv"),
        ("allowance", "allow"),
        ("inference", "infer"),
        ("airliner", "airlin"),
        ("adjustable", "adjust"),
        ("replacement", "replac"),
        ("adoption", "adopt"),
        ("homologous", "homolog"),
        ("effective", "effect"),
        ("probate", "probat"),
        ("rate", "rate"),
        ("cease", "ceas"),
        ("controlling", "control"),
        ("radiology", "radiolog"),
        ("radiological", "radiolog"),
        ("possibly", "possibl"),
        ("1950s", "1950"),
        ("rolling", "roll"),
    ];
    for (word, stem) in pairs {
        assert_eq!(of_text(word), [stem], "{word}");
    }
}

#[test]
fn questions_are_looked_up_by_what_they_ask_about() {
    assert_eq!(of_query("How do I reset my password?"), ["reset", "my", "password"]);
    assert_eq!(of_query("what is what?"), ["what"], "a query of nothing else is taken as it is");
    assert_eq!(of_query("brakes brake braking"), ["brake"], "each word once");
}

#[test]
fn scripts_without_spaces_come_as_pairs() {
    assert_eq!(of_text("自転車の鍵"), ["自転", "転車", "車の", "の鍵"]);
}

proptest! {
    #[test]
    fn any_text_has_words_that_are_short_and_stay_the_same(text in any::<String>()) {
        for word in of_text(&text) {
            prop_assert!(!word.is_empty() && word.len() <= 64);
        }
        prop_assert_eq!(of_text(&text), of_text(&text));
    }
}

#[test]
fn a_title_is_cut_from_a_text_whose_first_line_goes_on_behind_it() {
    let text = "Changes of the nucleic acid levels of the\nlivers in the course of development. We followed these.";
    for (title, cut) in [
        ("Changes of the nucleic acid levels of the livers in the", true),
        ("Changes of the nucleic acid levels of the livers in the course of develop", true),
        ("Changes of the nucleic acid levels of the", false),
        ("Changes of the nucleic", false),
        ("Changes of the nucleic acids of livers in the course", false),
        ("Changes of the nucleic acid levels of the livers in the course of development. We followed these.", false),
    ] {
        assert_eq!(is_cut_from(title, text), cut, "{title}");
    }
    assert!(!is_cut_from("A title of its own that is as long as any of them", ""));
}

#[test]
fn a_real_title_in_front_of_its_text_is_not_cut_from_it() {
    let title = "Changes of the nucleic acid levels of the livers";
    for (behind, cut) in [
        (". First we looked at rats.", false),
        (" . First we looked at rats.", false),
        (": a study of rats", false),
        ("  \r\nFirst we looked at rats.", false),
        ("\t\n\nFirst", false),
        ("\u{2028}First", false),
        ("   ", false),
        (" in the course of development", true),
        (", and of the kidneys", true),
    ] {
        assert_eq!(is_cut_from(title, &format!("{title}{behind}")), cut, "{behind:?}");
    }
    let whole = format!("{title} change.");
    assert!(!is_cut_from(&whole, &format!("{whole} So do those of the kidneys.")), "a whole sentence is not cut");
}

//! `[1]` in an answer: a link to the passage where there is one, and text where there is not.

use crate::model::markdown::{Definition, Document};

fn rendered(text: &str) -> String {
    let mut document = Document::default();
    let cite = |number: usize| Definition {
        label: number.to_string(),
        destination: format!("/g/ours/knowledge/{number}?start=0&end=9#passage"),
        hint: Some(format!("Book {number} — “so”")),
    };
    document.cite(&[cite(1), cite(2)]);
    document.update(text);
    document.blocks().iter().map(|block| block.to_string()).collect()
}

fn link(number: usize) -> String {
    format!(
        r#"<a class="cite" href="/g/ours/knowledge/{number}?start=0&amp;end=9#passage" title="Book {number} — “so”">{number}</a>"#
    )
}

#[test]
fn numbers_of_passages_are_links_to_them() {
    assert_eq!(rendered("At dawn [1]."), format!("<p>At dawn {}.</p>\n", link(1)));
    assert_eq!(rendered("So [1] [2]."), format!("<p>So {} {}.</p>\n", link(1), link(2)));
    assert_eq!(rendered("So [1][2]."), format!("<p>So {}{}.</p>\n", link(1), link(2)));
    assert_eq!(rendered("So [1][2][1]!"), format!("<p>So {}{}{}!</p>\n", link(1), link(2), link(1)));
    assert_eq!(rendered("* [2]"), format!("<ul>\n<li>{}</li>\n</ul>\n", link(2)));
}

#[test]
fn other_numbers_and_code_are_text() {
    assert_eq!(rendered("So [3]."), "<p>So [3].</p>\n");
    assert_eq!(rendered("`a[1]`"), "<p><code>a[1]</code></p>\n");
    assert!(!rendered("```\na[1]\n```").contains("cite"));
}

#[test]
fn a_text_cannot_make_a_link_into_the_server_by_itself() {
    for text in
        ["[x](/g/ours/settings)", "[x]\n\n[x]: /g/ours/settings \"hint\"", "[x][y]\n\n[y]: /g/ours \"hint\"", "[1](/g/ours)"]
    {
        assert!(!rendered(text).contains("href"), "{text}: {}", rendered(text));
    }
}

#[test]
fn a_text_that_was_cited_late_or_grows_reads_the_same() {
    let text = "One [1].\n\nTwo [2][1].\n\n```\n[1]\n```\n\nEnd [2]";
    let whole = rendered(text);
    let mut late = Document::new(text);
    let known = |number: usize| Definition {
        label: number.to_string(),
        destination: format!("/g/ours/knowledge/{number}?start=0&end=9#passage"),
        hint: Some(format!("Book {number} — “so”")),
    };
    assert!(late.cite(&[known(1), known(2)]));
    late.update(text);
    assert_eq!(late.blocks().iter().map(|block| block.to_string()).collect::<String>(), whole);
    let mut growing = Document::default();
    growing.cite(&[known(1), known(2)]);
    for (at, _) in text.char_indices() {
        growing.update(&text[..at]);
    }
    growing.update(text);
    assert_eq!(growing.blocks().iter().map(|block| block.to_string()).collect::<String>(), whole);
}

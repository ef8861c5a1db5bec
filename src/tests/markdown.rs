//! Markdown: safe whatever is written, and the same in pieces as in one.

use crate::model::markdown::{Document, render, slices};
use proptest::prelude::*;
use std::collections::HashSet;

/// A sanitiser that lets through exactly what the renderer is meant to write.
fn sanitiser() -> ammonia::Builder<'static> {
    let tags: HashSet<&str> =
        "p h3 h4 h5 h6 blockquote div pre code ul ol li table thead tbody tr th td em strong del a br hr span button"
            .split(' ')
            .collect();
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(tags)
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .generic_attributes(HashSet::from(["class"]))
        .add_tag_attributes("a", &["href", "target", "rel"])
        .add_tag_attributes("div", &["tabindex", "role", "aria-label"])
        .add_tag_attributes("span", &["role", "aria-label"])
        .add_tag_attributes("pre", &["tabindex"])
        .add_tag_attributes("ol", &["start"])
        .add_tag_attributes("button", &["type", "data-copy"]);
    builder
}

/// Two pieces of HTML mean the same when they are the same but for how characters are escaped and how lines end.
fn plain(html: &str) -> String {
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    html.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

fn assert_safe(text: &str) {
    let html = render(text);
    assert_eq!(plain(&sanitiser().clean(&html).to_string()), plain(&html), "the sanitiser changed {text:?}");
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "<div onclick=\"x()\">\n\n**bold**\n\n</div>",
    "<svg/onload=alert(1)>",
    "<!-- <script>x</script> -->",
    "<?php x ?>\n<!DOCTYPE html>\n<![CDATA[<script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/g/other)",
    "[x](https://a.example/\" onmouseover=\"alert(1))",
    "[x](https://a.example 'title\" onmouseover=\"alert(1)')",
    "[x](<https://a.example/'><script>alert(1)</script>>)",
    "<javascript:alert(1)>",
    "<https://a.example/?q=<script>>",
    "![x](https://a.example/pixel.png)",
    "![x](javascript:alert(1) \"onerror=x\")",
    "[![x](https://a.example/i.png)](https://b.example)",
    "![a [b](https://c.example) d](https://a.example)",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a]: https://x.example \"\\\" onclick=x\"\n\n[a] and [b][a]",
    "```\"><script>alert(1)</script>\ncode\n```",
    "```js onload=x\n</code></pre><script>alert(1)</script>\n```",
    "    </code><script>alert(1)</script>",
    "`</code><script>`",
    "| a | b |\n|:-:|--:|\n| <script> | [x](javascript:1) |\n| `|` | <b>y</b> |",
    "- [ ] <b>x</b>\n- [x] y",
    "# <script>\n\n<h1>x",
    "a\\\n<br>b  \nc",
    "&lt;script&gt; &amp; &copy; &#0; &#x1F600;",
    "mail <me@example.org>",
    "<style>*{display:none}</style>",
    "<a href=\"javascript:x\">y</a>",
    "<textarea><script>\n\n</textarea>",
];

#[test]
fn nothing_hostile_comes_through() {
    for text in HOSTILE {
        assert_safe(text);
        let html = render(text).to_lowercase();
        for forbidden in
            ["<script", "<img", "<svg", "<style", "<!", "<textarea", "<a href=\"javascript", "<a href=\"data", "<a href=\"/"]
        {
            assert!(!html.contains(forbidden), "{forbidden} came out of {text:?}: {html}");
        }
    }
}

#[test]
fn links_lead_to_the_web_in_a_new_tab_and_images_become_links() {
    let a = r#"<a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">x</a>"#;
    assert_eq!(render("[x](https://a.example)"), format!("<p>{a}</p>\n"));
    assert_eq!(render("![x](https://a.example)"), format!("<p>{a}</p>\n"));
    assert_eq!(render("[x](javascript:alert(1))"), "<p>x</p>\n");
    assert!(render("<me@example.org>").contains(r#"href="mailto:me@example.org""#));
}

#[test]
fn an_address_is_a_link_when_its_host_can_be_one() {
    let hosts = ["a.example", "localhost:3000", "127.0.0.1", "[::1]:8080", "bücher.example", "a-b_c.example.", "a.example?q=@x"];
    for host in hosts {
        assert!(render(&format!("<https://{host}>")).contains("href="), "{host}");
    }
    for host in
        ["", "c.example~~[x](https:", "me@a.example", "bank.example:@evil.example", "1.2.3.999", "a.example:99999", "[x]", "/a"]
    {
        let html = render(&format!("[x](<https://{host}>)"));
        assert!(!html.contains("href="), "{host}: {html}");
    }
}

#[test]
fn what_people_write_looks_as_they_mean_it() {
    assert_eq!(render("# Title"), "<h3>Title</h3>\n");
    assert_eq!(render("a<b>c"), "<p>a&lt;b&gt;c</p>\n");
    assert_eq!(render("~~old~~ *new* **now**"), "<p><del>old</del> <em>new</em> <strong>now</strong></p>\n");
    assert!(render("```rust,ignore\nfn x() {}\n```").contains("<span>rust</span>"));
    assert!(render("- [x] done").contains(r#"role="img" aria-label="Done""#));
    let table = render("|a|b|\n|-|-:|\n|1|2|");
    assert!(table.contains(
        r#"<thead><tr><th>a</th><th class="end">b</th></tr></thead><tbody><tr><td>1</td><td class="end">2</td></tr></tbody>"#
    ));
    assert!(!table.contains("style="));
}

#[test]
fn the_last_block_alone_is_rendered_again() {
    let mut document = Document::new("# One\n\nTwo is a paragraph\n\n- three\n");
    let before = document.blocks().to_vec();
    assert_eq!(before.len(), 3);
    let first = document.update("# One\n\nTwo is a paragraph\n\n- three\n- four");
    assert_eq!(first, 2);
    assert!(std::sync::Arc::ptr_eq(&before[1], &document.blocks()[1]));
    assert_eq!(document.blocks()[2].matches("<li>").count(), 2);
}

#[test]
fn a_definition_at_the_end_gives_meaning_to_what_stands_above() {
    let text = "See [the book][1].\n\nAnd more.\n\n[1]: https://a.example/book\n";
    let mut document = Document::default();
    for end in 0..=text.len() {
        document.update(&text[..end]);
    }
    assert!(document.blocks()[0].contains(r#"<a href="https://a.example/book""#), "{:?}", document.blocks());
    assert_eq!(document.blocks().concat(), render(text));
}

/// Text that is likely to be Markdown.
fn markdown() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b ",
        "word",
        "\n",
        "\n\n",
        "\n",
        " ",
        "  ",
        "    ",
        "\t",
        "# ",
        "- ",
        "* ",
        "1. ",
        "2) ",
        "> ",
        "```",
        "```js\n",
        "~~~",
        "`",
        "*",
        "**",
        "_",
        "~~",
        "---",
        "===",
        "|",
        "|-|-|\n",
        "| a | b |\n",
        "[",
        "]",
        "(",
        ")",
        "[x](https://a.example)",
        "![i](http://b.example)",
        "<",
        ">",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "<script>",
        "\\",
        "&amp;",
        "&",
        "- [ ] ",
        "é",
        "😀",
        "\r\n",
        "\"",
        "javascript:",
        "https://c.example",
        ":",
        "!",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_safe(text in "\\PC{0,200}") {
        assert_safe(&text);
    }

    #[test]
    fn any_markdown_is_safe(text in markdown()) {
        assert_safe(&text);
    }

    /// Link definitions are left out here: they reach from block to block, and have a test of their own.
    #[test]
    fn blocks_join_to_the_whole(text in markdown()) {
        prop_assume!(!text.contains("]:"));
        let pieces: String = slices(&text).into_iter().map(|range| render(&text[range])).collect();
        prop_assert_eq!(pieces, render(&text));
    }

    #[test]
    fn a_text_that_grows_looks_at_every_moment_as_if_it_had_come_at_once(text in markdown(), cuts in prop::collection::vec(0.0..1.0_f64, 0..12)) {
        let mut ends: Vec<usize> = cuts.iter().map(|cut| (cut * text.len() as f64) as usize).filter(|end| text.is_char_boundary(*end)).collect();
        ends.push(text.len());
        ends.sort_unstable();
        let mut document = Document::default();
        for end in ends {
            document.update(&text[..end]);
            prop_assert_eq!(document.blocks().concat(), Document::new(&text[..end]).blocks().concat());
            if !text.contains("]:") {
                prop_assert_eq!(document.blocks().concat(), render(&text[..end]));
            }
        }
    }
}

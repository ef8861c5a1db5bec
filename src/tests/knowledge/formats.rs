//! Each format's text, as members will find it.

use super::samples;
use crate::{
    error::AppError,
    model::document::DocumentKind,
    server::knowledge::{
        detect,
        extract::{Unreadable, extract},
    },
};

fn text(kind: DocumentKind, bytes: &[u8]) -> String {
    extract(kind, bytes).unwrap().text
}

#[test]
fn text_and_markdown_are_kept_as_they_are() {
    let markdown = "# Beans\n\n* warm\n* *wet*\n";
    assert_eq!(text(DocumentKind::Markdown, markdown.as_bytes()), markdown);
    assert_eq!(text(DocumentKind::Text, "één\r\ntwo\rthree".as_bytes()), "één\ntwo\nthree");
}

#[test]
fn old_encodings_are_read() {
    assert_eq!(text(DocumentKind::Text, b"Caf\xe9 \x80 5"), "Café € 5");
    assert_eq!(text(DocumentKind::Text, b"\xff\xfeH\0i\0"), "Hi");
    let page = b"<meta charset=\"iso-8859-2\"><p>\xe8a";
    assert_eq!(text(DocumentKind::Html, page), "ča");
}

#[test]
fn a_web_page_keeps_what_is_read_with_its_headings() {
    let page = "<!DOCTYPE html><html><head><title>The  garden &amp; us</title><style>p { color: red }</style></head><body>\
        <nav><a href=/>Home</a></nav><script>if (1 < 2) { document.write('<p>no') }</script>\
        <h1>Beans</h1><p>Beans want <b>warmth</b>,\n not&nbsp;rain.</p><h2>Sowing</h2><ul><li>In May<li>In rows</ul>\
        <table><tr><th>When<th>What</tr><tr><td>May</td><td>Sow</td></tr></table><pre>a\n  b</pre>end</body></html>";
    let extracted = extract(DocumentKind::Html, page.as_bytes()).unwrap();
    assert_eq!(extracted.title.as_deref(), Some("The garden & us"));
    let lines: Vec<&str> = extracted.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let expected = ["# Beans", "Beans want warmth, not rain.", "## Sowing", "- In May", "- In rows"];
    assert_eq!(lines[..5], expected);
    assert!(extracted.text.contains("When | What\nMay | Sow"), "{}", extracted.text);
    assert!(extracted.text.contains("a\n  b"), "{}", extracted.text);
    assert!(extracted.text.ends_with("\n\nend"), "{:?}", extracted.text);
    for gone in ["Home", "color", "no"] {
        assert!(!extracted.text.contains(&format!("{gone}'")) && !lines.contains(&gone), "{gone}");
    }
}

#[test]
fn depth_costs_nothing() {
    let page = format!("{}deep{}", "<div>".repeat(300_000), "</div>".repeat(300_000));
    assert_eq!(text(DocumentKind::Html, page.as_bytes()), "deep");
}

#[test]
fn a_pdf_is_read_line_by_line() {
    let pdf = samples::pdf(&["Beans want warmth.", "Water them at dawn."]);
    let text = text(DocumentKind::Pdf, &pdf);
    assert!(text.contains("Beans want warmth.") && text.contains("Water them at dawn."), "{text:?}");
}

#[test]
fn a_pdf_without_text_says_that_it_may_be_a_scan() {
    let Err(Unreadable(why)) = extract(DocumentKind::Pdf, &samples::pdf(&[])) else { panic!("it has no text") };
    assert!(why.contains("scans"), "{why}");
}

#[test]
fn a_word_document_keeps_headings_paragraphs_and_tables() {
    let body = r#"<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>Sowing</w:t></w:r></w:p>
        <w:p><w:r><w:t xml:space="preserve">Beans &amp; </w:t></w:r><w:r><w:t>peas</w:t><w:br/><w:t>in May</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>When</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>What</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        <w:p><w:r><w:delText>gone</w:delText><w:t>The</w:t><w:tab/><w:t>End</w:t></w:r></w:p>"#;
    assert_eq!(text(DocumentKind::Docx, &samples::docx(body)), "## Sowing\n\nBeans & peas\nin May\n\nWhen | What\n\nThe\tEnd");
}

/// As Word in German and in French writes them: ids are translated, names and levels are not.
#[test]
fn word_headings_are_found_in_every_language() {
    let styles = r#"
        <w:style w:type="paragraph" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
        <w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:basedOn w:val="Standard"/></w:style>
        <w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:basedOn w:val="Standard"/></w:style>
        <w:style w:type="paragraph" w:styleId="Titre3"><w:name w:val="titre de la maison"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:basedOn w:val="berschrift2"/></w:style>
        <w:style w:type="paragraph" w:styleId="Bild"><w:name w:val="Bild"/><w:basedOn w:val="berschrift2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="Kreis"><w:name w:val="Kreis"/><w:basedOn w:val="Kreis"/></w:style>"#;
    let paragraph =
        |style: &str| format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{style}</w:t></w:r></w:p>"#);
    let ids = ["Titel", "berschrift2", "Titre3", "Kapitel", "Bild", "Kreis", "Standard", "Heading4"];
    let body: String = ids.into_iter().map(paragraph).collect();
    assert_eq!(
        text(DocumentKind::Docx, &samples::styled_docx(styles, &body)),
        "# Titel\n\n## berschrift2\n\n### Titre3\n\n## Kapitel\n\nBild\n\nKreis\n\nStandard\n\n#### Heading4"
    );
}

#[test]
fn rows_name_their_columns() {
    let table = "Plant;Month;Note\nBeans;May;\"warm;\ndry\"\n;June;\n";
    assert_eq!(text(DocumentKind::Csv, table.as_bytes()), "Plant: Beans; Month: May; Note: warm; dry\nMonth: June\n");
    assert_eq!(text(DocumentKind::Csv, b"a,b\n1,2,3\n"), "a: 1; b: 2; 3\n");
}

#[test]
fn json_keeps_its_order_and_its_numbers() {
    let json = r#"{"z":[1.10,{}, []],"a":"x\"[,]"}"#;
    assert_eq!(
        text(DocumentKind::Json, json.as_bytes()),
        "{\n  \"z\": [\n    1.10,\n    {},\n    []\n  ],\n  \"a\": \"x\\\"[,]\"\n}"
    );
    let Err(Unreadable(why)) = extract(DocumentKind::Json, b"{\"a\":\n oops}") else { panic!("it is no JSON") };
    assert!(why.contains("line 2"), "{why}");
}

#[test]
fn what_a_file_is_shows_in_its_first_bytes_and_then_in_its_name() {
    let kind = |bytes: &[u8], name: &str| detect::kind(bytes, Some(name), None);
    assert_eq!(kind(&samples::pdf(&["a"]), "a.txt"), Ok(DocumentKind::Pdf));
    assert_eq!(kind(&samples::docx(""), "whatever"), Ok(DocumentKind::Docx));
    assert_eq!(kind(b"a,b", "a.CSV"), Ok(DocumentKind::Csv));
    assert_eq!(kind(b"<!doctype html><p>x", "page"), Ok(DocumentKind::Html));
    assert_eq!(kind(b"just words", "notes"), Ok(DocumentKind::Text));
    assert_eq!(detect::kind(b"# x", None, Some("text/markdown; charset=utf-8")), Ok(DocumentKind::Markdown));
    for (bytes, name) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "a.png"),
        (b"PK\x03\x04 something else", "a.xlsx"),
        (b"no pdf at all", "a.pdf"),
        (b"{\\rtf1 }", "a.rtf"),
        (b"  \n", "a.txt"),
    ] {
        let Err(AppError::Invalid { message, .. }) = kind(bytes, name) else { panic!("{name}") };
        assert!(message.contains("pdf, docx"), "it says what can be read: {message}");
    }
}

//! A web page's readable text. Tags are read one after the other and no tree is built: depth costs nothing.

use super::Extracted;
use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind},
};
use std::cell::RefCell;

pub fn read(page: &str) -> Extracted {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    // A script makes the tokenizer stop: it is not run, and reading goes on.
    while !matches!(tokenizer.feed(&input), html5ever::TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

#[derive(Default)]
struct Reader(RefCell<Page>);

#[derive(Default)]
struct Page {
    text: String,
    title: String,
    in_title: bool,
    /// Elements whose text nobody reads; how many of the innermost kind are open.
    hidden: Option<(String, usize)>,
    preformatted: usize,
    /// What is due before the next word.
    gap: Gap,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
    Line,
    Paragraph,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return page.tag(&tag),
            Token::CharacterTokens(text) => page.words(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let (name, opens) = (&*tag.name, tag.kind == TagKind::StartTag);
        if let Some((hiding, depth)) = &mut self.hidden {
            if hiding == name {
                *depth = if opens { *depth + 1 } else { *depth - 1 };
            }
            if *depth == 0 {
                self.hidden = None;
            }
            return raw(name, opens);
        }
        match name {
            "script" | "style" | "noscript" | "template" | "svg" | "math" | "head" | "nav" | "footer" | "select" | "button"
            | "iframe" | "object" | "canvas" | "noembed" | "noframes" | "textarea"
                if opens && !tag.self_closing =>
            {
                // A head holds the title, and hides nothing else that is not hidden by itself.
                if name != "head" {
                    self.hidden = Some((name.to_owned(), 1));
                }
            }
            "title" => self.in_title = opens && self.title.is_empty(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(name, opens),
            "pre" => {
                self.preformatted = if opens { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
                self.due(Gap::Paragraph);
            }
            "br" => self.due(Gap::Line),
            "li" if opens => {
                self.due(Gap::Line);
                self.open_with("- ");
            }
            "td" | "th" => self.due(Gap::Cell),
            "tr" | "dt" | "dd" | "option" | "li" => self.due(Gap::Line),
            "p" | "div" | "section" | "article" | "main" | "header" | "aside" | "ul" | "ol" | "dl" | "table" | "thead"
            | "tbody" | "blockquote" | "figure" | "figcaption" | "hr" | "form" | "fieldset" | "details" | "summary"
            | "address" | "body" => {
                self.due(Gap::Paragraph);
            }
            _ => {}
        }
        raw(name, opens)
    }

    fn heading(&mut self, name: &str, opens: bool) {
        self.due(Gap::Paragraph);
        if opens {
            let level = name.as_bytes().get(1).map_or(1, |digit| usize::from(digit - b'0'));
            self.open_with(&format!("{} ", "#".repeat(level)));
        }
    }

    fn due(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Writes what is due, and what the next words stand behind.
    fn open_with(&mut self, mark: &str) {
        self.settle_gap();
        self.text.push_str(mark);
    }

    fn settle_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        let keep = self.text.trim_end_matches(' ').len();
        if gap > Gap::Space {
            self.text.truncate(keep);
        }
        if self.text.is_empty() {
            return;
        }
        self.text.push_str(match gap {
            Gap::None => "",
            Gap::Space if self.text.ends_with([' ', '\n']) => "",
            Gap::Space => " ",
            Gap::Cell if self.text.ends_with('\n') => "",
            Gap::Cell => " | ",
            Gap::Line if self.text.ends_with('\n') => "",
            Gap::Line => "\n",
            Gap::Paragraph if self.text.ends_with("\n\n") => "",
            Gap::Paragraph if self.text.ends_with('\n') => "\n",
            Gap::Paragraph => "\n\n",
        });
    }

    fn words(&mut self, words: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.in_title {
            self.title.push_str(words);
            return;
        }
        if self.preformatted > 0 {
            self.settle_gap();
            self.text.push_str(words);
            return;
        }
        if words.starts_with(|c: char| c.is_whitespace()) {
            self.due(Gap::Space);
        }
        for word in words.split_whitespace() {
            self.settle_gap();
            self.text.push_str(word);
            self.gap = Gap::Space;
        }
        if !words.ends_with(|c: char| c.is_whitespace()) && self.gap == Gap::Space {
            self.gap = Gap::None;
        }
    }

    fn finish(self) -> Extracted {
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = self.text.replace('\0', "");
        Extracted { title: Some(title).filter(|title| !title.is_empty()), text: text.trim_end().to_owned() }
    }
}

/// What the tokenizer must be told of elements whose content is no markup.
fn raw(name: &str, opens: bool) -> TokenSinkResult<()> {
    match name {
        "script" if opens => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" if opens => TokenSinkResult::RawData(RawKind::Rawtext),
        "title" | "textarea" if opens => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

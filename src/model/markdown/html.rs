//! Events of the parser to HTML. Every tag that can come out is written in this file or is one of the parser's plain
//! block and emphasis tags.

use pulldown_cmark::{Alignment, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd, html};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A link definition: `[label]: destination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub label: String,
    pub destination: String,
    /// Of a citation, which leads to a page of ours: what hovering tells. The text itself defines none of these.
    pub hint: Option<String>,
}

/// Renders a text with the definitions that stand elsewhere in the same message.
pub fn render(text: &str, definitions: &[Definition]) -> String {
    let lookup = |link: BrokenLink<'_>| {
        let label = fold(&link.reference);
        let known = definitions.iter().find(|definition| definition.label == label)?;
        // A link that is looked up here has a title only if it is a citation.
        Some((CowStr::from(known.destination.clone()), CowStr::from(known.hint.clone().unwrap_or_default())))
    };
    let mut writer = Writer::new(definitions);
    let parser = Parser::new_with_broken_link_callback(text, super::options(), Some(lookup));
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, parser.map(|event| writer.event(event)));
    out
}

/// `known` and those of `text` that are new. As everywhere in Markdown, the first definition of a label wins.
pub fn definitions(known: &[Definition], text: &str) -> Vec<Definition> {
    let mut all = known.to_vec();
    let parser = Parser::new_ext(text, super::options());
    let mut found: Vec<_> = parser.reference_definitions().iter().collect();
    found.sort_by_key(|(_, definition)| definition.span.start);
    for (label, definition) in found {
        let label = fold(label);
        if all.iter().all(|other| other.label != label) {
            all.push(Definition { label, destination: definition.dest.to_string(), hint: None });
        }
    }
    all
}

/// Text that may stand in an element or in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Labels are compared without regard to case and to the amount of white space.
fn fold(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

struct Writer<'d> {
    definitions: &'d [Definition],
    /// Of `[1][2]`, which Markdown reads as one link: the second citation, until the first is written.
    second: Option<String>,
    /// What each open link or image wrote: links do not nest, so an inner one may have written nothing.
    links: Vec<bool>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'d> Writer<'d> {
    fn new(definitions: &'d [Definition]) -> Self {
        Self { definitions, second: None, links: Vec::new(), columns: Vec::new(), column: 0, in_head: false }
    }

    fn event<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(label) if self.second.is_some() => raw(self.citation(&label).unwrap_or_else(|| escape(&label))),
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::HardBreak => raw("<br>"),
            Event::Rule => raw("<hr>\n"),
            Event::TaskListMarker(true) => raw(r#"<span class="tick done" role="img" aria-label="Done"></span>"#),
            Event::TaskListMarker(false) => raw(r#"<span class="tick" role="img" aria-label="To do"></span>"#),
            other => other,
        }
    }

    fn start<'a>(&mut self, tag: Tag<'a>) -> Event<'a> {
        match tag {
            Tag::HtmlBlock => Event::Start(Tag::Paragraph),
            Tag::Heading { level, .. } => raw(format!("<{}>", heading(level))),
            Tag::BlockQuote(_) => raw("<blockquote>\n"),
            Tag::CodeBlock(kind) => raw(code_start(&kind)),
            Tag::Link { link_type, dest_url, title, .. } if is_citation(link_type, &title) => {
                self.cite(link_type, &dest_url, &title)
            }
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => self.link(LinkType::Inline, &dest_url),
            Tag::Table(columns) => {
                self.columns = columns;
                raw(r#"<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>"#)
            }
            Tag::TableHead => self.head(),
            Tag::TableRow => {
                self.column = 0;
                raw("<tr>")
            }
            Tag::TableCell => self.cell(),
            other => Event::Start(other),
        }
    }

    fn end<'a>(&mut self, tag: TagEnd) -> Event<'a> {
        match tag {
            TagEnd::HtmlBlock => Event::End(TagEnd::Paragraph),
            TagEnd::Heading(level) => raw(format!("</{}>\n", heading(level))),
            TagEnd::BlockQuote(_) => raw("</blockquote>\n"),
            TagEnd::CodeBlock => raw("</code></pre></div>\n"),
            TagEnd::Link if self.second.is_some() => {
                self.links.pop();
                raw(self.second.take().unwrap_or_default())
            }
            TagEnd::Link | TagEnd::Image => raw(if self.links.pop() == Some(true) { "</a>" } else { "" }),
            TagEnd::Table => raw("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                raw("</tr></thead><tbody>")
            }
            TagEnd::TableRow => raw("</tr>"),
            TagEnd::TableCell => raw(if self.in_head { "</th>" } else { "</td>" }),
            other => Event::End(other),
        }
    }

    fn link<'a>(&mut self, kind: LinkType, destination: &str) -> Event<'a> {
        let href = if self.links.contains(&true) { None } else { address(kind, destination) };
        self.links.push(href.is_some());
        raw(href.map_or(String::new(), |href| {
            format!(r#"<a href="{}" target="_blank" rel="noopener noreferrer nofollow">"#, escape(&href))
        }))
    }

    /// The beginning of a citation; or nothing yet, where two stand side by side.
    fn cite<'a>(&mut self, kind: LinkType, destination: &str, hint: &str) -> Event<'a> {
        if self.links.contains(&true) {
            self.links.push(false);
            return raw("");
        }
        let label = self.definitions.iter().find(|known| known.hint.is_some() && known.destination == destination);
        if let (LinkType::ReferenceUnknown, Some(label)) = (kind, label) {
            self.second = self.citation(&label.label);
            self.links.push(false);
            return raw("");
        }
        self.links.push(true);
        raw(citation_start(destination, hint))
    }

    /// A whole citation, where the label is that of one.
    fn citation(&self, label: &str) -> Option<String> {
        let known = self.definitions.iter().find(|known| known.hint.is_some() && known.label == label)?;
        let start = citation_start(&known.destination, known.hint.as_deref().unwrap_or_default());
        Some(format!("{start}{}</a>", escape(label)))
    }

    fn head<'a>(&mut self) -> Event<'a> {
        (self.in_head, self.column) = (true, 0);
        raw("<thead><tr>")
    }

    /// Alignment is a class: a style attribute would be refused by the page's security policy.
    fn cell<'a>(&mut self) -> Event<'a> {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Center) => r#" class="center""#,
            Some(Alignment::Right) => r#" class="end""#,
            _ => "",
        };
        self.column += 1;
        raw(format!("<{}{class}>", if self.in_head { "th" } else { "td" }))
    }
}

/// Only what was looked up among the definitions is of one of these kinds, and only citations have a title there.
fn is_citation(kind: LinkType, title: &str) -> bool {
    !title.is_empty() && matches!(kind, LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown)
}

fn citation_start(destination: &str, hint: &str) -> String {
    format!(r#"<a class="cite" href="{}" title="{}">"#, escape(destination), escape(hint))
}

fn raw<'a>(text: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::Html(text.into())
}

/// The page's own headings are levels 1 and 2, so a message's begin at 3.
fn heading(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "h3",
        HeadingLevel::H2 => "h4",
        HeadingLevel::H3 => "h5",
        _ => "h6",
    }
}

fn code_start(kind: &CodeBlockKind<'_>) -> String {
    let info = match kind {
        CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
        CodeBlockKind::Indented => "",
    };
    let label: String = if info.is_empty() { "text".to_owned() } else { info.chars().take(32).collect() };
    let label = escape(&label);
    format!(
        r#"<div class="code"><div class="code-bar"><span>{label}</span><button type="button" class="code-copy" data-copy="code">Copy</button></div><pre tabindex="0"><code>"#
    )
}

/// The address of a link that may be followed; `None` for every other scheme and for relative ones, whose text stays.
fn address(kind: LinkType, destination: &str) -> Option<String> {
    if kind == LinkType::Email {
        return Some(format!("mailto:{destination}"));
    }
    // Browsers drop control characters from addresses, which is how "java\nscript:" is smuggled.
    let clean: String = destination.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    let (scheme, rest) = clean.split_once(':')?;
    let followed = match scheme.to_ascii_lowercase().as_str() {
        "mailto" => true,
        "http" | "https" => rest.strip_prefix("//").is_some_and(has_host),
        _ => false,
    };
    followed.then(|| clean.to_owned())
}

/// Whether an address without its scheme begins with a host that a browser can ask, and with nothing that hides it:
/// `https://bank.example@evil.example` leads to the second name.
fn has_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, "0"),
    };
    port.parse::<u16>().is_ok() && is_host(host)
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    if last.chars().all(|c| c.is_ascii_digit()) {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

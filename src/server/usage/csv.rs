//! The ledger as a file of comma-separated values (RFC 4180), made while it is sent: what it takes in memory does not grow
//! with its length.
//!
//! Rows of the ledger never change, their order is fixed, and they name by ids alone what people may rename: the same
//! stretch of the past gives the same bytes, whenever it is asked for.

use super::{period, report};
use crate::{
    error::Result,
    model::Millis,
    server::{
        member::Member,
        state::App,
        store::usage::calls::{LedgerCall, Which},
    },
};
use async_stream::try_stream;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures::Stream;
use std::{fmt::Display, ops::Range};

/// Rows that are read at once.
const PAGE: usize = 500;

const HEAD: &str = "call_id,started_at,finished_at,duration_ms,first_token_ms,provider,model,purpose,status,error,counted,\
    agent_id,agent_version,person_id,key_id,thread_id,run_id,step,attempt,\
    input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,\
    input_price,cache_read_price,cache_write_price,output_price,reasoning_price,price_source,cost_microusd\r\n";

/// The answer with the file in it. Both ends are moved to the hour, as for the sums.
pub async fn response(app: &App, member: &Member, ends: (Option<Millis>, Option<Millis>), which: Which) -> Result<Response> {
    let zone = app.store.prices(member).zone().await?;
    let (from, to) = report::ends(ends.0, ends.1, app.clock.now())?;
    let (_, times) = period::between(&zone, from, to);
    let name = format!("attachment; filename=\"usage-{}-{}-{}.csv\"", member.group_slug(), times.start, times.end);
    let body = Body::from_stream(lines(app.clone(), member.clone(), times, which));
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    response.headers_mut().extend(HeaderValue::from_str(&name).ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn lines(app: App, member: Member, times: Range<Millis>, which: Which) -> impl Stream<Item = Result<Bytes>> {
    try_stream! {
        yield Bytes::from_static(HEAD.as_bytes());
        let mut place = None;
        loop {
            // Each page is a question of its own: a slow reader holds no transaction open.
            let calls = app.store.usage(&member).oldest(times.clone(), &which, place, PAGE).await?;
            let Some(last) = calls.last() else { break };
            place = Some(last.place());
            let mut text = String::new();
            calls.iter().for_each(|call| line(call, &mut text));
            yield Bytes::from(text);
        }
    }
}

fn line(call: &LedgerCall, out: &mut String) {
    let first_token = call.first_token_at.map(|at| at - call.started_at);
    let mut row = Row { out, first: true };
    row.plain(Some(call.id));
    row.plain(Some(call.started_at));
    row.plain(Some(call.finished_at));
    row.plain(Some(call.finished_at - call.started_at));
    row.plain(first_token);
    for text in [&call.provider, &call.model, &call.purpose, &call.status] {
        row.text(text);
    }
    row.text(call.error_kind.as_deref().unwrap_or_default());
    row.text(&call.counted);
    row.plain(call.agent);
    row.plain(call.agent_version);
    row.plain(call.person);
    row.plain(call.key);
    row.plain(call.thread);
    row.plain(call.run);
    row.plain(Some(call.step));
    row.plain(Some(call.attempt));
    let usage = call.usage;
    for tokens in
        [usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens, usage.output_tokens, usage.reasoning_tokens]
    {
        row.plain(Some(tokens));
    }
    for price in call.prices {
        row.plain(price);
    }
    row.text(call.price_source.as_deref().unwrap_or_default());
    // What is not known is empty, and never 0.
    row.plain(call.cost_microusd);
    out.push_str("\r\n");
}

struct Row<'a> {
    out: &'a mut String,
    first: bool,
}

impl Row<'_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
    }

    /// A number or an id: nothing in it can be mistaken.
    fn plain(&mut self, value: Option<impl Display>) {
        self.comma();
        if let Some(value) = value {
            self.out.push_str(&value.to_string());
        }
    }

    fn text(&mut self, text: &str) {
        self.comma();
        self.out.push_str(&field(text));
    }
}

/// A text as a field. A spreadsheet takes what begins with one of these signs for a formula: an apostrophe before it keeps
/// it a text.
pub fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_back_as_it_was_and_never_runs() {
        assert_eq!(field("gpt-5"), "gpt-5");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"hi\""), "\"say \"\"hi\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(field(formula).starts_with("\"'"), "{formula}");
        }
    }
}

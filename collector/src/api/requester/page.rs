//! The page itself: one document of plain HTML, readable on a telephone and by a screen reader.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::{Html, IntoResponse, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sonde_proto::message::Lang;

use super::super::AppState;
use super::files;
use super::gather::{self, Deed, Question, Shown};
use super::moment;
use super::words::{self, Words};
use super::{Failure, Guest};
use crate::desk::State as TicketState;
use crate::desk::ticket::NOTE_LENGTH;
use crate::digest::sha256;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--go:#0a5c2b;--goink:#fff;--own:#ddf4ff}\
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ea7b3;--line:#3d444d;--card:#151b23;--go:#7ee2a8;--goink:#0d1117;--own:#10273f}}\
*{box-sizing:border-box}body{font:1.0625rem/1.5 system-ui,sans-serif;color:var(--ink);max-width:42rem;margin:0 auto;padding:1rem}\
header{display:flex;gap:1rem;justify-content:space-between;align-items:baseline;flex-wrap:wrap}h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}\
h2{font-size:1.125rem;margin:2rem 0 .5rem}.card h2,.card p:first-child{margin-top:0}p,li{overflow-wrap:anywhere}.state{font-size:1.125rem;font-weight:600}.soft,time{color:var(--soft);font-size:.9375rem}\
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}.own{background:var(--own)}\
.text{white-space:pre-line;margin:.25rem 0}ul.plain{list-style:none;padding:0;margin:0}textarea,input{width:100%;font:inherit;padding:.5rem;border:1px solid var(--soft);border-radius:.375rem;background:transparent;color:inherit}textarea{width:100%;min-height:7rem;font:inherit;\
padding:.5rem;border:1px solid var(--soft);border-radius:.375rem;background:transparent;color:inherit}label{display:block;font-weight:600;margin:.5rem 0 .25rem}\
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1rem;margin:.5rem .5rem .25rem 0;border:1px solid var(--soft);border-radius:.375rem;\
background:transparent;color:inherit;cursor:pointer}button.go{background:var(--go);border-color:var(--go);color:var(--goink)}\
:focus-visible{outline:3px solid #0969da;outline-offset:2px}summary{cursor:pointer;min-height:1.75rem}footer{margin-top:3rem;border-top:1px solid var(--line)}";

/// What the page may load: nothing but its own style.
pub(super) fn content_security_policy() -> &'static HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let hash = BASE64_STANDARD.encode(sha256(STYLE.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    });
    &POLICY
}

pub(super) async fn show(State(state): State<AppState>, guest: Guest) -> Result<Response, Failure> {
    let shown = gather::all(&state, &guest.ticket, guest.lang);
    let shown = shown.await.map_err(|problem| guest.failure(problem))?;
    Ok(Html(page(&guest, &shown).into_string()).into_response())
}

pub(super) fn document(lang: Lang, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words::code(lang)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

/// What is shown instead, with the way back.
pub(super) fn failure(lang: Lang, title: &str, text: &str, back: Option<&str>) -> Markup {
    let words = words::of(lang);
    let body = html! {
        main {
            h1 { (title) }
            p { (text) }
            @if let Some(back) = back { p { a href=(back) { (words.back) } } }
        }
    };
    document(lang, title, &body)
}

fn page(guest: &Guest, shown: &Shown) -> Markup {
    let words = words::of(guest.lang);
    let ticket = &guest.ticket.ticket;
    let title = format!("{} {}", words.request, guest.ticket.number);
    let is_proposed = ticket.state == TicketState::Proposed;
    let body = html! {
        header {
            span.soft { (title) }
            (other_language(guest.lang))
        }
        main {
            h1 { (ticket.title) }
            p.state role="status" { (words::of_state(ticket.state, ticket.waiting_for, guest.lang)) }
            @if !shown.devices.is_empty() {
                p.soft { (words::colon(guest.lang, words.devices, &shown.devices.join(", "))) }
            }
            @for question in &shown.asked { (asked(guest, words, question, shown)) }
            @if is_proposed { (solved(guest, words, shown)) }
            section aria-labelledby="messages" {
                h2 id="messages" { (words.answers) }
                (messages(guest, words, shown))
                @if !is_proposed { (write(guest, words)) }
            }
            (files::list(guest, words, &shown.files))
            @if !shown.allowed.is_empty() {
                section aria-labelledby="allowed" {
                    h2 id="allowed" { (words.allowed) }
                    @for question in &shown.allowed { (allowed(guest, words, question)) }
                }
            }
            section aria-labelledby="done" {
                h2 id="done" { (words.done) }
                @if shown.deeds.is_empty() { p.soft { (words.nothing_done) } }
                ul.plain { @for deed in &shown.deeds { (done(guest, words, shown, deed)) } }
            }
        }
        footer { p.soft { (words.private) } }
    };
    document(
        guest.lang,
        &words::colon(guest.lang, &title, &ticket.title),
        &body,
    )
}

/// The same page in the other language.
pub(super) fn other_language(lang: Lang) -> Markup {
    let other = words::code(match lang {
        Lang::En => Lang::Fr,
        Lang::Fr => Lang::En,
    });
    html! {
        a href=(format!("?lang={other}")) lang=(other) hreflang=(other) {
            (words::of(lang).other_language)
        }
    }
}

fn asked(guest: &Guest, words: &Words, question: &Question, shown: &Shown) -> Markup {
    let id = question.id.to_string();
    html! {
        section.card aria-labelledby=(format!("q-{id}")) {
            h2 id=(format!("q-{id}")) { (words.may_we) }
            p { strong { (question.what) } }
            details {
                summary { (words.exactly) }
                p { (question.exactly) }
            }
            p.soft { (words.may_we_why) }
            p.soft {
                (words.asked_by) " " (question.asked_by) ". " (words.until) " " (moment::told(question.expires_at, &shown.zone, guest.lang)) "."
            }
            form method="post" action=(guest.form(&format!("consents/{id}"))) {
                button.go name="answer" value="once" { (words.once) }
                button name="answer" value="ticket" { (words.for_ticket) }
                button name="answer" value="no" { (words.no) }
            }
        }
    }
}

fn allowed(guest: &Guest, words: &Words, question: &Question) -> Markup {
    html! {
        div.card {
            p { strong { (question.what) } }
            p.soft { (question.standing) }
            form method="post" action=(guest.form(&format!("consents/{}", question.id))) {
                button name="answer" value="withdraw" { (words.take_back) }
            }
        }
    }
}

fn solved(guest: &Guest, words: &Words, shown: &Shown) -> Markup {
    html! {
        section.card aria-labelledby="solved" {
            h2 id="solved" { (words.solved) }
            @if let Some(proposal) = &shown.proposal {
                p.soft { (words.proposal) }
                p.text { (proposal) }
            }
            form method="post" action=(guest.form("solved")) {
                button.go name="solved" value="yes" { (words.solved_yes) }
            }
            form method="post" action=(guest.form("solved")) {
                label for="why" { (words.what_is_wrong) }
                textarea id="why" name="text" maxlength=(NOTE_LENGTH) {}
                button name="solved" value="no" { (words.solved_no) }
            }
        }
    }
}

fn messages(guest: &Guest, words: &Words, shown: &Shown) -> Markup {
    html! {
        @if shown.n_earlier > 0 { p.soft { (shown.n_earlier) " " (words.earlier) } }
        @if shown.messages.is_empty() { p.soft { (words.nothing_written) } }
        ul.plain {
            @for message in &shown.messages {
                li.card.own[message.is_own] {
                    strong { (if message.is_own { words.you } else { words.helpdesk }) }
                    " " (moment::told(message.at, &shown.zone, guest.lang))
                    p.text { (message.text) }
                }
            }
        }
        @if guest.ticket.ticket.state == TicketState::Resolved { p { (words.is_back) } }
    }
}

fn write(guest: &Guest, words: &Words) -> Markup {
    html! {
        @if guest.ticket.ticket.state == TicketState::Closed {
            p { (words.closed) }
        } @else {
            form method="post" action=(guest.form("message")) {
                label for="text" { (words.write) }
                textarea id="text" name="text" required maxlength=(NOTE_LENGTH) {}
                button.go { (words.send) }
            }
        }
    }
}

fn done(guest: &Guest, words: &Words, shown: &Shown, deed: &Deed) -> Markup {
    html! {
        li.card {
            p { strong { (deed.what) } " — " (deed.outcome) }
            p.soft {
                (moment::told(deed.at, &shown.zone, guest.lang)) ", " (words.by) " " (deed.by)
                @if !deed.cost.is_empty() { ", " (deed.cost) }
            }
            @if !deed.steps.is_empty() { ul { @for step in &deed.steps { li { (step) } } } }
        }
    }
}

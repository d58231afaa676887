//! The page of somebody at a device who wants help: it knows who they are, the machine, and what is wrong with it.

use axum::extract::{Form, FromRequest, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use sonde_proto::help::Reason;
use sonde_proto::message::Lang;

use super::super::body::clean;
use super::super::{AppState, findings, time};
use super::words::{self, Words};
use super::{ACTOR, Failure, HELP_PLACE, PLACE, Place, lang, make, page};
use crate::account::hash_secret;
use crate::desk::ticket::NOTE_LENGTH;
use crate::store::Id;
use crate::store::devices::Device;
use crate::store::help_links::HelpLink;
use crate::store::tickets::{HelpTicket, NewSaid, Taken};
use crate::work::Live;

/// Requests of theirs that are shown.
const MOST_TICKETS: u32 = 10;
/// Longest account of since when, characters.
const SINCE_LENGTH: usize = 200;
/// How long the page of a ticket is good that they come to from here: days.
const DAYS: u16 = 30;

/// Somebody at a device, with an address that is good.
pub(super) struct Asker {
    secret: String,
    lang: Lang,
    link: HelpLink,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let lang = lang::of(&parts.uri, &parts.headers);
        let place = Path::<Place>::from_request_parts(parts, state).await;
        let Ok(Path(Place { secret })) = place else {
            return Err(Failure::used(lang));
        };
        let hash = hash_secret(&secret);
        match state.store.help_link(&hash, time::now_us()).await {
            Ok(Some(link)) => Ok(Self { secret, lang, link }),
            Ok(None) => Err(Failure::used(lang)),
            Err(error) => Err(Failure::of(error, lang)),
        }
    }
}

#[derive(Deserialize)]
struct Ask {
    text: String,
    #[serde(default)]
    since: String,
}

#[derive(Deserialize)]
struct Read {
    ticket: i64,
}

pub(super) async fn show(State(state): State<AppState>, asker: Asker) -> Result<Response, Failure> {
    let failed = |error: crate::store::StoreError| Failure::of(error, asker.lang);
    let HelpLink { device_key, login } = &asker.link;
    let device = state
        .store
        .device_by_key(*device_key)
        .await
        .map_err(failed)?;
    let device = device.ok_or_else(|| Failure::used(asker.lang))?;
    let tickets = state
        .store
        .help_tickets(*device_key, login, None, MOST_TICKETS);
    let tickets = tickets.await.map_err(failed)?;
    let found = findings::of_device(&state, &device, asker.lang).await;
    // What is wrong helps to say it; without it the user says it all the same.
    let wrong = found.map_or_else(
        |_| String::new(),
        |found| findings::for_user(&found, asker.lang),
    );
    let shown = form(&asker, &device, &wrong, &tickets);
    Ok(Html(shown.into_string()).into_response())
}

fn form(asker: &Asker, device: &Device, wrong: &str, tickets: &[HelpTicket]) -> Markup {
    let words = words::of(asker.lang);
    let action = |what: &str| {
        let lang = words::code(asker.lang);
        format!("{HELP_PLACE}/{}/{what}?lang={lang}", asker.secret)
    };
    let who = format!("{}, {}", asker.link.login, device.hostname);
    let body = html! {
        header {
            span.soft { (who) }
            (page::other_language(asker.lang))
        }
        main {
            h1 { (words.how_help) }
            @if !wrong.is_empty() {
                p.card { strong { (words::colon(asker.lang, words.machine_says, wrong)) } }
            }
            form method="post" action=(action("ask")) {
                label for="text" { (words.what_not) }
                textarea id="text" name="text" required maxlength=(NOTE_LENGTH) {}
                label for="since" { (words.since_when) }
                input id="since" name="since" maxlength=(SINCE_LENGTH) autocomplete="off";
                p { button.go { (words.ask) } }
            }
            @if !tickets.is_empty() { (own(words, asker.lang, tickets, &action("read"))) }
        }
        footer { p.soft { (words.once_only) } }
    };
    page::document(asker.lang, words.how_help, &body)
}

fn own(words: &Words, lang: Lang, tickets: &[HelpTicket], action: &str) -> Markup {
    html! {
        section aria-labelledby="own" {
            h2 id="own" { (words.your_requests) }
            @for ticket in tickets {
                form.card method="post" action=(action) {
                    p { strong { (ticket.number) " " (ticket.title) } }
                    p.soft { (words::of_state(ticket.state, ticket.waiting_for, lang)) }
                    button name="ticket" value=(ticket.number) { (words.read_it) }
                }
            }
        }
    }
}

pub(super) async fn ask(
    State(state): State<AppState>,
    asker: Asker,
    request: Request,
) -> Result<Response, Failure> {
    let Ok(Form(Ask { text, since })) = Form::<Ask>::from_request(request, &state).await else {
        return Err(Failure::form(asker.lang).back_to(asker.place()));
    };
    let text = said(&asker, &text, &since)?;
    let now = time::now_us();
    let said = NewSaid {
        said_id: Id::random(),
        login: asker.link.login.clone(),
        full_name: String::new(),
        text,
        ticket: None,
        solved: false,
        asked_at: now,
        taken_at: now,
    };
    let hash = hash_secret(&asker.secret);
    let taken = state.store.say_by_link(hash, said).await;
    let (device_key, taken) = taken.map_err(|error| Failure::of(error, asker.lang))?;
    let Some(taken) = taken else {
        return Err(Failure::told(asker.lang, Reason::TooManyOpen));
    };
    let Taken {
        number, version, ..
    } = taken;
    state.work.announce(Live::Ticket { number, version });
    if taken.is_new {
        let is_partial = !state.work.is_connected(device_key);
        let taker = crate::store::COLLECTOR;
        // It is owed: where it cannot be taken now it is taken later.
        let snapshot = state
            .store
            .take_snapshot(number, device_key, is_partial, taker, now);
        if let Ok(snapshot) = snapshot.await {
            state.work.announce(Live::of_snapshot(&snapshot));
        }
    }
    to_ticket(&state, &asker, number).await
}

/// What was said, with since when behind it.
fn said(asker: &Asker, text: &str, since: &str) -> Result<String, Failure> {
    let wrong = || Failure::form(asker.lang).back_to(asker.place());
    let text = text.replace("\r\n", "\n");
    let since = clean("since", since.trim(), SINCE_LENGTH, false).map_err(|_| wrong())?;
    let mut said =
        clean("text", text.trim(), NOTE_LENGTH - SINCE_LENGTH - 50, true).map_err(|_| wrong())?;
    if said.is_empty() {
        return Err(wrong());
    }
    if !since.is_empty() {
        let words = words::of(asker.lang);
        said.push_str(&format!(
            "\n{}",
            words::colon(asker.lang, words.since, &since)
        ));
    }
    Ok(said)
}

pub(super) async fn read(
    State(state): State<AppState>,
    asker: Asker,
    request: Request,
) -> Result<Response, Failure> {
    let Ok(Form(Read { ticket })) = Form::<Read>::from_request(request, &state).await else {
        return Err(Failure::form(asker.lang).back_to(asker.place()));
    };
    let HelpLink { device_key, login } = &asker.link;
    let failed = |error| Failure::of(error, asker.lang);
    let own = state.store.help_ticket(*device_key, login, ticket, 1).await;
    if own.map_err(failed)?.is_none() {
        return Err(Failure::form(asker.lang).back_to(asker.place()));
    }
    let used = state
        .store
        .use_help_link(hash_secret(&asker.secret), time::now_us());
    used.await.map_err(failed)?;
    to_ticket(&state, &asker, ticket).await
}

/// To the ticket's own page, at an address that is made for it.
async fn to_ticket(state: &AppState, asker: &Asker, number: i64) -> Result<Response, Failure> {
    let made = make(state, number, DAYS, ACTOR).await;
    let made = made.map_err(|error| Failure::of(error, asker.lang))?;
    let secret = made.url.rsplit('/').next().unwrap_or_default();
    let lang = words::code(asker.lang);
    Ok(Redirect::to(&format!("{PLACE}/{secret}?lang={lang}")).into_response())
}

impl Asker {
    fn place(&self) -> String {
        format!(
            "{HELP_PLACE}/{}?lang={}",
            self.secret,
            words::code(self.lang)
        )
    }
}

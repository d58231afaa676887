//! What a user reads of their requests.

use jiff::tz::TimeZone;
use sonde_proto::help::Reason;
use sonde_proto::message::{Argument, ArgumentValue, Lang, render_in};

use crate::door::COLUMNS;
use crate::help::{Message, Refusal, Request, Standing, Ticket, Waiting};
use crate::text::{clean, fit, wrap};

/// Longest piece of a text in a list.
const PIECE: usize = 60;

pub(in crate::door) fn by(lang: Lang, en: &str, fr: &str) -> String {
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
    .to_owned()
}

/// In the reader's zone.
pub(in crate::door) fn time(us: i64, lang: Lang) -> String {
    let argument = Argument {
        name: "x".into(),
        value: ArgumentValue::TimeUs(us),
    };
    render_in("{x}", &[argument], lang, &TimeZone::system())
}

/// Sentences, in lines of a terminal's width.
fn paragraph(text: &str) -> String {
    wrap(&clean(text), COLUMNS).join("\n") + "\n"
}

/// A text of several lines, each behind two spaces.
fn indented(text: &str) -> String {
    let lines = text
        .lines()
        .flat_map(|line| wrap(&clean(line), COLUMNS - 2));
    lines.map(|line| format!("  {line}\n")).collect()
}

pub(in crate::door) fn refusal(why: Refusal, lang: Lang) -> String {
    let (en, fr) = match why {
        Refusal::NotUnderstood => (
            "the agent on this machine is of another version and does not understand this",
            "l'agent de cette machine est d'une autre version et ne comprend pas cette demande",
        ),
        Refusal::Empty => (
            "the text is empty: say what does not work",
            "le texte est vide : dites ce qui ne marche pas",
        ),
        Refusal::TooLong => (
            "the text is longer than 8 KiB: say what does not work in fewer words, and the rest in an answer on the ticket",
            "le texte dépasse 8 Kio : dites ce qui ne marche pas en moins de mots, et le reste en réponse sur le ticket",
        ),
        Refusal::TooOften => (
            "you have asked too often; wait a minute and try again",
            "vous avez demandé trop souvent ; attendez une minute et réessayez",
        ),
        Refusal::Busy => (
            "the agent on this machine is busy; try again in a minute",
            "l'agent de cette machine est occupé ; réessayez dans une minute",
        ),
        Refusal::TooMuchWaits => (
            "so much that you have said waits to be sent that no more is kept; please call the helpdesk",
            "trop de vos messages attendent déjà d'être envoyés ; appelez l'assistance, s'il vous plaît",
        ),
        Refusal::NoRoom => (
            "this machine has no room to keep it; please call the helpdesk",
            "cette machine n'a pas la place de le garder ; appelez l'assistance, s'il vous plaît",
        ),
    };
    by(lang, en, fr)
}

/// The helpdesk has taken it, or not.
pub(super) fn taken(
    ticket: Option<u64>,
    reason: Option<&str>,
    request: &Request,
    lang: Lang,
) -> String {
    let why = reason.map(|reason| match Reason::named(reason) {
        Some(known) => known.words(lang).to_owned(),
        None => reason.to_owned(),
    });
    let said = match (ticket, request) {
        (None, _) => by(
            lang,
            "The helpdesk has not taken it.",
            "L'assistance ne l'a pas pris.",
        ),
        (
            Some(number),
            Request::Say {
                ticket: Some(meant),
                solved,
                ..
            },
        ) if number == *meant => match (lang, solved) {
            (Lang::En, false) => format!("Your answer is on ticket {number}."),
            (Lang::Fr, false) => format!("Votre réponse est sur le ticket {number}."),
            (Lang::En, true) => format!("Ticket {number} is solved. Thank you."),
            (Lang::Fr, true) => format!("Le ticket {number} est résolu. Merci."),
        },
        (Some(number), _) => match lang {
            Lang::En => format!("ticket {number}"),
            Lang::Fr => format!("ticket {number}"),
        },
    };
    let mut out = paragraph(&said);
    if let Some(why) = why {
        out.push_str(&paragraph(&why));
    }
    if let (Some(number), None, Request::Say { ticket: None, .. }) = (ticket, reason, request) {
        out.push_str(&paragraph(&match lang {
            Lang::En => format!(
                "The helpdesk has your request. Its answers: sonde-agent help-me --ticket {number}"
            ),
            Lang::Fr => format!(
                "L'assistance a reçu votre demande. Ses réponses : sonde-agent help-me --ticket {number}"
            ),
        }));
    }
    out
}

/// It is safe here.
pub(super) fn kept(at_us: i64, standing: &Standing, lang: Lang) -> String {
    let when = time(at_us, lang);
    let why = match (standing.is_connected(), standing.takes_said, lang) {
        (true, false, Lang::En) => {
            "The helpdesk's collector is of an older version that takes no requests from machines; it is sent when there is a newer one. If it is urgent, please call."
                .to_owned()
        }
        (true, false, Lang::Fr) => {
            "Le collecteur de l'assistance est d'une version plus ancienne, qui ne prend pas de demandes des machines ; l'envoi aura lieu quand il sera plus récent. Si c'est urgent, appelez, s'il vous plaît."
                .to_owned()
        }
        (true, true, Lang::En) => "The helpdesk has not answered yet; it will be sent.".to_owned(),
        (true, true, Lang::Fr) => "L'assistance n'a pas encore répondu ; l'envoi aura lieu.".to_owned(),
        (false, _, _) => away(standing, lang),
    };
    match lang {
        Lang::En => {
            paragraph(&format!(
                "It is kept on this machine and will be sent to the helpdesk as said at {when}."
            )) + &paragraph(&why)
        }
        Lang::Fr => {
            paragraph(&format!(
                "C'est gardé sur cette machine et sera envoyé à l'assistance comme dit le {when}."
            )) + &paragraph(&why)
        }
    }
}

/// Since when there is no connection.
fn away(standing: &Standing, lang: Lang) -> String {
    match (standing.heard_us, lang) {
        (Some(heard_us), Lang::En) => format!(
            "The helpdesk cannot be reached from this machine since {}.",
            time(heard_us, lang)
        ),
        (Some(heard_us), Lang::Fr) => format!(
            "L'assistance n'est plus joignable depuis cette machine depuis le {}.",
            time(heard_us, lang)
        ),
        (None, _) => by(
            lang,
            "The helpdesk cannot be reached from this machine since it was started.",
            "L'assistance n'est pas joignable depuis cette machine depuis son démarrage.",
        ),
    }
}

/// Why answers cannot be read.
pub(super) fn unread(reason: Option<Reason>, standing: &Standing, lang: Lang) -> String {
    match (reason, standing.is_connected(), standing.takes_said) {
        (Some(reason), _, _) => reason.words(lang).to_owned(),
        (None, true, false) => by(
            lang,
            "Answers cannot be read here: the helpdesk's collector is of an older version.",
            "Les réponses sont illisibles ici : le collecteur de l'assistance est d'une version plus ancienne.",
        ),
        (None, true, true) => Reason::NotNow.words(lang).to_owned(),
        (None, false, _) => {
            let away = away(standing, lang);
            let so = by(
                lang,
                "Answers can be read when it can be reached again.",
                "Les réponses se liront quand elle sera de nouveau joignable.",
            );
            format!("{away} {so}")
        }
    }
}

/// A state, for who has asked.
pub(super) fn state(ticket: &Ticket, lang: Lang) -> String {
    let (en, fr) = match (ticket.state.as_str(), ticket.waiting_for.as_deref()) {
        ("new", _) => ("not looked at yet", "pas encore vu"),
        ("open", _) => ("being worked on", "en cours de traitement"),
        ("waiting", Some("user")) => ("your answer is needed", "votre réponse est attendue"),
        ("waiting", Some("part")) => ("waiting for a part", "en attente d'une pièce"),
        ("waiting", Some("supplier")) => ("waiting for a supplier", "en attente d'un fournisseur"),
        ("waiting", Some("device")) => (
            "waiting until the machine can be reached",
            "en attente que la machine soit joignable",
        ),
        ("waiting", Some("appointment")) => {
            ("waiting for an appointment", "en attente d'un rendez-vous")
        }
        ("waiting", _) => ("waiting", "en attente"),
        ("proposed", _) => (
            "should be solved: please say whether it is",
            "devrait être résolu : dites si c'est le cas, s'il vous plaît",
        ),
        ("resolved", _) => ("solved", "résolu"),
        ("closed", _) => ("closed", "clos"),
        (other, _) => return clean(other).into_owned(),
    };
    by(lang, en, fr)
}

fn answers(ticket: &Ticket, lang: Lang) -> Option<String> {
    let n = ticket.n_answers;
    (n > 0).then(|| match (n, lang) {
        (1, Lang::En) => "1 new answer".to_owned(),
        (1, Lang::Fr) => "1 nouvelle réponse".to_owned(),
        (n, Lang::En) => format!("{n} new answers"),
        (n, Lang::Fr) => format!("{n} nouvelles réponses"),
    })
}

/// Without lines.
fn piece(text: &str) -> String {
    fit(&clean(&text.replace('\n', " ")), PIECE)
}

/// All that somebody has asked for from this machine.
pub(super) fn list(tickets: &[Ticket], more: bool, waiting: &[Waiting], lang: Lang) -> String {
    let mut out = String::new();
    for ticket in tickets {
        let state = state(ticket, lang);
        let answers = answers(ticket, lang).map(|answers| format!(", {answers}"));
        out.push_str(&format!(
            "{:>6}  {}\n        {state}{}\n",
            ticket.number,
            piece(&ticket.title),
            answers.unwrap_or_default()
        ));
    }
    if more {
        out.push_str(&by(
            lang,
            "        … and older ones\n",
            "        … et de plus anciens\n",
        ));
    }
    if tickets.is_empty() {
        out.push_str(&by(
            lang,
            "You have asked for nothing from this machine.\n",
            "Vous n'avez rien demandé depuis cette machine.\n",
        ));
    }
    out + &self::waiting(waiting, lang)
}

/// What was said and not sent yet; empty: nothing.
pub(super) fn waiting(waiting: &[Waiting], lang: Lang) -> String {
    if waiting.is_empty() {
        return String::new();
    }
    let mut out = by(lang, "Waits to be sent:\n", "En attente d'envoi :\n");
    for one in waiting {
        let ticket = one.ticket.map(|number| format!(" (ticket {number})"));
        out.push_str(&format!(
            "  {}{}  {}\n",
            time(one.at_us, lang),
            ticket.unwrap_or_default(),
            piece(&one.text)
        ));
    }
    out
}

/// One request with what was said about it.
pub(super) fn ticket(
    ticket: &Ticket,
    messages: &[Message],
    earlier: bool,
    waiting: &[Waiting],
    lang: Lang,
) -> String {
    let mut out = paragraph(&format!("ticket {}: {}", ticket.number, ticket.title));
    out.push_str(&format!("{}\n", state(ticket, lang)));
    if let Some(first) = ticket.follows {
        out.push_str(&match lang {
            Lang::En => format!("goes on from ticket {first}, which is closed\n"),
            Lang::Fr => format!("fait suite au ticket {first}, qui est clos\n"),
        });
    }
    if earlier {
        out.push_str(&by(
            lang,
            "\n… (earlier messages are not shown here)\n",
            "\n… (les messages précédents ne sont pas montrés ici)\n",
        ));
    }
    for message in messages {
        let who = match message.by_requester {
            true => by(lang, "you", "vous"),
            false => clean(&message.author).into_owned(),
        };
        out.push_str(&format!("\n{}, {who}:\n", time(message.at_us, lang)));
        out.push_str(&indented(&message.text));
        if message.cut {
            out.push_str("  …\n");
        }
    }
    let waiting = self::waiting(waiting, lang);
    if !waiting.is_empty() {
        out.push_str(&format!("\n{waiting}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(state: &str, waiting_for: Option<&str>) -> Ticket {
        Ticket {
            number: 12,
            title: "the printer\u{1b}[2J does nothing".into(),
            state: state.into(),
            waiting_for: waiting_for.map(str::to_owned),
            asked_us: 0,
            opened_us: 0,
            changed_us: 0,
            n_answers: 2,
            follows: None,
        }
    }

    #[test]
    fn every_state_is_said_in_plain_words() {
        for state in ["new", "open", "waiting", "proposed", "resolved", "closed"] {
            let (en, fr) = (
                super::state(&request(state, None), Lang::En),
                super::state(&request(state, None), Lang::Fr),
            );
            assert_ne!(en, fr, "{state}");
        }
        let user = super::state(&request("waiting", Some("user")), Lang::En);
        assert_eq!(user, "your answer is needed");
        // Of a later version.
        assert_eq!(super::state(&request("parked", None), Lang::Fr), "parked");
    }

    #[test]
    fn a_list_does_nothing_to_a_terminal() {
        let waits = Waiting {
            said_id: "x".into(),
            at_us: 0,
            text: "one\n\u{202e}two".into(),
            ticket: None,
            solved: false,
        };
        let list = list(&[request("open", None)], true, &[waits], Lang::En);
        assert!(
            list.contains("    12  the printer\u{fffd}[2J does nothing\n"),
            "{list}"
        );
        assert!(list.contains("being worked on, 2 new answers\n"), "{list}");
        assert!(list.contains("one \u{fffd}two\n"), "{list}");
        assert!(!list.contains('\u{1b}'));
    }

    #[test]
    fn an_answer_says_where_it_stands() {
        let say = |ticket, solved| Request::Say {
            text: "x".into(),
            ticket,
            solved,
        };
        let shown = |number, reason, request: &Request| taken(number, reason, request, Lang::En);
        assert!(shown(Some(3), None, &say(None, false)).starts_with("ticket 3\n"));
        assert_eq!(
            shown(Some(3), None, &say(Some(3), false)),
            "Your answer is on ticket 3.\n"
        );
        assert_eq!(
            shown(Some(3), None, &say(Some(3), true)),
            "Ticket 3 is solved. Thank you.\n"
        );
        let moved = shown(Some(4), Some("closed"), &say(Some(3), false));
        assert!(
            moved.starts_with("ticket 4\nThat ticket is closed"),
            "{moved}"
        );
        let refused = shown(None, Some("too_often"), &say(None, false));
        assert!(refused.contains("too often in the last hour"), "{refused}");
    }
}

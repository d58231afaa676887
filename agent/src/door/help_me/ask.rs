//! The same in a small terminal window, question by question, for whoever has no page to ask on.

use std::io::{self, BufRead, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use sonde_proto::caps;
use sonde_proto::message::Lang;

use super::words::by;
use super::{Door, NOT_DONE, OWN};
use crate::door::{self, status::lost};
use crate::help::{Reply, Request, Standing};
use crate::status::Status;
use crate::text::{clean, wrap};

/// The first question is asked so often.
const TRIES: usize = 3;

/// What is asked beside what does not work; no answer is one.
const MORE: [(&str, &str, &str, &str); 2] = [
    ("Since when?", "Depuis quand ?", "Since", "Depuis"),
    (
        "How can you be reached (telephone, room)?",
        "Comment vous joindre (téléphone, bureau) ?",
        "Reach me at",
        "Me joindre",
    ),
];

/// Asks, and sends what was answered. `window`: it closes when this ends.
pub(super) async fn run(door: &Door, window: bool) -> Result<ExitCode> {
    let code = converse(door).await;
    if window {
        question(&by(
            door.lang,
            "\nPress Enter to close this window. ",
            "\nAppuyez sur Entrée pour fermer cette fenêtre. ",
        ));
        line(&mut io::stdin().lock());
        // A terminal that could not be opened must be told from one in which something was not done.
        return code.map(|_| ExitCode::SUCCESS);
    }
    code
}

async fn converse(door: &Door) -> Result<ExitCode> {
    let lang = door.lang;
    let Some(mut client) = door.ask(&Request::Standing {})? else {
        return Ok(door.no_agent());
    };
    let standing = match client.next(OWN)? {
        Some(Reply::Standing { standing }) => standing,
        other => return Ok(door.not_done(other)),
    };
    if !standing.is_connected() {
        door::print(&unreached(&standing, lang).await);
    }
    let Some(text) = answers(&mut io::stdin().lock(), lang, question) else {
        door::complain(&by(
            lang,
            "nothing was said, so nothing was sent",
            "rien n'a été dit, donc rien n'a été envoyé",
        ));
        return Ok(ExitCode::from(NOT_DONE));
    };
    door.send(&Request::Say {
        text,
        ticket: None,
        solved: false,
    })
}

/// Where the network breaks, in plain words.
async fn unreached(standing: &Standing, lang: Lang) -> String {
    door::print(&by(
        lang,
        "The helpdesk cannot be reached from here now. Looking why…\n",
        "L'assistance n'est pas joignable d'ici pour l'instant. Recherche de la cause…\n",
    ));
    let status = Status {
        device_id: standing.device_id.clone(),
        collector: standing.collector.clone(),
        heard_us: standing.heard_us,
        ..Status::default()
    };
    let lost = lost::look(&status, Path::new("")).await;
    let so = by(
        lang,
        "Your request is kept on this machine and sent as soon as the helpdesk can be reached.",
        "Votre demande est gardée sur cette machine et envoyée dès que l'assistance sera joignable.",
    );
    let paragraph = |text: &str| wrap(&clean(text), door::COLUMNS).join("\n") + "\n";
    paragraph(&lost.for_user(lang)) + &paragraph(&so) + "\n"
}

fn question(text: &str) {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .ok();
}

/// A line without its end; `None`: there is no more.
fn line(input: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let mut input = input.take(caps::SAID_BYTES as u64);
    match input.read_until(b'\n', &mut bytes) {
        Ok(n_bytes) if n_bytes > 0 => Some(String::from_utf8_lossy(&bytes).trim().to_owned()),
        Ok(_) | Err(_) => None,
    }
}

/// What is to be sent; `None`: nothing was said.
fn answers(input: &mut impl BufRead, lang: Lang, mut ask: impl FnMut(&str)) -> Option<String> {
    let mut text = String::new();
    for _ in 0..TRIES {
        ask(&by(
            lang,
            "What does not work? ",
            "Qu'est-ce qui ne marche pas ? ",
        ));
        text = line(input)?;
        if !text.is_empty() {
            break;
        }
    }
    if text.is_empty() {
        return None;
    }
    for (en, fr, begins_en, begins_fr) in MORE {
        ask(&format!("{} ", by(lang, en, fr)));
        // Whoever closes the input here has said what does not work.
        let answer = line(input).unwrap_or_default();
        if !answer.is_empty() {
            let colon = by(lang, ":", " :");
            let begins = by(lang, begins_en, begins_fr);
            text.push_str(&format!("\n{begins}{colon} {answer}"));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, lang: Lang, expected: Option<&str>, n_questions: usize) {
        let mut asked = Vec::new();
        let text = answers(&mut input.as_bytes(), lang, |text| {
            asked.push(text.to_owned())
        });
        assert_eq!(text.as_deref(), expected);
        assert_eq!(asked.len(), n_questions, "{asked:?}");
    }

    #[test]
    fn what_was_answered_is_put_together() {
        check(
            "the printer does nothing\nthis morning\n42\n",
            Lang::En,
            Some("the printer does nothing\nSince: this morning\nReach me at: 42"),
            3,
        );
        check(
            "l'imprimante\n\nbureau 3\n",
            Lang::Fr,
            Some("l'imprimante\nMe joindre : bureau 3"),
            3,
        );
    }

    #[test]
    fn who_says_nothing_sends_nothing() {
        check("\n\n\nlate\n", Lang::En, None, 3);
        check("", Lang::En, None, 1);
        check("\nnow it does not\n", Lang::En, Some("now it does not"), 4);
    }
}

//! Asking who sits at the machine: whom, in which words, and what their answer is.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sonde_proto::help::Reason;
use sonde_proto::message::Lang;
use sonde_proto::v1;

use crate::host::{Host, Session};

/// A question is shown no longer than this, whatever the collector says.
pub const LONGEST: Duration = Duration::from_secs(600);
/// Questions at a time.
pub const MOST: usize = 4;
/// People who are asked the same at a time.
pub const MOST_SEATS: usize = 3;

/// Somebody in a graphical session on the machine itself, and the bus on which their desktop listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub login: String,
    pub user: u32,
    /// Path of its socket.
    pub bus: String,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub summary: String,
    pub body: String,
    pub once: String,
    pub ticket: String,
    pub no: String,
}

/// What somebody has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    Once,
    /// For all that is done for the ticket.
    Ticket,
    No,
    /// They have closed it, or have not answered in time.
    Silent,
    /// Their desktop shows no questions.
    NotShown,
}

/// What is told the collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Empty: nobody.
    pub login: String,
    pub said: Result<Choice, Reason>,
}

impl Answer {
    pub fn cannot(reason: Reason) -> Self {
        Self {
            login: String::new(),
            said: Err(reason),
        }
    }

    /// Of those that several people gave: what somebody has decided, else that somebody was asked.
    pub fn of(mut given: Vec<(String, Choice)>) -> Self {
        let rank = |choice: &Choice| match choice {
            // Whose machine it is may forbid what another allows.
            Choice::No => 0,
            Choice::Once => 1,
            Choice::Ticket => 2,
            Choice::Silent => 3,
            Choice::NotShown => 4,
        };
        given.sort_by_key(|(_, choice)| rank(choice));
        match given.into_iter().next() {
            None => Self::cannot(Reason::NobodyThere),
            Some((_, Choice::NotShown)) => Self::cannot(Reason::NotShown),
            Some((login, choice)) => Self {
                login,
                said: Ok(choice),
            },
        }
    }

    /// As it travels.
    pub fn wire(self, question_id: &[u8]) -> v1::ConsentAnswered {
        use v1::consent_answered::Answer as Wire;
        let (answer, reason) = match self.said {
            Ok(Choice::Once) => (Wire::Once, None),
            Ok(Choice::Ticket) => (Wire::Ticket, None),
            Ok(Choice::No) => (Wire::No, None),
            Ok(Choice::Silent) => (Wire::Silent, None),
            Ok(Choice::NotShown) => (Wire::Cannot, Some(Reason::NotShown)),
            Err(reason) => (Wire::Cannot, Some(reason)),
        };
        v1::ConsentAnswered {
            question_id: question_id.to_vec().into(),
            login: self.login,
            answer: answer.into(),
            reason: reason.map_or_else(String::new, |reason| reason.as_str().to_owned()),
        }
    }
}

/// Who can be asked: those before a screen of this machine, the one who uses it first.
pub fn seats(host: &Host) -> Vec<Seat> {
    let mut sessions = host.sessions().unwrap_or_default();
    sessions.retain(is_before_a_screen);
    sessions.sort_by_key(|session| !session.active);
    let users = host.users().unwrap_or_default();
    let mut seats: Vec<Seat> = Vec::new();
    for session in sessions {
        let known = users.iter().find(|user| user.name == session.user);
        let Some(user) = session.user_id.or(known.map(|user| user.id)) else {
            continue;
        };
        let bus = format!("/run/user/{user}/bus");
        let is_new = seats.iter().all(|seat| seat.user != user);
        // Root's desktop is the agent's own: its word is no user's.
        if is_new && user != 0 && at(host, &bus).exists() && seats.len() < MOST_SEATS {
            seats.push(Seat {
                login: session.user,
                user,
                bus,
            });
        }
    }
    seats
}

/// A file of the machine, or of its recorded tree.
fn at(host: &Host, path: &str) -> PathBuf {
    let mut whole = host.root().as_os_str().to_owned();
    whole.push(path);
    whole.into()
}

fn is_before_a_screen(session: &Session) -> bool {
    let kind = session.kind.as_deref().unwrap_or_default();
    let is_person = session.class.as_deref().is_none_or(|class| class == "user");
    ["x11", "wayland", "mir"].contains(&kind) && session.remote.is_none() && is_person
}

/// The question in the words of the machine's language.
pub fn words(asked: &v1::AskConsent, lang: Lang) -> Words {
    let v1::AskConsent {
        ticket, technician, ..
    } = asked;
    let purpose = match (lang, asked.purpose_fr.is_empty()) {
        (Lang::Fr, false) => &asked.purpose_fr,
        (Lang::Fr | Lang::En, _) => &asked.purpose_en,
    };
    let of = |summary: &str, body: String, once: &str, ticket: &str, no: &str| Words {
        summary: summary.to_owned(),
        body,
        once: once.to_owned(),
        ticket: ticket.to_owned(),
        no: no.to_owned(),
    };
    match lang {
        Lang::En => of(
            "The helpdesk asks",
            format!(
                "{technician} wants to do this on your machine for ticket {ticket}:\n{purpose}"
            ),
            "Yes, this once",
            "Yes, for this ticket",
            "No",
        ),
        Lang::Fr => of(
            "L'assistance demande",
            format!(
                "{technician} veut faire ceci sur votre machine pour le ticket {ticket} :\n{purpose}"
            ),
            "Oui, cette fois",
            "Oui, pour ce ticket",
            "Non",
        ),
    }
}

/// The language of the machine, as its people have set it (locale.conf(5)).
pub fn language(host: &Host) -> Lang {
    ["/etc/locale.conf", "/etc/default/locale"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(at(host, path)).ok())
        .find_map(|text| {
            let mut lines = text.lines();
            let set = lines.find_map(|line| line.trim().strip_prefix("LANG="))?;
            Some(Lang::best(set.trim_matches(['"', '\''])))
        })
        .unwrap_or_default()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    const ROSA: &str = "UID=1000\nUSER=rosa\nTYPE=wayland\nCLASS=user\nACTIVE=0\n";

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let tree = Tree::new(files);
        let seats = seats(&tree.host());
        let logins: Vec<&str> = seats.iter().map(|seat| seat.login.as_str()).collect();
        assert_eq!(logins, expected);
    }

    #[test]
    fn those_before_a_screen_are_asked() {
        let bus = ("/run/user/1000/bus", "");
        let session = |text| ("/run/systemd/sessions/3", text);
        check(&[session(ROSA), bus], &["rosa"]);
        check(&[session(ROSA)], &[]);
        check(&[bus], &[]);
        for other in [
            "UID=1000\nUSER=rosa\nTYPE=tty\nCLASS=user\n",
            "UID=1000\nUSER=rosa\nTYPE=x11\nCLASS=user\nREMOTE_HOST=there\n",
            "UID=1000\nUSER=gdm\nTYPE=wayland\nCLASS=greeter\n",
        ] {
            check(&[session(other), bus], &[]);
        }
        let root = "UID=0\nUSER=root\nTYPE=x11\nCLASS=user\n";
        check(&[session(root), ("/run/user/0/bus", "")], &[]);
    }

    #[test]
    fn who_uses_the_machine_is_asked_first_and_once() {
        let active = "UID=1001\nUSER=bob\nTYPE=x11\nCLASS=user\nACTIVE=1\n";
        check(
            &[
                ("/run/systemd/sessions/3", ROSA),
                ("/run/systemd/sessions/4", ROSA),
                ("/run/systemd/sessions/5", active),
                ("/run/user/1000/bus", ""),
                ("/run/user/1001/bus", ""),
            ],
            &["bob", "rosa"],
        );
    }

    #[test]
    fn nobody_agrees_for_another_who_says_no() {
        let of = |given: &[(&str, Choice)]| {
            let given = given
                .iter()
                .map(|(login, choice)| ((*login).to_owned(), *choice));
            Answer::of(given.collect())
        };
        let said = |login: &str, choice| Answer {
            login: login.into(),
            said: Ok(choice),
        };
        assert_eq!(of(&[]), Answer::cannot(Reason::NobodyThere));
        let no = of(&[("rosa", Choice::Ticket), ("bob", Choice::No)]);
        assert_eq!(no, said("bob", Choice::No));
        let once = of(&[("rosa", Choice::Silent), ("bob", Choice::Once)]);
        assert_eq!(once, said("bob", Choice::Once));
        assert_eq!(
            of(&[("rosa", Choice::NotShown)]),
            Answer::cannot(Reason::NotShown)
        );
        let wire = of(&[("rosa", Choice::NotShown)]).wire(&[1; 16]);
        assert_eq!((&*wire.reason, &*wire.login), ("not_shown", ""));
    }

    #[test]
    fn a_question_is_in_the_machines_language() {
        let asked = v1::AskConsent {
            ticket: 12,
            technician: "ada".into(),
            purpose_en: "Restart".into(),
            purpose_fr: "Redémarrer".into(),
            ..v1::AskConsent::default()
        };
        let tree = Tree::new(&[("/etc/default/locale", "LANG=\"fr_FR.UTF-8\"\n")]);
        let french = words(&asked, language(&tree.host()));
        assert!(
            french.body.ends_with("ticket 12 :\nRedémarrer"),
            "{}",
            french.body
        );
        let english = words(&asked, language(&Tree::new(&[]).host()));
        assert!(english.body.contains("ada wants"), "{}", english.body);
        let only = v1::AskConsent {
            purpose_fr: String::new(),
            ..asked
        };
        assert!(words(&only, Lang::Fr).body.ends_with("Restart"));
    }
}

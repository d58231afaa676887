//! What becomes of what somebody says on their own machine: a ticket, an answer on one, or a refusal that they are told.

use sonde_proto::help::Reason;
use sonde_proto::text;

use super::person::folded;
use super::{Listed, State};

/// Tickets that are not resolved and that one person has asked for on one device: what they say beyond that stands on
/// the newest of them.
pub const MOST_OF_ONE: usize = 5;
/// The same of all persons on one device: beyond that it is refused.
pub const MOST_OF_DEVICE: usize = 20;
/// What is taken from one device in an hour.
pub const MOST_AN_HOUR: i64 = 60;
/// Title made of what was said, characters.
const TITLE_CHARACTERS: usize = 100;

/// What was said, and what the desk knows that matters for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The ticket that it is an answer on.
    pub ticket: Option<i64>,
    /// They say that this ticket is solved.
    pub solved: bool,
    pub has_text: bool,
    /// Where that ticket stands; none: it is none of this person's on this device.
    pub state: Option<State>,
    /// Tickets of theirs that are not resolved, the newest first.
    pub open: Vec<i64>,
    /// Those of everybody on the device.
    pub n_open_of_device: usize,
    /// What was taken from the device in the last hour.
    pub n_last_hour: i64,
}

/// Where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// A new ticket. `follows`: the closed one that it goes on from.
    Open {
        follows: Option<i64>,
        reason: Option<Reason>,
    },
    Answer {
        ticket: i64,
        reason: Option<Reason>,
    },
    Refuse(Reason),
}

impl Said {
    pub fn course(&self) -> Course {
        if self.n_last_hour >= MOST_AN_HOUR {
            return Course::Refuse(Reason::TooOften);
        }
        let answer = |ticket, reason| Course::Answer { ticket, reason };
        match (self.ticket, self.state) {
            (None, _) => self.anew(None, None),
            (Some(_), None) if self.solved => Course::Refuse(Reason::NoTicket),
            (Some(_), None) => self.anew(None, Some(Reason::NoTicket)),
            (Some(number), Some(State::Proposed)) => answer(number, None),
            (Some(_), Some(state)) if self.solved && (!self.has_text || state == State::Closed) => {
                Course::Refuse(Reason::NotProposed)
            }
            (Some(number), Some(State::Closed)) => self.anew(Some(number), Some(Reason::Closed)),
            (Some(number), Some(_)) => answer(number, self.solved.then_some(Reason::NotProposed)),
        }
    }

    fn anew(&self, follows: Option<i64>, reason: Option<Reason>) -> Course {
        match self.open.first() {
            Some(newest) if self.open.len() >= MOST_OF_ONE => Course::Answer {
                ticket: *newest,
                reason: Some(Reason::ManyOpen),
            },
            _ if self.n_open_of_device >= MOST_OF_DEVICE => Course::Refuse(Reason::TooManyOpen),
            _ => Course::Open { follows, reason },
        }
    }
}

/// The first line of what was said, shortened.
pub fn title(said: &str) -> String {
    let line = said.lines().map(str::trim).find(|line| !line.is_empty());
    let line = text::clean(line.unwrap_or_default(), usize::MAX, false);
    match line.chars().count() {
        length if length <= TITLE_CHARACTERS => line.into_owned(),
        _ => {
            let mut cut: String = line.chars().take(TITLE_CHARACTERS - 1).collect();
            cut.push('…');
            cut
        }
    }
}

/// Somebody who may have asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub person: Listed,
    pub name: String,
    /// The login is one that can be theirs.
    pub by_login: bool,
    /// A technician has confirmed that the device is theirs.
    pub is_confirmed: bool,
}

/// The person who has asked, as far as that is clear: the only one to whom the login can belong, or whose name it is; of
/// several, the one whose device it is. That a device is somebody's does not make its other users them.
pub fn asker<'c>(candidates: &'c [Candidate], full_name: &str) -> Option<&'c Candidate> {
    let full_name = folded(full_name);
    let fits = |one: &&Candidate| {
        one.by_login || (!full_name.is_empty() && folded(&one.name) == full_name)
    };
    let fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
    let confirmed: Vec<&Candidate> = fitting
        .iter()
        .filter(|one| one.is_confirmed)
        .copied()
        .collect();
    match (fitting.as_slice(), confirmed.as_slice()) {
        ([only], _) | (_, [only]) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(state: Option<State>) -> Said {
        Said {
            ticket: Some(7),
            has_text: true,
            state,
            ..Said::default()
        }
    }

    #[test]
    fn an_answer_goes_to_its_ticket_and_is_never_lost() {
        let to_it = Course::Answer {
            ticket: 7,
            reason: None,
        };
        for state in [
            State::New,
            State::Open,
            State::Waiting,
            State::Proposed,
            State::Resolved,
        ] {
            assert_eq!(answer(Some(state)).course(), to_it, "{state:?}");
        }
        let follow_up = Course::Open {
            follows: Some(7),
            reason: Some(Reason::Closed),
        };
        assert_eq!(answer(Some(State::Closed)).course(), follow_up);
        let anothers = Course::Open {
            follows: None,
            reason: Some(Reason::NoTicket),
        };
        assert_eq!(answer(None).course(), anothers);
    }

    #[test]
    fn only_what_was_proposed_is_confirmed() {
        let solved = |state, has_text| Said {
            solved: true,
            has_text,
            ..answer(state)
        };
        let course = |state, has_text| solved(state, has_text).course();
        let to_it = |reason| Course::Answer { ticket: 7, reason };
        assert_eq!(course(Some(State::Proposed), false), to_it(None));
        let nothing = Course::Refuse(Reason::NotProposed);
        assert_eq!(course(Some(State::Open), false), nothing);
        assert_eq!(
            course(Some(State::Open), true),
            to_it(Some(Reason::NotProposed))
        );
        assert_eq!(course(Some(State::Closed), true), nothing);
        assert_eq!(course(None, true), Course::Refuse(Reason::NoTicket));
    }

    #[test]
    fn nobody_fills_the_desk() {
        let many = |n_own: i64, n_open_of_device| Said {
            open: (0..n_own).rev().map(|n| 100 + n).collect(),
            n_open_of_device,
            has_text: true,
            ..Said::default()
        };
        let anew = Course::Open {
            follows: None,
            reason: None,
        };
        assert_eq!(many(MOST_OF_ONE as i64 - 1, 0).course(), anew);
        let newest = Course::Answer {
            ticket: 104,
            reason: Some(Reason::ManyOpen),
        };
        assert_eq!(many(MOST_OF_ONE as i64, MOST_OF_DEVICE).course(), newest);
        assert_eq!(many(0, MOST_OF_DEVICE - 1).course(), anew);
        assert_eq!(
            many(0, MOST_OF_DEVICE).course(),
            Course::Refuse(Reason::TooManyOpen)
        );
        let often = Said {
            n_last_hour: MOST_AN_HOUR,
            ..many(0, 0)
        };
        assert_eq!(often.course(), Course::Refuse(Reason::TooOften));
    }

    #[test]
    fn a_title_is_one_short_line() {
        assert_eq!(title("\n  no sound \nsince monday"), "no sound");
        assert_eq!(title("a\tb"), "a\u{fffd}b");
        let long = title(&"é".repeat(300));
        assert_eq!(long.chars().count(), TITLE_CHARACTERS);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn who_asks_is_found_where_that_is_clear() {
        let one = |name: &str, by_login, is_confirmed| Candidate {
            person: Listed {
                id: Some(name.into()),
                group: None,
            },
            name: name.into(),
            by_login,
            is_confirmed,
        };
        let rosa = one("Rosa Marín", true, false);
        let other = one("Rosa Maier", true, false);
        let owner = one("Bob Kerr", false, true);
        let asker = |all: &[Candidate], name| super::asker(all, name).map(|one| one.name.clone());
        let found = |name: &str| Some(name.to_owned());
        assert_eq!(
            asker(&[rosa.clone(), owner.clone()], ""),
            found("Rosa Marín")
        );
        assert_eq!(asker(&[rosa.clone(), other.clone()], ""), None);
        let hers = Candidate {
            is_confirmed: true,
            ..rosa.clone()
        };
        assert_eq!(asker(&[hers, other], ""), found("Rosa Marín"));
        // The guest on Bob's machine is not Bob.
        assert_eq!(asker(std::slice::from_ref(&owner), "Guest"), None);
        assert_eq!(asker(&[owner], "bob kerr"), found("Bob Kerr"));
        assert_eq!(asker(&[], "Rosa"), None);
    }
}

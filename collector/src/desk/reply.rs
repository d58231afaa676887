//! Canned replies: what is written again and again, with places for what differs.

use serde::{Deserialize, Serialize};

use super::ticket::{NOTE_LENGTH, Refusal, Ticket, refused};
use crate::wording::wording;

/// Longest name of a reply or a macro, characters.
pub const NAME_LENGTH: usize = 60;
/// What stands between braces, and is filled in.
const PLACES: [&str; 4] = ["requester", "ticket", "title", "technician"];

/// A reply in the languages in which requesters are answered; one may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    pub en: String,
    pub fr: String,
}

impl Reply {
    /// What can be told of it alone.
    ///
    /// # Errors
    /// A [`Refusal`]: it says nothing, is too long, or has a place that nothing is known for.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.en.trim().is_empty() && self.fr.trim().is_empty() {
            return refused("en", wording!("it says nothing in any language"));
        }
        for (field, text) in [("en", &self.en), ("fr", &self.fr)] {
            if text.chars().count() > NOTE_LENGTH {
                return refused(field, wording!("{} characters at most", NOTE_LENGTH));
            }
            if let Some(strange) = places(text).find(|place| !PLACES.contains(place)) {
                return Err(
                    Refusal::new(field, wording!("nothing is known for {{}}", strange))
                        .remedy(wording!("there are {{}}", PLACES.join("}, {"))),
                );
            }
        }
        Ok(())
    }

    /// What is written to the requester of a ticket, in their language or else in the other.
    pub fn of(&self, number: i64, ticket: &Ticket, technician: &str, is_french: bool) -> String {
        let (first, second) = match is_french {
            true => (&self.fr, &self.en),
            false => (&self.en, &self.fr),
        };
        let text = if first.trim().is_empty() {
            second
        } else {
            first
        };
        let number = number.to_string();
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            match behind.split_once('}') {
                Some((place, after)) => {
                    filled.push_str(match place {
                        "requester" => ticket.requester.as_deref().unwrap_or_default(),
                        "ticket" => &number,
                        "title" => &ticket.title,
                        "technician" => technician,
                        _ => "",
                    });
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = behind;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

fn places(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(place, _)| place))
}

#[cfg(test)]
mod tests {
    use super::super::event::Event;
    use super::super::state::Priority;
    use super::super::ticket::after;
    use super::*;

    fn ticket() -> Ticket {
        let opened = Event::Opened {
            title: "no {sound}".into(),
            site: "default".into(),
            priority: Priority::Normal,
            requester: Some("Rosa".into()),
            asked: None,
            person: None,
            weight: None,
        };
        after(None, &opened, "ann", 0).unwrap()
    }

    #[track_caller]
    fn check(en: &str, fr: &str, is_french: bool, expected: &str) {
        let reply = Reply {
            en: en.into(),
            fr: fr.into(),
        };
        let shown = match reply.validate() {
            Ok(()) => reply.of(7, &ticket(), "ann", is_french),
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn places_are_filled_once() {
        check(
            "Dear {requester}, {ticket}: {title}",
            "",
            false,
            "Dear Rosa, 7: no {sound}",
        );
        check("{technician} { open", "", false, "ann { open");
        check("a", "b", true, "b");
        check("a", "", true, "a");
    }

    #[test]
    fn a_reply_says_something_that_is_known() {
        check("", " ", false, "en: it says nothing in any language");
        check(
            "{name}",
            "",
            false,
            "en: nothing is known for {name}: there are {requester}, {ticket}, {title}, {technician}",
        );
    }
}

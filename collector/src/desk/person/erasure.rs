//! What stands on tickets in the place of somebody who is to be forgotten.

use super::{bare, folded, telephone};
use crate::desk::{Event, Listed, Side};

/// What stands in the place of erased words, for those who read tickets in either language.
pub const MARKER: &str = "[erased on request / effacé sur demande]";
/// Shorter login names are words of the language more often than they are somebody.
const SHORTEST_LOGIN: usize = 3;

/// Somebody on the way to be forgotten.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Of the person.
    pub id: String,
    /// "person 5e1c07aa".
    pub pseudonym: String,
    pub name: String,
    pub mails: Vec<String>,
    pub phones: Vec<String>,
    /// As the devices know them.
    pub logins: Vec<String>,
    /// What they wrote goes too.
    pub words: bool,
}

impl Erasure {
    /// An event of one of their tickets without them. `is_theirs`: whether they are who this login is.
    pub fn of_event(&self, event: &Event, is_theirs: impl Fn(&str) -> bool) -> Event {
        let mut event = event.clone();
        if let Event::Opened { asked, .. } | Event::Messaged { asked, .. } = &mut event
            && let Some(asked) = asked
            && is_theirs(&asked.login)
        {
            asked.login.clone_from(&self.pseudonym);
        }
        if let Event::Opened {
            title,
            requester,
            asked,
            person,
            ..
        } = &mut event
        {
            // Of what was asked on a device the title is made of their own words.
            *title = self.of_words(title, asked.is_some());
            let is_known = asked
                .as_ref()
                .is_some_and(|asked| asked.login == self.pseudonym);
            if let Some(requester) = requester {
                self.of_requester(requester, person, is_known);
            }
        }
        if let Event::RequesterChanged { to, person } = &mut event {
            self.of_requester(to, person, false);
        }
        if let Event::Messaged { side, text, .. } = &mut event {
            *text = self.of_words(text, *side == Side::Requester);
        }
        if let Event::Attached { name, .. } = &mut event {
            *name = self.of_words(name, true);
        }
        if let Event::Noted { text }
        | Event::TierChanged { reason: text, .. }
        | Event::StateChanged {
            reason: Some(text), ..
        } = &mut event
        {
            *text = self.of_text(text);
        }
        event
    }

    /// Who has asked, if it is they. `is_known`: by their login.
    fn of_requester(&self, name: &mut String, person: &mut Option<Listed>, is_known: bool) {
        let id = person.as_mut().and_then(|person| person.id.as_mut());
        let is_theirs = match &id {
            Some(id) => **id == self.id,
            None => is_known || folded(name) == folded(&self.name),
        };
        if !is_theirs {
            return;
        }
        name.clone_from(&self.pseudonym);
        if let Some(person) = person {
            person.id = None;
        }
    }

    fn of_words(&self, text: &str, are_theirs: bool) -> String {
        match self.words && are_theirs {
            true => MARKER.to_owned(),
            false => self.of_text(text),
        }
    }

    /// A text with the pseudonym where the name, an address, a number or a login stands in it as words of their own,
    /// however they are accented, in capitals or spaced.
    pub fn of_text(&self, text: &str) -> String {
        let logins = self.logins.iter();
        let logins = logins.filter(|login| login.chars().count() >= SHORTEST_LOGIN);
        let all = [&self.name].into_iter().chain(&self.mails);
        let mut known: Vec<Vec<char>> = all
            .chain(&self.phones)
            .chain(logins)
            .map(|text| folded_chars(text).into_iter().map(|(_, c)| c).collect())
            .filter(|known: &Vec<char>| !known.is_empty())
            .collect();
        known.sort_by_key(|known| std::cmp::Reverse(known.len()));
        let numbers: Vec<String> = self.phones.iter().filter_map(|n| telephone(n)).collect();
        let chars = folded_chars(text);
        let start = |at: usize| chars.get(at).map_or(text.len(), |(start, _)| *start);
        let is_word = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_alphanumeric());
        let (mut at, mut copied, mut plain) = (0, 0, String::with_capacity(text.len()));
        while at < chars.len() {
            let begins = at == 0 || !is_word(at - 1);
            let found = known.iter().find(|known| {
                let end = at + known.len();
                let here = chars.get(at..end);
                begins
                    && !is_word(end)
                    && here.is_some_and(|here| here.iter().map(|(_, c)| c).eq(known.iter()))
            });
            let length = match found {
                Some(known) => Some(known.len()),
                None if begins => number(&chars[at..], &numbers),
                None => None,
            };
            let Some(length) = length else {
                at += 1;
                continue;
            };
            plain.push_str(&text[copied..start(at)]);
            plain.push_str(&self.pseudonym);
            at += length;
            copied = start(at);
        }
        plain.push_str(&text[copied..]);
        plain
    }
}

/// How many characters are one of these numbers, as [`telephone`] compares them.
fn number(chars: &[(usize, char)], numbers: &[String]) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_digit() || " +().-/".contains(c);
    let mut run = String::new();
    let mut longest = None;
    for (at, (_, c)) in chars.iter().enumerate() {
        // A number and what is dialled before it are not longer.
        if !is_part(*c) || at >= 40 {
            break;
        }
        run.push(*c);
        let ends = c.is_ascii_digit()
            && !chars
                .get(at + 1)
                .is_some_and(|(_, next)| next.is_alphanumeric());
        if ends && telephone(&run).is_some_and(|number| numbers.contains(&number)) {
            longest.get_or_insert(at + 1);
        }
    }
    longest
}

/// Where each character begins, and what it is compared as: small letters without accents.
fn folded_chars(text: &str) -> Vec<(usize, char)> {
    let mut all = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        let plain = bare(c.encode_utf8(&mut buffer)).flat_map(char::to_lowercase);
        all.extend(plain.map(|c| (at, c)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Asked, Priority};

    fn rosa(words: bool) -> Erasure {
        Erasure {
            id: "5e".into(),
            pseudonym: "P".into(),
            name: "Rosa Élan".into(),
            mails: vec!["r.elan@example.org".into()],
            phones: vec!["06 12 34 56 78".into()],
            logins: vec!["rosa".into(), "it".into()],
            words,
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(rosa(false).of_text(text), expected);
    }

    #[test]
    fn who_is_named_is_named_no_more() {
        check("Rosa Élan says", "P says");
        check("ROSA ELAN, rosa e\u{301}lan", "P, P");
        check("for R.Elan@example.org: it is slow", "for P: it is slow");
        check("call +33 6 12 34 56 78 now", "call P now");
        check("call 0612345678.", "call P.");
        check("06.12.34.56.78", "P");
        check("rosary of user rosa", "rosary of user P");
        check("error 612345 é", "error 612345 é");
        check("", "");
    }

    #[test]
    fn only_what_they_wrote_goes_with_their_words() {
        let asked = |login: &str| {
            Some(Asked {
                device: "d".into(),
                login: login.into(),
                said: "1".into(),
                at: 1,
            })
        };
        let messaged = |side, text: &str, login| Event::Messaged {
            side,
            text: text.into(),
            asked: asked(login),
        };
        let is_theirs = |login: &str| login == "rosa";
        let of = |words, event: &Event| rosa(words).of_event(event, is_theirs);
        let theirs = messaged(Side::Requester, "no sound", "rosa");
        assert_eq!(
            of(false, &theirs),
            messaged(Side::Requester, "no sound", "P")
        );
        assert_eq!(of(true, &theirs), messaged(Side::Requester, MARKER, "P"));
        let other = messaged(Side::Technician, "dear rosa", "eve");
        assert_eq!(
            of(true, &other),
            messaged(Side::Technician, "dear P", "eve")
        );
        let opened = |title: &str, requester: &str, asked| Event::Opened {
            title: title.into(),
            site: "rosa".into(),
            priority: Priority::Normal,
            requester: Some(requester.into()),
            asked,
            person: None,
            weight: None,
        };
        let said = opened("no sound", "Rosa Élan", asked("rosa"));
        assert_eq!(of(true, &said), opened(MARKER, "P", asked("P")));
        let called = opened("no sound of rosa", "Rosa Élan", None);
        assert_eq!(of(true, &called), opened("no sound of P", "P", None));
    }
}

//! Somebody who is helped: what is known of them, and how what people say of them is compared.

pub mod erasure;
pub mod import;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::Refusal;
use crate::wording::{Wording, wording};

/// Longest name, characters.
pub const NAME_LENGTH: usize = 200;
/// Longest note for technicians, characters.
pub const NOTE_LENGTH: usize = 4_000;
/// Longest name of a group, characters.
pub const GROUP_LENGTH: usize = 100;
/// Telephone numbers of a person, and as many mail addresses.
pub const MOST_CONTACTS: usize = 10;
/// Devices that can be confirmed to be one person's.
pub const MOST_DEVICES: usize = 50;
/// Longest mail address, bytes (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const MAIL_BYTES: usize = 254;
/// Digits of a telephone number: 15 in the world (ITU-T E.164), and what is dialled before it.
pub const DIGITS: std::ops::RangeInclusive<usize> = 2..=20;
/// Digits by which numbers are compared: what comes before is dialled or not.
const COMPARED_DIGITS: usize = 9;

/// In which language somebody is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Fr,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub language: Option<Language>,
    /// As they were written.
    pub phones: Vec<String>,
    pub mails: Vec<String>,
    /// For technicians.
    pub note: String,
    pub group: Option<String>,
}

impl Details {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn validate(&self) -> Result<(), Refusal> {
        within("name", &self.name, NAME_LENGTH)?;
        if folded(&self.name).is_empty() {
            return Err(Refusal::new("name", wording!("it is empty")).remedy(wording!("who it is")));
        }
        within("note", &self.note, NOTE_LENGTH)?;
        within(
            "group",
            self.group.as_deref().unwrap_or_default(),
            GROUP_LENGTH,
        )?;
        contacts(
            "phones",
            &self.phones,
            telephone,
            &wording!("a telephone number"),
        )?;
        contacts("mails", &self.mails, mail, &wording!("a mail address"))
    }

    /// The names under which the person may be logged on: their mail addresses, what stands in them before the `@`, and
    /// the name's words joined as such names join them.
    pub fn logins(&self) -> Vec<String> {
        let mut logins = Vec::new();
        for address in self.mails.iter().filter_map(|address| mail(address)) {
            let local = address.split('@').next().unwrap_or_default().to_owned();
            logins.extend([local, address]);
        }
        let name = folded(&self.name);
        let words: Vec<&str> = name.split(' ').collect();
        let joined = [".", "", "_", "-"].map(|between| words.join(between));
        logins.extend(joined);
        logins.retain(|login| !login.is_empty());
        logins.sort_unstable();
        logins.dedup();
        logins
    }
}

fn within(field: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    match text.chars().count() {
        length if length > most => Err(Refusal::new(
            field,
            wording!("{} characters, where {} are the most", length, most),
        )),
        _ => Ok(()),
    }
}

fn contacts(
    field: &'static str,
    written: &[String],
    compared: fn(&str) -> Option<String>,
    what: &Wording,
) -> Result<(), Refusal> {
    if written.len() > MOST_CONTACTS {
        let reason = wording!("{}, where {} are the most", written.len(), MOST_CONTACTS);
        return Err(Refusal::new(field, reason));
    }
    let mut seen = Vec::with_capacity(written.len());
    for text in written {
        let key = compared(text)
            .ok_or_else(|| Refusal::new(field, wording!("{} is not {}", ?text, what)))?;
        if seen.contains(&key) {
            return Err(Refusal::new(field, wording!("{} is there twice", ?text)));
        }
        seen.push(key);
    }
    Ok(())
}

/// A telephone number as it is compared: its last 9 digits, all of them where there are fewer, so that `06 12 34 56 78` is
/// `+33 6 12 34 56 78`. None: it is no number.
pub fn telephone(text: &str) -> Option<String> {
    let is_between = |c: char| c.is_whitespace() || "+().-/".contains(c);
    if !text.chars().all(|c| c.is_ascii_digit() || is_between(c)) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let skipped = digits.len().saturating_sub(COMPARED_DIGITS);
    DIGITS
        .contains(&digits.len())
        .then(|| digits[skipped..].to_owned())
}

/// A mail address as it is compared: in lower case. None: it is no address.
pub fn mail(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;\"\u{fffd}".contains(c);
    let fits = !local.is_empty() && !domain.is_empty() && text.len() <= MAIL_BYTES;
    let is_one = fits && !local.contains('@') && text.chars().all(is_plain);
    is_one.then(|| text.to_lowercase())
}

/// A name as it is compared: in lower case, without accents, its words of letters and digits with one space between them.
/// Accents are what Unicode Standard Annex #15 takes apart (NFKD).
pub fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in bare(text) {
        // "O'Brien" is said as one word.
        if !push_plain(c, &mut plain) && !matches!(c, '\'' | '’') {
            plain.push(' ');
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without its accents.
pub(super) fn bare(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !is_combining_mark(*c))
}

/// Appends a letter or a digit as it is compared. False: it is neither.
pub(super) fn push_plain(c: char, plain: &mut String) -> bool {
    match c {
        'ß' | 'ẞ' => plain.push_str("ss"),
        'œ' | 'Œ' => plain.push_str("oe"),
        'æ' | 'Æ' => plain.push_str("ae"),
        'ø' | 'Ø' => plain.push('o'),
        'ł' | 'Ł' => plain.push('l'),
        'đ' | 'Đ' => plain.push('d'),
        c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
        _ => return false,
    }
    true
}

/// How a system may spell a login that is compared in lower case: as it is, in capitals, each word with one.
pub fn spellings(login: &str) -> Vec<String> {
    let mut begins = true;
    let capitals = login.chars().map(|c| {
        let c = if begins { c.to_ascii_uppercase() } else { c };
        begins = !c.is_alphanumeric();
        c
    });
    let capitals = capitals.collect();
    let mut all = vec![login.to_owned(), login.to_uppercase(), capitals];
    all.dedup();
    all
}

//! Who calls: what a technician types of a caller, what it can mean, and which match is the best.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::person::{folded, mail, telephone};
use super::{Refusal, asset};
use crate::wording::wording;

/// Longest text that is looked for, characters.
pub const LONGEST: usize = 200;
/// Matches that are shown.
pub const MOST: usize = 20;
/// First characters of a device's id that are asked for on the telephone: fewer mean nothing.
pub const CODE_LENGTH: usize = 6;
/// Characters of a device's id.
const ID_LENGTH: usize = 26;

/// By what somebody was found; the surest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// First characters of the device's id, or the code that it says without a network.
    Code,
    Mail,
    Telephone,
    /// IP address of the device, or address of the asset.
    Address,
    /// Host name of the device.
    Host,
    /// What an asset is called, or known by.
    Asset,
    Name,
    /// Who is logged on to the device, or a login that can be the person's.
    User,
}

/// What a text can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub text: String,
    /// As telephone numbers are compared.
    pub telephone: Option<String>,
    pub mail: Option<String>,
    pub address: Option<IpAddr>,
    /// With what the device's id begins.
    pub code: Option<String>,
    /// As logins are compared.
    pub login: String,
    /// Of a name, folded.
    pub words: Vec<String>,
}

impl Asked {
    /// # Errors
    /// There is nothing to look for, or too much.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let remedy = wording!(
            "a name, telephone number, mail address, host name, IP address, login or caller code"
        );
        if text.is_empty() {
            return Err(Refusal::new("q", wording!("it is empty")).remedy(remedy));
        }
        if text.chars().count() > LONGEST {
            let reason = wording!("more than {} characters", LONGEST);
            return Err(Refusal::new("q", reason).remedy(remedy));
        }
        let address: Option<IpAddr> = text.parse().ok();
        let mail = mail(text);
        // Windows writes a login behind its domain.
        let login = text.rsplit('\\').next().unwrap_or_default();
        let name = match (&mail, address) {
            (None, None) => folded(text),
            _ => String::new(),
        };
        Ok(Self {
            text: text.to_owned(),
            telephone: telephone(text).filter(|_| address.is_none()),
            code: code(text),
            login: login.to_lowercase(),
            words: name.split_whitespace().map(str::to_owned).collect(),
            mail,
            address,
        })
    }

    /// Whether a name is just what was asked for, not only a part of it.
    pub fn is_name(&self, name: &str) -> bool {
        folded(name) == self.words.join(" ")
    }

    /// How an asset fits that has some of it: it is at this address, or called so.
    pub fn fit_of(&self, asset: &asset::Details) -> Fit {
        let address = asset.address.as_deref();
        let is_there = address.is_some_and(|address| address == self.text.to_lowercase());
        let is_serial = asset
            .serial
            .as_deref()
            .is_some_and(|serial| self.is_name(serial));
        match is_there {
            true => Fit {
                is_part: false,
                by: Matched::Address,
            },
            false => Fit {
                is_part: !is_serial && !self.is_name(&asset.name),
                by: Matched::Asset,
            },
        }
    }

    pub fn is_host(&self, hostname: &str) -> bool {
        hostname.to_lowercase() == self.text.to_lowercase()
    }
}

/// The beginning of a device's id that somebody has read aloud: Crockford's base 32, in which I and L are 1 and O is 0; or
/// what the spoken code of a device without a network says of it.
fn code(text: &str) -> Option<String> {
    if let Ok(heard) = sonde_proto::code::decode(text) {
        return Some(heard.short_id);
    }
    let read = |c: char| match c.to_ascii_lowercase() {
        'i' | 'l' => Some('1'),
        'o' => Some('0'),
        'u' => None,
        c => c.is_ascii_alphanumeric().then_some(c),
    };
    let said = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
    let id: String = said.map(read).collect::<Option<_>>()?;
    // The first of 26 characters has three bits.
    let begins = id.starts_with(|first| ('0'..='7').contains(&first));
    (begins && (CODE_LENGTH..=ID_LENGTH).contains(&id.len())).then_some(id)
}

/// How well something fits what was asked for; the better the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// Only a part of it is what was asked for.
    pub is_part: bool,
    pub by: Matched,
}

/// Each one once, by its best fit, the best first; those that fit alike stay in their order. Machines that nobody is known to
/// have come last where only a login fits: a first name is the login on many. [`MOST`] at most.
pub fn best<K: PartialEq>(
    found: impl IntoIterator<Item = (K, Fit)>,
    is_nobodys: impl Fn(&K) -> bool,
) -> Vec<(K, Fit)> {
    let mut all: Vec<(K, Fit)> = found.into_iter().collect();
    all.sort_by_key(|(key, fit)| (fit.by == Matched::User && is_nobodys(key), *fit));
    let mut once: Vec<(K, Fit)> = Vec::new();
    for (key, fit) in all {
        if !once.iter().any(|(known, _)| *known == key) {
            once.push((key, fit));
        }
    }
    once.truncate(MOST);
    once
}

/// What a device has to do with a person who calls.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// It is what was asked for.
    Matched,
    /// A technician has confirmed that it is theirs.
    Confirmed,
    /// Somebody is logged on to it under a name that can be theirs.
    Seen,
}

/// Which of a caller's devices the call is about: the only one with the closest tie. None: it is not clear.
pub fn meant<D>(devices: &[D], tie: impl Fn(&D) -> Tie) -> Option<&D> {
    let closest = devices.iter().map(&tie).min()?;
    let mut close = devices.iter().filter(|device| tie(device) == closest);
    close.next().filter(|_| close.next().is_none())
}

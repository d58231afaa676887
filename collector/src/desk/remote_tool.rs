//! A site's own remote desktop tool: a template of addresses, and the address that it makes for a device. Pure.

use std::fmt;
use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::wording::{Wording, wording};

#[cfg(test)]
mod tests;

/// Longest name, characters.
pub const NAME_LENGTH: usize = 60;
/// Longest template, characters.
pub const TEMPLATE_LENGTH: usize = 1_000;
/// Places of a template.
pub const MOST_PLACES: usize = 16;
/// Longest value that is put in, bytes.
pub const VALUE_BYTES: usize = 255;
/// Longest address, bytes.
pub const ADDRESS_BYTES: usize = 4_000;

/// They run or read something in the browser itself, and open nothing else.
const BANNED: [&str; 6] = ["javascript", "data", "vbscript", "file", "blob", "about"];
const WEB: [&str; 2] = ["http", "https"];
/// Never in an address as it is sent; browsers take the backslash for a slash.
const NOT_PLAIN: [char; 8] = ['"', '<', '>', '\\', '^', '`', '|', '\''];
const EXAMPLE: &str = "https://mesh.example/?viewmode=11&gotonode={hostname}";

/// What can be put into a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The device's host name.
    Hostname,
    /// Its id.
    Device,
    /// Its site's name.
    Site,
    /// Its primary IP address.
    Address,
    /// The ticket's number.
    Ticket,
}

impl Place {
    pub const ALL: [Self; 5] = [
        Self::Hostname,
        Self::Device,
        Self::Site,
        Self::Address,
        Self::Ticket,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hostname => "hostname",
            Self::Device => "device",
            Self::Site => "site",
            Self::Address => "address",
            Self::Ticket => "ticket",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.as_str())
    }
}

/// What is known of a device on a ticket. Empty: it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    pub hostname: String,
    pub device: String,
    pub site: String,
    pub address: String,
    pub ticket: String,
}

impl Values {
    /// Those of a device that there is not.
    pub fn example(site: &str) -> Self {
        Self {
            hostname: "lab-7".to_owned(),
            device: "5k2mxq7w3nf8v1cbr0t9ydzhag".to_owned(),
            site: site.to_owned(),
            address: "192.0.2.7".to_owned(),
            ticket: "42".to_owned(),
        }
    }

    fn of(&self, place: Place) -> &str {
        match place {
            Place::Hostname => &self.hostname,
            Place::Device => &self.device,
            Place::Site => &self.site,
            Place::Address => &self.address,
            Place::Ticket => &self.ticket,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(Place),
}

/// A template that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Takes one apart.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        if text.chars().count() > TEMPLATE_LENGTH {
            return Err(wrong(wording!("more than {} characters", TEMPLATE_LENGTH)));
        }
        let is_plain = |c: char| c.is_ascii_graphic() && !NOT_PLAIN.contains(&c);
        if !text.chars().all(is_plain) {
            return Err(
                wrong(wording!("it has other characters than an address has"))
                    .remedy(wording!("write those with %, a space as %20")),
            );
        }
        let parts = parts(text)?;
        let n_places = parts.iter().filter(|part| is_place(part)).count();
        match n_places {
            0 => Err(wrong(wording!("it is the same for every device"))
                .remedy(wording!("put in one of {}", all_places()))),
            n if n > MOST_PLACES => Err(wrong(wording!("more than {} places", MOST_PLACES))),
            _ => {
                judge_beginning(text)?;
                Ok(Self { parts })
            }
        }
    }

    /// The first of its places that cannot be filled; none: an address can be made.
    pub fn unknown(&self, values: &Values) -> Option<Place> {
        let places = self.parts.iter().filter_map(|part| match part {
            Part::Place(place) => Some(*place),
            Part::Text(_) => None,
        });
        let mut unknown = places.filter(|place| values.of(*place).is_empty());
        unknown.next()
    }

    /// The address for a device, values percent-encoded.
    ///
    /// # Errors
    /// A value is not known, or makes another address of it.
    pub fn address(&self, values: &Values) -> Result<String, Refusal> {
        if let Some(place) = self.unknown(values) {
            return Err(unknown(place));
        }
        let mut address = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => address.push_str(text),
                Part::Place(place) => {
                    let value = values.of(*place);
                    if value.len() > VALUE_BYTES {
                        let what = wording!("{} has more than {} bytes", %place, VALUE_BYTES);
                        return Err(Refusal::new("tool", what));
                    }
                    // RFC 3986, 3.2.2.
                    match is_in_host(&address) && value.parse::<Ipv6Addr>().is_ok() {
                        true => address.push_str(&format!("[{value}]")),
                        false => encode(value, &mut address),
                    }
                }
            }
        }
        if address.len() > ADDRESS_BYTES {
            let what = wording!("its address has more than {} bytes", ADDRESS_BYTES);
            return Err(Refusal::new("tool", what));
        }
        match climbs(&address) {
            false => Ok(address),
            true => Err(Refusal::new(
                "tool",
                wording!("its address would lead elsewhere: a value is made of points alone"),
            )
            .remedy(wording!("open the device there by hand"))),
        }
    }

    /// Scheme and host: what of it can be told without a secret that it may hold.
    pub fn whereto(&self) -> String {
        let Some(Part::Text(text)) = self.parts.first() else {
            return String::new();
        };
        let Some((scheme, rest)) = text.split_once(':') else {
            return String::new();
        };
        match rest.strip_prefix("//") {
            Some(rest) if WEB.contains(&scheme) => format!("{scheme}://{}", authority(rest)),
            Some(_) | None => format!("{scheme}:"),
        }
    }
}

fn wrong(what: Wording) -> Refusal {
    Refusal::new("template", what).remedy(wording!("write it as {}", EXAMPLE))
}

fn unknown(place: Place) -> Refusal {
    let what = wording!("{} of the device is not known", %place);
    let refusal = Refusal::new("device", what);
    match place {
        Place::Address => refusal.remedy(wording!(
            "it comes with its facts: wait for its next report"
        )),
        Place::Hostname | Place::Device | Place::Site | Place::Ticket => refusal,
    }
}

fn all_places() -> String {
    Place::ALL.map(|place| place.to_string()).join(", ")
}

fn is_place(part: &Part) -> bool {
    matches!(part, Part::Place(_))
}

fn parts(text: &str) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (before, behind) = match rest.split_once('{') {
            Some((before, behind)) => (before, Some(behind)),
            None => (rest, None),
        };
        if before.contains('}') {
            return Err(wrong(wording!("a {} without its {}", "}", "{")));
        }
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        let Some(behind) = behind else {
            return Ok(parts);
        };
        let Some((name, after)) = behind.split_once('}') else {
            return Err(wrong(wording!("a {} without its {}", "{", "}")));
        };
        let known = Place::ALL.into_iter().find(|place| place.as_str() == name);
        let Some(place) = known else {
            return Err(
                wrong(wording!("nothing is called {}", %format!("{{{name}}}")))
                    .remedy(wording!("there are: {}", all_places())),
            );
        };
        parts.push(Part::Place(place));
        rest = after;
    }
}

/// What stands before the path: it is the template's own.
fn judge_beginning(text: &str) -> Result<(), Refusal> {
    let Some((scheme, rest)) = text.split_once(':') else {
        return Err(wrong(wording!(
            "it does not begin with a scheme, as https:"
        )));
    };
    let is_first = |c: char| c.is_ascii_lowercase();
    let is_next = |c: char| is_first(c) || c.is_ascii_digit() || "+.-".contains(c);
    if !scheme.starts_with(is_first) || !scheme.chars().all(is_next) {
        return Err(wrong(wording!(
            "its scheme is made of small letters, digits and +.- alone"
        )));
    }
    if BANNED.contains(&scheme) {
        return Err(wrong(wording!(
            "{}: opens nothing but the browser itself",
            scheme
        )));
    }
    let is_web = WEB.contains(&scheme);
    let Some(behind) = rest.strip_prefix("//") else {
        return match is_web {
            true => Err(wrong(wording!("{}: goes on with // and a host", scheme))),
            false => Ok(()),
        };
    };
    let host = authority(behind);
    if is_web && host.contains(['{', '}']) {
        return Err(wrong(wording!(
            "no value stands in its host: a device would say where it leads"
        )));
    }
    if is_web && host.contains('@') {
        return Err(wrong(wording!("a name or a password does not stand in it")));
    }
    let is_host = |host: &str| {
        let is_port = |port: &str| port.chars().all(|digit| digit.is_ascii_digit());
        let bare = host.rsplit_once(':').filter(|(_, port)| is_port(port));
        let host = bare.map_or(host, |(host, _)| host);
        !host.is_empty() && host.parse::<http::uri::Authority>().is_ok()
    };
    match is_web && !is_host(host) {
        true => Err(wrong(wording!("it names no host"))),
        false => Ok(()),
    }
}

/// What stands between `//` and the path.
fn authority(behind: &str) -> &str {
    behind.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether what comes next stands between `//` and the path.
fn is_in_host(address: &str) -> bool {
    let behind = address.split_once("://").map(|(_, behind)| behind);
    behind.is_some_and(|behind| authority(behind) == behind)
}

/// Everything but what means nothing in any part of an address.
fn encode(value: &str, address: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// Whether a part of its path is one that browsers leave out with the one before.
fn climbs(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.split('/').skip(1).any(|part| {
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        part == "." || part == ".."
    })
}

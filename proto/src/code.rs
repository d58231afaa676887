//! What a machine without a network says by voice: 20 characters that a person reads aloud, and a technician types in.
//!
//! Base 32 with a check symbol as Douglas Crockford describes it (<https://www.crockford.com/base32.html>): the letters I, L
//! and O are read as 1, 1 and 0, hyphens and spaces are ignored, and so is case. 19 symbols are data, 95 bits, the
//! most significant first:
//!
//! | bits | what |
//! |---|---|
//! | 3 | version of this layout |
//! | 23 | first five characters of the device's id |
//! | 7 | how long the device has been without its collector, as an [`Age`] |
//! | 8 | number of the check that is the first broken rung of the network's ladder; 0: none is broken |
//! | 3 | why it is broken, as a [`Reason`] |
//! | 3 × 9 | the worst findings: number of the check (0: no more), and whether it is critical |
//! | 24 | the first bits of HMAC-SHA256 (RFC 2104) over the device's whole id and all bits before |
//!
//! The 20th symbol is the data modulo 37: it finds every single wrong symbol, and every two of the data that have changed
//! places. What is misheard twice is found by the HMAC, but for one in 16 million. A code does not say when it was
//! made: whoever has heard one can say it again.

mod age;

use ring::hmac;
use subtle::ConstantTimeEq as _;

pub use age::Age;

/// The key that collector and device share, bytes.
pub const KEY_BYTES: usize = 16;
/// Symbols of a code, the check symbol among them.
pub const SYMBOLS: usize = 20;
/// Findings that a code names at most.
pub const MOST_FINDINGS: usize = 3;
/// Characters of a device's id that a code names.
pub const SHORT_ID: usize = 5;

/// Of the layout above.
const VERSION: u128 = 1;
/// Symbols of data, and after them those that only check.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const DATA_SYMBOLS: u128 = 32;
const CHECK_SYMBOLS: u128 = 37;
/// Symbols that are read aloud in one breath.
const GROUP: usize = 4;
const MAC_BITS: u32 = 24;
/// Bits of the first five characters of an id; the first of them has three.
const SHORT_ID_BITS: u32 = 23;
/// What an HMAC is of, so that it can stand for nothing else.
const PURPOSE: &[u8] = b"sonde code 1";

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Without its collector.
    pub age: Age,
    /// Number of the check that is the first broken rung; none: the network is well as far as the device sees.
    pub rung: Option<u8>,
    pub reason: Reason,
    /// The worst first, [`MOST_FINDINGS`] at most.
    pub findings: Vec<Bad>,
}

/// A finding that is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Of its check; never 0.
    pub number: u8,
    /// Else a warning.
    pub critical: bool,
}

/// Why a rung is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Untold = 0,
    /// What it stands on is not there.
    Missing = 1,
    /// Nobody answers.
    Silent = 2,
    /// No way leads there.
    Unreachable = 3,
    /// Somebody does not let it through.
    Forbidden = 4,
    /// Something is set wrong, or lies.
    Wrong = 5,
    /// It works, but badly.
    Poor = 6,
    /// Nothing is left of it.
    UsedUp = 7,
}

impl Reason {
    const ALL: [Self; 8] = [
        Self::Untold,
        Self::Missing,
        Self::Silent,
        Self::Unreachable,
        Self::Forbidden,
        Self::Wrong,
        Self::Poor,
        Self::UsedUp,
    ];

    /// In English, for a technician.
    pub fn words(self) -> &'static str {
        match self {
            Self::Untold => "no reason given",
            Self::Missing => "what it needs is not there",
            Self::Silent => "nobody answers",
            Self::Unreachable => "no way leads there",
            Self::Forbidden => "something does not let it through",
            Self::Wrong => "something is set wrong",
            Self::Poor => "it works badly",
            Self::UsedUp => "nothing is left of it",
        }
    }
}

/// A code that was heard right, of whichever device it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The first [`SHORT_ID`] characters of the device's id.
    pub short_id: String,
    pub said: Said,
    /// All bits before the HMAC's.
    signed: u128,
    mac: u32,
}

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("the code has {0} characters, where {SYMBOLS} are needed")]
    TooShort(usize),
    #[error("the code has more than {SYMBOLS} characters")]
    TooLong,
    #[error("{symbol:?}, character {place}, is none that a code has there")]
    Symbol { symbol: char, place: usize },
    #[error("the check symbol does not fit: a character was misread or misheard")]
    Check,
    #[error("the code has the version {0}, which this collector does not know")]
    Version(u8),
    #[error("the code says nothing that a device would say")]
    Content,
}

/// An id that is no device's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device's id does not begin as ids do")]
pub struct NotAnId;

/// The code of a device, in groups with hyphens between them. What does not fit is left out.
///
/// # Errors
/// The id is none.
pub fn encode(said: &Said, device_id: &str, key: &[u8; KEY_BYTES]) -> Result<String, NotAnId> {
    let mut bits = VERSION << SHORT_ID_BITS | short_id(device_id)?;
    bits = bits << 7 | u128::from(said.age.step());
    bits = bits << 8 | u128::from(said.rung.unwrap_or(0));
    bits = bits << 3 | said.reason as u128;
    for place in 0..MOST_FINDINGS {
        let finding = said.findings.get(place);
        let number = finding.map_or(0, |finding| finding.number);
        let critical = finding.is_some_and(|finding| finding.critical);
        bits = bits << 9 | u128::from(number) << 1 | u128::from(critical);
    }
    let data = bits << MAC_BITS | u128::from(mac(bits, device_id, key));
    let places = (0..SYMBOLS as u32 - 1).rev();
    let symbols = places
        .map(|place| data >> (5 * place) & (DATA_SYMBOLS - 1))
        .chain([data % CHECK_SYMBOLS]);
    let mut text = String::with_capacity(SYMBOLS + SYMBOLS / GROUP);
    for (place, value) in symbols.enumerate() {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[value as usize]));
    }
    Ok(text)
}

/// Reads a code as a person has typed it. Whose it is, [`Heard::is_of`] tells.
///
/// # Errors
/// What is wrong with it.
pub fn decode(text: &str) -> Result<Heard, CodeError> {
    let mut values = [0_u128; SYMBOLS];
    let mut n_symbols = 0;
    for symbol in text.chars().filter(|c| *c != '-' && !c.is_whitespace()) {
        let place = values.get_mut(n_symbols).ok_or(CodeError::TooLong)?;
        n_symbols += 1;
        let known = if n_symbols == SYMBOLS {
            CHECK_SYMBOLS
        } else {
            DATA_SYMBOLS
        };
        *place = value(symbol)
            .filter(|value| *value < known)
            .ok_or(CodeError::Symbol {
                symbol,
                place: n_symbols,
            })?;
    }
    if n_symbols < SYMBOLS {
        return Err(CodeError::TooShort(n_symbols));
    }
    let [data @ .., check] = values;
    let data = data.into_iter().fold(0, |data, value| data << 5 | value);
    if data % CHECK_SYMBOLS != check {
        return Err(CodeError::Check);
    }
    let signed = data >> MAC_BITS;
    // From the least significant on.
    let mut rest = signed;
    let mut take = |n_bits: u32| {
        let taken = rest & ((1 << n_bits) - 1);
        rest >>= n_bits;
        taken
    };
    let findings = [take(9), take(9), take(9)];
    let reason = Reason::ALL[take(3) as usize];
    let rung = take(8) as u8;
    let age = Age::from_step(take(7) as u8);
    let short = take(SHORT_ID_BITS);
    match take(3) {
        VERSION => {}
        other => return Err(CodeError::Version(other as u8)),
    }
    let bad = findings.into_iter().rev().map(|bits| Bad {
        number: (bits >> 1) as u8,
        critical: bits & 1 == 1,
    });
    let findings: Vec<Bad> = bad.clone().take_while(|bad| bad.number != 0).collect();
    let is_gap = |bad: Bad| bad.number != 0 || bad.critical;
    if bad.skip(findings.len()).any(is_gap) {
        return Err(CodeError::Content);
    }
    Ok(Heard {
        short_id: short_text(short),
        said: Said {
            age,
            rung: (rung != 0).then_some(rung),
            reason,
            findings,
        },
        signed,
        mac: (data & ((1 << MAC_BITS) - 1)) as u32,
    })
}

impl Heard {
    /// Whether the device with this id and key has made it. Takes as long whether it has or not.
    pub fn is_of(&self, device_id: &str, key: &[u8; KEY_BYTES]) -> bool {
        mac(self.signed, device_id, key).ct_eq(&self.mac).into()
    }
}

fn mac(signed: u128, device_id: &str, key: &[u8; KEY_BYTES]) -> u32 {
    let mut of = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in [PURPOSE, device_id.as_bytes(), &signed.to_be_bytes()] {
        of.update(part);
    }
    let tag = of.sign();
    let first = tag.as_ref().iter().take(MAC_BITS as usize / 8);
    first.fold(0, |mac, byte| mac << 8 | u32::from(*byte))
}

/// Bits of the first characters of an id.
fn short_id(id: &str) -> Result<u128, NotAnId> {
    let mut symbols = id.chars();
    let mut bits = 0;
    for _ in 0..SHORT_ID {
        let value = symbols
            .next()
            .and_then(value)
            .filter(|value| *value < DATA_SYMBOLS);
        bits = bits << 5 | value.ok_or(NotAnId)?;
    }
    match bits >> SHORT_ID_BITS {
        0 => Ok(bits),
        _ => Err(NotAnId),
    }
}

/// The characters that an id begins with, in lower case as it has them.
fn short_text(bits: u128) -> String {
    let places = (0..SHORT_ID as u32).rev();
    places
        .map(|place| ALPHABET[(bits >> (5 * place) & (DATA_SYMBOLS - 1)) as usize])
        .map(|symbol| char::from(symbol.to_ascii_lowercase()))
        .collect()
}

/// What a symbol stands for; 32 and more: one that only checks.
fn value(symbol: char) -> Option<u128> {
    let symbol = match symbol.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|known| char::from(*known) == symbol)?;
    Some(place as u128)
}

#[cfg(test)]
mod tests;

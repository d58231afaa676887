//! Identities: of devices, as certificates carry them, and of everything else that is known by 16 random bytes.

use std::fmt;
use std::str::FromStr;

/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters that 16 bytes take in base32.
const TEXT_LENGTH: usize = 26;

/// 16 bytes, shown as 26 characters of lower-case Crockford base32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 16]);

/// What a certificate calls its device: an [`Id`] as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(String);

/// The text is not 26 characters of the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 26 characters of 0-9 and a-z without i, l, o, u")]
pub struct NotAnId;

impl Id {
    /// Made of the system's randomness.
    pub fn random() -> Self {
        Self(random_bytes())
    }

    /// From stored or received bytes; anything but 16 of them is refused.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAnId> {
        bytes.try_into().map(Self).map_err(|_| NotAnId)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl DeviceId {
    pub fn random() -> Self {
        Self(Id::random().to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So many bytes of the system's randomness.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    use ring::rand::SecureRandom;
    let mut bytes = [0; N];
    // The generator fails only where the kernel has none: nothing can go on there.
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system gives random bytes");
    bytes
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u128::from_be_bytes(self.0);
        let text: String = (0..TEXT_LENGTH)
            .rev()
            .map(|place| char::from(ALPHABET[(number >> (5 * place)) as usize & 31]))
            .collect();
        f.write_str(&text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != TEXT_LENGTH {
            return Err(NotAnId);
        }
        let mut number = 0_u128;
        for (place, letter) in text.bytes().enumerate() {
            let value = ALPHABET
                .iter()
                .position(|known| *known == letter)
                .ok_or(NotAnId)? as u128;
            // 26 characters hold two bits more than 16 bytes; those are zero.
            if place == 0 && value > 7 {
                return Err(NotAnId);
            }
            number = number << 5 | value;
        }
        Ok(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DeviceId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse::<Id>().map(|id| Self(id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: u128, text: &str) {
        let id = Id(number.to_be_bytes());
        assert_eq!(id.to_string(), text);
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn what_is_shown_is_read_back() {
        check(0, "00000000000000000000000000");
        check(31, "0000000000000000000000000z");
        check(32, "00000000000000000000000010");
        check(u128::MAX, "7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "0",
            "8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "0000000000000000000000000I",
            "0000000000000000000000000l",
        ] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
            assert_eq!(text.parse::<DeviceId>(), Err(NotAnId), "{text}");
        }
    }
}

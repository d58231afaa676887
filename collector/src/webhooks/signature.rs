//! Signatures of the Standard Webhooks specification, version 1.0.0: HMAC-SHA256 over `id.timestamp.body`, written
//! `v1,` and base64. Secrets are `whsec_` and the base64 of 24 to 64 bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::store::random_bytes;

pub(crate) const ID: &str = "webhook-id";
pub(crate) const TIMESTAMP: &str = "webhook-timestamp";
pub(crate) const SIGNATURE: &str = "webhook-signature";
const PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";
/// Of a secret that is made here.
const SECRET_BYTES: usize = 32;
/// How far a timestamp may be away, seconds.
const TOLERANCE_S: i64 = 300;
/// Longest id, characters.
const ID_LENGTH: usize = 128;
/// Signatures of one message that are looked at: while a secret is changed there are two.
const MOST_SIGNATURES: usize = 5;

/// What both ends know.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl Secret {
    pub(crate) fn random() -> Self {
        Self(random_bytes::<SECRET_BYTES>().to_vec())
    }

    /// As it was kept.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is shown, once.
    pub(crate) fn shown(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// What goes with a message as `webhook-signature`. `at`: seconds since 1970 UTC.
    pub(crate) fn sign(&self, id: &str, at: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{id}.{at}.").as_bytes());
        context.update(body);
        format!("{VERSION}{}", STANDARD.encode(context.sign()))
    }

    /// Whether a message came from who knows the secret, lately. `now`: seconds since 1970 UTC.
    pub(crate) fn verify(&self, message: &Message<'_>, now: i64) -> bool {
        let Ok(at) = message.timestamp.parse::<i64>() else {
            return false;
        };
        let is_id = (1..=ID_LENGTH).contains(&message.id.len())
            && message.id.chars().all(|c| c.is_ascii_graphic() && c != '.');
        // As it was written: "+5" and "05" are 5 and were not signed.
        let is_lately =
            now.abs_diff(at) <= TOLERANCE_S as u64 && at.to_string() == message.timestamp;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut signed = format!("{}.{}.", message.id, message.timestamp).into_bytes();
        signed.extend(message.body);
        let signatures = message.signatures.split(' ').take(MOST_SIGNATURES);
        let is_ours = signatures
            .filter_map(|one| STANDARD.decode(one.strip_prefix(VERSION)?).ok())
            .any(|tag| hmac::verify(&key, &signed, &tag).is_ok());
        is_id && is_lately && is_ours
    }
}

/// A message as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'m> {
    pub(crate) id: &'m str,
    pub(crate) timestamp: &'m str,
    pub(crate) signatures: &'m str,
    pub(crate) body: &'m [u8],
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's own libraries test themselves with.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const MESSAGE: Message<'static> = Message {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        body: br#"{"test": 2432232314}"#,
    };
    const AT: i64 = 1_614_265_330;

    fn secret() -> Secret {
        Secret::of(STANDARD.decode(SECRET).unwrap())
    }

    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let signed = secret().sign(MESSAGE.id, AT, MESSAGE.body);
        assert_eq!(signed, MESSAGE.signatures);
        assert_eq!(secret().shown(), format!("whsec_{SECRET}"));
        assert_eq!(format!("{:?}", secret()), "Secret(…)");
    }

    #[track_caller]
    fn check(message: Message<'_>, now: i64, expected: bool) {
        assert_eq!(
            secret().verify(&message, now),
            expected,
            "{message:?} at {now}"
        );
    }

    #[test]
    fn only_what_was_signed_lately_with_the_secret_is_taken() {
        check(MESSAGE, AT, true);
        check(MESSAGE, AT + 300, true);
        check(MESSAGE, AT - 300, true);
        check(MESSAGE, AT + 301, false);
        check(MESSAGE, AT - 301, false);
        check(MESSAGE, i64::MIN, false);
        let several = format!("v1a,xx v1,AAAA nonsense {}", MESSAGE.signatures);
        check(
            Message {
                signatures: &several,
                ..MESSAGE
            },
            AT,
            true,
        );
        let many = format!("{}{}", "v1,AAAA ".repeat(5), MESSAGE.signatures);
        check(
            Message {
                signatures: &many,
                ..MESSAGE
            },
            AT,
            false,
        );
        check(
            Message {
                body: b"{}",
                ..MESSAGE
            },
            AT,
            false,
        );
        check(
            Message {
                id: "msg_other",
                ..MESSAGE
            },
            AT,
            false,
        );
        check(
            Message {
                timestamp: "1614265331",
                ..MESSAGE
            },
            AT,
            false,
        );
        check(
            Message {
                timestamp: "",
                ..MESSAGE
            },
            AT,
            false,
        );
        check(
            Message {
                signatures: "",
                ..MESSAGE
            },
            AT,
            false,
        );
        assert!(!Secret::random().verify(&MESSAGE, AT));
    }

    #[test]
    fn what_only_looks_the_same_was_not_signed() {
        // The dots between the parts belong to no part.
        let signed = secret().sign("a", 5, b"1.x");
        let message = Message {
            id: "a.5",
            timestamp: "1",
            signatures: &signed,
            body: b"x",
        };
        check(message, 1, false);
        let signed = secret().sign("a", 5, b"x");
        let message = Message {
            id: "a",
            timestamp: "5",
            signatures: &signed,
            body: b"x",
        };
        check(message, 5, true);
        check(
            Message {
                timestamp: "+5",
                ..message
            },
            5,
            false,
        );
    }
}

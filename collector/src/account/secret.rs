//! Secrets that are handed out once and kept as hashes.

use crate::digest::sha256;
use crate::store::Id;

/// 256 random bits behind a prefix that tells what it is.
pub fn new_secret(prefix: &str) -> String {
    format!("{prefix}{}{}", Id::random(), Id::random())
}

/// What is kept of a secret: its SHA-256. Secrets of this kind are random and need no slow hash.
pub fn hash_secret(secret: &str) -> [u8; 32] {
    sha256(secret.as_bytes())
}

//! Secrets that are handed out once and kept as hashes.

use ring::digest::{SHA256, digest};

use crate::store::Id;

/// 256 random bits behind a prefix that tells what it is.
pub fn new_secret(prefix: &str) -> String {
    format!("{prefix}{}{}", Id::random(), Id::random())
}

/// What is kept of a secret: its SHA-256. Secrets of this kind are random and need no slow hash.
pub fn hash_secret(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}

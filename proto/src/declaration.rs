//! Declarations are known by a hash of their bytes.

use prost::Message as _;
use ring::digest::{SHA256, digest};

use crate::v1;

/// The first 16 bytes of a declaration's SHA-256.
pub type DeclarationId = [u8; 16];

/// Bytes and id of a declaration.
pub fn encode(body: v1::declaration::Body) -> (DeclarationId, Vec<u8>) {
    let bytes = v1::Declaration { body: Some(body) }.encode_to_vec();
    (id(&bytes), bytes)
}

/// The id of an encoded declaration.
pub fn id(bytes: &[u8]) -> DeclarationId {
    first_16(digest(&SHA256, bytes).as_ref())
}

pub(crate) fn first_16(hash: &[u8]) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    first
}

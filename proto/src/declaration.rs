//! Declarations are known by a hash of their bytes.

use prost::Message as _;
use prost::bytes::Bytes;
use ring::digest::{SHA256, digest};

use crate::caps;
use crate::v1::{self, Declared};

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

/// Bodies in messages that are within the cap; one that is too large for a message comes in pieces.
pub fn in_messages(bodies: impl IntoIterator<Item = Bytes>) -> Vec<Declared> {
    let mut messages: Vec<Declared> = Vec::new();
    let mut size = usize::MAX;
    for mut body in bodies {
        if body.len() > caps::PIECE_BYTES {
            while !body.is_empty() {
                let piece = body.split_to(body.len().min(caps::PIECE_BYTES));
                messages.push(Declared {
                    piece,
                    more: !body.is_empty(),
                    ..Declared::default()
                });
            }
            size = usize::MAX;
            continue;
        }
        size = size.saturating_add(body.len() + 4);
        match messages.last_mut() {
            Some(last) if size <= caps::PIECE_BYTES => last.bodies.push(body),
            Some(_) | None => {
                size = body.len() + 4;
                messages.push(Declared {
                    bodies: vec![body],
                    ..Declared::default()
                });
            }
        }
    }
    messages
}

/// Puts pieces together again.
#[derive(Debug, Default)]
pub struct Pieces(Vec<u8>);

/// A body that is larger than a declaration may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a declaration of more than {} bytes", caps::DECLARATION_BYTES)]
pub struct TooLarge;

impl Pieces {
    /// The bodies that are whole with this message.
    pub fn take(&mut self, declared: Declared) -> Result<Vec<Bytes>, TooLarge> {
        let mut bodies = declared.bodies;
        if !declared.piece.is_empty() {
            if self.0.len() + declared.piece.len() > caps::DECLARATION_BYTES {
                return Err(TooLarge);
            }
            self.0.extend_from_slice(&declared.piece);
            if !declared.more {
                bodies.push(std::mem::take(&mut self.0).into());
            }
        }
        Ok(bodies)
    }
}

pub(crate) fn first_16(hash: &[u8]) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_any_size_arrive_whole_in_messages_within_the_cap() {
        let sizes = [
            1,
            40_000,
            caps::DECLARATION_BYTES,
            20_000,
            20_000,
            70_000,
            9,
        ];
        let bodies: Vec<Bytes> = (0u8..)
            .zip(sizes)
            .map(|(n, size)| vec![n; size].into())
            .collect();
        let mut pieces = Pieces::default();
        let mut arrived = Vec::new();
        for message in in_messages(bodies.clone()) {
            assert!(message.encoded_len() <= caps::MESSAGE_BYTES);
            arrived.extend(pieces.take(message).unwrap());
        }
        assert!(arrived == bodies);
    }

    #[test]
    fn a_body_without_end_is_refused() {
        let mut pieces = Pieces::default();
        let piece = || Declared {
            piece: vec![0; caps::PIECE_BYTES].into(),
            more: true,
            ..Declared::default()
        };
        let taken = (0..=caps::DECLARATION_BYTES / caps::PIECE_BYTES).map(|_| pieces.take(piece()));
        assert_eq!(taken.last(), Some(Err(TooLarge)));
    }
}

//! Names of series, kept beside the samples that stand under their numbers.

use std::collections::BTreeSet;

use prost::Message as _;

use super::{BOOK, BOOKS, Book, Kind, Spool, Spooled};
use crate::blocks::{Blocks, BlocksError};

/// Names in one record.
const BOOK_BYTES: usize = 64 << 10;

impl Spool {
    /// All books, in the order of writing.
    pub fn books(&mut self) -> Result<Vec<Book>, BlocksError> {
        let ids: Vec<u64> = self
            .blocks
            .records()
            .filter(|(_, kind)| *kind == BOOK)
            .map(|(id, _)| id)
            .collect();
        let mut books = Vec::new();
        for id in ids {
            books.extend(
                self.blocks
                    .get(id)?
                    .and_then(|bytes| Book::decode(&bytes[..]).ok()),
            );
        }
        Ok(books)
    }

    /// Keeps the names that the next sample stands under, in as many records as they need. Adds to `thinned` what
    /// had to go.
    pub fn add_book(&mut self, book: &Book, thinned: &mut Vec<u64>) -> Result<(), BlocksError> {
        let mut pieces = vec![Book {
            series: Vec::new(),
            ..book.clone()
        }];
        let mut size = 0;
        for series in &book.series {
            let length = series.encoded_len() + 8;
            if size + length > BOOK_BYTES {
                size = 0;
                pieces.push(Book {
                    series: Vec::new(),
                    ..book.clone()
                });
            }
            size += length;
            if let Some(last) = pieces.last_mut() {
                last.series.push(series.clone());
            }
        }
        let needed = pieces
            .iter()
            .map(|piece| Blocks::needed(piece.encoded_len()));
        self.make_room(needed.sum(), self.ends_blocks, Kind::Metrics, thinned)?;
        // Ids are never used twice: a number that is reserved is not given again after a crash.
        self.next_book = self.next_book.max(BOOKS | (self.reserve()? << 8));
        for piece in pieces {
            self.blocks
                .put(self.next_book, BOOK, &piece.encode_to_vec())?;
            self.next_book += 1;
        }
        Ok(())
    }

    /// Forgets the books of runs other than `run` when no sample is left that needs them.
    pub fn drop_books(&mut self, run: u64) -> Result<(), BlocksError> {
        let mut needed = BTreeSet::from([run]);
        for seq in self.metrics.clone() {
            if let Some(Spooled::Sample(sample)) = self.read(seq)? {
                needed.insert(sample.run);
            }
        }
        let ids: Vec<u64> = self
            .blocks
            .records()
            .filter(|(_, kind)| *kind == BOOK)
            .map(|(id, _)| id)
            .collect();
        for id in ids {
            let book = self
                .blocks
                .get(id)?
                .and_then(|bytes| Book::decode(&bytes[..]).ok());
            if book.is_none_or(|book| !needed.contains(&book.run)) {
                self.blocks.remove(id)?;
            }
        }
        Ok(())
    }
}

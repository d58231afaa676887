//! A preallocated file of blocks that holds records, written in place so that a full disk stops nothing.
//!
//! A record is spread over as many blocks as it needs. Each block carries the record's id, its own place in it and
//! a checksum; a record with a missing or torn block does not exist. Removing one clears the mark of its first
//! block. Ids are never used twice.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

const BLOCK: usize = 1024;
const FRAME: usize = 24;
/// What one block holds of a record.
pub const PAYLOAD: usize = BLOCK - FRAME;
/// The head is kept twice, each in a block of its own, written in turn.
const HEADS: u32 = 2;
const RECORD_MARK: [u8; 4] = *b"SREC";
const HEAD_MARK: [u8; 4] = *b"SHED";
/// Longest record, in blocks.
pub const LONGEST: usize = 128;

/// A file of records. Not shared: one owner reads and writes it.
#[derive(Debug)]
pub struct Blocks {
    file: File,
    records: BTreeMap<u64, Record>,
    free: Vec<u32>,
    head: Vec<u8>,
    head_generation: u64,
    /// Of all ids that were ever found or put here.
    highest: u64,
    dirty: bool,
}

#[derive(Debug)]
struct Record {
    kind: u8,
    blocks: Box<[u32]>,
}

#[derive(Debug, thiserror::Error)]
pub enum BlocksError {
    #[error("{needed} blocks are needed and {free} are free")]
    Full { needed: usize, free: usize },
    #[error("the record is {0} bytes long, which is over the cap")]
    TooLong(usize),
    #[error("the file has no valid head")]
    NoHead,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// One block's frame: mark, checksum over all that follows, id, kind, part, number of parts, length.
struct Frame {
    id: u64,
    kind: u8,
    part: u16,
    n_parts: u16,
    length: u16,
}

impl Blocks {
    /// Makes the file, all of its blocks written and synced. It appears under its name only when it is whole.
    pub fn create(path: &Path, n_blocks: u32, head: &[u8]) -> Result<Self, BlocksError> {
        let unfinished = path.with_extension("unfinished");
        let mut file = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        let empty = [0; BLOCK];
        for _ in 0..n_blocks + HEADS {
            file.write_all(&empty)?;
        }
        file.sync_all()?;
        let mut blocks = Self::over(
            open(&unfinished)?,
            (HEADS..n_blocks + HEADS).rev().collect(),
        );
        blocks.set_head(head)?;
        std::fs::rename(&unfinished, path)?;
        sync_folder(path)?;
        Ok(blocks)
    }

    /// Reads the whole file once and finds its records.
    pub fn open(path: &Path) -> Result<Self, BlocksError> {
        Self::read_whole(open(path)?)
    }

    /// The same for whoever only looks, beside its owner: what is being written just then is not there.
    pub fn look(path: &Path) -> Result<Self, BlocksError> {
        Self::read_whole(File::open(path)?)
    }

    fn read_whole(file: File) -> Result<Self, BlocksError> {
        let mut blocks = Self::over(file, Vec::new());
        let n_all = u32::try_from(blocks.file.metadata()?.len() / BLOCK as u64).unwrap_or(u32::MAX);
        let mut found: BTreeMap<(u64, u8, u16), Vec<Option<u32>>> = BTreeMap::new();
        let mut buffer = [0; BLOCK];
        blocks.file.seek(SeekFrom::Start(0))?;
        for number in 0..n_all {
            blocks.file.read_exact(&mut buffer)?;
            if number < HEADS {
                blocks.consider_head(&buffer);
            } else if let Some(frame) = Frame::read(&buffer, RECORD_MARK) {
                blocks.highest = blocks.highest.max(frame.id);
                let parts = found
                    .entry((frame.id, frame.kind, frame.n_parts))
                    .or_insert_with(|| vec![None; usize::from(frame.n_parts)]);
                if let Some(part) = parts.get_mut(usize::from(frame.part)) {
                    *part = Some(number);
                }
            }
        }
        if blocks.head_generation == 0 {
            return Err(BlocksError::NoHead);
        }
        let mut used = vec![false; n_all as usize];
        for ((id, kind, _), parts) in found {
            if let Some(parts) = parts.into_iter().collect::<Option<Box<[u32]>>>() {
                parts
                    .iter()
                    .for_each(|number| used[*number as usize] = true);
                blocks.records.insert(
                    id,
                    Record {
                        kind,
                        blocks: parts,
                    },
                );
            }
        }
        blocks.free = (HEADS..n_all)
            .rev()
            .filter(|number| !used[*number as usize])
            .collect();
        Ok(blocks)
    }

    fn over(file: File, free: Vec<u32>) -> Self {
        Self {
            file,
            records: BTreeMap::new(),
            free,
            head: Vec::new(),
            head_generation: 0,
            highest: 0,
            dirty: false,
        }
    }

    /// Above every id that was ever found here, those of torn records too.
    pub fn next_id(&self) -> u64 {
        self.highest + 1
    }

    /// What was last set as the head.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Replaces the head and syncs. A crash leaves either the old one or the new one.
    pub fn set_head(&mut self, head: &[u8]) -> Result<(), BlocksError> {
        let generation = self.head_generation + 1;
        let slot = (generation % u64::from(HEADS)) as u32;
        let length = u16::try_from(head.len())
            .ok()
            .filter(|n| usize::from(*n) <= PAYLOAD);
        let length = length.ok_or(BlocksError::TooLong(head.len()))?;
        let frame = Frame {
            id: generation,
            kind: 0,
            part: 0,
            n_parts: 1,
            length,
        };
        self.write(slot, &frame.write(HEAD_MARK, head))?;
        self.sync()?;
        self.head_generation = generation;
        self.head = head.to_vec();
        Ok(())
    }

    /// How many blocks a record of `length` bytes takes.
    pub fn needed(length: usize) -> usize {
        length.div_ceil(PAYLOAD).max(1)
    }

    /// Blocks for records, free or taken.
    pub fn n_all(&self) -> usize {
        self.free.len()
            + self
                .records
                .values()
                .map(|record| record.blocks.len())
                .sum::<usize>()
    }

    pub fn n_free(&self) -> usize {
        self.free.len()
    }

    /// Writes a record. It is safe only after `sync`.
    pub fn put(&mut self, id: u64, kind: u8, payload: &[u8]) -> Result<(), BlocksError> {
        let needed = Self::needed(payload.len());
        if needed > LONGEST {
            return Err(BlocksError::TooLong(payload.len()));
        }
        if needed > self.free.len() {
            return Err(BlocksError::Full {
                needed,
                free: self.free.len(),
            });
        }
        let blocks = self
            .free
            .split_off(self.free.len() - needed)
            .into_boxed_slice();
        let written = self.write_parts(id, kind, payload, &blocks);
        if written.is_err() {
            self.free.extend(blocks);
            return written;
        }
        self.records.insert(id, Record { kind, blocks });
        self.highest = self.highest.max(id);
        self.dirty = true;
        Ok(())
    }

    fn write_parts(
        &mut self,
        id: u64,
        kind: u8,
        payload: &[u8],
        blocks: &[u32],
    ) -> Result<(), BlocksError> {
        let n_parts = blocks.len() as u16;
        for (part, number) in blocks.iter().enumerate() {
            let from = (part * PAYLOAD).min(payload.len());
            let piece = &payload[from..(from + PAYLOAD).min(payload.len())];
            let frame = Frame {
                id,
                kind,
                part: part as u16,
                n_parts,
                length: piece.len() as u16,
            };
            self.write(*number, &frame.write(RECORD_MARK, piece))?;
        }
        Ok(())
    }

    /// The payload of a record; `None` when there is none of that id, or its blocks were damaged meanwhile.
    pub fn get(&mut self, id: u64) -> Result<Option<Vec<u8>>, BlocksError> {
        let Some(record) = self.records.get(&id) else {
            return Ok(None);
        };
        let mut payload = Vec::with_capacity(record.blocks.len() * PAYLOAD);
        let mut buffer = [0; BLOCK];
        for number in &record.blocks {
            self.file
                .seek(SeekFrom::Start(u64::from(*number) * BLOCK as u64))?;
            self.file.read_exact(&mut buffer)?;
            match Frame::read(&buffer, RECORD_MARK).filter(|frame| frame.id == id) {
                Some(frame) => {
                    payload.extend_from_slice(&buffer[FRAME..FRAME + usize::from(frame.length)])
                }
                None => return Ok(None),
            }
        }
        Ok(Some(payload))
    }

    /// Forgets a record, if there is one. After a power cut it may be there again.
    pub fn remove(&mut self, id: u64) -> Result<(), BlocksError> {
        if let Some(record) = self.records.remove(&id) {
            let cleared = self.write(record.blocks[0], &[0; 4]);
            self.free.extend(record.blocks);
            cleared?;
        }
        Ok(())
    }

    /// (id, kind) of all records, ascending by id.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = (u64, u8)> {
        self.records.iter().map(|(id, record)| (*id, record.kind))
    }

    /// Ids from `first` to `last` that have a record.
    pub fn ids(&self, first: u64, last: u64) -> Vec<u64> {
        if first > last {
            return Vec::new();
        }
        self.records
            .range(first..=last)
            .map(|(id, _)| *id)
            .collect()
    }

    /// Kind of a record; `None` when there is none of that id.
    pub fn kind(&self, id: u64) -> Option<u8> {
        self.records.get(&id).map(|record| record.kind)
    }

    /// Makes all that was put safe against a power cut.
    pub fn sync(&mut self) -> Result<(), BlocksError> {
        self.file.sync_data()?;
        self.dirty = false;
        Ok(())
    }

    /// Something was put since the last sync.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    fn write(&mut self, number: u32, bytes: &[u8]) -> Result<(), BlocksError> {
        self.file
            .seek(SeekFrom::Start(u64::from(number) * BLOCK as u64))?;
        Ok(self.file.write_all(bytes)?)
    }

    fn consider_head(&mut self, block: &[u8; BLOCK]) {
        if let Some(frame) = Frame::read(block, HEAD_MARK)
            && frame.id > self.head_generation
        {
            self.head_generation = frame.id;
            self.head = block[FRAME..FRAME + usize::from(frame.length)].to_vec();
        }
    }
}

impl Frame {
    fn write(&self, mark: [u8; 4], payload: &[u8]) -> Vec<u8> {
        let mut block = Vec::with_capacity(FRAME + payload.len());
        block.extend_from_slice(&mark);
        block.extend_from_slice(&[0; 4]);
        block.extend_from_slice(&self.id.to_le_bytes());
        block.extend_from_slice(&[self.kind, 0]);
        block.extend_from_slice(&self.part.to_le_bytes());
        block.extend_from_slice(&self.n_parts.to_le_bytes());
        block.extend_from_slice(&self.length.to_le_bytes());
        block.extend_from_slice(payload);
        let checksum = crc32fast::hash(&block[8..]);
        block[4..8].copy_from_slice(&checksum.to_le_bytes());
        block
    }

    fn read(block: &[u8; BLOCK], mark: [u8; 4]) -> Option<Self> {
        let two = |at: usize| u16::from_le_bytes([block[at], block[at + 1]]);
        let frame = Self {
            id: u64::from_le_bytes(block[8..16].try_into().ok()?),
            kind: block[16],
            part: two(18),
            n_parts: two(20),
            length: two(22),
        };
        let end = FRAME + usize::from(frame.length);
        let sound = block[..4] == mark
            && end <= BLOCK
            && usize::from(frame.n_parts) <= LONGEST
            && frame.part < frame.n_parts
            && crc32fast::hash(&block[8..end]).to_le_bytes() == block[4..8];
        sound.then_some(frame)
    }
}

/// Only the owner may read what is made.
#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

/// Makes the names in the folder of `path` safe against a power cut.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;

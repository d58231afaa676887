//! The flight recorder: what the machine did in the last day, in a preallocated file that is written in place.
//!
//! The file is a ring of segments. A segment begins with its generation and holds records one after the other; each
//! has its length, its kind and a checksum, so that a torn one is the end of its segment. The first sample of a
//! segment, and of a run of the agent, names its series; those after it are relative to the one before. Nothing is
//! synced: a crash of the agent loses nothing, a power cut the last half minute.

mod read;
#[cfg(test)]
mod tests;
pub(crate) mod window;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use prost::Message;
use sonde_proto::series::Encoder;
use sonde_proto::v1;

pub use read::{Moment, Recording};
pub(crate) use window::{SINCE, UNTIL};

/// Of the whole file: sixteen MiB.
pub const FILE_BYTES: u64 = SEGMENTS * SEGMENT_BYTES;
const SEGMENTS: u64 = 64;
const SEGMENT_BYTES: u64 = 256 << 10;
/// Mark, generation, checksum of both.
const HEAD: usize = 20;
const MARK: [u8; 8] = *b"SONDEREC";
/// Length, kind, checksum of what follows and of both.
const FRAME: usize = 9;
/// Longest record: a tenth of a segment, so that little of it stays unused.
const LONGEST: usize = SEGMENT_BYTES as usize / 10;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// A sample that names its series.
    First = 1,
    /// One that is relative to the one before.
    Sample = 2,
    Processes = 3,
    Event = 4,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        [Self::First, Self::Sample, Self::Processes, Self::Event]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

/// One sample of all series.
#[derive(Clone, PartialEq, Message)]
struct Sampled {
    #[prost(sint64, tag = "1")]
    at_us: i64,
    #[prost(message, optional, tag = "2")]
    sample: Option<v1::Sample>,
}

/// The processes of one moment that took the most.
#[derive(Clone, PartialEq, Message)]
pub struct Busiest {
    /// Microseconds since 1970 UTC.
    #[prost(sint64, tag = "1")]
    pub at_us: i64,
    #[prost(message, repeated, tag = "2")]
    pub processes: Vec<Busy>,
}

/// One of them.
#[derive(Clone, PartialEq, Message)]
pub struct Busy {
    #[prost(uint32, tag = "1")]
    pub pid: u32,
    #[prost(string, tag = "2")]
    pub name: String,
    /// Of one processor, since the moment before; a thousandth is one.
    #[prost(uint32, tag = "3")]
    pub cpu_permille: u32,
    #[prost(uint64, tag = "4")]
    pub resident_bytes: u64,
    #[prost(uint32, tag = "5")]
    pub user_id: u32,
}

/// Something that changed.
#[derive(Clone, PartialEq, Message)]
pub struct Event {
    /// Microseconds since 1970 UTC.
    #[prost(sint64, tag = "1")]
    pub at_us: i64,
    /// A table's name, or `findings`.
    #[prost(string, tag = "2")]
    pub of: String,
    /// What it is about: the row's key, check and subject.
    #[prost(string, tag = "3")]
    pub subject: String,
    /// `added`, `changed`, `gone`; a finding's status.
    #[prost(string, tag = "4")]
    pub change: String,
}

/// When a new file takes its room on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// At once: a disk that is full later does not stop it.
    Taken,
    AsWritten,
}

/// The file, open, with one agent as its owner.
#[derive(Debug)]
pub struct Recorder {
    file: File,
    /// Of the segment that is written.
    generation: u64,
    /// In it, where the next record goes.
    at: u64,
    encoder: Encoder,
    /// The run whose series the encoder knows.
    run: Option<u64>,
    buffer: Vec<u8>,
}

impl Recorder {
    /// Makes the file over one that may be there.
    pub fn create(path: &Path, room: Room) -> io::Result<Self> {
        let unfinished = path.with_extension("unfinished");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished)?;
        match room {
            Room::Taken => take_room(&file)?,
            Room::AsWritten => file.set_len(FILE_BYTES)?,
        }
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        let mut recorder = Self::over(file, 0, 0);
        recorder.begin_segment()?;
        Ok(recorder)
    }

    /// Goes on where the last run stopped.
    ///
    /// # Errors
    /// It cannot be read or written, or is no recorder's file: `InvalidData`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        if file.metadata()?.len() != FILE_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let newest = read::generations(&file)?.into_iter().max();
        let Some(generation) = newest else {
            let mut recorder = Self::over(file, 0, 0);
            recorder.begin_segment()?;
            return Ok(recorder);
        };
        let segment = read::segment(&file, generation)?;
        let at = read::end(&segment);
        Ok(Self::over(file, generation, at as u64))
    }

    fn over(file: File, generation: u64, at: u64) -> Self {
        Self {
            file,
            generation,
            at,
            encoder: Encoder::default(),
            run: None,
            buffer: Vec::new(),
        }
    }

    /// Keeps a sample. `series`: of run `run`, by number; `values`: number and value, ascending.
    pub fn sample(
        &mut self,
        at_us: i64,
        run: u64,
        series: &[v1::Series],
        values: &[(u32, i64)],
    ) -> io::Result<()> {
        if self.run == Some(run) {
            let known = self.encoder.n_series();
            let sample = self.encoder.encode(numbered(series, known), values);
            if self.put(Kind::Sample, &Sampled::of(at_us, sample))? {
                return Ok(());
            }
            self.begin_segment()?;
        }
        // Those that are named are named anew, with all their values.
        self.encoder = Encoder::default();
        self.run = Some(run);
        let sample = self.encoder.encode(numbered(series, 0), values);
        let first = Sampled::of(at_us, sample);
        if !self.put(Kind::First, &first)? {
            self.begin_segment()?;
            self.put(Kind::First, &first)?;
        }
        Ok(())
    }

    /// Keeps which processes took the most.
    pub fn busiest(&mut self, busiest: &Busiest) -> io::Result<()> {
        self.keep(Kind::Processes, busiest)
    }

    /// Keeps that something changed.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        self.keep(Kind::Event, event)
    }

    fn keep(&mut self, kind: Kind, message: &impl Message) -> io::Result<()> {
        if !self.put(kind, message)? {
            self.begin_segment()?;
            // The next sample has to name its series anew.
            self.run = None;
            self.put(kind, message)?;
        }
        Ok(())
    }

    /// Appends a record; `false`: the segment has no room for it. One that is too long for any is left out.
    fn put(&mut self, kind: Kind, message: &impl Message) -> io::Result<bool> {
        let length = message.encoded_len();
        if length > LONGEST {
            return Ok(true);
        }
        if self.at + (FRAME + length) as u64 > SEGMENT_BYTES {
            return Ok(false);
        }
        self.buffer.clear();
        self.buffer.extend((length as u32).to_le_bytes());
        self.buffer.push(kind as u8);
        self.buffer.extend([0; 4]);
        message.encode(&mut self.buffer).map_err(io::Error::other)?;
        let sum = read::checksum(&self.buffer, self.generation);
        self.buffer[5..FRAME].copy_from_slice(&sum.to_le_bytes());
        let place = place(self.generation) + self.at;
        write_at(&self.file, &self.buffer, place)?;
        self.at += self.buffer.len() as u64;
        Ok(true)
    }

    /// The oldest segment gives way to a new one.
    fn begin_segment(&mut self) -> io::Result<()> {
        self.generation += 1;
        self.at = HEAD as u64;
        let mut head = MARK.to_vec();
        head.extend(self.generation.to_le_bytes());
        head.extend(crc32fast::hash(&head).to_le_bytes());
        // What stood there has another generation in its checksums.
        write_at(&self.file, &head, place(self.generation))
    }
}

impl Sampled {
    fn of(at_us: i64, sample: v1::Sample) -> Self {
        Self {
            at_us,
            sample: Some(sample),
        }
    }
}

/// Where the segment of a generation lies.
fn place(generation: u64) -> u64 {
    generation % SEGMENTS * SEGMENT_BYTES
}

/// The series from `from` on.
fn numbered(series: &[v1::Series], from: usize) -> Vec<v1::Series> {
    let new = series.iter().enumerate().skip(from);
    new.map(|(number, series)| v1::Series {
        number: number as u32,
        ..series.clone()
    })
    .collect()
}

#[cfg(target_os = "linux")]
fn take_room(file: &File) -> io::Result<()> {
    let flags = rustix::fs::FallocateFlags::empty();
    match rustix::fs::fallocate(file, flags, 0, FILE_BYTES) {
        // A file system that cannot: its room is taken as it is written.
        Err(rustix::io::Errno::OPNOTSUPP) => file.set_len(FILE_BYTES),
        done => Ok(done?),
    }
}

#[cfg(not(target_os = "linux"))]
fn take_room(file: &File) -> io::Result<()> {
    file.set_len(FILE_BYTES)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    let mut file = file;
    file.seek(io::SeekFrom::Start(at))?;
    file.write_all(bytes)
}

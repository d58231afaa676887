//! A window of the recorder's file, read by whoever may.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use prost::Message as _;
use sonde_proto::series::Decoder;
use sonde_proto::v1;

use super::{
    Busiest, Event, FRAME, HEAD, Kind, LONGEST, MARK, SEGMENT_BYTES, SEGMENTS, Sampled, place,
};

/// One sample: when, and the values of the series by number.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Microseconds since 1970 UTC.
    pub at_us: i64,
    /// By the numbers of the window's series: (series, value), a value being its integer times 10 to the power of the
    /// series' scale.
    pub values: Vec<(u32, i64)>,
}

/// What was recorded in a window, in the order of time as it was written.
#[derive(Debug, Default)]
pub struct Recording {
    /// By number; one that the machine has in several runs is there once.
    pub series: Vec<v1::Series>,
    pub samples: Vec<Moment>,
    pub processes: Vec<Busiest>,
    pub events: Vec<Event>,
}

impl Recording {
    /// Reads what lies in `since_us..=until_us`. `wanted`: whether a series is of interest.
    ///
    /// # Errors
    /// The file cannot be read. What is torn or no record is left out.
    pub fn read(
        path: &Path,
        since_us: i64,
        until_us: i64,
        wanted: impl Fn(&v1::Series) -> bool,
    ) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut generations = generations(&file)?;
        generations.sort_unstable();
        let mut recording = Self::default();
        let window = since_us..=until_us;
        for generation in generations {
            let bytes = segment(&file, generation)?;
            let mut run = Run::default();
            for (kind, payload) in records(&bytes) {
                recording.take(kind, payload, &window, &wanted, &mut run);
            }
        }
        Ok(recording)
    }

    fn take(
        &mut self,
        kind: Kind,
        payload: &[u8],
        window: &std::ops::RangeInclusive<i64>,
        wanted: &impl Fn(&v1::Series) -> bool,
        run: &mut Run,
    ) {
        match kind {
            Kind::First | Kind::Sample => {
                if kind == Kind::First {
                    *run = Run::default();
                }
                let Ok(Sampled {
                    at_us,
                    sample: Some(sample),
                }) = Sampled::decode(payload)
                else {
                    return;
                };
                let numbers = sample
                    .series
                    .iter()
                    .map(|series| wanted(series).then(|| self.number(series)));
                run.numbers.extend(numbers);
                let Ok(values) = run.decoder.decode(&sample) else {
                    return;
                };
                if window.contains(&at_us) {
                    let ours = |(number, value): (u32, i64)| {
                        let number = (*run.numbers.get(number as usize)?)?;
                        Some((number, value))
                    };
                    self.samples.push(Moment {
                        at_us,
                        values: values.into_iter().filter_map(ours).collect(),
                    });
                }
            }
            Kind::Processes => {
                let found = Busiest::decode(payload).ok();
                self.processes
                    .extend(found.filter(|one| window.contains(&one.at_us)));
            }
            Kind::Event => {
                let found = Event::decode(payload).ok();
                self.events
                    .extend(found.filter(|one| window.contains(&one.at_us)));
            }
        }
    }

    /// The number of a series in this window.
    fn number(&mut self, series: &v1::Series) -> u32 {
        let same = |one: &v1::Series| one.name == series.name && one.labels == series.labels;
        let number = self.series.iter().position(same).unwrap_or_else(|| {
            let number = self.series.len();
            self.series.push(v1::Series {
                number: number as u32,
                ..series.clone()
            });
            number
        });
        number as u32
    }

    /// The course of one series: when, and its value in its own unit.
    pub fn course(&self, name: &str, labels: &str) -> Vec<(i64, f64)> {
        let Some(series) = self
            .series
            .iter()
            .find(|one| one.name == name && one.labels == labels)
        else {
            return Vec::new();
        };
        let unit = 10_f64.powi(series.scale);
        let value = |moment: &Moment| {
            let values = moment.values.iter();
            let mut found = values.filter(|(number, _)| *number == series.number);
            found
                .next()
                .map(|(_, value)| (moment.at_us, *value as f64 * unit))
        };
        self.samples.iter().filter_map(value).collect()
    }
}

/// What relative samples are relative to.
#[derive(Default)]
struct Run {
    decoder: Decoder,
    /// The window's number of each series; `None`: nobody wants it.
    numbers: Vec<Option<u32>>,
}

/// Generations of the segments that are there, in the order of the file.
pub(super) fn generations(file: &File) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for n in 0..SEGMENTS {
        let mut head = [0; HEAD];
        read_at(file, &mut head, n * SEGMENT_BYTES)?;
        let (said, sum) = head.split_at(HEAD - 4);
        let generation = u64::from_le_bytes(word(&said[MARK.len()..]));
        let is_whole = crc32fast::hash(said).to_le_bytes() == sum && said.starts_with(&MARK);
        if is_whole && place(generation) == n * SEGMENT_BYTES {
            found.push(generation);
        }
    }
    Ok(found)
}

/// A segment with its generation, whole.
pub(super) fn segment(file: &File, generation: u64) -> io::Result<Segment> {
    let mut bytes = vec![0; SEGMENT_BYTES as usize];
    read_at(file, &mut bytes, place(generation))?;
    Ok(Segment { generation, bytes })
}

pub(super) struct Segment {
    generation: u64,
    bytes: Vec<u8>,
}

/// The records of a segment up to the first that is none.
fn records(segment: &Segment) -> impl Iterator<Item = (Kind, &[u8])> {
    let mut at = HEAD;
    std::iter::from_fn(move || {
        let (kind, payload) = record(segment, at)?;
        at += FRAME + payload.len();
        Some((kind, payload))
    })
}

/// Where its records end.
pub(super) fn end(segment: &Segment) -> usize {
    let lengths = records(segment).map(|(_, payload)| FRAME + payload.len());
    HEAD + lengths.sum::<usize>()
}

fn record(segment: &Segment, at: usize) -> Option<(Kind, &[u8])> {
    let rest = segment.bytes.get(at..)?;
    let length = u32::from_le_bytes(word(rest.get(..4)?)) as usize;
    if length > LONGEST {
        return None;
    }
    let record = rest.get(..FRAME + length)?;
    let sum = u32::from_le_bytes(word(&record[5..FRAME]));
    if sum != checksum(record, segment.generation) {
        return None;
    }
    Some((Kind::of(record[4])?, &record[FRAME..]))
}

/// Of a record with its frame, the place of the checksum left out; the generation tells it from an older one.
pub(super) fn checksum(record: &[u8], generation: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&generation.to_le_bytes());
    hasher.update(&record[..5]);
    hasher.update(&record[FRAME..]);
    hasher.finalize()
}

/// The first bytes as one number's; missing ones are 0.
fn word<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut word = [0; N];
    for (to, from) in word.iter_mut().zip(bytes) {
        *to = *from;
    }
    word
}

fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    let mut file = file;
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(bytes)
}

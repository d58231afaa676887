//! Who looks at a device's live metrics: one stream of samples from the device, for however many look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sonde_proto::caps;
use sonde_proto::series::{Decoder, Garbled};
use sonde_proto::v1::{LiveSample, Series};
use tokio::sync::broadcast;

use crate::store::{Id, TimeUs};

/// What who looks has not taken yet; of more they miss the oldest, and are told how many.
const BEHIND: usize = 8;

/// One value, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveValue {
    pub name: String,
    pub labels: String,
    /// Of what only grows: by the second.
    pub unit: String,
    pub value: f64,
}

/// What is told to all who look.
#[derive(Clone, Debug)]
pub enum Seen {
    Sample {
        at: TimeUs,
        /// Samples that the device left out before this one.
        n_missed: u32,
        values: Arc<[LiveValue]>,
    },
    /// The device sends nothing now.
    Away,
}

/// Those of all devices, by key. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Looks(Arc<Mutex<HashMap<i64, Stream>>>);

/// One device's.
#[derive(Debug)]
struct Stream {
    seen: broadcast::Sender<Seen>,
    /// How many look, by job.
    jobs: HashMap<Id, usize>,
    /// The channel that brings the samples, or was asked for.
    channel: Option<Id>,
}

impl Looks {
    /// Somebody looks, on behalf of a job.
    pub fn begin(&self, device_key: i64, job: Id) -> broadcast::Receiver<Seen> {
        let mut streams = self.lock();
        let stream = streams.entry(device_key).or_insert_with(|| Stream {
            seen: broadcast::Sender::new(BEHIND),
            jobs: HashMap::new(),
            channel: None,
        });
        *stream.jobs.entry(job).or_default() += 1;
        stream.seen.subscribe()
    }

    /// One who looked is gone. True: nobody looks on behalf of that job any more.
    pub fn end(&self, device_key: i64, job: Id) -> bool {
        let mut streams = self.lock();
        let Some(stream) = streams.get_mut(&device_key) else {
            return false;
        };
        let Some(n_looking) = stream.jobs.get_mut(&job) else {
            return false;
        };
        *n_looking -= 1;
        if *n_looking > 0 {
            return false;
        }
        stream.jobs.remove(&job);
        if stream.jobs.is_empty() {
            streams.remove(&device_key);
        }
        true
    }

    pub fn is_watched(&self, device_key: i64, job: Id) -> bool {
        let streams = self.lock();
        let stream = streams.get(&device_key);
        stream.is_some_and(|stream| stream.jobs.contains_key(&job))
    }

    /// A job whose samples are wanted and for which no channel is open or asked for.
    pub(super) fn unserved(&self, device_key: i64) -> Option<Id> {
        let streams = self.lock();
        let stream = streams.get(&device_key)?;
        match stream.channel {
            None => stream.jobs.keys().min().copied(),
            Some(_) => None,
        }
    }

    /// A channel was asked for.
    pub(super) fn asked(&self, device_key: i64, channel: Id) {
        if let Some(stream) = self.lock().get_mut(&device_key) {
            stream.channel = Some(channel);
        }
    }

    /// A channel ended, or was not opened.
    pub(super) fn closed(&self, device_key: i64, channel: Id) {
        if let Some(stream) = self.lock().get_mut(&device_key)
            && stream.channel == Some(channel)
        {
            stream.channel = None;
            // Nobody may listen.
            stream.seen.send(Seen::Away).ok();
        }
    }

    /// A session begins: what an earlier one had open is nothing any more.
    pub(super) fn afresh(&self, device_key: i64) {
        if let Some(stream) = self.lock().get_mut(&device_key) {
            stream.channel = None;
        }
    }

    /// Tells all who look. False: nobody does, or another channel has taken this one's place.
    pub(super) fn tell(&self, device_key: i64, channel: Id, seen: Seen) -> bool {
        let streams = self.lock();
        let stream = streams.get(&device_key);
        let Some(stream) = stream.filter(|stream| stream.channel == Some(channel)) else {
            return false;
        };
        stream.seen.send(seen).ok();
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Stream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a channel has said so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    decoder: Decoder,
    series: Vec<Series>,
    /// When the sample before was taken, and its values by series.
    before: Option<(TimeUs, HashMap<u32, i64>)>,
}

/// A sample that is none.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("a live sample without its values")]
    Empty,
    #[error("more than {} live series", caps::LIVE_SERIES)]
    TooMany,
    #[error(transparent)]
    Violation(#[from] caps::Violation),
    #[error(transparent)]
    Garbled(#[from] Garbled),
}

impl Told {
    /// What a sample says. What only grows is shown by the second, from the second sample on.
    pub(super) fn take(&mut self, live: LiveSample) -> Result<Seen, Wrong> {
        let mut sample = live.sample.ok_or(Wrong::Empty)?;
        caps::admit_series(&mut sample.series)?;
        if self.series.len() + sample.series.len() > caps::LIVE_SERIES {
            return Err(Wrong::TooMany);
        }
        let numbered = self.decoder.decode(&sample)?;
        self.series.append(&mut sample.series);
        let at = live.at_us;
        let shown = numbered.iter().filter_map(|(number, value)| {
            let series = self.series.get(*number as usize)?;
            let before = self.before.as_ref().and_then(|(then, values)| {
                Some(Before {
                    us: at - then,
                    value: *values.get(number)?,
                })
            });
            shown(series, *value, before)
        });
        let values = shown.collect();
        self.before = Some((at, numbered.into_iter().collect()));
        Ok(Seen::Sample {
            at,
            n_missed: live.n_missed,
            values,
        })
    }
}

/// The sample before.
struct Before {
    /// So long ago.
    us: i64,
    value: i64,
}

/// A value in natural units; none: it needs the one before.
fn shown(series: &Series, value: i64, before: Option<Before>) -> Option<LiveValue> {
    let natural = |value: f64| value * 10f64.powi(series.scale.clamp(-18, 18));
    let (unit, value) = match series.counter {
        false => (series.unit.clone(), natural(value as f64)),
        true => {
            let before = before.filter(|before| before.us > 0)?;
            // It began anew, with a restart.
            let grown = u64::try_from(value.checked_sub(before.value)?).ok()?;
            let by_second = natural(grown as f64) * 1e6 / before.us as f64;
            (format!("{}/s", series.unit), by_second)
        }
    };
    Some(LiveValue {
        name: series.name.clone(),
        labels: series.labels.clone(),
        unit,
        value,
    })
}

#[cfg(test)]
mod tests {
    use sonde_proto::series::Encoder;

    use super::*;

    const DEVICE: i64 = 7;
    const A: Id = Id([1; 16]);
    const B: Id = Id([2; 16]);
    const CHANNEL: Id = Id([9; 16]);

    fn sample(n_missed: u32) -> Seen {
        Seen::Sample {
            at: 0,
            n_missed,
            values: Arc::default(),
        }
    }

    #[test]
    fn two_who_look_share_a_stream_which_ends_with_the_last() {
        let looks = Looks::default();
        assert_eq!(looks.unserved(DEVICE), None);
        let mut first = looks.begin(DEVICE, A);
        assert_eq!(looks.unserved(DEVICE), Some(A));
        looks.asked(DEVICE, CHANNEL);
        let mut second = looks.begin(DEVICE, B);
        assert_eq!(looks.unserved(DEVICE), None, "one stream for both");
        assert!(looks.tell(DEVICE, CHANNEL, sample(0)));
        assert!(first.try_recv().is_ok() && second.try_recv().is_ok());
        assert!(looks.end(DEVICE, A));
        assert!(looks.tell(DEVICE, CHANNEL, sample(0)));
        assert!(looks.end(DEVICE, B));
        assert!(!looks.tell(DEVICE, CHANNEL, sample(0)), "nobody looks");
        assert!(!looks.end(DEVICE, B));
    }

    #[test]
    fn a_job_is_watched_until_its_last_watcher_is_gone() {
        let looks = Looks::default();
        let _first = looks.begin(DEVICE, A);
        let _second = looks.begin(DEVICE, A);
        assert!(!looks.end(DEVICE, A));
        assert!(looks.is_watched(DEVICE, A));
        assert!(looks.end(DEVICE, A));
        assert!(!looks.is_watched(DEVICE, A));
    }

    #[test]
    fn a_channel_that_another_one_replaced_ends_unheard() {
        let looks = Looks::default();
        let mut seen = looks.begin(DEVICE, A);
        looks.asked(DEVICE, CHANNEL);
        looks.afresh(DEVICE);
        looks.asked(DEVICE, Id([8; 16]));
        looks.closed(DEVICE, CHANNEL);
        assert!(seen.try_recv().is_err());
        assert!(!looks.tell(DEVICE, CHANNEL, sample(0)));
        looks.closed(DEVICE, Id([8; 16]));
        assert!(matches!(seen.try_recv(), Ok(Seen::Away)));
        assert_eq!(looks.unserved(DEVICE), Some(A));
    }

    #[test]
    fn who_is_slow_misses_the_oldest_and_holds_up_nobody() {
        let looks = Looks::default();
        let mut slow = looks.begin(DEVICE, A);
        looks.asked(DEVICE, CHANNEL);
        for _ in 0..BEHIND + 3 {
            assert!(looks.tell(DEVICE, CHANNEL, sample(0)));
        }
        assert!(matches!(
            slow.try_recv(),
            Err(broadcast::error::TryRecvError::Lagged(3))
        ));
    }

    #[test]
    fn what_only_grows_is_shown_by_the_second() {
        let series = |number, name: &str, unit: &str, scale, counter| Series {
            number,
            name: name.into(),
            unit: unit.into(),
            scale,
            counter,
            ..Series::default()
        };
        let named = vec![
            series(0, "load", "", -2, false),
            series(1, "net.received_bytes", "bytes", 0, true),
        ];
        let (mut encoder, mut told) = (Encoder::default(), Told::default());
        let mut take = |at_us, named, values: &[(u32, i64)]| {
            let sample = Some(encoder.encode(named, values));
            let live = LiveSample {
                at_us,
                sample,
                n_missed: 0,
            };
            match told.take(live).unwrap() {
                Seen::Sample { values, .. } => values
                    .iter()
                    .map(|one| format!("{} {}{}", one.name, one.value, one.unit))
                    .collect::<Vec<_>>()
                    .join(", "),
                Seen::Away => String::new(),
            }
        };
        assert_eq!(take(0, named, &[(0, 150), (1, 1000)]), "load 1.5");
        assert_eq!(
            take(2_000_000, vec![], &[(0, 150), (1, 1500)]),
            "load 1.5, net.received_bytes 250bytes/s"
        );
        // It was restarted.
        assert_eq!(take(3_000_000, vec![], &[(0, 150), (1, 5)]), "load 1.5");
    }

    #[test]
    fn what_is_no_sample_is_refused() {
        let take = |live| Told::default().take(live).unwrap_err();
        assert_eq!(take(LiveSample::default()), Wrong::Empty);
        let named = |n: usize| {
            (0..n as u32).map(|number| Series {
                number,
                ..Series::default()
            })
        };
        let many = Encoder::default().encode(named(caps::LIVE_SERIES + 1).collect(), &[]);
        let live = LiveSample {
            sample: Some(many),
            ..LiveSample::default()
        };
        assert_eq!(take(live), Wrong::TooMany);
    }
}

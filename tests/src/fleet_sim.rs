//! A fleet in one process: devices with keys of their own, over real mutual TLS, that report and take orders.
//!
//! It speaks by the agent's own link and trust; what it leaves out is the machine: values are made up.

pub mod bare;
pub mod device;
mod made_up;
pub mod program;
pub mod session;
pub mod tone;
pub mod values;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;
use sonde_agent::dial::Target;
use sonde_agent::trust::Token;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use device::Device;

/// Handshakes under way at a time; collectors let no more in from one address.
const AT_A_TIME: usize = 200;
/// Local addresses that connections come from: each has ports of its own.
pub const SOURCES: u8 = 8;

/// Where the fleet goes.
#[derive(Debug)]
pub struct Place {
    pub target: Target,
    pub token: Token,
}

/// What a fault does to devices that report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The link is dropped after so many reports, without waiting for their answers. 0: never.
    pub drop_after: u64,
    /// Each answer is read so late.
    pub slow: Duration,
}

/// What a fleet has done, counted over all devices.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    pub devices: u64,
    pub failed: u64,
    pub connected: u64,
    pub reports: u64,
    pub committed: u64,
    pub rejected: u64,
    pub unanswered: u64,
    pub samples: u64,
    pub orders: u64,
    pub seconds: f64,
    /// Of reports that were waited for.
    pub answer_p50_ms: f64,
    pub answer_p95_ms: f64,
    /// Why devices failed, and how many of them.
    pub failures: BTreeMap<String, u64>,
}

/// All devices.
#[derive(Debug)]
pub struct Fleet {
    place: Arc<Place>,
    devices: Vec<Device>,
}

impl Fleet {
    /// Enrols `n` devices with one token.
    pub async fn enrol(
        place: Place,
        n: usize,
        kind: values::Kind,
        tone: tone::Tone,
    ) -> Result<(Self, Counts)> {
        let place = Arc::new(place);
        let mut fleet = Self {
            place: place.clone(),
            devices: Vec::with_capacity(n),
        };
        let began = Instant::now();
        let gate = Arc::new(Semaphore::new(AT_A_TIME / 4));
        let mut tasks = JoinSet::new();
        for number in 0..n {
            let (place, gate) = (place.clone(), gate.clone());
            tasks.spawn(async move {
                let _pass = gate.acquire().await;
                Device::enrol(&place, number, kind, tone).await
            });
        }
        let mut counts = Counts::default();
        while let Some(done) = tasks.join_next().await {
            match done.context("an enrolment broke")? {
                Ok(device) => fleet.devices.push(device),
                Err(error) => counts.fail(&error),
            }
        }
        counts.devices = fleet.devices.len() as u64;
        counts.seconds = began.elapsed().as_secs_f64();
        Ok((fleet, counts))
    }

    /// Opens a session for every device that has none.
    pub async fn connect(&mut self) -> Result<Counts> {
        self.each(AT_A_TIME, |mut device, place| async move {
            let done = device.connect(&place).await;
            (device, done)
        })
        .await
    }

    /// Only handshakes: connects, hears the first byte of the other side, and goes.
    pub async fn handshakes(&mut self) -> Result<Counts> {
        self.each(AT_A_TIME, |device, place| async move {
            let done = device.handshake(&place).await;
            (device, done)
        })
        .await
    }

    /// Cuts every link without a word.
    pub fn drop_links(&mut self) {
        self.devices.iter_mut().for_each(Device::drop_link);
    }

    /// `n` reports of each device, as fast as they are answered, dated 15 s apart up to `back` before now;
    /// with an hour or more, from the beginning of an hour on.
    pub async fn burst(&mut self, n: u64, back: Duration, faults: Faults) -> Result<Counts> {
        self.each(self.devices.len(), move |mut device, place| async move {
            let done = device.burst(&place, n, back, faults).await;
            (device, done)
        })
        .await
    }

    /// What each device is and what is wrong with it.
    pub async fn tell(&mut self) -> Result<Counts> {
        self.each(self.devices.len(), |mut device, _| async move {
            let done = device.tell().await;
            (device, done)
        })
        .await
    }

    /// A report every `every` from each device, spread evenly, for so long; orders are taken.
    pub async fn pace(&mut self, every: Duration, whole: Duration) -> Result<Counts> {
        let until = Instant::now() + whole;
        let n = self.devices.len().max(1) as u32;
        self.each(self.devices.len(), move |mut device, _| async move {
            let first = every * (device.number as u32 % n) / n;
            let done = device.pace(first, every, until).await;
            (device, done)
        })
        .await
    }

    async fn each<F>(
        &mut self,
        at_a_time: usize,
        work: impl Fn(Device, Arc<Place>) -> F,
    ) -> Result<Counts>
    where
        F: Future<Output = (Device, Result<()>)> + Send + 'static,
    {
        let began = Instant::now();
        let gate = Arc::new(Semaphore::new(at_a_time.max(1)));
        let mut tasks = JoinSet::new();
        for device in self.devices.drain(..) {
            let gate = gate.clone();
            let working = work(device, self.place.clone());
            tasks.spawn(async move {
                let _pass = gate.acquire().await;
                working.await
            });
        }
        let mut counts = Counts::default();
        let mut waits = Vec::new();
        while let Some(done) = tasks.join_next().await {
            let (mut device, done) = done.context("a device broke")?;
            if let Err(error) = done {
                counts.fail(&error);
            }
            waits.append(&mut device.waits_us);
            self.devices.push(device);
        }
        counts.seconds = began.elapsed().as_secs_f64();
        self.count(&mut counts, waits);
        Ok(counts)
    }

    fn count(&self, counts: &mut Counts, mut waits: Vec<u64>) {
        counts.devices = self.devices.len() as u64;
        for device in &self.devices {
            counts.connected += u64::from(device.is_connected());
            counts.reports += device.done.reports;
            counts.committed += device.done.committed;
            counts.rejected += device.done.rejected;
            counts.samples += device.done.samples;
            counts.orders += device.done.orders;
            counts.unanswered += device.n_unanswered();
        }
        waits.sort_unstable();
        let at = |part: usize| {
            let place = (waits.len() * part / 100).min(waits.len().saturating_sub(1));
            waits.get(place).map_or(0.0, |wait| *wait as f64 / 1000.0)
        };
        (counts.answer_p50_ms, counts.answer_p95_ms) = (at(50), at(95));
    }
}

impl Counts {
    fn fail(&mut self, error: &anyhow::Error) {
        self.failed += 1;
        *self.failures.entry(format!("{error:#}")).or_default() += 1;
    }
}

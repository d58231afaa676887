//! Fills an empty store with tickets: `tickets STORE TICKETS OPEN`. Words are drawn by Zipf's law; the newest tickets are mostly
//! open, some old ones wait. Says in JSON which words are common and which are rare. What is then asked of it is measured by
//! `cargo xtask bench tickets`.
#![allow(clippy::print_stdout, reason = "a program that says what it has made")]

mod plain;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use serde_json::json;
use sonde_collector::desk::{Event, Priority, Side, State, Tier, WaitingFor};
use sonde_collector::store::Store;
use sonde_collector::store::desk_rules::{RuleKind, RuleRow};
use sonde_collector::store::sites::DEFAULT_SITE;
use sonde_collector::store::tickets::histories::{History, TicketLoader};

const SITES: u64 = 10;
/// Where no number is given.
const DEVICES: u32 = 2_000;
const TECHNICIANS: u64 = 40;
/// Different words, of which every third is another form of the one before.
const WORDS: usize = 100_000;
const HOUR_US: i64 = 3_600_000_000;
/// Over which the tickets are spread.
const SPAN_US: i64 = 2 * 365 * 24 * HOUR_US;

const ALWAYS: &str = r#"{"time_zone":"UTC","monday":["00:00-24:00"],"tuesday":["00:00-24:00"],
    "wednesday":["00:00-24:00"],"thursday":["00:00-24:00"],"friday":["00:00-24:00"],
    "saturday":["00:00-24:00"],"sunday":["00:00-24:00"]}"#;
/// So long that no warning is due while it is measured.
const PROMISE: &str = r#"{"calendar":"always","priorities":{"urgent":{"resolution":80000},"high":{"resolution":90000},
    "normal":{"resolution":100000}}}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // Cargo adds a word of its own.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let store = words.next().context("no store is named")?;
    let n_tickets: u64 = words.next().context("no number of tickets")?.parse()?;
    let n_open: u64 = words.next().context("no number of open ones")?.parse()?;
    let n_devices = words.next().map_or(Ok(DEVICES), |word| word.parse())?;
    let store = Store::open(&store).await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as i64;
    let devices = surroundings(&store, n_devices, now).await?;
    let began = Instant::now();
    let mut loader = TicketLoader::new(store.clone()).await?;
    let mut draw = Draw::new(devices, now);
    let (mut n_done, mut n_events) = (0, 0);
    while n_done < n_tickets {
        let wanted = (loader.wanted() as u64).min(n_tickets - n_done);
        let histories: Vec<History> = (n_done..n_done + wanted)
            .map(|n| draw.ticket(n, n_tickets, n_open))
            .collect();
        n_events += histories.iter().map(|one| one.0.len()).sum::<usize>();
        loader.take(histories).await?;
        n_done += wanted;
    }
    loader.finish().await?;
    store.close().await;
    let of = |ranks: std::ops::Range<usize>| -> Vec<String> { ranks.map(word).collect() };
    let told = json!({
        "tickets": n_tickets, "open": draw.n_open, "events": n_events, "seconds": began.elapsed().as_secs(),
        "common": of(0..30), "middle": of(300..330), "rare": of(60_000..60_030),
        "devices": draw.devices[..30], "technicians": (0..20).map(technician).collect::<Vec<_>>(),
        "small_site": format!("site-{}", SITES - 1),
    });
    println!("{told}");
    Ok(())
}

/// Sites, devices and a promise.
async fn surroundings(store: &Store, n_devices: u32, now: i64) -> Result<Vec<String>> {
    for site in 1..SITES {
        store.create_site(&format!("site-{site}"), now).await?;
    }
    let token = plain::token(store, n_devices, now).await?;
    let mut devices = Vec::new();
    for n in 0..n_devices as usize {
        let device = plain::enrolment(n, token, now);
        devices.push(device.device_id.to_string());
        store.enrol_device(device).await?;
    }
    for (kind, name, body) in [
        (RuleKind::Calendar, "always", ALWAYS),
        (RuleKind::Agreement, "gold", PROMISE),
    ] {
        let rule = RuleRow {
            kind,
            name: name.into(),
            body: Some(body.into()),
            since: now - SPAN_US - 1_000,
            changed_by: "fill".into(),
        };
        store.set_desk_rule(rule).await?;
    }
    Ok(devices)
}

fn technician(n: u64) -> String {
    format!("tech{n}")
}

/// The word of a rank: of three following ones, two are forms of the first.
fn word(rank: usize) -> String {
    const CONSONANTS: &[u8] = b"bcdfghjklmnprstvwxyz";
    const VOWELS: &[u8] = b"aeiou";
    // A prime that scatters the ranks over all words of three syllables.
    let mut rest = (rank / 3 + 7) * 600_011 % 1_000_000;
    let mut word = String::new();
    for _ in 0..3 {
        let syllable = rest % 100;
        rest /= 100;
        word.push(char::from(CONSONANTS[syllable / 5]));
        word.push(char::from(VOWELS[syllable % 5]));
    }
    word + ["", "s", "ment"][rank % 3]
}

/// Draws from one seed: each fill is the same but for the devices' ids.
struct Draw {
    seed: u64,
    /// By rank, the share of all words up to it.
    shares: Vec<f64>,
    words: Vec<String>,
    devices: Vec<String>,
    now: i64,
    n_open: u64,
}

impl Draw {
    fn new(devices: Vec<String>, now: i64) -> Self {
        let mut sum = 0.0;
        let shares = (1..=WORDS).map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        });
        let shares: Vec<f64> = shares.collect();
        let all = shares.last().copied().unwrap_or(1.0);
        Self {
            seed: 1,
            shares: shares.into_iter().map(|share| share / all).collect(),
            words: (0..WORDS).map(word).collect(),
            devices,
            now,
            n_open: 0,
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn text(&mut self, n_words: u64) -> String {
        let mut text = String::new();
        for _ in 0..n_words {
            let at = self.next() as f64 / u64::MAX as f64;
            let rank = self.shares.partition_point(|share| *share < at);
            text.push_str(&self.words[rank.min(WORDS - 1)]);
            text.push(' ');
        }
        match self.below(10) {
            0 => text.push_str(&format!("0x{:08x}", 0x8000_0000 + self.below(1 << 20))),
            1 => text.push_str(&format!(
                "10.{}.{}.{}",
                self.below(8),
                self.below(256),
                self.below(256)
            )),
            _ => {}
        }
        text.trim_end().to_owned()
    }

    fn site(&mut self) -> String {
        // 60 %, then halves of the rest.
        match self.below(100) {
            0..60 => DEFAULT_SITE.to_owned(),
            _ => format!(
                "site-{}",
                (1 + self.next().trailing_zeros() as u64).min(SITES - 1)
            ),
        }
    }

    fn ticket(&mut self, n: u64, n_tickets: u64, n_open: u64) -> History {
        let at = self.now - SPAN_US / n_tickets as i64 * (n_tickets - n) as i64;
        // Three quarters of what is open is among the newest, as many again beside it are not.
        let newest = n_open * 3 / 2;
        let is_new = n + newest >= n_tickets;
        let is_open = match is_new {
            true => self.chance(50),
            false => self.below((n_tickets - newest).max(1) * 4 / n_open) == 0,
        };
        let requester = format!("person{} of{}", self.below(200), self.below(50));
        let opened = Event::Opened {
            title: self.text(8),
            site: self.site(),
            priority: Priority::ALL[self.below(4) as usize],
            requester: Some(requester),
            asked: None,
            person: None,
            weight: None,
        };
        let mut events = vec![opened];
        match is_open {
            true => {
                self.n_open += 1;
                self.open(&mut events, is_new);
            }
            false => self.closed(&mut events),
        }
        let who = technician(self.below(TECHNICIANS));
        let events = (0..).zip(events);
        History(
            events
                .map(|(step, event)| (event, who.clone(), at + step * 1_000_000))
                .collect(),
        )
    }

    fn open(&mut self, events: &mut Vec<Event>, is_new: bool) {
        events.push(Event::Noted {
            text: self.text(60),
        });
        events.push(self.device());
        events.push(Event::Assigned {
            to: Some(technician(self.below(TECHNICIANS))),
        });
        events.push(match (is_new, self.below(3)) {
            (false, _) => moved(State::Waiting, Some(WaitingFor::Supplier), None),
            (true, 0) => Event::Noted {
                text: self.text(20),
            },
            (true, 1) => Event::TierChanged {
                to: Tier::Second,
                reason: self.text(10),
            },
            (true, _) => Event::Messaged {
                side: Side::Requester,
                text: self.text(20),
                asked: None,
            },
        });
    }

    fn closed(&mut self, events: &mut Vec<Event>) {
        events.push(match self.below(10) {
            0..4 => Event::Assigned {
                to: Some(technician(self.below(TECHNICIANS))),
            },
            4..7 => self.device(),
            _ => Event::Noted {
                text: self.text(60),
            },
        });
        events.push(moved(State::Proposed, None, Some(self.text(25))));
        events.push(moved(State::Resolved, None, None));
        events.push(moved(State::Closed, None, None));
    }

    fn device(&mut self) -> Event {
        let n_devices = self.devices.len() as u64;
        let at = self.below(n_devices) as usize;
        Event::DeviceAdded {
            device: self.devices[at].clone(),
        }
    }
}

fn moved(to: State, waiting_for: Option<WaitingFor>, reason: Option<String>) -> Event {
    Event::StateChanged {
        to,
        waiting_for,
        reason,
        confirmation: None,
    }
}

//! From findings to alerts and tickets: what lasted past its hold time, unless it is silenced. The judging is pure.

mod incident;
mod perform;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sonde_proto::v1::{self, Status};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::catalogue::Catalogue;
use super::checks::{self, Known};
use super::incidents;
use super::policies::Policies;
use super::policy::{Effective, Opens, Shared};
use crate::bus::{Bus, Live};
use crate::clock::now_us;
use crate::store::alerts::{Alert, AlertFilter, Heard, SilenceKind, Silences};
use crate::store::devices::{Device, DeviceFilter, DevicePlace};
use crate::store::findings::{FindingRow, code};
use crate::store::{Store, StoreError};

/// How often findings are held against the alerts.
const ROUND: Duration = Duration::from_secs(15);
/// Who opens a ticket takes its snapshots within this.
const OWED_US: i64 = 60_000_000;
/// Findings and alerts that one round looks at.
const MOST: u32 = 100_000;
/// Longest title of a ticket that a policy opens, bytes.
const TITLE_BYTES: usize = 200;
/// Devices that are judged before others get their turn: about a millisecond.
const JUDGED_AT_ONCE: usize = 100;
/// Devices that are read at a time.
const PAGE: u32 = 1000;

/// What is to be done about one finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Raise {
        device_key: i64,
        check: String,
        subject: String,
        status: Status,
        message: v1::Message,
        /// Of whoever opens a ticket for it; none: no ticket is opened.
        opened_by: Option<String>,
    },
    Clear {
        device_key: i64,
        check: String,
        subject: String,
    },
}

impl Deed {
    fn raised_on(&self) -> Option<i64> {
        match self {
            Self::Raise { device_key, .. } => Some(*device_key),
            Self::Clear { .. } => None,
        }
    }
}

/// All that a judgement looks at.
#[derive(Clone, Copy)]
pub struct Fleet<'a> {
    pub devices: &'a HashMap<i64, Device>,
    /// Those that are not ok.
    pub bad: &'a [FindingRow],
    pub open: &'a [Alert],
    pub silences: &'a Silences,
    /// Whether a device's check is one whose critical findings deserve a ticket where no policy says otherwise.
    pub ticket_worthy: &'a (dyn Fn(i64, &str) -> bool + Sync),
    /// What policies say about each device.
    pub policies: &'a HashMap<i64, Arc<Effective>>,
}

type Key<'a> = (i64, &'a str, &'a str);

/// Which alerts are to be raised and which are over. `ok_since`: since when an alert's finding is ok, 0 when there is
/// none any more; `None`: it is not ok, or nobody can tell.
pub fn judge(fleet: &Fleet<'_>, ok_since: impl Fn(&Alert) -> Option<i64>, now: i64) -> Vec<Deed> {
    let open: HashMap<Key<'_>, &Alert> = fleet
        .open
        .iter()
        .map(|alert| ((alert.device_key, &*alert.check, &*alert.subject), alert))
        .collect();
    let mut deeds = Vec::new();
    let mut standing = HashSet::new();
    for row in fleet.bad {
        let Some(device) = fleet.devices.get(&row.device_key) else {
            continue;
        };
        if !matches!(row.finding.status(), Status::Warning | Status::Critical) {
            continue;
        }
        let of: Key<'_> = (row.device_key, &row.finding.check, &row.finding.subject);
        standing.insert(of);
        deeds.extend(fleet.raise(device, row, open.get(&of).copied(), now));
    }
    for alert in fleet.open {
        if !fleet.devices.contains_key(&alert.device_key) {
            deeds.push(Deed::Clear {
                device_key: alert.device_key,
                check: alert.check.clone(),
                subject: alert.subject.clone(),
            });
            continue;
        }
        let rules = fleet.of(alert.device_key).rules(&alert.check);
        let is_standing = standing.contains(&(alert.device_key, &*alert.check, &*alert.subject));
        let is_over = rules.opens == Some(Opens::Nothing)
            || !is_standing
                && ok_since(alert).is_some_and(|since| now.saturating_sub(since) >= rules.clear_us);
        if is_over {
            deeds.push(Deed::Clear {
                device_key: alert.device_key,
                check: alert.check.clone(),
                subject: alert.subject.clone(),
            });
        }
    }
    deeds
}

impl Fleet<'_> {
    fn of(&self, device_key: i64) -> &Effective {
        static NONE: LazyLock<Effective> = LazyLock::new(Effective::default);
        self.policies.get(&device_key).map_or(&NONE, |of| of)
    }

    /// What a finding that is not ok makes of the alert that is `known` for it.
    fn raise(
        &self,
        device: &Device,
        row: &FindingRow,
        known: Option<&Alert>,
        now: i64,
    ) -> Option<Deed> {
        let (check, subject) = (&row.finding.check, &row.finding.subject);
        let status = row.finding.status();
        let policies = self.of(row.device_key);
        let rules = policies.rules(check);
        let is_same = known.is_some_and(|alert| alert.status == code(status));
        let silence = self.silences.of(&Heard {
            device_key: device.device_key,
            site_key: device.site_key,
            check,
            subject,
            status: code(status),
            since: row.since,
        });
        let silence = silence.map(|silence| silence.kind);
        let is_muted = matches!(silence, Some(SilenceKind::Mute | SilenceKind::Acceptance));
        // What is wrong still at the end opens a ticket then.
        let is_worked_on = silence == Some(SilenceKind::Maintenance);
        // A consequence is told by its cause.
        let is_explained = !row.finding.explained_by.is_empty();
        if is_muted
            || is_explained
            || rules.opens == Some(Opens::Nothing)
            || lasted_us(device, row, now) < rules.hold_us
        {
            return None;
        }
        let deserves_ticket = match rules.opens {
            None => status == Status::Critical && (self.ticket_worthy)(row.device_key, check),
            Some(Opens::Ticket) => status == Status::Critical,
            Some(Opens::TicketOnWarning) => true,
            Some(Opens::Nothing | Opens::Alert) => false,
        };
        let settled = now.saturating_sub(device.enrolled_at) >= policies.settling_us();
        let has_ticket = known.is_some_and(|alert| alert.ticket.is_some());
        let opens = deserves_ticket && settled && !has_ticket && !is_worked_on;
        if is_same && !opens {
            return None;
        }
        Some(Deed::Raise {
            device_key: row.device_key,
            check: check.clone(),
            subject: subject.clone(),
            status,
            message: row.finding.message.clone().unwrap_or_default(),
            opened_by: opens.then(|| format!("policy {}", policies.author(check))),
        })
    }
}

/// How long a finding has been seen to last. The time in which its device was not there does not count: it slept, or
/// nobody knows.
fn lasted_us(device: &Device, row: &FindingRow, now: i64) -> i64 {
    if checks::is_own(&row.finding.check) {
        return now.saturating_sub(row.since);
    }
    let (from, to) = match device.connected_at {
        Some(connected_at) => (row.since.max(connected_at), now),
        None => (row.since, device.last_seen),
    };
    to.saturating_sub(from)
}

/// Holds findings against alerts, until `ending` turns true.
pub async fn keep(store: Store, policies: Policies, bus: Bus, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut catalogue = Catalogue::default();
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let owed = now_us() - OWED_US;
        match store.take_owed_snapshots(owed, now_us()).await {
            Ok(taken) => {
                for snapshot in &taken {
                    bus.tell(Live::of_snapshot(snapshot));
                }
            }
            Err(error) => tracing::warn!(%error, "snapshots of tickets are not taken"),
        }
        if let Err(error) = one_round(&store, &policies, &bus, &mut catalogue).await {
            tracing::warn!(%error, "alerts are not kept");
        }
    }
}

async fn one_round(
    store: &Store,
    policies: &Policies,
    bus: &Bus,
    catalogue: &mut Catalogue,
) -> Result<(), StoreError> {
    let now = now_us();
    policies.read(store).await?;
    let devices = devices(store).await?;
    let all = policies.all();
    let mut shared = Shared::default();
    let mut effective = HashMap::with_capacity(devices.len());
    for (n, device) in devices.values().enumerate() {
        let of = shared.of(&all, device.id.as_str(), &device.site);
        effective.insert(device.device_key, of);
        let_others_in(n).await;
    }
    let mut refusals = store.refusals_since(now - checks::REJECTED_US).await?;
    let deaf = store.deaf_times().await?;
    let mut clocks = store.clock_statuses().await?;
    let mut clocks_changed = Vec::new();
    let mut bad = store.bad_findings(MOST).await?;
    for (n, device) in devices.values().enumerate() {
        let_others_in(n).await;
        let known = Known {
            clock: clocks.remove(&device.device_key),
            refusals: refusals.remove(&device.device_key),
            deaf_us: checks::deaf_us(&deaf, device.last_seen),
        };
        let limits = effective[&device.device_key].limits();
        let own = checks::judge(device, &known, &limits, now);
        let clock = checks::clock_changed(&own, &known);
        clocks_changed.extend(clock.map(|clock| (device.device_key, clock)));
        bad.extend(
            own.into_iter()
                .filter(|row| row.finding.status() != Status::Ok),
        );
    }
    if !clocks_changed.is_empty() {
        store.clocks_judged(clocks_changed).await?;
    }
    let open = store
        .open_alerts(&AlertFilter {
            most: MOST,
            ..AlertFilter::default()
        })
        .await?;
    let silences = store.silences(now).await?;
    let ok_since = store.open_alerts_ok_since().await?;
    let fleet = Fleet {
        devices: &devices,
        bad: &bad,
        open: &open,
        silences: &silences,
        ticket_worthy: &|_, _| true,
        policies: &effective,
    };
    let ok_since = |alert: &Alert| ok_since.get(&alert.alert_key).copied();
    // Only of those that may be told of is it asked in which words.
    let told_of = judge(&fleet, ok_since, now);
    let told_of: HashSet<i64> = told_of.iter().filter_map(Deed::raised_on).collect();
    catalogue.read(store, &told_of).await?;
    let fleet = Fleet {
        ticket_worthy: &|device_key, check| catalogue.is_ticket_worthy(device_key, check),
        ..fleet
    };
    let mut deeds = judge(&fleet, ok_since, now);
    let known = store.open_incidents().await?;
    let (cases, n_devices) = incident::cases(&fleet, &deeds, now);
    let found = incidents::judge(&cases, &known, &n_devices, now);
    // What is part of an incident gets no ticket of its own.
    for deed in &mut deeds {
        deed.belongs_to(&found);
    }
    perform::all(store, bus, &devices, catalogue, deeds, now).await;
    for incident in found {
        if let Err(error) = incident::join(store, bus, &devices, incident, now).await {
            tracing::warn!(%error, "an incident is not kept");
        }
    }
    Ok(())
}

/// The judging of a large fleet takes a thread for a while: others come in between.
async fn let_others_in(n_judged: usize) {
    if n_judged % JUDGED_AT_ONCE == JUDGED_AT_ONCE - 1 {
        tokio::task::yield_now().await;
    }
}

async fn devices(store: &Store) -> Result<HashMap<i64, Device>, StoreError> {
    let mut all = HashMap::new();
    let mut after = 0;
    loop {
        let page = store
            .devices(&DeviceFilter {
                after: Some(DevicePlace::after_key(after)),
                most: PAGE,
                ..DeviceFilter::default()
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = last.device_key;
        // A twin's conflict is told of the device whose key it has.
        let own = page.into_iter().filter(|device| device.twin_of.is_none());
        all.extend(own.map(|device| (device.device_key, device)));
    }
}

#[cfg(test)]
mod tests;

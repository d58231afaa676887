//! From findings to alerts and tickets: what lasted past its hold time, unless it is muted. The judging is pure.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use prost::Message as _;
use sonde_proto::v1::{self, Status};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::checks::{self, Known, Limits};
use crate::bus::{Bus, Live};
use crate::clock::now_us;
use crate::desk::Priority;
use crate::store::alerts::{Alert, Mute, Raise, Raised};
use crate::store::devices::{Device, DeviceFilter};
use crate::store::findings::FindingRow;
use crate::store::tickets::OpenTicket;
use crate::store::{Id, Store, StoreError};

/// How often findings are held against the alerts.
const ROUND: Duration = Duration::from_secs(15);
/// Findings and alerts that one round looks at.
const MOST: u32 = 100_000;
/// Devices that are read at a time.
const PAGE: u32 = 1000;
/// Who opens tickets on behalf of the default policy.
const POLICY: &str = "policy default";

/// The default policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// A finding that lasts so long becomes an alert.
    pub hold_us: i64,
    /// An alert whose finding is ok for so long is cleared.
    pub clear_us: i64,
    /// No ticket is opened for a device within so long after its enrolment.
    pub settling_us: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hold_us: 2 * 60_000_000,
            clear_us: 5 * 60_000_000,
            settling_us: 86_400_000_000,
        }
    }
}

/// What is to be done about one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Raise {
        device_key: i64,
        check: String,
        subject: String,
        status: Status,
        with_ticket: bool,
    },
    Clear {
        device_key: i64,
        check: String,
        subject: String,
    },
}

/// All that a judgement looks at.
pub struct Fleet<'a> {
    pub devices: &'a HashMap<i64, Device>,
    /// Those that are not ok.
    pub bad: &'a [FindingRow],
    pub open: &'a [Alert],
    pub mutes: &'a [Mute],
    /// Ids of checks whose critical findings deserve a ticket.
    pub ticket_worthy: &'a HashSet<String>,
}

/// Which alerts are to be raised and which are over.
pub fn judge(
    fleet: &Fleet<'_>,
    ok_since: impl Fn(&Alert) -> Option<i64>,
    rules: &Rules,
    now: i64,
) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let mut standing = HashSet::new();
    for row in fleet.bad {
        let Some(device) = fleet.devices.get(&row.device_key) else {
            continue;
        };
        let (check, subject) = (&row.finding.check, &row.finding.subject);
        let status = row.finding.status();
        if !matches!(status, Status::Warning | Status::Critical) {
            continue;
        }
        standing.insert((row.device_key, check.as_str(), subject.as_str()));
        let known = fleet.open.iter().find(|alert| {
            alert.device_key == row.device_key && alert.check == *check && alert.subject == *subject
        });
        let is_same = known.is_some_and(|alert| alert.status == i64::from(status as i32) - 1);
        let is_muted = fleet.mutes.iter().any(|mute| {
            mute.covers(
                device.device_key,
                device.site_key,
                check,
                subject,
                row.since,
            )
        });
        // A consequence is told by its cause.
        let is_explained = !row.finding.explained_by.is_empty();
        if is_same || is_muted || is_explained || now.saturating_sub(row.since) < rules.hold_us {
            continue;
        }
        let settled = now.saturating_sub(device.enrolled_at) >= rules.settling_us;
        let with_ticket = status == Status::Critical
            && settled
            && fleet.ticket_worthy.contains(check)
            && known.is_none_or(|alert| alert.ticket.is_none());
        deeds.push(Deed::Raise {
            device_key: row.device_key,
            check: check.clone(),
            subject: subject.clone(),
            status,
            with_ticket,
        });
    }
    for alert in fleet.open {
        let key = (
            alert.device_key,
            alert.check.as_str(),
            alert.subject.as_str(),
        );
        let is_over = !standing.contains(&key)
            && ok_since(alert).is_none_or(|since| now.saturating_sub(since) >= rules.clear_us);
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

/// Holds findings against alerts, until `ending` turns true.
pub async fn keep(store: Store, bus: Bus, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut catalogue = Catalogue::default();
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        if let Err(error) = one_round(&store, &bus, &mut catalogue).await {
            tracing::warn!(%error, "alerts are not kept");
        }
    }
}

/// Which checks deserve a ticket, as the devices' declarations say.
#[derive(Default)]
struct Catalogue {
    seen: HashSet<Id>,
    ticket_worthy: HashSet<String>,
}

impl Catalogue {
    async fn update(&mut self, store: &Store) -> Result<(), StoreError> {
        for id in store.declaration_ids().await? {
            if !self.seen.insert(id) {
                continue;
            }
            let body = store.declaration(id).await?.unwrap_or_default();
            let body = v1::Declaration::decode(&body[..])
                .ok()
                .and_then(|declaration| declaration.body);
            if let Some(v1::declaration::Body::Catalogue(catalogue)) = body {
                let worthy = catalogue
                    .checks
                    .into_iter()
                    .filter(|check| check.ticket_worthy);
                self.ticket_worthy.extend(worthy.map(|check| check.id));
            }
        }
        Ok(())
    }
}

async fn one_round(store: &Store, bus: &Bus, catalogue: &mut Catalogue) -> Result<(), StoreError> {
    let now = now_us();
    catalogue.update(store).await?;
    let devices = devices(store).await?;
    let rejected: HashMap<i64, (i64, String)> =
        store.rejected_since(now - checks::REJECTED_US).await?;
    let mut bad = store.findings_not_ok(MOST).await?;
    for device in devices.values() {
        let known = Known {
            rejected: rejected.get(&device.device_key).cloned(),
        };
        let own = checks::judge(device, &known, &Limits::default(), now);
        bad.extend(
            own.into_iter()
                .filter(|row| row.finding.status() != Status::Ok),
        );
    }
    let open = store.open_alerts(None, MOST).await?;
    let mutes = store.mutes(now).await?;
    let mut ok_since = HashMap::new();
    for alert in &open {
        if let Some(row) = store
            .finding(alert.device_key, &alert.check, &alert.subject)
            .await?
        {
            ok_since.insert(alert.alert_key, row.since);
        }
    }
    let fleet = Fleet {
        devices: &devices,
        bad: &bad,
        open: &open,
        mutes: &mutes,
        ticket_worthy: &catalogue.ticket_worthy,
    };
    for deed in judge(
        &fleet,
        |alert| ok_since.get(&alert.alert_key).copied(),
        &Rules::default(),
        now,
    ) {
        perform(store, bus, &devices, deed, now).await?;
    }
    Ok(())
}

async fn devices(store: &Store) -> Result<HashMap<i64, Device>, StoreError> {
    let mut all = HashMap::new();
    let mut after = 0;
    loop {
        let page = store
            .devices(&DeviceFilter {
                after,
                most: PAGE,
                ..DeviceFilter::default()
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = last.device_key;
        all.extend(page.into_iter().map(|device| (device.device_key, device)));
    }
}

async fn perform(
    store: &Store,
    bus: &Bus,
    devices: &HashMap<i64, Device>,
    deed: Deed,
    now: i64,
) -> Result<(), StoreError> {
    let device_key = match deed {
        Deed::Clear {
            device_key,
            check,
            subject,
        } => {
            store.clear_alert(device_key, &check, &subject, now).await?;
            tracing::info!(check.id = check, "an alert is over");
            device_key
        }
        Deed::Raise {
            device_key,
            check,
            subject,
            status,
            with_ticket,
        } => {
            let raise = Raise {
                device_key,
                check: check.clone(),
                subject: subject.clone(),
                status,
                at: now,
            };
            let (Raised::Opened { alert_key } | Raised::Joined { alert_key, .. }) =
                store.raise_alert(raise).await?;
            tracing::info!(check.id = check, "an alert is raised");
            if let Some(device) = devices.get(&device_key).filter(|_| with_ticket) {
                let number = open_ticket(store, device, &check, &subject, now).await?;
                store.alert_has_ticket(alert_key, number).await?;
                bus.tell(Live::Ticket { number, version: 0 });
            }
            device_key
        }
    };
    bus.tell(Live::Device { device_key });
    Ok(())
}

async fn open_ticket(
    store: &Store,
    device: &Device,
    check: &str,
    subject: &str,
    now: i64,
) -> Result<i64, StoreError> {
    let of = if subject.is_empty() {
        String::new()
    } else {
        format!(" {subject}")
    };
    let opened = store
        .open_ticket(OpenTicket {
            title: format!("{check}{of} on {}", device.hostname),
            site: device.site.clone(),
            priority: Priority::High,
            requester: None,
            devices: vec![device.id.to_string()],
            note: None,
            opened_by: POLICY.to_owned(),
            at: now,
        })
        .await?;
    store
        .take_snapshot(
            opened.number,
            device.device_key,
            device.connected_at.is_none(),
            POLICY,
            now,
        )
        .await?;
    Ok(opened.number)
}

#[cfg(test)]
mod tests;

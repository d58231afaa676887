//! Why a finding opens nothing: somebody has accepted it, has muted its kind, or its device is being worked on. It is shown
//! beside the finding, wherever that is.

use std::collections::HashMap;

use super::super::facts::NotAKey;
use super::super::{Id, Store, StoreError, TimeUs};
use super::{Acceptance, Maintenance, Mute, acceptances, maintenance, mutes};

/// What silences a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SilenceKind {
    /// It opens no alert, and is not held against a ticket either.
    Acceptance,
    /// It opens no alert.
    Mute,
    /// It opens no ticket before the end.
    Maintenance,
}

impl SilenceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Mute => "mute",
            Self::Maintenance => "maintenance",
        }
    }
}

/// Why a finding is silenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    pub kind: SilenceKind,
    pub by: String,
    pub reason: String,
    /// None: until the finding changes.
    pub until: Option<TimeUs>,
}

/// A finding that may be silenced.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    pub device_key: i64,
    pub site_key: i64,
    pub check: &'a str,
    pub subject: &'a str,
    /// As monitoring plugins number it.
    pub status: i64,
    pub since: TimeUs,
}

/// All that silences findings at one moment.
#[derive(Debug, Clone, Default)]
pub struct Silences {
    acceptances: HashMap<i64, Vec<Acceptance>>,
    mutes: Vec<Mute>,
    /// Of devices, and of whole sites.
    worked_on: HashMap<i64, Silence>,
    sites_worked_on: HashMap<i64, Silence>,
}

/// Where a silence stands among those of its kind, the newest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SilenceKey {
    created_at: TimeUs,
    id: Id,
}

impl SilenceKey {
    pub(super) fn new(created_at: TimeUs, id: Id) -> Self {
        Self { created_at, id }
    }
}

impl std::fmt::Display for SilenceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.created_at, self.id)
    }
}

impl std::str::FromStr for SilenceKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (created_at, id) = text.split_once('.').ok_or(NotAKey)?;
        Ok(Self {
            created_at: created_at.parse().map_err(|_| NotAKey)?,
            id: id.parse().map_err(|_| NotAKey)?,
        })
    }
}

impl Silences {
    /// What holds at a moment, of all that there is.
    pub fn new(
        acceptances: Vec<Acceptance>,
        mutes: Vec<Mute>,
        planned: Vec<Maintenance>,
        at: TimeUs,
    ) -> Self {
        let mut of_device: HashMap<i64, Vec<Acceptance>> = HashMap::new();
        for one in acceptances {
            of_device.entry(one.device_key).or_default().push(one);
        }
        let mut all = Self {
            acceptances: of_device,
            mutes,
            ..Self::default()
        };
        for one in planned {
            if let Some(until) = one.plan.at(at) {
                all.work_on(one, until);
            }
        }
        all
    }

    fn work_on(&mut self, maintenance: Maintenance, until: TimeUs) {
        let silence = Silence {
            kind: SilenceKind::Maintenance,
            by: maintenance.created_by,
            reason: maintenance.reason,
            until: Some(until),
        };
        if maintenance.device_keys.is_empty() {
            self.sites_worked_on.insert(maintenance.site_key, silence);
            return;
        }
        for key in maintenance.device_keys {
            self.worked_on.insert(key, silence.clone());
        }
    }

    /// What silences a finding; of several, what is closest to it.
    pub fn of(&self, heard: &Heard<'_>) -> Option<Silence> {
        self.accepted(heard)
            .or_else(|| self.muted(heard))
            .or_else(|| self.maintained(heard.device_key, heard.site_key))
    }

    /// Whether somebody has accepted a finding.
    pub fn is_accepted(&self, device_key: i64, check: &str, subject: &str, status: i64) -> bool {
        let accepted = self.acceptance(device_key, check, subject, status);
        accepted.is_some()
    }

    fn acceptance(
        &self,
        device_key: i64,
        check: &str,
        subject: &str,
        status: i64,
    ) -> Option<&Acceptance> {
        let mut own = self.acceptances.get(&device_key)?.iter();
        own.find(|one| one.covers(check, subject, status))
    }

    fn accepted(&self, heard: &Heard<'_>) -> Option<Silence> {
        let of = (heard.check, heard.subject);
        let one = self.acceptance(heard.device_key, of.0, of.1, heard.status)?;
        Some(Silence {
            kind: SilenceKind::Acceptance,
            by: one.created_by.clone(),
            reason: one.reason.clone(),
            until: Some(one.until),
        })
    }

    fn muted(&self, heard: &Heard<'_>) -> Option<Silence> {
        let one = self.mutes.iter().find(|mute| {
            mute.covers(
                heard.device_key,
                heard.site_key,
                heard.check,
                heard.subject,
                heard.since,
            )
        })?;
        Some(Silence {
            kind: SilenceKind::Mute,
            by: one.created_by.clone(),
            reason: one.reason.clone(),
            until: one.until,
        })
    }

    /// Whether a device is being worked on.
    pub fn maintained(&self, device_key: i64, site_key: i64) -> Option<Silence> {
        let own = self.worked_on.get(&device_key);
        own.or_else(|| self.sites_worked_on.get(&site_key)).cloned()
    }
}

impl Store {
    /// What silences findings at a moment.
    ///
    /// # Errors
    /// The store's own.
    pub async fn silences(&self, at: TimeUs) -> Result<Silences, StoreError> {
        let mut on = self.reader().await?;
        let acceptances = acceptances::holding(&mut on, at, None).await?;
        read(&mut on, acceptances, at).await
    }

    /// The same, of these devices alone.
    ///
    /// # Errors
    /// The store's own.
    pub async fn silences_of(&self, devices: &[i64], at: TimeUs) -> Result<Silences, StoreError> {
        let mut on = self.reader().await?;
        of_devices(&mut on, devices, at).await
    }
}

async fn read(
    on: &mut sqlx::AnyConnection,
    acceptances: Vec<Acceptance>,
    at: TimeUs,
) -> Result<Silences, StoreError> {
    let mutes = mutes::holding(on, at).await?;
    let planned = maintenance::planned(on, at).await?;
    Ok(Silences::new(acceptances, mutes, planned, at))
}

/// What silences findings of these devices at a moment.
pub(in super::super) async fn of_devices(
    on: &mut sqlx::AnyConnection,
    devices: &[i64],
    at: TimeUs,
) -> Result<Silences, StoreError> {
    let acceptances = acceptances::holding(on, at, Some(devices)).await?;
    read(on, acceptances, at).await
}

#[cfg(test)]
mod tests {
    use super::super::Scope;
    use super::*;
    use crate::desk::maintenance::Plan;

    fn silences() -> Silences {
        let acceptance = Acceptance {
            id: Id([1; 16]),
            device_key: 1,
            check: "disk.space".into(),
            subject: "/".into(),
            status: 1,
            reason: "a new disk is ordered".into(),
            created_by: "ann".into(),
            created_at: 0,
            until: 500,
        };
        let mute = Mute {
            id: Id([2; 16]),
            scope: Scope::Fleet,
            check: "cpu.load".into(),
            subject: None,
            reason: "render farm".into(),
            created_by: "bob".into(),
            created_at: 0,
            until: None,
        };
        let maintenance = Maintenance {
            id: Id([3; 16]),
            site_key: 7,
            device_keys: vec![],
            plan: Plan {
                from: 100,
                until: 200,
                weekly: None,
            },
            reason: "a new switch".into(),
            created_by: "eve".into(),
            created_at: 0,
        };
        Silences::new(vec![acceptance], vec![mute], vec![maintenance], 150)
    }

    /// Kind, who, until.
    #[track_caller]
    fn check(device_key: i64, site_key: i64, of: (&str, i64, i64), expected: &str) {
        let (check, status, since) = of;
        let heard = Heard {
            device_key,
            site_key,
            check,
            subject: "/",
            status,
            since,
        };
        let told = silences().of(&heard);
        let told = told.map(|one| format!("{} {} {:?}", one.kind.as_str(), one.by, one.until));
        assert_eq!(told.unwrap_or_default(), expected);
    }

    #[test]
    fn what_is_closest_to_a_finding_is_told_of_it() {
        check(1, 2, ("disk.space", 1, 0), "acceptance ann Some(500)");
        check(1, 2, ("disk.space", 2, 0), "");
        check(1, 7, ("disk.space", 2, 0), "maintenance eve Some(200)");
        check(1, 7, ("disk.space", 1, 0), "acceptance ann Some(500)");
        check(9, 7, ("cpu.load", 2, 0), "mute bob None");
        check(9, 7, ("cpu.load", 2, 1), "maintenance eve Some(200)");
        check(9, 2, ("net.dns", 2, 0), "");
    }
}

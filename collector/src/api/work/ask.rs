//! What devices can be asked for, held against what they declare before anything is kept.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::body::said;
use super::super::caller::Caller;
use super::super::catalogue::{self, Catalogue};
use super::super::{AppState, Problem, time};
use super::Prepared;
use super::live::AskLive;
use super::probe::AskProbe;
use crate::store::devices::Device;
use crate::wording::wording;
use crate::work::{Consent, EXPIRY_US, LONGEST_EXPIRY_US, Parameter, Phase, Request, few_enough};

/// Longest account of how consent was given, characters.
const CONSENT_LENGTH: usize = 200;
/// How long what changes something waits for a device that is not connected, unless the caller says otherwise: it
/// should not come as a surprise.
const CHANGE_EXPIRY_US: i64 = 600 * 1_000_000;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskChecks {
    /// Id of a device.
    device: Option<String>,
    /// Ids of several devices, 20 at most.
    #[serde(default)]
    devices: Vec<String>,
    /// Ids; empty: all.
    #[serde(default)]
    checks: Vec<String>,
    /// Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskAction {
    /// Id of a device; not for undo.
    device: Option<String>,
    /// Not for undo.
    action: Option<String>,
    phase: Phase,
    /// Not for undo.
    #[schema(value_type = Option<Object>)]
    parameters: Option<Map<String, Value>>,
    /// How the user agreed: "by telephone".
    consent: Option<String>,
    /// For undo: the job whose change is taken back. Its device, action and parameters are those of the undo.
    undo_of: Option<String>,
    /// Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected. If it is not given: a day for a plan, ten minutes
    /// for what changes something.
    expires_in_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskTable {
    /// Id of a device.
    device: Option<String>,
    /// Ids of several devices, 20 at most.
    #[serde(default)]
    devices: Vec<String>,
    table: String,
    /// What narrows it down, as the table declares it.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// 0: the table's own cap.
    #[serde(default)]
    most_rows: u32,
    /// Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

/// What was done by the job that is to be taken back.
struct Undone {
    device: Device,
    action: String,
    version: u32,
    parameters: Vec<Parameter>,
    /// The user's own.
    consent: Option<Consent>,
}

/// What a ticket is opened for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum First {
    Checks(AskChecks),
    Action(AskAction),
    Table(AskTable),
    Probe(AskProbe),
    Live(AskLive),
}

impl First {
    /// As the order's own way does. `nearest`: ids of the ticket's devices.
    ///
    /// # Errors
    /// What cannot be asked of these devices, by field.
    pub(in crate::api) async fn prepare(
        self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
        nearest: &[String],
    ) -> Result<Prepared, Problem> {
        match self {
            Self::Checks(ask) => ask.prepare(state, caller, site_key).await,
            Self::Action(ask) => ask.prepare(state, caller, site_key).await,
            Self::Table(ask) => ask.prepare(state, caller, site_key).await,
            Self::Probe(ask) => ask.prepare(state, caller, site_key, nearest).await,
            Self::Live(ask) => ask.prepare(state, caller, site_key).await,
        }
    }
}

impl AskChecks {
    pub(super) async fn prepare(
        mut self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
    ) -> Result<Prepared, Problem> {
        let ids = named(self.device.as_ref(), &self.devices)?;
        let mut devices = Vec::with_capacity(ids.len());
        for id in ids {
            let device = caller.device_of_site(state, site_key, id).await?;
            if !self.checks.is_empty() {
                let catalogue = state.catalogues.of_device(&state.store, device.device_key);
                catalogue.await?.check_ids(&self.checks)?;
            }
            devices.push(device);
        }
        let mut named = HashSet::new();
        self.checks.retain(|check| named.insert(check.clone()));
        Ok(Prepared {
            devices,
            request: Request::Checks {
                checks: self.checks,
            },
            wait_seconds: self.wait_seconds,
            expires_in_us: expiry(self.expires_in_seconds, EXPIRY_US)?,
        })
    }
}

impl AskAction {
    pub(super) async fn prepare(
        self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
    ) -> Result<Prepared, Problem> {
        let consent = self
            .consent
            .as_ref()
            .map(|given| {
                said(
                    "consent",
                    given,
                    CONSENT_LENGTH,
                    wording!("say how the user agreed"),
                )
            })
            .transpose()?
            .map(|given| Consent {
                recorded_by: caller.account.name.clone(),
                given,
                at_us: time::now_us(),
                asked: None,
            });
        let usual = match self.phase {
            Phase::Plan => EXPIRY_US,
            Phase::Apply | Phase::Undo => CHANGE_EXPIRY_US,
        };
        let expires_in_us = expiry(self.expires_in_seconds, usual)?;
        let mut allowed = None;
        let (device, action, version, parameters) = match (self.phase, &self.undo_of) {
            (Phase::Undo, _) => {
                let undone = self.undone(state, caller, site_key).await?;
                allowed = undone.consent;
                (
                    undone.device,
                    undone.action,
                    undone.version,
                    undone.parameters,
                )
            }
            (Phase::Plan | Phase::Apply, None) => {
                let id = self.device.as_deref().ok_or_else(|| missing("device"))?;
                let name = self.action.as_deref().ok_or_else(|| missing("action"))?;
                let (device, catalogue) = asked_of(state, caller, site_key, id).await?;
                let declared = catalogue.action(name)?;
                let given = self.parameters.clone().unwrap_or_default();
                let parameters = catalogue::parameters(&declared.parameters, &given)?;
                (device, name.to_owned(), declared.version, parameters)
            }
            (Phase::Plan | Phase::Apply, Some(_)) => {
                return Err(Problem::field(
                    "undo_of",
                    wording!("it goes with the phase undo only"),
                ));
            }
        };
        Ok(Prepared {
            devices: vec![device],
            request: Request::Action {
                version,
                action,
                phase: self.phase,
                parameters,
                consent: consent.or(allowed),
                undo_of: self.undo_of,
            },
            wait_seconds: self.wait_seconds,
            expires_in_us,
        })
    }

    /// What was done, on what, and with what is what the job says: nobody types it again.
    async fn undone(
        &self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
    ) -> Result<Undone, Problem> {
        let Some(job) = &self.undo_of else {
            return Err(missing("undo_of")
                .remedy(wording!("name the job whose change is to be taken back")));
        };
        for (field, is_given) in [
            ("device", self.device.is_some()),
            ("action", self.action.is_some()),
            ("parameters", self.parameters.is_some()),
        ] {
            if is_given {
                return Err(Problem::field(
                    field,
                    wording!("to undo, it is that of the job in undo_of"),
                ));
            }
        }
        let undone = caller.job(state, job).await?;
        let asked: Option<Request> = serde_json::from_str(&undone.request).ok();
        let (
            true,
            Some(Request::Action {
                action,
                parameters,
                consent,
                ..
            }),
        ) = (undone.can_undo, asked)
        else {
            return Err(Problem::field(
                "undo_of",
                wording!("the device cannot take back what this job did"),
            ));
        };
        let id = undone.device.to_string();
        let (device, catalogue) = asked_of(state, caller, site_key, &id).await?;
        let version = catalogue.action(&action)?.version;
        Ok(Undone {
            device,
            action,
            version,
            parameters,
            // Whoever allowed it allows that it is taken back.
            consent: consent.filter(|consent| consent.asked.is_some()),
        })
    }
}

impl AskTable {
    /// What a table has between two moments, as `since` and `until` of it.
    pub(in crate::api) fn between(
        device: &str,
        table: &str,
        since: &str,
        until: &str,
        expires_in_seconds: u32,
    ) -> Self {
        let ends = [("since", since), ("until", until)];
        let ends = ends.map(|(name, at)| (name.to_owned(), Value::from(at)));
        Self {
            device: Some(device.to_owned()),
            devices: Vec::new(),
            table: table.to_owned(),
            parameters: ends.into_iter().collect(),
            most_rows: 0,
            wait_seconds: 0,
            expires_in_seconds: Some(expires_in_seconds),
        }
    }

    pub(in crate::api) async fn prepare(
        self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
    ) -> Result<Prepared, Problem> {
        let mut devices = Vec::new();
        let mut parameters = Vec::new();
        for id in named(self.device.as_ref(), &self.devices)? {
            let (device, catalogue) = asked_of(state, caller, site_key, id).await?;
            let declared = &catalogue.table(&self.table)?.parameters;
            parameters = catalogue::parameters(declared, &self.parameters)?;
            devices.push(device);
        }
        Ok(Prepared {
            request: Request::Table {
                table: self.table,
                parameters,
                most_rows: self.most_rows,
            },
            devices,
            wait_seconds: self.wait_seconds,
            expires_in_us: expiry(self.expires_in_seconds, EXPIRY_US)?,
        })
    }
}

/// Ids of the devices that are asked, each once.
fn named<'a>(
    device: Option<&'a String>,
    devices: &'a [String],
) -> Result<Vec<&'a String>, Problem> {
    let mut seen = HashSet::new();
    let mut ids: Vec<&String> = device.into_iter().chain(devices).collect();
    ids.retain(|id| seen.insert(*id));
    few_enough(ids.len())?;
    match ids.is_empty() {
        true => Err(missing("device").remedy(wording!("name a device by its id"))),
        false => Ok(ids),
    }
}

fn missing(field: &str) -> Problem {
    Problem::field(field, wording!("it is missing"))
}

/// How long an order waits, microseconds.
pub(super) fn expiry(seconds: Option<u32>, usual_us: i64) -> Result<i64, Problem> {
    let us = seconds.map_or(usual_us, |seconds| i64::from(seconds) * 1_000_000);
    match (1..=LONGEST_EXPIRY_US).contains(&us) {
        true => Ok(us),
        false => Err(Problem::field(
            "expires_in_seconds",
            wording!("1 to {} seconds", LONGEST_EXPIRY_US / 1_000_000),
        )),
    }
}

/// A device that the caller may ask for something on a ticket of this site, and what it declares.
pub(in crate::api) async fn asked_of(
    state: &AppState,
    caller: &Caller,
    site_key: i64,
    device: &str,
) -> Result<(Device, Catalogue), Problem> {
    let device = caller.device_of_site(state, site_key, device).await?;
    let catalogue = state
        .catalogues
        .of_device(&state.store, device.device_key)
        .await?;
    Ok((device, catalogue))
}

//! Alerts that are open, and mutes.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Caller, Technician, Viewer};
use super::findings;
use super::lang::Reader;
use super::page::{Before, next};
use super::route::{Least, Route};
use super::silenced::Silenced;
use super::sites::known_sites;
use super::{AppState, Problem, time};
use crate::store::accounts::Role;
use crate::store::alerts::{AlertFilter, Heard, NewMute, Scope, SilenceKey};
use crate::store::devices::Device;
use crate::wording::wording;

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1_000;
const REASON_LENGTH: usize = 1_000;
const SUBJECT_LENGTH: usize = 1_024;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AlertView {
    device: String,
    hostname: String,
    check: String,
    subject: String,
    /// "warning", "critical", "unknown".
    status: String,
    opened_at: String,
    /// What the finding says now, and since when it has been so; none: it is not reported any more.
    summary: Option<String>,
    since: Option<String>,
    /// Why it opens nothing now; none: it does what its policies say.
    silenced: Option<Silenced>,
    ticket: Option<i64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AlertList {
    items: Vec<AlertView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MuteView {
    id: String,
    /// Id of a device; none: not for one device only.
    device: Option<String>,
    /// None, and no device: the fleet.
    site: Option<String>,
    /// Empty: every check.
    check: String,
    subject: Option<String>,
    reason: String,
    created_by: String,
    created_at: String,
    /// None: until the finding changes.
    until: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    key: SilenceKey,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MuteList {
    items: Vec<MuteView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskMute {
    /// Id of a device.
    device: Option<String>,
    site: Option<String>,
    /// Every check if it is not given.
    #[serde(default)]
    check: String,
    subject: Option<String>,
    reason: String,
    /// RFC 3339; until the finding changes if it is not given.
    until: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Id of a device.
    device: Option<String>,
    before: Option<i64>,
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct OfDevice {
    /// Id of a device: what mutes it, those of its site and of the fleet too.
    device: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/alerts",
            viewer,
            "Alerts that are open, the newest first",
            get(alerts),
        )
        .query::<Which>()
        .gives::<AlertList>(),
        Route::new(
            Method::GET,
            "/mutes",
            viewer,
            "Mutes that hold, the newest first",
            get(mutes),
        )
        .query::<OfDevice>()
        .gives::<MuteList>(),
        Route::new(
            Method::POST,
            "/mutes",
            Least::Role(Role::Technician),
            "Lets findings of a device or a site open no alert; those of the fleet take the role senior",
            post(create),
        )
        .takes::<AskMute>()
        .gives::<MuteView>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/mutes/{mute}",
            Least::Role(Role::Technician),
            "Ends a mute; one of somebody else's takes the role senior",
            delete(end),
        )
        .answers("204"),
    ]
}

async fn alerts(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    Params(which): Params<Which>,
) -> Result<Json<AlertList>, Problem> {
    let device_key = match &which.device {
        Some(device) => Some(caller.device(&state, device).await?.device_key),
        None => None,
    };
    let most = which.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let filter = AlertFilter {
        sites: caller.account.site_filter(),
        device_key,
        before: which.before,
        most,
    };
    let alerts = state.store.open_alerts(&filter).await?;
    let next = alerts
        .last()
        .filter(|_| alerts.len() == most as usize)
        .map(|last| last.alert_key.to_string());
    let keys: BTreeSet<i64> = alerts.iter().map(|alert| alert.device_key).collect();
    let devices = state.store.devices_by_key(keys).await?;
    let all: Vec<&Device> = devices.values().collect();
    let findings = findings::of_devices(&state, &all, lang).await?;
    let keys: Vec<i64> = devices.keys().copied().collect();
    let silences = state.store.silences_of(&keys, time::now_us()).await?;
    let mut items = Vec::with_capacity(alerts.len());
    for alert in alerts {
        let Some(device) = devices.get(&alert.device_key) else {
            continue;
        };
        let findings = &findings[&alert.device_key];
        let finding = findings
            .iter()
            .find(|finding| finding.check == alert.check && finding.subject == alert.subject);
        let silence = silences.of(&Heard {
            device_key: alert.device_key,
            site_key: device.site_key,
            check: &alert.check,
            subject: &alert.subject,
            status: alert.status,
            since: finding.map_or(alert.opened_at, |finding| finding.since_us),
        });
        items.push(AlertView {
            device: device.id.to_string(),
            hostname: device.hostname.clone(),
            check: alert.check,
            subject: alert.subject,
            status: match alert.status {
                1 => "warning",
                2 => "critical",
                _ => "unknown",
            }
            .to_owned(),
            opened_at: time::shown(alert.opened_at),
            summary: finding.map(|finding| finding.summary.clone()),
            since: finding.map(|finding| finding.since.clone()),
            silenced: silence.map(Silenced::from),
            ticket: alert.ticket,
        });
    }
    Ok(Json(AlertList { items, next }))
}

/// The mutes that hold and that the caller may see.
async fn views(state: &AppState, caller: &Caller) -> Result<Vec<MuteView>, Problem> {
    let sites = state.store.sites().await?;
    let mutes = state.store.mutes(time::now_us()).await?;
    let keys: BTreeSet<i64> = mutes
        .iter()
        .filter_map(|mute| match mute.scope {
            Scope::Device { device_key } => Some(device_key),
            Scope::Site { .. } | Scope::Fleet => None,
        })
        .collect();
    let devices = state.store.devices_by_key(keys).await?;
    let mut views = Vec::with_capacity(mutes.len());
    for mute in mutes {
        let (device, site) = match mute.scope {
            Scope::Device { device_key } => {
                let device = devices.get(&device_key);
                match device.filter(|device| caller.account.sees(device.site_key)) {
                    Some(device) => (Some(device.id.to_string()), None),
                    None => continue,
                }
            }
            Scope::Site { site_key } if caller.account.sees(site_key) => {
                let site = sites.iter().find(|site| site.site_key == site_key);
                (None, site.map(|site| site.name.clone()))
            }
            Scope::Site { .. } => continue,
            Scope::Fleet => (None, None),
        };
        views.push(MuteView {
            key: mute.key(),
            id: mute.id.to_string(),
            device,
            site,
            check: mute.check,
            subject: mute.subject,
            reason: mute.reason,
            created_by: mute.created_by,
            created_at: time::shown(mute.created_at),
            until: mute.until.map(time::shown),
        });
    }
    Ok(views)
}

async fn mutes(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(asked): Params<OfDevice>,
) -> Result<Json<MuteList>, Problem> {
    let page = Before::of(asked.before, asked.limit);
    let before: Option<SilenceKey> = page.cursor()?;
    let mut items = views(&state, &caller).await?;
    if let Some(device) = &asked.device {
        let device = caller.device(&state, device).await?;
        let id = device.id.to_string();
        items.retain(|mute| match (&mute.device, &mute.site) {
            (Some(muted), _) => *muted == id,
            (None, Some(site)) => *site == device.site,
            (None, None) => true,
        });
    }
    items.retain(|mute| before.is_none_or(|before| mute.key < before));
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |mute| mute.key.to_string());
    Ok(Json(MuteList { items, next }))
}

async fn create(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Body(ask): Body<AskMute>,
) -> Result<(StatusCode, Json<MuteView>), Problem> {
    let scope = match (&ask.device, &ask.site) {
        (Some(_), Some(_)) => {
            return Err(Problem::field(
                "site",
                wording!("give a device or a site, not both"),
            ));
        }
        (Some(device), None) => Scope::Device {
            device_key: caller.device(&state, device).await?.device_key,
        },
        (None, Some(name)) => {
            known_sites(&state, &caller, &[("site".into(), name)]).await?;
            let sites = state.store.sites().await?;
            let site = sites
                .into_iter()
                .find(|site| site.name == *name && caller.account.sees(site.site_key))
                .ok_or_else(|| Problem::not_found(wording!("site"), name))?;
            Scope::Site {
                site_key: site.site_key,
            }
        }
        (None, None) => {
            caller.at_least(Role::Senior)?;
            caller.everywhere()?;
            Scope::Fleet
        }
    };
    let now = time::now_us();
    let until = match &ask.until {
        Some(until) => Some(time::read("until", until)?),
        None => None,
    };
    if until.is_some_and(|until| until <= now) {
        return Err(Problem::field("until", wording!("it has passed")));
    }
    let reason = clean("reason", &ask.reason, REASON_LENGTH, true)?;
    if reason.trim().is_empty() {
        return Err(Problem::field("reason", wording!("it is empty"))
            .remedy(wording!("say why, for the others")));
    }
    let subject = ask
        .subject
        .map(|subject| clean("subject", &subject, SUBJECT_LENGTH, false))
        .transpose()?;
    if !ask.check.is_empty() {
        let catalogue = super::catalogue::everything(&state).await?;
        catalogue.check("check", &ask.check)?;
    }
    let id = state
        .store
        .create_mute(NewMute {
            scope,
            check: ask.check,
            subject,
            reason,
            created_by: caller.account.name.clone(),
            until,
            at: now,
        })
        .await?;
    let made = views(&state, &caller).await;
    made.and_then(|made| {
        let mut made = made.into_iter();
        made.find(|mute| mute.id == id.to_string())
            .ok_or_else(|| Problem::not_found(wording!("mute"), id))
    })
    .map(|mute| (StatusCode::CREATED, Json(mute)))
    .map_err(|problem| problem.after(wording!("the mute {} is made", %id)))
}

async fn end(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let missing = || Problem::not_found(wording!("mute"), &id);
    let visible = views(&state, &caller).await?;
    let mute = visible.iter().find(|mute| mute.id == id);
    let mute = mute.ok_or_else(missing)?;
    if mute.created_by != caller.account.name {
        caller.at_least(Role::Senior)?;
    }
    if mute.device.is_none() && mute.site.is_none() {
        caller.everywhere()?;
    }
    let key = id.parse().map_err(|_| missing())?;
    let by = &caller.account.name;
    state.store.end_mute(key, by, time::now_us()).await?;
    Ok(StatusCode::NO_CONTENT)
}

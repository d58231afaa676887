//! Having a device look for a thing without an agent beside it.

use serde::Deserialize;

use super::super::caller::Caller;
use super::super::{AppState, Problem};
use super::Prepared;
use super::ask::{asked_of, expiry};
use crate::store::assets::Asset;
use crate::store::devices::{Device, DeviceFilter};
use crate::wording::wording;
use crate::work::{EXPIRY_US, Request};

/// Connected devices of a site among which one is chosen.
const LOOKED_AT: u32 = 50;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskProbe {
    /// Id of the asset; its address has to be known. The ticket is about it from then on.
    asset: String,
    /// Id of the device that looks for it. If it is not given, a connected one is chosen: of the ticket, else of its site.
    device: Option<String>,
    /// Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

impl AskProbe {
    /// `nearest`: ids of the ticket's devices.
    pub(super) async fn prepare(
        self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
        nearest: &[String],
    ) -> Result<Prepared, Problem> {
        let asset = caller.asset_of_site(state, site_key, &self.asset).await?;
        let address = asset.details.whereabouts().ok_or_else(|| {
            let what = wording!("nobody knows the address of {}", asset.details.name);
            Problem::field("asset", what).remedy(wording!("sonde asset set NAME --address ADDRESS"))
        })?;
        let (device, check) = match &self.device {
            Some(id) => named(state, caller, site_key, id).await?,
            None => chosen(state, caller, &asset, nearest).await?,
        };
        Ok(Prepared {
            devices: vec![device],
            request: Request::Probe {
                check,
                asset: asset.id.to_string(),
                address: address.to_string(),
            },
            wait_seconds: self.wait_seconds,
            expires_in_us: expiry(self.expires_in_seconds, EXPIRY_US)?,
        })
    }
}

/// The device, and the check of its that looks for assets.
async fn named(
    state: &AppState,
    caller: &Caller,
    site_key: i64,
    id: &str,
) -> Result<(Device, String), Problem> {
    let (device, _) = asked_of(state, caller, site_key, id).await?;
    match looks(state, &device).await? {
        Some(check) => Ok((device, check)),
        None => Err(Problem::field(
            "device",
            wording!("the agent of {} looks for no assets", device.hostname),
        )
        .remedy(wording!("name a device with a newer agent"))),
    }
}

/// A connected one that can: of the ticket, else of the asset's site, in the order of enrolment.
async fn chosen(
    state: &AppState,
    caller: &Caller,
    asset: &Asset,
    nearest: &[String],
) -> Result<(Device, String), Problem> {
    let mut near = Vec::new();
    for id in nearest {
        near.extend(caller.device(state, id).await.ok());
    }
    let filter = DeviceFilter {
        sites: Some(vec![asset.site_key]),
        connected: Some(true),
        most: LOOKED_AT,
        ..DeviceFilter::default()
    };
    let others = state.store.devices(&filter).await?;
    for device in near.into_iter().chain(others) {
        let is_there =
            device.site_key == asset.site_key && state.work.is_connected(device.device_key);
        if !is_there {
            continue;
        }
        if let Some(check) = looks(state, &device).await? {
            return Ok((device, check));
        }
    }
    Err(Problem::field(
        "device",
        wording!(
            "no device of the site {} is connected that could look for it",
            asset.site
        ),
    )
    .remedy(wording!("name one that will be: --device DEVICE")))
}

async fn looks(state: &AppState, device: &Device) -> Result<Option<String>, Problem> {
    let catalogue = state.catalogues.of_device(&state.store, device.device_key);
    let catalogue = catalogue.await?;
    let check = catalogue.checks().find(|check| check.takes_asset);
    Ok(check.map(|check| check.id.clone()))
}

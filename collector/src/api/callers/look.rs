//! What the store knows of what was typed.

use std::collections::HashSet;

use super::super::assets::fitting;
use super::super::caller::Caller;
use super::super::{AppState, Problem};
use crate::desk::caller::{Asked, Fit, MOST, Matched};
use crate::desk::person::spellings;
use crate::store::assets::{Asset, AssetFilter};
use crate::store::devices::{Device, DeviceFilter};
use crate::store::persons::{Person, PersonFilter, Sought};

/// Persons, devices and assets that fit.
#[derive(Default)]
pub(super) struct Found {
    pub(super) persons: Vec<(Person, Fit)>,
    pub(super) devices: Vec<(Device, Fit)>,
    pub(super) assets: Vec<(Asset, Fit)>,
}

/// Everybody and everything of the caller's sites that fits, each way of fitting by itself: [`MOST`] of each.
pub(super) async fn look(
    state: &AppState,
    caller: &Caller,
    asked: &Asked,
) -> Result<Found, Problem> {
    let sites = caller.account.site_filter();
    let mut found = Found::default();
    let words = Some(&asked.words).filter(|words| !words.is_empty());
    let ways = [
        (Matched::Mail, asked.mail.clone().map(Sought::Mail)),
        (
            Matched::Telephone,
            asked.telephone.clone().map(Sought::Telephone),
        ),
        (Matched::Name, words.cloned().map(Sought::Words)),
        (Matched::User, Some(Sought::Login(asked.login.clone()))),
    ];
    for (by, sought) in ways {
        let Some(sought) = sought else {
            continue;
        };
        let filter = PersonFilter {
            sites: sites.clone(),
            any: Some(vec![sought]),
            after: None,
            most: MOST as u32,
        };
        for person in state.store.persons(&filter).await? {
            let is_part = by == Matched::Name && !asked.is_name(&person.details.name);
            found.persons.push((person, Fit { is_part, by }));
        }
    }
    let filter = |text: Option<&str>, hostname: Option<&str>| DeviceFilter {
        sites: sites.clone(),
        text: text.map(str::to_owned),
        hostname: hostname.map(str::to_owned),
        most: MOST as u32,
        ..DeviceFilter::default()
    };
    if let Some(code) = &asked.code {
        let devices = state.store.devices(&filter(Some(code), None)).await?;
        let said = devices
            .into_iter()
            .filter(|device| device.id.as_str().starts_with(code.as_str()));
        found.add(said, Matched::Code, |_| true);
    }
    // The whole name first, so that many longer ones do not hide it.
    for filter in [
        filter(None, Some(&asked.text)),
        filter(Some(&asked.text), None),
    ] {
        let devices = state.store.devices(&filter).await?;
        let text = asked.text.to_lowercase();
        let named = devices
            .into_iter()
            .filter(|device| device.hostname.to_lowercase().contains(&text));
        found.add(named, Matched::Host, |device| {
            asked.is_host(&device.hostname)
        });
    }
    let address = asked.address.map(|address| vec![address.to_string()]);
    let logins = Some(&asked.login).filter(|login| !login.is_empty());
    let facts = [
        (Matched::Address, ("addresses", "address"), address),
        (
            Matched::User,
            ("sessions", "user"),
            logins.map(|login| spellings(login)),
        ),
    ];
    for (by, column, texts) in facts {
        let texts = texts.unwrap_or_default();
        let holders = state
            .store
            .holders(column, &texts, sites.as_deref(), MOST as u32)
            .await?;
        let keys: HashSet<i64> = holders.iter().map(|(device_key, _)| *device_key).collect();
        let mut devices: Vec<Device> = state
            .store
            .devices_by_key(keys)
            .await?
            .into_values()
            .collect();
        devices.sort_by_key(|device| device.device_key);
        found.add(devices.into_iter(), by, |_| true);
    }
    let filter = AssetFilter {
        sites: caller.account.site_filter(),
        sought: Some(fitting(&asked.text)),
        most: MOST as u32,
        ..AssetFilter::default()
    };
    for asset in state.store.assets(&filter).await? {
        let fit = asked.fit_of(&asset.details);
        found.assets.push((asset, fit));
    }
    Ok(found)
}

impl Found {
    fn add(
        &mut self,
        devices: impl Iterator<Item = Device>,
        by: Matched,
        is_whole: impl Fn(&Device) -> bool,
    ) {
        let fitting = devices.map(|device| {
            let is_part = !is_whole(&device);
            (device, Fit { is_part, by })
        });
        self.devices.extend(fitting);
    }
}

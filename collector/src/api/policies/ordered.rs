//! Refuses a policy by which something would be critical before it is a warning.

use std::collections::{BTreeSet, HashMap};

use crate::api::catalogue::Catalogue;
use crate::api::{AppState, Problem};
use crate::fleet::policy::{Held, Misordered, Named};
use crate::wording::wording;

/// Holds the limits of `named` against those that hold with them, wherever it reaches.
pub(super) async fn ordered(
    state: &AppState,
    catalogue: &Catalogue,
    named: Named,
) -> Result<(), Problem> {
    let name = named.name.clone();
    let all = state.policies.all().with(named);
    let devices: BTreeSet<&str> = all.named_devices().collect();
    let keys = state.store.sites_of_devices(devices).await?;
    let sites = state.store.sites().await?;
    let sites: HashMap<_, _> = sites
        .into_iter()
        .map(|site| (site.site_key, site.name))
        .collect();
    let sites = keys
        .into_iter()
        .filter_map(|(device, site)| Some((device, sites.get(&site)?.clone())))
        .collect();
    let declared = |id: &str| catalogue.check("", id).ok();
    match all.misordered(&name, &sites, declared) {
        Some(wrong) => Err(problem(&name, &wrong)),
        None => Ok(()),
    }
}

fn problem(policy: &str, wrong: &Misordered) -> Problem {
    let Misordered {
        critical, warning, ..
    } = wrong;
    let shown = |held: &Held| format!("{} {}", held.value, wrong.unit).trim().to_owned();
    let (of_critical, of_warning) = (shown(critical), shown(warning));
    // Its own limit is what is wrong; the other may be somebody else's.
    let (own, other) = match critical.policy == policy {
        true => (critical, warning),
        false => (warning, critical),
    };
    let field = format!("checks.{}.limits.{}", wrong.check, own.name);
    let detail = match other.policy == policy {
        true => wording!(
            "{} is {} and {} is {}: everything would be critical before it is a warning",
            critical.name,
            of_critical,
            warning.name,
            of_warning
        ),
        false => wording!(
            "{} is {} and {} is {} by the policy {}: everything would be critical before it is a warning",
            own.name,
            shown(own),
            other.name,
            shown(other),
            ?other.policy
        ),
    };
    let remedy = match wrong.less_is_worse {
        true => wording!(
            "set {} to {} or less, or {} to {} or more",
            critical.name,
            of_warning,
            warning.name,
            of_critical
        ),
        false => wording!(
            "set {} to {} or more, or {} to {} or less",
            critical.name,
            of_warning,
            warning.name,
            of_critical
        ),
    };
    Problem::field(field, detail).remedy(remedy)
}

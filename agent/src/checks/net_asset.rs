//! Looks for the thing without an agent that an order names: a printer, a switch. Without an order it contacts nobody.

mod texts;

use std::time::Duration;

use sonde_proto::asset::{AssetAddress, Barred};
use sonde_proto::message::Argument;

use crate::finding::{Finding, Status, duration, name, percent};
use crate::host::{Echoes, Host, Neighbour, Reached, Sight, Unasked};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.asset",
    number: 55,
    version: 1,
    title_en: "Asset on the network, looked for from this machine",
    title_fr: "Équipement du réseau, recherché depuis cette machine",
    every: Duration::ZERO,
    limits: &[
        // Of five echoes one may get lost on a healthy radio link.
        Limit::percent("loss_warning", 30),
    ],
    remedies: &[],
    texts: texts::TEXTS,
    ticket_worthy: false,
    run: Run::Beside(|host, limits, asset| {
        Box::pin(async move {
            let Some(asset) = asset else {
                return Ok(vec![Finding::new(Status::Unknown, "").says("none", vec![])]);
            };
            Ok(judge(asset, &observe(host, asset).await, limits))
        })
    }),
};

async fn observe(host: &Host, asset: &AssetAddress) -> Result<Sight, Unasked> {
    host.look_for(asset).await
}

/// One finding for its address, and one for its port.
fn judge(asset: &AssetAddress, seen: &Result<Sight, Unasked>, limits: &Limits) -> Vec<Finding> {
    let seen = match seen {
        Ok(seen) => seen,
        Err(why) => return vec![unasked(asset, why)],
    };
    let address = || name("address", seen.address.to_string());
    let port = seen.port.as_ref().zip(asset.port);
    let of_port = port
        .map(|((reached, after), port)| at_port(asset, port, reached, *after).evidence(address()));
    let here = at_address(asset, seen, limits).evidence(address());
    [Some(here), of_port].into_iter().flatten().collect()
}

fn of(asset: &AssetAddress) -> Argument {
    name("asset", &asset.host)
}

fn unasked(asset: &AssetAddress, why: &Unasked) -> Finding {
    let (bad, unknown) = (Status::Critical, Status::Unknown);
    let says = |status, id, more: Option<Argument>| {
        let said = [Some(of(asset)), more].into_iter().flatten().collect();
        Finding::new(status, &asset.host).says(id, said)
    };
    match why {
        // RFC 6762 §3: name servers know nothing of them, and say so.
        Unasked::NoName if asset.host.ends_with(".local") => says(unknown, "multicast", None),
        Unasked::NoName => says(bad, "no_name", None),
        Unasked::Unresolved => says(unknown, "unresolved", None),
        Unasked::NoWay(address) => says(
            unknown,
            "no_way",
            Some(name("address", address.to_string())),
        ),
        Unasked::Barred(address, why) => {
            let id = match why {
                Barred::Itself => "itself",
                Barred::Several => "several",
                Barred::Nobody => "nobody",
                Barred::OneLink => "one_link",
            };
            says(unknown, id, Some(name("address", address.to_string())))
        }
        Unasked::Untold(why) => {
            let mut finding = Finding::new(unknown, &asset.host);
            finding.message = why.message();
            finding
        }
    }
}

fn at_address(asset: &AssetAddress, seen: &Sight, limits: &Limits) -> Finding {
    let finding = |status| Finding::new(status, &asset.host);
    let with = |more| vec![of(asset), more];
    // Who answers otherwise is there: many are told to answer no ping.
    let by_port = seen
        .port
        .as_ref()
        .is_some_and(|(reached, _)| matches!(reached, Reached::Connected | Reached::Refused));
    let is_there = by_port || seen.neighbour == Neighbour::Known;
    match &seen.echoes {
        Ok(echoes) => match echoes.after {
            Some(after) => answered(echoes, after, limits, finding, with),
            None if is_there => finding(Status::Ok).says("no_ping", vec![of(asset)]),
            None => {
                let silent = finding(Status::Critical).says("silent", vec![of(asset)]);
                match (&echoes.why, seen.neighbour) {
                    (Some(why), _) => silent.because("unreachable", vec![name("why", why)]),
                    (None, Neighbour::Failed) => silent.because("no_neighbour", vec![]),
                    (None, _) => silent,
                }
            }
        },
        Err(_) if is_there => finding(Status::Ok).says("present", vec![of(asset)]),
        Err(why) => {
            let mut finding = finding(Status::Unknown);
            finding.message = why.message();
            finding
        }
    }
}

fn answered(
    echoes: &Echoes,
    after: Duration,
    limits: &Limits,
    finding: impl Fn(Status) -> Finding,
    with: impl Fn(Argument) -> Vec<Argument>,
) -> Finding {
    let n_lost = echoes.n_sent.saturating_sub(echoes.n_answered);
    let loss = f64::from(n_lost) * 100.0 / f64::from(echoes.n_sent.max(1));
    let (after, lost) = (duration("after", micros(after)), percent("loss", loss));
    let finding = match loss > limits.get("loss_warning") {
        true => finding(Status::Warning).says("loses", with(lost.clone())),
        false => finding(Status::Ok).says("answers", with(after.clone())),
    };
    finding.evidence(after).evidence(lost)
}

fn at_port(asset: &AssetAddress, port: u16, reached: &Reached, after: Duration) -> Finding {
    let after = duration("after", micros(after));
    let port = name("port", port.to_string());
    let says = |status, id, more: Option<&Argument>| {
        let said = [Some(of(asset)), Some(port.clone()), more.cloned()];
        let said = said.into_iter().flatten().collect();
        Finding::new(status, asset.to_string()).says(id, said)
    };
    let finding = match reached {
        Reached::Connected => says(Status::Ok, "connects", Some(&after)),
        Reached::Refused => says(Status::Critical, "refused", None),
        Reached::Silent => says(Status::Critical, "port_silent", None),
        Reached::Unreachable { why } => says(
            Status::Critical,
            "port_unreachable",
            Some(&name("why", why)),
        ),
        // It may listen well.
        Reached::Forbidden => says(Status::Unknown, "port_forbidden", None),
    };
    finding.evidence(after)
}

fn micros(after: Duration) -> i64 {
    after.as_micros() as i64
}

#[cfg(test)]
mod tests;

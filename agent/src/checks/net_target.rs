//! Tries the targets that a policy names for this machine. Without any it contacts nobody.

mod texts;

use crate::facts::clock;
use crate::finding::{Finding, Status, duration, name, time};
use crate::host::{Answer, Distrust, Gone, Host, Reached, Stage, Validity, Visit};
use sonde_proto::message::Argument;
use sonde_proto::target::{Scheme, Target};

use super::{Check, Limit, Limits, Run, cert_expiry};

pub(super) const CHECK: Check = Check {
    id: "net.target",
    number: 54,
    version: 1,
    title_en: "Targets that a policy names",
    title_fr: "Cibles qu'une politique désigne",
    every: std::time::Duration::from_secs(300),
    limits: &[
        Limit::seconds("answer_warning", 1.0),
        Limit::seconds("left_critical", 3.0 * 86_400.0),
        Limit::seconds("left_warning", 14.0 * 86_400.0),
        Limit::percent("share_critical", 5),
        Limit::percent("share_warning", 20),
    ],
    remedies: &[],
    texts: texts::TEXTS,
    ticket_worthy: true,
    run: Run::Toward(|host, limits, targets| {
        Box::pin(async {
            let visits = host.visit(targets).await;
            let clock = clock_of(host, &visits).await;
            let seen: Vec<(&Target, Visit)> = targets.iter().zip(visits).collect();
            Ok(judge(&seen, host.now_us(), clock, limits))
        })
    }),
};

/// How far this machine's clock is ahead, and who says so.
#[derive(Clone, Copy, Debug)]
struct Clock {
    ahead_us: i64,
    /// None: the collector.
    daemon: Option<&'static str>,
}

/// Asked for only where a certificate is too old or too young.
async fn clock_of(host: &Host, visits: &[Visit]) -> Option<Clock> {
    let is_by_time = |visit: &Visit| {
        matches!(
            visit.came_to,
            Err(Gone::Distrusted(
                Distrust::Expired { .. } | Distrust::Early { .. }
            ))
        )
    };
    if !visits.iter().any(is_by_time) {
        return None;
    }
    if let Some(ahead_us) = host.clock_ahead_us() {
        return Some(Clock {
            ahead_us,
            daemon: None,
        });
    }
    let state = clock::ask(host).await.ok()?;
    Some(Clock {
        ahead_us: state.offset_us.filter(|_| state.synchronised)?,
        daemon: Some(state.daemon),
    })
}

fn judge(
    seen: &[(&Target, Visit)],
    now_us: i64,
    clock: Option<Clock>,
    limits: &Limits,
) -> Vec<Finding> {
    if seen.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    let portal = seen
        .iter()
        .find_map(|(target, visit)| match &visit.came_to {
            Ok(Some(answer)) => portal(target, answer),
            Ok(None) | Err(_) => None,
        });
    let around = Around {
        now_us,
        clock,
        portal,
        limits,
    };
    seen.iter()
        .map(|(target, visit)| around.one(target, visit))
        .collect()
}

/// Where an answer leads that is not the target's own: over plain HTTP anybody on the way can give it, and a portal does. A
/// name of the same domain is one's own.
fn portal(target: &Target, answer: &Answer) -> Option<String> {
    let is_redirection = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    let host = host_in(answer.location.as_deref()?)?;
    let is_below = |host: &str, of: &str| {
        let rest = host.strip_suffix(of);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let is_own = is_below(&host, &target.host) || is_below(&target.host, &host);
    (target.scheme == Scheme::Http && is_redirection && !is_own).then_some(host)
}

/// The host of an absolute address, in lower case and without brackets; none: it stays where it is.
fn host_in(location: &str) -> Option<String> {
    let rest = match location.split_once("//") {
        Some(("", rest)) => rest,
        Some((scheme, rest)) if scheme.ends_with(':') => rest,
        Some(_) | None => return None,
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let place = authority.rsplit('@').next()?;
    let host = match place.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => place.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// What is known beside the visit that is judged.
struct Around<'a> {
    now_us: i64,
    clock: Option<Clock>,
    /// Where a portal leads that answers for one of the targets.
    portal: Option<String>,
    limits: &'a Limits,
}

impl Around<'_> {
    fn one(&self, target: &Target, visit: &Visit) -> Finding {
        let finding = match &visit.came_to {
            Ok(answer) => self.answered(target, visit, answer.as_ref()),
            Err(gone) => self.gone(target, visit, gone),
        };
        let issuer = visit.certificate.as_ref();
        let issuer = issuer.map(|certificate| name("issuer", &certificate.issuer));
        let until = visit.certificate.as_ref();
        let until = until.map(|certificate| time("not_after", certificate.not_after_us));
        let evidence = [
            Some(name("host", &target.host)),
            visit.address.map(|at| name("address", at.to_string())),
            visit.proxy.as_ref().map(|proxy| name("proxy", proxy)),
            Some(duration("after", visit.after.as_micros() as i64)),
            issuer,
            until,
        ];
        evidence
            .into_iter()
            .flatten()
            .fold(finding, Finding::evidence)
    }

    fn answered(&self, target: &Target, visit: &Visit, answer: Option<&Answer>) -> Finding {
        let of = name("target", target.as_str());
        let finding = |status| Finding::new(status, target.as_str());
        let status = answer.map_or(200, |answer| answer.status);
        if status == 511 {
            // RFC 6585 §6: nobody but a portal says so.
            return finding(Status::Critical).says("portal_asks", vec![of]);
        }
        if let Some(portal) = answer.and_then(|answer| portal(target, answer)) {
            return finding(Status::Critical).says("portal", vec![of, name("portal", portal)]);
        }
        // As check_http of the Monitoring Plugins takes them.
        let failed = match (status, &visit.proxy) {
            (407, Some(proxy)) => {
                return finding(Status::Unknown).says("proxy_asks", vec![of, name("proxy", proxy)]);
            }
            (500.., _) => Some((Status::Critical, "server_error")),
            (400..500, _) => Some((Status::Warning, "client_error")),
            _ => None,
        };
        if let Some((bad, id)) = failed {
            return finding(bad).says(id, vec![of, name("status", status.to_string())]);
        }
        if let Some(certificate) = &visit.certificate {
            let status = cert_expiry::grade(certificate, self.now_us, self.limits);
            if status != Status::Ok {
                let left = certificate.not_after_us.saturating_sub(self.now_us);
                return finding(status)
                    .says("soon", vec![of, duration("left", left)])
                    .because("not_renewed", vec![name("issuer", &certificate.issuer)]);
            }
        }
        let after = duration("after", visit.after.as_micros() as i64);
        let is_slow = visit.after.as_secs_f64() > self.limits.get("answer_warning");
        let said = match is_slow {
            true => finding(Status::Warning).says("slow", vec![of, after]),
            false => finding(Status::Ok).says("answers", vec![of, after]),
        };
        match answer.and_then(|answer| answer.location.as_ref()) {
            Some(location) => said.evidence(name("leads_to", location)),
            None => said,
        }
    }

    fn gone(&self, target: &Target, visit: &Visit, gone: &Gone) -> Finding {
        let of = name("target", target.as_str());
        let says = |status, id, more: Option<Argument>| {
            let said = [Some(of.clone()), more].into_iter().flatten().collect();
            Finding::new(status, target.as_str()).says(id, said)
        };
        let bad = |id, more| says(Status::Critical, id, more);
        let is_of_proxy = matches!(
            gone,
            Gone::NoName
                | Gone::Unresolved
                | Gone::NotReached(_)
                | Gone::HungUp(Stage::Proxy)
                | Gone::Late(Stage::Proxy)
        );
        if let (true, Some(proxy)) = (is_of_proxy, &visit.proxy) {
            return bad("no_proxy", Some(name("proxy", proxy)));
        }
        let after = duration("after", visit.after.as_micros() as i64);
        match gone {
            // RFC 6762 §3: name servers know nothing of them, and say so.
            Gone::NoName if target.host.ends_with(".local") => {
                says(Status::Unknown, "multicast", None)
            }
            Gone::NoName => bad("no_name", None),
            Gone::Unresolved => bad("unresolved", None),
            Gone::NotReached(Reached::Refused) => bad("refused", None),
            Gone::NotReached(Reached::Silent | Reached::Connected) => bad("silent", None),
            Gone::NotReached(Reached::Forbidden) => bad("forbidden", None),
            Gone::NotReached(Reached::Unreachable { why }) => {
                bad("unreachable", Some(name("why", why)))
            }
            Gone::Barred { status } => {
                let (is_bad, id) = match status {
                    407 => (Status::Unknown, "proxy_asks"),
                    _ => (Status::Critical, "barred"),
                };
                let proxy = visit.proxy.as_deref().unwrap_or_default();
                let mut said = vec![of.clone(), name("proxy", proxy)];
                if id == "barred" {
                    said.push(name("status", status.to_string()));
                }
                Finding::new(is_bad, target.as_str()).says(id, said)
            }
            Gone::Untold(why) => says(
                Status::Unknown,
                "unread",
                Some(name("why", why.to_string())),
            ),
            Gone::NoTls => bad("no_tls", None),
            Gone::Tls { why } => bad("tls", Some(name("why", why))),
            Gone::NoHttp => bad("no_http", None),
            Gone::HungUp(_) => bad("hung_up", None),
            Gone::Late(Stage::Http) => says(Status::Warning, "late", Some(after)),
            Gone::Late(Stage::Tls | Stage::Proxy) => bad("stalled", None),
            Gone::Distrusted(why) => self.distrusted(visit.certificate.as_ref(), why, bad),
        }
    }

    fn distrusted(
        &self,
        certificate: Option<&Validity>,
        why: &Distrust,
        bad: impl Fn(&'static str, Option<Argument>) -> Finding,
    ) -> Finding {
        let issuer = certificate.map(|certificate| certificate.issuer.as_str());
        let issuer = issuer.filter(|issuer| !issuer.is_empty());
        let issuer = issuer.map(|issuer| name("issuer", issuer));
        let finding = match why {
            Distrust::Expired { at_us, .. } | Distrust::Early { at_us, .. } => {
                let is_early = matches!(why, Distrust::Early { .. });
                if let Some(clock) = self.at_fault(certificate, why) {
                    let offset = duration("offset", clock.ahead_us.saturating_abs());
                    let finding = bad("clock", Some(offset));
                    return match clock.daemon {
                        None => finding.because("told_by_collector", vec![]),
                        Some(daemon) => {
                            finding.because("told_by_daemon", vec![name("daemon", daemon)])
                        }
                    };
                }
                let at = Some(time("at", *at_us));
                return match (is_early, self.clock, issuer) {
                    (true, None, _) => bad("early", at).because("clock_behind", vec![]),
                    (true, Some(_), _) => bad("early", at),
                    (false, Some(_), Some(issuer)) => {
                        bad("expired", at).because("not_renewed", vec![issuer])
                    }
                    (false, Some(_), None) => bad("expired", at),
                    (false, None, _) => bad("expired", at).because("if_clock", vec![]),
                };
            }
            Distrust::OtherName { names } if names.is_empty() => bad("no_names", None),
            Distrust::OtherName { names } => {
                bad("other_name", Some(name("names", names.join(", "))))
            }
            Distrust::UnknownAuthority => {
                let is_own = certificate.is_some_and(|one| one.issuer == one.subject);
                let finding = bad("unknown_authority", None);
                match issuer {
                    Some(_) if is_own => finding.because("self_issued", vec![]),
                    Some(issuer) => finding.because("issued_by", vec![issuer]),
                    None => finding,
                }
            }
            Distrust::Unread { why } => {
                let mut finding = bad("unread", Some(name("why", why)));
                finding.status = Status::Unknown;
                return finding;
            }
            Distrust::Other { why } => bad("distrusted", Some(name("why", why))),
        };
        match &self.portal {
            Some(portal) => finding.because("portal_too", vec![name("portal", portal)]),
            None => finding,
        }
    }

    /// The clock, where it is known to be wrong and the certificate would be trusted at the right time.
    fn at_fault(&self, certificate: Option<&Validity>, why: &Distrust) -> Option<Clock> {
        let clock = self.clock?;
        let right_us = self.now_us.saturating_sub(clock.ahead_us);
        let begins_us = certificate.map_or(i64::MIN, |one| one.not_before_us);
        let ends_us = certificate.map_or(i64::MAX, |one| one.not_after_us);
        let holds = match why {
            Distrust::Expired {
                at_us,
                is_else_right: true,
            } => (begins_us..=*at_us).contains(&right_us),
            Distrust::Early {
                at_us,
                is_else_right: true,
            } => (*at_us..=ends_us).contains(&right_us),
            Distrust::Expired { .. }
            | Distrust::Early { .. }
            | Distrust::OtherName { .. }
            | Distrust::UnknownAuthority
            | Distrust::Unread { .. }
            | Distrust::Other { .. } => false,
        };
        holds.then_some(clock)
    }
}

#[cfg(test)]
mod tests;

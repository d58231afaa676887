//! What a machine says that has lost its collector: the first broken rung of the network, and a code to read aloud.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use sonde_proto::code::{self, Age, Bad, KEY_BYTES, MOST_FINDINGS, Reason, Said};
use sonde_proto::message::{Audience, Lang};

use crate::checks::{self, Overrides};
use crate::dial::Target;
use crate::door::check::to_json;
use crate::finding::{Finding, Status as Verdict};
use crate::host::{Collector, Host, StateHome};
use crate::identity::IdentityFile;
use crate::status::Status;
use crate::{diagnosis, runner, state};

/// What the checks of the ladder's rungs begin with.
const LADDER: &str = "net.";

/// What was found, and how it is told.
pub(in crate::door) struct Lost {
    /// What is not well, causes first.
    bad: Vec<Finding>,
    /// Where the rung is in `bad`; none: the network is well as far as this machine sees.
    rung: Option<usize>,
    /// To be read aloud.
    pub(in crate::door) code: Result<String, NoCode>,
}

/// Why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::door) enum NoCode {
    /// The collector has given no key yet.
    NoKey,
    /// The identity cannot be read.
    NoIdentity,
}

/// Runs all checks here. `folder`: of the agent that has said `status`.
pub(in crate::door) async fn look(status: &Status, folder: &Path) -> Lost {
    let home = status.fallback.as_ref().map(Path::new).unwrap_or(folder);
    let host = host(status, folder, home);
    let findings = runner::run(&host, checks::ALL, &Overrides::default()).await;
    let bad = bad(diagnosis::rank(findings, &[]));
    let rung = rung(&bad);
    let code = match IdentityFile::look(&home.join("identity")) {
        Ok(identity) => {
            let said = said(&bad, rung, age(status, host.now_us()));
            coded(&said, &identity.device_id, &identity.code_key)
        }
        Err(_) => Err(NoCode::NoIdentity),
    };
    Lost { bad, rung, code }
}

/// This machine, as its agent sees it.
fn host(status: &Status, folder: &Path, home: &Path) -> Host {
    let host = Host::this();
    host.set_recorder(Some(home.join(state::RECORDER)));
    host.set_state_home(match &status.fallback {
        None => StateHome::Kept,
        Some(home) => StateHome::Elsewhere {
            folder: folder.display().to_string(),
            home: home.clone(),
        },
    });
    if let Ok(target) = Target::parse(&status.collector) {
        let known = status.addresses.iter();
        host.set_collector(Collector {
            host: target.host,
            port: target.port,
            known: known.filter_map(|address| address.parse().ok()).collect(),
            proxy: status.proxy.clone(),
        });
    }
    host
}

fn age(status: &Status, now_us: i64) -> Age {
    let alone_us = status.heard_us.map(|heard_us| now_us - heard_us);
    // A clock that was set back tells nothing.
    let alone_us = alone_us.and_then(|us| u64::try_from(us).ok());
    Age::of(alone_us.map(Duration::from_micros))
}

/// `findings` as `diagnosis::rank` gives them.
fn bad(findings: Vec<Finding>) -> Vec<Finding> {
    let is_bad = |finding: &Finding| matches!(finding.status, Verdict::Warning | Verdict::Critical);
    findings.into_iter().filter(is_bad).collect()
}

/// The first rung that nothing else explains: causes stand before what follows from them.
fn rung(bad: &[Finding]) -> Option<usize> {
    bad.iter()
        .position(|finding| finding.check.starts_with(LADDER))
}

/// What the code says: beside the rung, the worst that nothing explains, one of each check.
fn said(bad: &[Finding], rung: Option<usize>, age: Age) -> Said {
    let rung = rung.map(|at| &bad[at]);
    let mut findings: Vec<Bad> = Vec::with_capacity(MOST_FINDINGS);
    let own = bad.iter().filter(|finding| finding.explained_by.is_none());
    for finding in own.filter(|own| rung.is_none_or(|rung| rung.check != own.check)) {
        let Some(number) = number_of(finding) else {
            continue;
        };
        if findings.len() < MOST_FINDINGS && findings.iter().all(|one| one.number != number) {
            findings.push(Bad {
                number,
                critical: finding.status == Verdict::Critical,
            });
        }
    }
    Said {
        age,
        rung: rung.and_then(number_of),
        reason: rung.map_or(Reason::Untold, |rung| reason(&rung.message.id)),
        findings,
    }
}

/// What a code calls the check of a finding.
fn number_of(finding: &Finding) -> Option<u8> {
    let check = checks::find(finding.check).ok()?;
    Some(check.number).filter(|number| *number != 0)
}

/// `key`: as the identity has it.
fn coded(said: &Said, device_id: &str, key: &[u8]) -> Result<String, NoCode> {
    if key.is_empty() {
        return Err(NoCode::NoKey);
    }
    let key: &[u8; KEY_BYTES] = key.try_into().map_err(|_| NoCode::NoIdentity)?;
    code::encode(said, device_id, key).map_err(|_| NoCode::NoIdentity)
}

/// Why a rung is broken, by what its check says.
fn reason(message: &str) -> Reason {
    let known = REASONS.iter().find(|(_, ids)| ids.contains(&message));
    known.map_or(Reason::Untold, |(reason, _)| *reason)
}

/// Messages of the ladder's checks.
const REASONS: &[(Reason, &[&str])] = &[
    (
        Reason::Missing,
        &[
            "absent", "dangling", "empty", "lost", "missing", "none", "off", "half",
        ],
    ),
    (Reason::Silent, &["silent", "unanswered"]),
    (Reason::Unreachable, &["unreachable"]),
    (Reason::Forbidden, &["forbidden", "prohibited", "refused"]),
    (
        Reason::Wrong,
        &[
            "duplicate",
            "equal",
            "error",
            "expired",
            "invents",
            "misleads",
            "shadowed",
            "unresolved",
            "wrong",
        ],
    ),
    (Reason::Poor, &["cable", "drops", "loses", "slow", "waits"]),
    (Reason::UsedUp, &["used"]),
];

impl Lost {
    fn rung(&self) -> Option<&Finding> {
        self.rung.map(|at| &self.bad[at])
    }

    /// Where the network breaks, in a sentence for whoever sits there.
    pub(in crate::door) fn for_user(&self, lang: Lang) -> String {
        match (self.rung(), lang) {
            (Some(rung), _) => match checks::find(rung.check) {
                Ok(check) => check.say_to(Audience::User, &rung.message, lang),
                Err(_) => rung.message.id.clone().into_owned(),
            },
            (None, Lang::En) => {
                "This machine sees nothing wrong with its network, and yet its collector does not answer."
                    .into()
            }
            (None, Lang::Fr) => {
                "Cette machine ne voit rien d'anormal dans son réseau, et pourtant son collecteur ne répond pas."
                    .into()
            }
        }
    }

    pub(super) fn json(&self, lang: Lang) -> Map<String, Value> {
        let rung = self.rung().map(|rung| {
            let reason = reason(&rung.message.id).words();
            json!({ "check": rung.check, "subject": rung.subject, "reason": reason })
        });
        let fields = [
            ("broken_rung", json!(rung)),
            ("for_user", json!(self.for_user(lang))),
            ("code", json!(self.code.as_ref().ok())),
            (
                "no_code",
                json!(self.code.as_ref().err().map(|why| why.words(lang))),
            ),
            ("findings", Value::Array(to_json(&self.bad, lang))),
        ];
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }

    /// For a camera: the code, the device, and the findings, one a line, as many as go into `most` bytes.
    pub(super) fn for_camera(&self, device_id: &str, most: usize) -> String {
        let code = self.code.as_deref().unwrap_or("-");
        let mut text = format!("sonde {code}\n{device_id}\n");
        for finding in &self.bad {
            let (status, check, message) =
                (finding.status.word(), finding.check, &finding.message.id);
            let line = format!(
                "{status} {check} {message} {}",
                crate::text::clean(&finding.subject)
            );
            if text.len() + line.len() >= most {
                break;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

impl NoCode {
    pub(super) fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::NoKey, Lang::En) => {
                "There is no code: this device enrolled before there were any, and gets its key for them when its \
                 certificate is renewed."
            }
            (Self::NoKey, Lang::Fr) => {
                "Pas de code : cet appareil a été inscrit avant qu'il y en ait ; il recevra sa clé lors du \
                 renouvellement de son certificat."
            }
            (Self::NoIdentity, Lang::En) => {
                "There is no code: the identity of this device cannot be read."
            }
            (Self::NoIdentity, Lang::Fr) => {
                "Pas de code : l'identité de cet appareil est illisible."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "2jq665752d4c4cmarwd70k2zag";

    fn found(check: &'static str, status: Verdict, message: &'static str) -> Finding {
        let mut finding = Finding::new(status, "").says(message, vec![]);
        finding.check = check;
        finding
    }

    fn without_gateway() -> Vec<Finding> {
        bad(diagnosis::rank(
            vec![
                found("disk.space", Verdict::Warning, "low"),
                found("cpu.load", Verdict::Ok, "few"),
                found("net.gateway", Verdict::Critical, "silent"),
                found("net.dns", Verdict::Critical, "silent"),
                found("net.proxy", Verdict::Unknown, "panicked"),
            ],
            &[],
        ))
    }

    #[test]
    fn every_reason_is_given_by_a_message_of_the_ladder() {
        let ladder = || {
            checks::ALL
                .iter()
                .filter(|check| check.id.starts_with(LADDER))
        };
        for id in REASONS.iter().flat_map(|(_, ids)| *ids) {
            let says = |text: &crate::finding::Text| text.id == *id;
            assert!(ladder().any(|check| check.texts.iter().any(says)), "{id}");
        }
    }

    #[test]
    fn the_first_broken_rung_is_said_and_what_follows_from_it_is_not() {
        let bad = without_gateway();
        let said = said(&bad, rung(&bad), Age::of(None));
        let number = |check| checks::find(check).unwrap().number;
        assert_eq!(said.rung, Some(number("net.gateway")));
        assert_eq!(said.reason, Reason::Silent);
        let disk = Bad {
            number: number("disk.space"),
            critical: false,
        };
        assert_eq!(said.findings, [disk]);
    }

    #[test]
    fn a_device_without_a_key_says_why_it_has_no_code() {
        let said = said(&[], None, Age::of(None));
        assert_eq!(coded(&said, ID, &[]), Err(NoCode::NoKey));
        assert_eq!(coded(&said, ID, &[1; 3]), Err(NoCode::NoIdentity));
        let code = coded(&said, ID, &[1; KEY_BYTES]).unwrap();
        assert!(code::decode(&code).unwrap().is_of(ID, &[1; KEY_BYTES]));
    }

    #[test]
    fn it_is_alone_since_the_collector_was_heard() {
        let heard = |heard_us| Status {
            heard_us,
            ..Status::default()
        };
        let minutes = |us| age(&heard(Some(us)), 600_000_000).at_least();
        assert_eq!(minutes(0), Some(Duration::from_secs(600)));
        assert_eq!(minutes(600_000_001), None);
        assert_eq!(age(&heard(None), 0).at_least(), None);
    }

    #[test]
    fn who_sits_there_is_told_in_plain_words() {
        let lost = |bad: Vec<Finding>| Lost {
            rung: rung(&bad),
            bad,
            code: Err(NoCode::NoKey),
        };
        let check = checks::find("net.gateway").unwrap();
        let text = check.texts.iter().find(|text| text.id == "silent").unwrap();
        assert!(!text.user_fr.is_empty());
        assert_eq!(lost(without_gateway()).for_user(Lang::Fr), text.user_fr);
        let none = lost(vec![found("disk.space", Verdict::Critical, "low")]);
        assert!(
            none.for_user(Lang::En)
                .contains("its collector does not answer")
        );
        assert_eq!(none.json(Lang::En)["broken_rung"], Value::Null);
    }

    #[test]
    fn a_camera_gets_what_fits() {
        let bad = without_gateway();
        let lost = Lost {
            rung: rung(&bad),
            bad,
            code: Err(NoCode::NoKey),
        };
        let head = format!("sonde -\n{ID}\n");
        let first = "critical net.gateway silent\n";
        let all = lost.for_camera(ID, 425);
        assert_eq!(
            all,
            format!("{head}{first}warning disk.space low\ncritical net.dns silent\n")
        );
        let fewer = lost.for_camera(ID, head.len() + first.len() + 5);
        assert_eq!(fewer, format!("{head}{first}"));
    }
}

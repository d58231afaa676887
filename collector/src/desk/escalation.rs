//! Rules that hand tickets on to a higher tier by themselves. Pure.
//!
//! A rule looks at one stay of a ticket with its tier, and its deed ends the stay: it fires once in it. A ticket that comes
//! back after a rule has handed it on was sent back by somebody; that rule rests until something new happens.

#[cfg(test)]
mod cases;
mod stay;

use serde::{Deserialize, Serialize};

pub use stay::{Beside, Due, Lasting, Stay, next};

use super::Refusal;
use super::sla::{MOST_MINUTES, Measure};
use super::state::Tier;
use super::ticket::refused;
use crate::wording::wording;

/// The most of a promised time that a rule waits for, percent.
pub const MOST_PERCENT: u32 = 500;
/// How often something has to happen, at most.
pub const MOST_TIMES: u32 = 100;
/// What stands before a rule's name where it acts.
const ACTOR: &str = "escalation ";

/// A rule as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Name of the site whose tickets it is for; none: of all sites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The tier from which it hands on.
    #[serde(default)]
    pub at: Tier,
    /// The tier to which it does, a higher one.
    pub to: Tier,
    pub when: Condition,
}

/// What has to be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// It is with the tier for so long. Minutes are working time where an agreement holds, without the pauses.
    InTier { minutes: u32 },
    /// Nobody has it for so long, while it is with the tier.
    Unassigned { minutes: u32 },
    /// So much of a promised time is used, percent; 100 is all of it.
    Promise { measure: Measure, percent: u32 },
    /// So many actions on its devices have failed, or nobody knows what became of them, while it is with the tier.
    FailedActions { times: u32 },
    /// It was opened again so often while it was with the tier.
    Reopened { times: u32 },
    /// Something lasts on one of its devices: an alert is open.
    Finding(Class),
}

/// Findings of a check, or of all checks of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Id of a check; either this or the area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What stands before the dot of checks' ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// At least.
    #[serde(default)]
    pub status: Bad,
}

/// What is not well.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Bad {
    Warning,
    #[default]
    Critical,
}

/// A rule under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub rule: Rule,
}

/// Who a rule is where it acts.
pub fn actor(name: &str) -> String {
    format!("{ACTOR}{name}")
}

/// The rule that an actor is. No account is called so.
fn rule_of(actor: &str) -> Option<&str> {
    actor.strip_prefix(ACTOR)
}

/// Whether a job's title is that of an action that changes something.
pub fn is_repair(title: &str) -> bool {
    title.ends_with(" apply") || title.ends_with(" undo")
}

impl Rule {
    /// What can be told of it alone.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field and what is allowed.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.to <= self.at {
            let reason = wording!("a rule hands on to a higher tier than {}", self.at.as_str());
            let higher = Tier::ALL.into_iter().filter(|tier| *tier > self.at);
            let higher: Vec<&str> = higher.map(Tier::as_str).collect();
            return Err(Refusal::new("to", reason).remedy(match higher.is_empty() {
                true => wording!("nothing is above the supplier: let it begin at a lower tier"),
                false => wording!("one of {}", higher.join(", ")),
            }));
        }
        let within = |field, number: u32, most: u32| match (1..=most).contains(&number) {
            true => Ok(()),
            false => refused(field, wording!("{}; between 1 and {}", number, most)),
        };
        match &self.when {
            Condition::InTier { minutes } => within("when.in_tier.minutes", *minutes, MOST_MINUTES),
            Condition::Unassigned { minutes } => {
                within("when.unassigned.minutes", *minutes, MOST_MINUTES)
            }
            Condition::Promise { percent, .. } => {
                within("when.promise.percent", *percent, MOST_PERCENT)
            }
            Condition::FailedActions { times } => {
                within("when.failed_actions.times", *times, MOST_TIMES)
            }
            Condition::Reopened { times } => within("when.reopened.times", *times, MOST_TIMES),
            Condition::Finding(class) => match (&class.check, &class.area) {
                (Some(_), Some(_)) => refused(
                    "when.finding.area",
                    wording!("give a check or an area, not both"),
                ),
                (None, None) => Err(
                    Refusal::new("when.finding.check", wording!("it is missing"))
                        .remedy(wording!("give a check, as disk.smart, or an area, as disk")),
                ),
                (Some(_), None) | (None, Some(_)) => Ok(()),
            },
        }
    }

    /// Whether it can ever be for tickets of a site that are with a tier.
    pub fn is_for(&self, tier: Tier, site: &str) -> bool {
        self.at == tier && self.site.as_ref().is_none_or(|of| of == site)
    }
}

impl Class {
    /// Whether a finding belongs to it; `status` as monitoring plugins number it.
    pub fn covers(&self, check: &str, status: i64) -> bool {
        let least = match self.status {
            Bad::Warning => 1,
            Bad::Critical => 2,
        };
        let is_of_area = |area: &String| check.split_once('.').is_some_and(|(of, _)| of == area);
        (least..=2).contains(&status)
            && self.check.as_ref().is_none_or(|of| of == check)
            && self.area.as_ref().is_none_or(is_of_area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_makes_no_sense_is_told_so() {
        let check = |json: &str, expected: &str| {
            let told = match serde_json::from_str::<Rule>(json) {
                Ok(rule) => rule
                    .validate()
                    .map_or_else(|refusal| refusal.to_string(), |()| String::new()),
                Err(error) => format!("json: {error}"),
            };
            assert!(
                told.starts_with(expected) && told.is_empty() == expected.is_empty(),
                "{told}"
            );
        };
        let with = |when: &str| format!(r#"{{"to": "second", "when": {when}}}"#);
        check(&with(r#"{"in_tier": {"minutes": 5}}"#), "");
        check(
            r#"{"at": "second", "to": "first", "when": {"reopened": {"times": 1}}}"#,
            "to: a rule hands on to a higher tier than second: one of third, supplier",
        );
        check(
            r#"{"at": "supplier", "to": "supplier", "when": {"reopened": {"times": 1}}}"#,
            "to: a rule hands on to a higher tier than supplier: nothing is above",
        );
        check(
            &with(r#"{"in_tier": {"minutes": 0}}"#),
            "when.in_tier.minutes: 0; between 1 and",
        );
        check(
            &with(r#"{"promise": {"measure": "tier", "percent": 501}}"#),
            "when.promise.percent: 501; between 1 and 500",
        );
        check(
            &with(r#"{"failed_actions": {"times": 101}}"#),
            "when.failed_actions.times: 101",
        );
        check(
            &with(r#"{"finding": {}}"#),
            "when.finding.check: it is missing",
        );
        check(
            &with(r#"{"finding": {"check": "a.b", "area": "a"}}"#),
            "when.finding.area: give a check or an area",
        );
        check(
            &with(r#"{"reopened": {"times": 1}, "in_tier": {"minutes": 1}}"#),
            "json: ",
        );
        check(&with(r#"{"age": {"minutes": 1}}"#), "json: unknown variant");
    }
}

//! The registry of actions: named remediations with typed parameters.
//!
//! An action is one file: what it is and how it is planned; a plan changes nothing. `apply.rs` is the one place
//! that does what plans say. To add one: the file, its `mod` line, its name in `ALL`. What the actions of an area share
//! is in a file named after it.

mod disk;
mod disk_clean;
mod disk_release_deleted;
mod logs_vacuum;
mod mount;
mod mount_mount;
mod mount_remount;
mod mount_unmount;
mod net;
mod net_dhcp_renew;
mod net_dns_flush;
mod net_dns_set;
mod net_hosts_remove;
mod net_interface_restart;
mod net_route_set;
mod packages_repair;
mod process;
mod process_renice;
mod process_terminate;
mod service;
mod service_enable;
mod service_restart;
mod service_start;
mod service_stop;
mod service_unmask;
mod time_sync;

use std::pin::Pin;
use std::time::Duration;

use sonde_proto::message::Lang;

use crate::apply;
use crate::finding::{Message, Text, name};
use crate::host::{Host, UNAVAILABLE_TEXTS, Unavailable, program};
use crate::plan::Plan;
use crate::policy;
use crate::text::{nearest, shown};
use crate::value::{self, Parameter, Value, WrongParameter};

pub const ALL: &[&Action] = &[
    &disk_clean::ACTION,
    &disk_release_deleted::ACTION,
    &logs_vacuum::ACTION,
    &mount_mount::ACTION,
    &mount_remount::ACTION,
    &mount_unmount::ACTION,
    &net_dhcp_renew::ACTION,
    &net_dns_flush::ACTION,
    &net_dns_set::ACTION,
    &net_hosts_remove::ACTION,
    &net_interface_restart::ACTION,
    &net_route_set::ACTION,
    &packages_repair::ACTION,
    &process_renice::ACTION,
    &process_terminate::ACTION,
    &service_enable::ACTION,
    &service_restart::ACTION,
    &service_start::ACTION,
    &service_stop::ACTION,
    &service_unmask::ACTION,
    &time_sync::ACTION,
];

/// A named remediation.
#[derive(Debug)]
pub struct Action {
    /// `area.thing`
    pub id: &'static str,
    /// Of its parameters and meaning; a change of them is a new version.
    pub version: u32,
    pub title_en: &'static str,
    pub title_fr: &'static str,
    pub class: Class,
    pub parameters: &'static [Parameter],
    /// Of its steps and refusals.
    pub texts: &'static [Text],
    /// Id of the check that proves it; empty: its steps prove themselves.
    pub verified_by: &'static str,
    /// How long after the last step that check tells the truth: a service may start and fall over at once.
    pub settle: Duration,
    pub can_undo: bool,
    /// User whose rights it needs.
    pub runs_as: &'static str,
    pub plan: Planner,
}

/// A plan to come.
pub type Planning<'a> = Pin<Box<dyn Future<Output = Result<Plan, Refusal>> + 'a>>;

/// Looks at the machine and says what would be done. It changes nothing.
#[derive(Clone, Copy)]
pub struct Planner(pub for<'a> fn(&'a Host, &'a Parameters) -> Planning<'a>);

impl std::fmt::Debug for Planner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Planner")
    }
}

/// How far an action reaches into the user's machine, and so who must agree (see `policy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Read,
    Private,
    /// Undoable or harmless.
    Repair,
    /// The user notices it.
    Disrupt,
    Control,
}

impl Class {
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Private,
        Self::Repair,
        Self::Disrupt,
        Self::Control,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Private => "private",
            Self::Repair => "repair",
            Self::Disrupt => "disrupt",
            Self::Control => "control",
        }
    }
}

/// What an action is to act on, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(pub Vec<(String, Value)>);

impl Parameters {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(of, _)| of == name)
            .map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_text).unwrap_or_default()
    }

    fn integer(&self, name: &str) -> i64 {
        self.get(name)
            .and_then(Value::as_integer)
            .unwrap_or_default()
    }

    fn truth(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_truth).unwrap_or_default()
    }
}

/// Why nothing is done. Its text is one of the action's, of `SHARED_TEXTS`, of `apply`'s or of the policy's.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal(pub Message);

impl Refusal {
    fn new(id: &'static str, arguments: Vec<sonde_proto::message::Argument>) -> Self {
        Self(Message::new(id, arguments))
    }
}

impl From<Unavailable> for Refusal {
    fn from(why: Unavailable) -> Self {
        Self(why.message())
    }
}

impl From<WrongParameter> for Refusal {
    fn from(wrong: WrongParameter) -> Self {
        Self::new(
            "wrong_parameter",
            vec![name("parameter", wrong.name), name("must", wrong.must)],
        )
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let own = ALL.iter().flat_map(|action| action.texts);
        f.write_str(&self.0.say(own.chain(shared_texts()), Lang::En))
    }
}

impl std::error::Error for Refusal {}

/// Texts that every action has, beside its own.
pub const SHARED_TEXTS: &[Text] = &[
    Text::technician(
        "wrong_parameter",
        "Parameter {parameter} {must}",
        "Paramètre {parameter} incorrect : {must}",
    ),
    Text::technician(
        "needs_user",
        "Needs the rights of {user}; this agent runs as another user",
        "Nécessite les droits de {user} ; cet agent s'exécute sous un autre utilisateur",
    ),
    Text::technician(
        "needs_program",
        "Needs the program {program}, which is not installed",
        "Nécessite le programme {program}, qui n'est pas installé",
    ),
];

fn shared_texts() -> impl Iterator<Item = &'static Text> {
    SHARED_TEXTS
        .iter()
        .chain(apply::TEXTS)
        .chain(policy::TEXTS)
        .chain(UNAVAILABLE_TEXTS)
}

/// An action that is not there, with those that are near.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("there is no action {id}; there are {}", near.join(", "))]
pub struct UnknownAction {
    pub id: String,
    pub near: Vec<String>,
}

/// The action called `id`.
pub fn find(id: &str) -> Result<&'static Action, UnknownAction> {
    ALL.iter()
        .copied()
        .find(|action| action.id == id)
        .ok_or_else(|| UnknownAction {
            id: shown(id),
            near: nearest(id, ALL.iter().map(|action| action.id)),
        })
}

impl Action {
    /// Holds the parameters against the declared ones, then plans. Changes nothing.
    pub async fn plan(&self, host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
        value::validate(self.id, self.parameters, &parameters.0)?;
        let mut plan = (self.plan.0)(host, parameters).await?;
        if self.runs_as == "root" && !host.is_root() {
            plan.lacks
                .push(Message::new("needs_user", vec![name("user", self.runs_as)]));
        }
        let missing = plan
            .programs()
            .filter(|program| program::find(program).is_none())
            .map(|program| Message::new("needs_program", vec![name("program", program)]))
            .collect::<Vec<_>>();
        plan.lacks.extend(missing);
        Ok(plan)
    }

    /// Its own texts and those that every action has.
    pub fn all_texts(&self) -> impl Iterator<Item = &'static Text> + use<> {
        self.texts.iter().chain(shared_texts())
    }

    /// `message` as a technician reads it.
    pub fn say(&self, message: &Message, lang: Lang) -> String {
        message.say(self.all_texts(), lang)
    }
}

#[cfg(test)]
pub(crate) mod shown_plans {
    //! Plans as text, for the actions' tests.

    use super::*;

    /// `words: exact strings` of each step, one a line; or the refusal.
    pub(crate) fn show(action: &Action, plan: &Result<Plan, Refusal>) -> String {
        let plan = match plan {
            Ok(plan) => plan,
            Err(refusal) => {
                refusal.0.audit(action.id, action.all_texts());
                let said = action.say(&refusal.0, Lang::En);
                return format!("refused: {}", said.replace('\u{a0}', " "));
            }
        };
        let lines = plan.steps.iter().map(|planned| {
            let back = planned.undo.as_deref().map(|back| &back.message);
            for message in [&planned.message].into_iter().chain(back) {
                message.audit(action.id, action.all_texts());
            }
            let words = action.say(&planned.message, Lang::En);
            let back = planned.undo.as_ref().map_or(String::new(), |back| {
                format!(" (back: {})", back.step.exact().join(" "))
            });
            format!("{words}: {}{back}", planned.step.exact().join(" "))
        });
        lines.collect::<Vec<_>>().join("\n").replace('\u{a0}', " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::plan::Step;
    use sonde_proto::message::names;

    #[test]
    fn every_action_is_listed_once_and_named_after_its_file() {
        // A file named after an area alone holds what the actions of it share.
        let mut files = crate::files_of("actions");
        let all = files.clone();
        files.retain(|file| !all.iter().any(|one| one.starts_with(&format!("{file}_"))));
        let ids = ALL
            .iter()
            .map(|action| action.id.replace(['.', '-'], "_"))
            .collect::<Vec<_>>();
        assert_eq!(ids, files);
    }

    #[test]
    fn what_proves_an_action_is_a_check_that_offers_it() {
        for action in ALL.iter().filter(|action| !action.verified_by.is_empty()) {
            let check = checks::find(action.verified_by).unwrap();
            assert!(check.remedies.contains(&action.id), "{}", action.id);
        }
    }

    #[tokio::test]
    async fn a_program_that_is_not_installed_is_lacking() {
        let plan_of = Planner(|_, _| {
            Box::pin(async {
                let step = Step::Run {
                    program: "sonde-no-such-program".into(),
                    arguments: Vec::new(),
                    deadline: Duration::ZERO,
                    outlives: false,
                };
                Ok(Plan::default().step(Message::default(), step))
            })
        });
        let action = Action {
            plan: plan_of,
            runs_as: "",
            ..net_dns_flush::ACTION
        };
        let tree = crate::host::recorded::Tree::new(&[]);
        let plan = action.plan(&tree.host(), &Parameters::default()).await;
        let lacks = plan.unwrap().lacks;
        let said = lacks.iter().map(|lack| action.say(lack, Lang::En));
        assert_eq!(
            said.collect::<Vec<_>>(),
            ["Needs the program sonde-no-such-program, which is not installed"]
        );
    }

    #[test]
    fn texts_and_parameters_are_there_in_both_languages() {
        for action in ALL {
            let mut ids = action.all_texts().map(|text| text.id).collect::<Vec<_>>();
            ids.sort_unstable();
            assert!(
                ids.is_sorted_by(|a, b| a < b),
                "{}: a text twice",
                action.id
            );
            for text in action.all_texts() {
                let sorted = |text| {
                    let mut names = names(text).collect::<Vec<_>>();
                    names.sort_unstable();
                    names
                };
                assert!(!text.en.is_empty() && !text.fr.is_empty());
                assert_eq!(
                    sorted(text.en),
                    sorted(text.fr),
                    "{} {}",
                    action.id,
                    text.id
                );
            }
            for parameter in action.parameters {
                let helped = !parameter.help_en.is_empty() && !parameter.help_fr.is_empty();
                assert!(helped, "{} {}", action.id, parameter.name);
            }
        }
    }

    #[test]
    fn an_unknown_action_gets_the_near_ones() {
        assert_eq!(
            find("net.dns-fluhs").unwrap_err().to_string(),
            "there is no action net.dns-fluhs; there are net.dns-flush"
        );
    }

    #[tokio::test]
    async fn parameters_are_held_against_their_declaration() {
        let host = crate::host::recorded::Tree::new(&[]).host();
        let refused = async |given: &[(&str, Value)]| {
            let given = given
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            let plan = service_restart::ACTION
                .plan(&host, &Parameters(given))
                .await;
            plan.unwrap_err().to_string()
        };
        for hostile in ["a;reboot", "../x.service", "", "--now", "a b", "a\nb"] {
            let said = refused(&[("unit", Value::from(hostile))]).await;
            assert_eq!(
                said, "Parameter unit must be the name of a service",
                "{hostile:?}"
            );
        }
        assert!(refused(&[]).await.starts_with("Parameter unit is missing"));
        assert!(
            refused(&[("unit", Value::Integer(1))])
                .await
                .contains("must be a text")
        );
    }
}

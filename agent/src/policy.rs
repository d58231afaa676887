//! What may ever run on this device, whatever the collector says.

use std::collections::BTreeMap;

use serde::Deserialize;
use sonde_proto::v1::ConsentNeed;

use crate::actions::{self, Action, Class, Parameters, Refusal};
use crate::finding::{Message, Text, name};

/// Where it is looked for unless told otherwise.
pub const FILE: &str = "/etc/sonde/policy.toml";

/// The commented default, in the form that it is read in.
pub const DEFAULT: &str = r#"# What may run on this device. Each class: "allow", "consent" or "off".

[classes]
# Checks, facts, metrics.
read = "allow"
# Process arguments, logs, files; logs and files below `private.paths` only.
private = "allow"
# What is undoable or harmless: service.restart, net.dns-flush, disk.clean.
repair = "allow"
# What the user notices: process.terminate, restarts, packages.
disrupt = "consent"
# Shell, placing files, software sources, accounts.
control = "off"

# One action otherwise than its class.
[actions]
# "service.restart" = "off"

[private]
paths = ["/var/log", "/run/log", "/etc"]

[consent]
# A technician may record the user's consent for what disrupts; never for what controls.
recorded_by_technician = true
"#;

/// Texts of the refusals.
pub const TEXTS: &[Text] = &[
    Text::technician(
        "policy_off",
        "This device's policy does not allow it: {line}",
        "La politique de cet appareil ne le permet pas : {line}",
    ),
    Text::technician(
        "policy_consent",
        "This device's policy wants the user's consent first: {line}",
        "La politique de cet appareil exige d'abord l'accord de l'utilisateur : {line}",
    ),
    Text::technician(
        "policy_recorded",
        "This device's policy wants the consent from the user, not from a technician on the user's behalf: {line}",
        "La politique de cet appareil exige l'accord de l'utilisateur lui-même, pas celui d'un technicien en son nom : {line}",
    ),
    Text::technician(
        "policy_path",
        "{path} lies below none of the folders that this device's policy opens: {line}",
        "{path} n'est dans aucun des dossiers ouverts par la politique de cet appareil : {line}",
    ),
];

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    Allow,
    /// The user is asked every time.
    Consent,
    Off,
}

impl Rule {
    fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Consent => "consent",
            Self::Off => "off",
        }
    }
}

/// How the user has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Themselves: on the device, or on their page of the collector.
    ByUser,
    /// To a technician, who has recorded it.
    RecordedByTechnician,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    classes: Classes,
    actions: BTreeMap<String, Rule>,
    private: Private,
    consent: ConsentRules,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Classes {
    read: Rule,
    private: Rule,
    repair: Rule,
    disrupt: Rule,
    control: Rule,
}

impl Default for Classes {
    fn default() -> Self {
        Self {
            read: Rule::Allow,
            private: Rule::Allow,
            repair: Rule::Allow,
            disrupt: Rule::Consent,
            control: Rule::Off,
        }
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Private {
    paths: Vec<String>,
}

impl Default for Private {
    fn default() -> Self {
        Self {
            paths: ["/var/log", "/run/log", "/etc"].map(Into::into).to_vec(),
        }
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct ConsentRules {
    recorded_by_technician: bool,
}

impl Default for ConsentRules {
    fn default() -> Self {
        Self {
            recorded_by_technician: true,
        }
    }
}

/// A policy that is not one, by key.
#[derive(Debug, thiserror::Error)]
pub enum WrongPolicy {
    #[error("{}", .0.to_string().trim_end())]
    Form(Box<toml::de::Error>),
    #[error("actions: {0}")]
    Action(#[from] actions::UnknownAction),
    #[error("actions.{id}: control is either off or wants consent, it cannot be allowed")]
    Allowed { id: String },
    #[error("classes.control: control is either off or wants consent, it cannot be allowed")]
    ControlAllowed,
    #[error("private.paths: {path} is not an absolute path")]
    Relative { path: String },
}

impl Policy {
    /// From TOML. What is left out has its default; what is not known is an error.
    pub fn from_toml(text: &str) -> Result<Self, WrongPolicy> {
        let policy: Self =
            toml::from_str(text).map_err(|error| WrongPolicy::Form(Box::new(error)))?;
        if policy.classes.control == Rule::Allow {
            return Err(WrongPolicy::ControlAllowed);
        }
        for (id, rule) in &policy.actions {
            let action = actions::find(id)?;
            if action.class == Class::Control && *rule == Rule::Allow {
                return Err(WrongPolicy::Allowed { id: id.clone() });
            }
        }
        let is_absolute = |path: &&String| path.starts_with('/') && !path.contains("/..");
        if let Some(path) = policy.private.paths.iter().find(|path| !is_absolute(path)) {
            return Err(WrongPolicy::Relative { path: path.clone() });
        }
        Ok(policy)
    }

    /// Whether `action` may run now. The refusal names the line that refuses. The parameters are there for rules
    /// that look at them; none does yet.
    pub fn permits(
        &self,
        action: &Action,
        _parameters: &Parameters,
        consent: Option<Consent>,
    ) -> Result<(), Refusal> {
        match self.actions.get(action.id) {
            Some(rule) => {
                let key = format!("actions.\"{}\"", action.id);
                self.judge(*rule, &key, action.class, consent)
            }
            None => self.permits_class(action.class, consent),
        }
    }

    /// What an action wants before it may be done.
    pub fn need(&self, action: &Action, parameters: &Parameters) -> ConsentNeed {
        let enough = [
            (None, ConsentNeed::None),
            (Some(Consent::RecordedByTechnician), ConsentNeed::Any),
            (Some(Consent::ByUser), ConsentNeed::User),
        ];
        let mut enough = enough.into_iter();
        let least = enough.find(|(consent, _)| self.permits(action, parameters, *consent).is_ok());
        least.map_or(ConsentNeed::Vain, |(_, need)| need)
    }

    /// Whether what belongs to `class` may be done now.
    pub fn permits_class(&self, class: Class, consent: Option<Consent>) -> Result<(), Refusal> {
        let key = format!("classes.{}", class.word());
        self.judge(self.rule(class), &key, class, consent)
    }

    /// Whether a file or folder may be read: it is one of the listed folders, or lies below. Links are the reader's to refuse.
    pub fn permits_path(&self, path: &str, consent: Option<Consent>) -> Result<(), Refusal> {
        self.permits_class(Class::Private, consent)?;
        let below = |folder: &String| {
            path.strip_prefix(folder.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_plain = path.split('/').all(|part| part != "..");
        if is_plain && self.private.paths.iter().any(below) {
            return Ok(());
        }
        let line = format!("private.paths = {:?}", self.private.paths);
        Err(Refusal(Message::new(
            "policy_path",
            vec![name("path", path), name("line", line)],
        )))
    }

    fn rule(&self, class: Class) -> Rule {
        match class {
            Class::Read => self.classes.read,
            Class::Private => self.classes.private,
            Class::Repair => self.classes.repair,
            Class::Disrupt => self.classes.disrupt,
            Class::Control => self.classes.control,
        }
    }

    fn judge(
        &self,
        rule: Rule,
        key: &str,
        class: Class,
        consent: Option<Consent>,
    ) -> Result<(), Refusal> {
        let refused = |id, line: String| Err(Refusal(Message::new(id, vec![name("line", line)])));
        let line = format!("{key} = \"{}\"", rule.word());
        match (rule, consent) {
            (Rule::Allow, _) | (Rule::Consent, Some(Consent::ByUser)) => Ok(()),
            (Rule::Off, _) => refused("policy_off", line),
            (Rule::Consent, None) => refused("policy_consent", line),
            (Rule::Consent, Some(Consent::RecordedByTechnician)) if class == Class::Control => {
                refused("policy_recorded", line)
            }
            (Rule::Consent, Some(Consent::RecordedByTechnician))
                if !self.consent.recorded_by_technician =>
            {
                refused(
                    "policy_recorded",
                    "consent.recorded_by_technician = false".into(),
                )
            }
            (Rule::Consent, Some(Consent::RecordedByTechnician)) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: &str, action: &str, consent: Option<Consent>, expected: &str) {
        let action = actions::find(action).unwrap();
        let permitted =
            Policy::from_toml(policy)
                .unwrap()
                .permits(action, &Parameters::default(), consent);
        let said = permitted.map_or_else(|refusal| refusal.to_string(), |()| "permitted".into());
        assert!(said.ends_with(expected), "{said}");
    }

    #[test]
    fn the_default_is_what_is_printed() {
        assert_eq!(Policy::from_toml(DEFAULT).unwrap(), Policy::default());
        assert_eq!(Policy::from_toml("").unwrap(), Policy::default());
    }

    #[test]
    fn what_is_needed_is_the_least_that_is_enough() {
        let need = |policy: &str, action: &str| {
            let action = actions::find(action).unwrap();
            Policy::from_toml(policy)
                .unwrap()
                .need(action, &Parameters::default())
        };
        assert_eq!(need("", "service.restart"), ConsentNeed::None);
        assert_eq!(need("", "process.terminate"), ConsentNeed::Any);
        let own = "[consent]\nrecorded_by_technician = false";
        assert_eq!(need(own, "process.terminate"), ConsentNeed::User);
        let allowed = "[classes]\ndisrupt = \"allow\"\nrepair = \"off\"";
        assert_eq!(need(allowed, "process.terminate"), ConsentNeed::None);
        assert_eq!(need(allowed, "service.restart"), ConsentNeed::Vain);
        let one = "[actions]\n\"service.restart\" = \"consent\"";
        assert_eq!(need(one, "service.restart"), ConsentNeed::Any);
    }

    #[test]
    fn classes_hold_after_a_plain_enrolment() {
        check("", "service.restart", None, "permitted");
        check(
            "",
            "process.terminate",
            None,
            "consent first: classes.disrupt = \"consent\"",
        );
        check(
            "",
            "process.terminate",
            Some(Consent::RecordedByTechnician),
            "permitted",
        );
        let default = Policy::default();
        for consent in [
            None,
            Some(Consent::ByUser),
            Some(Consent::RecordedByTechnician),
        ] {
            assert!(default.permits_class(Class::Control, consent).is_err());
        }
    }

    #[test]
    fn a_refusal_names_its_line() {
        check(
            "[actions]\n\"service.restart\" = \"off\"\n",
            "service.restart",
            Some(Consent::ByUser),
            "does not allow it: actions.\"service.restart\" = \"off\"",
        );
        check(
            "[consent]\nrecorded_by_technician = false\n",
            "process.terminate",
            Some(Consent::RecordedByTechnician),
            ": consent.recorded_by_technician = false",
        );
    }

    #[test]
    fn control_wants_the_user_every_time() {
        let policy = Policy::from_toml("[classes]\ncontrol = \"consent\"\n").unwrap();
        let permits = |consent| policy.permits_class(Class::Control, consent).is_ok();
        assert!(permits(Some(Consent::ByUser)));
        assert!(!permits(Some(Consent::RecordedByTechnician)));
        assert!(!permits(None));
    }

    #[test]
    fn what_is_no_policy_is_named() {
        let said = |text| Policy::from_toml(text).unwrap_err().to_string();
        assert!(said("[classes]\nreed = \"off\"\n").contains("unknown field `reed`"));
        assert!(said("[classes]\nread = \"maybe\"\n").contains("unknown variant `maybe`"));
        assert!(said("[actions]\n\"disk.claen\" = \"off\"\n").contains("disk.clean"));
        assert!(said("[classes]\ncontrol = \"allow\"\n").starts_with("classes.control"));
        assert!(said("[private]\npaths = [\"etc\"]\n").starts_with("private.paths"));
    }

    #[test]
    fn files_lie_below_listed_folders() {
        let policy = Policy::default();
        let permits = |path| policy.permits_path(path, None).is_ok();
        assert!(permits("/var/log/syslog"));
        assert!(!permits("/var/logs"));
        assert!(permits("/var/log"));
        assert!(!permits("/var/log/../../home/ana/x"));
    }
}

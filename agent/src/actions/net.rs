//! What the actions share that change how this device reaches its collector.

use std::time::Duration;

use crate::finding::name;
use crate::plan::Step;
use crate::value::{Parameter, Rule};

/// How long the collector may take to be heard again, before everything is taken back.
pub(super) const HEARD_WITHIN: Duration = Duration::from_secs(60);
/// A manager may have to find a network first.
const DEADLINE: Duration = Duration::from_secs(90);
/// IFNAMSIZ, without the byte that ends it (netdevice(7)).
const LONGEST_NAME: u32 = 15;

pub(super) const INTERFACE: Parameter = Parameter {
    name: "interface",
    required: true,
    help_en: "name of the interface",
    help_fr: "nom de l'interface",
    longest: LONGEST_NAME,
    rule: Some(Rule {
        must: "the name of an interface",
        holds: is_interface,
    }),
    ..Parameter::PLAIN
};

/// As the kernel takes it (net/core/dev.c: dev_valid_name), and no option.
fn is_interface(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '.'])
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.@+".contains(&b))
}

/// Of an interface by its name.
pub(super) fn of(interface: &str) -> Vec<sonde_proto::message::Argument> {
    vec![name("interface", interface)]
}

pub(super) fn run(program: &str, arguments: &[&str]) -> Step {
    Step::Run {
        program: program.into(),
        arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
        deadline: DEADLINE,
        // A daemon does it, and goes on when who has asked is ended.
        outlives: true,
    }
}

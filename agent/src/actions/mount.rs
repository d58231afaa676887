//! What the actions on mounts share.

use std::time::Duration;

use sonde_proto::message::Argument;

use crate::finding::{Text, name};
use crate::host::{Filesystem, Host};
use crate::plan::Step;
use crate::value::{Parameter, Rule};

use super::{Parameters, Refusal};

/// A journal may have to be replayed, a server to be found.
const DEADLINE: Duration = Duration::from_secs(90);

pub(super) const MOUNT: Parameter = Parameter {
    name: "mount",
    required: true,
    help_en: "the folder that it is mounted on",
    help_fr: "le dossier sur lequel il est monté",
    longest: 4096,
    rule: Some(Rule {
        must: "an absolute path",
        holds: is_path,
    }),
    ..Parameter::PLAIN
};

/// An absolute one in the form that the kernel has it in.
fn is_path(text: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    let below = text.strip_prefix('/');
    !text.contains(char::is_control)
        && below.is_some_and(|below| below.is_empty() || below.split('/').all(plain))
}

pub(super) const NOT_MOUNTED: Text = Text::technician(
    "not_mounted",
    "Nothing is mounted on {mount}",
    "Rien n'est monté sur {mount}",
);
pub(super) const MOUNT_IT: Text = Text {
    id: "mount",
    en: "Mount {source} on {mount}, as /etc/fstab says",
    fr: "Monter {source} sur {mount}, comme l'indique /etc/fstab",
    user_en: "A disk or a shared folder is made available.",
    user_fr: "Un disque ou un dossier partagé est rendu accessible.",
};
pub(super) const UNMOUNT_IT: Text = Text {
    id: "unmount",
    en: "Unmount {source} from {mount}",
    fr: "Démonter {source} de {mount}",
    user_en: "A disk or a shared folder is taken away.",
    user_fr: "Un disque ou un dossier partagé est retiré.",
};

/// The mount that is meant.
pub(super) fn asked(parameters: &Parameters) -> &str {
    parameters.text("mount")
}

pub(super) fn of(mount: &str) -> Vec<Argument> {
    vec![name("mount", mount)]
}

pub(super) fn of_source(source: &str, mount: &str) -> Vec<Argument> {
    vec![name("source", source), name("mount", mount)]
}

/// What is mounted there now.
pub(super) fn find(host: &Host, mount: &str) -> Result<Filesystem, Refusal> {
    let mut mounted = host.filesystems()?.into_iter();
    let found = mounted.find(|fs| fs.mount == mount);
    found.ok_or_else(|| Refusal::new("not_mounted", of(mount)))
}

/// Mounts as /etc/fstab says (mount(8)): the folder alone is named.
pub(super) fn mount(mount: &str) -> Step {
    run("mount", &["--target", mount])
}

pub(super) fn unmount(mount: &str) -> Step {
    run("umount", &["--", mount])
}

pub(super) fn remount(how: &str, mount: &str) -> Step {
    run("mount", &["--options", how, "--target", mount])
}

fn run(program: &str, arguments: &[&str]) -> Step {
    Step::Run {
        program: program.into(),
        arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
        deadline: DEADLINE,
        outlives: false,
    }
}

#[test]
fn only_a_path_as_the_kernel_has_it_is_one() {
    for path in ["/", "/srv", "/my disk/été", "/a;reboot"] {
        assert!(is_path(path), "{path}");
    }
    for other in [
        "",
        "srv",
        "//srv",
        "/srv/",
        "/srv/../etc",
        "/./srv",
        "/a\nb",
        "--all",
    ] {
        assert!(!is_path(other), "{other:?}");
    }
}

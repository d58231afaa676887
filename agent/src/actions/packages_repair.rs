//! Finishes the installation of packages that failed or was cut off.

use std::time::Duration;

use crate::facts::{broken_packages, package_repair};
use crate::finding::{Message, Text, name};
use crate::host::{Host, PackageChange, PackageDeed, Unavailable};
use crate::plan::{Plan, Step};

use super::{Action, Class, Planner, Refusal};

/// Packages may build what they need, and be large.
const DEADLINE: Duration = Duration::from_secs(1800);
/// Names in one sentence.
const MOST_NAMES: usize = 40;
/// dpkg(1): of a changed file of configuration the one that is there stays.
const KEEP: [&str; 2] = ["--force-confdef", "--force-confold"];

pub(super) const ACTION: Action = Action {
    id: "packages.repair",
    version: 1,
    title_en: "Finish what is half installed",
    title_fr: "Terminer les installations inachevées",
    class: Class::Disrupt,
    parameters: &[],
    texts: &[
        Text {
            id: "configure",
            en: "Finish the installation of {packages}",
            fr: "Terminer l'installation de {packages}",
            user_en: "A program that was not completely installed is finished.",
            user_fr: "L'installation incomplète d'un programme est terminée.",
        },
        Text {
            id: "install",
            en: "Install {missing} from the repositories of this machine, and finish the installation of {packages}",
            fr: "Installer {missing} depuis les dépôts de cette machine, et terminer l'installation de {packages}",
            user_en: "What a program lacks is installed.",
            user_fr: "Ce qui manque à un programme est installé.",
        },
        Text::technician(
            "whole",
            "All packages are completely installed",
            "Tous les paquets sont complètement installés",
        ),
        Text::technician(
            "would_remove",
            "{packages} would have to be removed: that is for somebody to decide",
            "Il faudrait supprimer {packages} : c'est à quelqu'un d'en décider",
        ),
        Text::technician(
            "at_work",
            "{process} (process {pid}) is working on packages now",
            "{process} (processus {pid}) travaille en ce moment sur les paquets",
        ),
    ],
    verified_by: "os.packages-broken",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, _| Box::pin(look_and_plan(host))),
};

async fn look_and_plan(host: &Host) -> Result<Plan, Refusal> {
    let broken = broken_packages::ask(host).await?;
    if let Some(lock) = host.package_lock()? {
        let pid = name("pid", lock.pid.to_string());
        let said = vec![name("process", lock.process), pid];
        return Err(Refusal::new("at_work", said));
    }
    let changes = match package_repair::ask(host).await {
        // dpkg alone may do.
        Err(Unavailable::Absent { .. }) => Vec::new(),
        changes => changes?,
    };
    plan(&broken, &changes)
}

/// `broken`: names and states; `changes`: what apt would do.
fn plan(broken: &[(String, String)], changes: &[PackageChange]) -> Result<Plan, Refusal> {
    let to = |deed| {
        let names = changes.iter().filter(|change| change.deed == deed);
        names.map(|change| change.name.as_str()).collect::<Vec<_>>()
    };
    let said = |of: &'static str, names: &[&str]| {
        let mut shown = names[..names.len().min(MOST_NAMES)].join(", ");
        if names.len() > MOST_NAMES {
            shown.push_str(", …");
        }
        name(of, shown)
    };
    if broken.is_empty() {
        return Err(Refusal::new("whole", vec![]));
    }
    let removed = to(PackageDeed::Remove);
    if !removed.is_empty() {
        return Err(Refusal::new(
            "would_remove",
            vec![said("packages", &removed)],
        ));
    }
    let names: Vec<&str> = broken.iter().map(|(name, _)| name.as_str()).collect();
    let names = said("packages", &names);
    let run = |program: &str, arguments: Vec<String>| Step::Run {
        program: program.into(),
        arguments,
        deadline: DEADLINE,
        outlives: false,
    };
    let missing = to(PackageDeed::Install);
    Ok(if missing.is_empty() {
        let then = ["--configure", "--pending"];
        let arguments = KEEP.iter().chain(&then).map(|one| (*one).to_owned());
        Plan::default().step(
            Message::new("configure", vec![names]),
            run("dpkg", arguments.collect()),
        )
    } else {
        let keep = KEEP.map(|option| format!("--option=Dpkg::Options::={option}"));
        // What it would have to remove since then, it leaves alone and fails.
        let then = ["--yes", "--no-remove", "--fix-broken", "install"].map(str::to_owned);
        Plan::default().step(
            Message::new("install", vec![said("missing", &missing), names]),
            run("apt-get", keep.into_iter().chain(then).collect()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(broken: &[&str], changes: &[(PackageDeed, &str)], expected: &str) {
        let broken = broken
            .iter()
            .map(|name| ((*name).to_owned(), "unpacked".to_owned()));
        let changes = changes.iter().map(|(deed, name)| PackageChange {
            deed: *deed,
            name: (*name).to_owned(),
        });
        let plan = plan(&broken.collect::<Vec<_>>(), &changes.collect::<Vec<_>>());
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn nothing_is_removed_and_nothing_done_without_need() {
        check(&[], &[], "refused: All packages are completely installed");
        check(
            &["labels"],
            &[
                (PackageDeed::Install, "libfoo"),
                (PackageDeed::Remove, "labels"),
            ],
            "refused: labels would have to be removed: that is for somebody to decide",
        );
    }

    #[test]
    fn what_only_waits_is_configured_and_what_lacks_something_gets_it() {
        check(
            &["labels", "paper"],
            &[(PackageDeed::Configure, "labels")],
            "Finish the installation of labels, paper: dpkg --force-confdef --force-confold --configure --pending",
        );
        check(
            &["labels"],
            &[
                (PackageDeed::Install, "libfoo"),
                (PackageDeed::Configure, "labels"),
            ],
            "Install libfoo from the repositories of this machine, and finish the installation of labels: apt-get \
             --option=Dpkg::Options::=--force-confdef --option=Dpkg::Options::=--force-confold --yes --no-remove \
             --fix-broken install",
        );
    }
}

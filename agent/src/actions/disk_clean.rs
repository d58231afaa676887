//! Removes what system caches hold and can be had again.

use std::time::Duration;

use crate::facts::cache_files;
use crate::finding::Text;
use crate::host::{CacheFile, Host};
use crate::plan::Plan;

use super::{Action, Class, Planner, Refusal, disk};

pub(super) const ACTION: Action = Action {
    id: "disk.clean",
    version: 1,
    title_en: "Clear system caches",
    title_fr: "Vider les caches du système",
    class: Class::Repair,
    parameters: &[],
    texts: &[
        Text {
            user_en: "Files that can be had again are removed; none of yours.",
            user_fr: "Des fichiers qui peuvent être récupérés sont supprimés ; aucun des vôtres.",
            ..disk::REMOVE
        },
        Text::technician(
            "nothing",
            "The system's caches hold nothing to remove",
            "Les caches du système ne contiennent rien à supprimer",
        ),
    ],
    verified_by: "disk.space",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, _| Box::pin(look_and_plan(host))),
};

async fn look_and_plan(host: &Host) -> Result<Plan, Refusal> {
    plan(cache_files::ask(host).await?)
}

fn plan(files: Vec<CacheFile>) -> Result<Plan, Refusal> {
    let plan = disk::remove(files);
    match plan.steps.as_slice() {
        [] => Err(Refusal::new("nothing", vec![])),
        _ => Ok(plan),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    fn file(root: &str, path: &str, mib: u64) -> CacheFile {
        CacheFile {
            root: root.into(),
            path: path.into(),
            bytes: mib << 20,
            ..CacheFile::default()
        }
    }

    #[test]
    fn paths_and_bytes_are_listed() {
        let files = vec![
            file("/var/cache/apt/archives", "a.deb", 2),
            file("/var/cache/dnf", "c.rpm", 8),
            file("/var/cache/apt/archives", "b.deb", 3),
        ];
        assert_eq!(
            show(&ACTION, &plan(files)),
            "Remove 2 files (5 MiB) from /var/cache/apt/archives: \
             /var/cache/apt/archives/b.deb /var/cache/apt/archives/a.deb\n\
             Remove 1 files (8 MiB) from /var/cache/dnf: /var/cache/dnf/c.rpm"
        );
    }

    #[test]
    fn nothing_to_remove_is_a_refusal() {
        assert_eq!(
            show(&ACTION, &plan(Vec::new())),
            "refused: The system's caches hold nothing to remove"
        );
    }
}

//! Removes what system caches hold and can be had again.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::facts::cache_files;
use crate::finding::{Message, Text, bytes, count, name};
use crate::host::{CacheFile, Host};
use crate::plan::{File, MOST_EXACT, Plan, Step};
use crate::value::Parameter;

use super::{Action, Class, Parameters, Planner, Refusal};

/// Files of one plan, the largest first; with their paths the plan must fit into one message. What is left is for
/// another run.
const MOST_FILES: usize = 400;
/// Bytes of all their paths.
const MOST_PATH_BYTES: usize = 40 << 10;

pub(super) const ACTION: Action = Action {
    id: "disk.clean",
    version: 1,
    title_en: "Clear system caches",
    title_fr: "Vider les caches du système",
    class: Class::Repair,
    parameters: &[Parameter {
        name: "cache",
        help_en: "which caches: downloaded packages, old journal files, or both when left out",
        help_fr: "quels caches : paquets téléchargés, anciens journaux, ou les deux si omis",
        choices: &["packages", "journal"],
        ..Parameter::PLAIN
    }],
    texts: &[
        Text {
            id: "remove",
            en: "Remove {files} files ({size}) from {folder}",
            fr: "Supprimer {files} fichiers ({size}) de {folder}",
            user_en: "Files that can be had again are removed; none of yours.",
            user_fr: "Des fichiers qui peuvent être récupérés sont supprimés ; aucun des vôtres.",
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
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let files = cache_files::ask(host).await?;
    plan(files, parameters.text("cache"))
}

fn plan(mut files: Vec<CacheFile>, cache: &str) -> Result<Plan, Refusal> {
    files.retain(|file| match cache {
        "journal" => file.root == "/var/log/journal",
        "packages" => file.root != "/var/log/journal",
        _ => true,
    });
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let mut path_bytes = 0;
    let mut by_root = BTreeMap::<String, Vec<File>>::new();
    for file in files.into_iter().take(MOST_FILES) {
        path_bytes += file.root.len() + file.path.len() + 8;
        if path_bytes > MOST_PATH_BYTES {
            break;
        }
        by_root.entry(file.root).or_default().push(File {
            path: file.path,
            bytes: file.bytes,
            device: file.device,
            inode: file.inode,
        });
    }
    if by_root.is_empty() {
        return Err(Refusal::new("nothing", vec![]));
    }
    let mut plan = Plan::default();
    for (root, files) in by_root {
        for part in files.chunks(MOST_EXACT) {
            let words = vec![
                count("files", part.len() as u64),
                bytes("size", part.iter().map(|file| file.bytes).sum()),
                name("folder", &root),
            ];
            plan = plan.step(
                Message::new("remove", words),
                Step::RemoveFiles {
                    root: root.clone(),
                    files: part.to_vec(),
                },
            );
        }
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;
    use crate::plan::MOST_STEPS;

    fn file(root: &str, path: &str, mib: u64) -> CacheFile {
        CacheFile {
            root: root.into(),
            path: path.into(),
            bytes: mib << 20,
            ..CacheFile::default()
        }
    }

    #[track_caller]
    fn check(cache: &str, expected: &str) {
        let files = vec![
            file("/var/cache/apt/archives", "a.deb", 2),
            file("/var/log/journal", "id/system@1.journal", 8),
            file("/var/cache/apt/archives", "b.deb", 3),
        ];
        assert_eq!(show(&ACTION, &plan(files, cache)), expected);
    }

    #[test]
    fn paths_and_bytes_are_listed() {
        check(
            "",
            "Remove 2 files (5 MiB) from /var/cache/apt/archives: \
             /var/cache/apt/archives/b.deb /var/cache/apt/archives/a.deb\n\
             Remove 1 files (8 MiB) from /var/log/journal: /var/log/journal/id/system@1.journal",
        );
        check(
            "journal",
            "Remove 1 files (8 MiB) from /var/log/journal: /var/log/journal/id/system@1.journal",
        );
    }

    #[test]
    fn nothing_to_remove_is_a_refusal() {
        assert_eq!(
            show(&ACTION, &plan(Vec::new(), "")),
            "refused: The system's caches hold nothing to remove"
        );
    }

    #[test]
    fn a_plan_fits_into_one_message() {
        let files = (0..5000)
            .map(|n| {
                file(
                    "/var/cache/apt/archives",
                    &format!("{n}{}", "x".repeat(100)),
                    1,
                )
            })
            .collect();
        let plan = plan(files, "").unwrap();
        assert!(plan.steps.len() <= MOST_STEPS);
        let exact = plan.steps.iter().map(|step| step.step.exact());
        let exact = exact.collect::<Vec<_>>();
        assert!(exact.iter().all(|step| step.len() <= MOST_EXACT));
        let bytes = exact
            .iter()
            .flatten()
            .map(|path| path.len() + 4)
            .sum::<usize>();
        assert!(bytes < sonde_proto::caps::REPORT_BYTES, "{bytes}");
    }
}

//! Removes what system caches hold and can be had again.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::facts::cache_files;
use crate::finding::{Message, Text, bytes, count, name};
use crate::host::{CacheFile, Host};
use crate::plan::{EXACT_BYTES, File, MOST_EXACT, Plan, Step, exact_bytes};

use super::{Action, Class, Planner, Refusal};

/// Files of one plan, the largest first; all their paths are shown. What is left is for another run.
const MOST_FILES: usize = 400;

pub(super) const ACTION: Action = Action {
    id: "disk.clean",
    version: 1,
    title_en: "Clear system caches",
    title_fr: "Vider les caches du système",
    class: Class::Repair,
    parameters: &[],
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
    plan: Planner(|host, _| Box::pin(look_and_plan(host))),
};

async fn look_and_plan(host: &Host) -> Result<Plan, Refusal> {
    plan(cache_files::ask(host).await?)
}

fn plan(mut files: Vec<CacheFile>) -> Result<Plan, Refusal> {
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let mut room = EXACT_BYTES;
    let mut by_root = BTreeMap::<String, Vec<File>>::new();
    for file in files.into_iter().take(MOST_FILES) {
        let Some(left) = room.checked_sub(exact_bytes(&file.root) + exact_bytes(&file.path)) else {
            break;
        };
        room = left;
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

    #[test]
    fn no_file_is_removed_that_the_plan_does_not_show() {
        let files = (0..5000).map(|n| {
            let path = format!("{n}{}", "x".repeat(100));
            file("/var/cache/apt/archives", &path, 1)
        });
        let plan = plan(files.collect()).unwrap();
        let exact = plan.steps.iter().map(|step| step.step.exact());
        let exact = exact.collect::<Vec<_>>();
        assert!(exact.iter().all(|step| step.len() <= MOST_EXACT));
        let bytes = exact.iter().flatten().map(|path| exact_bytes(path));
        let bytes = bytes.sum::<usize>();
        assert!(
            (EXACT_BYTES * 9 / 10..=EXACT_BYTES).contains(&bytes),
            "{bytes}"
        );
    }
}

//! What the actions that remove files share.

use std::collections::BTreeMap;

use crate::finding::{Message, Text, bytes, count, name};
use crate::host::CacheFile;
use crate::plan::{EXACT_BYTES, File, MOST_EXACT, Plan, Step, exact_bytes};

/// Files of one plan.
const MOST_FILES: usize = 400;

pub(super) const REMOVE: Text = Text::technician(
    "remove",
    "Remove {files} files ({size}) from {folder}",
    "Supprimer {files} fichiers ({size}) de {folder}",
);

/// The removal of files, the largest first; all their paths are shown. What there is no room for is for another run.
pub(super) fn remove(mut files: Vec<CacheFile>) -> Plan {
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
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_removed_that_the_plan_does_not_show() {
        let files = (0..5000).map(|n| {
            let path = format!("{n}{}", "x".repeat(100));
            CacheFile {
                root: "/var/cache/apt/archives".into(),
                path,
                bytes: 1 << 20,
                ..CacheFile::default()
            }
        });
        let plan = remove(files.collect());
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

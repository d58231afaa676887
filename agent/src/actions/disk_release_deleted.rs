//! Empties deleted files that a process still has open, so that their room is free at once.

use std::collections::HashSet;
use std::time::Duration;

use crate::facts::held_files;
use crate::finding::{Message, Text, bytes, name};
use crate::host::{Filesystem, HeldFile, Host, Process};
use crate::plan::{File, Plan, Step};

use super::{Action, Class, Parameters, Planner, Refusal, process};

/// Smaller ones are left alone.
const ENOUGH_BYTES: u64 = 1 << 20;
/// Files of one plan, the largest first.
const MOST_FILES: usize = 64;

pub(super) const ACTION: Action = Action {
    id: "disk.release-deleted",
    version: 1,
    title_en: "Empty deleted files that a process holds open",
    title_fr: "Vider les fichiers supprimés qu'un processus garde ouverts",
    class: Class::Disrupt,
    parameters: &[process::PID, process::STARTED_AT],
    texts: process::texts![
        Text {
            id: "release",
            en: "Empty {path} ({size}), which is deleted and which {process} (process {pid}) has open; what it still \
                 wants to read there is lost",
            fr: "Vider {path} ({size}), fichier supprimé que {process} (processus {pid}) garde ouvert ; ce qu'il veut \
                 encore y lire est perdu",
            user_en: "A deleted file that {process} still uses is emptied.",
            user_fr: "Un fichier supprimé que {process} utilise encore est vidé.",
        },
        Text::technician(
            "holds_none",
            "{process} (process {pid}) holds no deleted file of 1 MiB or more on a file system",
            "{process} (processus {pid}) ne garde aucun fichier supprimé d'au moins 1 Mio sur un système de fichiers",
        ),
        Text::technician(
            "in_memory",
            "{path} is in the memory of a process, which would be ended by it: end {process} (process {pid}) instead",
            "{path} est dans la mémoire d'un processus, qui serait arrêté par là : terminez plutôt {process} (processus {pid})",
        ),
    ],
    verified_by: "disk.deleted-open",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let process = process::look_for(host, parameters)?;
    let held = held_files::ask(host, process.pid).await?;
    plan(&process, held, &host.filesystems()?)
}

fn plan(
    process: &Process,
    mut held: Vec<HeldFile>,
    filesystems: &[Filesystem],
) -> Result<Plan, Refusal> {
    let of = || {
        vec![
            name("process", &process.name),
            name("pid", process.pid.to_string()),
        ]
    };
    // What a program has in memory alone lies on none of them.
    let short = filesystems.iter().filter(|fs| fs.can_fill());
    let short: HashSet<(u32, u32)> = short.map(|fs| fs.device).collect();
    held.retain(|file| file.bytes >= ENOUGH_BYTES && short.contains(&file.numbers));
    held.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let Some(largest) = held.first() else {
        return Err(Refusal::new("holds_none", of()));
    };
    if held.iter().all(|file| file.is_mapped) {
        let said = [vec![name("path", &largest.path)], of()].concat();
        return Err(Refusal::new("in_memory", said));
    }
    let files = held.into_iter().filter(|file| !file.is_mapped);
    let with = |plan: Plan, file: HeldFile| {
        let words = vec![name("path", &file.path), bytes("size", file.bytes)];
        plan.step(
            Message::new("release", [words, of()].concat()),
            Step::Release {
                pid: process.pid,
                start_us: process.start_us,
                descriptor: file.descriptor,
                file: File {
                    path: file.path,
                    bytes: file.bytes,
                    device: file.device,
                    inode: file.inode,
                },
            },
        )
    };
    Ok(files.take(MOST_FILES).fold(Plan::default(), with))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::process::tests::office;
    use crate::actions::shown_plans::show;
    use crate::host::Storage;

    /// Path, MiB, minor number of the device, whether it is in memory.
    #[track_caller]
    fn check(files: &[(&str, u64, u32, bool)], expected: &str) {
        let files = files.iter().zip(3..).map(|(file, descriptor)| HeldFile {
            descriptor,
            path: file.0.into(),
            bytes: file.1 << 20,
            numbers: (8, file.2),
            device: 7,
            inode: 9,
            is_mapped: file.3,
        });
        let disk = Filesystem {
            device: (8, 1),
            ..Filesystem::default()
        };
        let image = Filesystem {
            device: (8, 2),
            storage: Storage::Image,
            ..Filesystem::default()
        };
        let plan = plan(&office(), files.collect(), &[disk, image]);
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn what_takes_room_is_emptied_the_largest_first() {
        check(
            &[
                ("/a", 5, 1, false),
                ("/memfd:x", 9, 2, false),
                ("/b", 7, 1, false),
                ("/c", 0, 1, false),
                ("/d", 8, 1, true),
            ],
            "Empty /b (7 MiB), which is deleted and which office (process 500) has open; what it still wants to read \
             there is lost: truncate /proc/500/fd/5 /b\n\
             Empty /a (5 MiB), which is deleted and which office (process 500) has open; what it still wants to read \
             there is lost: truncate /proc/500/fd/3 /a",
        );
    }

    #[test]
    fn what_would_end_a_process_or_give_no_room_is_refused() {
        let none =
            "refused: office (process 500) holds no deleted file of 1 MiB or more on a file system";
        check(&[], none);
        check(&[("/memfd:x", 9, 2, false), ("/c", 0, 1, false)], none);
        check(
            &[("/d", 8, 1, true)],
            "refused: /d is in the memory of a process, which would be ended by it: end office (process 500) instead",
        );
    }
}

//! Unmounts a file system that nothing uses.

use std::time::Duration;

use crate::facts::mount_users;
use crate::finding::{Message, Text, name};
use crate::host::{ConfiguredMount, Filesystem, Host, MountUser, Storage};
use crate::plan::Plan;

use super::mount::{self, of, of_source};
use super::{Action, Class, Parameters, Planner, Refusal};

/// Folders that services live in, with all that is below them.
const OF_SYSTEM: &[&str] = &[
    "/bin", "/boot", "/dev", "/efi", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc",
    "/run", "/sbin", "/snap", "/sys", "/usr", "/var",
];
/// The same, but what is mounted below them is somebody's.
const OF_USERS: &[&str] = &[
    "/", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/tmp",
];
/// Where desktops mount what is plugged in, though it is below a folder of the system's.
const PLUGGED_IN: &str = "/run/media/";
/// Users in one sentence.
const MOST_USERS: usize = 5;

pub(super) const ACTION: Action = Action {
    id: "mount.unmount",
    version: 1,
    title_en: "Unmount a file system that nothing uses",
    title_fr: "Démonter un système de fichiers que rien n'utilise",
    class: Class::Disrupt,
    parameters: &[mount::MOUNT],
    texts: &[
        mount::NOT_MOUNTED,
        mount::MOUNT_IT,
        mount::UNMOUNT_IT,
        Text::technician(
            "of_system",
            "The system itself lives on {mount}",
            "Le système lui-même vit sur {mount}",
        ),
        Text::technician(
            "below",
            "{below} is mounted below {mount}: unmount that first",
            "{below} est monté sous {mount} : démontez-le d'abord",
        ),
        Text::technician(
            "used",
            "{mount} is in use by {users}",
            "{mount} est utilisé par {users}",
        ),
    ],
    // It is done when the kernel says so.
    verified_by: "",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let fs = mount::find(host, mount::asked(parameters))?;
    refuse(&fs)?;
    let users = mount_users::ask(host, &fs.mount).await?;
    let configured = host.configured_mounts()?;
    let wanted = configured.iter().find(|wanted| wanted.mount == fs.mount);
    plan(&fs, &host.filesystems()?, &users, wanted)
}

/// What is refused whoever uses it.
fn refuse(fs: &Filesystem) -> Result<(), Refusal> {
    let is_below = |folder: &&str| std::path::Path::new(&fs.mount).starts_with(folder);
    let of_system = OF_SYSTEM.iter().any(is_below) && !fs.mount.starts_with(PLUGGED_IN);
    if of_system || OF_USERS.contains(&fs.mount.as_str()) || fs.storage == Storage::Pseudo {
        return Err(Refusal::new("of_system", of(&fs.mount)));
    }
    Ok(())
}

fn plan(
    fs: &Filesystem,
    mounted: &[Filesystem],
    users: &[MountUser],
    wanted: Option<&ConfiguredMount>,
) -> Result<Plan, Refusal> {
    let prefix = format!("{}/", fs.mount);
    let below = mounted.iter().find(|one| one.mount.starts_with(&prefix));
    if let Some(below) = below {
        let said = [of(&fs.mount), vec![name("below", &below.mount)]].concat();
        return Err(Refusal::new("below", said));
    }
    if !users.is_empty() {
        let shown = users.iter().take(MOST_USERS);
        let shown = shown.map(|user| format!("{} ({})", user.process, user.pid));
        let mut shown = shown.collect::<Vec<_>>().join(", ");
        if users.len() > MOST_USERS {
            shown.push_str(", …");
        }
        let said = [of(&fs.mount), vec![name("users", shown)]].concat();
        return Err(Refusal::new("used", said));
    }
    let plan = Plan::default().step(
        Message::new("unmount", of_source(&fs.source, &fs.mount)),
        mount::unmount(&fs.mount),
    );
    // How it was mounted otherwise, nobody knows.
    Ok(match wanted {
        Some(wanted) => plan.or_back(
            Message::new("mount", of_source(&wanted.source, &fs.mount)),
            mount::mount(&fs.mount),
        ),
        None => plan,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    fn mounted(mount: &str) -> Filesystem {
        Filesystem {
            mount: mount.into(),
            source: "/dev/sdb1".into(),
            ..Filesystem::default()
        }
    }

    #[test]
    fn what_the_system_lives_on_stays() {
        for mount in [
            "/",
            "/home",
            "/usr",
            "/var/lib/docker",
            "/boot/efi",
            "/run/user/1000",
            "/tmp",
        ] {
            let refusal = refuse(&mounted(mount)).unwrap_err();
            assert_eq!(refusal.0.id, "of_system", "{mount}");
        }
        for mount in [
            "/srv/files",
            "/home/ana/nas",
            "/mnt/disk",
            "/run/media/ana/USB",
            "/usrlocal",
        ] {
            assert_eq!(refuse(&mounted(mount)), Ok(()), "{mount}");
        }
        let kernels = Filesystem {
            storage: Storage::Pseudo,
            ..mounted("/mnt/x")
        };
        assert!(refuse(&kernels).is_err());
    }

    #[track_caller]
    fn check(below: &str, n_users: u32, wanted: bool, expected: &str) {
        let all = [mounted("/data"), mounted(below)];
        let users = (0..n_users).map(|n| MountUser {
            pid: 7 + n,
            process: "office".into(),
        });
        let configured = ConfiguredMount {
            source: "LABEL=data".into(),
            ..ConfiguredMount::default()
        };
        let plan = plan(
            &all[0],
            &all,
            &users.collect::<Vec<_>>(),
            wanted.then_some(&configured),
        );
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn what_is_used_is_left_and_who_uses_it_named() {
        check(
            "/data/sub",
            0,
            true,
            "refused: /data/sub is mounted below /data: unmount that first",
        );
        check(
            "/database",
            2,
            true,
            "refused: /data is in use by office (7), office (8)",
        );
        check(
            "/database",
            6,
            true,
            "refused: /data is in use by office (7), office (8), office (9), office (10), office (11), …",
        );
    }

    #[test]
    fn it_is_mounted_again_where_fstab_says_how() {
        let gone = "Unmount /dev/sdb1 from /data: umount -- /data";
        check("/database", 0, false, gone);
        check(
            "/database",
            0,
            true,
            &format!("{gone} (back: mount --target /data)"),
        );
    }
}

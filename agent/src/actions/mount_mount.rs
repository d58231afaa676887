//! Mounts what /etc/fstab names and what is not mounted.

use std::time::Duration;

use crate::finding::{Message, Text};
use crate::host::{ConfiguredMount, Host};
use crate::plan::Plan;

use super::mount::{self, of, of_source};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "mount.mount",
    version: 1,
    title_en: "Mount a file system of /etc/fstab",
    title_fr: "Monter un système de fichiers de /etc/fstab",
    class: Class::Repair,
    parameters: &[mount::MOUNT],
    texts: &[
        mount::MOUNT_IT,
        mount::UNMOUNT_IT,
        Text::technician(
            "not_configured",
            "/etc/fstab says nothing of {mount}",
            "/etc/fstab ne dit rien de {mount}",
        ),
        Text::technician(
            "mounted",
            "Something is mounted on {mount} already",
            "Quelque chose est déjà monté sur {mount}",
        ),
        Text::technician(
            "no_device",
            "There is no {source} on this machine, which /etc/fstab wants on {mount}",
            "Il n'y a pas de {source} sur cette machine, que /etc/fstab veut sur {mount}",
        ),
        Text::technician(
            "no_folder",
            "There is no folder {mount} to mount it on",
            "Il n'y a pas de dossier {mount} où le monter",
        ),
    ],
    verified_by: "mount.missing",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let mount = mount::asked(parameters);
    let configured = host.configured_mounts()?;
    let wanted = configured.iter().find(|wanted| wanted.mount == mount);
    let wanted = wanted.ok_or_else(|| Refusal::new("not_configured", of(mount)))?;
    plan(&Seen {
        wanted: wanted.clone(),
        is_mounted: mount::find(host, mount).is_ok(),
        has_source: host.has_source(&wanted.source),
        has_folder: host.has_folder(mount),
    })
}

struct Seen {
    wanted: ConfiguredMount,
    is_mounted: bool,
    has_source: bool,
    has_folder: bool,
}

fn plan(seen: &Seen) -> Result<Plan, Refusal> {
    let (source, at) = (&seen.wanted.source, &seen.wanted.mount);
    if seen.is_mounted {
        return Err(Refusal::new("mounted", of(at)));
    }
    if !seen.has_source {
        return Err(Refusal::new("no_device", of_source(source, at)));
    }
    if !seen.has_folder {
        return Err(Refusal::new("no_folder", of(at)));
    }
    Ok(Plan::default()
        .step(
            Message::new("mount", of_source(source, at)),
            mount::mount(at),
        )
        .or_back(
            Message::new("unmount", of_source(source, at)),
            mount::unmount(at),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;
    use crate::host::recorded::Tree;
    use crate::value::Value;

    #[track_caller]
    fn check(mount: &str, expected: &str) {
        let mounted = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /srv rw - ext4 /dev/sda2 rw\n";
        let fstab = "/dev/sda2 /srv ext4 defaults\n/dev/sdb1 /data ext4 noauto\n/dev/sdz1 /gone ext4 nofail\n\
                     /dev/sdb1 /nowhere ext4 defaults\n/dev/sdb2 none swap sw\n";
        let tree = Tree::new(&[
            ("/proc/self/mountinfo", mounted),
            ("/etc/fstab", fstab),
            ("/dev/sdb1", ""),
            ("/data/x", ""),
        ]);
        let given = vec![("mount".to_owned(), Value::from(mount))];
        let plan = look_and_plan(&tree.host(), &Parameters(given));
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn only_what_fstab_names_and_what_is_there_is_mounted() {
        check("/srv", "refused: Something is mounted on /srv already");
        for other in ["/dev/sdb1", "/other", "/data/"] {
            check(
                other,
                &format!("refused: /etc/fstab says nothing of {other}"),
            );
        }
        check(
            "/gone",
            "refused: There is no /dev/sdz1 on this machine, which /etc/fstab wants on /gone",
        );
        check(
            "/nowhere",
            "refused: There is no folder /nowhere to mount it on",
        );
        check(
            "/data",
            "Mount /dev/sdb1 on /data, as /etc/fstab says: mount --target /data (back: umount -- /data)",
        );
    }
}

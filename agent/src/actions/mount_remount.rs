//! Makes a file system writable again that was mounted read-only against /etc/fstab and has no errors.

use std::time::Duration;

use crate::finding::{Message, Text, count, name};
use crate::host::{ConfiguredMount, Filesystem, Host};
use crate::plan::Plan;

use super::mount::{self, of, of_source};
use super::{Action, Class, Parameters, Planner, Refusal};

/// What newer kernels say of a file system that refuses all writing after an error (fs/ext4).
const AFTER_ERROR: &[&str] = &["emergency_ro", "shutdown"];

pub(super) const ACTION: Action = Action {
    id: "mount.remount",
    version: 1,
    title_en: "Make a file system writable again",
    title_fr: "Rendre de nouveau inscriptible un système de fichiers",
    class: Class::Repair,
    parameters: &[mount::MOUNT],
    texts: &[
        mount::NOT_MOUNTED,
        Text {
            id: "writable",
            en: "Make {source} on {mount} writable, as /etc/fstab wants it",
            fr: "Rendre {source} sur {mount} inscriptible, comme le veut /etc/fstab",
            user_en: "The disk can be written again.",
            user_fr: "Le disque peut de nouveau être écrit.",
        },
        Text {
            id: "read_only",
            en: "Make {source} on {mount} read-only, as before",
            fr: "Remettre {source} sur {mount} en lecture seule, comme avant",
            user_en: "The disk can be read only, as before.",
            user_fr: "Le disque ne peut qu'être lu, comme avant.",
        },
        Text::technician(
            "is_writable",
            "{mount} is writable already",
            "{mount} est déjà inscriptible",
        ),
        Text::technician(
            "meant_read_only",
            "{mount} is meant to be read-only: /etc/fstab does not want it writable",
            "{mount} doit être en lecture seule : /etc/fstab ne le veut pas inscriptible",
        ),
        Text::technician(
            "has_errors",
            "{source} on {mount} has recorded {errors} errors: check it by fsck while it is not mounted, and look at the \
             disk itself",
            "{source} sur {mount} a enregistré {errors} erreurs : vérifiez-le par fsck quand il n'est pas monté, et \
             examinez le disque lui-même",
        ),
        Text::technician(
            "after_error",
            "The kernel refuses all writing to {source} on {mount} after an error: check it by fsck while it is not \
             mounted",
            "Le noyau refuse toute écriture sur {source} ({mount}) après une erreur : vérifiez-le par fsck quand il \
             n'est pas monté",
        ),
        Text::technician(
            "does_not_tell",
            "A file system of kind {kind}, as {mount} has, does not tell whether it has errors: check it by fsck",
            "Un système de fichiers de type {kind}, comme sur {mount}, ne dit pas s'il a des erreurs : vérifiez-le par fsck",
        ),
    ],
    verified_by: "disk.readonly",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let fs = mount::find(host, mount::asked(parameters))?;
    let configured = host.configured_mounts()?;
    let wanted = configured.iter().find(|wanted| wanted.mount == fs.mount);
    plan(&fs, wanted, host.filesystem_errors(&fs.source))
}

/// `errors`: as many as it has counted; `None`: it does not count them.
fn plan(
    fs: &Filesystem,
    wanted: Option<&ConfiguredMount>,
    errors: Option<u64>,
) -> Result<Plan, Refusal> {
    let both = || of_source(&fs.source, &fs.mount);
    let has = |option: &str| fs.options.split(',').any(|one| one == option);
    if !fs.super_read_only {
        return Err(Refusal::new("is_writable", of(&fs.mount)));
    }
    if let Some(errors) = errors.filter(|errors| *errors > 0) {
        let said = [both(), vec![count("errors", errors)]].concat();
        return Err(Refusal::new("has_errors", said));
    }
    if AFTER_ERROR.iter().any(|option| has(option)) {
        return Err(Refusal::new("after_error", both()));
    }
    if wanted.is_none_or(ConfiguredMount::is_read_only) {
        return Err(Refusal::new("meant_read_only", of(&fs.mount)));
    }
    if errors.is_none() {
        let said = [of(&fs.mount), vec![name("kind", &fs.kind)]].concat();
        return Err(Refusal::new("does_not_tell", said));
    }
    Ok(Plan::default()
        .step(
            Message::new("writable", both()),
            mount::remount("remount,rw", &fs.mount),
        )
        .or_back(
            Message::new("read_only", both()),
            mount::remount("remount,ro", &fs.mount),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(super_options: &str, wanted: Option<&str>, errors: Option<u64>, expected: &str) {
        let fs = Filesystem {
            mount: "/srv".into(),
            source: "/dev/sdb1".into(),
            kind: "ext4".into(),
            super_read_only: super_options != "rw",
            options: format!("ro,{super_options}"),
            ..Filesystem::default()
        };
        let wanted = wanted.map(|options| ConfiguredMount {
            options: options.into(),
            ..ConfiguredMount::default()
        });
        let plan = plan(&fs, wanted.as_ref(), errors);
        assert_eq!(show(&ACTION, &plan), expected);
    }

    const WANTED: Option<&str> = Some("defaults");

    #[test]
    fn what_has_errors_or_may_have_is_left_to_fsck() {
        check(
            "ro",
            WANTED,
            Some(3),
            "refused: /dev/sdb1 on /srv has recorded 3 errors: check it by fsck while it is not mounted, and look at \
             the disk itself",
        );
        check(
            "rw,emergency_ro",
            WANTED,
            Some(0),
            "refused: The kernel refuses all writing to /dev/sdb1 on /srv after an error: check it by fsck while it is \
             not mounted",
        );
        check(
            "ro",
            WANTED,
            None,
            "refused: A file system of kind ext4, as /srv has, does not tell whether it has errors: check it by fsck",
        );
    }

    #[test]
    fn what_is_meant_read_only_stays_so() {
        let meant = "refused: /srv is meant to be read-only: /etc/fstab does not want it writable";
        check("ro", None, Some(0), meant);
        check("ro", Some("noatime,ro"), Some(0), meant);
        check("rw", WANTED, Some(0), "refused: /srv is writable already");
    }

    #[test]
    fn what_fstab_wants_writable_is_made_so() {
        check(
            "ro",
            WANTED,
            Some(0),
            "Make /dev/sdb1 on /srv writable, as /etc/fstab wants it: mount --options remount,rw --target /srv \
             (back: mount --options remount,ro --target /srv)",
        );
    }
}

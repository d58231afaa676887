//! Finds file systems that were to be written and no longer can be.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{ConfiguredMount, Filesystem, Host, Storage, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.readonly",
    number: 5,
    version: 1,
    title_en: "File systems that can no longer be written",
    title_fr: "Systèmes de fichiers devenus impossibles à écrire",
    every: Duration::from_secs(60),
    limits: &[],
    remedies: &["mount.remount"],
    texts: &[
        Text {
            id: "ok",
            en: "All file systems that should be writable are",
            fr: "Tous les systèmes de fichiers qui doivent être inscriptibles le sont",
            user_en: "The disk can be written.",
            user_fr: "Le disque peut être écrit.",
        },
        Text {
            id: "readonly",
            en: "{mount} ({source}) can no longer be written",
            fr: "{mount} ({source}) ne peut plus être écrit",
            user_en: "Nothing can be saved on the disk any more.",
            user_fr: "Plus rien ne peut être enregistré sur le disque.",
        },
        Text::technician(
            "after_errors",
            "The kernel has recorded {errors} errors on it and protects what is left",
            "Le noyau y a enregistré {errors} erreurs et protège ce qui reste",
        ),
        Text::technician(
            "against_fstab",
            "/etc/fstab wants it writable ({options}): it was mounted anew, or an error made the kernel do so",
            "/etc/fstab le veut inscriptible ({options}) : il a été remonté, ou une erreur y a conduit le noyau",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

/// A file system on a disk, with what else is known of it.
struct Mount {
    fs: Filesystem,
    configured: Option<ConfiguredMount>,
    errors: u64,
}

fn observe(host: &Host) -> Result<Vec<Mount>, Unavailable> {
    let configured = host.configured_mounts().unwrap_or_default();
    let wanted = |mount: &str| configured.iter().find(|wanted| wanted.mount == mount);
    Ok(host
        .filesystems()?
        .into_iter()
        .filter(|fs| fs.storage == Storage::Block)
        .map(|fs| Mount {
            configured: wanted(&fs.mount).cloned(),
            errors: host.filesystem_errors(&fs.source).unwrap_or(0),
            fs,
        })
        .collect())
}

fn judge(mounts: &[Mount], _: &Limits) -> Vec<Finding> {
    let findings = mounts.iter().filter_map(one).collect::<Vec<_>>();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("ok", vec![])];
    }
    findings
}

fn one(mount: &Mount) -> Option<Finding> {
    let Mount {
        fs,
        configured,
        errors,
    } = mount;
    // A read-only bind mount of a writable file system is someone's intention.
    if !fs.super_read_only {
        return None;
    }
    let wanted = configured.as_ref().filter(|wanted| !wanted.is_read_only());
    if wanted.is_none() && *errors == 0 {
        return None;
    }
    let said = vec![name("mount", &fs.mount), name("source", &fs.source)];
    let finding = Finding::new(Status::Critical, &fs.mount)
        .evidence(count("errors", *errors))
        .evidence(name("options", &fs.options))
        .says("readonly", said);
    Some(match wanted {
        _ if *errors > 0 => finding
            .because("after_errors", vec![count("errors", *errors)])
            .without_remedies(),
        Some(wanted) => finding.because("against_fstab", vec![name("options", &wanted.options)]),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(super_read_only: bool, configured: Option<&str>, errors: u64, expected: &str) {
        let mount = Mount {
            fs: Filesystem {
                mount: "/srv".into(),
                source: "/dev/sdb1".into(),
                super_read_only,
                ..Filesystem::default()
            },
            configured: configured.map(|options| ConfiguredMount {
                options: options.into(),
                ..ConfiguredMount::default()
            }),
            errors,
        };
        let found = judge(&[mount], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn what_fstab_wants_writable_must_be() {
        check(
            true,
            Some("defaults"),
            0,
            "critical /srv / /srv (/dev/sdb1) can no longer be written / because /etc/fstab wants it \
             writable (defaults): it was mounted anew, or an error made the kernel do so",
        );
        let ok = "ok / All file systems that should be writable are";
        check(true, Some("noatime,ro"), 0, ok);
        check(true, None, 0, ok);
        check(false, Some("defaults"), 0, ok);
    }

    #[test]
    fn recorded_errors_are_named() {
        check(
            true,
            None,
            3,
            "critical /srv / /srv (/dev/sdb1) can no longer be written / because The kernel has \
             recorded 3 errors on it and protects what is left",
        );
        let ok = "ok / All file systems that should be writable are";
        check(false, None, 1, ok);
    }
}

//! Finds mounts that give no answer. They are asked by workers, so that none of them holds up the agent.

use std::time::Duration;

use crate::facts::mount_usage;
use crate::finding::{Finding, Status, Text, duration, name};
use crate::host::{Filesystem, Host, Room, Unavailable};

use super::{Check, Limits, Run, disk_space};

pub(super) const CHECK: Check = Check {
    id: "mount.hung",
    number: 11,
    version: 1,
    title_en: "Mounts that give no answer",
    title_fr: "Montages qui ne répondent pas",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No mount of this machine can hang",
            fr: "Aucun montage de cette machine ne peut se bloquer",
            user_en: "All folders answer.",
            user_fr: "Tous les dossiers répondent.",
        },
        Text {
            id: "answers",
            en: "{mount} answers",
            fr: "{mount} répond",
            user_en: "The shared folder answers.",
            user_fr: "Le dossier partagé répond.",
        },
        Text {
            id: "hung",
            en: "{mount} ({source}, {kind}) gives no answer within {after}",
            fr: "{mount} ({source}, {kind}) ne répond pas en {after}",
            user_en: "A shared folder does not answer. Programs that use it stand still.",
            user_fr: "Un dossier partagé ne répond pas. Les programmes qui s'en servent sont figés.",
        },
        Text::technician(
            "server",
            "Its server, or the program behind it, is gone or cannot be reached: whoever looks into it hangs too",
            "Son serveur, ou le programme derrière lui, a disparu ou est injoignable : qui y accède se bloque aussi",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

/// Those that may hang: what disk.space has asked already is not asked again.
async fn observe(host: &Host) -> Result<Vec<Room>, Unavailable> {
    let mut mounts = host.filesystems()?;
    mounts.retain(Filesystem::may_hang);
    if mounts.is_empty() {
        return Ok(Vec::new());
    }
    let known = disk_space::observe(host).await?;
    let rooms = mounts.into_iter().map(async |fs| {
        // Of several mounts of one file system one was asked.
        let asked = known.iter().find(|(of, _)| of.device == fs.device);
        let usage = match asked {
            Some((_, usage)) => usage.clone(),
            None => mount_usage::ask(host, &fs.mount).await,
        };
        (fs, usage)
    });
    Ok(futures::future::join_all(rooms).await)
}

fn judge(mounts: &[Room], _: &Limits) -> Vec<Finding> {
    if mounts.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    mounts.iter().map(one).collect()
}

fn one((fs, usage): &Room) -> Finding {
    let mount = name("mount", &fs.mount);
    match usage {
        Ok(_) => Finding::new(Status::Ok, &fs.mount).says("answers", vec![mount]),
        Err(Unavailable::Timeout { after, .. }) => {
            let said = vec![
                mount,
                name("source", &fs.source),
                name("kind", &fs.kind),
                duration("after", after.as_micros() as i64),
            ];
            Finding::new(Status::Critical, &fs.mount)
                .says("hung", said)
                .because("server", vec![])
        }
        Err(why) => disk_space::unknown(fs, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::Usage;

    #[track_caller]
    fn check(usage: Result<Usage, Unavailable>, expected: &str) {
        let fs = Filesystem {
            mount: "/home".into(),
            source: "nas:/home".into(),
            kind: "nfs4".into(),
            ..Filesystem::default()
        };
        let found = show(&CHECK, &judge(&[(fs, usage)], &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    #[test]
    fn only_silence_is_taken_for_hanging() {
        check(Ok(Usage::default()), "ok /home / /home answers");
        check(
            Err(Unavailable::Timeout {
                what: "/home".into(),
                after: Duration::from_millis(1200),
            }),
            "critical /home / /home (nas:/home, nfs4) gives no answer within 1.2 s / because Its server, or the program \
             behind it, is gone or cannot be reached: whoever looks into it hangs too",
        );
        check(
            Err(Unavailable::Busy {
                what: "/home".into(),
            }),
            "unknown /home / Cannot tell: /home was not read, every worker is busy",
        );
        let none = show(&CHECK, &judge(&[], &limits(&CHECK)));
        assert_eq!(none, "ok / No mount of this machine can hang");
    }
}

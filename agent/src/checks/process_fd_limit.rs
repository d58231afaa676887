//! Finds processes that are about to have no more descriptors.

use std::time::Duration;

use crate::facts::descriptors;
use crate::finding::{Finding, Status, Text, count, name, percent, time};
use crate::host::{Descriptors, Host, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "process.fd-limit",
    number: 19,
    version: 1,
    title_en: "Open files that processes may have",
    title_fr: "Fichiers que les processus peuvent ouvrir",
    every: Duration::from_secs(900),
    limits: &[
        Limit::percent("used_critical", 95),
        Limit::percent("used_warning", 80),
    ],
    remedies: &["service.restart", "process.terminate"],
    texts: &[
        Text {
            id: "none",
            en: "No process is about to have too many files open",
            fr: "Aucun processus n'est près d'avoir trop de fichiers ouverts",
            user_en: "No program has too many files open.",
            user_fr: "Aucun programme n'a trop de fichiers ouverts.",
        },
        Text {
            id: "near",
            en: "{process} (process {pid}) has {used} files and connections open of the {most} it may have",
            fr: "{process} (processus {pid}) a {used} fichiers et connexions ouverts sur les {most} autorisés",
            user_en: "A program has almost as many files open as it may have.",
            user_fr: "Un programme a presque autant de fichiers ouverts qu'il peut en avoir.",
        },
        Text::technician(
            "then",
            "At its limit it can open no file and take no connection (\"Too many open files\"): mostly it forgets to \
             close them",
            "À sa limite il n'ouvre plus de fichier et n'accepte plus de connexion (« Too many open files ») : le plus \
             souvent il oublie de les fermer",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

async fn observe(host: &Host) -> Result<Vec<Descriptors>, Unavailable> {
    descriptors::ask(host).await
}

fn judge(all: &[Descriptors], limits: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = all.iter().filter_map(|of| one(of, limits)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(of: &Descriptors, limits: &Limits) -> Option<Finding> {
    let most = of.most.filter(|most| *most > 0)?;
    let used_percent = of.used as f64 * 100.0 / most as f64;
    let status = limits.above("used", used_percent);
    if status == Status::Ok {
        return None;
    }
    let pid = name("pid", of.pid.to_string());
    let said = vec![
        name("process", &of.process),
        pid.clone(),
        count("used", of.used),
        count("most", most),
    ];
    // By its number too: of several with one name each has a limit of its own.
    let finding = Finding::new(status, format!("{} {}", of.process, of.pid))
        .evidence(percent("used_percent", used_percent))
        .evidence(pid)
        .evidence(time("started_at", of.started_us));
    Some(finding.says("near", said).because("then", vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(used: u64, most: Option<u64>, expected: &str) {
        let of = Descriptors {
            pid: 7,
            process: "webd".into(),
            used,
            most,
            ..Descriptors::default()
        };
        assert_eq!(show(&CHECK, &judge(&[of], &limits(&CHECK))), expected);
    }

    #[test]
    fn who_is_near_the_limit_is_named() {
        let because = "because At its limit it can open no file and take no connection (\"Too many open files\"): mostly \
                       it forgets to close them";
        let said = |used| {
            format!(
                "webd 7 / webd (process 7) has {used} files and connections open of the 1000 it may have"
            )
        };
        check(
            990,
            Some(1000),
            &format!("critical {} / {because}", said(990)),
        );
        check(
            900,
            Some(1000),
            &format!("warning {} / {because}", said(900)),
        );
        let well = "ok / No process is about to have too many files open";
        check(800, Some(1000), well);
        check(800_000, None, well);
    }
}

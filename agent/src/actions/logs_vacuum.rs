//! Removes old logs: those that were put aside, and closed ones of the journal.

use std::time::Duration;

use crate::facts::old_logs;
use crate::finding::{Text, count};
use crate::host::{CacheFile, Host};
use crate::plan::Plan;
use crate::value::{Kind, Parameter, Value};

use super::{Action, Class, Parameters, Planner, Refusal, disk};

/// What is younger may still be looked for.
const DAYS: i64 = 7;
const MOST_DAYS: i64 = 3650;

pub(super) const ACTION: Action = Action {
    id: "logs.vacuum",
    version: 1,
    title_en: "Remove old logs",
    title_fr: "Supprimer les vieux journaux",
    class: Class::Repair,
    parameters: &[Parameter {
        name: "days",
        kind: Kind::Integer,
        help_en: "keep what was written in so many days; 7 unless said otherwise",
        help_fr: "garder ce qui a été écrit ces derniers jours ; 7 sauf indication contraire",
        least: 1,
        most: MOST_DAYS,
        ..Parameter::PLAIN
    }],
    texts: &[
        Text {
            user_en: "Old records of the system are removed; none of your files.",
            user_fr: "De vieux enregistrements du système sont supprimés ; aucun de vos fichiers.",
            ..disk::REMOVE
        },
        Text::technician(
            "nothing",
            "There is no log that was put aside more than {days} days ago",
            "Aucun journal n'a été mis de côté il y a plus de {days} jours",
        ),
    ],
    verified_by: "disk.space",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let days = parameters.get("days").and_then(Value::as_integer);
    let days = days.unwrap_or(DAYS);
    plan(old_logs::ask(host, days).await?, days)
}

fn plan(files: Vec<CacheFile>, days: i64) -> Result<Plan, Refusal> {
    let plan = disk::remove(files);
    match plan.steps.as_slice() {
        [] => Err(Refusal::new("nothing", vec![count("days", days as u64)])),
        _ => Ok(plan),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[test]
    fn paths_and_bytes_are_listed_or_nothing_is_done() {
        let file = |path: &str, mib: u64| CacheFile {
            root: "/var/log".into(),
            path: path.into(),
            bytes: mib << 20,
            ..CacheFile::default()
        };
        let logs = vec![file("mail.log.1", 2), file("journal/0f/a@1.journal", 8)];
        assert_eq!(
            show(&ACTION, &plan(logs, 7)),
            "Remove 2 files (10 MiB) from /var/log: /var/log/journal/0f/a@1.journal /var/log/mail.log.1"
        );
        assert_eq!(
            show(&ACTION, &plan(Vec::new(), 7)),
            "refused: There is no log that was put aside more than 7 days ago"
        );
    }

    #[tokio::test]
    async fn what_is_of_today_is_kept_whatever_is_asked() {
        let host = crate::host::recorded::Tree::new(&[]).host();
        let given = vec![("days".to_owned(), Value::Integer(0))];
        let planned = ACTION.plan(&host, &Parameters(given)).await;
        let said = planned.unwrap_err().to_string();
        assert!(said.starts_with("Parameter days"), "{said}");
    }
}

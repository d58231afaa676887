//! Makes the machine forget the names it has looked up.

use std::time::Duration;

use crate::finding::{Message, Text, name};
use crate::host::{Host, Process};
use crate::plan::{Plan, Signal, Step};

use super::{Action, Class, Planner, Refusal};

const DEADLINE: Duration = Duration::from_secs(20);

pub(super) const ACTION: Action = Action {
    id: "net.dns-flush",
    version: 1,
    title_en: "Forget cached names",
    title_fr: "Oublier les noms mis en cache",
    class: Class::Repair,
    parameters: &[],
    texts: &[
        Text {
            id: "flush",
            en: "Make {daemon} forget the names it has cached",
            fr: "Faire oublier à {daemon} les noms mis en cache",
            user_en: "The computer looks up network names afresh.",
            user_fr: "L'ordinateur recherche à nouveau les noms du réseau.",
        },
        Text::technician(
            "no_cache",
            "No program of this machine caches names (systemd-resolved, nscd, dnsmasq, unbound)",
            "Aucun programme de cette machine ne met les noms en cache (systemd-resolved, nscd, dnsmasq, unbound)",
        ),
    ],
    verified_by: "net.dns",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, _| Box::pin(async { look_and_plan(host) })),
};

fn look_and_plan(host: &Host) -> Result<Plan, Refusal> {
    plan(&host.processes()?)
}

/// The kernel cuts names at 15 characters.
fn plan(processes: &[Process]) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    for process in processes.iter().filter(|process| !process.kernel) {
        let run = |program: &str, arguments: &[&str]| Step::Run {
            program: program.into(),
            arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
            deadline: DEADLINE,
            outlives: false,
        };
        let (daemon, step) = match process.name.as_str() {
            "systemd-resolve" => ("systemd-resolved", run("resolvectl", &["flush-caches"])),
            "nscd" => ("nscd", run("nscd", &["--invalidate=hosts"])),
            "unbound" => ("unbound", run("unbound-control", &["flush_zone", "."])),
            // dnsmasq(8): it clears its cache.
            "dnsmasq" => (
                "dnsmasq",
                Step::Signal {
                    pid: process.pid,
                    start_us: process.start_us,
                    signal: Signal::Reload,
                    wait: Duration::ZERO,
                },
            ),
            _ => continue,
        };
        plan = plan.step(Message::new("flush", vec![name("daemon", daemon)]), step);
    }
    if plan.steps.is_empty() {
        return Err(Refusal::new("no_cache", vec![]));
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(names: &[&str], expected: &str) {
        let processes = names
            .iter()
            .zip(10..)
            .map(|(name, pid)| Process {
                pid,
                name: (*name).into(),
                ..Process::default()
            })
            .collect::<Vec<_>>();
        assert_eq!(show(&ACTION, &plan(&processes)), expected);
    }

    #[test]
    fn whoever_caches_forgets() {
        check(
            &["init", "systemd-resolve", "dnsmasq"],
            "Make systemd-resolved forget the names it has cached: resolvectl flush-caches\n\
             Make dnsmasq forget the names it has cached: SIGHUP 12",
        );
        check(
            &["init"],
            "refused: No program of this machine caches names (systemd-resolved, nscd, dnsmasq, unbound)",
        );
    }
}

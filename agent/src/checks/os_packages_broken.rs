//! Finds packages whose installation has not come to its end.

use std::time::Duration;

use crate::facts::broken_packages;
use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Host, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "os.packages-broken",
    number: 48,
    version: 1,
    title_en: "Packages that are half installed",
    title_fr: "Paquets à moitié installés",
    every: Duration::from_secs(3600),
    limits: &[],
    remedies: &["packages.repair"],
    texts: &[
        Text {
            id: "none",
            en: "All packages are completely installed",
            fr: "Tous les paquets sont complètement installés",
            user_en: "All programs are completely installed.",
            user_fr: "Tous les programmes sont complètement installés.",
        },
        Text {
            id: "broken",
            en: "{packages} packages are not completely installed: {names}",
            fr: "{packages} paquets ne sont pas complètement installés : {names}",
            user_en: "A program is not completely installed.",
            user_fr: "Un programme n'est pas complètement installé.",
        },
        Text::technician(
            "interrupted",
            "{package} is {state}: its installation failed or was cut off, and until it is finished (dpkg --configure \
             -a) nothing else can be installed",
            "{package} est {state} : son installation a échoué ou a été interrompue ; tant qu'elle n'est pas terminée \
             (dpkg --configure -a), rien d'autre ne peut être installé",
        ),
        Text::technician(
            "triggers",
            "Work that {package} left for later was not done (dpkg --configure -a)",
            "Le travail que {package} avait remis à plus tard n'a pas été fait (dpkg --configure -a)",
        ),
        Text::technician(
            "at_work",
            "Cannot tell: {process} is working on packages now",
            "Indéterminé : {process} travaille en ce moment sur les paquets",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let (broken, at_work) = observe(host).await?;
            Ok(judge(&broken, at_work.as_deref(), limits))
        })
    }),
};

/// Most names in one sentence.
const MOST_NAMES: usize = 5;

/// Packages with their states, and who works on them now.
type Observed = (Vec<(String, String)>, Option<String>);

async fn observe(host: &Host) -> Result<Observed, Unavailable> {
    let broken = broken_packages::ask(host).await?;
    let at_work = match broken.as_slice() {
        [] => None,
        _ => host.package_lock()?.map(|lock| lock.process),
    };
    Ok((broken, at_work))
}

fn judge(broken: &[(String, String)], at_work: Option<&str>, _: &Limits) -> Vec<Finding> {
    // dpkg(1): these two say that only a trigger has not run.
    let is_cut_off = |(_, state): &&(String, String)| !state.starts_with("triggers-");
    let worst = broken.iter().find(is_cut_off).or(broken.first());
    let Some(worst) = worst else {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    };
    // On its way every package is in these states.
    if let Some(process) = at_work {
        let said = vec![name("process", process)];
        return vec![Finding::new(Status::Unknown, "").says("at_work", said)];
    }
    let (package, state) = worst;
    let names: Vec<&str> = broken.iter().map(|(name, _)| name.as_str()).collect();
    let mut shown = names[..names.len().min(MOST_NAMES)].join(", ");
    if names.len() > MOST_NAMES {
        shown.push_str(", …");
    }
    let said = vec![count("packages", names.len() as u64), name("names", shown)];
    let package = name("package", package);
    vec![match is_cut_off(&worst) {
        true => Finding::new(Status::Critical, "")
            .says("broken", said)
            .because("interrupted", vec![package, name("state", state)]),
        false => Finding::new(Status::Warning, "")
            .says("broken", said)
            .because("triggers", vec![package]),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(broken: &[(&str, &str)], at_work: Option<&str>, expected: &str) {
        let own = |(name, state): &(&str, &str)| ((*name).to_owned(), (*state).to_owned());
        let broken: Vec<_> = broken.iter().map(own).collect();
        let found = judge(&broken, at_work, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn what_was_cut_off_is_worse_than_what_waits() {
        check(&[], None, "ok / All packages are completely installed");
        check(
            &[("man-db", "triggers-pending"), ("cups", "half-configured")],
            None,
            "critical / 2 packages are not completely installed: man-db, cups / because cups is half-configured: its \
             installation failed or was cut off, and until it is finished (dpkg --configure -a) nothing else can be \
             installed",
        );
        check(
            &[("man-db", "triggers-pending")],
            None,
            "warning / 1 packages are not completely installed: man-db / because Work that man-db left for later was \
             not done (dpkg --configure -a)",
        );
    }

    #[test]
    fn an_installation_on_its_way_is_no_fault() {
        check(
            &[("cups", "unpacked")],
            Some("dpkg"),
            "unknown / Cannot tell: dpkg is working on packages now",
        );
    }
}

//! The fault gauntlet: each fault made for real on a machine with the real agent, and what became of it.

pub mod plugins;
pub mod score;

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::faults::{Case, Cure, Expected, Fault};
use crate::machine::{lacks, without_disks};
use crate::patient::{Finding, Machine, Watched, in_time};

pub use score::{Score, Sheet};

/// Faces one fault. `Err`: why it cannot be made on this machine.
pub fn face(fault: &Fault) -> Result<Score, String> {
    if let Some(lack) = lacks(fault.needs) {
        return Err(lack);
    }
    let mut score = Score::of(fault.id, fault.area);
    if let Err(error) = tried(fault, &mut score) {
        score.note = format!("{error:#}");
    }
    Ok(score)
}

fn tried(fault: &Fault, score: &mut Score) -> Result<()> {
    // Another test's full disk would be blamed beside it.
    let _turn = without_disks(fault.needs)?;
    let mut case = (fault.make)().context("the machine cannot be made")?;
    if case.machine().is_out_of_reach() {
        score.fixture = case.machine().is_recorded();
        return read(&mut *case, score);
    }
    let watched = Watched::new(case.machine())?;
    let before = in_time(case.machine())?;
    let plugins_before = plugins::complaints(case.machine());
    case.inject().context("the fault cannot be made")?;
    let expected = case.expect();
    let began = Instant::now();
    let after = case.machine().check()?;
    score.millis = began.elapsed().as_millis() as u64;
    score.judge(&expected, &before, &after);
    let plugins_after = plugins::complaints(case.machine());
    score.plugins = plugins_after
        .into_iter()
        .filter(|plugin| !plugins_before.contains(plugin))
        .collect();
    match case.cure()? {
        Cure::Hand => {
            case.by_hand().context("the fault cannot be taken away")?;
            is_well(case.machine(), &expected)
        }
        Cure::Action(action, parameters) => {
            (score.cured, score.verified) = (Some(false), Some(false));
            let ticket = watched.ticket(fault.id)?;
            let offered = after.iter().find(|one| one.key() == expected.key());
            let offered = offered.is_some_and(|one| one.remedies.iter().any(|one| one == action));
            ensure!(offered, "{action} is not offered");
            let done = watched
                .person
                .act("run", action, &watched.device, &ticket, &parameters)?;
            score.cured = Some(done["state"] == "succeeded");
            ensure!(score.cured == Some(true), "{done}");
            is_well(case.machine(), &expected)?;
            score.verified = Some(true);
            Ok(())
        }
    }
}

/// The same for a machine that no collector reaches: nobody acts on it.
fn read(case: &mut dyn Case, score: &mut Score) -> Result<()> {
    let before = in_time(case.machine())?;
    case.inject().context("the fault cannot be made")?;
    let expected = case.expect();
    let began = Instant::now();
    let after = case.machine().check()?;
    score.millis = began.elapsed().as_millis() as u64;
    score.judge(&expected, &before, &after);
    case.by_hand().context("the fault cannot be taken away")?;
    is_well(case.machine(), &expected)
}

/// The check finds nothing more of it.
fn is_well(machine: &mut dyn Machine, expected: &Expected) -> Result<()> {
    let left: Vec<Finding> = machine
        .check()?
        .into_iter()
        .filter(|one| one.key() == expected.key() && one.is_bad())
        .collect();
    ensure!(left.is_empty(), "still there: {left:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::is_full;
    use crate::{faults, healthy};

    /// Those that are faced where not all are.
    const FEW: &[&str] = &[
        "disk-failing",
        "disk-fills-up",
        "disk-full-of-cache",
        "disk-inodes-used-up",
        "disk-turned-read-only",
        "name-server-dead",
        "processes-not-cleared",
        "service-exited",
    ];

    #[test]
    fn faults_are_found_explained_and_cured() -> Result<()> {
        let is_faced = |id| is_full() || FEW.contains(&id);
        let faced = faults::ALL.iter().filter(|fault| is_faced(fault.id));
        let mut missed = Vec::new();
        for fault in faced {
            match face(fault) {
                Ok(score) if score.is_whole() => {}
                Ok(score) => missed.push(format!("{score:?}")),
                Err(lack) => println!("skipped {}: {lack}", fault.id),
            }
        }
        ensure!(missed.is_empty(), "{}", missed.join("\n"));
        Ok(())
    }

    #[test]
    fn the_few_that_are_always_faced_are_there() {
        let is_there = |id: &&str| faults::ALL.iter().any(|fault| fault.id == *id);
        assert!(FEW.iter().all(is_there));
    }

    #[test]
    fn healthy_machines_are_left_alone() -> Result<()> {
        for machine in healthy::ALL {
            match healthy::look(machine) {
                Ok(seen) => ensure!(seen.is_left_alone(), "{seen:?}"),
                Err(lack) => println!("skipped {}: {lack}", machine.id),
            }
        }
        Ok(())
    }
}

//! The fault gauntlet, run on this machine.

use std::fs;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};
use sonde_tests::faults::{self, Fault};
use sonde_tests::gauntlet::{Sheet, face};
use sonde_tests::healthy::{self, Healthy};

use crate::{setup, shell};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Ids of faults and healthy machines; all when none is named.
    ids: Vec<String>,
    /// List what there is, and end.
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        let lines = faults::ALL
            .iter()
            .map(|one| format!("{:28} {}\n", one.id, one.area));
        let well = healthy::ALL
            .iter()
            .map(|one| format!("{:28} healthy\n", one.id));
        let list: String = lines.chain(well).collect();
        std::io::stdout().write_all(list.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let known = |id: &str| {
        faults::ALL.iter().any(|one| one.id == id) || healthy::ALL.iter().any(|one| one.id == id)
    };
    if let Some(id) = arguments.ids.iter().find(|id| !known(id)) {
        bail!("there is no fault {id}; cargo xtask gauntlet --list shows those there are");
    }
    for reason in setup::prepare()? {
        shell::say(&format!("skipped {reason}"));
    }
    let is_wanted =
        |id: &str| arguments.ids.is_empty() || arguments.ids.iter().any(|one| one == id);
    let mut sheet = Sheet::default();
    let wanted: Vec<&Fault> = faults::ALL.iter().filter(|one| is_wanted(one.id)).collect();
    for (n, fault) in wanted.iter().enumerate() {
        match face(fault) {
            Ok(score) => {
                let outcome = if score.is_whole() { "ok" } else { "NOT WHOLE" };
                shell::say(&format!(
                    "{:>3}/{} {:28} {outcome} {}",
                    n + 1,
                    wanted.len(),
                    fault.id,
                    score.note
                ));
                sheet.faults.push(score);
            }
            Err(lack) => shell::say(&format!("skipped {}: {lack}", fault.id)),
        }
    }
    let well: Vec<&Healthy> = healthy::ALL
        .iter()
        .filter(|one| is_wanted(one.id))
        .collect();
    for machine in well {
        match healthy::look(machine) {
            Ok(seen) => {
                let outcome = match seen.false_alarms.as_slice() {
                    [] => "left alone".into(),
                    alarms => format!("BLAMED {}", alarms.join(", ")),
                };
                shell::say(&format!(
                    "        {:28} {outcome} {}",
                    machine.id, seen.note
                ));
                sheet.healthy.push(seen);
            }
            Err(lack) => shell::say(&format!("skipped {}: {lack}", machine.id)),
        }
    }
    sheet.compare();
    fs::write(
        shell::target().join("gauntlet.json"),
        serde_json::to_string_pretty(&sheet)?,
    )?;
    writeln!(std::io::stdout(), "{}", sheet.table())?;
    let is_whole = sheet.faults.iter().all(|one| one.is_whole())
        && sheet.healthy.iter().all(|one| one.is_left_alone());
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

//! The agent: reads, judges and repairs the machine it stands on.

pub mod actions;
pub mod apply;
pub mod blocks;
pub mod changes;
mod check;
pub mod checks;
pub mod clock;
pub mod config;
pub mod consent;
pub mod diagnosis;
pub mod dial;
pub mod door;
pub mod driver;
pub mod facts;
pub mod finding;
pub mod help;
pub mod history;
pub mod host;
pub mod identity;
pub mod journal;
pub mod limits;
pub mod link;
pub mod looks;
pub mod machine;
pub mod metrics;
pub mod orders;
pub mod plan;
pub mod plugins;
pub mod policy;
pub mod recorder;
pub mod runner;
pub mod schedule;
pub mod session;
pub mod spool;
pub mod state;
pub mod status;
pub mod text;
pub mod texts;
pub mod trust;
pub mod value;
pub mod wire;
pub mod worker;

/// Names of the source files of a folder, without their ending, sorted: what a registry has to list.
#[cfg(test)]
fn files_of(folder: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(folder);
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .collect();
    files.sort_unstable();
    files
}

//! Rules of the house that are tests: what stands where, how long a file is, what is linked and how often.

mod duplicates;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::shell;

/// Entries of the top folder, beside dotfiles.
const TOP: &[&str] = &[
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "agent",
    "collector",
    "proto",
    "target",
    "tests",
    "xtask",
];
/// Lines of one file of code.
const LINES: usize = 450;
/// Crates that must not be linked.
const BANNED: &[&str] = &[
    "aws-lc-rs",
    "aws-lc-sys",
    "openssl",
    "openssl-sys",
    "native-tls",
];
/// Licences that may be linked, alone or as one side of an "or".
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "0BSD",
    "CC0-1.0",
    "MPL-2.0",
    "Unlicense",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "MIT-0",
];
/// Those of fonts, which go along as they are.
const FONTS: &[&str] = &["OFL-1.1"];
/// Words that begin an SQL statement.
const SQL: &[&str] = &[
    "\"SELECT ",
    "\"INSERT ",
    "\"UPDATE ",
    "\"DELETE ",
    "\"CREATE TABLE",
];
/// The only files that may start programs.
const STARTERS: &[&str] = &[
    "agent/src/host/program.rs",
    // A desktop's bus, which lives as long as the test.
    "agent/tests/consent.rs",
    "collector/src/store/testing.rs",
    "tests/src/program.rs",
    "xtask/src/shell.rs",
];

/// All rules; the error lists every breach.
pub(crate) fn check() -> Result<()> {
    let mut breaches = top();
    for file in sources(&shell::root()) {
        let text = std::fs::read_to_string(&file)?;
        let name = file
            .strip_prefix(shell::root())
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned();
        breaches.extend(source(&name, &text));
    }
    breaches.extend(linked()?);
    breaches.extend(bundled()?);
    if breaches.is_empty() {
        Ok(())
    } else {
        bail!("{}", breaches.join("\n"))
    }
}

fn top() -> Vec<String> {
    let entries = std::fs::read_dir(shell::root())
        .into_iter()
        .flatten()
        .flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str()))
        .map(|name| format!("{name}: not an entry of the top folder"))
        .collect()
}

fn source(name: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let n_lines = text.lines().count();
    if n_lines > LINES {
        breaches.push(format!(
            "{name}: {n_lines} lines; is there a second thing in it?"
        ));
    }
    if name.ends_with("/mod.rs") {
        breaches.push(format!(
            "{name}: a folder's module stands beside it, not in it"
        ));
    }
    let in_store = name.starts_with("collector/src/store") || name == "xtask/src/tidy.rs";
    if !in_store && SQL.iter().any(|word| text.contains(word)) {
        breaches.push(format!(
            "{name}: SQL stands in collector/src/store and nowhere else"
        ));
    }
    if text.contains("Command::new(") && !STARTERS.contains(&name) && name != "xtask/src/tidy.rs" {
        breaches.push(format!(
            "{name}: programs are started in one place of each crate"
        ));
    }
    breaches
}

fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["agent", "collector/src", "proto", "tests", "xtask"]
        .iter()
        .map(|name| root.join(name))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Licences, banned crates and duplicates among what is linked.
fn linked() -> Result<Vec<String>> {
    let metadata =
        shell::output(shell::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array();
    let packages = packages.map_or(&[][..], Vec::as_slice);
    let mut breaches = duplicates::breaches(packages);
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        if BANNED.contains(&name) {
            breaches.push(format!("{name}: must not be linked"));
        }
        let licence = package["license"].as_str().unwrap_or_default();
        if !allowed(licence) {
            breaches.push(format!("{name}: licence \"{licence}\""));
        }
    }
    Ok(breaches)
}

/// Licences of what the console is made of; tools that only build it are nobody's who gets it.
fn bundled() -> Result<Vec<String>> {
    let lock = std::fs::read_to_string(shell::root().join("collector/web/package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    Ok(unlicensed(&lock))
}

fn unlicensed(lock: &Value) -> Vec<String> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    // The first is the console itself.
    let bundled = packages.filter(|(path, package)| !path.is_empty() && package["dev"] != true);
    let licences = bundled.map(|(path, package)| (path, package["license"].as_str()));
    licences
        .filter_map(|(path, licence)| {
            let licence = licence.unwrap_or_default();
            let is_fine = allowed(licence) || FONTS.contains(&licence);
            (!is_fine).then(|| format!("{path}: licence \"{licence}\""))
        })
        .collect()
}

fn allowed(licence: &str) -> bool {
    let part = |part: &str| {
        let part = part.trim().trim_matches(['(', ')']).trim();
        LICENCES.contains(&part)
    };
    let licence = licence.replace('/', " OR ");
    let licence = licence.replace(['(', ')'], " ");
    licence
        .split(" AND ")
        .all(|all| all.split(" OR ").any(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaches_are_named() {
        let check = |name: &str, text: &str| source(name, text).len();
        assert_eq!(check("agent/src/a.rs", "fn a() {}"), 0);
        assert_eq!(check("agent/src/a/mod.rs", ""), 1);
        let long = "x\n".repeat(LINES + 1);
        assert_eq!(check("agent/src/a.rs", &long), 1);
        assert_eq!(check("collector/src/api/a.rs", "\"SELECT 1\""), 1);
        assert_eq!(check("collector/src/store/a.rs", "\"SELECT 1\""), 0);
        assert_eq!(check("agent/src/a.rs", "Command::new(\"sh\")"), 1);
    }

    #[test]
    fn what_goes_into_the_console_has_a_licence_that_allows_it() {
        let lock = serde_json::json!({"packages": {
            "": {}, "node_modules/a": {"license": "MIT"}, "node_modules/b": {"license": "AGPL-3.0"},
            "node_modules/c": {}, "node_modules/d": {"license": "GPL-3.0", "dev": true}, "node_modules/e": {"license": "OFL-1.1"},
        }});
        let named = [
            "node_modules/b: licence \"AGPL-3.0\"",
            "node_modules/c: licence \"\"",
        ];
        assert_eq!(unlicensed(&lock), named);
    }

    #[test]
    fn one_side_of_an_or_is_enough() {
        assert!(allowed("MIT OR GPL-3.0"));
        assert!(allowed("MIT/Apache-2.0"));
        assert!(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!allowed("GPL-3.0"));
        assert!(!allowed("MIT AND GPL-3.0"));
        assert!(!allowed(""));
    }
}

//! What a package puts into the desktop's menu: an entry that desktops understand, and its icon.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sonde_agent::host::{Host, program};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("package")
        .join(name)
}

/// Keys of the one group of an entry (Desktop Entry Specification 1.5, "Basic format of the file").
fn entry(text: &str) -> BTreeMap<&str, &str> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("[Desktop Entry]"));
    let mut keys = BTreeMap::new();
    for line in lines {
        let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let (name, locale) = match key.split_once('[') {
            Some((name, locale)) => (name, locale.strip_suffix(']')),
            None => (key, Some("")),
        };
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        assert!(is_name && !name.is_empty() && locale.is_some(), "{line}");
        assert_eq!(value.trim(), value, "{line}");
        assert!(keys.insert(key, value).is_none(), "{key} is there twice");
    }
    keys
}

#[test]
fn the_menu_entry_is_one_that_desktops_understand() {
    let path = file("sonde-help.desktop");
    let text = std::fs::read_to_string(&path).unwrap();
    let keys = entry(&text);
    assert_eq!(keys["Type"], "Application");
    assert_eq!(
        (keys["Name"], keys["Name[fr]"]),
        ("Get help", "Obtenir de l'aide")
    );
    assert!(!keys["Comment"].is_empty() && !keys["Comment[fr]"].is_empty());
    // It opens its own window where it needs one.
    assert_eq!(keys["Terminal"], "false");
    for list in ["Categories", "Keywords", "Keywords[fr]"] {
        assert!(keys[list].ends_with(';'), "{list}");
    }
    assert_eq!(keys["TryExec"], keys["Exec"].split(' ').next().unwrap());
    let icon = std::fs::read_to_string(file(&format!("{}.svg", keys["Icon"]))).unwrap();
    assert!(icon.contains("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(icon.trim_end().ends_with("</svg>"));
    if program::read(
        &Host::this(),
        "sh",
        &["-c", "command -v desktop-file-validate"],
        4096,
    )
    .is_err()
    {
        println!(
            "not asked: desktop-file-validate is not installed: apt-get install -y desktop-file-utils"
        );
        return;
    }
    let path = path.display().to_string();
    let said = program::read(&Host::this(), "desktop-file-validate", &[&path], 64 << 10);
    assert_eq!(said.unwrap(), "");
}

#[test]
fn the_menu_entry_runs_what_the_command_has() {
    let text = std::fs::read_to_string(file("sonde-help.desktop")).unwrap();
    let words: Vec<&str> = entry(&text)["Exec"].split(' ').collect();
    assert_eq!(words[..2], ["sonde-agent", "help-me"]);
    let help = program::read(
        &Host::this(),
        env!("CARGO_BIN_EXE_sonde-agent"),
        &["help-me", "--help"],
        64 << 10,
    );
    assert!(help.unwrap().contains(words[2]), "{words:?}");
}

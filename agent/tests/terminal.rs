//! The agent alone at the terminal: what it prints, how it ends, and what an ordinary user gets.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use sonde_agent::host::{Host, program};

const AGENT: &str = env!("CARGO_BIN_EXE_sonde-agent");

/// Runs `agent` with the arguments; gives standard output, standard error and exit code, one after the other.
fn run(agent: &str, arguments: &str) -> (String, String, i32) {
    let script = format!("\"$0\" {arguments} 2>&3; code=$?; echo; echo $code");
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let errors = folder.path().join("errors");
    let script = format!("exec 3>{}; {script}", errors.display());
    let text = program::read(&Host::this(), "sh", &["-c", &script, agent], 64 << 20).unwrap();
    let (text, code) = text.trim_end().rsplit_once('\n').unwrap();
    let errors = std::fs::read_to_string(errors).unwrap();
    (text.trim_end().to_owned(), errors, code.parse().unwrap())
}

#[test]
fn the_exit_code_is_the_worst_status() {
    let (text, _, code) = run(AGENT, "check --json");
    let findings: Value = serde_json::from_str(&text).unwrap();
    let statuses = findings["findings"].as_array().unwrap().iter();
    let statuses = statuses.map(|finding| finding["status"].as_str().unwrap());
    let statuses = statuses.collect::<Vec<_>>();
    let expected = ["critical", "warning", "unknown"]
        .into_iter()
        .zip([2, 1, 3])
        .find(|(status, _)| statuses.contains(status))
        .map_or(0, |(_, code)| code);
    assert_eq!(code, expected, "{statuses:?}");
}

#[test]
fn every_check_has_its_finding() {
    let (text, _, _) = run(AGENT, "check --json");
    for check in sonde_agent::checks::ALL {
        let is_there = text.contains(&format!("\"check\": \"{}\"", check.id));
        assert_eq!(is_there, !check.takes_asset(), "{}", check.id);
    }
}

#[test]
fn one_check_may_be_asked_for_in_french() {
    let (text, _, _) = run(
        AGENT,
        "check memory.oom os.reboot-required --lang fr --json",
    );
    let findings: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(findings["findings"].as_array().unwrap().len(), 2);
    let (english, _, _) = run(
        AGENT,
        "check memory.oom os.reboot-required --lang en --json",
    );
    let english: Value = serde_json::from_str(&english).unwrap();
    for at in 0..2 {
        let of = |findings: &Value, what: &str| findings["findings"][at][what].clone();
        assert_eq!(of(&findings, "check"), of(&english, "check"));
        assert_ne!(of(&findings, "summary"), of(&english, "summary"));
        assert!(
            of(&findings, "summary")
                .as_str()
                .is_some_and(|said| !said.is_empty())
        );
    }
}

#[test]
fn lines_fit_eighty_columns() {
    for arguments in [
        "check",
        "facts",
        "facts routes",
        "facts packages",
        "facts filesystems",
    ] {
        let (text, _, _) = run(AGENT, arguments);
        let long = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{arguments}");
    }
}

#[test]
fn an_unknown_name_gets_the_near_ones_and_no_output() {
    assert_eq!(
        run(AGENT, "check disk.spase"),
        (
            String::new(),
            "sonde-agent: there is no check disk.spase; is disk.space meant?\n".into(),
            3
        )
    );
    let (text, errors, code) = run(AGENT, "facts filesystms");
    assert_eq!((text.as_str(), code), ("", 2));
    assert_eq!(
        errors,
        "sonde-agent: there is no table filesystms; there are: filesystems\n"
    );
}

#[test]
fn a_plugin_prints_one_line_and_its_data() {
    let (text, _, code) = run(AGENT, "check disk.space --nagios");
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("SONDE "), "{first}");
    assert!(first.contains(" 'disk.space / free_percent'="), "{first}");
    assert!((0..4).contains(&code));
}

#[test]
fn an_ordinary_user_gets_a_reason_where_the_machine_does_not_say() {
    let host = Host::this();
    if !host.is_root() || program::read(&host, "setpriv", &["--version"], 4096).is_err() {
        println!("skipped: it needs root and setpriv");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open.clone()).unwrap();
    let agent = folder.path().join("sonde-agent");
    std::fs::copy(AGENT, &agent).unwrap();
    std::fs::set_permissions(&agent, open).unwrap();
    let as_nobody = |arguments: &str| {
        let arguments = format!(
            "--reuid 65534 --regid 65534 --clear-groups {} {arguments}",
            agent.display()
        );
        run("setpriv", &arguments)
    };
    let (text, _, code) = as_nobody("check --json");
    assert!((0..4).contains(&code), "{code}");
    let findings: Value = serde_json::from_str(&text).unwrap();
    for finding in findings["findings"].as_array().unwrap() {
        let summary = finding["summary"].as_str().unwrap();
        if finding["status"] == "unknown" {
            let reasoned = finding["message"]
                .as_str()
                .unwrap()
                .starts_with("unavailable.")
                || finding["message"] == "when_unknown";
            assert!(reasoned, "{finding}");
        }
        assert!(!summary.contains('{'), "{summary}");
    }
    let (text, _, code) = as_nobody("facts --json");
    assert_eq!(code, 0);
    let all: Value = serde_json::from_str(&text).unwrap();
    for (name, table) in all["tables"].as_object().unwrap() {
        let has_reason = table["unavailable"]
            .as_str()
            .is_some_and(|why| !why.is_empty());
        assert!(table["rows"].is_array() || has_reason, "{name}: {table}");
    }
}

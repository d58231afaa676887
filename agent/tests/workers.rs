//! What is large, slow or foreign is read by a child that gives up what it does not need and can be given up.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sonde_agent::checks::{self, Overrides};
use sonde_agent::facts::{self, Request, Table, Value};
use sonde_agent::finding::Status;
use sonde_agent::host::{Host, StateHome, Unavailable, WORKERS, Workers};
use sonde_agent::runner;

const DEADLINE: Duration = Duration::from_secs(60);

fn real() -> Host {
    Host::this().with_workers(Workers::Program(env!("CARGO_BIN_EXE_sonde-agent").into()))
}

/// A program in place of the worker.
fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("worker");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// With a deadline that a test waits for.
fn impatient(name: &str) -> Table {
    let Table {
        name,
        every,
        columns,
        in_worker,
        as_root,
        most_rows,
        private,
        lies_in,
        parameters,
        read,
        ..
    } = *facts::find(name).unwrap();
    Table {
        name,
        every,
        columns,
        in_worker,
        as_root,
        deadline: Duration::from_millis(300),
        most_rows,
        private,
        lies_in,
        parameters,
        read,
    }
}

/// Waits until nothing is left of the process; what has ended is cleared away by whoever has started it.
async fn gone(pid: &str) {
    let until = Instant::now() + DEADLINE;
    let stat = format!("/proc/{pid}/stat");
    while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(Instant::now() < until, "{pid} is still there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_child_reads_the_same_as_this_process() {
    let table = facts::find("processes").unwrap();
    let request = Request::default().with("name", Value::from("workers"));
    let pids = |rows: Vec<facts::Row>| {
        let pids = rows.into_iter().map(|row| (row[0].clone(), row[1].clone()));
        pids.collect::<Vec<_>>()
    };
    let child = facts::read(table, &real(), &request).await.unwrap();
    let here = facts::read_here(table, &Host::this(), &request).unwrap();
    let own = Value::Integer(std::process::id().into());
    let child = pids(child.rows);
    assert!(child.iter().any(|(pid, _)| *pid == own), "{child:?}");
    let of_own = |all: Vec<(Value, Value)>| all.into_iter().find(|(pid, _)| *pid == own);
    assert_eq!(of_own(child), of_own(pids(here.rows)));
}

#[tokio::test]
async fn a_row_limit_counts_what_is_left_out() {
    let table = facts::find("processes").unwrap();
    let request = Request {
        most_rows: 1,
        ..Request::default()
    };
    let reading = facts::read(table, &real(), &request).await.unwrap();
    assert_eq!(reading.rows.len(), 1);
    assert!(reading.missing_rows > 0);
}

#[tokio::test]
async fn what_is_not_there_is_named_across_the_pipe() {
    let empty = tempfile::tempdir().unwrap();
    let host = Host::recorded(empty.path(), 0).with_workers(real_workers());
    let table = facts::find("packages").unwrap();
    let reading = facts::read(table, &host, &Request::default()).await;
    assert!(
        matches!(reading, Err(Unavailable::Absent { .. })),
        "{reading:?}"
    );
}

fn real_workers() -> Workers {
    Workers::Program(env!("CARGO_BIN_EXE_sonde-agent").into())
}

#[tokio::test]
async fn a_stuck_child_is_ended_with_all_it_has_started() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!(
        "sleep 1000 & echo $! $$ > {0}.new; mv {0}.new {0}; wait",
        pids.display()
    );
    let host = Host::this().with_workers(Workers::Program(program(folder.path(), &script)));
    let reading = facts::read(&impatient("packages"), &host, &Request::default()).await;
    assert!(
        matches!(reading, Err(Unavailable::Timeout { .. })),
        "{reading:?}"
    );
    for pid in std::fs::read_to_string(pids).unwrap().split_whitespace() {
        gone(pid).await;
    }
}

#[tokio::test]
async fn a_child_that_says_nonsense_or_nothing_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    for script in ["echo nonsense", "exit 1", "cat /dev/zero"] {
        let host = Host::this().with_workers(Workers::Program(program(folder.path(), script)));
        let table = facts::find("packages").unwrap();
        let reading = facts::read(table, &host, &Request::default()).await;
        assert!(
            matches!(reading, Err(Unavailable::Broken { .. })),
            "{script}: {reading:?}"
        );
    }
}

/// A machine of which no more is known than its system.
fn with_system(folder: &Path, release: &str) -> Host {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("etc/os-release", release);
    write("proc/sys/kernel/osrelease", "6.1.0\n");
    Host::recorded(folder, 1_767_225_600_000_000)
}

#[tokio::test]
async fn a_child_finds_the_same_as_this_process() {
    let folder = tempfile::tempdir().unwrap();
    let here = with_system(folder.path(), "ID=debian\nVERSION_ID=10\n");
    let away = here.with_workers(real_workers());
    for host in [&here, &away] {
        host.set_state_home(StateHome::Elsewhere {
            folder: "/var/lib".into(),
            home: "/run".into(),
        });
    }
    // The one in the middle is looked at here.
    let all = ["os.end-of-life", "disk.space", "agent.state"].map(|id| checks::find(id).unwrap());
    let here = runner::run(&here, &all, &Overrides::default()).await;
    let away = runner::run(&away, &all, &Overrides::default()).await;
    let said: Vec<_> = here.iter().map(|one| (one.check, one.status)).collect();
    let expected = [
        ("os.end-of-life", Status::Warning),
        ("disk.space", Status::Unknown),
        ("agent.state", Status::Critical),
    ];
    assert_eq!(said, expected);
    assert_eq!(away, here);
}

#[tokio::test]
async fn a_limit_of_a_policy_holds_in_a_child_too() {
    let end_of_life = checks::find("os.end-of-life").unwrap();
    let mut overrides = Overrides::default();
    let limit = end_of_life.limits[0].name;
    overrides.set("os.end-of-life", limit, 100_000.0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let host =
        with_system(folder.path(), "ID=debian\nVERSION_ID=12\n").with_workers(real_workers());
    let status =
        async |overrides: &Overrides| runner::run(&host, &[end_of_life], overrides).await[0].status;
    assert_eq!(status(&Overrides::default()).await, Status::Ok);
    assert_eq!(status(&overrides).await, Status::Warning);
}

#[tokio::test]
async fn checks_whose_child_is_lost_could_not_look() {
    let folder = tempfile::tempdir().unwrap();
    let lost = Workers::Program(program(
        folder.path(),
        "echo '{\"End\":{\"missing_rows\":0}}'",
    ));
    let host = Host::this().with_workers(lost);
    let all = [
        checks::find("net.hosts").unwrap(),
        checks::find("agent.state").unwrap(),
    ];
    let found = runner::run(&host, &all, &Overrides::default()).await;
    let said = found.iter().map(|one| (one.check, one.status));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("net.hosts", Status::Unknown),
            ("agent.state", Status::Unknown)
        ]
    );
}

#[tokio::test]
async fn there_are_never_more_than_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("started");
    let script = format!("sleep 1000 & echo $! $$ >> {}; wait", count.display());
    let host = Host::this().with_workers(Workers::Program(program(folder.path(), &script)));
    let patient = facts::find("packages").unwrap();
    let nothing = Request::default();
    let stuck = (0..WORKERS).map(|_| facts::read(patient, &host, &nothing));
    let stuck = futures::future::join_all(stuck);
    let more = async {
        let until = Instant::now() + DEADLINE;
        let n_started = || {
            let text = std::fs::read_to_string(&count).unwrap_or_default();
            text.lines().count()
        };
        while n_started() < WORKERS {
            assert!(Instant::now() < until);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let one_more = facts::read(&impatient("packages"), &host, &Request::default()).await;
        assert!(
            matches!(one_more, Err(Unavailable::Busy { .. })),
            "{one_more:?}"
        );
        assert_eq!(n_started(), WORKERS);
    };
    // Whoever asked goes away; the children go too.
    tokio::select! {
        _ = stuck => panic!("nothing answers"),
        () = more => {}
    }
    for pid in std::fs::read_to_string(&count).unwrap().split_whitespace() {
        gone(pid).await;
    }
}

#[tokio::test]
async fn a_dead_mount_hangs_neither_the_check_nor_the_judgement_of_others() {
    let tree = tempfile::tempdir().unwrap();
    let mounts = tree.path().join("proc/self/mountinfo");
    std::fs::create_dir_all(mounts.parent().unwrap()).unwrap();
    std::fs::write(
        mounts,
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /nas rw - nfs4 nas:/x rw\n",
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stuck = Workers::Program(program(folder.path(), "sleep 1000"));
    let host = Host::recorded(tree.path(), 0).with_workers(stuck);
    let check = checks::find("disk.space").unwrap();
    let findings = runner::run(&host, &[check], &Overrides::default()).await;
    let said = findings.iter().map(|finding| {
        let status = finding.status != Status::Unknown;
        (
            finding.subject.as_str(),
            status,
            finding.message.id.as_ref(),
        )
    });
    let said = said.collect::<Vec<_>>();
    assert_eq!(said[1], ("/nas", false, "unavailable.timeout"));
    assert_eq!((said[0].0, said[0].1), ("/", true));
}

/// What a policy sets reaches the child: limits and targets.
#[tokio::test]
async fn a_child_tries_the_targets_that_are_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("tcp://{}", listener.local_addr().unwrap());
    let check = checks::find("net.target").unwrap();
    let mut overrides = Overrides::default();
    let host = real();
    let found = runner::run(&host, &[check], &overrides).await;
    assert_eq!(found[0].message.id, "none");
    overrides
        .set_targets("net.target", std::slice::from_ref(&target))
        .unwrap();
    overrides.set("net.target", "answer_warning", 60.0).unwrap();
    let found = runner::run(&host, &[check], &overrides).await;
    let shown = (found[0].subject.as_str(), found[0].message.id.as_ref());
    assert_eq!(shown, (target.as_str(), "answers"));
    overrides.set("net.target", "answer_warning", 0.0).unwrap();
    let found = runner::run(&host, &[check], &overrides).await;
    assert_eq!(found[0].message.id, "slow");
}

/// A child that needs no rights has none: it cannot read what only root may.
#[tokio::test]
async fn a_child_of_root_is_nobody_unless_it_must() {
    let tree = tempfile::tempdir().unwrap();
    std::fs::set_permissions(tree.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let status = tree.path().join("var/lib/dpkg/status");
    std::fs::create_dir_all(status.parent().unwrap()).unwrap();
    std::fs::write(
        &status,
        "Package: a\nVersion: 1\nArchitecture: all\nStatus: install ok installed\n",
    )
    .unwrap();
    let host = Host::recorded(tree.path(), 0).with_workers(real_workers());
    if !host.is_root() {
        println!("skipped: it needs root");
        return;
    }
    let table = facts::find("packages").unwrap();
    let reading = facts::read(table, &host, &Request::default()).await;
    assert_eq!(reading.map(|reading| reading.rows.len()), Ok(1));
    std::fs::set_permissions(&status, std::fs::Permissions::from_mode(0o600)).unwrap();
    let reading = facts::read(table, &host, &Request::default()).await;
    assert!(
        matches!(reading, Err(Unavailable::Permission { .. })),
        "{reading:?}"
    );
}

//! A plugin is run by a child that gives up what it does not need, is ended with all it has started, and is never believed
//! more than its exit code.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sonde_agent::checks::{Check, Overrides};
use sonde_agent::facts::{self, Request};
use sonde_agent::finding::{Finding, Status};
use sonde_agent::host::{Host, WORKERS, Workers};
use sonde_agent::{plugins, runner};
use sonde_proto::message::{ArgumentValue, Lang};

const DEADLINE: Duration = Duration::from_secs(60);

/// A folder of declarations and one of programs, which nobody else can write and everybody may look into.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new()
            .permissions(open)
            .tempdir()
            .unwrap();
        for name in ["plugins", "programs", "out"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let bench = Self { folder };
        bench.mode("plugins", 0o755);
        bench.mode("programs", 0o755);
        // Where a program that is nobody's may leave a word.
        bench.mode("out", 0o777);
        bench
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A shell script under `programs/`.
    fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = format!("programs/{name}");
        fs::write(self.at(&path), format!("#!/bin/sh\n{script}\n")).unwrap();
        self.mode(&path, 0o755);
        self.at(&path)
    }

    fn declare(&self, name: &str, command: &[&Path], more: &str) -> &'static Check {
        let path = format!("plugins/{name}.toml");
        fs::write(self.at(&path), format!("command = {command:?}\n{more}\n")).unwrap();
        self.mode(&path, 0o644);
        let checks = plugins::load(&self.at("plugins")).unwrap();
        let id = format!("plugin.{name}");
        checks.into_iter().find(|check| check.id == id).unwrap()
    }

    /// What a script says as a plugin.
    async fn run(&self, name: &str, script: &str, more: &str) -> Finding {
        let program = self.program(name, script);
        run(self.declare(name, &[&program], more)).await
    }
}

async fn run(check: &'static Check) -> Finding {
    let workers = Workers::Program(env!("CARGO_BIN_EXE_sonde-agent").into());
    let host = Host::this().with_workers(workers);
    let mut found = runner::run(&host, &[check], &Overrides::default()).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].check, check.id);
    found.remove(0)
}

fn text(check: &Check, finding: &Finding) -> String {
    let said = check.say(&finding.message, Lang::En);
    format!(
        "{} / {}",
        finding.status.word(),
        said.replace('\u{a0}', " ")
    )
}

/// Its words by the texts that all plugins have.
#[track_caller]
fn check(finding: &Finding, expected: &str) {
    let bench = Bench::new();
    let of = bench.declare("x", &[Path::new("/bin/true")], "");
    assert_eq!(text(of, finding), expected);
}

fn evidence<'f>(finding: &'f Finding, name: &str) -> Option<&'f ArgumentValue> {
    let found = finding.evidence.iter().find(|one| one.name == name);
    found.map(|one| &one.value)
}

async fn gone(pid: &str) {
    let until = Instant::now() + DEADLINE;
    let stat = format!("/proc/{pid}/stat");
    while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(Instant::now() < until, "{pid} is still there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn is_root() -> bool {
    let is_root = Host::this().is_root();
    if !is_root {
        println!("skipped: it needs root");
    }
    is_root
}

#[tokio::test]
async fn a_plugin_says_status_words_and_numbers() {
    let bench = Bench::new();
    let script = "echo 'LOW: 5 left|left=5;10;2 t=20ms'; echo more; exit 1";
    let finding = bench.run("a", script, "").await;
    check(&finding, "warning / LOW: 5 left");
    assert_eq!(
        evidence(&finding, "t"),
        Some(&ArgumentValue::DurationUs(20_000))
    );
    assert_eq!(
        evidence(&finding, "output"),
        Some(&ArgumentValue::Text("more".into()))
    );
}

#[tokio::test]
async fn a_plugin_has_no_input_and_nothing_of_the_agents_environment() {
    let bench = Bench::new();
    let script =
        "cat; env | sed 's/=.*//' | grep -v -e '^PWD$' -e '^_$' -e SHLVL | sort | tr '\\n' ' '";
    let finding = bench.run("a", script, "").await;
    check(&finding, "ok / DEBIAN_FRONTEND LC_ALL PATH SYSTEMD_PAGER");
}

#[tokio::test]
async fn arguments_are_handed_on_as_they_are() {
    let bench = Bench::new();
    let program = bench.program("a", "printf '%s,' \"$@\"");
    let hostile = [
        program.as_path(),
        Path::new("; rm -rf /"),
        Path::new("$(id)"),
        Path::new(""),
    ];
    let of = bench.declare("a", &hostile, "");
    assert_eq!(text(of, &run(of).await), "ok / ; rm -rf /,$(id),,");
}

#[tokio::test]
async fn a_plugin_that_hangs_is_ended_with_all_it_has_started() {
    let bench = Bench::new();
    let pids = bench.at("out/pids");
    let script = format!(
        "sleep 1000 & echo $! $$ > {0}.new; mv {0}.new {0}; wait",
        pids.display()
    );
    let finding = bench.run("a", &script, "timeout = \"1s\"").await;
    check(
        &finding,
        "unknown / Cannot tell: plugin.a gave no answer within 1 s",
    );
    let pids = fs::read_to_string(pids).unwrap();
    assert_eq!(pids.split_whitespace().count(), 2);
    for pid in pids.split_whitespace() {
        gone(pid).await;
    }
}

#[tokio::test]
async fn plugins_that_hang_leave_places_to_what_the_agent_asks() {
    let bench = Bench::new();
    let started = bench.at("out/started");
    let script = format!("echo $$ >> {}; exec sleep 1000", started.display());
    let program = bench.program("hang", &script);
    let hanging =
        ["a", "b", "c", "d"].map(|name| bench.declare(name, &[&program], "timeout = \"60s\""));
    let workers = Workers::Program(env!("CARGO_BIN_EXE_sonde-agent").into());
    let host = Host::this().with_workers(workers);
    let pids = || fs::read_to_string(&started).unwrap_or_default();
    let more = async {
        let until = Instant::now() + DEADLINE;
        while pids().lines().count() < 2 {
            assert!(Instant::now() < until);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // As often as all the other places are taken in turn.
        for _ in 0..WORKERS {
            let table = facts::find("processes").unwrap();
            facts::read(table, &host, &Request::default())
                .await
                .unwrap();
        }
        assert_eq!(pids().lines().count(), 2);
    };
    let overrides = Overrides::default();
    // Whoever asked goes away; the plugins go too.
    tokio::select! {
        _ = runner::run(&host, &hanging, &overrides) => panic!("nothing answers"),
        () = more => {}
    }
    for pid in pids().split_whitespace() {
        gone(pid).await;
    }
}

#[tokio::test]
async fn what_a_plugin_leaves_running_is_neither_waited_for_nor_left() {
    let bench = Bench::new();
    let pid = bench.at("out/pid");
    // It keeps the plugin's output open.
    let script = format!("sleep 1000 & echo $! > {}; echo OK; exit 2", pid.display());
    let finding = bench.run("a", &script, "timeout = \"60s\"").await;
    check(&finding, "critical / OK");
    gone(fs::read_to_string(pid).unwrap().trim()).await;
}

#[tokio::test]
async fn ten_megabytes_are_cut_and_the_status_stands() {
    let bench = Bench::new();
    let script = "head -c 10485760 /dev/zero | tr '\\0' x; echo complaint >&2; exit 1";
    let finding = bench.run("a", script, "").await;
    assert_eq!(finding.status, Status::Warning);
    let missing = 10_485_760 - 65_536;
    assert_eq!(
        evidence(&finding, "output_cut"),
        Some(&ArgumentValue::Bytes(missing))
    );
    let line = words(&finding);
    assert!(line.len() <= 1_024 && line.starts_with("xxx"), "{line}");
}

/// The plugin's own words.
fn words(finding: &Finding) -> String {
    let [argument] = &finding.message.arguments[..] else {
        panic!("{finding:?}");
    };
    let ArgumentValue::Text(text) = &argument.value else {
        panic!("{argument:?}");
    };
    text.clone()
}

#[tokio::test]
async fn what_ends_otherwise_is_unknown() {
    let bench = Bench::new();
    let finding = bench.run("a", "echo hm; exit 42", "").await;
    check(
        &finding,
        "unknown / Cannot tell: the plugin ended with code 42, which is no status (hm)",
    );
    let finding = bench.run("b", "echo OK; kill -SEGV $$", "").await;
    check(
        &finding,
        "unknown / Cannot tell: signal 11 ended the plugin",
    );
    let none = bench.declare("c", &[&bench.at("programs/none")], "");
    let said = text(none, &run(none).await);
    assert!(
        said.starts_with("unknown / Cannot tell: the plugin is not run: "),
        "{said}"
    );
    assert!(said.contains("programs/none"), "{said}");
    // Neither a program nor a script.
    fs::write(bench.at("programs/data"), "x").unwrap();
    bench.mode("programs/data", 0o644);
    let data = bench.declare("d", &[&bench.at("programs/data")], "");
    let said = text(data, &run(data).await);
    assert!(said.contains("programs/data: Permission denied"), "{said}");
}

#[tokio::test]
async fn a_program_that_others_can_change_is_not_started() {
    let bench = Bench::new();
    let started = bench.at("out/started");
    let program = bench.program("a", &format!("touch {}", started.display()));
    let of = bench.declare("a", &[&program], "");
    let link = bench.at("plugins/link");
    symlink(&program, &link).unwrap();
    let by_link = bench.declare("b", &[&link], "");
    bench.mode("programs/a", 0o757);
    for of in [of, by_link] {
        let said = text(of, &run(of).await);
        let why = format!("{} can be written by others", program.display());
        assert!(
            said.starts_with("unknown / ") && said.contains(&why),
            "{said}"
        );
    }
    bench.mode("programs/a", 0o755);
    bench.mode("programs", 0o777);
    let said = text(of, &run(of).await);
    assert!(said.contains("programs can be written by others"), "{said}");
    assert!(!started.exists());
    // Put right while the agent runs, it is started.
    bench.mode("programs", 0o755);
    assert_eq!(run(of).await.status, Status::Ok);
    assert!(started.exists());
}

#[tokio::test]
async fn a_plugin_of_root_is_nobody_unless_its_declaration_says_otherwise() {
    if !is_root() {
        return;
    }
    let bench = Bench::new();
    let script =
        "echo $(id -un) $(id -Gn) $(grep -e NoNewPrivs -e CapEff /proc/self/status) $(nice)";
    let who = async |name: &str, more: &str| words(&bench.run(name, script, more).await);
    let none = "CapEff: 0000000000000000 NoNewPrivs: 1 10";
    assert_eq!(who("a", "").await, format!("nobody nogroup {none}"));
    assert_eq!(
        who("b", "user = \"nobody\"").await,
        format!("nobody nogroup {none}")
    );
    assert_eq!(
        who("c", "user = \"daemon\"").await,
        format!("daemon daemon {none}")
    );
    let root = who("d", "user = \"root\"").await;
    assert!(root.starts_with("root root"), "{root}");
    let none = bench.run("e", script, "user = \"no-such-user\"").await;
    check(
        &none,
        "unknown / Cannot tell: the plugin is not run: this machine has no user no-such-user; correct \"user\"",
    );
}

#[tokio::test]
async fn debians_own_plugins_run() {
    let folder = Path::new("/usr/lib/nagios/plugins");
    if !folder.is_dir() {
        println!("skipped: it needs plugins: apt-get install -y monitoring-plugins-basic");
        return;
    }
    let bench = Bench::new();
    let run_own = async |name: &str, arguments: &[&str]| {
        let program = folder.join(name);
        let mut command = vec![program.as_path()];
        command.extend(arguments.iter().map(Path::new));
        run(bench.declare(&name.replace('_', "-"), &command, "")).await
    };
    let disk = run_own(
        "check_disk",
        &["-w", "1", "-c", "0", "-u", "bytes", "-p", "/"],
    )
    .await;
    assert!(words(&disk).starts_with("DISK OK"), "{disk:?}");
    assert!(
        matches!(evidence(&disk, "/"), Some(ArgumentValue::Bytes(1..))),
        "{disk:?}"
    );
    let load = run_own("check_load", &["-w", "1e9", "-c", "1e9"]).await;
    assert!(
        matches!(evidence(&load, "load1"), Some(ArgumentValue::Number { .. })),
        "{load:?}"
    );
    let dummy = run_own("check_dummy", &["2", "as told"]).await;
    assert_eq!(
        (dummy.status, words(&dummy)),
        (Status::Critical, "CRITICAL: as told".into())
    );
}

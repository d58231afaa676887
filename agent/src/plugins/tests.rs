//! What a folder declares, and what it refuses.

use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.0.path().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        folder
    }

    fn mode(&self, name: &str, mode: u32) {
        let path = self.0.path().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn load(&self) -> Vec<&'static Check> {
        load(self.0.path()).unwrap()
    }

    /// Ids, and what is wrong with each.
    fn shown(&self) -> String {
        let folder = self.0.path().display().to_string();
        let shown = self.load().into_iter().map(|check| {
            let complaints = complaints(check).join("\n");
            match complaints.as_str() {
                "" => check.id.to_owned(),
                complaints => format!("{}! {complaints}", check.id).replace(&folder, "…"),
            }
        });
        shown.collect::<Vec<_>>().join("\n")
    }
}

fn complaints(check: &Check) -> Vec<String> {
    check.plugin().unwrap().complaints()
}

const TRUE: &str = "command = [\"/bin/true\"]\n";

#[test]
fn each_file_declares_the_check_of_its_name() {
    let folder = Folder::new(&[
        (
            "b.toml",
            "command = [\"/bin/true\", \"-x\"]\ntitle = \"Up?\"\nevery = \"1h\"\nticket_worthy = true",
        ),
        ("a-1.toml", TRUE),
        (".hidden", "x"),
        ("a-1.toml~", "x"),
    ]);
    assert_eq!(folder.shown(), "plugin.a-1\nplugin.b");
    let b = folder.load()[1];
    assert_eq!((b.title_en, b.title_fr), ("Up?", "Up?"));
    assert_eq!(
        (b.every, b.ticket_worthy),
        (Duration::from_secs(3600), true)
    );
    let declared = crate::wire::plugins(&folder.load()).unwrap();
    assert_eq!(declared.checks.len(), 2);
    let body = sonde_proto::v1::declaration::Body::Catalogue(declared);
    let (_, bytes) = sonde_proto::declaration::encode(body);
    assert!(sonde_proto::judged::judge(&bytes).is_ok());
}

#[test]
fn without_a_folder_there_are_no_plugins() {
    let folder = Folder::new(&[]);
    assert!(load(&folder.0.path().join("none")).unwrap().is_empty());
    assert!(folder.load().is_empty());
    assert_eq!(crate::wire::plugins(crate::checks::ALL), None);
}

#[test]
fn a_folder_that_cannot_be_read_is_said_and_nothing_else_stops() {
    let folder = Folder::new(&[("file", "")]);
    let checks = load(&folder.0.path().join("file")).unwrap();
    assert_eq!((checks.len(), checks[0].id), (1, UNFIT));
    assert!(complaints(checks[0])[0].ends_with("file: Not a directory"));
}

#[test]
fn a_folder_that_others_can_write_is_refused_whole() {
    for mode in [0o777, 0o1777, 0o775] {
        let folder = Folder::new(&[("a.toml", TRUE)]);
        folder.mode("", mode);
        let refused = load(folder.0.path());
        assert!(matches!(refused, Err(StateError::WritableByOthers { .. })));
    }
}

#[test]
fn a_file_that_declares_nothing_is_refused_under_its_own_name() {
    let folder = Folder::new(&[
        ("a.toml", "comand = [\"/bin/true\"]"),
        ("b.toml", TRUE),
        ("c.toml", TRUE),
        ("d.toml", "command = [\"true\"]"),
    ]);
    folder.mode("b.toml", 0o666);
    let open = Folder::new(&[("e", TRUE)]);
    open.mode("e", 0o666);
    symlink(open.0.path().join("e"), folder.0.path().join("e.toml")).unwrap();
    let e = open.0.path().join("e").display().to_string();
    assert_eq!(
        folder.shown(),
        format!(
            "plugin.a! plugin.a: …/a.toml: line 1: unknown field `comand`, expected one of `command`, `title`, \
             `title_fr`, `every`, `timeout`, `user`, `ticket_worthy`; correct it, then restart the agent\n\
             plugin.b! plugin.b: …/b.toml: …/b.toml can be written by others; take that right away: chmod go-w …/b.toml, \
             then restart the agent\n\
             plugin.c\n\
             plugin.d! plugin.d: …/d.toml: command begins with \"true\", which is no whole path; correct it, then restart the agent\n\
             plugin.e! plugin.e: …/e.toml: {e} can be written by others; take that right away: chmod go-w {e}, \
             then restart the agent"
        )
    );
}

#[test]
fn a_file_that_no_check_can_be_named_after_is_said_all_the_same() {
    let folder = Folder::new(&[
        ("Disk.toml", TRUE),
        ("a.toml", TRUE),
        ("notes\u{1b}.txt", ""),
    ]);
    let shown = folder.shown();
    assert!(
        shown.starts_with("plugin.a\nagent.plugins! Disk.toml: its name is no plugin's"),
        "{shown}"
    );
    assert!(shown.contains("\nnotes\u{fffd}.txt: "), "{shown}");
}

#[test]
fn there_are_only_so_many() {
    let names: Vec<String> = (0..MOST + 2).map(|n| format!("p{n:02}.toml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), TRUE)).collect();
    let checks = Folder::new(&files).load();
    assert_eq!(checks.len(), MOST + 1);
    let last = checks.last().unwrap();
    assert_eq!((last.id, complaints(last).len()), (UNFIT, 2));
    let names: Vec<String> = (0..MOST_FILES + 1).map(|n| format!("{n}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let last = Folder::new(&files).load()[0];
    assert!(complaints(last)[0].contains("more than 1000 files"));
}

#[test]
fn a_program_that_others_can_change_is_named_before_it_runs() {
    let open = Folder::new(&[("check", "#!/bin/sh\n")]);
    open.mode("check", 0o777);
    let path = open.0.path().join("check").display().to_string();
    let folder = Folder::new(&[("a.toml", &format!("command = [\"{path}\"]"))]);
    assert_eq!(
        folder.shown(),
        format!(
            "plugin.a! plugin.a: {path} can be written by others; take that right away: chmod go-w {path}"
        )
    );
}

#[tokio::test]
async fn what_is_refused_is_unknown_with_its_reason() {
    let folder = Folder::new(&[("a.toml", ""), ("B.toml", TRUE)]);
    let checks = folder.load();
    let overrides = crate::checks::Overrides::default();
    let findings = crate::runner::run(&Host::this(), &checks, &overrides).await;
    let said = findings.iter().map(|finding| {
        finding.message.audit(finding.check, judge::TEXTS.iter());
        (finding.check, finding.subject.as_str(), finding.status)
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("plugin.a", "", Status::Unknown),
            ("agent.plugins", "B.toml", Status::Unknown)
        ]
    );
}

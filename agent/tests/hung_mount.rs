//! A mount whose server has taken a question and never answers: whoever asks it cannot be ended.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::path::Path;

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use sonde_agent::checks::{self, Overrides};
use sonde_agent::facts::{self, Request};
use sonde_agent::finding::Status;
use sonde_agent::host::{Host, WORKERS, Workers, program};
use sonde_agent::runner;

/// fuse.h of the kernel: the first question of all, and what answers it.
const FUSE_INIT: u32 = 26;
const IN_HEADER_BYTES: usize = 40;
const OUT_HEADER_BYTES: u32 = 16;
const INIT_OUT_BYTES: u32 = 64;
const OUTPUT_BYTES: usize = 1 << 20;

/// Set where the test runs in mounts of its own.
const ALONE: &str = "SONDE_TEST_ALONE";

/// A FUSE file system that takes questions and answers none but the first.
struct HungMount {
    folder: tempfile::TempDir,
    server: Option<File>,
}

impl HungMount {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = File::options()
            .read(true)
            .write(true)
            .open("/dev/fuse")
            .unwrap();
        let fd = server.as_raw_fd();
        let options = format!("fd={fd},rootmode=40000,user_id=0,group_id=0");
        let options = std::ffi::CString::new(options).unwrap();
        mount(
            "hung",
            folder.path(),
            "fuse.hung",
            MountFlags::empty(),
            options.as_c_str(),
        )
        .unwrap();
        let mut questions = server.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut question = vec![0; 64 << 10];
            while let Ok(n) = questions.read(&mut question) {
                let number =
                    |at: usize| u32::from_ne_bytes(question[at..at + 4].try_into().unwrap());
                if n >= IN_HEADER_BYTES && number(4) == FUSE_INIT {
                    let mut answer = Vec::new();
                    answer.extend((OUT_HEADER_BYTES + INIT_OUT_BYTES).to_ne_bytes());
                    answer.extend(0_u32.to_ne_bytes());
                    answer.extend(&question[8..16]);
                    answer.extend(7_u32.to_ne_bytes());
                    answer.extend(31_u32.to_ne_bytes());
                    answer.resize((OUT_HEADER_BYTES + INIT_OUT_BYTES) as usize, 0);
                    // The largest write.
                    answer[36..40].copy_from_slice(&4096_u32.to_ne_bytes());
                    questions.write_all(&answer).unwrap();
                }
            }
        });
        Self {
            folder,
            server: Some(server),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for HungMount {
    fn drop(&mut self) {
        // Whoever waits is let go.
        unmount(self.path(), UnmountFlags::FORCE | UnmountFlags::DETACH).ok();
        drop(self.server.take());
    }
}

/// Runs the test anew where nobody else sees the mount.
fn alone() {
    let test = std::env::current_exe().unwrap();
    let is_alone = format!("{ALONE}=1");
    let arguments = [
        "--mount",
        "--propagation",
        "private",
        "env",
        &is_alone,
        test.to_str().unwrap(),
        "--exact",
        "a_mount_that_cannot_be_given_up_leaves_room_for_other_work",
    ];
    program::read(&Host::this(), "unshare", &arguments, OUTPUT_BYTES).unwrap();
}

#[tokio::test]
async fn a_mount_that_cannot_be_given_up_leaves_room_for_other_work() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: it needs root");
        return;
    }
    if std::env::var_os(ALONE).is_none() {
        alone();
        return;
    }
    let hung = HungMount::new();
    let host =
        Host::this().with_workers(Workers::Program(env!("CARGO_BIN_EXE_sonde-agent").into()));
    let space = checks::find("disk.space").unwrap();
    let subject = hung.path().to_str().unwrap();
    for round in 0..=WORKERS {
        let found = runner::run(&host, &[space], &Overrides::default()).await;
        let of_it = found.iter().find(|finding| finding.subject == subject);
        let of_it = of_it.unwrap_or_else(|| panic!("round {round}: {found:?}"));
        assert_eq!(of_it.status, Status::Unknown, "round {round}: {of_it:?}");
        assert_eq!(of_it.message.id, "unavailable.timeout", "round {round}");
    }
    let packages = facts::find("packages").unwrap();
    let read = facts::read(packages, &host, &Request::default()).await;
    assert!(!read.unwrap().rows.is_empty());
}

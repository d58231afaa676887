//! Parts of a machine that a test makes for itself: disks and networks. Only root can.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result};

use crate::program::{command, output};

/// Why a test that needs what only root can make is skipped here; `None`: it can run. `programs`: name and Debian
/// package of what it needs beside root.
pub fn lacks(programs: &[(&str, &str)]) -> Option<String> {
    if !crate::database::is_root() {
        return Some("it needs root".into());
    }
    lacks_program(programs)
}

/// The same for a test that anybody can run who has these programs.
pub fn lacks_program(programs: &[(&str, &str)]) -> Option<String> {
    programs
        .iter()
        .find(|(program, _)| output(command("which").arg(program)).is_err())
        .map(|(program, package)| format!("it needs {program}: apt-get install -y {package}"))
}

/// A small ext4 file system on a loop device. One at a time on the whole machine: every agent sees it, and a full one
/// would be another test's finding.
#[derive(Debug)]
pub struct Disk {
    folder: tempfile::TempDir,
    _turn: File,
}

impl Disk {
    /// Makes and mounts one of `mib` MiB, with nothing kept back for root.
    pub fn new(mib: u64) -> Result<Self> {
        let turn = File::create(std::env::temp_dir().join("sonde-tests-disk.lock"))?;
        turn.lock()?;
        let folder = tempfile::Builder::new().prefix("sonde-disk-").tempdir()?;
        let image = folder.path().join("image");
        File::create(&image)?.set_len(mib << 20)?;
        output(
            command("mkfs.ext4")
                .args(["-q", "-m", "0"])
                .arg(&image)
                .env("PATH", with_sbin()),
        )?;
        std::fs::create_dir(folder.path().join("disk"))?;
        let disk = Self {
            folder,
            _turn: turn,
        };
        output(
            command("mount")
                .args(["-o", "loop"])
                .arg(&image)
                .arg(disk.mount()),
        )?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub fn mount(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Writes a file until nothing more fits, to the last byte. Gives its length.
    pub fn fill(&self, name: &str) -> Result<u64> {
        let mut file = File::create(self.mount().join(name))?;
        for size in [1 << 20, 4096, 1] {
            let bytes = vec![b'x'; size];
            while file.write_all(&bytes).is_ok() {}
        }
        // What cannot be synced was not written.
        file.sync_all().ok();
        Ok(file.metadata()?.len())
    }

    /// `ro` or `rw`.
    pub fn remount(&self, how: &str) -> Result<()> {
        let options = format!("remount,{how}");
        output(command("mount").args(["-o", &options]).arg(self.mount())).map(drop)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: who still holds it keeps it until then.
        output(command("umount").arg("-l").arg(self.mount())).ok();
    }
}

/// A program that finds `files` at `place` below /var/cache; the real caches are out of its sight.
pub fn with_own_cache(place: &str, files: &Path, program: &Path) -> Command {
    let mut inside = command("unshare");
    let over = "mount -t tmpfs -o mode=755 tmpfs /var/cache && mkdir -p \"$1\" && \
                mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";
    inside.args(["--mount", "sh", "-c", over]);
    inside.arg(files).arg(place).arg(program);
    inside
}

/// Where Debian keeps downloaded packages.
pub const ARCHIVES: &str = "/var/cache/apt/archives";

/// A network of two: this machine, and a namespace in which an agent can run.
#[derive(Debug)]
pub struct Network {
    name: String,
    here: String,
    /// Its /etc/resolv.conf.
    resolver: tempfile::NamedTempFile,
}

impl Network {
    /// Makes it; the namespace's way out and its name server are this machine.
    pub fn new() -> Result<Self> {
        static N_NETWORKS: AtomicU32 = AtomicU32::new(0);
        let number = N_NETWORKS.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let name = format!("sonde{process}n{number}");
        // Of the range for tests of networks (RFC 2544), four addresses for each.
        let prefix = format!("198.18.{}", process % 256);
        let (here, there) = (
            format!("{prefix}.{}", number * 4 + 1),
            format!("{prefix}.{}", number * 4 + 2),
        );
        let mut resolver = tempfile::NamedTempFile::new()?;
        write!(resolver, "nameserver {here}\nsearch office.test\n")?;
        let network = Self {
            name,
            here,
            resolver,
        };
        let ip = |arguments: &str| {
            let arguments = arguments
                .replace("NAME", &network.name)
                .replace("THERE", &there)
                .replace("HERE", &network.here);
            output(command("ip").args(arguments.split(' '))).map(drop)
        };
        ip("netns add NAME")?;
        ip("link add NAMEh type veth peer name eth0 netns NAME")?;
        ip("address add HERE/30 dev NAMEh")?;
        ip("link set NAMEh up")?;
        ip("-n NAME address add THERE/30 dev eth0")?;
        ip("-n NAME link set lo up")?;
        ip("-n NAME link set eth0 up")?;
        ip("-n NAME route add default via HERE")?;
        Ok(network)
    }

    /// This machine's address in it.
    pub fn here(&self) -> &str {
        &self.here
    }

    /// A program in the namespace, with the namespace's own resolv.conf.
    pub fn command(&self, program: &Path) -> Command {
        let mut inside = command("ip");
        inside.args([
            "netns",
            "exec",
            &self.name,
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
        ]);
        inside.arg(self.resolver.path()).arg(program);
        inside
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        output(command("ip").args(["netns", "delete", &self.name])).ok();
    }
}

/// Where mkfs and its like are, whoever runs the test.
fn with_sbin() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/sbin:/sbin")
}

/// Writes a file of zeros, aged two hours.
pub fn old_file(path: &Path, mib: u64) -> Result<()> {
    std::fs::write(path, vec![0; (mib << 20) as usize])?;
    let then = std::time::SystemTime::now()
        .checked_sub(std::time::Duration::from_secs(7200))
        .context("the clock stands at its beginning")?;
    Ok(File::options().write(true).open(path)?.set_modified(then)?)
}

//! Parts of a machine that a test makes for itself. Only root can.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

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
    /// Makes and mounts one of `mib` MiB, with nothing kept back for root. What nobody writes takes no room.
    pub fn new(mib: u64) -> Result<Self> {
        Self::with(mib, &[])
    }

    /// One with more of mkfs.ext4's arguments.
    pub fn with(mib: u64, arguments: &[&str]) -> Result<Self> {
        let turn = turn()?;
        turn.lock()?;
        let folder = tempfile::Builder::new().prefix("sonde-disk-").tempdir()?;
        let image = folder.path().join("image");
        File::create(&image)?.set_len(mib << 20)?;
        output(
            command("mkfs.ext4")
                .args(["-q", "-m", "0"])
                .args(arguments)
                .arg(&image)
                .env("PATH", with_sbin()),
        )?;
        std::fs::create_dir(folder.path().join("disk"))?;
        let disk = Self {
            folder,
            _turn: turn,
        };
        disk.put_up()?;
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

    /// Takes room until `percent` of it is used, without writing it.
    pub fn fill_to(&self, percent: u64) -> Result<()> {
        let mount = self.mount();
        let said = output(command("stat").args(["-f", "-c", "%S %b %f"]).arg(&mount))?;
        let numbers: Vec<u64> = said
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [unit, n_blocks, n_free] = numbers[..] else {
            bail!("{said}");
        };
        let used = n_blocks - n_free;
        let length = (n_blocks * percent / 100).saturating_sub(used) * unit;
        let mut fallocate = command("fallocate");
        fallocate.args(["-l", &length.to_string()]);
        output(fallocate.arg(mount.join("taken"))).map(drop)
    }

    /// A file in which /etc/fstab has it mounted where it is, with these options.
    pub fn fstab(&self, options: &str) -> Result<tempfile::NamedTempFile> {
        let mut fstab = tempfile::NamedTempFile::new()?;
        let (device, mount) = (self.device()?, self.mount());
        writeln!(fstab, "{device} {} ext4 {options} 0 2", mount.display())?;
        Ok(fstab)
    }

    /// Gives back what `fill_to` took.
    pub fn give_back(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.mount().join("taken"))?)
    }

    /// With another option: `ro`, `rw`, `errors=remount-ro`.
    pub fn remount(&self, how: &str) -> Result<()> {
        let options = format!("remount,{how}");
        output(command("mount").args(["-o", &options]).arg(self.mount())).map(drop)
    }

    /// Has the kernel find an error on it (Documentation/ABI/testing/sysfs-fs-ext4).
    pub fn break_once(&self) -> Result<()> {
        let device = self.device()?;
        let name = device.trim_start_matches("/dev/");
        let trigger = format!("/sys/fs/ext4/{name}/trigger_fs_error");
        Ok(std::fs::write(trigger, "broken by a test")?)
    }

    /// Takes it down, repairs it, mounts it anew: a copy of it, since processes with mounts of their own may still hold
    /// the broken one.
    pub fn repair(&self) -> Result<()> {
        self.take_down()?;
        let (image, broken) = (self.image(), self.folder.path().join("broken"));
        std::fs::rename(&image, &broken)?;
        std::fs::copy(&broken, &image)?;
        // Exit code 1: errors were found and corrected (e2fsck(8)).
        command("e2fsck")
            .args(["-f", "-y"])
            .arg(&image)
            .env("PATH", with_sbin())
            .output()?;
        self.put_up()
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    pub fn take_down(&self) -> Result<()> {
        output(command("umount").arg(self.mount())).map(drop)
    }

    pub fn put_up(&self) -> Result<()> {
        let mut mount = command("mount");
        mount.args(["-o", "loop"]).arg(self.image());
        output(mount.arg(self.mount())).map(drop)
    }

    /// As in /dev.
    pub fn device(&self) -> Result<String> {
        let mut findmnt = command("findmnt");
        findmnt.args(["--noheadings", "--output", "SOURCE", "--target"]);
        Ok(output(findmnt.arg(self.mount()))?.trim().to_owned())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: who still holds it keeps it until then.
        output(command("umount").arg("-l").arg(self.mount())).ok();
    }
}

/// While it is held, no test has a disk of its own on this machine.
pub fn without_disks(needs: &[(&str, &str)]) -> Result<Option<File>> {
    if needs.contains(&OF_DISKS) {
        return Ok(None);
    }
    let turn = turn()?;
    turn.lock_shared()?;
    Ok(Some(turn))
}

/// Who has it locked for himself has the only disk.
fn turn() -> Result<File> {
    Ok(File::create(
        std::env::temp_dir().join("sonde-tests-disk.lock"),
    )?)
}

/// Program and Debian package of what a disk is made with.
pub const OF_DISKS: (&str, &str) = ("mkfs.ext4", "e2fsprogs");

/// A program, with its arguments, that finds `files` at `place` below /var/cache; the real caches are out of its sight.
pub fn with_own_cache(place: &str, files: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut inside = command("unshare");
    let over = "mount -t tmpfs -o mode=755 tmpfs /var/cache && mkdir -p \"$1\" && \
                mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";
    inside.args(["--mount", "sh", "-c", over]);
    inside.arg(files).arg(place).args(arguments);
    inside
}

/// Where Debian keeps downloaded packages.
pub const ARCHIVES: &str = "/var/cache/apt/archives";

/// Where mkfs and its like are, whoever runs the test.
fn with_sbin() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/sbin:/sbin")
}

/// Writes a file of zeros, aged two hours.
pub fn old_file(path: &Path, mib: u64) -> Result<()> {
    aged_file(path, mib, Duration::from_secs(7200))
}

/// The same, aged some days.
pub fn file_of_days_ago(path: &Path, mib: u64, days: u32) -> Result<()> {
    aged_file(path, mib, Duration::from_secs(86_400) * days)
}

fn aged_file(path: &Path, mib: u64, age: Duration) -> Result<()> {
    std::fs::write(path, vec![0; (mib << 20) as usize])?;
    let then = std::time::SystemTime::now()
        .checked_sub(age)
        .context("the clock stands at its beginning")?;
    Ok(File::options().write(true).open(path)?.set_modified(then)?)
}

//! The power is cut at random moments: what had not reached the disk is gone.
//!
//! The state folder lies on a file system in a file. At the cut the agent stands still, the file is copied without a
//! sync, and the machine goes on from the copy.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::database::is_root;
use crate::load::{Load, Random, is_full};
use crate::program::{command, output, pass, wait};
use crate::world::World;

/// Cuts of an ordinary run; a full one has more.
const CUTS: usize = 8;
const FULL_CUTS: usize = 50;
/// A cut falls within this.
const MOMENT_MS: u64 = 1000;
/// Every so many cuts one falls on work that is done, however slow the machine is.
const ON_DONE: usize = 4;
const DISK_BYTES: u64 = 48 << 20;

/// A small disk in a file, mounted.
struct Disk {
    image: PathBuf,
    mount: PathBuf,
}

impl Disk {
    fn make(folder: &Path) -> Result<Self> {
        let disk = Self {
            image: folder.join("disk-0"),
            mount: folder.join("mount"),
        };
        std::fs::create_dir(&disk.mount)?;
        std::fs::File::create(&disk.image)?.set_len(DISK_BYTES)?;
        output(command("mkfs.ext4").arg("-q").arg(&disk.image))?;
        disk.attach()?;
        Ok(disk)
    }

    fn attach(&self) -> Result<()> {
        output(
            command("mount")
                .args(["-o", "loop"])
                .arg(&self.image)
                .arg(&self.mount),
        )
        .map(drop)
    }

    fn detach(&self) -> Result<()> {
        output(command("umount").arg(&self.mount)).map(drop)
    }

    /// A copy of what has reached the disk.
    fn copy(&self, n: usize) -> Result<PathBuf> {
        let copy = self.image.with_file_name(format!("disk-{n}"));
        std::fs::copy(&self.image, &copy)?;
        Ok(copy)
    }

    /// Goes on from the copy.
    fn replace(&mut self, copy: PathBuf) -> Result<()> {
        self.detach()?;
        std::fs::remove_file(std::mem::replace(&mut self.image, copy))?;
        self.attach()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may not be mounted any more.
        self.detach().ok();
    }
}

#[test]
fn what_reached_the_disk_is_all_that_counts() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can mount");
        return Ok(());
    }
    let cuts = if is_full() { FULL_CUTS } else { CUTS };
    let mut random = Random::new()?;
    let mut world = World::sqlite()?;
    let folder = tempfile::tempdir()?;
    let mut disk = Disk::make(folder.path())?;
    let state = disk.mount.join("agent");
    let mut load = Load::start(&mut world, &state)?;
    for n in 1..=cuts {
        load.round(&mut world, |_, load| {
            if n % ON_DONE == 0 {
                wait("the action", || load.has_succeeded().then_some(()))?;
            }
            pass(Duration::from_millis(random.below(MOMENT_MS)));
            let id = load
                .agent
                .process_id()
                .context("the agent does not run")?
                .to_string();
            output(command("kill").args(["-STOP", &id]))?;
            let copy = disk.copy(n)?;
            load.agent.kill()?;
            disk.replace(copy)?;
            load.restart()
        })?;
    }
    load.judge(&format!("{cuts} power cuts"))?;
    load.agent.stop()?;
    Ok(())
}

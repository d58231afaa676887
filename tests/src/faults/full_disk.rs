//! A file system that is full: of what a cache can do without, or of something else.

use anyhow::Result;

use super::{Cure, Expected, Fault, story};
use crate::machine::{ARCHIVES, Disk, lacks, old_file, with_own_cache};
use crate::program::programs;
use crate::world::{Agent, World};

struct FullDisk {
    disk: Disk,
    of_cache: bool,
    agent: Option<Agent>,
}

impl FullDisk {
    fn new(of_cache: bool) -> Result<Self> {
        Ok(Self {
            disk: Disk::new(64)?,
            of_cache,
            agent: None,
        })
    }
}

impl Fault for FullDisk {
    fn start(&mut self, world: &mut World) -> Result<String> {
        let mut agent = world.enrolled()?;
        let program = programs().join("sonde-agent");
        agent.start_with(&mut with_own_cache(ARCHIVES, &self.disk.mount(), &program))?;
        let id = agent.id.clone();
        self.agent = Some(agent);
        Ok(id)
    }

    fn inject(&mut self) -> Result<()> {
        if self.of_cache {
            for n in 0..5 {
                let name = format!("package_{n}_all.deb");
                old_file(&self.disk.mount().join(name), 8)?;
            }
        }
        self.disk.fill("something").map(drop)
    }

    fn expect(&self) -> Expected {
        Expected {
            check: "disk.space",
            subject: self.disk.mount().display().to_string(),
            status: "critical",
        }
    }

    fn cure(&self) -> Cure {
        if self.of_cache {
            Cure::Action("disk.clean", vec![])
        } else {
            Cure::Hand
        }
    }

    fn by_hand(&mut self) -> Result<()> {
        Ok(std::fs::remove_file(self.disk.mount().join("something"))?)
    }
}

fn tell(of_cache: bool) -> Result<()> {
    if let Some(lack) = lacks(&[("mkfs.ext4", "e2fsprogs")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    story(&mut FullDisk::new(of_cache)?).map(drop)
}

#[test]
fn a_disk_full_of_cache_is_cleaned_from_the_ticket() -> Result<()> {
    tell(true)
}

#[test]
fn a_disk_full_of_something_is_found_and_ok_when_that_is_gone() -> Result<()> {
    tell(false)
}

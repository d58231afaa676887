//! A fault as what is done to a machine, and what takes it away.

use anyhow::{Result, bail};

use crate::faults::{Case, Cure, Expected};
use crate::guest::Guest;
use crate::machine::Disk;
use crate::patient::{Here, Machine};

/// A machine with the parts of it that faults are made in.
pub trait Place: 'static {
    fn machine(&mut self) -> &mut dyn Machine;
}

/// A fault of a place.
pub struct Wrong<P> {
    /// Makes it, and waits until it is there.
    pub inject: fn(&mut P) -> Result<()>,
    pub expect: fn(&P) -> Expected,
    pub cure: Way<P>,
}

/// What takes it away.
pub enum Way<P> {
    /// Somebody who stands at the machine.
    Hand(fn(&mut P) -> Result<()>),
    /// This action, with these parameters.
    Action(&'static str, fn(&P) -> Result<Vec<String>>),
}

impl<P: Place> Wrong<P> {
    /// With the place it is made in.
    pub fn at(self, place: P) -> Result<Box<dyn Case>> {
        Ok(Box::new(At { place, wrong: self }))
    }
}

struct At<P> {
    place: P,
    wrong: Wrong<P>,
}

impl<P: Place> Case for At<P> {
    fn machine(&mut self) -> &mut dyn Machine {
        self.place.machine()
    }

    fn inject(&mut self) -> Result<()> {
        (self.wrong.inject)(&mut self.place)
    }

    fn expect(&self) -> Expected {
        (self.wrong.expect)(&self.place)
    }

    fn cure(&self) -> Result<Cure> {
        Ok(match self.wrong.cure {
            Way::Hand(_) => Cure::Hand,
            Way::Action(action, parameters) => Cure::Action(action, parameters(&self.place)?),
        })
    }

    fn by_hand(&mut self) -> Result<()> {
        match self.wrong.cure {
            Way::Hand(mend) => mend(&mut self.place),
            Way::Action(action, _) => bail!("{action} cures this one"),
        }
    }
}

impl Place for Guest {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}

/// This machine, or a part of it, with a disk of the fault's own.
pub struct WithDisk {
    machine: Here,
    pub disk: Disk,
}

impl WithDisk {
    pub fn new(disk: Disk, machine: Here) -> Self {
        Self { machine, disk }
    }

    /// A finding about the disk.
    pub fn expect(
        &self,
        check: &'static str,
        status: &'static str,
        message: &'static str,
    ) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new(check, mount, status, message)
    }
}

impl Place for WithDisk {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }
}

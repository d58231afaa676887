//! What the loop has read and looked at beside it.

use super::{Done, Driver, Due, READ_AGAIN_US, unless_it_breaks, watch};
use crate::facts::{self, Table};
use crate::host::Unavailable;
use crate::session::BootUs;

impl Driver {
    pub(super) fn read_table(&mut self, table: &'static Table, whole: bool) {
        if let Some(again) = self.reading.get_mut(table.name) {
            *again |= whole;
            return;
        }
        self.reading.insert(table.name, false);
        let host = self.host.clone();
        self.tasks.spawn_local(async move {
            let request = facts::Request::default();
            let rows = unless_it_breaks(facts::read(table, &host, &request), |why| {
                Err(Unavailable::broken(table.name, why))
            });
            let rows = rows.await;
            Done::Read { table, whole, rows }
        });
    }

    /// One that is read every six hours need not stay unknown for so long.
    pub(super) fn read_again_soon(&mut self, table: &'static Table, boot_us: BootUs) {
        let at = facts::ALL.iter().position(|one| one.name == table.name);
        if let Some(at) = at {
            self.schedule
                .sooner(Due::Table(at), boot_us + READ_AGAIN_US);
        }
    }

    pub(super) fn run_checks(&mut self) {
        while let Some((checks, run)) = self.watch.begin(&self.host) {
            self.tasks.spawn_local(async move {
                let run = unless_it_breaks(run, |_| watch::Checked::nothing(checks));
                Done::Checked(run.await)
            });
        }
    }
}

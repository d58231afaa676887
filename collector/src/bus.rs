//! What has changed, for whoever wants to know at once: between the parts of one collector, and later between
//! collectors. A listener that falls behind is told so, and reads the store.

use tokio::sync::broadcast;

use crate::store::work::JobChange;

/// Changes that a slow listener may lag behind before it has to read anew.
const BACKLOG: usize = 4096;

/// Something that has changed and that people may be looking at. It is in the store already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    Job(JobChange),
    Ticket {
        number: i64,
        /// As far as whoever tells knows it, else 0: it stands in the store.
        version: i64,
    },
    /// Findings, facts or presence.
    Device {
        device_key: i64,
    },
}

/// Clones share it.
#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Live>);

impl Default for Bus {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Bus {
    /// Tells all listeners; nobody may be listening.
    pub fn tell(&self, change: Live) {
        drop(self.0.send(change));
    }

    /// Who listens now, and how many changes at least one of them has not heard yet.
    #[cfg(test)]
    pub(crate) fn listeners(&self) -> (usize, usize) {
        (self.0.receiver_count(), self.0.len())
    }

    /// Everything that changes from now on.
    pub fn listen(&self) -> broadcast::Receiver<Live> {
        self.0.subscribe()
    }
}

//! Which sessions are open, and how to speak to them.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sonde_proto::v1;
use tokio::sync::{Notify, mpsc, oneshot};

use super::looks::Looks;
use crate::store::Id;

/// Messages that wait for one session.
pub const OUTBOX: usize = 64;

/// What a session's task is told.
#[derive(Debug)]
pub enum Command {
    /// There may be new orders in the store.
    Orders,
    /// The channel for this job's answer broke: open another.
    Fetch(Id),
    /// Somebody looks at live metrics: a channel is to bring them, if none does.
    Look,
    /// Policies have changed.
    Policies,
    /// Does the device still answer?
    Probe(oneshot::Sender<()>),
    /// Asks who sits there; whether the device can is answered at once.
    AskConsent(Box<v1::AskConsent>, oneshot::Sender<bool>),
    /// Two machines have this key: no more work.
    Conflict,
    End(Ending),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The device was removed, or its installation refused: at once, whatever the session waits for.
    Removed,
    /// A technician split two machines: who is still admitted comes back.
    Split,
    /// A newer session of the same machine took its place.
    Replaced,
    /// The collector goes down.
    Shutdown,
}

/// One open session.
#[derive(Clone, Debug)]
pub struct Handle {
    pub session: u64,
    pub device_key: i64,
    pub installation: Id,
    /// Under which its reports are kept.
    kept_under: i64,
    /// Device's clock less ours when it was last heard; `SILENT` since the last look.
    heard: Arc<AtomicI64>,
    commands: mpsc::Sender<Command>,
    removed: Arc<Notify>,
}

const SILENT: i64 = i64::MIN;

impl Handle {
    /// A report came; `offset_us`: device's clock less ours.
    pub fn hear(&self, offset_us: i64) {
        self.heard.store(offset_us, Ordering::Relaxed);
    }

    /// Ready when the device was removed.
    pub async fn is_removed(&self) {
        self.removed.notified().await;
    }

    /// False: the session is gone, or does not keep up; what is in the store is told again when it comes back.
    pub fn tell(&self, command: Command) -> bool {
        if matches!(command, Command::End(Ending::Removed)) {
            self.removed.notify_one();
            return true;
        }
        self.commands.try_send(command).is_ok()
    }
}

/// All open sessions. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    sessions: Arc<Mutex<HashMap<i64, Vec<Handle>>>>,
    next: Arc<AtomicU64>,
    pub looks: Looks,
}

impl Registry {
    /// Adds a session under `device_key`, the key that its certificate's device has in the store.
    /// `kept_under`: the key under which its reports are kept; another one for the second of two machines. `None`: there
    /// is another session than `rivals`, which nobody has told apart from this one.
    pub fn add(
        &self,
        device_key: i64,
        kept_under: i64,
        installation: Id,
        rivals: &[u64],
    ) -> Option<(Handle, mpsc::Receiver<Command>)> {
        let mut sessions = self.lock();
        let of_device = sessions.entry(device_key).or_default();
        if of_device
            .iter()
            .any(|other| !rivals.contains(&other.session))
        {
            return None;
        }
        let (commands, receiver) = mpsc::channel(OUTBOX);
        let session = self.next.fetch_add(1, Ordering::Relaxed);
        let heard = Arc::new(AtomicI64::new(SILENT));
        let handle = Handle {
            session,
            device_key,
            installation,
            kept_under,
            heard,
            commands,
            removed: Arc::default(),
        };
        of_device.push(handle.clone());
        Some((handle, receiver))
    }

    /// Takes a session out.
    pub fn remove(&self, handle: &Handle) {
        let mut sessions = self.lock();
        if let Some(of_device) = sessions.get_mut(&handle.device_key) {
            of_device.retain(|other| other.session != handle.session);
            if of_device.is_empty() {
                sessions.remove(&handle.device_key);
            }
        }
    }

    /// The sessions of a device, the oldest first.
    pub fn of(&self, device_key: i64) -> Vec<Handle> {
        self.lock().get(&device_key).cloned().unwrap_or_default()
    }

    /// The session that orders for a device go to: the only one there is.
    pub fn only(&self, device_key: i64) -> Option<Handle> {
        match self.lock().get(&device_key).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            Some(_) | None => None,
        }
    }

    /// Tells every session; gives how many there are.
    pub fn tell_all(&self, command: impl Fn() -> Command) -> usize {
        let sessions: Vec<Handle> = self.lock().values().flatten().cloned().collect();
        sessions
            .iter()
            .filter(|handle| handle.tell(command()))
            .count()
    }

    /// (key, clock's offset) of each device that was heard since the last call.
    pub fn take_heard(&self) -> Vec<(i64, i64)> {
        let sessions = self.lock();
        let heard = sessions.values().flatten().map(|handle| {
            (
                handle.kept_under,
                handle.heard.swap(SILENT, Ordering::Relaxed),
            )
        });
        heard
            .filter(|(_, offset_us)| *offset_us != SILENT)
            .collect()
    }

    /// Keys of devices whose reports come now.
    pub fn present(&self) -> HashSet<i64> {
        let sessions = self.lock();
        sessions
            .values()
            .flatten()
            .map(|handle| handle.kept_under)
            .collect()
    }

    /// Sessions that are open.
    pub fn n_sessions(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Vec<Handle>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sessions_of_one_device_get_no_orders() {
        let registry = Registry::default();
        let (first, _receiver) = registry.add(1, 1, Id([1; 16]), &[]).unwrap();
        assert_eq!(
            registry.only(1).map(|handle| handle.session),
            Some(first.session)
        );
        assert!(
            registry.add(1, 9, Id([2; 16]), &[]).is_none(),
            "nobody has told them apart"
        );
        let rivals = [first.session];
        let (second, _receiver) = registry.add(1, 9, Id([2; 16]), &rivals).unwrap();
        assert!(registry.only(1).is_none());
        assert_eq!(registry.n_sessions(), 2);
        second.hear(5);
        assert_eq!(registry.take_heard(), [(9, 5)]);
        assert_eq!(registry.take_heard(), []);
        registry.remove(&first);
        assert_eq!(
            registry.only(1).map(|handle| handle.session),
            Some(second.session)
        );
        registry.remove(&second);
        assert_eq!(registry.n_sessions(), 0);
    }
}

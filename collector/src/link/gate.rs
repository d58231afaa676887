//! How many connections come in at a time: a flood from one place, or of one device, leaves room for everybody else.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Caps on connections that have not yet shown who they are, and on all.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Connections, of devices and others.
    pub connections: usize,
    /// Handshakes and enrolments under way.
    pub strangers: usize,
    /// The same from one address.
    pub strangers_per_address: usize,
    /// Of one device: its session, copies of it, and what a broken network has left behind.
    pub per_device: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            connections: 19_500,
            strangers: 1024,
            strangers_per_address: 256,
            per_device: 8,
        }
    }
}

/// Counts who is inside. Clones share the count.
#[derive(Clone, Debug)]
pub struct Gate {
    caps: Caps,
    counts: Arc<Mutex<Counts>>,
}

/// Why there is no place for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlace {
    /// There are as many as there may be,
    Connections,
    /// of those who have not shown who they are,
    Strangers,
    /// of the same from its address,
    Address,
    /// or of its device.
    Device,
}

impl NoPlace {
    pub const ALL: [Self; 4] = [
        Self::Connections,
        Self::Strangers,
        Self::Address,
        Self::Device,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Strangers => "strangers",
            Self::Address => "address",
            Self::Device => "device",
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    connections: usize,
    strangers: usize,
    by_address: HashMap<IpAddr, usize>,
    by_device: HashMap<Box<str>, usize>,
    n_refused: [u64; NoPlace::ALL.len()],
}

/// One connection's place; given back when it is dropped.
#[derive(Debug)]
pub struct Pass {
    gate: Gate,
    /// Set while the connection is a stranger's.
    stranger_from: Option<IpAddr>,
    /// Set when it has shown a device's certificate.
    device_id: Option<Box<str>>,
}

impl Gate {
    pub fn new(caps: Caps) -> Self {
        Self {
            caps,
            counts: Arc::default(),
        }
    }

    /// A place for a connection from `address`, as a stranger; `None` when there is none.
    pub fn enter(&self, address: IpAddr) -> Option<Pass> {
        let mut counts = self.counts();
        let from_there = counts.by_address.get(&address).copied().unwrap_or_default();
        let caps = [
            (
                counts.connections,
                self.caps.connections,
                NoPlace::Connections,
            ),
            (counts.strangers, self.caps.strangers, NoPlace::Strangers),
            (
                from_there,
                self.caps.strangers_per_address,
                NoPlace::Address,
            ),
        ];
        if let Some((.., why)) = caps.into_iter().find(|(n, most, _)| n >= most) {
            counts.refuse(why);
            return None;
        }
        counts.connections += 1;
        counts.strangers += 1;
        counts.by_address.insert(address, from_there + 1);
        Some(Pass {
            gate: self.clone(),
            stranger_from: Some(address),
            device_id: None,
        })
    }

    /// Connections that are inside, and how many were turned away since the start, in the order of [`NoPlace::ALL`].
    pub fn counts_now(&self) -> (usize, [u64; NoPlace::ALL.len()]) {
        let counts = self.counts();
        (counts.connections, counts.n_refused)
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The connection has shown a device's certificate. False: that device has its share.
    #[must_use]
    pub fn is_known(&mut self, device_id: &str) -> bool {
        let mut counts = self.gate.counts();
        let n = counts.by_device.get(device_id).copied().unwrap_or_default();
        if n >= self.gate.caps.per_device {
            counts.refuse(NoPlace::Device);
            return false;
        }
        counts.by_device.insert(device_id.into(), n + 1);
        self.device_id = Some(device_id.into());
        if let Some(address) = self.stranger_from.take() {
            counts.forget_stranger(address);
        }
        true
    }
}

impl Counts {
    fn refuse(&mut self, why: NoPlace) {
        self.n_refused[why as usize] += 1;
    }

    fn forget_stranger(&mut self, address: IpAddr) {
        self.strangers -= 1;
        count_down(&mut self.by_address, &address);
    }
}

/// One less of `key`; what has none is forgotten.
fn count_down<K: std::hash::Hash + Eq + Borrow<Q>, Q: std::hash::Hash + Eq + ?Sized>(
    counts: &mut HashMap<K, usize>,
    key: &Q,
) {
    if let Some(n) = counts.get_mut(key) {
        *n -= 1;
        if *n == 0 {
            counts.remove(key);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut counts = self.gate.counts();
        if let Some(address) = self.stranger_from.take() {
            counts.forget_stranger(address);
        }
        if let Some(device_id) = self.device_id.take() {
            count_down(&mut counts.by_device, &*device_id);
        }
        counts.connections -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        Gate::new(Caps {
            connections: 4,
            strangers: 3,
            strangers_per_address: 2,
            per_device: 2,
        })
    }

    fn address(n: u8) -> IpAddr {
        IpAddr::from([127, 0, 0, n])
    }

    #[test]
    fn a_flood_from_one_place_leaves_room_for_another() {
        let gate = gate();
        let flood: Vec<Pass> = (0..10).filter_map(|_| gate.enter(address(1))).collect();
        assert_eq!(flood.len(), 2);
        assert!(gate.enter(address(2)).is_some());
        assert_eq!(gate.counts_now(), (2, [0, 0, 8, 0]));
    }

    #[test]
    fn who_is_known_makes_room_for_strangers() {
        let gate = gate();
        let mut devices: Vec<Pass> = (0..2).filter_map(|_| gate.enter(address(1))).collect();
        assert!(devices.iter_mut().all(|pass| pass.is_known("d")));
        let more: Vec<Pass> = (0..9).filter_map(|_| gate.enter(address(1))).collect();
        assert_eq!(more.len(), 2);
        drop((devices, more));
        assert_eq!(gate.counts_now().0, 0);
        assert!(gate.counts().by_address.is_empty());
        assert!(gate.counts().by_device.is_empty());
    }

    #[test]
    fn one_device_has_its_share() {
        let gate = gate();
        let come = |device: &str| {
            let mut pass = gate.enter(address(1))?;
            pass.is_known(device).then_some(pass)
        };
        let inside = [come("a"), come("a")];
        assert!(inside.iter().all(Option::is_some));
        assert!(come("a").is_none());
        assert_eq!(gate.counts_now().1, [0, 0, 0, 1]);
        assert!(come("b").is_some());
        drop(inside);
        assert!(come("a").is_some());
    }
}

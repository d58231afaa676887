//! Disks and file systems.

use super::{Host, Unavailable, os};

/// A mounted file system, as `/proc/self/mountinfo` tells it (proc_pid_mountinfo(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filesystem {
    pub mount: String,
    /// What is mounted: a device, a share, a word.
    pub source: String,
    pub kind: String,
    /// Major and minor number: the same for every mount of one file system.
    pub device: (u32, u32),
    /// This mount may not be written.
    pub read_only: bool,
    /// The whole file system may not be written, through whatever mount.
    pub super_read_only: bool,
    /// Options of the mount and the file system, separated by commas.
    pub options: String,
    pub storage: Storage,
    /// A system cache that `disk.clean` empties belongs on it.
    pub has_caches: bool,
    /// The machine's logs belong on it.
    pub has_logs: bool,
}

/// What keeps a file system's content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// A disk of this machine.
    #[default]
    Block,
    /// Memory.
    Memory,
    /// Another machine, or a program: asking may hang.
    Remote,
    /// Read-only by nature: an image, an optical disc.
    Image,
    /// A layer over another file system.
    Layer,
    /// No content: proc, sysfs and the like.
    Pseudo,
}

impl Filesystem {
    /// Has room of its own that can run out.
    pub fn can_fill(&self) -> bool {
        match self.storage {
            Storage::Block | Storage::Memory | Storage::Remote => !self.super_read_only,
            Storage::Layer => self.mount == "/",
            Storage::Image | Storage::Pseudo => false,
        }
    }

    /// Asking it may hang, so that only a worker may.
    pub fn may_hang(&self) -> bool {
        self.storage == Storage::Remote
    }
}

/// A mount as the machine's own configuration wants it (fstab(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredMount {
    pub source: String,
    pub mount: String,
    pub kind: String,
    /// Separated by commas.
    pub options: String,
}

impl ConfiguredMount {
    fn has(&self, option: &str) -> bool {
        self.options.split(',').any(|one| one == option)
    }

    /// It is mounted at every start, and not only when somebody asks for it or looks into it.
    pub fn is_wanted(&self) -> bool {
        self.mount.starts_with('/')
            && self.kind != "swap"
            && !self.has("noauto")
            && !self.has("x-systemd.automount")
    }

    /// The machine starts without it (systemd.mount(5)).
    pub fn may_fail(&self) -> bool {
        self.has("nofail")
    }

    pub fn is_read_only(&self) -> bool {
        self.has("ro")
    }
}

/// How full a file system is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub total_bytes: u64,
    /// Free, with what is kept for root.
    pub free_bytes: u64,
    /// Free for ordinary users.
    pub available_bytes: u64,
    /// 0: the file system has no fixed number of inodes.
    pub inodes: u64,
    pub free_inodes: u64,
}

impl Usage {
    pub fn used_bytes(&self) -> u64 {
        self.total_bytes.saturating_sub(self.free_bytes)
    }

    /// As df(1) counts it: of what ordinary users could use.
    pub fn free_percent(&self) -> f64 {
        let usable = self.used_bytes() + self.available_bytes;
        if usable == 0 {
            return 100.0;
        }
        self.available_bytes as f64 * 100.0 / usable as f64
    }

    pub fn free_inodes_percent(&self) -> f64 {
        if self.inodes == 0 {
            return 100.0;
        }
        self.free_inodes as f64 * 100.0 / self.inodes as f64
    }
}

/// A disk, a partition or another block device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// As in /dev: `sda1`, `dm-0`.
    pub name: String,
    /// `disk`, `part`, `loop`, `rom`, `lvm`, `crypt`, `raid`, `mpath`, `zram`.
    pub kind: String,
    /// Disk of a partition.
    pub parent: Option<String>,
    pub size_bytes: u64,
    pub model: Option<String>,
    pub vendor: Option<String>,
    pub serial: Option<String>,
    pub firmware: Option<String>,
    pub rotational: Option<bool>,
    pub removable: Option<bool>,
    pub read_only: Option<bool>,
}

/// What a disk has done since boot (kernel: Documentation/admin-guide/iostats.rst).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiskCounters {
    pub reads: u64,
    pub read_bytes: u64,
    pub read_ms: u64,
    pub writes: u64,
    pub written_bytes: u64,
    pub write_ms: u64,
    pub in_flight: u64,
    pub busy_ms: u64,
    pub weighted_ms: u64,
    pub discards: u64,
    pub flushes: u64,
}

/// A file of a system cache, or an old log, that may be removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheFile {
    /// Absolute folder of the cache, or of all logs.
    pub root: String,
    /// Relative to it.
    pub path: String,
    pub bytes: u64,
    pub device: u64,
    pub inode: u64,
}

impl Host {
    /// All mounts that are seen, in the order of mounting; what another mount covers is left out.
    pub fn filesystems(&self) -> Result<Vec<Filesystem>, Unavailable> {
        os::filesystems(self)
    }

    /// How full the file system at `mount` is. May hang where `may_hang` says so.
    pub fn usage(&self, mount: &str) -> Result<Usage, Unavailable> {
        os::usage(self, mount)
    }

    pub fn disks(&self) -> Result<Vec<Disk>, Unavailable> {
        os::disks(self)
    }

    /// Gives `visit` each whole disk's name and counters.
    pub fn disk_counters(
        &self,
        visit: &mut dyn FnMut(&str, DiskCounters),
    ) -> Result<(), Unavailable> {
        os::disk_counters(self, visit)
    }

    /// Errors that the file system on `device` has recorded, where it counts them (ext4).
    pub fn filesystem_errors(&self, source: &str) -> Option<u64> {
        os::filesystem_errors(self, source)
    }

    /// What the machine's own configuration mounts.
    pub fn configured_mounts(&self) -> Result<Vec<ConfiguredMount>, Unavailable> {
        os::configured_mounts(self)
    }

    /// Whether there is anything at this path to mount on.
    pub(crate) fn has_folder(&self, path: &str) -> bool {
        os::has_folder(self, path)
    }

    /// Whether the device that a configured mount names is there; of what is no device nothing is known, and it is.
    pub(crate) fn has_source(&self, source: &str) -> bool {
        os::has_source(self, source)
    }

    /// Files of the system's caches that can be fetched or made again; at most `most` for each cache.
    pub fn cache_files(&self, most: usize) -> Result<Vec<CacheFile>, Unavailable> {
        os::cache_files(self, most)
    }

    /// Logs that are written no more and were last written longer ago than `older_than`; at most `most`, the largest
    /// first.
    pub fn old_logs(
        &self,
        older_than: std::time::Duration,
        most: usize,
    ) -> Result<Vec<CacheFile>, Unavailable> {
        os::old_logs(self, older_than, most)
    }
}

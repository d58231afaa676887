//! The checks' numbers, as codes name them.

/// Number and id of each check there is or was. A number is never given again, and 0 never at all: what a device of any
/// age says is understood.
pub const NUMBERS: &[(u8, &str)] = &[
    (1, "disk.space"),
    (2, "disk.fill-forecast"),
    (3, "disk.deleted-open"),
    (4, "disk.inodes"),
    (5, "disk.readonly"),
    (6, "disk.fs-errors"),
    (7, "disk.health"),
    (8, "disk.raid"),
    (9, "disk.latency"),
    (10, "mount.missing"),
    (11, "mount.hung"),
    (12, "memory.pressure"),
    (13, "memory.swap"),
    (14, "memory.oom"),
    (15, "memory.growth"),
    (16, "cpu.load"),
    (17, "cpu.hog"),
    (18, "process.zombies"),
    (19, "process.fd-limit"),
    (20, "process.pid-limit"),
    (21, "process.stuck"),
    (22, "service.failed"),
    (23, "service.flapping"),
    (24, "service.masked-but-wanted"),
    (25, "crash.recent"),
    (26, "kernel.oops"),
    (27, "hardware.temperature"),
    (28, "hardware.throttling"),
    (29, "hardware.battery"),
    (30, "hardware.memory-errors"),
    (31, "logs.errors"),
    (32, "net.link"),
    (33, "net.dhcp"),
    (34, "net.address"),
    (35, "net.route"),
    (36, "net.gateway"),
    (37, "net.firewall"),
    (38, "net.resolver"),
    (39, "net.hosts"),
    (40, "net.dns"),
    (41, "net.proxy"),
    (42, "net.ports"),
    (43, "net.ipv6"),
    (44, "net.mtu"),
    (45, "cert.expiry"),
    (46, "time.daemon"),
    (47, "time.offset"),
    (48, "os.packages-broken"),
    (49, "os.package-lock"),
    (50, "os.reboot-required"),
    (51, "os.updates"),
    (52, "os.end-of-life"),
    (53, "agent.state"),
    (54, "net.target"),
];

/// The number of a check; none: it has none yet.
pub fn number_of(check: &str) -> Option<u8> {
    let known = NUMBERS.iter().find(|(_, id)| *id == check);
    known.map(|(number, _)| *number)
}

/// The check with this number; none: a newer device knows it.
pub fn name_of(number: u8) -> Option<&'static str> {
    let known = NUMBERS.iter().find(|(known, _)| *known == number);
    known.map(|(_, id)| *id)
}

#[test]
fn a_number_is_given_once_and_never_0() {
    assert!(NUMBERS.is_sorted_by(|(a, _), (b, _)| a < b));
    assert!(NUMBERS.iter().all(|(number, _)| *number != 0));
    for (number, id) in NUMBERS {
        assert_eq!(number_of(id), Some(*number), "{id} twice");
    }
}

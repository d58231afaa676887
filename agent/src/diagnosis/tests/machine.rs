//! Rules of the machine itself: its clock, parts, memory, disks.

use super::*;

#[test]
fn a_clock_that_nobody_keeps_explains_a_wrong_one_and_that_the_certificates() {
    check(
        &[
            ("cert.expiry /etc/x.pem", Status::Critical),
            ("time.offset", Status::Critical),
            ("time.daemon", Status::Warning),
        ],
        "time.daemon, cert.expiry by time.daemon/, time.offset by time.daemon/",
    );
    check(
        &[
            ("cert.expiry /etc/x.pem", Status::Critical),
            ("time.offset", Status::Warning),
        ],
        "cert.expiry, time.offset",
    );
}

#[test]
fn updates_wait_for_packages_that_are_half_installed() {
    check(
        &[
            ("os.updates", Status::Warning),
            ("os.packages-broken", Status::Critical),
        ],
        "os.packages-broken, os.updates by os.packages-broken/",
    );
}

#[test]
fn a_failing_disk_explains_what_is_seen_of_it_and_of_no_other() {
    let finding = |check: &'static str, subject: &str, source: &str| {
        let mut finding = Finding::new(Status::Critical, subject);
        finding.check = check;
        finding.evidence(crate::finding::name("source", source))
    };
    let found = rank(
        vec![
            finding("disk.latency", "sda", ""),
            finding("disk.readonly", "/srv", "/dev/sda1"),
            finding("disk.fs-errors", "/home", "/dev/sdab1"),
            finding("disk.raid", "md0", "sdc1, sda2"),
            finding("disk.health", "sda", ""),
        ],
        &[],
    );
    let shown: Vec<String> = found
        .into_iter()
        .map(|one| format!("{} {}", one.check, one.explained_by.unwrap_or_default()))
        .collect();
    assert_eq!(
        shown,
        [
            "disk.health ",
            "disk.fs-errors ",
            "disk.latency disk.health/sda",
            "disk.readonly disk.health/sda",
            "disk.raid disk.health/sda",
        ]
    );
}

#[test]
fn a_growing_process_explains_the_want_of_memory() {
    check(
        &[
            ("memory.pressure", Status::Critical),
            ("memory.swap", Status::Critical),
            ("cpu.load", Status::Critical),
            ("memory.growth leaky 7", Status::Warning),
        ],
        "memory.growth, memory.pressure by memory.growth/leaky 7, memory.swap by memory.growth/leaky 7, cpu.load by \
         memory.growth/leaky 7",
    );
}

#[test]
fn a_hung_mount_explains_who_hangs_on_it_and_a_lost_link_the_mount() {
    check(
        &[
            ("process.stuck cp 7", Status::Warning),
            ("mount.hung /home", Status::Critical),
        ],
        "mount.hung, process.stuck by mount.hung//home",
    );
    check(
        &[
            ("mount.hung /home", Status::Critical),
            ("net.link", Status::Critical),
        ],
        "net.link, mount.hung by net.link/",
    );
}

#[test]
fn a_disk_that_is_almost_full_needs_no_forecast() {
    check(
        &[
            ("disk.fill-forecast /srv", Status::Critical),
            ("disk.fill-forecast /home", Status::Critical),
            ("disk.space /srv", Status::Warning),
        ],
        "disk.space, disk.fill-forecast, disk.fill-forecast by disk.space//srv",
    );
}

#[test]
fn heat_memory_and_crashes_explain_what_comes_of_them() {
    check(
        &[
            ("hardware.throttling", Status::Critical),
            ("hardware.temperature cpu", Status::Warning),
        ],
        "hardware.temperature, hardware.throttling by hardware.temperature/cpu",
    );
    check(
        &[
            ("crash.recent gedit", Status::Warning),
            ("kernel.oops", Status::Critical),
            ("process.stuck cp 7", Status::Critical),
            ("hardware.memory-errors DIMM_A1", Status::Critical),
        ],
        "hardware.memory-errors, kernel.oops by hardware.memory-errors/DIMM_A1, process.stuck by \
         hardware.memory-errors/DIMM_A1, crash.recent by hardware.memory-errors/DIMM_A1",
    );
    check(
        &[
            ("service.failed cupsd.service", Status::Critical),
            ("service.failed ssh.service", Status::Critical),
            ("crash.recent cupsd", Status::Warning),
        ],
        "crash.recent, service.failed, service.failed by crash.recent/cupsd",
    );
}

#[test]
fn a_busy_processor_or_a_slow_disk_explains_the_load() {
    for cause in ["cpu.hog spins 8", "disk.latency sda"] {
        let (check_id, subject) = cause.split_once(' ').unwrap();
        check(
            &[("cpu.load", Status::Critical), (cause, Status::Warning)],
            &format!("{check_id}, cpu.load by {check_id}/{subject}"),
        );
    }
}

#[test]
fn a_burst_of_errors_is_what_a_fault_sounds_like() {
    for cause in [
        "net.link",
        "net.gateway",
        "net.dns",
        "kernel.oops",
        "disk.health",
        "disk.readonly",
        "disk.space",
        "mount.hung",
        "memory.oom",
        "disk.fs-errors",
        "service.flapping",
        "service.failed",
    ] {
        check(
            &[("logs.errors", Status::Warning), (cause, Status::Critical)],
            &format!("{cause}, logs.errors by {cause}/"),
        );
    }
}

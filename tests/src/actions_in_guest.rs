//! Every action in a system of its own: planned, run, proved and taken back from a ticket, and refused where it must be.

use anyhow::{Result, ensure};

use crate::guest::{Guest, NEEDS};
use crate::machine::{file_of_days_ago, lacks};
use crate::patient::started_at;
use crate::program::wait;
use crate::time_server::{OF_TIME, TimeServer};
use crate::ward::Ward;

/// A ward, unless it cannot be made here.
fn ward() -> Result<Option<Ward>> {
    if let Some(lack) = lacks(NEEDS) {
        println!("skipped: {lack}");
        return Ok(None);
    }
    Ward::new(Guest::boot()?).map(Some)
}

#[test]
fn services_are_started_stopped_enabled_and_unmasked() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let guest = &ward.guest;
    guest.service("shop.service", "the shop", "/bin/sleep infinity", "")?;
    let shop = &["unit=shop"][..];
    let is = |state| guest.has_state("shop.service", state).is_some();
    let file = || -> Result<String> {
        let said = guest
            .command(&["systemctl", "is-enabled", "shop"])
            .output()?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
    };

    for (action, unit, why) in [
        ("service.start", "unit=", "unit"),
        ("service.start", "unit=shop;reboot", "the name of a service"),
        ("service.stop", "unit=sonde-agent", "is this agent"),
        ("service.stop", "unit=shop", "does not run"),
        (
            "service.enable",
            "unit=../shop.service",
            "the name of a service",
        ),
        ("service.unmask", "unit=shop", "is not masked"),
        ("service.unmask", "unit=sohp", "similar: shop.service"),
    ] {
        ward.refused(action, &[unit], why)?;
    }

    ward.planned(
        "service.start",
        shop,
        "systemctl --no-ask-password start -- shop.service",
    )?;
    ensure!(is("inactive"));
    let started = ward.run("service.start", shop)?;
    ensure!(is("active"));
    ward.refused("service.start", shop, "runs already")?;
    ward.undo(&started)?;
    ensure!(is("inactive"));

    ward.planned(
        "service.enable",
        shop,
        "systemctl --no-ask-password enable -- shop.service",
    )?;
    ensure!(file()? == "disabled");
    let enabled = ward.run("service.enable", shop)?;
    ensure!(file()? == "enabled");
    ward.undo(&enabled)?;
    ensure!(file()? == "disabled");

    guest.run(&["systemctl", "enable", "--now", "shop"])?;
    ward.without_consent("service.stop", shop)?;
    ward.planned(
        "service.stop",
        shop,
        "systemctl --no-ask-password stop -- shop.service",
    )?;
    ensure!(is("active"));
    let stopped = ward.run("service.stop", shop)?;
    ensure!(is("inactive"));
    ward.undo(&stopped)?;
    ensure!(is("active"));

    // A mask takes the place of a file; this one's lies elsewhere.
    guest.run(&[
        "mv",
        "/etc/systemd/system/shop.service",
        "/usr/lib/systemd/system/",
    ])?;
    guest.run(&["systemctl", "reenable", "shop"])?;
    guest.run(&["systemctl", "mask", "--now", "shop"])?;
    ensure!(file()? == "masked" && is("inactive"));
    ward.refused("service.start", shop, "is masked")?;
    ward.planned(
        "service.unmask",
        shop,
        "systemctl --no-ask-password unmask -- shop.service\n\
         systemctl --no-ask-password start -- shop.service",
    )?;
    ensure!(file()? == "masked");
    let unmasked = ward.run("service.unmask", shop)?;
    ensure!(file()? == "enabled" && is("active"));
    ward.undo(&unmasked)?;
    ensure!(file()? == "masked" && is("inactive"));
    Ok(())
}

/// A service that is one program; gives its process and its start, as parameters.
fn program(ward: &Ward, name: &str, program: &[&str]) -> Result<(u32, [String; 2])> {
    let unit = format!("--unit={name}");
    let run = [&["systemd-run", "--quiet", &unit][..], program].concat();
    ward.guest.run(&run)?;
    let main = ["systemctl", "show", "--value", "--property=MainPID", name];
    let pid = wait("a program's process", || {
        let pid = ward.guest.run(&main).ok()?.trim().parse().ok()?;
        (pid != 0).then_some(pid)
    })?;
    let started = started_at(&ward.guest, pid)?;
    Ok((pid, [format!("pid={pid}"), format!("started_at={started}")]))
}

#[test]
fn a_process_gives_way_and_lets_go_of_deleted_files() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let guest = &ward.guest;
    let script = "head -c 3000000 /dev/zero >/root/big; exec 3</root/big; rm /root/big; echo >/run/held; \
                  exec sleep infinity";
    let (pid, known) = program(&ward, "hog", &["sh", "-c", script])?;
    wait("a deleted file", || {
        guest.run(&["test", "-e", "/run/held"]).ok()
    })?;
    let known = known.each_ref().map(String::as_str);
    let nice = || -> Result<String> {
        let said = guest.run(&["ps", "-o", "ni=", "-p", &pid.to_string()])?;
        Ok(said.trim().to_owned())
    };
    let with = |more| [&known[..], &[more]].concat();

    ward.refused("process.renice", &with("nice=-1"), "nice")?;
    ward.refused("process.renice", &with("nice=0"), "already")?;
    let first = ["pid=1", known[1], "nice=5"];
    ward.refused("process.renice", &first, "Process 1 carries")?;
    let other = [known[0], "started_at=2026-01-01T00:00:00Z", "nice=5"];
    ward.refused("process.renice", &other, "started at another time")?;
    let plan = format!("nice {pid} 0 → 7");
    ward.planned("process.renice", &with("nice=7"), &plan)?;
    ensure!(nice()? == "0");
    let reniced = ward.run("process.renice", &with("nice=7"))?;
    ensure!(nice()? == "7");
    ward.undo(&reniced)?;
    ensure!(nice()? == "0");

    let held = || guest.run(&["stat", "-L", "-c", "%s", &format!("/proc/{pid}/fd/3")]);
    ward.without_consent("disk.release-deleted", &known)?;
    ward.refused("disk.release-deleted", &first[..2], "Process 1 carries")?;
    let plan = format!("truncate /proc/{pid}/fd/3 /root/big");
    ward.planned("disk.release-deleted", &known, &plan)?;
    ensure!(held()?.trim() == "3000000");
    ward.run("disk.release-deleted", &known)?;
    ensure!(held()?.trim() == "0");
    ward.refused("disk.release-deleted", &known, "holds no deleted file")?;
    Ok(())
}

#[test]
fn old_logs_go_and_new_ones_stay() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let logs = ward.guest.path("/var/log");
    for (name, days) in [("mail.log.2", 30), ("mail.log.1", 2), ("mail.log", 30)] {
        file_of_days_ago(&logs.join(name), 1, days)?;
    }
    let has = |name: &str| logs.join(name).exists();
    ward.refused("logs.vacuum", &["days=0"], "days")?;
    ward.refused("logs.vacuum", &["days=x"], "days")?;
    ward.planned("logs.vacuum", &[], "/var/log/mail.log.2")?;
    ensure!(has("mail.log.2"));
    ward.run("logs.vacuum", &[])?;
    ensure!(!has("mail.log.2") && has("mail.log.1") && has("mail.log"));
    ward.refused("logs.vacuum", &[], "put aside more than 7 days ago")?;
    ward.run("logs.vacuum", &["days=1"])?;
    ensure!(!has("mail.log.1") && has("mail.log"));
    Ok(())
}

/// Builds a package that runs `then` at the end of its installation.
fn build(guest: &Guest, name: &str, depends: &str, then: &str) -> Result<()> {
    let root = format!("/root/{name}");
    guest.run(&["mkdir", "-p", &format!("{root}/DEBIAN")])?;
    let folder = guest.path(&format!("{root}/DEBIAN"));
    let control = format!(
        "Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n{depends}\
         Description: of a test\n"
    );
    std::fs::write(folder.join("control"), control)?;
    std::fs::write(folder.join("postinst"), format!("#!/bin/sh\n{then}\n"))?;
    guest.run(&["chmod", "755", &format!("{root}/DEBIAN/postinst")])?;
    guest.run(&["dpkg-deb", "--build", &root, &format!("{root}.deb")])?;
    Ok(())
}

/// Has the guest know one source of packages, with one package in it.
fn offer(guest: &Guest, name: &str) -> Result<()> {
    let deb = guest.path(&format!("/root/{name}.deb"));
    let bytes = std::fs::metadata(deb)?.len();
    let sum = guest.run(&["sha256sum", &format!("/root/{name}.deb")])?;
    let sum = sum.split_whitespace().next().unwrap_or_default();
    let index = format!(
        "Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
         Filename: ./{name}.deb\nSize: {bytes}\nSHA256: {sum}\nDescription: of a test\n"
    );
    std::fs::write(guest.path("/root/Packages"), index)?;
    let source = "deb [trusted=yes] file:/root ./\n";
    std::fs::write(guest.path("/etc/apt/sources.list"), source)?;
    guest.run(&["apt-get", "update"]).map(drop)
}

#[test]
fn packages_are_finished_and_get_what_they_lack_and_none_is_removed() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let guest = &ward.guest;
    let state = |name: &str| guest.run(&["dpkg-query", "-W", "-f=${db:Status-Status}", name]);
    ward.refused("packages.repair", &[], "completely installed")?;
    build(guest, "ink", "", "exit 0")?;
    offer(guest, "ink")?;

    build(guest, "labels", "", "test -e /run/paper")?;
    ensure!(guest.run(&["dpkg", "-i", "/root/labels.deb"]).is_err());
    ward.without_consent("packages.repair", &[])?;
    let plan = "dpkg --force-confdef --force-confold --configure --pending";
    ward.planned("packages.repair", &[], plan)?;
    ensure!(state("labels")? == "half-configured");
    guest.run(&["touch", "/run/paper"])?;
    ward.run("packages.repair", &[])?;
    ensure!(state("labels")? == "installed");

    build(guest, "printer", "Depends: ink\n", "exit 0")?;
    ensure!(guest.run(&["dpkg", "-i", "/root/printer.deb"]).is_err());
    let plan = ward.plan("packages.repair", &[])?;
    ensure!(
        plan.starts_with("apt-get --option=Dpkg") && plan.ends_with("install"),
        "{plan}"
    );
    ensure!(state("printer")? == "unpacked" && state("ink").ok().as_deref() != Some("installed"));
    ward.run("packages.repair", &[])?;
    ensure!(state("printer")? == "installed" && state("ink")? == "installed");

    build(guest, "scanner", "Depends: lamp\n", "exit 0")?;
    ensure!(guest.run(&["dpkg", "-i", "/root/scanner.deb"]).is_err());
    ward.refused("packages.repair", &[], "scanner would have to be removed")?;
    ensure!(state("scanner")? == "unpacked");
    Ok(())
}

#[test]
fn a_time_daemon_that_waits_for_a_network_is_told_of_it() -> Result<()> {
    if let Some(lack) = lacks(&[OF_TIME]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let server = TimeServer::start()?;
    ward.refused("time.sync", &[], "time daemon")?;
    server.is_out_of_reach_of(&ward.guest)?;
    let plan = "chronyc online\nchronyc burst 4/8\nchronyc waitsync 20 0 0 2";
    ward.planned("time.sync", &[], plan)?;
    let tracking = || ward.guest.run(&["chronyc", "-c", "tracking"]);
    ensure!(tracking()?.contains("Not synchronised"));
    ward.run("time.sync", &[])?;
    ensure!(tracking()?.contains("Normal"));
    ward.refused("time.sync", &[], "The clock is right within")?;
    Ok(())
}

#[test]
fn a_mount_of_fstab_is_mounted_and_one_that_nothing_uses_unmounted() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let guest = &ward.guest;
    let fstab = "tmpfs /files tmpfs defaults 0 0\nnas:/x /away nfs noauto 0 0\n";
    std::fs::write(guest.path("/etc/fstab"), fstab)?;
    guest.run(&["mkdir", "/files"])?;
    let files = &["mount=/files"][..];
    let is_mounted = || guest.run(&["mountpoint", "-q", "/files"]).is_ok();

    for (action, mount, why) in [
        ("mount.mount", "mount=", "mount"),
        ("mount.mount", "mount=/files;reboot", "says nothing of"),
        ("mount.mount", "mount=../files", "an absolute path"),
        ("mount.mount", "mount=/away", "There is no folder"),
        ("mount.remount", "mount=/files", "Nothing is mounted"),
        ("mount.remount", "mount=/", "is writable already"),
        ("mount.unmount", "mount=/", "The system itself lives"),
        ("mount.unmount", "mount=/files", "Nothing is mounted"),
    ] {
        ward.refused(action, &[mount], why)?;
    }

    ward.planned("mount.mount", files, "mount --target /files")?;
    ensure!(!is_mounted());
    let mounted = ward.run("mount.mount", files)?;
    ensure!(is_mounted());
    ward.refused("mount.mount", files, "already")?;
    ward.undo(&mounted)?;
    ensure!(!is_mounted());

    ward.run("mount.mount", files)?;
    let (_, user) = program(
        &ward,
        "reader",
        &["sh", "-c", "cd /files; sleep infinity; :"],
    )?;
    wait("its user", || {
        let in_it = guest.run(&["readlink", &format!("/proc/{}/cwd", &user[0][4..])]);
        (in_it.ok()?.trim() == "/files").then_some(())
    })?;
    ward.refused("mount.unmount", files, "is in use by sh (")?;
    guest.run(&["systemctl", "stop", "reader"])?;
    ward.without_consent("mount.unmount", files)?;
    ward.planned("mount.unmount", files, "umount -- /files")?;
    ensure!(is_mounted());
    let unmounted = ward.run("mount.unmount", files)?;
    ensure!(!is_mounted());
    ward.undo(&unmounted)?;
    ensure!(is_mounted());
    Ok(())
}

#[test]
fn a_name_goes_from_the_hosts_file_and_the_rest_stays_byte_for_byte() -> Result<()> {
    let Some(ward) = ward()? else {
        return Ok(());
    };
    let at = ward.guest.path("/etc/hosts");
    let before =
        b"127.0.0.1\tlocalhost\r\n# caf\xe9\n203.0.113.9 localhost shop # ours\n192.0.2.7 db";
    std::fs::write(&at, before)?;
    ward.guest.run(&["chmod", "640", "/etc/hosts"])?;
    ward.guest.run(&["chgrp", "adm", "/etc/hosts"])?;
    let is_like = || ward.guest.run(&["stat", "-c", "%a %U %G", "/etc/hosts"]);
    for (name, address, why) in [
        ("name=a;b", "address=192.0.2.7", "the name of a host"),
        ("name=", "address=192.0.2.7", "name"),
        ("name=db", "address=192.0.2", "an IP address"),
        ("name=db", "address=192.0.2.8", "No line of /etc/hosts"),
        ("name=localhost", "address=127.0.0.1", "this machine itself"),
    ] {
        ward.refused("net.hosts-remove", &[name, address], why)?;
    }
    let wrong = &["name=localhost", "address=203.0.113.9"][..];
    let plan = "/etc/hosts:3 -203.0.113.9 localhost shop # ours +203.0.113.9 shop # ours";
    ward.planned("net.hosts-remove", wrong, plan)?;
    ensure!(std::fs::read(&at)? == before);
    let removed = ward.run("net.hosts-remove", wrong)?;
    let after = b"127.0.0.1\tlocalhost\r\n# caf\xe9\n203.0.113.9 shop # ours\n192.0.2.7 db";
    ensure!(std::fs::read(&at)? == after);
    ensure!(is_like()?.trim() == "640 root adm", "{}", is_like()?);
    ward.undo(&removed)?;
    ensure!(std::fs::read(&at)? == before);
    ensure!(is_like()?.trim() == "640 root adm", "{}", is_like()?);

    let last = ward.run("net.hosts-remove", &["name=db", "address=192.0.2.7"])?;
    ensure!(std::fs::read(&at)?.ends_with(b"ours\n"));
    ward.undo(&last)?;
    ensure!(std::fs::read(&at)? == before);
    Ok(())
}

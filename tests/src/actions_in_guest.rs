//! Every action in a system of its own: planned, run, proved and taken back from a ticket, and refused where it must be.

use anyhow::{Result, ensure};

use crate::guest::{Guest, NEEDS};
use crate::machine::{file_of_days_ago, lacks};
use crate::patient::started_at;
use crate::program::wait;
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

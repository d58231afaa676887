//! Every action in a system of its own: planned, run, proved and taken back from a ticket, and refused where it must be.

use anyhow::{Result, ensure};

use crate::guest::{Guest, NEEDS};
use crate::machine::lacks;
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

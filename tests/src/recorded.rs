//! A machine that cannot be made here, as the files that its kernel and its programs would show.

use std::path::Path;
use std::process::Command;

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use sonde_agent::recorder::{Busiest, Busy, Recorder, Room};
use sonde_proto::v1;

use crate::patient::{Finding, Machine, findings};
use crate::program::command;
use crate::world::World;
use crate::wrong::Place;

/// Files below a folder, which the real agent's program takes for the machine. What a program would say there stands in
/// `/said/PROGRAM ARGUMENTS`, slashes written as underscores.
pub struct Recorded {
    folder: tempfile::TempDir,
}

impl Recorded {
    /// A machine that has `files`, by path and content.
    pub fn new(files: &[(&str, &str)]) -> Result<Self> {
        let recorded = Self {
            folder: tempfile::Builder::new()
                .prefix("sonde-recorded-")
                .tempdir()?,
        };
        for (path, content) in files {
            recorded.write(path, content)?;
        }
        Ok(recorded)
    }

    /// The folder that stands for `/`.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, content: &str) -> Result<()> {
        let path = self.root().join(path.trim_start_matches('/'));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, content)?)
    }

    /// Has its flight recorder hold the last hours. `of`: minutes before now give what was sampled and which processes
    /// were busiest then.
    pub fn record(
        &self,
        minutes: i64,
        of: impl Fn(i64) -> (Vec<Sampled>, Vec<Busy>),
    ) -> Result<()> {
        let path = self.root().join("recorder");
        let mut recorder = Recorder::create(&path, Room::AsWritten)?;
        let now_us = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as i64;
        for ago in (0..minutes).rev() {
            let at_us = now_us - ago * MINUTE_US;
            let (sampled, processes) = of(ago);
            let series: Vec<v1::Series> = sampled.iter().map(|one| one.series.clone()).collect();
            let values: Vec<(u32, i64)> = (0..).zip(sampled.iter().map(|one| one.value)).collect();
            recorder.sample(at_us, 1, &series, &values)?;
            recorder.busiest(&Busiest { at_us, processes })?;
        }
        Ok(())
    }

    pub fn remove(&self, path: &str) -> Result<()> {
        Ok(std::fs::remove_file(
            self.root().join(path.trim_start_matches('/')),
        )?)
    }
}

const MINUTE_US: i64 = 60_000_000;

/// A value of a series at one moment.
pub struct Sampled {
    series: v1::Series,
    value: i64,
}

impl Sampled {
    /// `scale`: the value is its integer times 10 to the power of this.
    pub fn new(name: &str, labels: &str, scale: i32, value: i64) -> Self {
        let series = v1::Series {
            name: name.into(),
            labels: labels.into(),
            scale,
            ..v1::Series::default()
        };
        Self { series, value }
    }
}

/// Where a recorded machine has what smartctl says of a disk.
pub fn said_by_smartctl(disk: &str) -> String {
    format!("/said/smartctl --json=c --all --nocheck=standby _dev_{disk}")
}

/// The machine's solid-state disk says that it has so much spare memory left and so much of its life behind it, in
/// percent, and has lost data so many times.
pub fn nvme(machine: &Recorded, spare: u32, used: u32, media_errors: u32) -> Result<()> {
    let said = format!(
        r#"{{"json_format_version":[1,0],"smartctl":{{"version":[7,3],"exit_status":0}},
        "device":{{"name":"/dev/nvme0n1","type":"nvme","protocol":"NVMe"}},
        "model_name":"SAMSUNG MZVLB512HBJQ-000L7","serial_number":"S4DXNX0R","firmware_version":"3L2QEXF7",
        "smart_status":{{"passed":true,"nvme":{{"value":0}}}},
        "nvme_smart_health_information_log":{{"critical_warning":0,"temperature":41,"available_spare":{spare},
        "available_spare_threshold":10,"percentage_used":{used},"data_units_read":51234567,"data_units_written":61234567,
        "power_cycles":1402,"power_on_hours":9120,"unsafe_shutdowns":71,"media_errors":{media_errors},
        "num_err_log_entries":{media_errors}}},"temperature":{{"current":41}},"power_on_time":{{"hours":9120}}}}"#
    );
    machine.write(&said_by_smartctl("nvme0n1"), &said)
}

/// Chips of a desktop machine that is well: of its processor and of its board.
pub const SENSORS: &[(&str, &str)] = &[
    ("/sys/class/hwmon/hwmon1/name", "coretemp\n"),
    ("/sys/class/hwmon/hwmon1/temp1_input", "52000\n"),
    ("/sys/class/hwmon/hwmon1/temp1_label", "Package id 0\n"),
    ("/sys/class/hwmon/hwmon1/temp1_max", "86000\n"),
    ("/sys/class/hwmon/hwmon1/temp1_crit", "100000\n"),
    ("/sys/class/hwmon/hwmon1/temp1_crit_alarm", "0\n"),
    ("/sys/class/hwmon/hwmon2/name", "nct6775\n"),
    ("/sys/class/hwmon/hwmon2/fan2_input", "1120\n"),
    ("/sys/class/hwmon/hwmon2/fan2_min", "600\n"),
    ("/sys/class/hwmon/hwmon2/fan2_alarm", "0\n"),
];

impl Machine for Recorded {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut plain = command(arguments[0]);
        plain.args(&arguments[1..]);
        plain
    }

    fn start(&mut self, _: &mut World) -> Result<String> {
        bail!("nothing runs on a recorded machine")
    }

    fn check(&mut self) -> Result<Vec<Finding>> {
        let mut check = command(self.program());
        findings(check.args(["check", "--json", "--root"]).arg(self.root()))
    }

    fn is_recorded(&self) -> bool {
        true
    }
}

impl Place for Recorded {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}

//! A whole system of its own under systemd, in a container: built once, each guest a layer over it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, ensure};

use crate::network::Network;
use crate::program::{Running, command, output, programs, wait};

/// What a guest is made of, by program and Debian package.
pub const NEEDS: &[(&str, &str)] = &[
    ("systemd-nspawn", "systemd-container"),
    ("debootstrap", "debootstrap"),
    ("nsenter", "util-linux"),
];

/// What a guest has beside a system: plugins, a time daemon, and a desktop for who logs in before its screen.
const PACKAGES: &str = "systemd,systemd-sysv,dbus,iproute2,chrony,monitoring-plugins-basic,\
    libpam-systemd,dbus-user-session,dunst,xvfb";

const AGENT_UNIT: &str = "[Service]\nExecStart=/usr/local/bin/sonde-agent run\n";

/// A running guest. It shares this machine's network, so that it reaches a collector on a loopback address, or is in
/// one of a test's.
#[derive(Debug)]
pub struct Guest {
    container: Option<Running>,
    leader: u32,
    /// This machine's address that it reaches.
    way_out: String,
    folder: tempfile::TempDir,
    /// What it was given to be well.
    office: Option<(Running, Network)>,
}

impl Guest {
    /// Boots one, with the agent's program and unit in it, not started.
    pub fn boot() -> Result<Self> {
        Self::booted("127.0.0.1", &[])
    }

    /// One whose network is the other end of `network`.
    pub fn behind(network: &Network) -> Result<Self> {
        let namespace = format!("--network-namespace-path={}", network.path().display());
        let guest = Self::booted(network.here(), &[&namespace, "--capability=CAP_NET_ADMIN"])?;
        // systemd-nspawn has made /sys before it entered the network: it shows this machine's interfaces.
        guest.run(&["mount", "-t", "sysfs", "sysfs", "/mnt"])?;
        for folder in ["class/net", "devices"] {
            let (from, to) = (format!("/mnt/{folder}"), format!("/sys/{folder}"));
            guest.run(&["mount", "--bind", &from, &to])?;
        }
        Ok(guest)
    }

    /// One in a network of its own, whose gateway and name server answer whatever becomes of this machine's: what it is
    /// found to have is what the test does to it.
    pub fn in_office() -> Result<Self> {
        let network = Network::new()?;
        let server = network.name_server()?;
        let mut guest = Self::behind(&network)?;
        let resolv = guest.path("/etc/resolv.conf");
        fs::remove_file(&resolv).ok();
        fs::write(resolv, network.resolver())?;
        guest.office = Some((server, network));
        Ok(guest)
    }

    fn booted(way_out: &str, arguments: &[&str]) -> Result<Self> {
        let base = base()?;
        let folder = tempfile::Builder::new().prefix("sonde-guest-").tempdir()?;
        let at = |name: &str| folder.path().join(name);
        for name in ["upper", "work", "root"] {
            fs::create_dir(at(name))?;
        }
        let options = format!(
            "lowerdir={},upperdir={},workdir={}",
            base.display(),
            at("upper").display(),
            at("work").display()
        );
        output(
            command("mount")
                .args(["-t", "overlay", "overlay", "-o", &options])
                .arg(at("root")),
        )?;
        let mut guest = Self {
            container: None,
            leader: 0,
            way_out: way_out.to_owned(),
            folder,
            office: None,
        };
        fs::write(guest.path("/usr/local/bin/sonde-agent"), "")?;
        guest.unit("sonde-agent.service", AGENT_UNIT)?;
        let log = fs::File::create(guest.folder.path().join("console"))?;
        let mut nspawn = command("systemd-nspawn");
        nspawn
            .args(["--quiet", "--boot", "--keep-unit", "--register=no"])
            .args(arguments)
            .arg(format!("--machine={}", name()))
            .arg(format!(
                "--bind-ro={}:/usr/local/bin/sonde-agent",
                programs().join("sonde-agent").display()
            ))
            .arg("--directory")
            .arg(guest.path("/"))
            .stdout(log)
            .stderr(Stdio::null());
        let container = Running::start(&mut nspawn)?;
        let children = format!("/proc/{0}/task/{0}/children", container.id());
        guest.container = Some(container);
        wait("the guest's boot", || {
            let first = fs::read_to_string(&children).ok()?;
            guest.leader = first.split_whitespace().next()?.parse().ok()?;
            guest
                .run(&["systemctl", "is-active", "multi-user.target"])
                .ok()
        })?;
        Ok(guest)
    }

    /// A file of the guest as this machine sees it.
    pub fn path(&self, path: &str) -> PathBuf {
        let root = self.folder.path().join("root");
        root.join(path.trim_start_matches('/'))
    }

    /// This machine's address that the guest reaches.
    pub fn way_out(&self) -> &str {
        &self.way_out
    }

    /// Writes a unit of systemd.
    pub fn unit(&self, name: &str, text: &str) -> Result<()> {
        Ok(fs::write(
            self.path("/etc/systemd/system").join(name),
            text,
        )?)
    }

    /// Writes a service that multi-user.target wants, with more lines of its own section, and has systemd read it.
    pub fn service(&self, unit: &str, description: &str, program: &str, more: &str) -> Result<()> {
        let text = format!(
            "[Unit]\nDescription={description}\n[Service]\nExecStart={program}\n{more}\n[Install]\nWantedBy=multi-user.target\n"
        );
        self.unit(unit, &text)?;
        self.run(&["systemctl", "daemon-reload"]).map(drop)
    }

    /// Whether a unit is `active`, `inactive`, `failed`.
    pub fn has_state(&self, unit: &str, state: &str) -> Option<()> {
        let shown = self.run(&[
            "systemctl",
            "show",
            "--value",
            "--property=ActiveState",
            unit,
        ]);
        (shown.ok()?.trim() == state).then_some(())
    }

    /// A program inside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut inside = command("nsenter");
        inside.args(["--target", &self.leader.to_string(), "--all", "--"]);
        inside.args(arguments);
        inside
    }

    /// Runs a program inside to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        output(&mut self.command(arguments))
    }

    /// Makes the guest a device and starts its agent; gives the device's id.
    pub fn enrol(&self, collector: &str, token: &Path) -> Result<String> {
        fs::copy(token, self.path("/root/token"))?;
        let said = self.run(&[
            "sonde-agent",
            "enroll",
            "--collector",
            collector,
            "--token-file",
            "/root/token",
        ])?;
        self.run(&["systemctl", "start", "sonde-agent"])?;
        let first = said.lines().next().unwrap_or_default();
        let id = first.strip_prefix("enrolled as device ");
        Ok(id.with_context(|| said.clone())?.to_owned())
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        // The container's keeper does not take the guest along when it is killed; the guest's first process takes all
        // others.
        if self.leader != 0 {
            output(command("kill").args(["-KILL", &self.leader.to_string()])).ok();
        }
        drop(self.container.take());
        output(command("umount").arg("-l").arg(self.path("/"))).ok();
    }
}

/// One that no other guest of this machine has.
fn name() -> String {
    static N_GUESTS: AtomicU32 = AtomicU32::new(0);
    let number = N_GUESTS.fetch_add(1, Ordering::Relaxed);
    format!("sonde-guest-{}-{number}", std::process::id())
}

/// The system that all guests stand on, in the build folder.
pub(crate) fn base() -> Result<PathBuf> {
    let target = programs().parent().context("the programs lie nowhere")?;
    let folder = target.join("guest");
    let base = folder.join("debian-with-a-desktop");
    fs::create_dir_all(&folder)?;
    let turn = fs::File::create(folder.join("lock"))?;
    turn.lock()?;
    if base.exists() {
        return Ok(base);
    }
    // From where this machine has its own packages.
    let sources = output(command("apt-get").args([
        "indextargets",
        "--format",
        "$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let source = sources.lines().find_map(|line| {
        let mut words = line.strip_prefix("Debian main ")?.split(' ');
        let (codename, address) = (words.next()?, words.next()?);
        (!codename.contains('-')).then(|| (codename.to_owned(), address.to_owned()))
    });
    let (codename, address) = source.context("apt knows no source of Debian's packages")?;
    let unfinished = folder.join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    output(
        command("debootstrap")
            .args([
                "--variant=minbase",
                &format!("--include={PACKAGES}"),
                &codename,
            ])
            .arg(&unfinished)
            .arg(address),
    )?;
    ensure!(
        unfinished.join("usr/bin/systemctl").exists(),
        "the guest has no systemd"
    );
    // A guest has a time daemon when it wants one.
    let chrony = unfinished.join("etc/systemd/system/multi-user.target.wants/chrony.service");
    fs::remove_file(chrony)?;
    fs::rename(&unfinished, &base)?;
    Ok(base)
}

//! A small virtual machine with a kernel of its own, for what would take this machine's along. It is spoken to over its
//! serial line.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::patient::{Finding, Machine};
use crate::program::{PATIENCE, command, output, programs};
use crate::world::World;
use crate::wrong::Place;

/// What it is made with, by program and Debian package.
pub const NEEDS: &[(&str, &str)] = &[
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("busybox", "busybox-static"),
    ("strip", "binutils"),
];

/// Debian's kernel for virtual machines; the package depends on the newest.
const KERNEL: &str = "linux-image-cloud-amd64";
const MEMORY_MIB: &str = "256";
/// What its first process says when it is ready, and after each command.
const READY: &str = "=ready=";
const DONE: &str = "=done ";
/// Runs each line that comes over the serial line.
const INIT: &str = "#!/bin/busybox sh\n/bin/busybox --install -s /bin\nexport PATH=/bin\n\
    mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev\n\
    exec </dev/ttyS0 >/dev/ttyS0 2>&1; stty -echo\necho =ready=\n\
    while read -r line; do sh -c \"$line\" </dev/null; echo \"=done $?=\"; done\n";

#[derive(Debug)]
pub struct VirtualMachine {
    process: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl VirtualMachine {
    /// Boots one from nothing, with the agent's program in it. By emulation: nested virtual machines are not everywhere.
    pub fn boot() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sonde-vm-").tempdir()?;
        let files = files(folder.path())?;
        let mut qemu = command("qemu-system-x86_64");
        qemu.args([
            "-accel",
            "tcg",
            "-cpu",
            "max",
            "-m",
            MEMORY_MIB,
            "-nodefaults",
        ]);
        qemu.args([
            "-display",
            "none",
            "-no-reboot",
            "-serial",
            "stdio",
            "-kernel",
        ])
        .arg(kernel()?);
        qemu.arg("-initrd").arg(files);
        // The kernel's own words would mix with the answers.
        qemu.args(["-append", "quiet console=tty0 psi=1"]);
        let piped = qemu
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = piped.spawn().context("qemu")?;
        let input = process.stdin.take().context("no way in")?;
        let answers = BufReader::new(process.stdout.take().context("no way out")?);
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let lines = answers.lines().map_while(Result::ok);
            lines
                .take_while(|line| sender.send(line.clone()).is_ok())
                .for_each(drop);
        });
        let machine = Self {
            process,
            input,
            lines,
        };
        machine.until(READY)?;
        Ok(machine)
    }

    /// Has its shell run a line; gives what that said, however it ended.
    pub fn run(&mut self, line: &str) -> Result<String> {
        writeln!(self.input, "{line}")?;
        self.until(DONE)
    }

    /// What comes before a line that begins so.
    fn until(&self, begin: &str) -> Result<String> {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line =
                line.with_context(|| format!("the virtual machine said no more than: {said}"))?;
            if line.starts_with(begin) {
                return Ok(said);
            }
            said.push_str(line.trim_end_matches('\r'));
            said.push('\n');
        }
    }
}

impl Machine for VirtualMachine {
    fn command(&self, _: &[&str]) -> Command {
        // Only its serial line leads in.
        command("false")
    }

    fn start(&mut self, _: &mut World) -> Result<String> {
        bail!("no network leads to a virtual machine")
    }

    fn check(&mut self) -> Result<Vec<Finding>> {
        let said = self.run("sonde-agent check --json")?;
        let all: Value = serde_json::from_str(&said).with_context(|| said.clone())?;
        Finding::all(&all)
    }

    fn is_out_of_reach(&self) -> bool {
        true
    }
}

impl Place for VirtualMachine {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}

impl Drop for VirtualMachine {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// An archive of all that it has: a shell, the agent, the libraries that the agent needs.
fn files(folder: &Path) -> Result<PathBuf> {
    let root = folder.join("root");
    for name in ["bin", "dev", "etc", "proc", "run", "sys", "tmp"] {
        fs::create_dir_all(root.join(name))?;
    }
    let agent = programs().join("sonde-agent");
    let busybox = output(command("which").arg("busybox"))?;
    fs::copy(busybox.trim(), root.join("bin/busybox"))?;
    // What a debugger wants would not fit into its memory.
    let stripped = root.join("bin/sonde-agent");
    output(command("strip").arg("-o").arg(&stripped).arg(&agent))?;
    let needed = output(command("ldd").arg(&agent))?;
    for library in needed
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
    {
        let to = root.join(library.trim_start_matches('/'));
        fs::create_dir_all(to.parent().context("a library at the root")?)?;
        fs::copy(library, to)?;
    }
    let init = root.join("init");
    fs::write(&init, INIT)?;
    output(command("chmod").arg("755").arg(&init))?;
    let archive = folder.join("files");
    let pack = "cd \"$0\" && find . | busybox cpio -o -H newc >\"$1\" 2>/dev/null";
    output(command("sh").args(["-c", pack]).arg(&root).arg(&archive))?;
    Ok(archive)
}

/// The kernel, fetched once into the build folder from where this machine has its own packages.
fn kernel() -> Result<PathBuf> {
    let target = programs().parent().context("the programs lie nowhere")?;
    let folder = target.join("vm");
    fs::create_dir_all(&folder)?;
    let turn = fs::File::create(folder.join("lock"))?;
    turn.lock()?;
    let kernel = folder.join("vmlinuz");
    if kernel.exists() {
        return Ok(kernel);
    }
    let depends = output(command("apt-cache").args(["depends", KERNEL]))?;
    let package = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: "));
    let package = package.with_context(|| format!("apt knows no {KERNEL}"))?;
    let unpacked = folder.join("unpacked");
    let fetch = "cd \"$0\" && apt-get download --quiet \"$1\" && dpkg-deb --extract \"$1\"_*.deb unpacked && rm \"$1\"_*.deb";
    output(command("sh").args(["-c", fetch]).arg(&folder).arg(package))?;
    let found = fs::read_dir(unpacked.join("boot"))?
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let found = found
        .into_iter()
        .find(|path| path.to_string_lossy().contains("vmlinuz"));
    fs::copy(found.context("the package has no kernel")?, &kernel)?;
    fs::remove_dir_all(&unpacked)?;
    ensure!(kernel.exists(), "no kernel");
    Ok(kernel)
}

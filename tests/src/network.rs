//! A network that a test makes for itself: this machine, and a namespace in which an agent can run. Only root can.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use crate::program::{Running, command, output, wait};

/// A network of two.
#[derive(Debug)]
pub struct Network {
    name: String,
    here: String,
    there: String,
    /// Its own files of /etc, and the name servers' program.
    folder: tempfile::TempDir,
}

/// The files of /etc that the namespace has for its own.
const OWN: &[&str] = &["environment", "hosts", "resolv.conf"];

/// A folder of its own in the place of /etc/ssl/certs, where there is one.
const TRUSTED: &str = "trusted";

/// How to get into a network's namespace.
#[derive(Clone, Debug)]
pub struct Inside {
    name: String,
    folder: PathBuf,
}

impl Network {
    /// Makes it; the namespace's way out and its name server are this machine.
    pub fn new() -> Result<Self> {
        static N_NETWORKS: AtomicU32 = AtomicU32::new(0);
        let number = N_NETWORKS.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let name = format!("sonde{process}n{number}");
        // Of the range for tests of networks (RFC 2544), four addresses for each.
        let prefix = format!("198.18.{}", process % 256);
        let (here, there) = (
            format!("{prefix}.{}", number * 4 + 1),
            format!("{prefix}.{}", number * 4 + 2),
        );
        let network = Self {
            name,
            folder: tempfile::tempdir()?,
            here,
            there,
        };
        fs::set_permissions(network.folder.path(), Permissions::from_mode(0o755))?;
        for file in OWN {
            network.write(file, "")?;
        }
        network.write("hosts", "127.0.0.1 localhost\n::1 localhost\n")?;
        network.write("resolv.conf", &network.resolver())?;
        let name = &network.name;
        network.outside(&["netns", "add", name])?;
        let (host, here) = (network.interface(), format!("{}/30", network.here));
        network.outside(&[
            "link", "add", &host, "type", "veth", "peer", "name", "eth0", "netns", name,
        ])?;
        network.outside(&["address", "add", &here, "dev", &host])?;
        network.outside(&["link", "set", &host, "up"])?;
        let there = format!("{}/30", network.there);
        network.ip(&["address", "add", &there, "dev", "eth0"])?;
        network.ip(&["link", "set", "lo", "up"])?;
        network.ip(&["link", "set", "eth0", "up"])?;
        network.ip(&["route", "add", "default", "via", &network.here])?;
        Ok(network)
    }

    /// This machine's address in it.
    pub fn here(&self) -> &str {
        &self.here
    }

    /// What the resolver's file of a machine in it says: this machine is asked, of whose names the machine is.
    pub fn resolver(&self) -> String {
        format!("nameserver {}\nsearch office.test\n", self.here)
    }

    /// The namespace's.
    pub fn there(&self) -> &str {
        &self.there
    }

    /// This machine's interface into it; the namespace's is `eth0`.
    pub fn interface(&self) -> String {
        format!("{}h", self.name)
    }

    /// The namespace's file.
    pub fn path(&self) -> PathBuf {
        Path::new("/run/netns").join(&self.name)
    }

    /// `ip` in the namespace.
    pub fn ip(&self, arguments: &[&str]) -> Result<()> {
        let arguments = [&["-n", &self.name], arguments].concat();
        self.outside(&arguments)
    }

    /// `ip` on this machine.
    pub fn outside(&self, arguments: &[&str]) -> Result<()> {
        output(command("ip").args(arguments)).map(drop)
    }

    /// What a file of its /etc says from now on: `environment`, `hosts`, `resolv.conf`.
    pub fn write(&self, file: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.folder.path().join(file), text)?)
    }

    /// Whom its machine trusts from now on: authorities, as a bundle has them.
    pub fn trust(&self, bundle: &str) -> Result<()> {
        let folder = self.folder.path().join(TRUSTED);
        fs::create_dir_all(&folder)?;
        Ok(fs::write(folder.join("ca-certificates.crt"), bundle)?)
    }

    pub fn inside(&self) -> Inside {
        Inside {
            name: self.name.clone(),
            folder: self.folder.path().to_owned(),
        }
    }

    /// A name server on this machine's address: it knows the network's own names and asks nobody else.
    pub fn name_server(&self) -> Result<Running> {
        let names = [
            "--local=/office.test/",
            "--address=/localhost/127.0.0.1",
            "--address=/localhost/::1",
        ];
        self.name_server_at(&self.here, &names)
    }

    /// One on another address of this machine's, under a name of its own: an agent that has the machine's dnsmasq forget
    /// what it knows does not mean this one. With more of dnsmasq's arguments.
    pub fn name_server_at(&self, address: &str, arguments: &[&str]) -> Result<Running> {
        let program = self.folder.path().join("name-server");
        if !program.exists() {
            let dnsmasq = output(command("which").arg("dnsmasq"))?;
            std::os::unix::fs::symlink(dnsmasq.trim(), &program)?;
        }
        let mut dnsmasq = command(&program);
        dnsmasq.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file=",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--except-interface=lo",
        ]);
        dnsmasq.arg(format!("--listen-address={address}"));
        let server = Running::start(dnsmasq.args(arguments))?;
        let listens = format!("{address}:53");
        wait("the name server", || {
            output(command("ss").args(["-lnu"]))
                .ok()
                .filter(|list| list.contains(&listens))
        })?;
        Ok(server)
    }
}

impl Inside {
    /// A program in the namespace, with its arguments and the namespace's own files.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut inside = command("ip");
        inside.args([
            "netns", "exec", &self.name, "unshare", "--mount", "sh", "-c",
        ]);
        let bind = |file: &&str| format!("mount --bind \"$0/{file}\" /etc/{file} && ");
        let script: String = OWN.iter().map(bind).collect();
        let trust = format!(
            "if [ -e \"$0/{TRUSTED}\" ]; then mount --bind \"$0/{TRUSTED}\" /etc/ssl/certs; fi && "
        );
        inside.arg(format!("{script}{trust}exec \"$@\""));
        inside.arg(&self.folder).args(arguments);
        inside
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        output(command("ip").args(["netns", "delete", &self.name])).ok();
    }
}

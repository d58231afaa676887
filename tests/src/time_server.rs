//! A time server at this machine, and a guest whose time daemon knows it.

use std::net::UdpSocket;
use std::process::Stdio;

use anyhow::Result;

use crate::guest::Guest;
use crate::program::{Running, command, wait};

/// Program and Debian package of what it is.
pub const OF_TIME: (&str, &str) = ("chronyd", "chrony");

/// Tells this machine's own time.
#[derive(Debug)]
pub struct TimeServer {
    port: u16,
    _server: Running,
    _settings: tempfile::NamedTempFile,
}

impl TimeServer {
    pub fn start() -> Result<Self> {
        let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
        let settings = tempfile::NamedTempFile::new()?;
        let lines = format!(
            "port {port}\nbindaddress 127.0.0.1\nallow 127.0.0.1\nlocal stratum 5\ncmdport 0\nbindcmdaddress /\n"
        );
        std::fs::write(settings.path(), lines)?;
        let mut server = command("chronyd");
        // In the foreground, leaving this machine's clock alone.
        server.args(["-d", "-x", "-u", "root", "-f"]);
        server.arg(settings.path()).stderr(Stdio::null());
        Ok(Self {
            port,
            _server: Running::start(&mut server)?,
            _settings: settings,
        })
    }

    /// Starts the guest's time daemon, which thinks that there is no network.
    pub fn is_out_of_reach_of(&self, guest: &Guest) -> Result<()> {
        let port = self.port;
        let lines = format!("server 127.0.0.1 port {port} iburst offline\ncmdport 0\n");
        std::fs::write(guest.path("/etc/chrony/chrony.conf"), lines)?;
        // In a container Debian's own unit is not started: a clock that is not the guest's is not the guest's to set.
        let unit = "[Service]\nExecStart=/usr/sbin/chronyd -d -x\n";
        guest.unit("chrony.service", unit)?;
        guest.run(&["systemctl", "daemon-reload"])?;
        guest.run(&["systemctl", "start", "chrony"])?;
        let tells = || guest.run(&["chronyc", "-c", "tracking"]).ok();
        wait("the time daemon", tells).map(drop)
    }
}

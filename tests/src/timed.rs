//! A machine whose clock a chrony keeps that asks a time server of the test's own. It never sets the clock.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};

use crate::patient::{Here, Machine, With};
use crate::program::{Running, output, wait};
use crate::wrong::Place;

/// What it is made with, by program and Debian package.
pub const NEEDS: &[(&str, &str)] = &[("chronyd", "chrony")];

/// Seconds from 1900, where NTP begins, to 1970 (RFC 5905 §6).
const TO_1970: i64 = 2_208_988_800;
const PACKET_BYTES: usize = 48;

/// What a time server says.
#[derive(Debug, Default)]
struct Said {
    /// By how much its clock is ahead of this machine's.
    ahead_seconds: AtomicI64,
    is_silent: AtomicBool,
}

pub struct Timed {
    machine: With<Running>,
    folder: tempfile::TempDir,
    said: Arc<Said>,
    port: u16,
}

impl Timed {
    /// One whose clock is right.
    pub fn new() -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let port = socket.local_addr()?.port();
        let said = Arc::new(Said::default());
        let told = said.clone();
        std::thread::spawn(move || serve(&socket, &told));
        // The daemon's own places are its own here.
        let machine = Here::apart(
            "mkdir -p /run/chrony; mount -t tmpfs -o mode=750 tmpfs /run/chrony\n\
             mount -t tmpfs tmpfs /var/lib/chrony 2>/dev/null || true",
        )?;
        let timed = Self {
            machine,
            folder: tempfile::tempdir()?,
            said,
            port,
        };
        timed.start_as_before()?;
        Ok(timed)
    }

    /// By how much the time server's clock is ahead from now on; waits until the daemon has seen it.
    pub fn set_ahead(&self, seconds: i64) -> Result<()> {
        self.said.ahead_seconds.store(seconds, Ordering::Relaxed);
        wait("the daemon's new mind", || {
            let seen: f64 = self.tracking()?.get(4)?.parse().ok()?;
            ((seen.abs() - seconds as f64).abs() < 1.0).then_some(())
        })
    }

    /// The time server answers nothing from now on.
    pub fn silence(&self, is_silent: bool) {
        self.said.is_silent.store(is_silent, Ordering::Relaxed);
    }

    /// Ends the daemon.
    pub fn stop(&self) -> Result<()> {
        output(&mut self.command(&["pkill", "-x", "chronyd"]))?;
        // Nobody there clears away what has ended: its process is seen still.
        wait("the daemon's end", || match self.tracking() {
            Some(_) => None,
            None => Some(()),
        })
    }

    /// Starts it with the server that it had.
    pub fn start_as_before(&self) -> Result<()> {
        self.start(&self.server())?;
        self.until_right()
    }

    /// The line of its configuration that names the server.
    pub fn server(&self) -> String {
        format!(
            "server 127.0.0.1 port {} iburst minpoll 0 maxpoll 0\n",
            self.port
        )
    }

    /// Starts it with these sources, and waits until it can be asked.
    pub fn start(&self, sources: &str) -> Result<()> {
        let configuration = self.folder.path().join("chrony.conf");
        let own = "user root\nport 0\ncmdport 0\npidfile /run/chrony/chronyd.pid\n\
                   bindcmdaddress /run/chrony/chronyd.sock\n";
        std::fs::write(&configuration, format!("{sources}{own}"))?;
        let configuration = configuration.to_str().context("a path that is no text")?;
        output(&mut self.command(&["chronyd", "-x", "-f", configuration]))?;
        wait("the daemon", || self.tracking()).map(drop)
    }

    fn until_right(&self) -> Result<()> {
        wait("a clock that is kept right", || {
            (self.tracking()?.get(13)? == "Normal").then_some(())
        })
    }

    /// Fields of chronyc's answer.
    fn tracking(&self) -> Option<Vec<String>> {
        let said = output(&mut self.command(&["chronyc", "-c", "-n", "tracking"])).ok()?;
        Some(said.trim().split(',').map(str::to_owned).collect())
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        self.machine.command(arguments)
    }
}

/// Answers as a server of stratum 1 does (RFC 5905 §7.3), for as long as the program runs.
fn serve(socket: &UdpSocket, said: &Said) {
    let mut asked = [0; 512];
    while let Ok((n, from)) = socket.recv_from(&mut asked) {
        if n < PACKET_BYTES || said.is_silent.load(Ordering::Relaxed) {
            continue;
        }
        let now = moment(said.ahead_seconds.load(Ordering::Relaxed));
        let mut answer = [0; PACKET_BYTES];
        // The version asked in; a server.
        answer[0] = asked[0] & 0b0011_1000 | 4;
        (answer[1], answer[2], answer[3]) = (1, asked[2], -20_i8 as u8);
        answer[12..16].copy_from_slice(b"TEST");
        for at in [16, 32, 40] {
            answer[at..at + 8].copy_from_slice(&now);
        }
        answer[24..32].copy_from_slice(&asked[40..48]);
        socket.send_to(&answer, from).ok();
    }
}

/// Seconds since 1900 and their fraction of 2³².
fn moment(ahead_seconds: i64) -> [u8; 8] {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = (now.as_secs() as i64 + TO_1970 + ahead_seconds) as u32;
    let fraction = ((u64::from(now.subsec_nanos()) << 32) / 1_000_000_000) as u32;
    (u64::from(seconds) << 32 | u64::from(fraction)).to_be_bytes()
}

impl Place for Timed {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }
}

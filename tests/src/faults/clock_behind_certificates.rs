//! A clock that is days behind, by which a server's new certificate is too young: what looks like a fault of the server's
//! is one of the clock's.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use tokio_rustls::rustls::ServerConfig;

use super::{Expected, Fault};
use crate::patient::Machine;
use crate::program::output;
use crate::timed::{NEEDS, Timed};
use crate::web::{Authority, Web};
use crate::world::World;
use crate::wrong::{Place, Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "clock-behind-certificates",
    area: "time",
    needs: NEEDS,
    make: || WRONG.at(Dated::new()?),
};

const NAME: &str = "127.0.0.1";
const DAY: u64 = 86_400;

/// A machine whose clock is kept, and a server that it is to try.
struct Dated {
    timed: Timed,
    web: Web,
    authority: Authority,
    targets: Vec<String>,
    _trusted: tempfile::TempDir,
}

impl Dated {
    fn new() -> Result<Self> {
        let authority = Authority::new("Office CA")?;
        let web = Web::start(NAME.parse()?, authority.issue(NAME, 2090)?)?;
        let trusted = tempfile::tempdir()?;
        std::fs::write(trusted.path().join("ca-certificates.crt"), authority.pem())?;
        let mut timed = Timed::new()?;
        let folder = trusted.path().to_str().context("a path that is no text")?;
        let mount = ["mount", "--bind", folder, "/etc/ssl/certs"];
        output(&mut timed.machine().command(&mount))?;
        Ok(Self {
            timed,
            targets: vec![format!("tls://{}", web.safe)],
            web,
            authority,
            _trusted: trusted,
        })
    }

    /// A certificate that begins tomorrow by this machine's clock.
    fn young(&self) -> Result<Arc<ServerConfig>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let tomorrow = now + Duration::from_secs(DAY);
        self.authority.issue_from(NAME, tomorrow, 2090)
    }
}

impl Machine for Dated {
    fn command(&self, arguments: &[&str]) -> std::process::Command {
        self.timed.command(arguments)
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        self.timed.machine().start(world)
    }

    fn targets(&self) -> &[String] {
        &self.targets
    }
}

impl Place for Dated {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}

const WRONG: Wrong<Dated> = Wrong {
    inject: |dated| {
        dated.web.shows(dated.young()?)?;
        dated.timed.set_ahead(2 * DAY as i64)
    },
    expect: |_| Expected::new("time.offset", "", "critical", "wrong"),
    cure: Way::Hand(|dated| {
        dated.timed.set_ahead(0)?;
        dated.web.shows(dated.authority.issue(NAME, 2090)?)
    }),
};

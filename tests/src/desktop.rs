//! Somebody before the screen of a guest: logged in, on a real desktop that shows notifications.

use std::fs;

use anyhow::Result;

use crate::guest::Guest;
use crate::program::wait;

/// A login before the screen, as a display manager's: the X server is its session.
const SCREEN: &str = "[Service]\nUser=rosa\nPAMName=login\n\
    Environment=XDG_SESSION_TYPE=x11 XDG_SESSION_CLASS=user\n\
    ExecStart=/usr/bin/Xvfb :0 -screen 0 640x480x24 -nolisten tcp\n";
/// Who shows notifications, as the desktop tells it where its screen is. The user's bus starts it.
const NOTIFIER: &str = "[Service]\nEnvironment=DISPLAY=:0\n";
/// Of dunst(5): its menu gives the button that the user takes.
const SETTINGS: &str =
    "[global]\ndmenu = /usr/bin/grep --max-count=1 --fixed-strings --file=/home/rosa/button\n";

/// The desktop of the user rosa.
pub(crate) struct Desktop<'a> {
    guest: &'a Guest,
    user: String,
}

impl<'a> Desktop<'a> {
    /// Logs her in.
    pub(crate) fn open(guest: &'a Guest) -> Result<Self> {
        guest.run(&["useradd", "--create-home", "rosa"])?;
        let user = guest.run(&["id", "--user", "rosa"])?.trim().to_owned();
        for (folder, file, text) in [
            ("/etc/systemd/user/dunst.service.d", "screen.conf", NOTIFIER),
            ("/home/rosa/.config/dunst", "dunstrc", SETTINGS),
        ] {
            fs::create_dir_all(guest.path(folder))?;
            fs::write(guest.path(folder).join(file), text)?;
        }
        guest.unit("screen.service", SCREEN)?;
        guest.run(&["systemctl", "daemon-reload"])?;
        guest.run(&["systemctl", "start", "screen"])?;
        let bus = format!("/run/user/{user}/bus");
        wait("the user's bus", || guest.run(&["test", "-S", &bus]).ok())?;
        Ok(Self { guest, user })
    }

    /// Takes the button that says `button`, once there is a question.
    pub(crate) fn press(&self, button: &str) -> Result<()> {
        fs::write(self.guest.path("/home/rosa/button"), button)?;
        wait("a question on the desktop", || {
            let shown = self.ask(&["dunstctl", "count", "displayed"]).ok()?;
            (shown.trim() == "1").then_some(())
        })?;
        self.ask(&["dunstctl", "context"]).map(drop)
    }

    /// A program of hers.
    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let bus = format!(
            "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/{}/bus",
            self.user
        );
        let as_her = [
            "setpriv",
            "--reuid",
            &self.user,
            "--clear-groups",
            "env",
            &bus,
        ];
        self.guest.run(&[&as_her, arguments].concat())
    }
}

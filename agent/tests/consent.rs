//! A question on a real user's bus: a bus of an ordinary user's, and behind it a desktop that answers.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use sonde_agent::consent::{Choice, Seat, Words};
use sonde_agent::host::{Host, Workers};
use sonde_agent::worker;
use zbus::message::Type;
use zbus::{Connection, MessageStream, OwnedVariant};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const SETTINGS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
const PATIENCE: Duration = Duration::from_secs(20);

/// A user's bus, until it goes out of scope.
struct Bus {
    daemon: Child,
    seat: Seat,
    _folder: tempfile::TempDir,
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// A program of this machine's.
fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place of this test that starts programs"
    )]
    let mut command = Command::new(name);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// One of the user nobody, where the test is root's; else one's own. `None`: this machine cannot make one.
async fn bus() -> Option<Bus> {
    let is_root = Host::this().is_root();
    let mut start = match is_root {
        true => program("setpriv"),
        false => program("dbus-daemon"),
    };
    if is_root {
        start.args(["--reuid", "nobody", "--regid", "65534", "--clear-groups"]);
        start.arg("dbus-daemon");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let (login, user) = match is_root {
        true => ("nobody".to_owned(), 65534),
        false => {
            let own = std::os::unix::fs::MetadataExt::uid(&folder.path().metadata().unwrap());
            let users = Host::this().users().unwrap();
            let own = users.into_iter().find(|user| user.id == own).unwrap();
            (own.name, own.id)
        }
    };
    std::os::unix::fs::chown(folder.path(), Some(user), None).unwrap();
    // As session.conf has it; whoever runs the test, root mostly, may connect as well, to be the desktop.
    let settings = folder.path().join("session.conf");
    let text = SETTINGS.replace("{path}", &path.display().to_string());
    std::fs::write(&settings, text).unwrap();
    start.args(["--nofork", "--nopidfile", "--config-file"]);
    start.arg(&settings);
    let Ok(daemon) = start.stderr(Stdio::null()).spawn() else {
        println!("skipped: it needs dbus-daemon: apt-get install -y dbus");
        return None;
    };
    let bus = Bus {
        daemon,
        seat: Seat {
            login,
            user,
            bus: path.display().to_string(),
        },
        _folder: folder,
    };
    let until = Instant::now() + PATIENCE;
    while !path.exists() {
        assert!(Instant::now() < until, "the bus does not start");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Some(bus)
}

/// What the desktop does with a question.
#[derive(Clone, Copy, PartialEq)]
enum Desktop {
    /// Somebody presses this.
    Presses(&'static str),
    /// Somebody closes it.
    Closes,
    /// Nobody looks.
    Waits,
    HasNoButtons,
}

/// A notification server that whoever asks from now on finds.
async fn server(path: &str) -> (Connection, MessageStream) {
    let address = format!("unix:path={path}");
    let bus = zbus::connection::Builder::address(address.as_str());
    let bus = bus.build().await.unwrap();
    let calls = MessageStream::from(&bus);
    bus.request_name(SERVICE).await.unwrap();
    (bus, calls)
}

/// Gives what it was asked to show and to close.
async fn serve(
    (bus, mut calls): (Connection, MessageStream),
    desktop: Desktop,
) -> (Vec<String>, usize) {
    let (mut shown, mut n_closed) = (Vec::new(), 0);
    while let Some(Ok(call)) = calls.next().await {
        let header = call.header();
        if header.message_type() != Type::MethodCall {
            continue;
        }
        match header.member().map(|member| member.as_str()) {
            Some("GetCapabilities") => {
                let can: &[&str] = match desktop {
                    Desktop::HasNoButtons => &["body"],
                    Desktop::Presses(_) | Desktop::Closes | Desktop::Waits => {
                        &["body", "actions", "body-markup"]
                    }
                };
                bus.reply(&header, &can).await.unwrap();
                if desktop == Desktop::HasNoButtons {
                    return (shown, n_closed);
                }
            }
            Some("Notify") => {
                type Question = (
                    String,
                    u32,
                    String,
                    String,
                    String,
                    Vec<String>,
                    std::collections::HashMap<String, OwnedVariant>,
                    i32,
                );
                let (_, _, _, summary, body, actions, _, _): Question =
                    call.body().deserialize().unwrap();
                shown = vec![summary, body, actions.join("|")];
                // Somebody else's comes first.
                emit(&bus, "ActionInvoked", &(6_u32, "ticket")).await;
                bus.reply(&header, &7_u32).await.unwrap();
                match desktop {
                    Desktop::Presses(key) => emit(&bus, "ActionInvoked", &(7_u32, key)).await,
                    Desktop::Closes => emit(&bus, "NotificationClosed", &(7_u32, 2_u32)).await,
                    Desktop::Waits | Desktop::HasNoButtons => {}
                }
            }
            Some("CloseNotification") => {
                n_closed += 1;
                bus.reply(&header, &()).await.unwrap();
                return (shown, n_closed);
            }
            _ => {}
        }
    }
    (shown, n_closed)
}

async fn emit<B: serde::Serialize + zbus::DynamicType>(bus: &Connection, signal: &str, body: &B) {
    let none: Option<&str> = None;
    bus.emit_signal(none, PATH, SERVICE, signal, body)
        .await
        .unwrap();
}

fn words() -> Words {
    Words {
        summary: "The helpdesk asks".into(),
        body: "ada <b>wants</b>".into(),
        once: "Yes".into(),
        ticket: "For the ticket".into(),
        no: "No".into(),
    }
}

fn host() -> Host {
    let program = Path::new(env!("CARGO_BIN_EXE_sonde-agent"));
    Host::this().with_workers(Workers::Program(program.to_owned()))
}

/// Asks on a desktop that does this; gives the answer and what it was asked to show. `None`: it is skipped.
async fn ask(desktop: Desktop, within: Duration) -> Option<(Choice, Vec<String>)> {
    let bus = bus().await?;
    let server = server(&bus.seat.bus).await;
    let server = tokio::spawn(serve(server, desktop));
    let choice = worker::ask_user(&host(), bus.seat.clone(), words(), within).await;
    let served = tokio::time::timeout(PATIENCE, server);
    let (shown, n_closed) = served.await.unwrap().unwrap();
    // Nothing is left on the desktop that nobody hears any more.
    assert_eq!(n_closed, usize::from(desktop != Desktop::HasNoButtons));
    Some((choice, shown))
}

#[tokio::test]
async fn who_sits_there_answers_on_their_own_desktop() {
    for (key, expected) in [
        ("once", Choice::Once),
        ("ticket", Choice::Ticket),
        ("no", Choice::No),
    ] {
        let Some((choice, shown)) = ask(Desktop::Presses(key), PATIENCE).await else {
            return;
        };
        assert_eq!(choice, expected);
        assert_eq!(shown[0], "The helpdesk asks");
        // What a technician has written is no markup there.
        assert_eq!(shown[1], "ada &lt;b&gt;wants&lt;/b&gt;");
        assert_eq!(shown[2], "once|Yes|ticket|For the ticket|no|No");
    }
}

#[tokio::test]
async fn who_closes_the_question_or_does_not_look_has_not_agreed() {
    for (desktop, within) in [
        (Desktop::Closes, PATIENCE),
        (Desktop::Waits, Duration::from_millis(300)),
        (Desktop::Presses("another"), Duration::from_millis(300)),
    ] {
        let Some((choice, _)) = ask(desktop, within).await else {
            return;
        };
        assert_eq!(choice, Choice::Silent);
    }
}

#[tokio::test]
async fn a_desktop_that_cannot_ask_is_said_to_be_one() {
    let Some((choice, _)) = ask(Desktop::HasNoButtons, PATIENCE).await else {
        return;
    };
    assert_eq!(choice, Choice::NotShown);
    // A bus on which nobody shows anything.
    let bus = bus().await.unwrap();
    let choice = worker::ask_user(&host(), bus.seat.clone(), words(), PATIENCE).await;
    assert_eq!(choice, Choice::NotShown);
    // One that is another's.
    let other = Seat {
        user: bus.seat.user + 1,
        ..bus.seat.clone()
    };
    let choice = worker::ask_user(&host(), other, words(), PATIENCE).await;
    assert_eq!(choice, Choice::NotShown);
}

//! Behind the menu's entry: the requester's page in the browser, or the questions in a terminal's window.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use sonde_proto::message::Lang;

use super::words::by;
use super::{COLLECTOR, Door, NOT_DONE};
use crate::door;
use crate::help::{Reply, Request};
use crate::host::program;

/// What opens a file or address as the desktop's user wants it.
const OPENER: &str = "xdg-open";
/// The browser has read the file by then; the link in it works once.
const READ: Duration = Duration::from_secs(30);

/// A window that was there for so long was opened, whatever its terminal says when it ends.
const LOOKED_AT: Duration = Duration::from_secs(2);

/// Terminals, and what stands before the command that runs in one: what the desktop names, then what there may be.
const TERMINALS: &[(&str, &[&str])] = &[
    ("xdg-terminal-exec", &[]),
    ("x-terminal-emulator", &["-e"]),
    ("gnome-terminal", &["--"]),
    ("kgx", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("mate-terminal", &["-x"]),
    ("xterm", &["-e"]),
];

/// `settings` and `state`: as they were named to this command.
pub(super) fn run(door: &Door, settings: Option<&Path>, state: Option<&Path>) -> Result<ExitCode> {
    if let Some(url) = link(door)
        && show(&url)?
    {
        return Ok(ExitCode::SUCCESS);
    }
    let lang = if door.lang == Lang::Fr { "fr" } else { "en" };
    let own = std::env::current_exe()?.display().to_string();
    let mut command = vec![own];
    command.extend(["help-me", "--ask", "--window", "--lang", lang].map(str::to_owned));
    if let Some(config) = settings {
        command.splice(1..1, ["--config".into(), config.display().to_string()]);
    }
    if let Some(state) = state {
        command.extend(["--state".into(), state.display().to_string()]);
    }
    if io::stdin().is_terminal() {
        command.retain(|word| word != "--window");
        return here(&command);
    }
    for (name, before) in TERMINALS {
        let Some(path) = program::find_for_user(name) else {
            continue;
        };
        let mut terminal = program::for_user(&path);
        terminal.args(*before).args(&command);
        // One that cannot be opened gives way to the next; one that somebody has closed does not.
        let since = Instant::now();
        let status = terminal.status();
        if status.is_ok_and(|status| status.success() || since.elapsed() > LOOKED_AT) {
            return Ok(ExitCode::SUCCESS);
        }
    }
    door::complain(&by(
        door.lang,
        "this machine has no terminal to ask in: run `sonde-agent help-me --ask`, or call the helpdesk",
        "cette machine n'a pas de terminal : lancez `sonde-agent help-me --ask`, ou appelez l'assistance",
    ));
    Ok(ExitCode::from(NOT_DONE))
}

/// A link to the page that works once; `None`: there is no page, or it cannot be reached.
fn link(door: &Door) -> Option<String> {
    let mut client = door.ask(&Request::Link {}).ok()??;
    let Reply::Link { url } = client.next(COLLECTOR).ok()?? else {
        return None;
    };
    (url.starts_with("https://") || is_own(&url)).then_some(url)
}

/// A page on this machine needs no certificate.
fn is_own(url: &str) -> bool {
    ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"]
        .iter()
        .any(|own| url.starts_with(own))
}

/// Opens the page. The link is a secret, and other users see what a program is started with: it stands in a file that
/// the user alone can read. False: nothing here opens it.
fn show(url: &str) -> Result<bool> {
    let Some(opener) = program::find_for_user(OPENER) else {
        return Ok(false);
    };
    let folder = ["HOME", "XDG_RUNTIME_DIR"].map(std::env::var_os);
    let folder = folder.into_iter().flatten().map(PathBuf::from).next();
    let folder = folder.context("neither HOME nor XDG_RUNTIME_DIR is set")?;
    let page = Page::write(&folder, url)?;
    let opened = program::for_user(&opener).arg(&page.0).status();
    let opened = opened.is_ok_and(|status| status.success());
    if opened {
        page.stay();
    }
    Ok(opened)
}

/// A file that goes away.
struct Page(PathBuf);

impl Page {
    /// In a folder that browsers may read even where they are shut in: none of a hidden name.
    fn write(folder: &Path, url: &str) -> Result<Self> {
        let name: String = crate::identity::random::<8>()?
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = folder.join(format!("sonde-help-{name}.html"));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path);
        let mut file = file.with_context(|| path.display().to_string())?;
        let page = Self(path);
        file.write_all(html(url).as_bytes())?;
        Ok(page)
    }

    fn stay(&self) {
        #[allow(
            clippy::disallowed_methods,
            reason = "nothing says when a browser has read a file"
        )]
        std::thread::sleep(READ);
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// Leads on by itself, and by a click where the browser does not.
fn html(url: &str) -> String {
    let url = sonde_proto::text::html(url, false);
    format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<title>Sonde</title>\n<p><a href=\"{url}\">Get help / Obtenir de l'aide</a></p>\n"
    )
}

/// In the terminal that this was started in.
fn here(command: &[String]) -> Result<ExitCode> {
    let mut questions = program::for_user(Path::new(&command[0]));
    questions
        .args(&command[1..])
        .stdin(std::process::Stdio::inherit());
    let status = questions.status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(NOT_DONE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_where_its_user_alone_reads_it_and_is_no_markup() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let page = Page::write(folder.path(), "https://h/\"><script>").unwrap();
        let mode = fs::metadata(&page.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = fs::read_to_string(&page.0).unwrap();
        assert!(
            text.contains("url=https://h/&quot;&gt;&lt;script&gt;"),
            "{text}"
        );
        let path = page.0.clone();
        drop(page);
        assert!(!path.exists());
    }

    #[test]
    fn only_a_page_of_this_machine_is_opened_without_tls() {
        assert!(is_own("http://127.0.0.1:8443/r/x"));
        for other in [
            "http://127.0.0.1.evil.example/",
            "http://example/",
            "file:///etc/passwd",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}

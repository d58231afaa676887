//! Asking for a password without showing it. The terminal is as it was afterwards, however the question ends.

use super::Failure;

/// Asks without showing what is typed.
#[cfg(unix)]
pub(super) fn ask_hidden(question: &str) -> Result<String, Failure> {
    use std::io::Write as _;
    let mut stderr = std::io::stderr();
    let quiet = Quiet::begin()?;
    write!(stderr, "{question}")?;
    stderr.flush()?;
    let typed = typed(&mut std::io::stdin().lock());
    drop(quiet);
    writeln!(stderr)?;
    typed?.ok_or_else(|| Failure::other("interrupted"))
}

#[cfg(not(unix))]
pub(super) fn ask_hidden(_: &str) -> Result<String, Failure> {
    Err(Failure::with_remedy(
        "the password cannot be asked for here",
        "give it with --password-file",
    ))
}

/// A terminal that shows nothing and hands over each key: Ctrl-C ends the question, not the process before it has
/// put the terminal right.
#[cfg(unix)]
struct Quiet(rustix::termios::Termios);

#[cfg(unix)]
impl Quiet {
    fn begin() -> Result<Self, Failure> {
        use rustix::termios::{
            LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr,
        };
        let stdin = std::io::stdin();
        let Ok(shown) = tcgetattr(&stdin) else {
            return Err(Failure::with_remedy(
                "there is no terminal to ask for the password",
                "give it with --password-file",
            ));
        };
        let mut hidden = shown.clone();
        hidden
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
        hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&stdin, OptionalActions::Now, &hidden)
            .map_err(|error| Failure::other(error.to_string()))?;
        Ok(Self(shown))
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // A terminal that has gone need not be put right.
        tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0).ok();
    }
}

/// The line that somebody types, with the keys that a terminal would have minded; none: they want no more of it.
fn typed(keys: &mut impl std::io::Read) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut key = [0];
    loop {
        if keys.read(&mut key)? == 0 {
            break;
        }
        match key[0] {
            // Ctrl-C, Ctrl-\
            3 | 28 => return Ok(None),
            b'\n' | b'\r' => break,
            // Ctrl-D
            4 if line.is_empty() => return Ok(None),
            4 => break,
            // Ctrl-U
            21 => line.clear(),
            // Backspace takes a whole character.
            8 | 127 => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            byte => line.push(byte),
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &str, expected: Option<&str>) {
        let typed = typed(&mut keys.as_bytes()).unwrap();
        assert_eq!(typed.as_deref(), expected);
    }

    #[test]
    fn keys_do_what_they_do_at_a_terminal() {
        check("secret\nrest", Some("secret"));
        check("secre\u{e9}\u{7f}t\r", Some("secret"));
        check("wrong\u{15}secret\n", Some("secret"));
        check("sec\u{3}ret\n", None);
        check("\u{4}", None);
        check("\u{7f}\n", Some(""));
    }
}

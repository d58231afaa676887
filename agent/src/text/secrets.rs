//! Secrets in arguments and log lines, masked before they leave the machine.

use sonde_proto::caps;

/// Words after which a secret stands, in small letters.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "authorization: bearer",
    "authorization: basic",
];

/// Options whose value is `user:password` (curl(1), wget(1)).
const USER_OPTIONS: &[&str] = &["-u ", "--user ", "--user=", "--proxy-user "];

/// `text`, cut to what one text may have, with an ellipsis in the place of each secret: what follows `password=` and
/// the like, to the end of its quotes where it has some; the user of a URL; `-u user:…` and `-p…` of programs.
/// Takes time in proportion to the text.
pub fn mask_secrets(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(caps::TEXT_BYTES)];
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < text.len() {
        let found = text
            .is_char_boundary(at)
            .then(|| secret_at(text, at))
            .flatten();
        match found {
            Some((begin, end)) => {
                out.push_str(&text[copied..begin]);
                out.push('…');
                (copied, at) = (end, end);
            }
            None => at += 1,
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Where the secret that something at `at` announces begins and ends.
fn secret_at(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let is_first = at == 0 || text.as_bytes()[at - 1].is_ascii_whitespace();
    let (begin, end) = match rest.as_bytes()[0] {
        b':' => of_url(rest)?,
        b'-' if is_first => of_option(rest)?,
        _ => after_word(text, at)?,
    };
    Some((at + begin, at + end))
}

/// `password=…`, `"token": "…"`, `--secret …`, from the word on.
fn after_word(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let starts_with = |word: &&&str| {
        rest.get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let word = WORDS.iter().find(starts_with)?;
    let after = skip_quote(rest, word.len());
    let is_marked = word.contains(' ') || rest[after..].starts_with(['=', ':']);
    // `--password hunter2` stands apart from the prose "password for".
    let is_option = text[..at].ends_with("--") && rest[after..].starts_with(' ');
    if !(is_marked || is_option) {
        return None;
    }
    let value = rest[after..].find(|c| !matches!(c, '=' | ':' | ' '))? + after;
    let begin = skip_quote(rest, value);
    let end = match rest[..begin].chars().next_back() {
        Some(quote) if begin > value => end_of_quoted(&rest[begin..], quote),
        Some(_) | None => end_of_word(&rest[begin..]),
    };
    (end > 0).then_some((begin, begin + end))
}

/// Behind a quote at `at`, which may be escaped; else `at`.
fn skip_quote(text: &str, at: usize) -> usize {
    let escaped = text[at..].trim_start_matches('\\');
    if escaped.starts_with(['"', '\'']) {
        text.len() - escaped.len() + 1
    } else {
        at
    }
}

fn end_of_quoted(text: &str, quote: char) -> usize {
    let end = text.find(quote).unwrap_or(text.len());
    text[..end].trim_end_matches('\\').len()
}

fn end_of_word(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ',' | ';'))
        .unwrap_or(text.len())
}

/// `://user:password@host`, from the colon on.
fn of_url(rest: &str) -> Option<(usize, usize)> {
    const MARK: &str = "://";
    let authority = rest.strip_prefix(MARK)?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'');
    let authority = &authority[..authority.find(is_end).unwrap_or(authority.len())];
    let end = authority.rfind('@').filter(|end| *end > 0)?;
    Some((MARK.len(), MARK.len() + end))
}

/// `-u user:password` and `-ppassword`, from the dash on.
fn of_option(rest: &str) -> Option<(usize, usize)> {
    for option in USER_OPTIONS {
        let Some(value) = rest.strip_prefix(option) else {
            continue;
        };
        let value = &value[..end_of_word(value)];
        let password = value.find(':')? + 1;
        return Some((option.len() + password, option.len() + value.len()));
    }
    let value = rest.strip_prefix("-p")?;
    let value = &value[..value.find(char::is_whitespace).unwrap_or(value.len())];
    // Ports and process ids are no secrets.
    let is_number = value
        .bytes()
        .all(|b| b.is_ascii_digit() || b":./,".contains(&b));
    (!is_number).then_some((2, 2 + value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask_secrets(text), expected);
    }

    #[test]
    fn secrets_are_masked_and_prose_is_not() {
        check("run --password hunter2 -v", "run --password … -v");
        check("url?token=abc&x=1", "url?token=…&x=1");
        check("Authorization: Bearer abc.def", "Authorization: Bearer …");
        check("PASSWORD=É, next", "PASSWORD=…, next");
        check("pwd=a pwd=b", "pwd=… pwd=…");
        check(
            "password for root was changed",
            "password for root was changed",
        );
    }

    #[test]
    fn a_quoted_secret_is_masked_to_its_last_quote() {
        check(r#"{"secret": "x y", "n": 1}"#, r#"{"secret": "…", "n": 1}"#);
        check("password='it is, long' next", "password='…' next");
        check(r#"{\"token\": \"a b\"}"#, r#"{\"token\": \"…\"}"#);
        check(
            r#"{"password": "", "user": "ana"}"#,
            r#"{"password": "", "user": "ana"}"#,
        );
        check("password=\"cut off her", "password=\"…");
    }

    #[test]
    fn the_user_of_a_url_is_masked() {
        check(
            "GET https://ana:pw@host/x?y=a@b",
            "GET https://…@host/x?y=a@b",
        );
        check(
            "git clone https://ghp_x@github.com",
            "git clone https://…@github.com",
        );
        check("https://host/ana@b", "https://host/ana@b");
    }

    #[test]
    fn options_of_programs_are_masked() {
        check("curl -u ana:pw https://h", "curl -u ana:… https://h");
        check("curl --user=ana:p:w", "curl --user=ana:…");
        check("sudo -u ana id", "sudo -u ana id");
        check("mysql -u root -phunter2 db", "mysql -u root -p… db");
        check(
            "ps -p 12 -p12 && docker run -p80:80",
            "ps -p 12 -p12 && docker run -p80:80",
        );
    }

    #[test]
    fn a_long_text_is_cut_first() {
        let text = "token=a ".repeat(1_000_000);
        assert!(mask_secrets(&text).len() <= 2 * caps::TEXT_BYTES);
    }
}

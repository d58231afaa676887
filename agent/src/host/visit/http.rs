//! One question of HTTP/1.1 (RFC 9112) and the head of its answer. No answer is followed, no content is read.

use sonde_proto::target::Target;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::{Gone, Stage, in_time};

/// Bytes of an answer's head that are read.
const HEAD_BYTES: usize = 8 << 10;
const PIECE_BYTES: usize = 1024;
/// Bytes kept of where an answer leads.
const LOCATION_BYTES: usize = 500;
const AGENT: &str = concat!("sonde-agent/", env!("CARGO_PKG_VERSION"));

/// What the head of an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// RFC 9110 §15
    pub status: u16,
    /// Where a redirection leads, as it is written.
    pub location: Option<String>,
}

/// Asks for the target's path, a proxy in absolute form (RFC 9112 §3.2.2).
pub(super) async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    target: &Target,
    is_proxied: bool,
    until: Instant,
) -> Result<Answer, Gone> {
    let authority = target.authority();
    let whole = match is_proxied {
        true => format!("http://{authority}{}", target.path),
        false => target.path.clone(),
    };
    let request = format!(
        "GET {whole} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    let head = in_time(converse(stream, &request), Stage::Http, until).await?;
    match head.is_empty() {
        true => Err(Gone::HungUp(Stage::Http)),
        false => parse(&head).ok_or(Gone::NoHttp),
    }
}

/// Has a proxy lead to the target (RFC 9110 §9.3.6).
pub(super) async fn tunnel(
    stream: &mut TcpStream,
    target: &Target,
    until: Instant,
) -> Result<(), Gone> {
    let host = match target.host.contains(':') {
        true => format!("[{}]", target.host),
        false => target.host.clone(),
    };
    let authority = format!("{host}:{}", target.port);
    let request =
        format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {AGENT}\r\n\r\n");
    let head = in_time(converse(stream, &request), Stage::Proxy, until).await?;
    match parse(&head).map(|answer| answer.status) {
        Some(200..300) => Ok(()),
        Some(status) => Err(Gone::Barred { status }),
        None => Err(Gone::HungUp(Stage::Proxy)),
    }
}

/// What comes back, to the end of its head, of the connection, or of what is read. Not a byte more than a head that is
/// followed by something else needs: a server speaks in a tunnel only when it was spoken to.
async fn converse(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &str,
) -> std::io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    let mut piece = [0; PIECE_BYTES];
    while !is_whole(&head) && head.len() < HEAD_BYTES {
        match stream.read(&mut piece).await {
            Ok(0) => break,
            Ok(n) => head.extend_from_slice(&piece[..n]),
            // Who says all and hangs up rudely has said it.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

fn is_whole(head: &[u8]) -> bool {
    let has = |end: &[u8]| head.windows(end.len()).any(|window| window == end);
    has(b"\r\n\r\n") || has(b"\n\n")
}

/// `HTTP/1.1 302 Found`, and the line of the head that says where to.
fn parse(head: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let mut words = lines.next()?.split(' ');
    let version = words.next()?.strip_prefix("HTTP/1.")?;
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let status = words.next().filter(|word| word.len() == 3)?;
    if version.len() != 1 || !is_digits(version) || !is_digits(status) {
        return None;
    }
    let location = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("location"))
        .map(|(_, value)| sonde_proto::text::clean(value.trim(), LOCATION_BYTES, false));
    Some(Answer {
        status: status.parse().ok()?,
        location: location.map(|location| location.into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: Option<(u16, Option<&str>)>) {
        let answer = parse(head.as_bytes());
        let shown = answer.as_ref();
        let shown = shown.map(|answer| (answer.status, answer.location.as_deref()));
        assert_eq!(shown, expected, "{head:?}");
    }

    #[test]
    fn the_head_of_an_answer_is_read() {
        check("HTTP/1.1 200 OK\r\nX: y\r\n\r\n", Some((200, None)));
        check("HTTP/1.0 404\r\n\r\n", Some((404, None)));
        check(
            "HTTP/1.1 302 Found\r\nlocation:  http://p/\x1b[0m \r\n\r\n",
            Some((302, Some("http://p/\u{fffd}[0m"))),
        );
        check(
            "HTTP/1.1 200 OK\r\n\r\nLocation: http://content/",
            Some((200, None)),
        );
    }

    #[test]
    fn what_is_no_head_is_none() {
        for head in [
            "",
            "SSH-2.0-OpenSSH_9\r\n",
            "HTTP/2 200\r\n",
            "HTTP/1.1 20\r\n",
            "HTTP/1.1 +20 x\r\n",
            "HTTP/1.1\r\n",
            "HTTP/1.11 200\r\n",
        ] {
            check(head, None);
        }
    }
}

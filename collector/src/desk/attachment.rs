//! Files on tickets: what they may be called, what they are.

use sonde_proto::text;

use super::Refusal;
use crate::wording::wording;

/// Largest file, bytes.
pub const MOST_BYTES: usize = 8 << 20;
/// Files of one ticket,
pub const MOST_OF_TICKET: usize = 100;
/// and how large they are together, bytes.
pub const MOST_BYTES_OF_TICKET: i64 = 100 << 20;
/// Longest name, characters.
const NAME_LENGTH: usize = 120;

/// What a file is called, wherever it comes from: one name, without folders, that no system reads otherwise.
///
/// # Errors
/// There is nothing left of it.
pub fn name(given: &str) -> Result<String, Refusal> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned = text::clean(last, usize::MAX, false);
    let plain = |c: char| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{fffd}' => '_',
        c => c,
    };
    let name: String = cleaned.chars().map(plain).take(NAME_LENGTH).collect();
    let name = name.trim().trim_start_matches('.').trim();
    match name.is_empty() {
        true => Err(Refusal::new("name", wording!("it names no file"))
            .remedy(wording!("as in name=picture.png"))),
        false => Ok(name.to_owned()),
    }
}

/// What a file is by its first bytes, whatever it is called: a picture that browsers show, a PDF, or just bytes.
pub fn media_type(bytes: &[u8]) -> &'static str {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        _ if is_webp => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        assert_eq!(name(given).unwrap(), expected);
    }

    #[test]
    fn a_name_leads_nowhere() {
        check("picture.png", "picture.png");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\Rosa\\été.png", "été.png");
        check(".bashrc", "bashrc");
        check("a\u{202e}gnp.exe\n", "a_gnp.exe_");
        check("x:<y>|z?.txt", "x__y__z_.txt");
        check(&"n".repeat(500), &"n".repeat(NAME_LENGTH));
        for nothing in ["", "/", "..", " . ", "a/"] {
            assert!(name(nothing).is_err(), "{nothing:?}");
        }
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\nrest"), "image/png");
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), "image/jpeg");
        assert_eq!(media_type(b"GIF89a"), "image/gif");
        assert_eq!(media_type(b"RIFF1234WEBP"), "image/webp");
        assert_eq!(media_type(b"%PDF-1.7"), "application/pdf");
        for other in [&b"<svg onload=x>"[..], b"<html>", b"", b"RIFF"] {
            assert_eq!(media_type(other), "application/octet-stream");
        }
    }
}

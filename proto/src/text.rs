//! Text from elsewhere, made harmless.

use std::borrow::Cow;

/// `text` with every control and bidirectional formatting character replaced by U+FFFD, and cut to at most
/// `longest` bytes at a character's edge. Tab and line feed stay where `lines` is set.
///
/// Bidirectional formatting characters: Unicode Standard Annex #9 §2.
pub fn clean(text: &str, longest: usize, lines: bool) -> Cow<'_, str> {
    let cut = &text[..text.floor_char_boundary(longest)];
    if cut.chars().all(|c| harmless(c, lines)) {
        return Cow::Borrowed(cut);
    }
    // What is replaced grows: the cut comes while it is put together.
    let mut cleaned = String::with_capacity(cut.len());
    for c in cut.chars() {
        let c = if harmless(c, lines) { c } else { '\u{fffd}' };
        if cleaned.len() + c.len_utf8() > longest {
            break;
        }
        cleaned.push(c);
    }
    Cow::Owned(cleaned)
}

/// `text` as text of an HTML page or of an attribute's value: nothing in it is markup (HTML, §13.1.4, §13.2.4.2), and no
/// character does anything. Lines stay where `lines` is set.
pub fn html(text: &str, lines: bool) -> String {
    let cleaned = clean(text, usize::MAX, lines);
    let mut out = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The same in place; allocates only when something is replaced.
pub fn clean_in_place(text: &mut String, lines: bool) {
    if let Cow::Owned(cleaned) = clean(text, usize::MAX, lines) {
        *text = cleaned;
    }
}

/// Whether a character is neither one of control nor of bidirectional formatting. Tab and line feed are harmless where
/// `lines` is set.
pub fn harmless(c: char, lines: bool) -> bool {
    match c {
        '\t' | '\n' => lines,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            false
        }
        '\u{2028}' | '\u{2029}' => false,
        _ => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text, 64, false), expected);
    }

    #[test]
    fn control_and_bidi_characters_are_replaced() {
        check("plain é 漢", "plain é 漢");
        check("a\0b\x1b[31m\u{85}", "a\u{fffd}b\u{fffd}[31m\u{fffd}");
        check("user\u{202e}txt.exe", "user\u{fffd}txt.exe");
        check("two\nlines\t", "two\u{fffd}lines\u{fffd}");
        assert_eq!(clean("two\nlines\t", 64, true), "two\nlines\t");
    }

    #[test]
    fn a_cut_falls_between_characters() {
        assert_eq!(clean("aé", 2, false), "a");
        assert_eq!(clean("aé", 3, false), "aé");
    }

    #[test]
    fn what_is_replaced_stays_within_the_cut() {
        assert_eq!(clean("a\t\tb", 4, false), "a\u{fffd}");
        assert_eq!(clean("a\t\tb", 7, false), "a\u{fffd}\u{fffd}");
        let record = "\t".repeat(crate::caps::TEXT_BYTES - 96);
        let cleaned = clean(&record, crate::caps::TEXT_BYTES, false);
        assert!(cleaned.len() <= crate::caps::TEXT_BYTES);
    }
}

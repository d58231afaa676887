//! Text for people: made harmless at the terminal, fitted to its width, and the names near to a mistyped one.

mod secrets;

use std::borrow::Cow;

pub use secrets::mask_secrets;

/// Longest foreign text in an error, in bytes.
const SHOWN_BYTES: usize = 120;
/// Names that are offered instead of an unknown one.
const OFFERED: usize = 5;

/// `text` without control and bidirectional characters, for a terminal or an error.
pub fn clean(text: &str) -> Cow<'_, str> {
    sonde_proto::text::clean(text, usize::MAX, false)
}

/// Text from elsewhere as an error shows it: harmless and short.
pub fn shown(text: &str) -> String {
    sonde_proto::text::clean(text, SHOWN_BYTES, false).into_owned()
}

/// Whether `text` can be the name of a unit (systemd.unit(5)), and no option and no path.
pub fn is_unit_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '.'])
        && text.len() <= 255
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":-_.\\@".contains(&b))
}

/// The operating system's words for `error`, without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// The names nearest to `wanted`; all of them, sorted, when none is near.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names = names
        .map(|name| (distance(wanted, name), name))
        .collect::<Vec<_>>();
    names.sort_unstable();
    let near = |(far, name): &(usize, &str)| {
        *far <= 2 || *far * 3 <= name.len() || (wanted.len() > 2 && name.contains(wanted))
    };
    let close = names.iter().filter(|one| near(one)).count();
    if close > 0 {
        names.retain(|one| near(one));
        names.truncate(OFFERED);
    } else {
        names.sort_unstable_by_key(|(_, name)| *name);
    }
    names.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Insertions, deletions and replacements from one to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b = b.chars().collect::<Vec<_>>();
    let mut row = (0..=b.len()).collect::<Vec<_>>();
    for (i, of_a) in a.chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, of_b) in b.iter().enumerate() {
            let replaced = corner + usize::from(of_a != *of_b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// A table of `columns` (headings) and rows, each line at most `width` characters; longest columns give way.
pub fn table(columns: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let mut widths = columns
        .iter()
        .enumerate()
        .map(|(at, heading)| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.chars().count())
                .chain([heading.chars().count()])
                .max()
                .unwrap_or(0)
        })
        .collect::<Vec<_>>();
    let gaps = 2 * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > width {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 1 => *widest -= 1,
            Some(_) | None => break,
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::new();
        for (at, (cell, width)) in cells.zip(&widths).enumerate() {
            if at > 0 {
                out.push_str("  ");
            }
            let cell = fit(cell, *width);
            out.push_str(&cell);
            out.extend(std::iter::repeat_n(' ', width - cell.chars().count()));
        }
        format!("{}\n", out.trim_end())
    };
    let mut out = line(&mut columns.iter().copied());
    for row in rows {
        out.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    out
}

/// Cut to `width` characters, with an ellipsis where something is missing.
pub fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut = text
        .chars()
        .take(width.saturating_sub(1))
        .collect::<String>();
    cut.push('…');
    cut
}

/// `text` in lines of at most `width` characters, broken at spaces where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let together = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && together > width {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while line.chars().count() > width {
            let rest = line.chars().skip(width).collect();
            lines.push(line.chars().take(width).collect());
            line = rest;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_else_all() {
        let names = ["disk.space", "disk.inodes", "net.dns"];
        let near = |wanted| nearest(wanted, names.into_iter());
        assert_eq!(near("disk.spaec"), ["disk.space"]);
        assert_eq!(near("disk"), ["disk.space", "disk.inodes"]);
        assert_eq!(near("zzz"), ["disk.inodes", "disk.space", "net.dns"]);
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn a_table_keeps_its_width() {
        let rows = vec![
            vec!["a".into(), "x".repeat(30)],
            vec!["bb".into(), "y".into()],
        ];
        let table = table(&["k", "value"], &rows, 20);
        assert_eq!(table, "k   value\na   xxxxxxxxxxxxxxx…\nbb  y\n");
    }

    #[test]
    fn a_unit_is_no_option_and_no_path() {
        assert!(is_unit_name("getty@tty1.service"));
        for bad in ["", "-H", "../x", "a/b", "a b", "a;b"] {
            assert!(!is_unit_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_terminal_gets_no_escape() {
        assert_eq!(clean("a\x1b[31m\u{202e}"), "a\u{fffd}[31m\u{fffd}");
    }
}

//! What a plugin printed: its line, its further lines, its performance data. Pure; hostile text comes out harmless.
//!
//! Source: Monitoring Plugins Development Guidelines, «Plugin Output for Nagios»: the first line up to the bar is what a
//! person reads; further lines up to the next bar are its long output; all behind bars is performance data.

use serde::{Deserialize, Serialize};
use sonde_proto::text::clean;

use super::performance::{self, Performance};

/// The line that a person reads.
const LINE_BYTES: usize = 1_024;
/// Further lines, as evidence.
const LONG_BYTES: usize = 3_072;
/// Between two of them, where one line is all there is.
const BETWEEN: &str = " / ";

/// One output, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Empty: the plugin said nothing.
    pub line: String,
    /// Further lines as one; empty: there are none.
    pub long: String,
    pub performance: Performance,
    /// The first line of what it complained of; empty: it did not.
    pub complaint: String,
    /// Bytes of its output that were not read.
    pub missing_bytes: u64,
}

/// Takes an output apart. `missing_bytes`: of it that are not in `output`.
pub fn read(output: &[u8], complaint: &[u8], missing_bytes: u64) -> Said {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.lines();
    let (line, data) = split(lines.next().unwrap_or_default());
    let mut data = data.unwrap_or_default().to_owned();
    let mut long = String::new();
    let mut is_data = false;
    for line in lines {
        let (text, behind) = match is_data {
            true => ("", Some(line)),
            false => split(line),
        };
        if let Some(behind) = behind {
            is_data = true;
            data.push(' ');
            data.push_str(behind);
        }
        let text = text.trim();
        if !text.is_empty() && long.len() < LONG_BYTES {
            if !long.is_empty() {
                long.push_str(BETWEEN);
            }
            long.push_str(text);
        }
    }
    let complaint = String::from_utf8_lossy(complaint);
    let harmless = |text: &str, most| clean(text.trim(), most, false).into_owned();
    Said {
        line: harmless(line, LINE_BYTES),
        long: harmless(&long, LONG_BYTES),
        performance: performance::parse(&data),
        complaint: harmless(complaint.lines().next().unwrap_or_default(), LINE_BYTES),
        missing_bytes,
    }
}

/// What stands before the first bar, and what behind it.
fn split(line: &str) -> (&str, Option<&str>) {
    match line.split_once('|') {
        Some((text, data)) => (text, Some(data)),
        None => (line, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(output: &str, line: &str, long: &str, labels: &str) {
        let said = read(output.as_bytes(), b"", 0);
        let data = said.performance.data.iter();
        let found: Vec<&str> = data.map(|datum| datum.label.as_str()).collect();
        assert_eq!(
            (said.line.as_str(), said.long.as_str(), found.join(" ")),
            (line, long, labels.to_owned())
        );
    }

    #[test]
    fn the_first_line_up_to_the_bar_is_what_a_person_reads() {
        check(
            "PROCS OK: 75 processes | procs=75;1000;;0;\n",
            "PROCS OK: 75 processes",
            "",
            "procs",
        );
        check("CRITICAL: hi", "CRITICAL: hi", "", "");
        check("", "", "", "");
        check("\n\n", "", "", "");
        check("|a=1", "", "", "a");
    }

    #[test]
    fn what_follows_is_long_output_until_a_bar_and_data_after_it() {
        check(
            "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n\
             /boot 68 MB (69%);\n/home 69357 MB (27%); | /boot=68MB;88;93;0;98\n/home=69357MB\n'/v l'=1",
            "DISK OK - free space: / 3326 MB (56%);",
            "/ 15272 MB (77%); / /boot 68 MB (69%); / /home 69357 MB (27%);",
            "/ /boot /home /v l",
        );
    }

    #[test]
    fn hostile_output_comes_out_harmless_and_bounded() {
        let said = read(
            b"a\x1b]0;x\x07\xff\xfe\0b\r\nc\x1b[2J|\xff=1",
            b"why\x1b[1m\nmore",
            0,
        );
        assert_eq!(said.line, "a\u{fffd}]0;x\u{fffd}\u{fffd}\u{fffd}\u{fffd}b");
        assert_eq!(said.long, "c\u{fffd}[2J");
        assert_eq!(said.complaint, "why\u{fffd}[1m");
        assert_eq!(said.performance.data[0].label, "\u{fffd}");
        let long = read("x".repeat(1 << 20).as_bytes(), &[b'y'; 1 << 16], 7);
        assert_eq!(
            (long.line.len(), long.complaint.len()),
            (LINE_BYTES, LINE_BYTES)
        );
        assert_eq!(long.missing_bytes, 7);
        let many = read("é\n".repeat(1 << 16).as_bytes(), b"", 0);
        assert!(many.long.len() <= LONG_BYTES);
    }

    proptest! {
        #[test]
        fn no_output_breaks_it(output in proptest::collection::vec(any::<u8>(), 0..400)) {
            let said = read(&output, &output, 0);
            for text in [&said.line, &said.long, &said.complaint] {
                prop_assert!(text.chars().all(|c| sonde_proto::text::harmless(c, false)));
            }
        }
    }
}

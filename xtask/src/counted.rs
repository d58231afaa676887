//! What `cargo test -- --show-output` printed: how many passed and failed, and which were skipped and why.

use std::collections::BTreeMap;

/// How a test begins a line that says why it, or a part of it, did not run.
const SKIPPED: &str = "skipped";
/// How it begins when nothing of the test ran.
const WHOLLY: &str = "skipped: ";
/// How a test begins a line that is shown though it passes: what it counted.
const COUNTED: &str = "counted: ";

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// Reason, and the tests that it holds for.
    pub(crate) skipped: BTreeMap<String, Vec<String>>,
    /// What tests that passed have counted.
    pub(crate) counts: Vec<String>,
    /// What was printed, without what tests said that passed.
    pub(crate) told: String,
}

/// How one test ended, from its own line.
pub(crate) fn one_test(line: &str) -> Option<&str> {
    let (name, result) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let is_end = !name.contains(' ') && matches!(result, "ok" | "FAILED" | "ignored");
    is_end.then_some(result)
}

/// A test that was skipped as a whole has not passed, whatever its runner says.
pub(crate) fn count(text: &str) -> Counted {
    let mut counted = Counted::default();
    let mut n_skipped = 0;
    let mut test = None;
    let mut in_successes = false;
    for line in text.lines() {
        let named = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"));
        if let Some(name) = named {
            test = Some(name.to_owned());
        } else if line == "successes:" {
            in_successes = true;
            test = None;
        } else if line == "failures:" {
            in_successes = false;
            test = None;
        } else if line.contains("test result:") {
            (in_successes, test) = (false, None);
            counted.results(line);
        } else if in_successes && let Some(count) = line.strip_prefix(COUNTED) {
            counted.counts.push(count.to_owned());
        } else if let Some(name) = test
            .as_ref()
            .filter(|_| in_successes && line.starts_with(SKIPPED))
        {
            let tests = counted.skipped.entry(line.to_owned()).or_default();
            if !tests.contains(name) {
                tests.push(name.clone());
                n_skipped += usize::from(line.starts_with(WHOLLY));
            }
        }
        if !in_successes && one_test(line) != Some("ok") {
            counted.told.push_str(line);
            counted.told.push('\n');
        }
    }
    counted.passed = counted.passed.saturating_sub(n_skipped);
    counted
}

impl Counted {
    /// Adds what stands in the last line of one crate's tests.
    fn results(&mut self, line: &str) {
        let words: Vec<&str> = line
            .split([' ', ';'])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            let n = pair[0].parse().unwrap_or(0);
            match pair[1] {
                "passed" => self.passed += n,
                "failed" => self.failed += n,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, passed: usize, failed: usize, skipped: &[(&str, &[&str])]) {
        let counted = count(text);
        assert_eq!((counted.passed, counted.failed), (passed, failed));
        let found: Vec<(&str, Vec<&str>)> = counted
            .skipped
            .iter()
            .map(|(why, tests)| (why.as_str(), tests.iter().map(String::as_str).collect()))
            .collect();
        let skipped: Vec<_> = skipped
            .iter()
            .map(|(why, tests)| (*why, tests.to_vec()))
            .collect();
        assert_eq!(found, skipped);
    }

    #[test]
    fn the_results_of_all_crates_are_summed_up() {
        check(
            "test result: ok. 20 passed; 0 failed; 0 ignored; 0 measured\ntest result: FAILED. 1 passed; 2 failed; 0 ignored",
            21,
            2,
            &[],
        );
        check("nothing", 0, 0, &[]);
    }

    #[test]
    fn who_was_skipped_as_a_whole_has_not_passed() {
        let text = "successes:\n\n---- a::b stdout ----\nskipped: it needs root\n\n---- a::c stdout ----\n\
                    skipped on PostgreSQL: it is not installed\nskipped on PostgreSQL: it is not installed\n\n\
                    ---- a::d stdout ----\nskipped: it needs root\nsaid\n\nsuccesses:\n    a::b\n    a::c\n    a::d\n\n\
                    test result: ok. 4 passed; 0 failed;\n";
        check(
            text,
            2,
            0,
            &[
                ("skipped on PostgreSQL: it is not installed", &["a::c"]),
                ("skipped: it needs root", &["a::b", "a::d"]),
            ],
        );
        assert_eq!(count(text).told, "test result: ok. 4 passed; 0 failed;\n");
    }

    #[test]
    fn what_a_test_counted_is_kept() {
        let text = "successes:\n\n---- a stdout ----\nSONDE_SEED=1\ncounted: 3 rounds\n\nsuccesses:\n    a\n\n\
                    test result: ok. 1 passed; 0 failed;\n";
        assert_eq!(count(text).counts, ["3 rounds"]);
        assert!(count("counted: nothing\n").counts.is_empty());
    }

    #[test]
    fn a_tests_own_line_says_how_it_ended() {
        assert_eq!(one_test("test a::b ... ok"), Some("ok"));
        assert_eq!(one_test("test a::b ... FAILED"), Some("FAILED"));
        assert_eq!(one_test("test result: ok. 4 passed"), None);
        assert_eq!(one_test("test a has been running ... ok"), None);
        let told = count("running 2 tests\ntest a ... ok\ntest b ... FAILED\n").told;
        assert_eq!(told, "running 2 tests\ntest b ... FAILED\n");
    }

    #[test]
    fn what_a_failed_test_said_is_shown() {
        let text = "successes:\n\n---- a stdout ----\nfine\n\nfailures:\n\n---- b stdout ----\nskipped a part: why\nbroken\n\n\
                    failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed;\n";
        check(text, 1, 1, &[]);
        let told = count(text).told;
        assert!(told.contains("broken") && !told.contains("fine"), "{told}");
    }
}

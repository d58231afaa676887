//! One version of each crate, but for those that cannot be had otherwise; each of these has its reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A crate that is there more than once, the lines of versions that it is there in, and who holds back the oldest.
struct Tolerated {
    name: &'static str,
    versions: &'static [&'static str],
    because: &'static str,
}

const fn tolerated(
    name: &'static str,
    versions: &'static [&'static str],
    because: &'static str,
) -> Tolerated {
    Tolerated {
        name,
        versions,
        because,
    }
}

const SQLX_HASHES: &str =
    "sqlx-core 0.9 hashes with sha2 0.10, its PostgreSQL driver and totp-rs with 0.11";
const DERIVES: &str = "derive macros go from syn 2 to syn 3 one after the other; none is linked";

const TOLERATED: &[Tolerated] = &[
    tolerated(
        "base64",
        &["0.22", "0.23"],
        "sqlx and tonic use the one, pem (of rcgen) the other",
    ),
    tolerated("block-buffer", &["0.10", "0.12"], SQLX_HASHES),
    tolerated(
        "constant_time_eq",
        &["0.4", "0.6"],
        "totp-rs asks for the older, zip for the newer",
    ),
    tolerated("cpufeatures", &["0.2", "0.3"], SQLX_HASHES),
    tolerated("crypto-common", &["0.1", "0.2"], SQLX_HASHES),
    tolerated("digest", &["0.10", "0.11"], SQLX_HASHES),
    tolerated(
        "foldhash",
        &["0.1", "0.2"],
        "petgraph's hashbrown, when protobuf is compiled",
    ),
    tolerated("getrandom", &["0.2", "0.4"], "ring 0.17 asks for the older"),
    tolerated(
        "hashbrown",
        &["0.15", "0.16", "0.17"],
        "petgraph (prost-build), sqlx and indexmap each have their own",
    ),
    tolerated(
        "nom",
        &["7", "8"],
        "x509-parser reads with the older, icalendar with the newer",
    ),
    tolerated(
        "prettyplease",
        &["0.2", "0.3"],
        "tonic-build is behind prost-build; neither is linked",
    ),
    tolerated(
        "rand_core",
        &["0.6", "0.10"],
        "pco draws samples with rand_xoshiro 0.6",
    ),
    tolerated("sha2", &["0.10", "0.11"], SQLX_HASHES),
    tolerated("syn", &["2", "3"], DERIVES),
    tolerated("synstructure", &["0.13", "0.14"], DERIVES),
    tolerated(
        "unicode-width",
        &["0.1", "0.2"],
        "miette (of protox) asks for the older; it is not linked",
    ),
    tolerated(
        "windows-sys",
        &["0.52", "0.61"],
        "ring 0.17 asks for the older on one kind of Windows",
    ),
];

/// What is there twice and not tolerated, and what is tolerated and not there. `packages`: of `cargo metadata`.
pub(super) fn breaches(packages: &[Value]) -> Vec<String> {
    compare(&there(packages), TOLERATED)
}

type Versions = BTreeMap<String, BTreeSet<String>>;

fn there(packages: &[Value]) -> Versions {
    let mut there = Versions::new();
    for package in packages {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let versions = there.entry(text("name").to_owned()).or_default();
        versions.insert(line(text("version")).to_owned());
    }
    there
}

/// What Cargo takes for compatible: `2` of 2.0.119, `0.23` of 0.23.1, the whole of 0.0.3.
fn line(version: &str) -> &str {
    let n_parts = match version.split('.').position(|part| part != "0") {
        Some(first) => first + 1,
        None => 3,
    };
    let end = version.match_indices('.').nth(n_parts - 1);
    &version[..end.map_or(version.len(), |(at, _)| at)]
}

fn compare(there: &Versions, tolerated: &[Tolerated]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, versions) in there.iter().filter(|(_, versions)| versions.len() > 1) {
        let known = tolerated.iter().find(|known| known.name == name);
        let is_known = known.is_some_and(|known| same(versions, known.versions));
        if !is_known {
            let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
            breaches.push(format!(
                "{name}: linked in versions {}; take one, or say in xtask/src/tidy/duplicates.rs why that cannot be",
                versions.join(", ")
            ));
        }
    }
    for known in tolerated {
        if there
            .get(known.name)
            .is_none_or(|versions| versions.len() < 2)
        {
            breaches.push(format!(
                "{}: there is one version of it now, and it was tolerated because {}; take it off the list in \
                 xtask/src/tidy/duplicates.rs",
                known.name, known.because
            ));
        }
    }
    breaches
}

fn same(there: &BTreeSet<String>, known: &[&str]) -> bool {
    there.len() == known.len() && known.iter().all(|version| there.contains(*version))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(packages: &[(&str, &str)], expected: &[&str]) {
        let packages: Vec<Value> = packages
            .iter()
            .map(|(name, version)| json!({ "name": name, "version": version }))
            .collect();
        let known = [tolerated("syn", &["2", "3"], "they move")];
        let breaches = compare(&there(&packages), &known);
        let names: Vec<&str> = breaches
            .iter()
            .filter_map(|one| one.split(':').next())
            .collect();
        assert_eq!(names, expected, "{breaches:?}");
    }

    #[test]
    fn a_new_duplicate_and_a_tolerated_one_that_is_gone_are_breaches() {
        let syn = [("syn", "2.0.1"), ("syn", "3.0.0")];
        check(&syn, &[]);
        check(&syn[..1], &["syn"]);
        check(&[syn[0], syn[1], ("syn", "4.0.0")], &["syn"]);
        check(&[syn[0], ("syn", "4.0.0")], &["syn"]);
        check(&[syn[0], syn[1], ("a", "0.1.9"), ("a", "0.2.0")], &["a"]);
        check(&[syn[0], syn[1], ("a", "1.0.1"), ("a", "1.9.0")], &[]);
    }

    #[test]
    fn a_line_of_versions_is_what_cargo_takes_for_compatible() {
        for (version, expected) in [
            ("2.0.119", "2"),
            ("0.23.1", "0.23"),
            ("0.0.3", "0.0.3"),
            ("0.0.0", "0.0.0"),
            ("1.1.3+spec-1.1.0", "1"),
        ] {
            assert_eq!(line(version), expected);
        }
    }

    #[test]
    fn every_tolerated_one_has_a_reason_and_more_than_one_version() {
        for known in TOLERATED {
            assert!(
                known.versions.len() > 1 && !known.because.is_empty(),
                "{}",
                known.name
            );
        }
    }
}

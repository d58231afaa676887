//! Updates that wait, by apt's own lists and without the network.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::Read as _;
use std::time::UNIX_EPOCH;

use crate::host::program;
use crate::host::{Host, Term, Unavailable, Update};

const STATUS: &str = "/var/lib/dpkg/status";
const LISTS: &str = "/var/lib/apt/lists";
/// Written at each fetch; the lists themselves are as old as their publisher says.
const FETCHED: &[&str] = &[
    "/var/lib/apt/lists/partial",
    "/var/lib/apt/periodic/update-success-stamp",
];
/// It unpacks whatever apt packs lists with.
const UNPACK: &str = "/usr/lib/apt/apt-helper";
/// Debian's whole main archive takes 50 MB.
const LIST_BYTES: usize = 128 << 20;

/// When apt last fetched its lists, microseconds since 1970 UTC.
pub(in crate::host) fn lists_fetched_us(host: &Host) -> Option<i64> {
    let written = |path: &&str| {
        let written = std::fs::metadata(host.path(path)).ok()?.modified().ok()?;
        Some(written.duration_since(UNIX_EPOCH).ok()?.as_micros() as i64)
    };
    FETCHED.iter().filter_map(written).max()
}

pub(in crate::host) fn updates(host: &Host) -> Result<Vec<Update>, Unavailable> {
    if !host.exists(STATUS) {
        return Err(Unavailable::Unsupported {
            what: Term::Updates.into(),
        });
    }
    let files = host.names(LISTS)?;
    let lists: Vec<&String> = files.iter().filter(|name| is_list(name)).collect();
    if lists.is_empty() {
        return Err(Unavailable::absent(Term::PackageList));
    }
    let status = host.text(STATUS)?;
    let mut installed: HashMap<&str, Vec<Known<'_>>> = HashMap::new();
    for known in status.split("\n\n").filter_map(Known::of) {
        installed.entry(known.package).or_default().push(known);
    }
    for list in lists {
        let release = release_of(host, &files, list);
        // Such an archive is one to choose from by hand (apt_preferences(5)).
        if release.lines().any(|line| line == "NotAutomatic: yes") {
            continue;
        }
        let text = unpacked(host, &format!("{LISTS}/{list}"))?;
        let is_security = is_of_security(&release);
        for paragraph in text.split("\n\n") {
            offer(paragraph, is_security, &mut installed);
        }
    }
    let known = installed.into_values().flatten();
    let mut updates: Vec<Update> = known.filter_map(Known::update).collect();
    updates.sort_unstable_by(|a, b| a.package.cmp(&b.package));
    Ok(updates)
}

/// `HOST_debian_dists_bookworm_main_binary-amd64_Packages.lz4`
fn is_list(name: &str) -> bool {
    let (stem, _) = name
        .rsplit_once('.')
        .filter(|(stem, _)| stem.ends_with("_Packages"))
        .unwrap_or((name, ""));
    stem.ends_with("_Packages")
}

/// What is published with a list: the file whose name begins like it for longest.
fn release_of(host: &Host, files: &[String], list: &str) -> String {
    let begin = |name: &&String| {
        let begin = name
            .strip_suffix("InRelease")
            .or(name.strip_suffix("Release"))?;
        list.starts_with(begin).then_some(begin.len())
    };
    let release = files
        .iter()
        .filter(|name| begin(name).is_some())
        .max_by_key(begin);
    release
        .and_then(|name| host.text(&format!("{LISTS}/{name}")).ok())
        .unwrap_or_default()
}

/// Debian's label is `Debian-Security`, Ubuntu's suite `noble-security`.
fn is_of_security(release: &str) -> bool {
    let fields = release.lines().filter_map(|line| line.split_once(": "));
    fields
        .filter(|(key, _)| ["Label", "Suite", "Codename"].contains(key))
        .any(|(_, value)| value.to_ascii_lowercase().contains("security"))
}

fn unpacked(host: &Host, path: &str) -> Result<String, Unavailable> {
    if !path.ends_with("_Packages") {
        return program::read(host, UNPACK, &["cat-file", path], LIST_BYTES);
    }
    let broken = |error: std::io::Error| Unavailable::io(path, &error);
    let file = std::fs::File::open(host.path(path)).map_err(broken)?;
    let mut bytes = Vec::new();
    file.take(LIST_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(broken)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An installed package, and the newest of it that a list offers.
struct Known<'a> {
    package: &'a str,
    architecture: &'a str,
    version: &'a str,
    newest: Option<String>,
    is_security: bool,
}

impl<'a> Known<'a> {
    /// By a paragraph of dpkg's status file. What is held back waits for nothing.
    fn of(paragraph: &'a str) -> Option<Self> {
        let known = Self {
            package: field(paragraph, "Package: ")?,
            architecture: field(paragraph, "Architecture: ")?,
            version: field(paragraph, "Version: ")?,
            newest: None,
            is_security: false,
        };
        (field(paragraph, "Status: ")? == "install ok installed").then_some(known)
    }

    fn update(self) -> Option<Update> {
        Some(Update {
            package: self.package.to_owned(),
            installed: self.version.to_owned(),
            available: self.newest?,
            is_security: self.is_security,
        })
    }
}

/// Takes note of what a paragraph of a list offers.
fn offer(paragraph: &str, is_security: bool, installed: &mut HashMap<&str, Vec<Known<'_>>>) {
    let Some(name) = paragraph.trim_start_matches('\n').strip_prefix("Package: ") else {
        return;
    };
    let name = name.lines().next().unwrap_or_default();
    let Some(known) = installed.get_mut(name) else {
        return;
    };
    let (Some(version), Some(architecture)) = (
        field(paragraph, "Version: "),
        field(paragraph, "Architecture: "),
    ) else {
        return;
    };
    // Ubuntu hands some updates out to a part of the machines at first.
    if !is_security && field(paragraph, "Phased-Update-Percentage: ").is_some_and(|n| n != "100") {
        return;
    }
    for one in known {
        let fits = architecture == "all" || architecture == one.architecture;
        if !fits || order(version, one.version).is_le() {
            continue;
        }
        one.is_security |= is_security;
        if one
            .newest
            .as_deref()
            .is_none_or(|newest| order(version, newest).is_gt())
        {
            one.newest = Some(version.to_owned());
        }
    }
}

/// The value of the line of a paragraph that begins so.
fn field<'a>(paragraph: &'a str, begin: &str) -> Option<&'a str> {
    paragraph.lines().find_map(|line| line.strip_prefix(begin))
}

/// deb-version(7): epoch, version, revision.
fn order(a: &str, b: &str) -> Ordering {
    fn parts(version: &str) -> (u64, &str, &str) {
        let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        (epoch.parse().unwrap_or(0), upstream, revision)
    }
    let (a, b) = (parts(a), parts(b));
    let by_parts = a.0.cmp(&b.0).then_with(|| by_turns(a.1, b.1));
    by_parts.then_with(|| by_turns(a.2, b.2))
}

/// A part without digits by its letters, one of digits by its number, and so on.
fn by_turns(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (words_a, words_b) = (turn(&mut a, false), turn(&mut b, false));
        let (numbers_a, numbers_b) = (turn(&mut a, true), turn(&mut b, true));
        let numbers = |text: &str| text.trim_start_matches('0').len();
        let by_number = numbers(numbers_a).cmp(&numbers(numbers_b)).then_with(|| {
            numbers_a
                .trim_start_matches('0')
                .cmp(numbers_b.trim_start_matches('0'))
        });
        let by_turn = by_words(words_a, words_b).then(by_number);
        if by_turn.is_ne() {
            return by_turn;
        }
    }
    Ordering::Equal
}

/// Takes the digits, or what is none, off the beginning.
fn turn<'a>(text: &mut &'a str, is_number: bool) -> &'a str {
    let end = text
        .find(|c: char| c.is_ascii_digit() != is_number)
        .unwrap_or(text.len());
    let (taken, rest) = text.split_at(end);
    *text = rest;
    taken
}

/// `~` comes before the end, letters before all else.
fn by_words(a: &str, b: &str) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(*letter),
        Some(other) => i32::from(*other) + 256,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let weights = (0..a.len().max(b.len())).map(|at| weight(a.get(at)).cmp(&weight(b.get(at))));
    weights
        .into_iter()
        .find(|one| one.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn versions_are_ordered_as_dpkg_orders_them() {
        for (older, newer) in [
            ("1.0~rc1-1", "1.0-1"),
            ("1.9-1", "1.10-1"),
            ("2:0.1", "10:0.1"),
            ("1.0-1", "1.0-1+deb12u1"),
            ("1.0-1~bpo12+1", "1.0-1"),
            ("5.2.15-2+b8", "5.2.15-2+b13"),
            ("1.0", "1.0a"),
            ("1.0a", "1.0+b"),
            ("9", "1:0"),
        ] {
            assert_eq!(order(older, newer), Ordering::Less, "{older} {newer}");
            assert_eq!(order(newer, older), Ordering::Greater, "{older} {newer}");
        }
        assert_eq!(order("1.02-1", "1.2-01"), Ordering::Equal);
    }

    const DPKG: &str = "Package: ssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0-1\n\n\
        Package: doc\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n\
        Package: kept\nStatus: hold ok installed\nArchitecture: all\nVersion: 1\n\n\
        Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n";

    fn shown(files: &[(&str, &str)]) -> String {
        let found = updates(&Tree::new(files).host()).map(|updates| {
            let one = |of: &Update| {
                format!(
                    "{} {} {} {}",
                    of.package, of.installed, of.available, of.is_security
                )
            };
            updates.iter().map(one).collect::<Vec<_>>().join(", ")
        });
        found.unwrap_or_else(|why| why.to_string())
    }

    #[test]
    fn what_waits_is_told_and_what_closes_a_hole_is_named() {
        let main = "Package: ssl\nArchitecture: amd64\nVersion: 3.0-2\n\nPackage: doc\nArchitecture: all\nVersion: 2\n\n\
            Package: kept\nArchitecture: all\nVersion: 2\n\nPackage: ssl\nArchitecture: i386\nVersion: 9\n\n\
            Package: gone\nArchitecture: all\nVersion: 2\n";
        let security = "Package: ssl\nArchitecture: amd64\nVersion: 3.0-1+deb12u1\n";
        let files = [
            (STATUS, DPKG),
            ("/var/lib/apt/lists/a_dists_x_InRelease", "Label: Debian\n"),
            (
                "/var/lib/apt/lists/a_dists_x_main_binary-amd64_Packages",
                main,
            ),
            (
                "/var/lib/apt/lists/a_dists_x-security_InRelease",
                "Label: Debian-Security\n",
            ),
            (
                "/var/lib/apt/lists/a_dists_x-security_main_binary-amd64_Packages",
                security,
            ),
        ];
        assert_eq!(shown(&files), "doc 1 2 false, ssl 3.0-1 3.0-2 true");
    }

    #[test]
    fn what_is_to_be_chosen_by_hand_or_handed_out_later_does_not_wait() {
        let files = [
            (STATUS, DPKG),
            (
                "/var/lib/apt/lists/a_dists_b_InRelease",
                "Label: Backports\nNotAutomatic: yes\n",
            ),
            (
                "/var/lib/apt/lists/a_dists_b_main_Packages",
                "Package: ssl\nArchitecture: amd64\nVersion: 4\n",
            ),
            (
                "/var/lib/apt/lists/u_Packages",
                "Package: doc\nArchitecture: all\nVersion: 2\nPhased-Update-Percentage: 10\n",
            ),
        ];
        assert_eq!(shown(&files), "");
    }

    #[test]
    fn a_packed_list_is_unpacked_by_apt() {
        let files = [
            (STATUS, DPKG),
            ("/var/lib/apt/lists/a_Packages.lz4", "packed"),
            (
                "/said/_usr_lib_apt_apt-helper cat-file _var_lib_apt_lists_a_Packages.lz4",
                "Package: doc\nArchitecture: all\nVersion: 1.1\n",
            ),
        ];
        assert_eq!(shown(&files), "doc 1 1.1 false");
    }

    #[test]
    fn a_machine_that_has_fetched_no_list_cannot_tell() {
        assert_eq!(
            shown(&[(STATUS, DPKG), ("/var/lib/apt/lists/lock", "")]),
            "there is no list of packages (apt-get update)"
        );
        assert_eq!(
            shown(&[]),
            "which updates wait is not known on this operating system"
        );
    }
}

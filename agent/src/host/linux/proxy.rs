//! Proxies that are set for the whole machine: environment(5), profile.d, apt.conf(5), dconf(7), systemd, yum.conf(5).

use crate::host::{Host, Proxy};

const ENVIRONMENT: &str = "/etc/environment";
const PROFILES: &str = "/etc/profile.d";
const SYSTEMD: &str = "/etc/systemd/system.conf";
const APT: &str = "/etc/apt/apt.conf";
const APT_PARTS: &str = "/etc/apt/apt.conf.d";
const DCONF: &str = "/etc/dconf/db";
const YUM: &[&str] = &["/etc/yum.conf", "/etc/dnf/dnf.conf"];
/// Whoever sets more has none in mind.
const MOST: usize = 32;

pub(in crate::host) fn proxies(host: &Host) -> Vec<Proxy> {
    let in_folder = |folder: &str| {
        let names = host.names(folder).unwrap_or_default();
        names
            .into_iter()
            .map(|name| format!("{folder}/{name}"))
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    let mut read = |file: &str, values: fn(&str) -> Vec<String>| {
        let values = host.with_file(file, values).unwrap_or_default();
        found.extend(values.iter().filter_map(|value| Proxy::parse(value, file)));
    };
    read(ENVIRONMENT, of_environment);
    read(SYSTEMD, of_environment);
    for file in in_folder(PROFILES) {
        read(&file, of_environment);
    }
    read(APT, of_apt);
    for file in in_folder(APT_PARTS) {
        read(&file, of_apt);
    }
    for file in YUM {
        read(file, of_yum);
    }
    for database in in_folder(DCONF) {
        for file in in_folder(&database) {
            read(&file, of_dconf);
        }
    }
    found.truncate(MOST);
    found
}

/// What the environment of the whole machine says of proxies: name in lower case, value, file; of one name, the first
/// counts.
pub(in crate::host) fn proxy_variables(host: &Host) -> Vec<(String, String, &'static str)> {
    let folder = host.names(PROFILES).unwrap_or_default();
    let profiles = folder.iter().map(|name| format!("{PROFILES}/{name}"));
    let files = [(ENVIRONMENT.to_owned(), ENVIRONMENT)].into_iter();
    let files = files.chain(profiles.map(|file| (file, PROFILES)));
    let all = files.flat_map(|(file, source)| {
        let said = host.with_file(&file, variables).unwrap_or_default();
        said.into_iter()
            .map(move |(name, value)| (name, value, source))
    });
    all.take(MOST).collect()
}

fn of_environment(text: &str) -> Vec<String> {
    let set = variables(text).into_iter();
    let proxies = set.filter(|(name, _)| name != "no_proxy");
    proxies.map(|(_, value)| value).collect()
}

/// `http_proxy=…` in any case, alone or after a word such as `export`; the names in lower case.
fn variables(text: &str) -> Vec<(String, String)> {
    const NAMES: &[&str] = &["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(|line| line.split([' ', '\t', ';']));
    let pairs = words.filter_map(|word| word.trim_matches(['"', '\'']).split_once('='));
    pairs
        .map(|(name, value)| (name.trim_start_matches("DefaultEnvironment="), value))
        .map(|(name, value)| match name {
            "DefaultEnvironment" => {
                let pair = value.trim_matches(['"', '\'']);
                pair.split_once('=').unwrap_or((name, value))
            }
            _ => (name, value),
        })
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| NAMES.contains(&name.as_str()))
        .map(|(name, value)| (name, value.trim_matches(['"', '\'']).to_owned()))
        .collect()
}

/// `Acquire::http::Proxy "…";`, in one piece or in braces.
fn of_apt(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.starts_with("//") && !line.starts_with('#'));
    let values = lines.flat_map(|line| {
        let parts: Vec<&str> = line.split('"').collect();
        let pairs = parts.chunks(2).filter_map(|pair| match pair {
            [before, value] => {
                let key = before.trim_end().to_ascii_lowercase();
                let is_proxy = key.ends_with("proxy") || key.contains("::proxy::");
                is_proxy.then(|| (*value).to_owned())
            }
            _ => None,
        });
        pairs.collect::<Vec<_>>()
    });
    let is_none =
        |value: &String| ["direct", "false"].contains(&value.to_ascii_lowercase().as_str());
    values.filter(|value| !is_none(value)).collect()
}

fn of_yum(text: &str) -> Vec<String> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs
        .filter(|(key, value)| key.trim() == "proxy" && value.trim() != "_none_")
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

/// Host and port of each protocol, unless the mode says that no proxy is used.
fn of_dconf(text: &str) -> Vec<String> {
    let (mut section, mut is_manual) = ("", false);
    let mut found = Vec::<(&str, [&str; 2])>::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = name;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('\'');
        let at = match (section, key.trim()) {
            ("system/proxy", "mode") => {
                is_manual = value == "manual";
                continue;
            }
            (of, "host") if of.starts_with("system/proxy/") => 0,
            (of, "port") if of.starts_with("system/proxy/") => 1,
            _ => continue,
        };
        match found.iter_mut().find(|(of, _)| *of == section) {
            Some((_, pair)) => pair[at] = value,
            None => {
                let mut pair = ["", ""];
                pair[at] = value;
                found.push((section, pair));
            }
        }
    }
    let set = found
        .into_iter()
        .filter(|(_, [host, port])| is_manual && !host.is_empty() && !["", "0"].contains(port));
    set.map(|(_, [host, port])| format!("{host}:{port}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn every_place_is_read() {
        let tree = Tree::new(&[
            (
                ENVIRONMENT,
                "PATH=\"/bin\"\nhttps_proxy=\"http://a.example:1\"\n",
            ),
            (
                "/etc/profile.d/proxy.sh",
                "# export http_proxy=http://no.example:9\nexport HTTP_PROXY='http://u:p@b.example:2'\n",
            ),
            (
                SYSTEMD,
                "DefaultEnvironment=\"http_proxy=http://c.example:3\" X=y\n",
            ),
            (
                "/etc/apt/apt.conf.d/80proxy",
                "// Acquire::http::Proxy \"http://no.example:9\";\nAcquire::http::Proxy \"http://d.example:4\";\n\
                 Acquire::https::Proxy \"DIRECT\";\nAcquire { ftp { Proxy \"http://e.example:5\"; }; };\n",
            ),
            ("/etc/dnf/dnf.conf", "[main]\nproxy = http://f.example:6\n"),
            (
                "/etc/dconf/db/local.d/00-proxy",
                "[system/proxy]\nmode='manual'\n[system/proxy/http]\nhost='g.example'\nport=7\n\
                 [system/proxy/ftp]\nhost=''\nport=0\n",
            ),
            (
                "/etc/dconf/db/site.d/00-proxy",
                "[system/proxy]\nmode='none'\n[system/proxy/http]\nhost='no.example'\nport=7\n",
            ),
        ]);
        let shown = proxies(&tree.host())
            .iter()
            .map(|proxy| format!("{} {}", proxy.authority(), proxy.sources.join(" ")))
            .collect::<Vec<_>>();
        assert_eq!(
            shown,
            [
                "a.example:1 /etc/environment",
                "c.example:3 /etc/systemd/system.conf",
                "b.example:2 /etc/profile.d/proxy.sh",
                "d.example:4 /etc/apt/apt.conf.d/80proxy",
                "e.example:5 /etc/apt/apt.conf.d/80proxy",
                "f.example:6 /etc/dnf/dnf.conf",
                "g.example:7 /etc/dconf/db/local.d/00-proxy",
            ]
        );
    }
}

//! The packet filter, as `nft` and, for the older tables, `iptables-legacy-save` tell it.

use serde_json::Value;

use crate::host::{Chain, Host, Unavailable, program};

const OUTPUT_BYTES: usize = 8 << 20;
/// Tables that the older interface has made; empty where it was never used.
const OLD: &[(&str, &str, &str)] = &[
    ("ip", "/proc/net/ip_tables_names", "iptables-legacy-save"),
    ("ip6", "/proc/net/ip6_tables_names", "ip6tables-legacy-save"),
];

pub(in crate::host) fn chains(host: &Host) -> Result<Vec<Chain>, Unavailable> {
    let mut chains = match program::read(host, "nft", &["--json", "list", "ruleset"], OUTPUT_BYTES)
    {
        Ok(text) => of_nft(&text).ok_or_else(|| Unavailable::broken("nft", "no JSON"))?,
        // Without its program nobody has made rules with it, but others may have.
        Err(Unavailable::Absent { .. }) if program::find("iptables-save").is_some() => {
            let v4 = program::read(host, "iptables-save", &[], OUTPUT_BYTES)?;
            let v6 = program::read(host, "ip6tables-save", &[], OUTPUT_BYTES)?;
            let mut chains = of_iptables("ip", &v4);
            chains.extend(of_iptables("ip6", &v6));
            return Ok(chains);
        }
        Err(why) => return Err(why),
    };
    for (family, names, save) in OLD {
        if host.line(names).is_some() {
            let text = program::read(host, save, &[], OUTPUT_BYTES)?;
            chains.extend(of_iptables(family, &text));
        }
    }
    Ok(chains)
}

/// libnftables-json(5)
fn of_nft(text: &str) -> Option<Vec<Chain>> {
    let whole: Value = serde_json::from_str(text).ok()?;
    let mut chains = Vec::<Chain>::new();
    for object in whole.get("nftables")?.as_array()? {
        let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(chain) = object.get("chain") {
            chains.push(Chain {
                family: text(chain, "family").unwrap_or_default(),
                table: text(chain, "table").unwrap_or_default(),
                name: text(chain, "name").unwrap_or_default(),
                hook: text(chain, "hook"),
                policy: text(chain, "policy"),
                ..Chain::default()
            });
        } else if let Some(rule) = object.get("rule") {
            let [family, table, name] = ["family", "table", "chain"].map(|key| text(rule, key));
            let is_it = |chain: &&mut Chain| {
                Some(&chain.family) == family.as_ref()
                    && Some(&chain.table) == table.as_ref()
                    && Some(&chain.name) == name.as_ref()
            };
            let Some(chain) = chains.iter_mut().find(is_it) else {
                continue;
            };
            let parts = rule.get("expr").and_then(Value::as_array);
            let refuses = |part: &Value| part.get("drop").is_some() || part.get("reject").is_some();
            chain.n_rules += 1;
            chain.n_refusing += u64::from(parts.is_some_and(|parts| parts.iter().any(refuses)));
        }
    }
    Some(chains)
}

/// `*filter`, `:OUTPUT DROP [0:0]`, `-A OUTPUT -p tcp -j REJECT`.
fn of_iptables(family: &str, text: &str) -> Vec<Chain> {
    let mut table = "";
    let mut chains = Vec::<Chain>::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        if let Some(name) = first.strip_prefix('*') {
            table = name;
        } else if let Some(name) = first.strip_prefix(':') {
            let policy = words.next().filter(|policy| *policy != "-");
            chains.push(Chain {
                family: family.to_owned(),
                table: table.to_owned(),
                name: name.to_owned(),
                hook: policy.map(|_| name.to_ascii_lowercase()),
                policy: policy.map(str::to_ascii_lowercase),
                ..Chain::default()
            });
        } else if first == "-A" {
            let name = words.next().unwrap_or_default();
            let refuses = line.contains("-j DROP") || line.contains("-j REJECT");
            let is_it = |chain: &&mut Chain| chain.table == table && chain.name == name;
            if let Some(chain) = chains.iter_mut().find(is_it) {
                chain.n_rules += 1;
                chain.n_refusing += u64::from(refuses);
            }
        }
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(chains: &[Chain], expected: &[&str]) {
        let shown = chains.iter().map(|chain| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
            format!(
                "{} {} {} {} {} {} {}",
                chain.family,
                chain.table,
                chain.name,
                or_none(&chain.hook),
                or_none(&chain.policy),
                chain.n_rules,
                chain.n_refusing
            )
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn rules_of_nft_count_for_their_chains() {
        let text = r#"{"nftables": [{"metainfo": {"version": "1.0.6"}},
            {"table": {"family": "inet", "name": "t", "handle": 1}},
            {"chain": {"family": "inet", "table": "t", "name": "out", "handle": 1, "type": "filter",
                       "hook": "output", "prio": 0, "policy": "accept"}},
            {"chain": {"family": "inet", "table": "t", "name": "more", "handle": 2}},
            {"rule": {"family": "inet", "table": "t", "chain": "out", "handle": 3,
                      "expr": [{"match": {}}, {"drop": null}]}},
            {"rule": {"family": "inet", "table": "t", "chain": "out", "handle": 4, "expr": [{"accept": null}]}},
            {"rule": {"family": "inet", "table": "t", "chain": "more", "handle": 5,
                      "expr": [{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}]}}]}"#;
        check(
            &of_nft(text).unwrap(),
            &["inet t out output accept 2 1", "inet t more - - 1 1"],
        );
        assert_eq!(of_nft("Error"), None);
    }

    #[test]
    fn rules_of_iptables_count_for_their_chains() {
        let text = "# made by\n*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT DROP [7:420]\n:mine - [0:0]\n\
                    -A OUTPUT -p icmp -j ACCEPT\n-A mine -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n";
        check(
            &of_iptables("ip", text),
            &[
                "ip filter INPUT input accept 0 0",
                "ip filter OUTPUT output drop 1 0",
                "ip filter mine - - 1 1",
            ],
        );
    }
}

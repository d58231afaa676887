//! At which of its addresses a device is reached, judged by its facts. Pure.

use std::net::IpAddr;

use sonde_proto::v1::{Value, value};

use crate::store::facts::FactTable;

/// The address on the interface of the default route with the lowest metric, of IPv4 before IPv6: one that is in the
/// gateway's network before others, one that was set for good before one that runs out. Without such a route, the only
/// address that there is. None: it cannot be told.
pub fn primary_address(addresses: &FactTable, routes: Option<&FactTable>) -> Option<IpAddr> {
    let mut held: Vec<Held> = rows(addresses).filter_map(Held::of).collect();
    held.sort_by_key(|one| one.ip);
    let mut ways: Vec<Way> = routes
        .into_iter()
        .flat_map(rows)
        .filter_map(Way::of)
        .collect();
    ways.sort_by_key(|way| (way.is_ipv6, way.metric));
    for way in &ways {
        let on = |one: &&Held| one.interface == way.interface && one.ip.is_ipv6() == way.is_ipv6;
        let best = held.iter().filter(on).min_by_key(|one| {
            let is_beside = way.gateway.is_some_and(|gateway| one.is_beside(gateway));
            (!is_beside, !one.is_permanent)
        });
        if let Some(best) = best {
            return Some(best.ip);
        }
    }
    match held.as_slice() {
        [one] => Some(one.ip),
        _ => None,
    }
}

/// A row's values by the names of their columns.
struct Row<'a> {
    table: &'a FactTable,
    values: &'a [Value],
}

fn rows(table: &FactTable) -> impl Iterator<Item = Row<'_>> {
    let values = table.rows.iter();
    values.map(move |values| Row { table, values })
}

impl<'a> Row<'a> {
    fn value(&self, name: &str) -> Option<&'a value::Value> {
        let at = self
            .table
            .columns
            .iter()
            .position(|column| column.name == name)?;
        self.values.get(at)?.value.as_ref()
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            value::Value::Integer(number) => Some(*number),
            value::Value::Real(_)
            | value::Value::Text(_)
            | value::Value::Truth(_)
            | value::Value::TimeUs(_) => None,
        }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        match self.value(name)? {
            value::Value::Text(text) => Some(text),
            value::Value::Integer(_)
            | value::Value::Real(_)
            | value::Value::Truth(_)
            | value::Value::TimeUs(_) => None,
        }
    }
}

/// An address that others may reach.
struct Held {
    interface: String,
    ip: IpAddr,
    prefix: u8,
    is_permanent: bool,
}

impl Held {
    fn of(row: Row<'_>) -> Option<Self> {
        let ip: IpAddr = row.text("address")?.parse().ok()?;
        let is_local = match ip {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unspecified(),
        };
        // Where the device does not say it, the address itself does.
        let is_wide = row
            .text("scope")
            .is_none_or(|scope| ["global", "site"].contains(&scope));
        if is_local || !is_wide {
            return None;
        }
        let prefix = row
            .number("prefix")
            .and_then(|bits| u8::try_from(bits).ok());
        Some(Self {
            interface: row.text("interface").unwrap_or_default().to_owned(),
            ip,
            prefix: prefix.unwrap_or(u8::MAX),
            is_permanent: matches!(row.value("permanent"), Some(value::Value::Truth(true))),
        })
    }

    /// Whether the other one is in its network.
    fn is_beside(&self, other: IpAddr) -> bool {
        let bits = |ip: IpAddr| match ip {
            IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32),
            IpAddr::V6(ip) => (ip.to_bits(), 128),
        };
        let ((own, length), (other, of)) = (bits(self.ip), bits(other));
        let behind = length - u32::from(self.prefix).min(length);
        length == of && own.checked_shr(behind) == other.checked_shr(behind)
    }
}

/// A default route.
struct Way {
    interface: String,
    gateway: Option<IpAddr>,
    metric: i64,
    is_ipv6: bool,
}

impl Way {
    fn of(row: Row<'_>) -> Option<Self> {
        let is_ipv6 = match row.text("destination")? {
            "0.0.0.0/0" => false,
            "::/0" => true,
            _ => return None,
        };
        Some(Self {
            interface: row.text("interface")?.to_owned(),
            gateway: row.text("gateway").and_then(|text| text.parse().ok()),
            metric: row.number("metric").unwrap_or(i64::MAX),
            is_ipv6,
        })
    }
}

#[cfg(test)]
mod tests {
    use sonde_proto::v1;

    use super::*;
    use crate::store::Id;
    use crate::store::facts::TableState;

    /// A table of which each line is a row.
    fn table(columns: &[&str], lines: &str) -> FactTable {
        let value = |text: &str| v1::Value {
            value: match (text, text.parse()) {
                ("-", _) => None,
                ("true" | "false", _) => Some(value::Value::Truth(text == "true")),
                (_, Ok(number)) => Some(value::Value::Integer(number)),
                (_, Err(_)) => Some(value::Value::Text(text.to_owned())),
            },
        };
        FactTable {
            state: TableState {
                table: "t".into(),
                hash: [0; 16],
                declaration_id: Id([0; 16]),
                changed_at: 0,
                unavailable: String::new(),
            },
            columns: columns
                .iter()
                .map(|name| v1::Column {
                    name: (*name).to_owned(),
                    ..v1::Column::default()
                })
                .collect(),
            rows: lines
                .lines()
                .map(|line| line.split_whitespace().map(value).collect())
                .filter(|row: &Vec<v1::Value>| !row.is_empty())
                .collect(),
        }
    }

    #[track_caller]
    fn check(held: &str, ways: &str, expected: &str) {
        let of = ["interface", "address", "prefix", "scope", "permanent"];
        let held = table(&of, held);
        let ways = table(&["destination", "gateway", "interface", "metric"], ways);
        let told = primary_address(&held, Some(&ways));
        let told = told.map_or_else(|| "none".to_owned(), |ip| ip.to_string());
        assert_eq!(told, expected);
    }

    const BOTH: &str = "lo 127.0.0.1 8 host true
        eth0 192.0.2.7 24 global false
        eth0 fe80::7 64 link true
        eth0 2001:db8::7 64 global true
        docker0 172.17.0.1 16 global true";

    #[test]
    fn it_is_the_one_where_the_default_route_leaves() {
        check(BOTH, "0.0.0.0/0 192.0.2.1 eth0 100", "192.0.2.7");
        check(BOTH, "::/0 fe80::1 eth0 100", "2001:db8::7");
        check(
            BOTH,
            "::/0 fe80::1 eth0 1\n0.0.0.0/0 192.0.2.1 eth0 100",
            "192.0.2.7",
        );
        let two = "wlan0 198.51.100.7 24 global false\neth0 192.0.2.7 24 global false";
        let ways = "0.0.0.0/0 198.51.100.1 wlan0 600\n0.0.0.0/0 192.0.2.1 eth0 100";
        check(two, ways, "192.0.2.7");
        check(
            two,
            "0.0.0.0/0 10.0.0.1 gone0 1\n0.0.0.0/0 - wlan0 600",
            "198.51.100.7",
        );
    }

    #[test]
    fn of_several_there_it_is_the_one_beside_the_gateway_then_the_one_that_lasts() {
        let several = "eth0 10.0.0.7 8 global true\neth0 192.0.2.7 24 global false\neth0 192.0.2.9 24 global true";
        check(several, "0.0.0.0/0 192.0.2.1 eth0 100", "192.0.2.9");
        check(several, "0.0.0.0/0 10.1.1.1 eth0 100", "10.0.0.7");
        check(several, "0.0.0.0/0 - eth0 100", "10.0.0.7");
    }

    #[test]
    fn where_it_cannot_be_told_it_is_not_guessed() {
        check(BOTH, "", "none");
        check(BOTH, "10.0.0.0/8 192.0.2.1 eth0 100", "none");
        check("", "0.0.0.0/0 192.0.2.1 eth0 100", "none");
        check("eth0 nonsense 24 global true", "", "none");
        check(
            "eth0 192.0.2.7 24 global false\neth0 fe80::7 64 link true",
            "",
            "192.0.2.7",
        );
        check("lo 127.0.0.1 8 host true", "", "none");
    }
}

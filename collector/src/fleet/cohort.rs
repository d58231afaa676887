//! Is it only this machine? What the devices with a finding have in common, and those without it do not. Pure.

/// What devices are told apart by, each by its place.
pub const ATTRIBUTES: [&str; 12] = [
    "site",
    "agent version",
    "subnet",
    "gateway",
    "DNS server",
    "DHCP server",
    "proxy",
    "vendor",
    "model",
    "firmware",
    "system",
    "kernel",
];

/// Where the first two stand, which the collector itself knows.
pub const SITE: usize = 0;
pub const AGENT_VERSION: usize = 1;

/// The place of what addresses say, which takes two columns.
pub const SUBNET: usize = 2;

/// Columns whose values are the others', by the place of the attribute.
pub const COLUMNS: &[(usize, &str, &str)] = &[
    (3, "routes", "gateway"),
    (4, "dns_servers", "address"),
    (5, "dhcp_leases", "server"),
    (6, "proxies", "proxy"),
    (7, "system", "vendor"),
    (8, "system", "product"),
    (9, "system", "firmware_version"),
    (10, "os", "name"),
    (11, "os", "kernel"),
];

/// A value that more devices with the finding have than without it.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// Its place.
    pub attribute: usize,
    pub value: String,
    /// Devices with the finding that have it, of all with the finding.
    pub affected: (u64, u64),
    /// Devices without the finding that have it, of all without.
    pub healthy: (u64, u64),
    /// Fisher's exact test, one-sided: how likely chance alone makes so large a difference, or a larger one.
    pub p: f64,
}

/// Values that are shown.
const MOST: usize = 24;

/// A value of an attribute, and on how many devices of either kind it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Place of the attribute.
    pub attribute: usize,
    pub value: String,
    pub n_affected: u64,
    pub n_healthy: u64,
}

/// What more of the affected have than of the others, the most telling first.
pub fn common(counts: Vec<Count>, n_affected: u64, n_healthy: u64) -> Vec<Common> {
    let factorials = Factorials::up_to(n_affected + n_healthy);
    let share = |n: u64, of: u64| n as f64 / of.max(1) as f64;
    let mut all: Vec<Common> = counts
        .into_iter()
        .filter(|one| share(one.n_affected, n_affected) > share(one.n_healthy, n_healthy))
        .map(|one| Common {
            p: factorials.fisher(one.n_affected, n_affected, one.n_healthy, n_healthy),
            attribute: one.attribute,
            value: one.value,
            affected: (one.n_affected, n_affected),
            healthy: (one.n_healthy, n_healthy),
        })
        .collect();
    all.sort_by(|a, b| {
        (a.p.total_cmp(&b.p))
            .then(b.affected.0.cmp(&a.affected.0))
            .then(a.attribute.cmp(&b.attribute))
            .then_with(|| a.value.cmp(&b.value))
    });
    all.truncate(MOST);
    all
}

/// Logarithms of factorials, from 0! on.
struct Factorials(Vec<f64>);

impl Factorials {
    fn up_to(n: u64) -> Self {
        let mut all = vec![0.0];
        let mut last = 0.0;
        for one in 1..=n {
            last += (one as f64).ln();
            all.push(last);
        }
        Self(all)
    }

    fn of(&self, n: u64) -> f64 {
        self.0.get(n as usize).copied().unwrap_or(f64::INFINITY)
    }

    fn choose(&self, n: u64, k: u64) -> f64 {
        self.of(n) - self.of(k) - self.of(n - k)
    }

    /// That of `n_affected` at least `with` have what `with + without` of all have (R. A. Fisher, *Statistical Methods
    /// for Research Workers*, §21.02: the tail of the hypergeometric distribution).
    fn fisher(&self, with: u64, n_affected: u64, without: u64, n_healthy: u64) -> f64 {
        let (n, n_with) = (n_affected + n_healthy, with + without);
        let all = self.choose(n, n_affected);
        let tail = (with..=n_with.min(n_affected)).filter(|k| n_with - k <= n_healthy);
        let p: f64 = tail
            .map(|k| {
                let ways = self.choose(n_with, k) + self.choose(n - n_with, n_affected - k);
                (ways - all).exp()
            })
            .sum();
        p.min(1.0)
    }
}

/// Network that an address with its prefix lies in, as `192.0.2.0/24`; none: it is none, or one that every machine has.
pub fn subnet(address: &str, prefix: i64) -> Option<String> {
    let bits = u32::try_from(prefix).ok()?;
    match address.parse().ok()? {
        std::net::IpAddr::V4(ip) if ip.is_loopback() || ip.is_link_local() => None,
        std::net::IpAddr::V6(ip) if ip.is_loopback() || ip.is_unicast_link_local() => None,
        std::net::IpAddr::V4(ip) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            let network = std::net::Ipv4Addr::from(u32::from(ip) & mask);
            Some(format!("{network}/{bits}"))
        }
        std::net::IpAddr::V6(ip) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            let network = std::net::Ipv6Addr::from(u128::from(ip) & mask);
            Some(format!("{network}/{bits}"))
        }
        std::net::IpAddr::V4(_) | std::net::IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(with: u64, n_affected: u64, without: u64, n_healthy: u64) -> f64 {
        Factorials::up_to(n_affected + n_healthy).fisher(with, n_affected, without, n_healthy)
    }

    /// Against the sums that its definition gives in whole numbers.
    #[test]
    fn the_exact_test_is_fishers() {
        // Fisher's tea.
        assert!((p(3, 4, 1, 4) - 17.0 / 70.0).abs() < 1e-12);
        assert!((p(4, 4, 0, 4) - 1.0 / 70.0).abs() < 1e-12);
        // All have it: nothing can be told.
        assert!((p(5, 5, 9, 9) - 1.0).abs() < 1e-12);
        assert!((p(7, 12, 2, 14) - 0.025_354_691_075_514_874).abs() < 1e-12);
        let far = p(40, 40, 10, 9_960);
        assert!(far > 0.0 && far < 1e-80, "{far}");
    }

    #[test]
    fn what_the_affected_alone_have_comes_first() {
        let of = |attribute, value: &str, n_affected, n_healthy| Count {
            attribute,
            value: value.into(),
            n_affected,
            n_healthy,
        };
        let counts = vec![
            of(8, "A", 2, 1),
            of(3, "10.0.1.1", 3, 1),
            of(3, "10.0.2.1", 0, 3),
            of(0, "default", 3, 4),
        ];
        let found = common(counts, 3, 4);
        let said: Vec<_> = found
            .iter()
            .map(|one| (one.value.as_str(), one.affected, one.healthy))
            .collect();
        assert_eq!(said, [("10.0.1.1", (3, 3), (1, 4)), ("A", (2, 3), (1, 4))]);
        // 4 of 35 ways to choose three of seven: the fourth that has it is healthy.
        assert!((found[0].p - 4.0 / 35.0).abs() < 1e-12);
        assert_eq!(common(Vec::new(), 1, 0), []);
    }

    #[test]
    fn an_address_lies_in_its_network() {
        for (address, prefix, expected) in [
            ("192.0.2.77", 24, Some("192.0.2.0/24")),
            ("192.0.2.77", 32, Some("192.0.2.77/32")),
            ("192.0.2.77", 0, Some("0.0.0.0/0")),
            ("2001:db8::1:2", 64, Some("2001:db8::/64")),
            ("192.0.2.77", 64, None),
            ("127.0.0.1", 8, None),
            ("fe80::1", 64, None),
            ("nonsense", 24, None),
        ] {
            assert_eq!(subnet(address, prefix).as_deref(), expected, "{address}");
        }
    }
}

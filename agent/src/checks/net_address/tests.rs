use super::*;
use crate::checks::shown_findings::{limits, show};

/// Interfaces as `name kind [master]`, all with a link; addresses as `interface address [duplicate]`.
fn seen(interfaces: &[&str], addresses: &[&str]) -> Seen {
    let interface = |line: &&str| {
        let words: Vec<&str> = line.split(' ').collect();
        Interface {
            name: words[0].into(),
            kind: words[1].into(),
            physical: ["ethernet", "wifi"].contains(&words[1]),
            master: words.get(2).map(|master| (*master).into()),
            up: true,
            carrier: Some(true),
            ..Interface::default()
        }
    };
    let address = |line: &&str| {
        let words: Vec<&str> = line.split(' ').collect();
        let ip: IpAddr = words[1].parse().unwrap();
        Address {
            interface: words[0].into(),
            ip,
            prefix: 24,
            scope: if is_link_local(ip) { "link" } else { "global" },
            permanent: true,
            valid_seconds: None,
            is_duplicate: words.len() > 2,
        }
    };
    let addresses: Vec<Address> = addresses.iter().map(address).collect();
    Seen {
        interfaces: interfaces.iter().map(interface).collect(),
        owners: addresses
            .iter()
            .filter(|address| address.ip.is_ipv4())
            .map(|address| (address.ip, Ok(Vec::new())))
            .collect(),
        addresses,
        routes: Vec::new(),
    }
}

#[track_caller]
fn check_seen(seen: &Seen, expected: &str) {
    assert_eq!(show(&CHECK, &judge(seen, &limits(&CHECK))), expected);
}

#[track_caller]
fn check(interfaces: &[&str], addresses: &[&str], expected: &str) {
    check_seen(&seen(interfaces, addresses), expected);
}

const ALONE: &str = "and no other machine says that it has it too";
const NOBODY: &str = "because Neither a DHCP server nor a router has given one, and none is set";

#[test]
fn a_machine_that_nobody_gave_an_address_is_found() {
    check(
        &["lo loopback", "eth0 ethernet"],
        &["lo 127.0.0.1"],
        &format!("critical eth0 / eth0 is connected but has no address / {NOBODY}"),
    );
    for (local, shown) in [
        (&["eth0 169.254.7.7", "eth0 fe80::7"][..], "169.254.7.7"),
        (&["eth0 fe80::7"][..], "fe80::7"),
    ] {
        check(
            &["eth0 ethernet"],
            local,
            &format!(
                "critical eth0 / eth0 has only the address {shown}, which reaches no further than its own link / \
                 {NOBODY}"
            ),
        );
    }
    // What containers are on is no address of the machine's.
    check(
        &["eth0 ethernet", "docker0 bridge"],
        &["docker0 192.0.2.129"],
        &format!("critical eth0 / eth0 is connected but has no address / {NOBODY}"),
    );
    check(
        &["host0 virtual"],
        &[],
        &format!("critical host0 / host0 is connected but has no address / {NOBODY}"),
    );
}

#[test]
fn a_bridge_stands_for_its_parts() {
    check(
        &["eth0 ethernet br0", "br0 bridge"],
        &[],
        &format!("critical br0 / br0 is connected but has no address / {NOBODY}"),
    );
}

#[test]
fn odd_but_healthy_machines_are_not_blamed() {
    // A second port that is in nobody's use, or has a link of its own to a telephone or a service processor.
    check(
        &["eth0 ethernet", "eth1 ethernet", "usb0 ethernet"],
        &["eth0 192.0.2.5", "usb0 169.254.3.3", "eth0 fe80::1"],
        &format!("ok 192.0.2.5 / eth0 has the address 192.0.2.5, {ALONE}"),
    );
    check(
        &["eth0 ethernet br0", "br0 bridge"],
        &["br0 192.0.2.5"],
        &format!("ok 192.0.2.5 / br0 has the address 192.0.2.5, {ALONE}"),
    );
    check(
        &["lo loopback"],
        &["lo 127.0.0.1"],
        "ok / No interface that leads out has a link: none needs an address",
    );
    // IPv6 only, where IPv4 makes itself an address all the same.
    let mut v6_only = seen(
        &["eth0 ethernet"],
        &["eth0 2001:db8::5", "eth0 169.254.1.1"],
    );
    v6_only.routes.push(Route {
        family: Family::V6,
        destination: "::".parse().unwrap(),
        prefix: 0,
        gateway: "fe80::1".parse().ok(),
        interface: "eth0".into(),
        metric: 1024,
    });
    let well = format!("ok 2001:db8::5 / eth0 has the address 2001:db8::5, {ALONE}");
    check_seen(&v6_only, &well);
    v6_only.routes.clear();
    check_seen(
        &v6_only,
        &format!(
            "{well}\ncritical eth0 / eth0 has no IPv4 address but 169.254.1.1 of its own making, and IPv6 has no way \
             out / {NOBODY}"
        ),
    );
}

#[test]
fn an_address_that_another_has_too_is_found() {
    let kernel = "because The kernel has heard it answer, and does not use the address";
    check(
        &["eth0 ethernet"],
        &["eth0 192.0.2.5", "eth0 2001:db8::5 duplicate"],
        &format!(
            "ok 192.0.2.5 / eth0 has the address 192.0.2.5, {ALONE}\n\
             warning 2001:db8::5 / Another machine has the address 2001:db8::5 of eth0 too / {kernel}"
        ),
    );
    check(
        &["eth0 ethernet"],
        &["eth0 2001:db8::5 duplicate"],
        &format!(
            "critical 2001:db8::5 / Another machine has the address 2001:db8::5 of eth0 too / {kernel}"
        ),
    );
    let mut taken = seen(&["eth0 ethernet"], &["eth0 192.0.2.5", "eth0 2001:db8::5"]);
    taken.owners[0].1 = Ok(vec!["02:00:00:00:00:af".into()]);
    check_seen(
        &taken,
        &format!(
            "critical 192.0.2.5 / Another machine has the address 192.0.2.5 of eth0 too / because 02:00:00:00:00:af \
             answers for it\nok 2001:db8::5 / eth0 has the address 2001:db8::5, {ALONE}"
        ),
    );
}

#[test]
fn who_may_not_ask_says_so() {
    let mut unasked = seen(&["eth0 ethernet"], &["eth0 192.0.2.5"]);
    unasked.owners[0].1 = Err(Unavailable::absent("right"));
    check_seen(
        &unasked,
        "ok 192.0.2.5 / eth0 has the address 192.0.2.5; whether another machine has it too cannot be asked here",
    );
}

#[test]
fn a_gateway_that_answers_for_everybody_proves_nothing() {
    let owners = |macs: &[&str]| macs.iter().map(|mac| (*mac).to_owned()).collect::<Vec<_>>();
    let gateway = owners(&["02:00:00:00:00:01"]);
    assert!(without(gateway.clone(), &gateway).is_err());
    assert_eq!(without(owners(&[]), &gateway), Ok(owners(&[])));
    let both = owners(&["02:00:00:00:00:01", "02:00:00:00:00:af"]);
    assert_eq!(without(both, &gateway), Ok(owners(&["02:00:00:00:00:af"])));
}

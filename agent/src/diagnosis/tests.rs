mod machine;

use super::*;
use crate::checks;

#[track_caller]
fn check(findings: &[(&'static str, Status)], expected: &str) {
    let findings = findings.iter().map(|(check, status)| {
        let (check, subject) = check.split_once(' ').unwrap_or((check, ""));
        let mut finding = Finding::new(*status, subject);
        finding.check = check;
        finding
    });
    let shown = rank(findings.collect(), &[]).into_iter().map(|finding| {
        let by = finding
            .explained_by
            .map_or(String::new(), |by| format!(" by {by}"));
        format!("{}{by}", finding.check)
    });
    assert_eq!(shown.collect::<Vec<_>>().join(", "), expected);
}

#[test]
fn rules_name_checks_that_exist() {
    for rule in RULES.iter().chain(target::RULES) {
        assert!(checks::find(rule.cause).is_ok(), "{}", rule.cause);
        for consequence in rule.consequences {
            assert!(checks::find(consequence).is_ok(), "{consequence}");
        }
    }
}

/// Each broken rung with all above it broken too.
#[test]
fn the_first_broken_rung_explains_all_above_it() {
    const LADDER: &[&str] = &[
        "net.link",
        "net.dhcp",
        "net.address",
        "net.route",
        "net.gateway",
        "net.dns",
    ];
    for top in ["time.offset", "net.proxy"] {
        for at in 0..LADDER.len() {
            let (well, broken) = LADDER.split_at(at);
            let of = |status| move |check: &&'static str| (*check, status);
            let findings: Vec<_> = well
                .iter()
                .map(of(Status::Ok))
                .chain(broken.iter().map(of(Status::Critical)))
                .chain([(top, Status::Critical)])
                .collect();
            let explained = broken[1..].iter().chain([&top]);
            let explained = explained.map(|check| format!("{check} by {}/", broken[0]));
            let expected: Vec<String> = [broken[0].to_owned()]
                .into_iter()
                .chain(explained)
                .chain(well.iter().map(|check| (*check).to_owned()))
                .collect();
            check(&findings, &expected.join(", "));
        }
    }
}

#[test]
fn a_resolver_that_names_nobody_explains_that_nobody_answers() {
    check(
        &[
            ("net.dns", Status::Critical),
            ("net.resolver", Status::Critical),
            ("net.gateway", Status::Ok),
        ],
        "net.resolver, net.dns by net.resolver/, net.gateway",
    );
}

#[test]
fn a_silent_first_server_explains_itself_only() {
    check(
        &[
            ("net.dns 192.0.2.1", Status::Warning),
            ("net.dns 192.0.2.3", Status::Warning),
            ("net.resolver 192.0.2.1", Status::Warning),
        ],
        "net.resolver, net.dns, net.dns by net.resolver/192.0.2.1",
    );
}

#[test]
fn a_route_into_an_interface_without_link_leads_back_to_the_link() {
    let of = |link: &str| {
        let finding = |check, subject, status| {
            let mut finding = Finding::new(status, subject);
            finding.check = check;
            finding
        };
        let named = crate::finding::name("interface", "eth0");
        let findings = vec![
            finding("net.gateway", "192.0.2.1", Status::Critical),
            finding("net.route", "IPv4", Status::Critical).evidence(named),
            finding("disk.space", "/srv", Status::Warning),
            finding("net.link", link, Status::Warning),
        ];
        let ranked = rank(findings, &[]).into_iter().map(|finding| {
            let by = finding.explained_by.map(|by| format!(" by {by}"));
            format!("{}{}", finding.check, by.unwrap_or_default())
        });
        ranked.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        of("eth0"),
        "net.link, disk.space, net.gateway by net.link/eth0, net.route by net.link/eth0"
    );
    assert_eq!(
        of("eth1"),
        "net.route, disk.space, net.link, net.gateway by net.route/IPv4"
    );
}

#[test]
fn a_rule_against_the_way_out_is_one_of_routes() {
    check(
        &[
            ("net.firewall 192.0.2.1:53", Status::Critical),
            ("net.route IPv4", Status::Critical),
            ("net.dns 192.0.2.1", Status::Critical),
        ],
        "net.route, net.firewall by net.route/IPv4, net.dns by net.route/IPv4",
    );
}

#[test]
fn who_can_open_nothing_more_is_answered_by_nobody() {
    check(
        &[
            ("net.gateway 192.0.2.1", Status::Warning),
            ("net.dns 192.0.2.1", Status::Critical),
            ("net.ports conntrack", Status::Critical),
        ],
        "net.ports, net.dns by net.ports/conntrack, net.gateway by net.ports/conntrack",
    );
}

#[test]
fn rules_that_stop_all_explain_that_nobody_answers() {
    check(
        &[
            ("net.dns 192.0.2.1", Status::Critical),
            ("net.firewall 192.0.2.1:53", Status::Critical),
        ],
        "net.firewall, net.dns by net.firewall/192.0.2.1:53",
    );
    // The other way round where it is not sure.
    check(
        &[
            ("net.firewall 192.0.2.1:53", Status::Warning),
            ("net.firewall [2001:db8::1]:53", Status::Warning),
            ("net.firewall 192.0.2.9:7443", Status::Warning),
            ("net.dns 192.0.2.1", Status::Critical),
            ("net.dns 2001:db8::1", Status::Critical),
        ],
        "net.dns, net.dns, net.firewall, net.firewall by net.dns/192.0.2.1, \
         net.firewall by net.dns/2001:db8::1",
    );
}

#[test]
fn a_gateway_that_loses_echoes_loses_large_ones_too() {
    check(
        &[
            ("net.mtu 192.0.2.1", Status::Critical),
            ("net.gateway 192.0.2.1", Status::Warning),
        ],
        "net.gateway, net.mtu by net.gateway/192.0.2.1",
    );
    check(
        &[
            ("net.mtu 192.0.2.7", Status::Critical),
            ("net.gateway 192.0.2.1", Status::Warning),
        ],
        "net.mtu, net.gateway",
    );
}

#[test]
fn a_dead_gateway_is_all_that_its_family_lacks() {
    let finding = |check, subject| {
        let mut finding = Finding::new(Status::Warning, subject);
        finding.check = check;
        finding
    };
    let of = |gateway| {
        let named = crate::finding::name("gateway", gateway);
        let findings = vec![
            finding("net.ipv6", "").evidence(named),
            finding("net.gateway", "fe80::1"),
        ];
        rank(findings, &[]).pop().and_then(|last| last.explained_by)
    };
    assert_eq!(of("fe80::1").as_deref(), Some("net.gateway/fe80::1"));
    assert_eq!(of("fe80::2"), None);
}

#[test]
fn a_name_that_leads_astray_explains_its_proxy() {
    check(
        &[
            ("net.proxy proxy.example:3128", Status::Critical),
            ("net.proxy other.example:3128", Status::Critical),
            ("net.hosts proxy.example", Status::Warning),
        ],
        "net.hosts, net.proxy, net.proxy by net.hosts/proxy.example",
    );
}

#[test]
fn a_dead_link_explains_what_hangs_on_it() {
    check(
        &[
            ("net.dns", Status::Critical),
            ("disk.space", Status::Ok),
            ("net.gateway", Status::Critical),
            ("net.link", Status::Critical),
            ("time.offset", Status::Warning),
        ],
        "net.link, net.dns by net.link/, net.gateway by net.link/, time.offset by net.link/, disk.space",
    );
}

#[test]
fn a_full_disk_explains_only_the_services_that_hang_on_it() {
    for mount in [
        "disk.space /media/usb",
        "disk.space /run/user/1000",
        "disk.space /home",
    ] {
        check(
            &[
                ("service.failed", Status::Critical),
                (mount, Status::Critical),
            ],
            "service.failed, disk.space",
        );
    }
    check(
        &[
            ("service.failed", Status::Critical),
            ("disk.space /var/lib", Status::Critical),
        ],
        "disk.space, service.failed by disk.space//var/lib",
    );
    check(
        &[
            ("service.failed", Status::Critical),
            ("disk.space /", Status::Critical),
        ],
        "disk.space, service.failed by disk.space//",
    );
}

#[test]
fn what_fails_a_service_makes_it_flap() {
    for (cause, by) in [
        ("mount.missing /srv", "mount.missing//srv"),
        ("disk.readonly /", "disk.readonly//"),
        ("disk.space /var", "disk.space//var"),
        ("disk.inodes /tmp", "disk.inodes//tmp"),
        ("memory.oom", "memory.oom/"),
    ] {
        let check_id = cause.split(' ').next().unwrap();
        check(
            &[
                ("service.flapping", Status::Critical),
                (cause, Status::Critical),
            ],
            &format!("{check_id}, service.flapping by {by}"),
        );
    }
}

#[test]
fn deleted_files_explain_the_disk_they_fill() {
    let held = ("disk.deleted-open /var", Status::Critical);
    check(
        &[("disk.space /var", Status::Critical), held],
        "disk.deleted-open, disk.space by disk.deleted-open//var",
    );
    check(
        &[("disk.space /srv", Status::Critical), held],
        "disk.space, disk.deleted-open",
    );
}

#[test]
fn a_warning_explains_nothing_and_the_worst_comes_first() {
    check(
        &[
            ("disk.space", Status::Warning),
            ("time.offset", Status::Unknown),
            ("service.failed", Status::Critical),
        ],
        "service.failed, disk.space, time.offset",
    );
}

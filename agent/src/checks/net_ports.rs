//! Finds a machine that can open no more connections: no port of its own left, or no room to follow them.

use std::time::Duration;

use crate::facts::port_use;
use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::{Host, PortRoom, PortUse, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.ports",
    number: 42,
    version: 1,
    title_en: "Room for more connections",
    title_fr: "Place pour d'autres connexions",
    every: Duration::from_secs(60),
    limits: &[
        Limit::percent("followed_critical", 95),
        Limit::percent("followed_warning", 80),
        Limit::percent("used_critical", 95),
        Limit::percent("used_warning", 80),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "room",
            en: "{sockets} of {ports} ports for outgoing connections are in use",
            fr: "{sockets} des {ports} ports pour les connexions sortantes sont utilisés",
            user_en: "The computer can open more connections.",
            user_fr: "L'ordinateur peut ouvrir d'autres connexions.",
        },
        Text {
            id: "used",
            en: "{used_percent} of the ports for outgoing connections to {target} are in use",
            fr: "{used_percent} des ports pour les connexions sortantes vers {target} sont utilisés",
            user_en: "Programs on this computer have opened so many connections that new ones fail.",
            user_fr: "Des programmes ont ouvert tant de connexions que les nouvelles échouent.",
        },
        Text {
            id: "used_datagrams",
            en: "{used_percent} of the ports for outgoing datagrams are in use",
            fr: "{used_percent} des ports pour les datagrammes sortants sont utilisés",
            user_en: "Programs on this computer have opened so many connections that new ones fail.",
            user_fr: "Des programmes ont ouvert tant de connexions que les nouvelles échouent.",
        },
        Text {
            id: "followed",
            en: "The firewall follows {followed} connections of at most {most}",
            fr: "Le pare-feu suit {followed} connexions sur {most} au plus",
            user_en: "The computer can open more connections.",
            user_fr: "L'ordinateur peut ouvrir d'autres connexions.",
        },
        Text {
            id: "followed_full",
            en: "The firewall follows {followed} connections of at most {most}: what is new is dropped when it is full",
            fr: "Le pare-feu suit {followed} connexions sur {most} au plus : une fois plein, les nouvelles sont rejetées",
            user_en: "So many connections are open on this computer that new ones fail.",
            user_fr: "Tant de connexions sont ouvertes sur cet ordinateur que les nouvelles échouent.",
        },
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| {
        Box::pin(async {
            let (room, most_used) = observe(host, limits).await?;
            Ok(judge(&room, most_used.as_ref(), limits))
        })
    }),
};

/// The sockets of all, and only when they are many, those to one target.
async fn observe(host: &Host, limits: &Limits) -> Result<(PortRoom, Option<PortUse>), Unavailable> {
    let room = host.port_room()?;
    let share = share(room.n_tcp, room.n_ports);
    let is_much = share > limits.get("used_warning");
    let most_used = match is_much {
        true => port_use::ask(host).await?,
        false => None,
    };
    Ok((room, most_used))
}

fn share(n: u64, of: u64) -> f64 {
    n as f64 * 100.0 / of.max(1) as f64
}

fn judge(room: &PortRoom, most_used: Option<&PortUse>, limits: &Limits) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A port is taken for one target only: another one may have it too.
    if let Some(most) = most_used {
        let used = share(most.n_ports, room.n_ports);
        let status = limits.above("used", used);
        if status != Status::Ok {
            let used = percent("used_percent", used);
            let target = name("target", &most.target);
            findings.push(
                Finding::new(status, &most.target)
                    .says("used", vec![used.clone(), target])
                    .evidence(used),
            );
        }
    }
    let datagrams = share(room.n_udp, room.n_ports);
    let status = limits.above("used", datagrams);
    if status != Status::Ok {
        let used = percent("used_percent", datagrams);
        findings.push(Finding::new(status, "udp").says("used_datagrams", vec![used]));
    }
    if findings.is_empty() {
        let (sockets, ports) = (room.n_tcp + room.n_udp, room.n_ports);
        let arguments = vec![count("sockets", sockets), count("ports", ports)];
        findings.push(Finding::new(Status::Ok, "").says("room", arguments));
    }
    if let Some((followed, most)) = room.followed {
        let status = limits.above("followed", share(followed, most));
        let id = match status {
            Status::Ok => "followed",
            Status::Warning | Status::Critical | Status::Unknown => "followed_full",
        };
        let arguments = vec![count("followed", followed), count("most", most)];
        findings.push(Finding::new(status, "conntrack").says(id, arguments));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const ROOM: PortRoom = PortRoom {
        n_ports: 1000,
        n_tcp: 900,
        n_udp: 5,
        followed: None,
    };

    #[track_caller]
    fn check(room: PortRoom, to_one: Option<u64>, expected: &str) {
        let most_used = to_one.map(|n_ports| PortUse {
            target: "192.0.2.7:443".into(),
            n_ports,
        });
        let found = judge(&room, most_used.as_ref(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn ports_are_used_up_for_one_target_at_a_time() {
        let used = "of the ports for outgoing connections to 192.0.2.7:443 are in use";
        check(
            ROOM,
            Some(960),
            &format!("critical 192.0.2.7:443 / 96 % {used}"),
        );
        check(
            ROOM,
            Some(900),
            &format!("warning 192.0.2.7:443 / 90 % {used}"),
        );
        // As many to different targets are no trouble.
        check(
            ROOM,
            Some(300),
            "ok / 905 of 1000 ports for outgoing connections are in use",
        );
    }

    #[test]
    fn a_datagram_socket_has_a_port_for_itself() {
        check(
            PortRoom { n_udp: 960, ..ROOM },
            None,
            "critical udp / 96 % of the ports for outgoing datagrams are in use",
        );
    }

    #[test]
    fn a_firewall_that_can_follow_no_more_is_found() {
        let room = "ok / 905 of 1000 ports for outgoing connections are in use";
        let with = |followed| PortRoom {
            followed: Some((followed, 100)),
            ..ROOM
        };
        check(
            with(50),
            None,
            &format!("{room}\nok conntrack / The firewall follows 50 connections of at most 100"),
        );
        check(
            with(100),
            None,
            &format!(
                "{room}\ncritical conntrack / The firewall follows 100 connections of at most 100: what is new is \
                 dropped when it is full"
            ),
        );
    }
}

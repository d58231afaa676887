//! Asks each name server that this machine uses.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;

use crate::finding::{Finding, Status, Text, count, duration, name};
use crate::host::{Host, NameServer, Unavailable};

use super::{Check, Limit, Limits, Run};

/// One question is sent again once: a datagram may get lost on a healthy network.
const WAIT: Duration = Duration::from_millis(600);
const ATTEMPTS: u32 = 2;
const PORT: u16 = 53;
/// resolv.conf(5) lets programs use three; a stub's own are a few more.
const MOST_SERVERS: usize = 8;

pub(super) const CHECK: Check = Check {
    id: "net.dns",
    version: 1,
    title_en: "Name servers of this machine",
    title_fr: "Serveurs de noms de cette machine",
    every: Duration::from_secs(60),
    limits: &[
        Limit::seconds("answer_critical", 1.0),
        Limit::seconds("answer_warning", 0.4),
    ],
    remedies: &["net.dns-flush"],
    texts: &[
        Text {
            id: "answers",
            en: "Name server {server} answers within {after}",
            fr: "Le serveur de noms {server} répond en {after}",
            user_en: "Names on the network are found.",
            user_fr: "Les noms sur le réseau sont trouvés.",
        },
        Text {
            id: "slow",
            en: "Name server {server} takes {after} to answer",
            fr: "Le serveur de noms {server} met {after} à répondre",
            user_en: "Finding names on the network is slow.",
            user_fr: "La recherche de noms sur le réseau est lente.",
        },
        Text {
            id: "silent",
            en: "Name server {server} does not answer",
            fr: "Le serveur de noms {server} ne répond pas",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "no_server",
            en: "No name server runs at {server}",
            fr: "Aucun serveur de noms ne fonctionne à {server}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "unreachable",
            en: "Name server {server} cannot be reached: {why}",
            fr: "Le serveur de noms {server} est injoignable : {why}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "error",
            en: "Name server {server} answers every question with {code}",
            fr: "Le serveur de noms {server} répond à toute question par {code}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "none",
            en: "No name server is configured",
            fr: "Aucun serveur de noms n'est configuré",
            user_en: "The computer does not know whom to ask for names.",
            user_fr: "L'ordinateur ne sait pas à qui demander les noms.",
        },
        Text::technician(
            "others_answer",
            "{others} other name servers answer",
            "{others} autres serveurs de noms répondent",
        ),
        Text::technician(
            "nobody_answers",
            "No name server answers: the network is more likely at fault than the server",
            "Aucun serveur de noms ne répond : le réseau est plus probablement en cause que le serveur",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

/// What became of the question.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// An answer that proves a working server, be it that there is no such name.
    Answered {
        after: Duration,
    },
    /// RFC 1035 §4.1.1: 2 the server has failed, 5 it refuses.
    Failed {
        code: u8,
    },
    Silent,
    /// The machine there says that nobody listens.
    NoServer,
    /// There is no way there: the operating system's words.
    Unreachable {
        why: String,
    },
}

/// Every server is asked itself, all at once, for a name of this machine's own configuration.
async fn observe(host: &Host) -> Result<Vec<(NameServer, Answer)>, Unavailable> {
    let mut servers = match host.name_servers() {
        // Programs then ask this machine itself (resolv.conf(5)), but nobody has configured that.
        Err(Unavailable::Absent { .. }) => Vec::new(),
        other => other?,
    };
    servers.truncate(MOST_SERVERS);
    let root = question(None);
    let of_domain = question(servers.first());
    let answers = servers.into_iter().map(async |server| {
        let to = match server.address {
            IpAddr::V6(address) => SocketAddrV6::new(address, PORT, 0, server.scope_id).into(),
            IpAddr::V4(_) => SocketAddr::new(server.address, PORT),
        };
        let answer = ask_twice(to, &of_domain, &root).await;
        (server, answer)
    });
    Ok(futures::future::join_all(answers).await)
}

/// The machine's search domain; without one, the name servers of the root, which every server knows.
fn question(server: Option<&NameServer>) -> Vec<u8> {
    const SOA: u16 = 6;
    const NS: u16 = 2;
    let domain = server
        .and_then(|server| server.search.first())
        .map(|domain| domain.trim_matches('.'))
        .filter(|domain| {
            domain
                .split('.')
                .all(|label| (1..=63).contains(&label.len()))
        });
    // Header (RFC 1035 §4.1.1): identifier, recursion desired, one question.
    let mut packet = vec![0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in domain.into_iter().flat_map(|domain| domain.split('.')) {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.push(0);
    packet.extend(domain.map_or(NS, |_| SOA).to_be_bytes());
    packet.extend(1_u16.to_be_bytes());
    packet
}

/// A domain may be broken, or known elsewhere only, and the server all right: then it knows the root.
async fn ask_twice(server: SocketAddr, of_domain: &[u8], root: &[u8]) -> Answer {
    let answer = ask(server, of_domain).await;
    if matches!(answer, Answer::Failed { .. }) && of_domain != root {
        return ask(server, root).await;
    }
    answer
}

async fn ask(server: SocketAddr, question: &[u8]) -> Answer {
    let refused = |error: std::io::Error| {
        if error.kind() == ErrorKind::ConnectionRefused {
            return Answer::NoServer;
        }
        Answer::Unreachable {
            why: crate::text::reason(&error),
        }
    };
    let local: SocketAddr = match server {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => ([0_u16; 8], 0).into(),
    };
    let socket = match UdpSocket::bind(local).await {
        Ok(socket) => socket,
        Err(error) => return refused(error),
    };
    // A connected socket takes datagrams of its peer only, and hears when nobody listens.
    if let Err(error) = socket.connect(server).await {
        return refused(error);
    }
    let mut packet = question.to_vec();
    // The kernel draws the port at random; a stranger would have to guess both.
    let id = socket.local_addr().map_or(0, |local| !local.port());
    packet[..2].copy_from_slice(&id.to_be_bytes());
    let started = Instant::now();
    for _ in 0..ATTEMPTS {
        if let Err(error) = socket.send(&packet).await {
            return refused(error);
        }
        match tokio::time::timeout(WAIT, answer_code(&socket, id)).await {
            Ok(Ok(code @ (2 | 5))) => return Answer::Failed { code },
            Ok(Ok(_)) => {
                return Answer::Answered {
                    after: started.elapsed(),
                };
            }
            Ok(Err(error)) => return refused(error),
            Err(_) => {}
        }
    }
    Answer::Silent
}

/// The response code of the answer to question `id`.
async fn answer_code(socket: &UdpSocket, id: u16) -> std::io::Result<u8> {
    let mut packet = [0; 512];
    loop {
        let n = socket.recv(&mut packet).await?;
        let is_answer = n >= 12 && packet[..2] == id.to_be_bytes() && packet[2] & 0x80 != 0;
        if is_answer {
            return Ok(packet[3] & 0x0f);
        }
    }
}

fn judge(answers: &[(NameServer, Answer)], limits: &Limits) -> Vec<Finding> {
    if answers.is_empty() {
        return vec![Finding::new(Status::Critical, "").says("none", vec![])];
    }
    let works = |answer: &Answer| matches!(answer, Answer::Answered { .. });
    let n_working = answers.iter().filter(|(_, answer)| works(answer)).count();
    answers
        .iter()
        .map(|(server, answer)| one(server, answer, n_working, limits))
        .collect()
}

fn one(server: &NameServer, answer: &Answer, n_working: usize, limits: &Limits) -> Finding {
    let subject = server.address.to_string();
    let of = name("server", &subject);
    let finding = |status| Finding::new(status, &subject).evidence(name("source", server.source));
    // With another that works, programs wait but find their names.
    let broken = match n_working {
        0 => Status::Critical,
        _ => Status::Warning,
    };
    let finding = match answer {
        Answer::Answered { after } => {
            let status = limits.above("answer", after.as_secs_f64());
            let id = match status {
                Status::Ok => "answers",
                Status::Warning | Status::Critical | Status::Unknown => "slow",
            };
            let after = duration("after", after.as_micros() as i64);
            return finding(status)
                .evidence(after.clone())
                .says(id, vec![of, after]);
        }
        Answer::Failed { code } => {
            let code = match code {
                2 => "SERVFAIL",
                _ => "REFUSED",
            };
            finding(broken).says("error", vec![of, name("code", code)])
        }
        Answer::Silent => finding(broken).says("silent", vec![of]),
        Answer::NoServer => finding(broken).says("no_server", vec![of]),
        Answer::Unreachable { why } => {
            finding(broken).says("unreachable", vec![of, name("why", why)])
        }
    };
    // What this machine caches is forgotten by an action; a server elsewhere is not cured from here.
    let finding = match server.address.is_loopback() {
        true => finding,
        false => finding.without_remedies(),
    };
    match (answer, n_working) {
        (_, 1..) => finding.because("others_answer", vec![count("others", n_working as u64)]),
        (Answer::Silent | Answer::Unreachable { .. }, 0) => {
            finding.because("nobody_answers", vec![])
        }
        (Answer::NoServer | Answer::Failed { .. } | Answer::Answered { .. }, 0) => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    fn server(address: &str) -> NameServer {
        NameServer {
            address: address.parse().unwrap(),
            scope_id: 0,
            position: 1,
            source: "/etc/resolv.conf",
            search: vec!["lan.example".into()],
        }
    }

    #[track_caller]
    fn check(answers: &[(&str, Answer)], expected: &str) {
        let answers = answers
            .iter()
            .map(|(address, answer)| (server(address), answer.clone()))
            .collect::<Vec<_>>();
        assert_eq!(show(&CHECK, &judge(&answers, &limits(&CHECK))), expected);
    }

    fn answered(ms: u64) -> Answer {
        Answer::Answered {
            after: Duration::from_millis(ms),
        }
    }

    #[test]
    fn one_dead_server_of_two_is_a_warning() {
        check(
            &[("192.0.2.1", answered(3)), ("192.0.2.2", Answer::Silent)],
            "ok 192.0.2.1 / Name server 192.0.2.1 answers within 3 ms\n\
             warning 192.0.2.2 / Name server 192.0.2.2 does not answer / because 1 other name servers answer",
        );
        check(
            &[("192.0.2.1", Answer::Failed { code: 2 })],
            "critical 192.0.2.1 / Name server 192.0.2.1 answers every question with SERVFAIL",
        );
        check(
            &[
                ("192.0.2.1", Answer::Silent),
                ("192.0.2.2", Answer::NoServer),
            ],
            "critical 192.0.2.1 / Name server 192.0.2.1 does not answer / because No name server answers: \
             the network is more likely at fault than the server\n\
             critical 192.0.2.2 / No name server runs at 192.0.2.2",
        );
        check(
            &[("192.0.2.1", answered(700))],
            "warning 192.0.2.1 / Name server 192.0.2.1 takes 700 ms to answer",
        );
        check(&[], "critical / No name server is configured");
    }

    #[test]
    fn the_question_is_of_the_machines_own_configuration() {
        let packet = question(Some(&server("192.0.2.1")));
        assert_eq!(&packet[12..], b"\x03lan\x07example\0\0\x06\0\x01");
        assert_eq!(&question(None)[12..], b"\0\0\x02\0\x01");
        let mut odd = server("192.0.2.1");
        odd.search = vec!["a..b".into()];
        assert_eq!(&question(Some(&odd))[12..], b"\0\0\x02\0\x01");
    }

    /// A server that answers every question with `code`, but one of the root as it should where it `knows_root`.
    async fn serve(code: u8, knows_root: bool) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut packet = [0; 512];
            while let Ok((n, from)) = socket.recv_from(&mut packet).await {
                // One that answers another question comes first.
                let mut other = packet;
                other[0] ^= 0xff;
                other[2] |= 0x80;
                socket.send_to(&other[..n], from).await.unwrap();
                packet[2] |= 0x80;
                let is_root = packet[12] == 0;
                packet[3] = if is_root && knows_root { 0 } else { code };
                socket.send_to(&packet[..n], from).await.unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_an_answer_and_a_failure_is_none() {
        let question = question(None);
        let at = serve(3, false).await;
        let answer = ask(at, &question).await;
        assert!(matches!(answer, Answer::Answered { .. }), "{answer:?}");
        let at = serve(2, false).await;
        let answer = ask(at, &question).await;
        assert_eq!(answer, Answer::Failed { code: 2 });
    }

    #[tokio::test]
    async fn a_broken_search_domain_is_no_broken_server() {
        let domain = question(Some(&server("192.0.2.1")));
        let at = serve(2, true).await;
        let answer = ask_twice(at, &domain, &question(None)).await;
        assert!(matches!(answer, Answer::Answered { .. }), "{answer:?}");
        let at = serve(2, false).await;
        let answer = ask_twice(at, &domain, &question(None)).await;
        assert_eq!(answer, Answer::Failed { code: 2 });
    }

    #[tokio::test]
    async fn where_nobody_listens_the_refusal_is_heard() {
        let unused = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let at = unused.local_addr().unwrap();
        drop(unused);
        let answer = ask(at, &question(None)).await;
        assert_eq!(answer, Answer::NoServer);
    }
}

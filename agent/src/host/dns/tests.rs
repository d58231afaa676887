use std::pin::pin;

use futures::future::{Either, select};

use super::*;

fn server(search: &[&str]) -> NameServer {
    NameServer {
        address: [192, 0, 2, 1].into(),
        scope_id: 0,
        position: 1,
        source: "/etc/resolv.conf",
        search: search.iter().map(|of| (*of).to_owned()).collect(),
    }
}

#[test]
fn questions_are_of_the_machines_own_configuration() {
    let shown = |first: &NameServer, collector: Option<&str>| {
        let questions = questions(Some(first), collector.map(str::to_owned));
        let shown = questions.into_iter().map(|question| {
            let name = match question.name.strip_suffix(".invalid") {
                Some(_) => "?.invalid",
                None => &question.name,
            };
            format!("{name} {:?}", question.record)
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        shown(&server(&["lan.example"]), Some("sonde.example")),
        "lan.example Soa,  Ns, ?.invalid A, ?.invalid Aaaa, sonde.example A, sonde.example Aaaa"
    );
    // An address needs no name server; an odd domain is none.
    assert_eq!(
        shown(&server(&["a..b"]), Some("192.0.2.9")),
        " Ns,  Ns, ?.invalid A, ?.invalid Aaaa"
    );
}

#[test]
fn a_packet_is_as_the_standard_says() {
    let question = |name: &str, record| Question {
        name: name.to_owned(),
        record,
    };
    let of_domain = packet(7, &question("lan.example", Record::Soa));
    assert_eq!(&of_domain[..6], [0, 7, 1, 0, 0, 1]);
    assert_eq!(&of_domain[12..], b"\x03lan\x07example\0\0\x06\0\x01");
    assert_eq!(
        &packet(7, &question("", Record::Ns))[12..],
        b"\0\0\x02\0\x01"
    );
}

/// An answer to `question` with these addresses.
fn answer_to(question: &[u8], code: u8, addresses: &[IpAddr]) -> Vec<u8> {
    let mut packet = question.to_vec();
    packet[2] |= 0x80;
    packet[3] = code;
    packet[7] = addresses.len() as u8;
    for address in addresses {
        let (record, octets) = match address {
            IpAddr::V4(address) => (Record::A, address.octets().to_vec()),
            IpAddr::V6(address) => (Record::Aaaa, address.octets().to_vec()),
        };
        packet.extend([0xc0, 12]);
        packet.extend((record as u16).to_be_bytes());
        packet.extend([0, 1, 0, 0, 0, 60, 0, octets.len() as u8]);
        packet.extend(octets);
    }
    packet
}

#[test]
fn addresses_are_read_and_what_is_cut_off_is_missing() {
    let question = packet(
        9,
        &Question {
            name: "a.example".into(),
            record: Record::A,
        },
    );
    let addresses: [IpAddr; 2] = [[192, 0, 2, 7].into(), "2001:db8::7".parse().unwrap()];
    let whole = answer_to(&question, 0, &addresses);
    assert_eq!(answer(&whole), Some((9, 0, BTreeSet::from(addresses))));
    let cut = &whole[..whole.len() - 4];
    assert_eq!(answer(cut), Some((9, 0, BTreeSet::from([addresses[0]]))));
    assert_eq!(answer(&question), None);
    assert_eq!(answer(&whole[..8]).map(|(_, _, addresses)| addresses), None);
}

/// A server that answers by the record that is asked for: a code, or not at all.
async fn serve(code: impl Fn(u8) -> Option<u8> + Send + 'static) -> SocketAddr {
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
            if let Some(code) = code(packet[n - 3]) {
                let answer = answer_to(&packet[..n], code, &[]);
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    address
}

#[tokio::test]
async fn each_question_has_its_own_reply() {
    let at = serve(|record| match record {
        1 => Some(3),
        2 => Some(2),
        _ => None,
    })
    .await;
    let asked = [Record::Aaaa, Record::Ns, Record::A].map(|record| Question {
        name: "x.example".into(),
        record,
    });
    let replies = ask(at, &asked).await;
    assert_eq!(replies[0], Reply::Failed(Reached::Silent));
    assert!(matches!(replies[1], Reply::Answered { code: 2, .. }));
    assert_eq!(replies[1].worked(), None);
    assert!(replies[2].worked().is_some(), "{replies:?}");
}

#[tokio::test]
async fn where_nobody_listens_the_refusal_is_heard() {
    let unused = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = unused.local_addr().unwrap();
    drop(unused);
    let asked = of_both_families("x.example".into());
    let replies = ask(at, &asked).await;
    assert_eq!(replies, vec![Reply::Failed(Reached::Refused); 2]);
}

#[test]
fn a_server_that_knows_the_root_or_the_domain_works() {
    let reply = |code| Reply::Answered {
        code,
        addresses: BTreeSet::new(),
        after: Duration::from_millis(1),
    };
    let of = |own, root| {
        let replies = vec![own, root, reply(5), reply(5)];
        told(server(&[]), false, replies).works()
    };
    assert!(of(reply(2), reply(0)));
    assert!(of(reply(3), reply(5)));
    assert!(!of(reply(2), reply(5)));
    assert!(!of(reply(2), Reply::Failed(Reached::Silent)));
    let invents = vec![reply(5), reply(5), reply(0), reply(0)];
    assert!(told(server(&[]), false, invents).works());
}

/// Answers each question by its record: with a code and addresses, or not at all.
async fn knowing(of: impl Fn(u8) -> Option<(u8, Vec<IpAddr>)> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut packet = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut packet).await {
            if let Some((code, addresses)) = of(packet[n - 3]) {
                let answer = answer_to(&packet[..n], code, &addresses);
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    address
}

#[tokio::test]
async fn a_silent_server_keeps_no_name_from_being_found() {
    let (v4, v6): (IpAddr, IpAddr) = ("192.0.2.7".parse().unwrap(), "2001:db8::7".parse().unwrap());
    let silent = knowing(|_| None).await;
    let knows = knowing(move |record| Some((0, vec![if record == 1 { v4 } else { v6 }]))).await;
    let only_v4 = knowing(move |record| (record == 1).then(|| (0, vec![v4]))).await;
    let knows_not = knowing(|_| Some((3, Vec::new()))).await;
    let asked = of_both_families("x.example".into());
    // Before one is given up that is silent.
    let found = async |servers: &[SocketAddr]| {
        let found = pin!(race::addresses(servers, &asked));
        let alone = [silent];
        let given_up = pin!(race::addresses(&alone, &asked));
        match select(given_up, found).await {
            Either::Right((found, _)) => found.map(|found| found.into_iter().collect::<Vec<_>>()),
            Either::Left(_) => panic!("it waits for the silent one"),
        }
    };
    assert_eq!(found(&[silent, knows]).await, Some(vec![v4, v6]));
    assert_eq!(found(&[only_v4]).await, Some(vec![v4]));
    assert_eq!(found(&[knows_not, knows]).await, Some(vec![v4, v6]));
    assert_eq!(found(&[silent, knows_not]).await, Some(vec![]));
    assert_eq!(race::addresses(&[silent], &asked).await, None);
}

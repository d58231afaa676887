//! Over real sockets of this machine.

use std::net::IpAddr;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A postman whose names lead to these addresses, one after the other at each look.
fn postman(allowed: &str, answers: &[&str]) -> (Postman, Arc<Mutex<Vec<String>>>) {
    let reach = Reach {
        allowed: allowed
            .split(' ')
            .filter(|one| !one.is_empty())
            .map(|one| one.parse().unwrap())
            .collect(),
    };
    let answers: Vec<IpAddr> = answers.iter().map(|one| one.parse().unwrap()).collect();
    let looked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&looked);
    let mut postman = Postman::new(reach, None).unwrap();
    postman.look = Arc::new(move |host, port| {
        let mut seen = seen.lock().unwrap();
        let address = answers[seen.len().min(answers.len() - 1)];
        seen.push(host);
        Box::pin(async move { Ok(vec![SocketAddr::new(address, port)]) })
    });
    (postman, looked)
}

/// A receiver on all loopback addresses that answers each connection with this; gives what came to which address.
async fn receiver(answer: &'static str) -> (u16, Arc<Mutex<Vec<(IpAddr, String)>>>) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = Vec::new();
            let mut part = [0; 4_096];
            while !text.ends_with(b"{}") {
                let n = stream.read(&mut part).await.unwrap();
                if n == 0 {
                    break;
                }
                text.extend(&part[..n]);
            }
            let address = stream.local_addr().unwrap().ip();
            seen.lock()
                .unwrap()
                .push((address, String::from_utf8(text).unwrap()));
            // Who has read enough may be gone.
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    (port, came)
}

fn target(port: u16) -> Target {
    Target::of(&format!("http://hook.example:{port}/in?x=1"), true).unwrap()
}

async fn post(postman: &Postman, port: u16) -> Answer {
    let fields = [("webhook-id", "msg_1".to_owned())];
    postman
        .post(
            &target(port),
            "application/json",
            &fields,
            Bytes::from_static(b"{}"),
        )
        .await
}

fn status(status: u16) -> Answer {
    Answer::Status {
        status,
        retry_after: None,
    }
}

#[tokio::test]
async fn a_message_arrives_with_its_fields() {
    let (port, came) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let (postman, _) = postman("127.0.0.2", &["127.0.0.2"]);
    assert_eq!(post(&postman, port).await, Answer::Taken { status: 204 });
    let came = came.lock().unwrap();
    let text = &came[0].1;
    assert!(text.starts_with("POST /in?x=1 HTTP/1.1\r\n"), "{text}");
    assert!(
        text.contains(&format!("host: hook.example:{port}\r\n")),
        "{text}"
    );
    assert!(text.contains("webhook-id: msg_1\r\n"), "{text}");
}

#[tokio::test]
async fn a_name_that_changes_its_answer_leads_nowhere_else() {
    let (port, came) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    // At the first look a good address, then this machine's own.
    let (postman, looked) = postman("127.0.0.2", &["127.0.0.2", "127.0.0.1"]);
    assert_eq!(post(&postman, port).await, Answer::Taken { status: 204 });
    assert_eq!(
        looked.lock().unwrap().len(),
        1,
        "it was looked up between judging and dialling"
    );
    let refused = "127.0.0.1 is not a public address, and webhook_allow does not name it";
    assert_eq!(post(&postman, port).await, Answer::None(refused.into()));
    let came: Vec<IpAddr> = came
        .lock()
        .unwrap()
        .iter()
        .map(|(address, _)| *address)
        .collect();
    assert_eq!(came, ["127.0.0.2".parse::<IpAddr>().unwrap()]);
}

#[tokio::test]
async fn what_is_written_as_a_number_or_inside_ipv6_is_judged_too() {
    let (port, came) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let real = Postman::new(Reach::default(), None).unwrap();
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let target = Target::of(&format!("http://{host}:{port}/"), true).unwrap();
        let answer = real
            .post(&target, "application/json", &[], Bytes::from_static(b"{}"))
            .await;
        assert!(matches!(answer, Answer::None(_)), "{host}: {answer:?}");
    }
    assert_eq!(came.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (inner, came) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    let answer =
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.2:{inner}/\r\n\r\n");
    let (outer, _) = receiver(answer.leak()).await;
    let (postman, _) = postman("127.0.0.2", &["127.0.0.2"]);
    assert_eq!(post(&postman, outer).await, status(307));
    assert_eq!(came.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let (postman, _) = postman("127.0.0.2", &["127.0.0.2"]);
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(1 << 20)).leak();
    let (port, _) = receiver(endless).await;
    let answer = post(&postman, port).await;
    assert!(matches!(answer, Answer::None(_)), "{answer:?}");
    // What stands behind the head is not read.
    let (port, _) =
        receiver("HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 999999999\r\n\r\n").await;
    let busy = Answer::Status {
        status: 503,
        retry_after: Some(Duration::from_secs(7)),
    };
    assert_eq!(post(&postman, port).await, busy);
    let (port, _) = receiver("nonsense").await;
    assert!(matches!(post(&postman, port).await, Answer::None(_)));
}

/// A receiver with TLS that has a certificate of an authority of its own for a name; gives its port and the authority in PEM.
async fn private_receiver(name: &str) -> (u16, String) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let mut own = CertificateParams::new(vec![]).unwrap();
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority = own.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(own, authority_key);
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let private = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let settings = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(settings));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut text = Vec::new();
            let mut part = [0; 4_096];
            while !text.ends_with(b"{}") {
                match stream.read(&mut part).await {
                    Ok(n @ 1..) => text.extend(&part[..n]),
                    Ok(0) | Err(_) => break,
                }
            }
            let answer = b"HTTP/1.1 202 Accepted\r\n\r\n";
            stream.write_all(answer).await.ok();
            stream.shutdown().await.ok();
        }
    });
    (port, authority.pem())
}

#[tokio::test]
async fn whoever_is_told_over_tls_shows_a_certificate_that_is_trusted_and_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let tell = async |name: &str, is_trusted: bool| {
        let (port, pem) = private_receiver(name).await;
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, pem).unwrap();
        let reach = Reach {
            allowed: vec!["127.0.0.1".parse().unwrap()],
        };
        let mut postman = Postman::new(reach, is_trusted.then_some(&*file)).unwrap();
        postman.look = Arc::new(|_, port| {
            Box::pin(async move { Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]) })
        });
        let target = Target::of(&format!("https://hook.example:{port}/in"), false).unwrap();
        let body = Bytes::from_static(b"{}");
        postman.post(&target, "application/json", &[], body).await
    };
    assert_eq!(
        tell("hook.example", true).await,
        Answer::Taken { status: 202 }
    );
    for (name, is_trusted, why) in [
        ("hook.example", false, "UnknownIssuer"),
        ("other.example", true, "not valid for name"),
    ] {
        let answer = tell(name, is_trusted).await;
        let Answer::None(said) = answer else {
            panic!("{name}: {answer:?}");
        };
        assert!(said.starts_with("TLS: ") && said.contains(why), "{said}");
    }
    let no_authority = folder.path().join("nothing.pem");
    std::fs::write(&no_authority, "hello").unwrap();
    let reach = Reach { allowed: vec![] };
    let refused = Postman::new(reach, Some(&no_authority)).err().unwrap();
    assert!(
        refused.ends_with("it has no certificate in PEM"),
        "{refused}"
    );
}

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;
use crate::host::recorded::Tree;

/// A server on loopback that does `serve` with its first caller; gives its port.
async fn server<F: Future<Output = ()> + Send + 'static>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream).await;
    });
    (port, served)
}

/// Reads a question to its end, and answers.
async fn answer(stream: &mut TcpStream, said: &str) -> String {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(said.as_bytes()).await.unwrap();
    String::from_utf8(asked).unwrap()
}

fn tree() -> Tree {
    Tree::new(&[("/etc/hosts", "127.0.0.1 intranet.example\n")])
}

async fn visit(tree: &Tree, target: &str) -> Visit {
    let target = Target::parse(target).unwrap();
    tree.host().visit(&[target]).await.remove(0)
}

async fn came_to(tree: &Tree, target: &str) -> Result<Option<u16>, Gone> {
    let visit = visit(tree, target).await;
    visit.came_to.map(|answer| answer.map(|one| one.status))
}

#[tokio::test]
async fn a_connection_is_all_that_is_wanted_of_tcp() {
    let (port, served) = server(|_| async {}).await;
    let visit = visit(&tree(), &format!("tcp://intranet.example:{port}")).await;
    assert_eq!(visit.came_to, Ok(None));
    assert_eq!(visit.address, Some("127.0.0.1".parse().unwrap()));
    served.await.unwrap();
    let refused = came_to(&tree(), &format!("tcp://127.0.0.1:{port}")).await;
    assert_eq!(refused, Err(Gone::NotReached(Reached::Refused)));
}

#[tokio::test]
async fn a_name_that_nobody_can_be_asked_for_is_unresolved() {
    let gone = came_to(&tree(), "tcp://other.example:1").await;
    assert_eq!(gone, Err(Gone::Unresolved));
}

#[tokio::test]
async fn an_answer_of_http_is_read_and_not_followed() {
    let (port, served) = server(|mut stream| async move {
        let asked = answer(
            &mut stream,
            "HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n",
        )
        .await;
        let agent = concat!("User-Agent: sonde-agent/", env!("CARGO_PKG_VERSION"));
        assert!(asked.starts_with("GET /a?b HTTP/1.1\r\nHost: intranet.example:"));
        assert!(asked.contains(agent), "{asked}");
    })
    .await;
    let visit = visit(&tree(), &format!("http://intranet.example:{port}/a?b")).await;
    let expected = Answer {
        status: 302,
        location: Some("http://x/".into()),
    };
    assert_eq!(visit.came_to, Ok(Some(expected)));
    served.await.unwrap();
}

#[tokio::test]
async fn who_speaks_something_else_or_nothing_is_told() {
    let said = async |target: &str, words: &'static [u8]| {
        let (port, served) = server(move |mut stream| async move {
            let mut asked = [0; 16];
            stream.read_exact(&mut asked).await.unwrap();
            stream.write_all(words).await.unwrap();
        })
        .await;
        let gone = came_to(&trusting(&[]), &format!("{target}://127.0.0.1:{port}")).await;
        served.await.unwrap();
        gone
    };
    assert_eq!(said("http", b"SSH-2.0-x\r\n\r\n").await, Err(Gone::NoHttp));
    assert_eq!(said("http", b"").await, Err(Gone::HungUp(Stage::Http)));
    assert_eq!(said("https", b"").await, Err(Gone::HungUp(Stage::Tls)));
    let no_tls = said("https", b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(no_tls, Err(Gone::NoTls));
}

#[tokio::test]
async fn who_takes_too_long_is_late() {
    let (port, served) = server(|mut stream| async move {
        let mut asked = Vec::new();
        // To the end of the connection.
        stream.read_to_end(&mut asked).await.ok();
    })
    .await;
    let gone = came_to(&tree(), &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(gone, Err(Gone::Late(Stage::Http)));
    served.await.unwrap();
}

/// A machine that trusts these and whose proxy, if any, is set.
fn trusting(authorities: &[&str]) -> Tree {
    let tree = tree();
    // Somebody has to be trusted, or nobody can be judged.
    let other = crate::host::x509::tests::certificate();
    let bundle = format!("{other}{}", authorities.concat());
    tree.write("/etc/ssl/certs/ca-certificates.crt", &bundle);
    tree
}

#[tokio::test]
async fn a_machine_that_trusts_nobody_cannot_tell() {
    let (port, _served) = server(|_| async {}).await;
    let gone = came_to(&tree(), &format!("tls://127.0.0.1:{port}")).await;
    assert!(
        matches!(gone, Err(Gone::Untold(Unavailable::Absent { .. }))),
        "{gone:?}"
    );
}

#[tokio::test]
async fn a_proxy_is_asked_where_the_environment_names_it_and_does_not_except_the_host() {
    let (port, served) = server(|mut stream| async move {
        let asked = answer(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
        assert!(asked.starts_with("GET http://a.example/x HTTP/1.1\r\nHost: a.example\r\n"));
    })
    .await;
    let tree = trusting(&[]);
    let set = |port: u16| {
        let text = format!(
            "http_proxy=http://intranet.example:{port}\nNO_PROXY=127.0.0.1,.local.example\n"
        );
        tree.write(
            "/etc/environment",
            &format!("{text}https_proxy=127.0.0.1:{port}\n"),
        );
    };
    set(port);
    let seen = visit(&tree, "http://a.example/x").await;
    assert_eq!(
        seen.came_to.map(|answer| answer.map(|one| one.status)),
        Ok(Some(204))
    );
    assert_eq!(seen.proxy, Some(format!("intranet.example:{port}")));
    served.await.unwrap();

    let (port, served) = server(|mut stream| async move {
        let asked = answer(&mut stream, "HTTP/1.1 403 Forbidden\r\n\r\n").await;
        assert!(asked.starts_with("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"));
    })
    .await;
    set(port);
    let barred = came_to(&tree, "https://a.example/x").await;
    assert_eq!(barred, Err(Gone::Barred { status: 403 }));
    served.await.unwrap();

    let (own, served) = server(|mut stream| async move {
        let asked = answer(&mut stream, "HTTP/1.1 200 OK\r\n\r\n").await;
        assert!(asked.starts_with("GET / HTTP/1.1"), "{asked}");
    })
    .await;
    let excepted = visit(&tree, &format!("http://127.0.0.1:{own}/")).await;
    assert_eq!(excepted.proxy, None);
    served.await.unwrap();
}

mod shown {
    //! Certificates that are shown.

    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
    use tokio_rustls::rustls::version::{TLS12, TLS13};
    use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

    use super::*;

    const NAME: &str = "intranet.example";

    fn params(name: &str, years: [i32; 2]) -> CertificateParams {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(years[0], 1, 1);
        params.not_after = rcgen::date_time_ymd(years[1], 1, 1);
        params
    }

    struct Shown {
        chain: Vec<CertificateDer<'static>>,
        key: KeyPair,
        /// Its issuer's, as a bundle has it.
        authority: String,
    }

    /// Issued by an authority of its own.
    fn issued(name: &str, years: [i32; 2]) -> Shown {
        let mut of_authority = params("Office CA", [2020, 2090]);
        of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let authority = of_authority.self_signed(&authority_key).unwrap().pem();
        let issuer = Issuer::new(of_authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let leaf = params(name, years).signed_by(&key, &issuer).unwrap();
        Shown {
            chain: vec![leaf.der().clone()],
            key,
            authority,
        }
    }

    /// Issued by the server to itself, as an authority.
    fn self_issued(name: &str) -> Shown {
        let mut params = params(name, [2020, 2090]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let leaf = params.self_signed(&key).unwrap();
        Shown {
            chain: vec![leaf.der().clone()],
            key,
            authority: leaf.pem(),
        }
    }

    async fn seen(shown: &Shown, tree: &Tree, version: &'static SupportedProtocolVersion) -> Visit {
        let provider = Arc::new(ring::default_provider());
        let key = PrivatePkcs8KeyDer::from(shown.key.serialize_der());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(shown.chain.clone(), key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (port, served) = server(move |stream| async move {
            // Who is not trusted is hung up on.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut asked = [0; 16];
                stream.read_exact(&mut asked).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                stream.shutdown().await.unwrap();
            }
        })
        .await;
        let visit = visit(tree, &format!("https://{NAME}:{port}/")).await;
        served.await.unwrap();
        visit
    }

    #[track_caller]
    fn distrust(visit: Visit) -> Distrust {
        match visit.came_to {
            Err(Gone::Distrusted(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_certificate_of_whom_the_machine_trusts_is_taken_by_either_tls() {
        let shown = issued(NAME, [2020, 2090]);
        for version in [&TLS12, &TLS13] {
            let visit = seen(&shown, &trusting(&[&shown.authority]), version).await;
            assert!(visit.came_to.is_ok(), "{visit:?}");
            let certificate = visit.certificate.unwrap();
            assert_eq!(
                (certificate.subject.as_str(), certificate.issuer.as_str()),
                (NAME, "Office CA")
            );
        }
    }

    #[tokio::test]
    async fn one_of_nobody_whom_the_machine_trusts_is_not() {
        let shown = issued(NAME, [2020, 2090]);
        let visit = seen(&shown, &trusting(&[]), &TLS13).await;
        assert_eq!(visit.certificate.as_ref().unwrap().issuer, "Office CA");
        assert_eq!(distrust(visit), Distrust::UnknownAuthority);
    }

    #[tokio::test]
    async fn one_that_a_server_has_issued_to_itself_is_trusted_where_the_machine_names_it() {
        let own = self_issued(NAME);
        let visit = seen(&own, &trusting(&[]), &TLS13).await;
        assert_eq!(distrust(visit), Distrust::UnknownAuthority);
        let visit = seen(&own, &trusting(&[&own.authority]), &TLS13).await;
        assert!(visit.came_to.is_ok(), "{visit:?}");
        let other = self_issued("other.example");
        let visit = seen(&other, &trusting(&[&other.authority]), &TLS13).await;
        let names = vec!["other.example".to_owned()];
        assert_eq!(distrust(visit), Distrust::OtherName { names });
    }

    #[tokio::test]
    async fn one_for_another_name_says_for_which() {
        let shown = issued("other.example", [2020, 2090]);
        let visit = seen(&shown, &trusting(&[&shown.authority]), &TLS13).await;
        let names = vec!["other.example".to_owned()];
        assert_eq!(distrust(visit), Distrust::OtherName { names });
    }

    #[tokio::test]
    async fn one_that_is_too_old_or_too_young_says_whether_more_is_wrong_with_it() {
        // 2021-01-01 and 2090-01-01.
        let (ended, begins) = (1_609_459_200_000_000, 3_786_912_000_000_000);
        let other = issued("other.example", [2020, 2021]);
        let visit = seen(&other, &trusting(&[&other.authority]), &TLS13).await;
        let expired = |is_else_right| Distrust::Expired {
            at_us: ended,
            is_else_right,
        };
        assert_eq!(distrust(visit), expired(false));
        let old = issued(NAME, [2020, 2021]);
        let visit = seen(&old, &trusting(&[&old.authority]), &TLS13).await;
        assert_eq!(distrust(visit), expired(true));
        let young = issued(NAME, [2090, 2091]);
        let visit = seen(&young, &trusting(&[&young.authority]), &TLS13).await;
        let early = distrust(visit);
        // The authority has ended by then.
        assert!(
            matches!(early, Distrust::Early { at_us, .. } if at_us == begins),
            "{early:?}"
        );
    }
}

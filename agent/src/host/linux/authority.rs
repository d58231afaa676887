//! Authorities whose certificates this machine's programs believe: the bundle that its distribution puts together.

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use crate::host::{Host, Term, Unavailable};

/// Where distributions have it, as Go's crypto/x509 knows them (root_linux.go); the first that is there counts.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const BUNDLE_BYTES: u64 = 4 << 20;
/// Authorities of one bundle.
const MOST: usize = 2000;

pub(in crate::host) fn authorities(
    host: &Host,
) -> Result<Vec<CertificateDer<'static>>, Unavailable> {
    let is_there = |path: &&&str| host.path(path).exists();
    let path = BUNDLES.iter().find(is_there);
    let path = path.ok_or_else(|| Unavailable::absent(Term::Authorities))?;
    let at = host.path(path);
    let length = std::fs::metadata(&at).map_err(|error| Unavailable::io(*path, &error))?;
    if length.len() > BUNDLE_BYTES {
        return Err(Unavailable::broken(*path, Term::TooLarge));
    }
    let bytes = std::fs::read(&at).map_err(|error| Unavailable::io(*path, &error))?;
    let all = CertificateDer::pem_slice_iter(&bytes).take(MOST);
    Ok(all.filter_map(Result::ok).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;
    use crate::host::x509::tests::certificate;

    #[test]
    fn the_first_bundle_that_is_there_counts() {
        let tree = Tree::new(&[("/etc/ssl/cert.pem", "nonsense")]);
        assert_eq!(authorities(&tree.host()), Ok(Vec::new()));
        let two = format!("# a comment\n{}{}", certificate(), certificate());
        tree.write("/etc/pki/tls/certs/ca-bundle.crt", &two);
        assert_eq!(authorities(&tree.host()).map(|all| all.len()), Ok(2));
        let none = Tree::new(&[]);
        assert!(matches!(
            authorities(&none.host()),
            Err(Unavailable::Absent { .. })
        ));
    }
}

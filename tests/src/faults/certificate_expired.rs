//! A web server whose certificate has run out.

use anyhow::Result;

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "certificate-expired",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", "/etc/nginx/sites-enabled"])?;
        let site = format!(
            "server {{\n listen 443 ssl;\n ssl_certificate {CERTIFICATE};\n ssl_certificate_key /etc/nginx/x.key;\n}}\n"
        );
        std::fs::write(guest.path("/etc/nginx/sites-enabled/intranet"), site)?;
        issue(&guest, 2050)?;
        WRONG.at(guest)
    },
};

const CERTIFICATE: &str = "/etc/nginx/intranet.pem";

/// Puts one there that holds until this year.
fn issue(guest: &Guest, until: i32) -> Result<()> {
    let mut params = rcgen::CertificateParams::new(vec!["intranet.test".into()])?;
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "intranet.test");
    params.not_before = rcgen::date_time_ymd(2024, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let pem = params.self_signed(&rcgen::KeyPair::generate()?)?.pem();
    Ok(std::fs::write(guest.path(CERTIFICATE), pem)?)
}

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| issue(guest, 2025),
    expect: |_| {
        Expected::new("cert.expiry", CERTIFICATE, "critical", "expired")
            .because("nobody has renewed it")
    },
    cure: Way::Hand(|guest| issue(guest, 2050)),
};

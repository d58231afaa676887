//! What a certificate says of itself, as far as it is looked at: two readers of it, files of services and servers that show
//! one.

use super::Validity;

/// Of a certificate (RFC 5280 §4.1).
pub(super) fn validity(der: &[u8]) -> Option<Validity> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    let mut next = |wanted: Option<u8>| {
        let (tag, content, after) = element(rest)?;
        if wanted.is_some_and(|wanted| wanted != tag) {
            return None;
        }
        rest = after;
        Some(content)
    };
    next(Some(VERSION));
    // Serial number, signature's algorithm.
    next(None)?;
    next(Some(SEQUENCE))?;
    let issuer = next(Some(SEQUENCE))?;
    let times = next(Some(SEQUENCE))?;
    let subject = next(Some(SEQUENCE))?;
    let (tag, from, after) = element(times)?;
    let not_before_us = moment(tag, from)?;
    let (tag, until, _) = element(after)?;
    Some(Validity {
        subject: name(subject),
        issuer: name(issuer),
        not_before_us,
        not_after_us: moment(tag, until)?,
    })
}

/// Tag, content and what comes after (ITU-T X.690 §8.1).
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let n_more = usize::from(first & 0x7f);
    let (length, rest) = match first < 0x80 {
        true => (n_more, rest),
        false => {
            let (more, rest) = rest.split_at_checked(n_more).filter(|_| n_more <= 4)?;
            let length = more
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte));
            (length, rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

/// UTCTime or GeneralizedTime, in microseconds since 1970 UTC.
fn moment(tag: u8, content: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(content).ok()?;
    // RFC 5280 §4.1.2.5.1
    let text = match tag {
        0x17 if text.get(..2)? >= "50" => format!("19{text}"),
        0x17 => format!("20{text}"),
        0x18 => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize| part(from, from + 2)?.try_into().ok();
    let time = jiff::civil::DateTime::new(
        part(0, 4)?,
        small(4)?,
        small(6)?,
        small(8)?,
        small(10)?,
        small(12)?,
        0,
    );
    let time = time.ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some(time.timestamp().as_microsecond())
}

/// Its common name, else its organisation; empty when it has neither.
fn name(content: &[u8]) -> String {
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    const ORGANISATION: &[u8] = &[0x55, 4, 10];
    let mut rest = content;
    let mut found = Vec::new();
    while let Some((_, set, after)) = element(rest) {
        rest = after;
        let pair = element(set).and_then(|(_, pair, _)| {
            let (_, kind, value) = element(pair)?;
            Some((kind, element(value)?.1))
        });
        found.extend(pair);
    }
    let of = |wanted| found.iter().find(|(kind, _)| *kind == wanted);
    let value = of(COMMON_NAME).or_else(|| of(ORGANISATION));
    value.map_or(String::new(), |(_, value)| {
        String::from_utf8_lossy(value).into_owned()
    })
}

#[cfg(test)]
pub(super) mod tests {
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;

    use super::*;

    /// A certificate of rcgen's, from 2021 to 2050, by its PEM.
    pub(in crate::host) fn certificate() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["mail.example.org".into()]).unwrap();
        params
            .distinguished_name
            .push(rcgen::DnType::OrganizationName, "Example");
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "mail.example.org");
        params.not_before = rcgen::date_time_ymd(2021, 1, 1);
        params.not_after = rcgen::date_time_ymd(2050, 6, 1);
        params.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn a_certificate_that_is_cut_anywhere_is_none_and_stops_nobody() {
        let pem = certificate();
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        assert!(validity(&der).is_some());
        for length in 0..100 {
            assert_eq!(validity(&der[..length]), None, "{length}");
        }
    }
}

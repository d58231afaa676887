//! Certificates that this machine's own services show.

use std::time::Duration;

use crate::host::{Certificate, Host, Unavailable, Validity};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "certificates",
    every: Duration::from_secs(6 * 3600),
    in_worker: true,
    // Some services keep theirs where only root looks.
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("path", Kind::Text),
        Column::slow("used_by", Kind::Text, ""),
        Column::slow("subject", Kind::Text, ""),
        Column::slow("issuer", Kind::Text, ""),
        Column::slow("not_before", Kind::Time, ""),
        Column::slow("not_after", Kind::Time, ""),
        Column::slow("trouble", Kind::Text, ""),
    ],
    read: |host, _| Ok(host.certificates()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row(of: Certificate) -> Row {
    let (validity, trouble) = match of.validity {
        Ok(validity) => (Some(validity), None),
        Err(why) => (None, Some(why.to_string())),
    };
    let validity = validity.as_ref();
    let time = |us: Option<i64>| us.map_or(Value::Absent, Value::TimeUs);
    vec![
        of.path.into(),
        of.used_by.into(),
        validity.map(|of| of.subject.clone()).into(),
        validity.map(|of| of.issuer.clone()).into(),
        time(validity.map(|of| of.not_before_us)),
        time(validity.map(|of| of.not_after_us)),
        trouble.into(),
    ]
}

/// Those in use, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Certificate>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().filter_map(from_row).collect())
}

fn from_row(row: &Row) -> Option<Certificate> {
    let mut cells = Cells::of(row);
    let (path, used_by) = (cells.text()?, cells.text()?);
    let subject = cells.text();
    let issuer = cells.text().unwrap_or_default();
    let (from, until) = (cells.integer(), cells.integer());
    let trouble = cells.text();
    let validity = match (subject, from, until) {
        (Some(subject), Some(not_before_us), Some(not_after_us)) => Ok(Validity {
            subject,
            issuer,
            not_before_us,
            not_after_us,
        }),
        _ => Err(Unavailable::broken(
            path.as_str(),
            trouble.unwrap_or_default(),
        )),
    };
    Some(Certificate {
        path,
        used_by,
        validity,
    })
}

#[test]
fn a_certificate_survives_its_row() {
    let certificate = Certificate {
        path: "/etc/x.pem".into(),
        used_by: "nginx".into(),
        validity: Ok(Validity {
            subject: "a".into(),
            issuer: "b".into(),
            not_before_us: 1,
            not_after_us: 2,
        }),
    };
    assert_eq!(from_row(&row(certificate.clone())), Some(certificate));
}

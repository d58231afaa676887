//! A new key for a known device, vouched for by the old one.

use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sonde_proto::v1::{RenewRequest, Renewed, from_agent, restricted::To, to_agent};
use time::OffsetDateTime;
use tokio::time::timeout;
use tonic::Status;

use super::{DeviceCertificate, Inbound, Link, Outbound, Session, begin, body, enrol};
use crate::authority::Request;
use crate::store::devices::{Admission, CodeKey};
use std::time::Duration;

/// A restricted session has done its one thing within this.
const RESTRICTED: Duration = Duration::from_secs(30);
/// Whoever asked first would take the key from the others.
const SEVERAL: &str = "several machines have this key; a technician has to split them first";

impl Session {
    pub(super) async fn renew(&self, request: RenewRequest) -> Result<Renewed, Status> {
        if self.in_conflict {
            return Ok(refused(SEVERAL));
        }
        renew(&self.link, &self.certificate, self.device_key, &request).await
    }
}

/// The session of an expired certificate: it may be renewed, and nothing else.
pub(super) async fn restricted(
    link: &Link,
    certificate: &DeviceCertificate,
    admission: &Admission,
    mut inbound: Inbound,
    outbound: &Outbound,
) -> Result<(), Status> {
    begin::restrict(outbound, To::Renewal).await?;
    let message = timeout(RESTRICTED, inbound.message())
        .await
        .map_err(|_| Status::deadline_exceeded("no renewal came"))??;
    let Some(from_agent::Body::Renew(request)) = message.and_then(|message| message.body) else {
        return Err(Status::permission_denied(
            "the certificate has expired: renew it first",
        ));
    };
    let renewed = match admission.conflict_since {
        Some(_) => refused(SEVERAL),
        None => renew(link, certificate, admission.device_key, &request).await?,
    };
    let said = outbound
        .send(Ok(Box::new(body(to_agent::Body::Renewed(renewed)))))
        .await;
    said.map_err(|_| Status::cancelled("the device is gone"))
}

fn refused(reason: &str) -> Renewed {
    Renewed {
        reason: reason.to_owned(),
        ..Renewed::default()
    }
}

async fn renew(
    link: &Link,
    certificate: &DeviceCertificate,
    device_key: i64,
    request: &RenewRequest,
) -> Result<Renewed, Status> {
    let refuse = |reason: &str| Ok(refused(reason));
    let old = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &certificate.public_key);
    if old
        .verify(&request.signing_request, &request.old_key_signature)
        .is_err()
    {
        return refuse("the present key did not sign the request");
    }
    let signing_request = match Request::read(&request.signing_request) {
        Ok(signing_request) => signing_request,
        Err(error) => return refuse(&error.to_string()),
    };
    let issued = link
        .authority
        .issue_device(
            &signing_request,
            &certificate.device_id,
            OffsetDateTime::now_utc(),
        )
        .map_err(enrol::refused)?;
    let code_key = link
        .store
        .renew_key(
            device_key,
            certificate.spki,
            signing_request.spki,
            issued.not_after_us,
            CodeKey::random(),
        )
        .await
        .map_err(enrol::store_status)?;
    tracing::info!(device.id = %certificate.device_id, "a certificate was renewed");
    Ok(Renewed {
        certificate: issued.certificate.to_vec().into(),
        reason: String::new(),
        not_before_us: issued.not_before_us,
        not_after_us: issued.not_after_us,
        code_key: code_key.0.to_vec().into(),
    })
}

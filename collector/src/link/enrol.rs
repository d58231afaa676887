//! A machine becomes a device.

use std::time::Duration;

use sonde_proto::v1::{EnrollRequest, EnrollResponse, Machine};
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tonic::Status;

use super::Link;
use super::intake::tidy;
use crate::account::hash_secret;
use crate::authority::{AuthorityError, Request};
use crate::bus::Live;
use crate::store::devices::{CodeKey, EnrolDevice, MOST_ADDRESSES};
use crate::store::{DeviceId, Id, StoreError};

/// Enrolments that are looked at together; the others wait for their turn,
const TOGETHER: usize = 2;
/// so long at most.
const TURN: Duration = Duration::from_secs(10);

/// Whoever asks has no certificate yet, so this is one for all.
static TURNS: Semaphore = Semaphore::const_new(TOGETHER);

/// Looks whether the token is good, verifies the request, uses the token and issues the first certificate. A stranger
/// costs one short question of the store.
pub(super) async fn enrol(link: &Link, request: EnrollRequest) -> Result<EnrollResponse, Status> {
    let turn = timeout(TURN, TURNS.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        return Err(Status::unavailable(
            "too many enrol at once; try again later",
        ));
    };
    let token_secret_hash = hash_secret(&request.token);
    let now_us = crate::clock::now_us();
    let good = link.store.check_token(&token_secret_hash, now_us).await;
    good.map_err(store_status)?;
    let signing_request = Request::read(&request.signing_request).map_err(refused)?;
    let device_id = DeviceId::random();
    let now = OffsetDateTime::now_utc();
    let issued = link
        .authority
        .issue_device(&signing_request, device_id.as_str(), now)
        .map_err(refused)?;
    let machine = cleaned(request.machine.unwrap_or_default());
    let installation_id = Id::from_slice(&request.installation_id)
        .map_err(|_| Status::invalid_argument("installation_id is not 16 bytes long"))?;
    let code_key = CodeKey::random();
    let enrolled = link
        .store
        .enrol_device(EnrolDevice {
            token_secret_hash,
            device_id: device_id.clone(),
            hostname: machine.hostname,
            os: machine.os,
            installation_id,
            serial: machine.serial,
            board_serial: machine.board_serial,
            machine_id: machine.machine_id,
            macs: machine.mac_addresses,
            spki_sha256: signing_request.spki,
            certificate_not_after: issued.not_after_us,
            agent_version: tidy(&request.agent_version).into_owned(),
            code_key,
            at: now_us,
        })
        .await
        .map_err(store_status)?;
    if let Ok(Some(device)) = link.store.device(&device_id).await {
        let device_key = device.device_key;
        link.bus.tell(Live::Enrolled { device_key });
    }
    tracing::info!(device.id = %device_id, successor = enrolled.proposed_predecessor.is_some(), "a device has enrolled");
    Ok(EnrollResponse {
        device_id: device_id.as_str().to_owned(),
        certificate: issued.certificate.to_vec().into(),
        authority: link.authority.certificate().to_vec().into(),
        collector_time_us: now_us,
        not_before_us: issued.not_before_us,
        not_after_us: issued.not_after_us,
        code_key: code_key.0.to_vec().into(),
    })
}

/// Names of a machine, made harmless and cut to size.
pub(super) fn cleaned(machine: Machine) -> Machine {
    let tidy = |text: String| tidy(&text).into_owned();
    Machine {
        hostname: tidy(machine.hostname),
        os: tidy(machine.os),
        serial: tidy(machine.serial),
        board_serial: tidy(machine.board_serial),
        machine_id: tidy(machine.machine_id),
        mac_addresses: machine
            .mac_addresses
            .into_iter()
            .take(MOST_ADDRESSES)
            .map(tidy)
            .collect(),
    }
}

pub(super) fn refused(error: AuthorityError) -> Status {
    match error {
        AuthorityError::Request(_) => Status::invalid_argument(error.to_string()),
        AuthorityError::File { .. } | AuthorityError::Content { .. } | AuthorityError::Issue(_) => {
            tracing::error!(%error, "cannot issue a certificate");
            Status::internal("the collector cannot issue certificates now")
        }
    }
}

/// What an agent is told of the store's answer. Sources stay here.
pub(super) fn store_status(error: StoreError) -> Status {
    match error {
        StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_) => {
            Status::unavailable("the collector's store is not available; try again later")
        }
        StoreError::NotFound { .. } | StoreError::Refused { .. } | StoreError::Conflict { .. } => {
            Status::permission_denied(error.to_string())
        }
        StoreError::Newer { .. } | StoreError::Broken(_) => {
            tracing::error!(%error, "the store failed");
            Status::internal("the collector's store failed")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Settings;
    use super::*;
    use crate::authority::Authority;
    use crate::bus::Bus;
    use crate::store::testing::{Folder, HOUR_US, on_both};
    use crate::store::tokens::NewToken;
    use tonic::Code;

    #[tokio::test]
    async fn the_token_is_looked_at_before_anything_is_done_for_whoever_shows_it() {
        on_both(|store| async move {
            let folder = Folder::new();
            let authority = Authority::open_or_create(&folder.0, OffsetDateTime::now_utc());
            let authority = Arc::new(authority.unwrap());
            let token = NewToken {
                secret_hash: hash_secret("good"),
                site: "default".into(),
                n_uses: 1,
                expires_at: crate::clock::now_us() + HOUR_US,
                created_by: "root".into(),
                at: 0,
            };
            store.create_token(token).await.unwrap();
            let before = store.written().n_commands;
            let link = Link::new(
                store.clone(),
                authority,
                Bus::default(),
                Settings::default(),
            );
            let asked = async |token: &str| {
                let request = EnrollRequest {
                    token: token.into(),
                    signing_request: b"no request".to_vec().into(),
                    ..EnrollRequest::default()
                };
                enrol(&link, request).await.unwrap_err().code()
            };
            assert_eq!(asked("wrong").await, Code::PermissionDenied);
            assert_eq!(asked("good").await, Code::InvalidArgument);
            assert_eq!(
                store.written().n_commands,
                before,
                "nothing was written for either"
            );
        })
        .await;
    }
}

//! A machine becomes a device.

use ring::digest::{SHA256, digest};
use sonde_proto::text::clean;
use sonde_proto::v1::{EnrollRequest, EnrollResponse, Machine};
use time::OffsetDateTime;
use tonic::Status;

use super::Link;
use crate::authority::{AuthorityError, Request};
use crate::store::devices::EnrolDevice;
use crate::store::{DeviceId, Id, StoreError};

/// Longest name, serial number or version that is kept, in bytes.
const NAME_BYTES: usize = 256;
/// Addresses of one machine.
const MACS: usize = 32;

/// Verifies the request, uses the token and issues the first certificate.
pub(super) async fn enrol(link: &Link, request: EnrollRequest) -> Result<EnrollResponse, Status> {
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
    let mut token_secret_hash = [0; 32];
    token_secret_hash.copy_from_slice(digest(&SHA256, request.token.as_bytes()).as_ref());
    let now_us = crate::clock::now_us();
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
            agent_version: clean(&request.agent_version, NAME_BYTES, false).into_owned(),
            at: now_us,
        })
        .await
        .map_err(store_status)?;
    tracing::info!(device.id = %device_id, successor = enrolled.proposed_predecessor.is_some(), "a device has enrolled");
    Ok(EnrollResponse {
        device_id: device_id.as_str().to_owned(),
        certificate: issued.certificate.to_vec().into(),
        authority: link.authority.certificate().to_vec().into(),
        collector_time_us: now_us,
        not_before_us: issued.not_before_us,
        not_after_us: issued.not_after_us,
    })
}

/// Names of a machine, made harmless and cut to size.
pub(super) fn cleaned(machine: Machine) -> Machine {
    let tidy = |text: String| clean(&text, NAME_BYTES, false).into_owned();
    Machine {
        hostname: tidy(machine.hostname),
        os: tidy(machine.os),
        serial: tidy(machine.serial),
        board_serial: tidy(machine.board_serial),
        machine_id: tidy(machine.machine_id),
        mac_addresses: machine
            .mac_addresses
            .into_iter()
            .take(MACS)
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

//! What is asked of a device: as it is kept (JSON), and as it travels (one canonical byte string).

use prost::Message as _;
use serde::{Deserialize, Serialize};
use sonde_proto::v1;

use crate::desk::consent::Way;
use crate::store::work::{NewOrder, Origin};
use crate::store::{DeviceId, Id, random_bytes};

/// Checks that a title names.
const TITLE_CHECKS: usize = 5;

/// What a device is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Ids; empty: all.
    Checks { checks: Vec<String> },
    Action {
        action: String,
        /// Of the action's declaration on that device.
        version: u32,
        phase: Phase,
        parameters: Vec<Parameter>,
        consent: Option<Consent>,
        /// For undo: id of the job whose change is taken back.
        undo_of: Option<String>,
    },
    Table {
        table: String,
        parameters: Vec<Parameter>,
        /// 0: the table's own cap.
        most_rows: u32,
    },
    /// Looks for a thing without an agent.
    Probe {
        /// The one that does.
        check: String,
        /// Id of the asset.
        asset: String,
        /// Where it is, as [`AssetAddress`](sonde_proto::asset::AssetAddress) writes it.
        address: String,
    },
    /// Shows what moves, each second.
    Live {
        /// For so long, seconds.
        seconds: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Plan,
    Apply,
    Undo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: ParameterValue,
}

/// Typed as the device's declaration of the parameter says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValue {
    Integer(i64),
    Real(f64),
    Text(String),
    Truth(bool),
    TimeUs(i64),
}

/// The user's agreement: as a technician recorded it, or as the user gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The technician who recorded it, or who asked for it.
    pub recorded_by: String,
    pub given: String,
    pub at_us: i64,
    /// Id of what the user was asked and allowed; none: a technician recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
}

impl Request {
    /// "checks", "action", "table", "probe", "live".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Checks { .. } => "checks",
            Self::Action { .. } => "action",
            Self::Table { .. } => "table",
            Self::Probe { .. } => "probe",
            Self::Live { .. } => "live",
        }
    }

    /// Id of the user's consent that it is done under.
    pub(super) fn consent(&self) -> Option<String> {
        match self {
            Self::Action {
                phase: Phase::Apply,
                consent: Some(consent),
                ..
            } => consent.asked.clone(),
            Self::Action { .. }
            | Self::Checks { .. }
            | Self::Table { .. }
            | Self::Probe { .. }
            | Self::Live { .. } => None,
        }
    }

    /// Id of the asset that is looked for.
    pub(super) fn asset(&self) -> Option<String> {
        match self {
            Self::Probe { asset, .. } => Some(asset.clone()),
            Self::Action { .. } | Self::Checks { .. } | Self::Table { .. } | Self::Live { .. } => {
                None
            }
        }
    }

    /// The title of every job of this phase of an action.
    pub fn title_of(action: &str, phase: Phase) -> String {
        let phase = match phase {
            Phase::Plan => "plan",
            Phase::Apply => "apply",
            Phase::Undo => "undo",
        };
        format!("{action} {phase}")
    }

    /// What is run, in a line.
    pub fn title(&self) -> String {
        match self {
            Self::Checks { checks } if checks.is_empty() => "all checks".to_owned(),
            Self::Checks { checks } => {
                let named = checks.iter().take(TITLE_CHECKS).map(String::as_str);
                let named = named.collect::<Vec<_>>().join(", ");
                match checks.len().saturating_sub(TITLE_CHECKS) {
                    0 => named,
                    more => format!("{named} and {more} more"),
                }
            }
            Self::Action { action, phase, .. } => Self::title_of(action, *phase),
            Self::Table { table, .. } => format!("table {table}"),
            Self::Live { .. } => "live metrics".to_owned(),
            Self::Probe { check, address, .. } => format!("{check} {address}"),
        }
    }

    /// Encoded for the wire.
    pub(super) fn n_bytes(&self) -> usize {
        let order = v1::WorkOrder {
            work: Some(self.to_wire()),
            ..v1::WorkOrder::default()
        };
        order.encoded_len()
    }

    pub(super) fn to_json(&self) -> String {
        // Strings and finite numbers always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    fn to_wire(&self) -> v1::work_order::Work {
        let wire = |parameters: &[Parameter]| parameters.iter().map(Parameter::to_wire).collect();
        match self {
            Self::Checks { checks } => v1::work_order::Work::Checks(v1::RunChecks {
                checks: checks.clone(),
                asset: String::new(),
            }),
            Self::Probe { check, address, .. } => v1::work_order::Work::Checks(v1::RunChecks {
                checks: vec![check.clone()],
                asset: address.clone(),
            }),
            Self::Action {
                action,
                version,
                phase,
                parameters,
                consent,
                undo_of,
            } => {
                let phase = match phase {
                    Phase::Plan => v1::Phase::Plan,
                    Phase::Apply => v1::Phase::Apply,
                    Phase::Undo => v1::Phase::Undo,
                };
                let undo_of = undo_of.as_ref().and_then(|id| id.parse::<Id>().ok());
                v1::work_order::Work::Action(v1::RunAction {
                    action: action.clone(),
                    version: *version,
                    phase: phase.into(),
                    parameters: wire(parameters),
                    consent: consent.as_ref().map(Consent::to_wire),
                    undo_of: undo_of.map_or_else(Default::default, |id| id.0.to_vec().into()),
                })
            }
            Self::Live { seconds } => v1::work_order::Work::Live(v1::LiveMetrics {
                most_us: i64::from(*seconds) * 1_000_000,
            }),
            Self::Table {
                table,
                parameters,
                most_rows,
            } => v1::work_order::Work::Table(v1::ReadTable {
                table: table.clone(),
                parameters: wire(parameters),
                most_rows: *most_rows,
            }),
        }
    }
}

impl Consent {
    fn to_wire(&self) -> v1::Consent {
        v1::Consent {
            recorded_by: self.recorded_by.clone(),
            given: self.given.clone(),
            at_us: self.at_us,
            by_user: self.asked.is_some(),
            question_id: match (&self.asked, self.given == Way::Notification.as_str()) {
                // The device holds it against what was answered there.
                (Some(asked), true) => asked
                    .parse::<Id>()
                    .map_or_else(|_| Default::default(), |id| id.0.to_vec().into()),
                (Some(_) | None, _) => Default::default(),
            },
        }
    }
}

impl Parameter {
    fn to_wire(&self) -> v1::Parameter {
        use v1::value::Value;
        let value = match &self.value {
            ParameterValue::Integer(n) => Value::Integer(*n),
            ParameterValue::Real(n) => Value::Real(*n),
            ParameterValue::Text(text) => Value::Text(text.clone()),
            ParameterValue::Truth(truth) => Value::Truth(*truth),
            ParameterValue::TimeUs(us) => Value::TimeUs(*us),
        };
        v1::Parameter {
            name: self.name.clone(),
            value: Some(v1::Value { value: Some(value) }),
        }
    }
}

/// What an order says beside its request.
pub(super) struct Order<'a> {
    pub(super) id: Id,
    pub(super) device: &'a DeviceId,
    pub(super) origin: &'a Origin,
    pub(super) requested_by: &'a str,
    pub(super) issued_at: i64,
    pub(super) expires_at: i64,
}

impl<'a> Order<'a> {
    /// Of an order that is about to be kept.
    pub(super) fn of(order: &'a NewOrder, device: &'a DeviceId) -> Self {
        Self {
            id: order.id,
            device,
            origin: &order.origin,
            requested_by: &order.requested_by,
            issued_at: order.issued_at,
            expires_at: order.expires_at,
        }
    }

    /// The canonical bytes, for one installation.
    pub(super) fn encode(&self, request: &Request, installation: Id) -> Vec<u8> {
        let (ticket, policy) = match self.origin {
            Origin::Ticket(number) => (number.unsigned_abs(), String::new()),
            Origin::Policy(policy) => (0, policy.clone()),
        };
        v1::WorkOrder {
            order_id: self.id.0.to_vec().into(),
            device_id: self.device.as_str().to_owned(),
            installation_id: installation.0.to_vec().into(),
            ticket,
            policy,
            requested_by: self.requested_by.to_owned(),
            issued_us: self.issued_at,
            expires_us: self.expires_at,
            nonce: random_bytes::<16>().to_vec().into(),
            work: Some(request.to_wire()),
        }
        .encode_to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action() -> Request {
        Request::Action {
            action: "service.restart".into(),
            version: 1,
            phase: Phase::Apply,
            parameters: vec![Parameter {
                name: "unit".into(),
                value: ParameterValue::Text("cups.service".into()),
            }],
            consent: None,
            undo_of: None,
        }
    }

    #[test]
    fn a_repair_is_known_by_its_title() {
        use crate::desk::escalation::is_repair;
        for (phase, is) in [
            (Phase::Plan, false),
            (Phase::Apply, true),
            (Phase::Undo, true),
        ] {
            assert_eq!(is_repair(&Request::title_of("disk.clean", phase)), is);
        }
        let checks = Request::Checks {
            checks: vec!["disk.space".into()],
        };
        assert!(!is_repair(&checks.title()));
    }

    #[test]
    fn what_is_kept_is_what_was_asked() {
        let table = Request::Table {
            table: "logs".into(),
            parameters: vec![],
            most_rows: 10,
        };
        for request in [
            action(),
            Request::Checks {
                checks: vec!["disk.space".into()],
            },
            table,
            Request::Live { seconds: 60 },
            Request::Probe {
                check: "net.asset".into(),
                asset: "5k2".into(),
                address: "192.0.2.7:631".into(),
            },
        ] {
            assert_eq!(Request::from_json(&request.to_json()).unwrap(), request);
        }
    }

    #[test]
    fn an_order_names_device_installation_ticket_and_asker() {
        let device = DeviceId::random();
        let origin = Origin::Ticket(7);
        let order = Order {
            id: Id([1; 16]),
            device: &device,
            origin: &origin,
            requested_by: "ada",
            issued_at: 1,
            expires_at: 2,
        };
        let decoded = v1::WorkOrder::decode(&order.encode(&action(), Id([2; 16]))[..]).unwrap();
        assert_eq!(
            (
                decoded.device_id.as_str(),
                decoded.ticket,
                decoded.requested_by.as_str()
            ),
            (device.as_str(), 7, "ada")
        );
        assert_eq!(
            (&decoded.installation_id[..], decoded.nonce.len()),
            (&[2; 16][..], 16)
        );
        let Some(v1::work_order::Work::Action(run)) = decoded.work else {
            panic!("no action")
        };
        assert_eq!(
            (run.action.as_str(), run.phase()),
            ("service.restart", v1::Phase::Apply)
        );
    }
}

//! Whether an order is one that this device may take. Pure; the local policy is asked after it.

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::{self, Outcome, WorkOrder, work_order::Work};

use crate::journal::{OrderId, lives_too_long, order_id};
use crate::texts;

/// What an order is held against.
#[derive(Debug)]
pub struct Context<'a> {
    pub device_id: &'a str,
    pub installation_id: &'a [u8],
    /// The collector's clock, microseconds since 1970 UTC.
    pub now_us: i64,
}

/// Why an order is not taken. The id is known where the order could be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("the order cannot be read")]
    Unreadable,
    #[error("the order is for device {0}")]
    Device(String),
    #[error("the order is for another installation of this device")]
    Installation,
    #[error("the order belongs neither to a ticket nor to a policy")]
    NoTicket,
    #[error("a policy may run checks only, and look for no asset")]
    PolicyActs,
    #[error("the order has expired")]
    Expired,
    #[error("the order was issued for longer than 30 days")]
    TooLong,
    #[error("the order has no nonce of 16 bytes")]
    Nonce,
    #[error("the order asks for nothing that this agent knows")]
    Nothing,
    #[error("the order has more than {} parameters", caps::PARAMETERS)]
    TooManyParameters,
}

impl Wrong {
    /// How the job of such an order ends.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Expired => Outcome::Expired,
            Self::Unreadable
            | Self::Device(_)
            | Self::Installation
            | Self::NoTicket
            | Self::PolicyActs
            | Self::TooLong
            | Self::Nonce
            | Self::Nothing
            | Self::TooManyParameters => Outcome::Refused,
        }
    }

    /// Why, for a person.
    pub fn message(&self) -> v1::Message {
        match self {
            Self::Expired => texts::message("order_expired"),
            Self::Device(_) => texts::message("other_device"),
            Self::Installation => texts::message("other_installation"),
            Self::Nothing => texts::message("nothing_asked"),
            Self::Unreadable
            | Self::NoTicket
            | Self::PolicyActs
            | Self::TooLong
            | Self::Nonce
            | Self::TooManyParameters => texts::reason("wrong_order", self),
        }
    }
}

/// Reads an order and judges whether it is meant for this device and this moment.
pub fn judge(
    bytes: &[u8],
    context: &Context<'_>,
) -> Result<(OrderId, WorkOrder), (Option<OrderId>, Wrong)> {
    let order = WorkOrder::decode(bytes).map_err(|_| (None, Wrong::Unreadable))?;
    let id = order_id(&order).ok_or((None, Wrong::Unreadable))?;
    match wrong_with(&order, context) {
        Some(wrong) => Err((Some(id), wrong)),
        None => Ok((id, order)),
    }
}

fn wrong_with(order: &WorkOrder, context: &Context<'_>) -> Option<Wrong> {
    let acts = match &order.work {
        None => return Some(Wrong::Nothing),
        Some(Work::Action(action)) if action.parameters.len() > caps::PARAMETERS => {
            return Some(Wrong::TooManyParameters);
        }
        Some(Work::Table(table)) if table.parameters.len() > caps::PARAMETERS => {
            return Some(Wrong::TooManyParameters);
        }
        Some(Work::Action(_) | Work::Table(_) | Work::Live(_)) => true,
        Some(Work::Checks(checks)) => !checks.asset.is_empty(),
    };
    let by_policy = !order.policy.is_empty();
    let rules = [
        (
            order.device_id != context.device_id,
            Wrong::Device(order.device_id.clone()),
        ),
        (
            order.installation_id[..] != *context.installation_id,
            Wrong::Installation,
        ),
        ((order.ticket == 0) != by_policy, Wrong::NoTicket),
        (by_policy && acts, Wrong::PolicyActs),
        (order.nonce.len() != 16, Wrong::Nonce),
        (lives_too_long(order), Wrong::TooLong),
        (order.expires_us <= context.now_us, Wrong::Expired),
    ];
    rules
        .into_iter()
        .find_map(|(applies, wrong)| applies.then_some(wrong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{RunAction, RunChecks};

    fn order() -> WorkOrder {
        WorkOrder {
            order_id: vec![1; 16].into(),
            device_id: "d".into(),
            installation_id: vec![2; 16].into(),
            ticket: 7,
            issued_us: 1000,
            expires_us: 2000,
            nonce: vec![3; 16].into(),
            work: Some(Work::Checks(RunChecks::default())),
            ..WorkOrder::default()
        }
    }

    #[track_caller]
    fn check(change: impl Fn(&mut WorkOrder), expected: Option<Wrong>) {
        let mut order = order();
        change(&mut order);
        let context = Context {
            device_id: "d",
            installation_id: &[2; 16],
            now_us: 1500,
        };
        assert_eq!(
            judge(&order.encode_to_vec(), &context).err(),
            expected.map(|wrong| (Some([1; 16]), wrong))
        );
    }

    #[test]
    fn an_order_is_for_this_device_and_moment() {
        check(|_| {}, None);
        check(
            |order| order.device_id = "x".into(),
            Some(Wrong::Device("x".into())),
        );
        check(
            |order| order.installation_id = vec![9; 16].into(),
            Some(Wrong::Installation),
        );
        check(|order| order.expires_us = 1500, Some(Wrong::Expired));
        check(
            |order| order.expires_us = 1001 + caps::ORDER_LIFE_US,
            Some(Wrong::TooLong),
        );
        check(|order| order.nonce = vec![3; 15].into(), Some(Wrong::Nonce));
        check(|order| order.work = None, Some(Wrong::Nothing));
    }

    #[test]
    fn work_belongs_to_a_ticket_or_a_policy() {
        check(|order| order.ticket = 0, Some(Wrong::NoTicket));
        check(|order| order.policy = "p".into(), Some(Wrong::NoTicket));
        let by_policy = |order: &mut WorkOrder| (order.ticket, order.policy) = (0, "p".into());
        check(by_policy, None);
        check(
            |order| {
                by_policy(order);
                order.work = Some(Work::Action(RunAction::default()));
            },
            Some(Wrong::PolicyActs),
        );
    }

    #[test]
    fn what_is_no_order_is_refused() {
        let context = Context {
            device_id: "d",
            installation_id: &[2; 16],
            now_us: 0,
        };
        assert_eq!(judge(b"\xff", &context), Err((None, Wrong::Unreadable)));
        assert_eq!(judge(b"", &context), Err((None, Wrong::Unreadable)));
    }
}

//! What a device says it was asked, held against the record of it.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::store::Id;
use crate::store::work::{JobState, Recorded};

/// An order, as the device that took it tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub order: Id,
    /// SHA-256 of the order as it came, hexadecimal.
    pub digest: String,
    pub requested_by: String,
    /// None: a policy's.
    pub ticket: Option<i64>,
    /// None: it has not ended.
    pub outcome: Option<String>,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// The device was asked for what the record does not know.
    NotInRecord,
    /// The record has a run of it that the device knows nothing of.
    NotOnDevice,
    /// The bytes that the device was sent are not those of the record.
    OtherOrder,
    /// The record names another ticket or person.
    OtherOrigin,
    /// It ended otherwise.
    OtherOutcome,
    /// It was asked for on a ticket, and the audit log does not say so.
    NotAudited,
}

/// All that does not fit, in the order of the receipts, then of the record.
pub fn compare(receipts: &[Receipt], recorded: &[Recorded]) -> Vec<(Id, Misfit)> {
    let known: HashMap<Id, &Recorded> = recorded.iter().map(|one| (one.order, one)).collect();
    let there: HashSet<Id> = receipts.iter().map(|receipt| receipt.order).collect();
    let misfit = |receipt: &Receipt| {
        let Some(recorded) = known.get(&receipt.order) else {
            return Some(Misfit::NotInRecord);
        };
        if recorded.digest != receipt.digest {
            return Some(Misfit::OtherOrder);
        }
        // A policy's is requested by nobody.
        let is_others = receipt.ticket.is_some() && recorded.requested_by != receipt.requested_by;
        if is_others || recorded.ticket != receipt.ticket {
            return Some(Misfit::OtherOrigin);
        }
        // What has just ended may be on its way.
        let is_other = |outcome: &String| {
            recorded.state.is_ended() && recorded.state.as_str() != outcome.as_str()
        };
        if receipt.outcome.as_ref().is_some_and(is_other) {
            return Some(Misfit::OtherOutcome);
        }
        (recorded.ticket.is_some() && !recorded.is_audited).then_some(Misfit::NotAudited)
    };
    let told = receipts
        .iter()
        .filter_map(|receipt| Some((receipt.order, misfit(receipt)?)));
    let has_run = |one: &&Recorded| {
        let is_over = matches!(
            one.state,
            JobState::Running | JobState::Succeeded | JobState::Failed
        );
        one.is_told && is_over && !there.contains(&one.order)
    };
    let lost = recorded.iter().filter(has_run);
    let lost = lost.map(|one| (one.order, Misfit::NotOnDevice));
    told.chain(lost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(n: u8) -> Receipt {
        Receipt {
            order: Id([n; 16]),
            digest: format!("{n}"),
            requested_by: "ada".into(),
            ticket: Some(7),
            outcome: Some("succeeded".into()),
        }
    }

    fn recorded(n: u8) -> Recorded {
        Recorded {
            order: Id([n; 16]),
            digest: format!("{n}"),
            requested_by: "ada".into(),
            ticket: Some(7),
            state: JobState::Succeeded,
            is_told: true,
            is_audited: true,
        }
    }

    #[track_caller]
    fn check(receipts: &[Receipt], recorded: &[Recorded], expected: &[(u8, Misfit)]) {
        let found = compare(receipts, recorded);
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, what)| (Id([*n; 16]), *what))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_side_is_held_against_the_other() {
        check(&[receipt(1), receipt(2)], &[recorded(2), recorded(1)], &[]);
        check(&[receipt(1)], &[], &[(1, Misfit::NotInRecord)]);
        check(&[], &[recorded(1)], &[(1, Misfit::NotOnDevice)]);
        let changed = |change: fn(&mut Recorded)| {
            let mut one = recorded(1);
            change(&mut one);
            one
        };
        for (change, misfit) in [
            (
                (|one| one.digest = "x".into()) as fn(&mut Recorded),
                Misfit::OtherOrder,
            ),
            (|one| one.requested_by = "bob".into(), Misfit::OtherOrigin),
            (|one| one.ticket = Some(8), Misfit::OtherOrigin),
            (|one| one.state = JobState::Failed, Misfit::OtherOutcome),
            (|one| one.is_audited = false, Misfit::NotAudited),
        ] {
            check(&[receipt(1)], &[changed(change)], &[(1, misfit)]);
        }
    }

    #[test]
    fn what_is_under_way_fits() {
        let mut begun = receipt(1);
        begun.outcome = None;
        let mut running = recorded(1);
        running.state = JobState::Running;
        check(&[begun], std::slice::from_ref(&running), &[]);
        check(&[receipt(1)], &[running], &[]);
        let mut queued = recorded(2);
        (queued.state, queued.is_told) = (JobState::Queued, false);
        let mut refused = recorded(3);
        refused.state = JobState::Refused;
        check(&[], &[queued, refused], &[]);
        let mut of_policy = recorded(1);
        (of_policy.ticket, of_policy.is_audited) = (None, false);
        let mut by_policy = receipt(1);
        by_policy.ticket = None;
        check(&[by_policy], &[of_policy], &[]);
    }
}

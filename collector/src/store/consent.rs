//! What people at devices have answered to questions for their consent.

use sonde_proto::help::Reason;

use super::{Id, Query, StoreError, TimeUs, Tx, tickets};
use crate::desk::Event;
use crate::desk::consent::{Answer, Way};

/// An answer of who sits at a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAnswer {
    pub question_id: Id,
    /// Who has answered, as the device's system knows them; none: nobody.
    pub login: Option<String>,
    pub answered: Answered,
    /// On the collector's clock, and when it came.
    pub answered_at: TimeUs,
    pub taken_at: TimeUs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Yes, this once.
    Once,
    /// Yes, for all that is done for the ticket.
    Ticket,
    No,
    /// Nobody has answered in time.
    Silent,
    /// Nobody could be asked there. None: for a reason of a later version.
    Cannot(Option<Reason>),
}

/// Takes an answer, in the transaction of the report that brings it, onto the ticket that asked; what is asked no more, because
/// somebody answered on the requester's page or it is too late, stays as it is. Gives the ticket that has changed.
///
/// # Errors
/// Refused, before anything is written: this collector has put no such question to this device.
pub(super) async fn answered(
    tx: &mut Tx,
    device_key: i64,
    answer: &ConsentAnswer,
) -> Result<Option<(i64, i64)>, StoreError> {
    let asked = Query::new(
        "SELECT c.ticket, d.hostname FROM consents c JOIN devices d ON d.id = c.device \
         WHERE c.id = $1 AND d.device_key = $2",
    )
    .bind(answer.question_id)
    .bind(device_key)
    .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.text()?)))
    .await?;
    let Some((ticket, hostname)) = asked else {
        let why = "nobody at this device was asked that";
        return Err(StoreError::refused("question_id", why));
    };
    let consent = answer.question_id.to_string();
    let given = |answer| Event::ConsentAnswered {
        consent: consent.clone(),
        answer,
        way: Way::Notification,
    };
    let unanswered = |why: &str| Event::ConsentUnanswered {
        consent: consent.clone(),
        reason: why.to_owned(),
    };
    let event = match answer.answered {
        Answered::Once => given(Answer::Once),
        Answered::Ticket => given(Answer::Ticket),
        Answered::No => given(Answer::No),
        Answered::Silent => unanswered("silent"),
        Answered::Cannot(reason) => unanswered(reason.map_or("unknown", Reason::as_str)),
    };
    let actor = match &answer.login {
        Some(login) => format!("{login} on {hostname}"),
        None => hostname,
    };
    let at = answer.taken_at;
    let taken = tickets::answer_consent(tx, ticket, &event, &actor, at).await?;
    Ok(taken.map(|version| (ticket, version)))
}

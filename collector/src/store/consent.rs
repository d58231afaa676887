//! What people at devices have answered to questions for their consent.

use sonde_proto::help::Reason;

use super::{Id, Query, StoreError, TimeUs, Tx, tickets};
use crate::desk::Event;
use crate::desk::consent::{Answer, Way};
use crate::wording::wording;

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
        let why = wording!("nobody at this device was asked that");
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

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::super::Store;
    use super::super::testing::{self, NOW, device, on_both};
    use super::super::tickets::{OpenTicket, TicketChange};
    use super::*;
    use crate::desk::consent::{Purpose, Standing};

    async fn take(
        store: &Store,
        device_key: i64,
        question: u8,
        answered: Answered,
    ) -> Result<Option<(i64, i64)>, StoreError> {
        let answer = ConsentAnswer {
            question_id: Id([question; 16]),
            login: Some("rosa".into()),
            answered,
            answered_at: NOW + 1,
            taken_at: NOW + 2,
        };
        let taken = store.write((device_key, answer), |tx, (key, answer)| {
            Box::pin(super::answered(tx, *key, answer))
        });
        taken.await
    }

    #[tokio::test]
    async fn an_answer_at_the_device_stands_on_the_ticket_that_asked() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let (_, other) = device(&store, "other").await;
            let ticket = OpenTicket {
                requester: Some("rosa".into()),
                ..testing::slow(vec![id.to_string()])
            };
            store.open_ticket(ticket).await.unwrap();
            for question in [1, 2] {
                let purpose = Purpose {
                    device: id.to_string(),
                    action: "process.terminate".into(),
                    parameters: Map::new(),
                };
                let event = Event::ConsentAsked {
                    consent: Id([question; 16]).to_string(),
                    purpose,
                    plan: None,
                    expires_at: NOW + 100,
                };
                let change = TicketChange {
                    number: 1,
                    event,
                    actor: "ann".into(),
                    expected_version: None,
                    at: NOW,
                };
                store.change_ticket(change).await.unwrap();
            }
            let strange = take(&store, other, 1, Answered::Once).await;
            assert!(
                matches!(strange, Err(StoreError::Refused { .. })),
                "{strange:?}"
            );
            let unknown = take(&store, key, 9, Answered::Once).await;
            assert!(
                matches!(unknown, Err(StoreError::Refused { .. })),
                "{unknown:?}"
            );
            let standing = async |question: u8| {
                let one = store.consent(1, Id([question; 16])).await.unwrap().unwrap();
                one.consent.standing(NOW + 3)
            };
            take(&store, key, 1, Answered::Cannot(Some(Reason::NobodyThere)))
                .await
                .unwrap();
            assert_eq!(
                standing(1).await,
                Standing::Asked,
                "the page can answer still"
            );
            assert!(
                take(&store, key, 1, Answered::Ticket)
                    .await
                    .unwrap()
                    .is_some()
            );
            assert_eq!(standing(1).await, Standing::Given);
            assert_eq!(
                take(&store, key, 1, Answered::No).await,
                Ok(None),
                "it is answered"
            );
            assert_eq!(standing(1).await, Standing::Given);
            take(&store, key, 2, Answered::No).await.unwrap();
            assert_eq!(standing(2).await, Standing::Refused);
            let timeline = store.timeline(1, 0, 100).await.unwrap();
            assert_eq!(timeline.last().unwrap().actor, "rosa on pc");
        })
        .await;
    }
}

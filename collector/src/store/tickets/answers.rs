//! What the requester says, with what follows of it, in one transaction.

use crate::desk::answer::{self, Reply};

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{Columns, NumberedTicket, happen, load};
use crate::wording::wording;

/// Messages of a requester that a ticket takes in an hour.
pub const MESSAGES_PER_HOUR: i64 = 30;
const HOUR_US: i64 = 3_600_000_000;
/// The same words again within this come from a button that was pressed twice.
const TWICE_US: i64 = 60_000_000;

/// Something that the requester of a ticket said.
#[derive(Debug, Clone)]
pub struct RequesterSays {
    pub number: i64,
    pub reply: Reply,
    /// Who put it onto the ticket.
    pub actor: String,
    /// The version that the caller saw; none: whichever it is.
    pub expected_version: Option<i64>,
    pub at: TimeUs,
}

impl Store {
    /// Puts it onto the ticket, and does what follows of it. The same words twice in a minute are taken once.
    ///
    /// # Errors
    /// Not found: the ticket. Refused: what the desk's rules forbid, or more than [`MESSAGES_PER_HOUR`]. Conflict: the
    /// version is another.
    pub async fn requester_says(&self, says: RequesterSays) -> Result<NumberedTicket, StoreError> {
        self.write(says, |tx, says| Box::pin(say(tx, says))).await
    }
}

async fn say(tx: &mut Tx, says: &RequesterSays) -> Result<NumberedTicket, StoreError> {
    let mut present = load(&mut tx.on, says.number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    super::as_seen(&mut tx.on, &present, says.expected_version, &says.actor).await?;
    let mut reply = says.reply.clone();
    if let Some(text) = &reply.text {
        let lately = lately(tx, says).await?;
        if lately
            .iter()
            .filter(|(at, _)| *at > says.at - TWICE_US)
            .any(|(_, old)| old == text)
        {
            reply.text = None;
            if reply.is_solved.is_none() {
                return Ok(present);
            }
        } else if lately.len() as i64 >= MESSAGES_PER_HOUR {
            return Err(StoreError::refused(
                "text",
                wording!("{} messages within an hour", MESSAGES_PER_HOUR),
            )
            .remedy(wording!("wait a while, or call")));
        }
    }
    for event in answer::events(&present.ticket, &reply).map_err(StoreError::from)? {
        present = happen(tx, says.number, Some(present), &event, &says.actor, says.at).await?;
    }
    Ok(present)
}

/// What the requester wrote within the last hour: when, and what.
async fn lately(tx: &mut Tx, says: &RequesterSays) -> Result<Vec<(TimeUs, String)>, StoreError> {
    let bodies = Query::new(
        "SELECT at, body FROM ticket_events WHERE ticket = $1 AND at > $2 AND kind = 'messaged' AND actor = $3 \
         ORDER BY number DESC LIMIT $4",
    )
    .bind(says.number)
    .bind(says.at - HOUR_US)
    .bind(&says.actor)
    .bind(MESSAGES_PER_HOUR)
    .read(&mut tx.on, |columns: &mut Columns<'_>| Ok((columns.int()?, columns.text()?)))
    .await?;
    let text = |body: &str| {
        let body: Option<serde_json::Value> = serde_json::from_str(body).ok();
        let body = body.filter(|body| body["side"] == "requester");
        body.and_then(|body| Some(body["text"].as_str()?.to_owned()))
    };
    Ok(bodies
        .into_iter()
        .filter_map(|(at, body)| Some((at, text(&body)?)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{self, NOW, on_both};
    use super::super::OpenTicket;
    use super::*;

    fn says(number: i64, text: &str, at: TimeUs) -> RequesterSays {
        RequesterSays {
            number,
            reply: Reply {
                text: Some(text.into()),
                is_solved: None,
                asked: None,
            },
            actor: "requester".into(),
            expected_version: None,
            at,
        }
    }

    #[tokio::test]
    async fn a_button_that_is_pressed_twice_says_it_once_and_nobody_floods_a_ticket() {
        on_both(|store| async move {
            let ticket = OpenTicket {
                requester: Some("rosa".into()),
                ..testing::slow(vec![])
            };
            let number = store.open_ticket(ticket).await.unwrap().number;
            let first = store.requester_says(says(number, "no", NOW)).await.unwrap();
            let again = store
                .requester_says(says(number, "no", NOW + 1))
                .await
                .unwrap();
            assert_eq!(again.ticket.version, first.ticket.version);
            let later = NOW + TWICE_US + 1;
            let later = store
                .requester_says(says(number, "no", later))
                .await
                .unwrap();
            assert_eq!(later.ticket.version, first.ticket.version + 1);
            for n in 2..MESSAGES_PER_HOUR {
                let at = NOW + TWICE_US + 2;
                store
                    .requester_says(says(number, &n.to_string(), at))
                    .await
                    .unwrap();
            }
            let flood = says(number, "more", NOW + TWICE_US + 3);
            let refused = store.requester_says(flood).await.unwrap_err();
            assert!(refused.to_string().contains("30 messages"), "{refused}");
            let next = says(number, "more", NOW + TWICE_US + HOUR_US + 3);
            store.requester_says(next).await.unwrap();
        })
        .await;
    }
}

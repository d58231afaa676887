//! The append-only events of a ticket, and the rebuilding of what follows from them.

use std::collections::BTreeMap;

use crate::desk::{Event, ticket};

use super::super::{Columns, Query, Store, StoreError, TimeUs, Tx, search};
use super::{NumberedTicket, clocks, consents, escalations};
use crate::wording::wording;

/// Messages of a ticket that are read together.
const MOST_MESSAGES: i64 = 500;

/// An event under its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEvent {
    pub number: i64,
    pub at: TimeUs,
    pub actor: String,
    pub event: Happened,
}

/// What happened. A later version's kinds are kept as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    Known(Event),
    Unknown { kind: String, body: String },
}

impl TimelineEvent {
    /// Whether it makes the ticket another one than somebody saw: what only records what a device or the collector did
    /// does not, nor what they asked a device for themselves.
    pub fn is_change_for(&self, somebody: &str) -> bool {
        match &self.event {
            Happened::Known(Event::WorkAsked { .. } | Event::RemoteOpened { .. }) => {
                self.actor != somebody
            }
            Happened::Known(known) => !known.is_record(),
            Happened::Unknown { .. } => true,
        }
    }
}

impl Happened {
    pub fn kind(&self) -> &str {
        match self {
            Self::Known(known) => known.kind(),
            Self::Unknown { kind, .. } => kind,
        }
    }
}

impl Store {
    /// A ticket's events after `after`, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn timeline(
        &self,
        ticket: i64,
        after: i64,
        most: u32,
    ) -> Result<Vec<TimelineEvent>, StoreError> {
        let mut on = self.reader().await?;
        events(&mut on, ticket, after, i64::from(most)).await
    }

    /// What requester and technician wrote to each other on a ticket, the newest first, 500 at most.
    ///
    /// # Errors
    /// The store's own.
    pub async fn messages(&self, ticket: i64) -> Result<Vec<TimelineEvent>, StoreError> {
        self.newest_of_kind(ticket, "messaged", MOST_MESSAGES).await
    }

    /// When devices were opened in a tool of their site for a ticket, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn remote_openings(
        &self,
        ticket: i64,
        most: u32,
    ) -> Result<Vec<TimelineEvent>, StoreError> {
        self.newest_of_kind(ticket, "remote_opened", i64::from(most))
            .await
    }

    /// How a ticket came into the state that it is in; `None`: it is as it was opened.
    ///
    /// # Errors
    /// The store's own.
    pub async fn last_state_change(
        &self,
        ticket: i64,
    ) -> Result<Option<TimelineEvent>, StoreError> {
        let last = self.newest_of_kind(ticket, "state_changed", 1).await?;
        Ok(last.into_iter().next())
    }

    async fn newest_of_kind(
        &self,
        ticket: i64,
        kind: &'static str,
        most: i64,
    ) -> Result<Vec<TimelineEvent>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT number, at, actor, kind, body FROM ticket_events WHERE ticket = $1 AND kind = $2 \
             ORDER BY number DESC LIMIT $3",
        )
        .bind(ticket)
        .bind(kind)
        .bind(most)
        .read(&mut on, read)
        .await
    }

    /// Makes a ticket's rows anew from its events.
    ///
    /// # Errors
    /// Not found: the ticket. Broken: its events break the rules.
    pub async fn rebuild_ticket(&self, number: i64) -> Result<NumberedTicket, StoreError> {
        self.write(number, |tx, number| Box::pin(rebuild(tx, *number)))
            .await
    }
}

pub(super) async fn append(
    tx: &mut Tx,
    ticket: i64,
    number: i64,
    event: &Event,
    actor: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let body =
        serde_json::to_string(event).map_err(|error| StoreError::Broken(error.to_string()))?;
    Query::new(
        "INSERT INTO ticket_events (ticket, number, at, actor, kind, body) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(ticket)
    .bind(number)
    .bind(at)
    .bind(actor)
    .bind(event.kind())
    .bind(body)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// All events of a ticket.
pub(in super::super) async fn whole(
    tx: &mut Tx,
    ticket: i64,
) -> Result<Vec<TimelineEvent>, StoreError> {
    events(&mut tx.on, ticket, 0, i64::MAX).await
}

/// One event of a ticket, with the ticket as it is now.
pub(in super::super) async fn event_of(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
    number: i64,
) -> Result<Option<(NumberedTicket, TimelineEvent)>, StoreError> {
    let event = events(on, ticket, number - 1, 1).await?.pop();
    let ticket = super::load(on, ticket).await?;
    Ok(ticket.zip(event.filter(|event| event.number == number)))
}

pub(super) async fn events(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
    after: i64,
    most: i64,
) -> Result<Vec<TimelineEvent>, StoreError> {
    Query::new(
        "SELECT number, at, actor, kind, body FROM ticket_events WHERE ticket = $1 AND number > $2 \
         ORDER BY number LIMIT $3",
    )
    .bind(ticket)
    .bind(after)
    .bind(most)
    .read(on, read)
    .await
}

pub(super) fn read(columns: &mut Columns<'_>) -> Result<TimelineEvent, StoreError> {
    let (number, at, actor) = (columns.int()?, columns.int()?, columns.text()?);
    let (kind, body) = (columns.text()?, columns.text()?);
    let event = match serde_json::from_str(&body) {
        Ok(event) => Happened::Known(event),
        Err(_) => Happened::Unknown { kind, body },
    };
    Ok(TimelineEvent {
        number,
        at,
        actor,
        event,
    })
}

/// Forgets what follows from the events, then lets them happen once more, one after the other.
async fn rebuild(tx: &mut Tx, number: i64) -> Result<NumberedTicket, StoreError> {
    consents::forget(tx, number).await?;
    super::forget(tx, number).await?;
    let mut present: Option<NumberedTicket> = None;
    for happened in events(&mut tx.on, number, 0, i64::MAX).await? {
        if let Happened::Known(event) = &happened.event {
            let before = present.as_ref().map(|present| &present.ticket);
            let next = ticket::after(before, event, &happened.actor, happened.at)
                .map_err(|refusal| StoreError::Broken(refusal.to_string()))?;
            present = Some(super::project(tx, number, present.as_ref(), next).await?);
            consents::follow(tx, number, event, &happened.actor, happened.at).await?;
        }
    }
    let ticket = present.ok_or(StoreError::not_found(wording!("ticket")))?;
    clocks::reckon(tx, &ticket).await?;
    escalations::reckon(tx, &ticket).await?;
    search::rebuild(tx, &ticket).await?;
    Ok(ticket)
}

/// Says of a ticket's events what they are once a person is forgotten, and makes what follows from them anew. Events are
/// never changed but here: whoever calls this keeps the audit entry in the same transaction. `actors`: who did it, and
/// who did it from now on. Kinds of a later version are as they were.
///
/// # Errors
/// Not found: the ticket. Broken: its events break the rules.
pub(in super::super) async fn rewrite(
    tx: &mut Tx,
    number: i64,
    without: impl Fn(&Event) -> Event,
    actors: &BTreeMap<String, String>,
) -> Result<(), StoreError> {
    let mut is_changed = false;
    for happened in events(&mut tx.on, number, 0, i64::MAX).await? {
        let Happened::Known(before) = &happened.event else {
            continue;
        };
        let after = without(before);
        let actor = actors.get(&happened.actor).unwrap_or(&happened.actor);
        if after == *before && *actor == happened.actor {
            continue;
        }
        is_changed = true;
        let body =
            serde_json::to_string(&after).map_err(|error| StoreError::Broken(error.to_string()))?;
        Query::new(
            "UPDATE ticket_events SET actor = $1, body = $2 WHERE ticket = $3 AND number = $4",
        )
        .bind(actor)
        .bind(body)
        .bind(number)
        .bind(happened.number)
        .execute(&mut tx.on)
        .await?;
    }
    if is_changed {
        rebuild(tx, number).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, device, on_both};
    use super::super::{OpenTicket, TicketChange, TicketFilter};
    use super::*;
    use crate::desk::{Priority, State, WaitingFor};

    fn opening(title: &str, devices: Vec<String>) -> OpenTicket {
        OpenTicket {
            title: title.into(),
            site: "default".into(),
            priority: Priority::Normal,
            requester: Some("rosa".into()),
            person: None,
            weight: None,
            devices,
            note: Some("said on the phone".into()),
            opened_by: "ann".into(),
            at: NOW,
        }
    }

    fn change(number: i64, event: Event) -> TicketChange {
        TicketChange {
            number,
            event,
            actor: "bob".into(),
            expected_version: None,
            at: NOW + 5,
        }
    }

    #[tokio::test]
    async fn tickets_count_from_one_without_gaps_and_a_refused_one_takes_no_number() {
        on_both(|store| async move {
            let first = store.open_ticket(opening("one", vec![])).await.unwrap();
            let nobody = crate::store::DeviceId::random().to_string();
            assert_eq!(
                store.open_ticket(opening("lost", vec![nobody])).await,
                Err(StoreError::not_found(wording!("device")))
            );
            let second = store.open_ticket(opening("two", vec![])).await.unwrap();
            assert_eq!((first.number, second.number), (1, 2));
            let listed = store
                .tickets(&TicketFilter {
                    most: 10,
                    ..TicketFilter::default()
                })
                .await
                .unwrap();
            let titles: Vec<&str> = listed.iter().map(|t| t.ticket.title.as_str()).collect();
            assert_eq!(titles, ["two", "one"]);
        })
        .await;
    }

    #[tokio::test]
    async fn the_second_of_two_changes_to_one_version_is_told_so() {
        on_both(|store| async move {
            let opened = store.open_ticket(opening("one", vec![])).await.unwrap();
            let seen = TicketChange {
                expected_version: Some(opened.ticket.version),
                ..change(
                    1,
                    Event::Assigned {
                        to: Some("bob".into()),
                    },
                )
            };
            store.change_ticket(seen.clone()).await.unwrap();
            assert_eq!(
                store.change_ticket(seen.clone()).await,
                Err(StoreError::conflict(wording!(
                    "the ticket has changed since: assigned by bob; its version is 3"
                )))
            );
            let unheard = TicketChange {
                expected_version: Some(9),
                ..seen
            };
            assert_eq!(
                store.change_ticket(unheard).await,
                Err(StoreError::conflict(wording!("the ticket's version is 3")))
            );
        })
        .await;
    }

    #[tokio::test]
    async fn what_devices_did_and_what_one_asked_them_for_is_no_change_since_one_saw_a_ticket() {
        on_both(|store| async move {
            let (id, _) = device(&store, "pc").await;
            let device = id.to_string();
            let opened = store.open_ticket(opening("one", vec![])).await.unwrap();
            let version = opened.ticket.version;
            let asked = Event::WorkAsked {
                job: "9".into(),
                device: device.clone(),
                title: "disk.space".into(),
                consent: None,
            };
            let taken = Event::SnapshotTaken {
                snapshot: "7".into(),
                device,
                partial: true,
                window: None,
            };
            let noted = |actor: &str| TicketChange {
                expected_version: Some(version),
                actor: actor.into(),
                ..change(
                    1,
                    Event::Noted {
                        text: "seen".into(),
                    },
                )
            };
            let opened = Event::RemoteOpened {
                device: id.to_string(),
                tool: "RustDesk".into(),
            };
            for event in [asked, taken, opened] {
                store.change_ticket(change(1, event)).await.unwrap();
            }
            let now = version + 3;
            assert_eq!(
                store.change_ticket(noted("carla")).await,
                Err(StoreError::conflict(wording!(
                    "the ticket has changed since: work asked by bob, remote opened by bob; its version is {}",
                    now
                )))
            );
            let changed = store.change_ticket(noted("bob")).await.unwrap();
            assert_eq!(changed.ticket.ticket.version, now + 1);
        })
        .await;
    }

    #[tokio::test]
    async fn what_follows_from_the_events_can_be_made_anew() {
        on_both(|store| async move {
            let (id, _) = device(&store, "pc").await;
            let (other, _) = device(&store, "other").await;
            let devices = vec![id.to_string(), other.to_string()];
            store.open_ticket(opening("one", devices)).await.unwrap();
            let events = [
                Event::Assigned { to: Some("bob".into()) },
                Event::StateChanged {
                    to: State::Waiting,
                    waiting_for: Some(WaitingFor::Part),
                    reason: Some("a new disk".into()),
                    confirmation: None,
                },
                Event::PriorityChanged { to: Priority::High, weight: None },
                Event::DeviceRemoved { device: id.to_string(), goes_on_as: None },
            ];
            let mut last = None;
            for event in events {
                last = Some(store.change_ticket(change(1, event)).await.unwrap().ticket);
            }
            let last = last.unwrap();
            assert_eq!(last.ticket.devices, [other.to_string()]);
            for spoil in [
                "DELETE FROM ticket_devices RETURNING ticket",
                "UPDATE tickets SET title = '', state = 'new', waiting_for = NULL, priority = 4, assignee = NULL, \
                 version = 1 RETURNING number",
            ] {
                crate::store::testing::ask_writer(&store, spoil).await.unwrap();
            }
            assert_ne!(store.ticket(1).await.unwrap(), Some(last.clone()));
            let rebuilt = store.rebuild_ticket(1).await.unwrap();
            assert_eq!(rebuilt, last);
            assert_eq!(store.ticket(1).await.unwrap(), Some(last));
            let timeline = store.timeline(1, 0, 100).await.unwrap();
            assert_eq!(timeline.len(), 8);
            assert_eq!(store.timeline(1, 7, 100).await.unwrap(), timeline[7..]);
        })
        .await;
    }
}

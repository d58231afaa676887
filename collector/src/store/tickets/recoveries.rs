//! A ticket whose last alert is over, and that nobody has taken, is solved by that.

use crate::desk::recovery::is_untouched;
use crate::desk::{Confirmation, Event, State};

use super::super::{COLLECTOR, Query, StoreError, TimeUs, Tx};
use super::timeline::{self, Happened};
use super::{happen, load, proof};

/// Looks whether a ticket ends with the alert that was cleared; true: it does.
pub(in super::super) async fn recover(
    tx: &mut Tx,
    number: i64,
    at: TimeUs,
) -> Result<bool, StoreError> {
    let open =
        Query::new("SELECT alert_key FROM alerts WHERE ticket = $1 AND cleared_at IS NULL LIMIT 1")
            .bind(number)
            .read_optional(&mut tx.on, |columns| columns.int())
            .await?;
    if open.is_some() {
        return Ok(false);
    }
    let Some(present) = load(&mut tx.on, number).await? else {
        return Ok(false);
    };
    let events = timeline::events(&mut tx.on, number, 0, i64::MAX).await?;
    let mut known = Vec::with_capacity(events.len());
    for happened in &events {
        match &happened.event {
            Happened::Known(event) => known.push((happened.actor.as_str(), event)),
            // Nobody can tell who did what there.
            Happened::Unknown { .. } => return Ok(false),
        }
    }
    if !is_untouched(&present.ticket, known) {
        return Ok(false);
    }
    if !proof::still_wrong(tx, number, at).await?.is_empty() {
        return Ok(false);
    }
    let mut present = Some(present);
    for (to, confirmation) in [
        (State::Proposed, None),
        (State::Resolved, Some(Confirmation::Checks)),
    ] {
        let event = Event::StateChanged {
            to,
            waiting_for: None,
            reason: Some("what it was opened for is over, and nobody has taken it".to_owned()),
            confirmation,
        };
        present = Some(happen(tx, number, present, &event, COLLECTOR, at).await?);
    }
    Ok(true)
}

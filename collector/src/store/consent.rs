//! What people at devices have answered to questions for their consent.

use sonde_proto::help::Reason;

use super::{Id, StoreError, TimeUs, Tx};

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

/// Takes an answer, in the transaction of the report that brings it.
///
/// # Errors
/// Refused, before anything is written: this collector has put no such question to this device.
pub(super) async fn answered(
    _tx: &mut Tx,
    _device_key: i64,
    _answer: &ConsentAnswer,
) -> Result<(), StoreError> {
    // It keeps no questions: none can have been put.
    Err(StoreError::refused(
        "question_id",
        "nobody at this device was asked that".to_owned(),
    ))
}

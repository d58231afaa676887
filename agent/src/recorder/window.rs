//! A window of the recorder, as somebody asks for it.

use sonde_proto::v1;

use super::Recording;
use crate::facts::Request;
use crate::host::{Host, Term, Unavailable};
use crate::value::{Kind, Parameter};

/// How far a window reaches back when nobody says: a quarter of an hour.
const USUAL_US: i64 = 900_000_000;
pub(crate) const WHAT: Term = Term::FlightRecorder;

pub(crate) const SINCE: Parameter = Parameter {
    name: "since",
    kind: Kind::Time,
    help_en: "not older than this; a quarter of an hour before its end if not given",
    help_fr: "pas avant ce moment ; à défaut, un quart d'heure avant la fin",
    ..Parameter::PLAIN
};

pub(crate) const UNTIL: Parameter = Parameter {
    name: "until",
    kind: Kind::Time,
    help_en: "not newer than this; now if not given",
    help_fr: "pas après ce moment ; à défaut, maintenant",
    ..Parameter::PLAIN
};

/// What was recorded in the window that `request` asks for.
///
/// # Errors
/// Absent: no agent has recorded on this machine.
pub(crate) fn read(
    host: &Host,
    request: &Request,
    wanted: impl Fn(&v1::Series) -> bool,
) -> Result<Recording, Unavailable> {
    let path = host.recorder().ok_or_else(|| Unavailable::absent(WHAT))?;
    let until_us = request.integer("until").unwrap_or_else(|| host.now_us());
    let since_us = request
        .integer("since")
        .unwrap_or(until_us.saturating_sub(USUAL_US));
    Recording::read(&path, since_us, until_us, wanted)
        .map_err(|error| Unavailable::io(WHAT, &error))
}

//! What people have said at devices, for the desk.

use sonde_proto::v1;

use super::intake::id;
use crate::store::reports::Body;
use crate::store::tickets::NewSaid;

/// What somebody has said, meant at `asked_at` and come at `taken_at`.
pub(super) fn taken(said: v1::Said, asked_at: i64, taken_at: i64) -> Result<Body, String> {
    let ticket = i64::try_from(said.ticket).map_err(|_| "ticket: there is none such".to_owned())?;
    Ok(Body::Said(Box::new(NewSaid {
        said_id: id(&said.said_id, "said_id").map_err(|error| error.to_string())?,
        login: said.login,
        full_name: said.full_name,
        text: said.text,
        ticket: Some(ticket).filter(|ticket| *ticket != 0),
        solved: said.solved,
        // Nobody can have meant it later.
        asked_at: asked_at.min(taken_at),
        taken_at,
    })))
}

#[test]
fn nobody_has_meant_it_after_it_came() {
    let said = |ticket| v1::Said {
        said_id: vec![1; 16].into(),
        login: "rosa".into(),
        text: "no sound".into(),
        ticket,
        ..v1::Said::default()
    };
    let Ok(Body::Said(kept)) = taken(said(0), 9, 5) else {
        panic!("it is not taken");
    };
    assert_eq!((kept.asked_at, kept.taken_at, kept.ticket), (5, 5, None));
    let Ok(Body::Said(kept)) = taken(said(7), 3, 5) else {
        panic!("it is not taken");
    };
    assert_eq!((kept.asked_at, kept.ticket), (3, Some(7)));
    assert!(taken(said(u64::MAX), 3, 5).is_err());
}

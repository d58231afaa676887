//! The one way of a report into the spool.

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::Report;

use crate::blocks::BlocksError;
use crate::clock::Moment;
use crate::session::{Input, Session};
use crate::spool::{Kind, Spool};

/// Spools a report and tells the session. False: it was dropped, because the spool is full or because it breaks a
/// cap; its number is accounted for, and that is said.
pub(in crate::driver) fn add_report(
    kind: Kind,
    mut report: Report,
    now: Moment,
    spool: &mut Spool,
    session: &mut Session,
) -> Result<bool, BlocksError> {
    let mut thinned = Vec::new();
    if let Err(why) = fit(&mut report) {
        tracing::error!(why, ?kind, "a report was dropped: it breaks a cap");
        thinned.push(spool.skip(kind)?);
        session.handle(now.boot_us, Input::Thinned(thinned));
        return Ok(false);
    }
    let added = spool.add_report(kind, report, &mut thinned);
    session.handle(now.boot_us, Input::Thinned(thinned));
    match added {
        Ok(seq) => session.handle(now.boot_us, Input::Added { seq, kind }),
        Err(error) => return full(error).map(|()| false),
    }
    Ok(true)
}

/// Holds a report against what the collector takes, and cleans its texts as that does.
fn fit(report: &mut Report) -> Result<(), String> {
    caps::admit(report).map_err(|violation| violation.to_string())?;
    match report.encoded_len() {
        found if found > caps::REPORT_BYTES => Err(format!(
            "{found} bytes, where {} is the most",
            caps::REPORT_BYTES
        )),
        _ => Ok(()),
    }
}

pub(super) fn full(error: BlocksError) -> Result<(), BlocksError> {
    match error {
        BlocksError::Full { .. } | BlocksError::TooLong(_) => {
            tracing::warn!(%error, "a report was dropped: the spool has no room for it");
            Ok(())
        }
        BlocksError::NoHead | BlocksError::Io(_) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Numbers, Output};
    use sonde_proto::v1::{self, report};

    #[test]
    fn what_the_collector_would_refuse_is_dropped_and_accounted_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::create(&folder.path().join("spool"), 512, [1; 16]).unwrap();
        let numbers = Numbers {
            first_seqs: vec![1],
            run_first: 1,
        };
        let mut session = Session::new(0, numbers, [], 1);
        session.handle_timeout(0);
        assert_eq!(session.poll_output(), Some(Output::Connect));
        session.handle(0, Input::Connected);
        session.handle(0, Input::Welcomed(v1::Welcome::default()));
        let finding = |n_bytes| v1::Finding {
            check: "disk.space".into(),
            explained_by: "x".repeat(n_bytes),
            message: Some(v1::Message::default()),
            ..v1::Finding::default()
        };
        let mut add = |findings| {
            let changes = v1::FindingChanges {
                findings,
                ..v1::FindingChanges::default()
            };
            let report = Report {
                body: Some(report::Body::Findings(changes)),
                ..Report::default()
            };
            let moment = Moment::default();
            add_report(Kind::Findings, report, moment, &mut spool, &mut session).unwrap()
        };
        assert!(!add(vec![finding(caps::TEXT_BYTES + 1)]));
        assert!(!add(vec![finding(caps::TEXT_BYTES); 16]));
        assert!(add(vec![finding(caps::TEXT_BYTES)]));
        assert!(spool.take_lost().findings);
        let outputs: Vec<Output> = std::iter::from_fn(|| session.poll_output()).collect();
        let thinned = |seq| Output::Thin(crate::spool::ranges([seq]));
        assert_eq!(outputs, [thinned(1), thinned(2), Output::Send(3)]);
    }
}

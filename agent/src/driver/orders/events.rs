//! What jobs say, as events of a size that travels.

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::{self, ConsentNeed, Finding, JobEvent, job_event::Event, job_output};

use super::super::reports::add_report;
use super::said;
use crate::apply::{Progress, Stream};
use crate::blocks::BlocksError;
use crate::clock;
use crate::facts::{self, Table};
use crate::plan::{EXACT_BYTES, Plan, exact_bytes};
use crate::session::Session;
use crate::spool::{Kind, Spool};
use crate::wire;

/// One event, with room for the rest of its report.
const EVENT_BYTES: usize = caps::REPORT_BYTES - 4096;

/// Exact strings for which there is no room are left out; the last one then says so.
pub(super) fn planned(plan: &Plan, need: ConsentNeed) -> Event {
    let mut room = EXACT_BYTES;
    let steps = plan.steps.iter().map(|planned| {
        let exact = planned.step.exact();
        let mut fitting: Vec<String> = exact
            .iter()
            .map(|one| wire::cut(one))
            .take_while(|one| {
                let fits = exact_bytes(one) <= room;
                room = room.saturating_sub(exact_bytes(one));
                fits
            })
            .collect();
        if fitting.len() < exact.len() {
            fitting.push("…".to_owned());
        }
        v1::PlanStep {
            message: Some(said(&planned.message)),
            exact: fitting,
        }
    });
    Event::Plan(v1::JobPlan {
        steps: steps.collect(),
        consent: need.into(),
    })
}

pub(super) fn progressed(progress: Progress) -> Vec<Event> {
    match progress {
        Progress::Started { .. } => Vec::new(),
        Progress::Done { step, left } => vec![Event::Step(v1::JobStep {
            step: step as u32,
            done: true,
            message: left.as_ref().map(said),
        })],
        Progress::Failed { step, why } => vec![Event::Step(v1::JobStep {
            step: step as u32,
            done: false,
            message: Some(said(&why)),
        })],
        Progress::Output {
            stream,
            data,
            missing_bytes,
            ..
        } => {
            let stream = match stream {
                Stream::Out => job_output::Stream::Out,
                Stream::Error => job_output::Stream::Error,
            };
            let pieces = data.chunks(caps::OUTPUT_BYTES).enumerate();
            let output = |(at, piece): (usize, &[u8])| v1::JobOutput {
                stream: stream.into(),
                data: piece.to_vec().into(),
                missing_bytes: if at == 0 { missing_bytes } else { 0 },
            };
            pieces.map(output).map(Event::Output).collect()
        }
    }
}

/// Rows in events of at most `caps::ROWS`, and of a size that fits a report.
pub(super) fn rows(table: &Table, reading: facts::Reading) -> Vec<Event> {
    let (id, _) =
        sonde_proto::declaration::encode(v1::declaration::Body::Table(wire::table(table)));
    let declaration = || v1::JobRows {
        declaration_id: id.to_vec().into(),
        table: table.name.to_owned(),
        ..v1::JobRows::default()
    };
    let mut events = vec![declaration()];
    let mut size = 0;
    for row in reading.rows.into_iter().map(wire::row) {
        let length = row.encoded_len() + 4;
        if size + length > EVENT_BYTES
            || events
                .last()
                .is_some_and(|last| last.rows.len() >= caps::ROWS)
        {
            events.push(declaration());
            size = 0;
        }
        size += length;
        if let Some(last) = events.last_mut() {
            last.rows.push(row);
        }
    }
    if let Some(last) = events.last_mut() {
        last.missing_rows = reading.missing_rows as u64;
    }
    events.into_iter().map(Event::Rows).collect()
}

/// Findings in events of a size that fits a report.
pub(super) fn found(findings: Vec<Finding>, verifies: bool) -> Vec<Event> {
    let mut events = vec![v1::JobFindings {
        findings: Vec::new(),
        verifies,
    }];
    let mut size = 0;
    for finding in findings {
        let length = finding.encoded_len() + 4;
        if size + length > EVENT_BYTES {
            events.push(v1::JobFindings {
                findings: Vec::new(),
                verifies,
            });
            size = 0;
        }
        size += length;
        if let Some(last) = events.last_mut() {
            last.findings.push(finding);
        }
    }
    events.into_iter().map(Event::Findings).collect()
}

/// Spools a job's events, in as many reports as the cap wants.
pub(super) fn report(
    events: Vec<JobEvent>,
    boot_id: &str,
    spool: &mut Spool,
    session: &mut Session,
) -> Result<(), BlocksError> {
    let now = clock::now();
    let mut add = |events| {
        let body = v1::report::Body::Job(v1::JobEvents { events });
        let report = v1::Report {
            seq: 0,
            clock: Some(now.into()),
            boot_id: boot_id.to_owned(),
            body: Some(body),
        };
        add_report(Kind::Job, report, now, spool, session)
    };
    for events in in_reports(events) {
        let end = events
            .last()
            .filter(|event| matches!(event.event, Some(Event::Ended(_))))
            .cloned();
        let n_events = events.len();
        // For an end alone there is room when there is none for what came before it.
        if !add(events)? && n_events > 1 {
            end.map(|end| add(vec![end])).transpose()?;
        }
    }
    Ok(())
}

/// Events in groups that fit into reports.
fn in_reports(events: Vec<JobEvent>) -> Vec<Vec<JobEvent>> {
    let mut reports: Vec<Vec<JobEvent>> = Vec::new();
    let mut size = 0;
    for event in events {
        let length = event.encoded_len() + 4;
        match reports.last_mut() {
            Some(report) if size + length <= EVENT_BYTES && report.len() < caps::JOB_EVENTS => {
                report.push(event)
            }
            Some(_) | None => {
                size = 0;
                reports.push(vec![event]);
            }
        }
        size += length;
    }
    reports
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Message;
    use crate::plan::{File, Step};

    #[test]
    fn a_plan_of_long_paths_fits_a_report() {
        let file = File {
            path: "\t".repeat(caps::TEXT_BYTES),
            bytes: 0,
            device: 0,
            inode: 0,
        };
        let step = || Step::RemoveFiles {
            root: "/var/cache".into(),
            files: vec![file.clone(); 40],
        };
        let plan = Plan::default()
            .step(Message::new("remove", vec![]), step())
            .step(Message::new("remove", vec![]), step());
        let mut event = JobEvent {
            order_id: vec![0; 16].into(),
            event: Some(planned(&plan, ConsentNeed::Any)),
            ..JobEvent::default()
        };
        assert_eq!(caps::admit_event(&mut event), Ok(()));
        assert!(event.encoded_len() < EVENT_BYTES);
    }
}

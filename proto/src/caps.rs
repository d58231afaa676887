//! How large anything on the wire may be. The agent keeps within them before it spools, the collector refuses
//! what does not.

use crate::text;
use crate::v1::{self, Report, agent_event, argument, job_event, report, value};

/// One message of a session, encoded. Larger things travel on a channel.
pub const MESSAGE_BYTES: usize = 64 << 10;
/// A report's body as it is spooled, encoded, with room left for the frame around it.
pub const REPORT_BYTES: usize = MESSAGE_BYTES - 1024;
/// Series in one session. A sample of as many fits into a message whatever their values, if they were named before.
pub const SERIES: usize = 4096;
/// Rows in one report; a larger table is sent in several.
pub const ROWS: usize = 512;
/// Columns of a table.
pub const COLUMNS: usize = 64;
/// One text, in bytes: a cell, an argument, a name.
pub const TEXT_BYTES: usize = 4096;
/// What somebody says at once, in bytes.
pub const SAID_BYTES: usize = 8 << 10;
/// A login or a person's name, in bytes.
pub const LOGIN_BYTES: usize = 256;
/// What a technician wants to do, in a sentence, in bytes.
pub const PURPOSE_BYTES: usize = 1024;
/// Tickets in one answer to a person.
pub const HELP_TICKETS: usize = 20;
/// Messages in one answer to a person.
pub const HELP_MESSAGES: usize = 50;
/// Texts of the messages in one answer to a person, in bytes, with room left for what stands beside them.
pub const HELP_BYTES: usize = 48 << 10;
/// Name of a check, in bytes.
pub const CHECK_BYTES: usize = 128;
/// Subject of a finding, in bytes: the collector keeps it in an index.
pub const SUBJECT_BYTES: usize = 1024;
/// Findings in one report.
pub const FINDINGS: usize = 512;
/// Findings of a device.
pub const KEPT_FINDINGS: usize = 4096;
/// Arguments of one message, and pieces of evidence of one finding.
pub const ARGUMENTS: usize = 32;
/// Events in one report.
pub const JOB_EVENTS: usize = 64;
/// Output in one job event.
pub const OUTPUT_BYTES: usize = 32 << 10;
/// What one order asks for, encoded, with room left in the message for the order around it.
pub const ORDER_BYTES: usize = 48 << 10;
/// Parameters of one order.
pub const PARAMETERS: usize = 32;
/// Declarations in one hello.
pub const DECLARATIONS: usize = 256;
/// One declaration, encoded.
pub const DECLARATION_BYTES: usize = 512 << 10;
/// Data in one message of a channel.
pub const PIECE_BYTES: usize = 32 << 10;
/// What one job may hold back for a channel.
pub const HELD_BYTES: usize = 16 << 20;
/// Series of live metrics; of what a device has beyond them there is none.
pub const LIVE_SERIES: usize = 512;
/// One sample of live metrics, encoded, with the names of all its series.
pub const LIVE_BYTES: usize = 512 << 10;
/// Ranges of numbers in one message.
pub const RANGES: usize = 1024;
/// Life of a work order, at most: 30 days in microseconds. A journal forgets an order no sooner.
pub const ORDER_LIFE_US: i64 = 30 * 86_400_000_000;
/// Bytes kept of a report that was refused.
pub const REJECTED_BYTES: usize = 4096;

/// A report that breaks a cap or lacks a part. It is refused whole.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("{field}: {found}, where {most} is the most")]
    TooMany {
        field: &'static str,
        found: usize,
        most: usize,
    },
    #[error("{field} is missing")]
    Missing { field: &'static str },
    #[error("{field} is {found} bytes long, not {expected}")]
    Length {
        field: &'static str,
        found: usize,
        expected: usize,
    },
}

/// Cleans every text in `report` and holds it against the caps. Types and columns of rows are not looked at:
/// that needs the declarations.
pub fn admit(report: &mut Report) -> Result<(), Violation> {
    match report
        .body
        .as_mut()
        .ok_or(Violation::Missing { field: "body" })?
    {
        report::Body::Sample(sample) => admit_series(&mut sample.series),
        report::Body::Facts(facts) => facts.changes.iter_mut().try_for_each(admit_change),
        report::Body::Findings(changes) => {
            at_most("findings", changes.findings.len(), FINDINGS)?;
            at_most("gone", changes.gone.len(), FINDINGS)?;
            at_most("kept", changes.kept.len(), KEPT_FINDINGS)?;
            changes.findings.iter_mut().try_for_each(admit_finding)?;
            changes
                .gone
                .iter_mut()
                .chain(&mut changes.kept)
                .try_for_each(|key| {
                    tidy("gone.check", &mut key.check)?;
                    tidy("gone.subject", &mut key.subject)
                })
        }
        report::Body::Job(job) => {
            at_most("events", job.events.len(), JOB_EVENTS)?;
            job.events.iter_mut().try_for_each(admit_event)
        }
        report::Body::Event(event) => match event.event.as_mut() {
            Some(agent_event::Event::Started(started)) => {
                tidy("agent_version", &mut started.agent_version)
            }
            Some(agent_event::Event::ClockJumped(_) | agent_event::Event::Resumed(_)) => Ok(()),
            None => Err(Violation::Missing { field: "event" }),
        },
        report::Body::Said(said) => admit_said(said),
        report::Body::Consent(consent) => {
            exactly("question_id", consent.question_id.len(), 16)?;
            tidy("login", &mut consent.login)?;
            at_most("login", consent.login.len(), LOGIN_BYTES)?;
            tidy("reason", &mut consent.reason)
        }
    }
}

/// Cleans what a person says, and holds it against the caps.
pub fn admit_said(said: &mut v1::Said) -> Result<(), Violation> {
    exactly("said_id", said.said_id.len(), 16)?;
    for (field, name) in [
        ("login", &mut said.login),
        ("full_name", &mut said.full_name),
    ] {
        tidy(field, name)?;
        at_most(field, name.len(), LOGIN_BYTES)?;
    }
    if said.login.is_empty() {
        return Err(Violation::Missing { field: "login" });
    }
    text::clean_in_place(&mut said.text, true);
    at_most("text", said.text.len(), SAID_BYTES)?;
    if said.text.trim().is_empty() && !(said.solved && said.ticket != 0) {
        return Err(Violation::Missing { field: "text" });
    }
    Ok(())
}

/// Cleans a question for consent and holds it against the caps.
pub fn admit_question(asked: &mut v1::AskConsent) -> Result<(), Violation> {
    exactly("question_id", asked.question_id.len(), 16)?;
    tidy("technician", &mut asked.technician)?;
    at_most("technician", asked.technician.len(), LOGIN_BYTES)?;
    for (field, text) in [
        ("purpose_en", &mut asked.purpose_en),
        ("purpose_fr", &mut asked.purpose_fr),
    ] {
        tidy(field, text)?;
        at_most(field, text.len(), PURPOSE_BYTES)?;
    }
    Ok(())
}

/// Cleans the names of series and holds them against the caps.
pub fn admit_series(series: &mut [v1::Series]) -> Result<(), Violation> {
    at_most("series", series.len(), SERIES)?;
    series.iter_mut().try_for_each(|series| {
        tidy("series.name", &mut series.name)?;
        tidy("series.labels", &mut series.labels)?;
        tidy("series.unit", &mut series.unit)
    })
}

fn admit_change(change: &mut v1::TableChange) -> Result<(), Violation> {
    tidy("table", &mut change.table)?;
    tidy("unavailable", &mut change.unavailable)?;
    exactly("declaration_id", change.declaration_id.len(), 16)?;
    if !change.table_hash.is_empty() {
        exactly("table_hash", change.table_hash.len(), 16)?;
    }
    at_most("rows", change.rows.len(), ROWS)?;
    change.rows.iter_mut().try_for_each(admit_row)
}

fn admit_row(row: &mut v1::Row) -> Result<(), Violation> {
    at_most("values", row.values.len(), COLUMNS)?;
    row.values
        .iter_mut()
        .try_for_each(|value| match &mut value.value {
            Some(value::Value::Text(text)) => tidy("value", text),
            Some(_) | None => Ok(()),
        })
}

fn admit_finding(finding: &mut v1::Finding) -> Result<(), Violation> {
    tidy("finding.check", &mut finding.check)?;
    at_most("finding.check", finding.check.len(), CHECK_BYTES)?;
    tidy("finding.subject", &mut finding.subject)?;
    at_most("finding.subject", finding.subject.len(), SUBJECT_BYTES)?;
    tidy("finding.explained_by", &mut finding.explained_by)?;
    admit_message(finding.message.as_mut().ok_or(Violation::Missing {
        field: "finding.message",
    })?)?;
    finding.cause.as_mut().map_or(Ok(()), admit_message)?;
    admit_arguments(&mut finding.evidence)?;
    at_most("remedies", finding.remedies.len(), ARGUMENTS)?;
    finding
        .remedies
        .iter_mut()
        .try_for_each(|remedy| tidy("remedy", remedy))
}

/// Cleans a message and holds it against the caps.
pub fn admit_message(message: &mut v1::Message) -> Result<(), Violation> {
    tidy("message.id", &mut message.id)?;
    admit_arguments(&mut message.arguments)
}

fn admit_arguments(arguments: &mut [v1::Argument]) -> Result<(), Violation> {
    at_most("arguments", arguments.len(), ARGUMENTS)?;
    arguments.iter_mut().try_for_each(|argument| {
        tidy("argument.name", &mut argument.name)?;
        tidy("argument.term", &mut argument.term)?;
        tidy("argument.of", &mut argument.of)?;
        match argument.value.as_mut() {
            Some(argument::Value::Text(text)) => tidy("argument", text),
            Some(argument::Value::Number(number)) => tidy("argument.unit", &mut number.unit),
            Some(_) | None => Ok(()),
        }
    })
}

/// Cleans an event of a job and holds it against the caps.
pub fn admit_event(event: &mut v1::JobEvent) -> Result<(), Violation> {
    exactly("order_id", event.order_id.len(), 16)?;
    match event
        .event
        .as_mut()
        .ok_or(Violation::Missing { field: "event" })?
    {
        job_event::Event::Accepted(_)
        | job_event::Event::Started(_)
        | job_event::Event::Held(_) => Ok(()),
        job_event::Event::Output(output) => at_most("output", output.data.len(), OUTPUT_BYTES),
        job_event::Event::Findings(findings) => {
            at_most("findings", findings.findings.len(), FINDINGS)?;
            findings.findings.iter_mut().try_for_each(admit_finding)
        }
        job_event::Event::Plan(plan) => {
            at_most("steps", plan.steps.len(), ROWS)?;
            plan.steps.iter_mut().try_for_each(|step| {
                step.message.as_mut().map_or(Ok(()), admit_message)?;
                at_most("exact", step.exact.len(), COLUMNS)?;
                step.exact
                    .iter_mut()
                    .try_for_each(|exact| tidy("exact", exact))
            })
        }
        job_event::Event::Step(step) => step.message.as_mut().map_or(Ok(()), admit_message),
        job_event::Event::Rows(rows) => {
            tidy("table", &mut rows.table)?;
            at_most("rows", rows.rows.len(), ROWS)?;
            rows.rows.iter_mut().try_for_each(admit_row)
        }
        job_event::Event::Ended(ended) => ended.message.as_mut().map_or(Ok(()), admit_message),
    }
}

fn tidy(field: &'static str, text: &mut String) -> Result<(), Violation> {
    text::clean_in_place(text, false);
    at_most(field, text.len(), TEXT_BYTES)
}

fn at_most(field: &'static str, found: usize, most: usize) -> Result<(), Violation> {
    if found > most {
        Err(Violation::TooMany { field, found, most })
    } else {
        Ok(())
    }
}

fn exactly(field: &'static str, found: usize, expected: usize) -> Result<(), Violation> {
    if found == expected {
        Ok(())
    } else {
        Err(Violation::Length {
            field,
            found,
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Report {
        let value = v1::Value {
            value: Some(value::Value::Text(text.into())),
        };
        let change = v1::TableChange {
            table: "os".into(),
            declaration_id: vec![0; 16].into(),
            table_hash: vec![0; 16].into(),
            rows: vec![v1::Row {
                values: vec![value],
            }],
            ..v1::TableChange::default()
        };
        Report {
            body: Some(report::Body::Facts(v1::Facts {
                changes: vec![change],
            })),
            ..Report::default()
        }
    }

    #[test]
    fn hostile_text_is_cleaned_not_refused() {
        let mut report = facts("a\0b");
        assert_eq!(admit(&mut report), Ok(()));
        assert_eq!(report, facts("a\u{fffd}b"));
    }

    #[test]
    fn what_a_person_says_keeps_its_lines_and_nothing_else() {
        let said = v1::Said {
            said_id: vec![1; 16].into(),
            login: "ro\u{1b}sa".into(),
            text: "it\ndoes\0 nothing".into(),
            ..v1::Said::default()
        };
        let mut cleaned = said.clone();
        assert_eq!(admit_said(&mut cleaned), Ok(()));
        assert_eq!(
            (&*cleaned.login, &*cleaned.text),
            ("ro\u{fffd}sa", "it\ndoes\u{fffd} nothing")
        );
        let text = |text: String| v1::Said {
            text,
            ..said.clone()
        };
        assert_eq!(admit_said(&mut text("x".repeat(SAID_BYTES))), Ok(()));
        let refused = |mut said: v1::Said| admit_said(&mut said).is_err();
        assert!(refused(text("x".repeat(SAID_BYTES + 1))));
        assert!(refused(text(" \n".into())));
        // Whoever says only that it is solved says of what.
        let solved = |ticket| v1::Said {
            solved: true,
            ticket,
            ..text(String::new())
        };
        assert!(refused(solved(0)));
        assert!(!refused(solved(7)));
        assert!(refused(v1::Said {
            login: String::new(),
            ..said.clone()
        }));
        assert!(refused(v1::Said {
            said_id: vec![1; 15].into(),
            ..said
        }));
    }

    #[test]
    fn a_subject_fits_into_an_index() {
        let finding = |n_bytes| v1::Finding {
            check: "disk.space".into(),
            subject: "x".repeat(n_bytes),
            message: Some(v1::Message::default()),
            ..v1::Finding::default()
        };
        assert_eq!(admit_finding(&mut finding(SUBJECT_BYTES)), Ok(()));
        assert!(admit_finding(&mut finding(SUBJECT_BYTES + 1)).is_err());
    }

    #[test]
    fn a_report_over_a_cap_is_refused_by_name() {
        let found = TEXT_BYTES + 1;
        let refused = admit(&mut facts(&"x".repeat(found)));
        assert_eq!(
            refused,
            Err(Violation::TooMany {
                field: "value",
                found,
                most: TEXT_BYTES
            })
        );
        assert_eq!(
            admit(&mut Report::default()),
            Err(Violation::Missing { field: "body" })
        );
    }
}

//! The states of a job and how events move it from one to another.

use sonde_proto::v1::{Outcome, job_event};

use super::super::StoreError;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Not yet accepted by the device; it may be on its way.
    Queued,
    Accepted,
    Running,
    Succeeded,
    Failed,
    Refused,
    Expired,
    Cancelled,
    /// Nobody can tell whether it was done.
    Unknown,
}

impl JobState {
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Accepted,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Unknown,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| StoreError::Broken(format!("a job's state is {name:?}")))
    }

    /// Nothing more is to come, unless the device later tells what was unknown.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Accepted | Self::Running)
    }

    /// The state after an event of the device. What is only assumed here gives way to what the device says.
    pub(super) fn after(self, event: &job_event::Event) -> Self {
        let told = match event {
            job_event::Event::Accepted(_) => Self::Accepted,
            job_event::Event::Started(_) => Self::Running,
            job_event::Event::Ended(ended) => match ended.outcome() {
                Outcome::Succeeded => Self::Succeeded,
                Outcome::Failed => Self::Failed,
                Outcome::Refused => Self::Refused,
                Outcome::Expired => Self::Expired,
                Outcome::Cancelled => Self::Cancelled,
                Outcome::Unknown | Outcome::Unspecified => Self::Unknown,
            },
            job_event::Event::Output(_)
            | job_event::Event::Findings(_)
            | job_event::Event::Plan(_)
            | job_event::Event::Step(_)
            | job_event::Event::Rows(_)
            | job_event::Event::Held(_) => return self,
        };
        match self {
            Self::Queued | Self::Unknown => told,
            Self::Accepted if told != Self::Accepted => told,
            Self::Running if told.is_ended() => told,
            Self::Accepted
            | Self::Running
            | Self::Succeeded
            | Self::Failed
            | Self::Refused
            | Self::Expired
            | Self::Cancelled => self,
        }
    }
}

/// The kind of an event that says that the answer waits for a channel.
pub(super) const HELD: &str = "held";

/// An event's kind as it is stored and shown.
pub(super) fn kind_of(event: &job_event::Event) -> &'static str {
    match event {
        job_event::Event::Accepted(_) => "accepted",
        job_event::Event::Started(_) => "started",
        job_event::Event::Output(_) => "output",
        job_event::Event::Findings(_) => "findings",
        job_event::Event::Plan(_) => "plan",
        job_event::Event::Step(_) => "step",
        job_event::Event::Rows(_) => "rows",
        job_event::Event::Held(_) => HELD,
        job_event::Event::Ended(_) => "ended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{JobAccepted, JobEnded, JobStarted};

    fn ended(outcome: Outcome) -> job_event::Event {
        job_event::Event::Ended(JobEnded {
            outcome: outcome.into(),
            ..JobEnded::default()
        })
    }

    #[track_caller]
    fn check(from: JobState, event: job_event::Event, expected: JobState) {
        assert_eq!(from.after(&event), expected);
    }

    #[test]
    fn a_job_goes_forward_only() {
        let accepted = || job_event::Event::Accepted(JobAccepted {});
        let started = || job_event::Event::Started(JobStarted {});
        check(JobState::Queued, accepted(), JobState::Accepted);
        check(JobState::Accepted, started(), JobState::Running);
        check(JobState::Running, accepted(), JobState::Running);
        check(JobState::Running, ended(Outcome::Failed), JobState::Failed);
        check(
            JobState::Failed,
            ended(Outcome::Succeeded),
            JobState::Failed,
        );
        check(JobState::Succeeded, started(), JobState::Succeeded);
    }

    #[test]
    fn what_was_unknown_gives_way_to_what_the_device_says() {
        check(
            JobState::Unknown,
            ended(Outcome::Succeeded),
            JobState::Succeeded,
        );
    }
}

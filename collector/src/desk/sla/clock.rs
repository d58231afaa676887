//! One clock.

use super::{Measure, Terms, Tier};

/// All of what is promised is gone, in percent.
pub const WHOLE: u8 = 100;

/// A clock as the events have left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub measure: Measure,
    /// Whose, when it measures the time with a tier.
    pub tier: Option<Tier>,
    /// The agreement that promises it.
    pub agreement: String,
    /// Promised, microseconds of working time.
    pub target_us: i64,
    /// Counted until `at`, microseconds of working time.
    pub spent_us: i64,
    /// Of the last event or change of an agreement that it was reckoned at.
    pub at: i64,
    /// When so much was counted as was promised, if that was before `at`.
    pub reached_at: Option<i64>,
    pub standing: Standing,
}

/// Whether it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// When it runs out, or ran out; none: not within ten years. Then the next warning that was not given yet: how much is gone
    /// by then, in percent, and when.
    Running {
        due_at: Option<i64>,
        warning: Option<(u8, i64)>,
    },
    Paused,
    Ended {
        ended_at: i64,
    },
}

impl Clock {
    /// Whether it ended in time; none: it has not ended.
    pub fn is_met(&self) -> Option<bool> {
        let has_ended = matches!(self.standing, Standing::Ended { .. });
        has_ended.then_some(self.spent_us <= self.target_us)
    }

    /// When so much of what is promised is used, percent. None: it has ended, stands still, or it will not be within ten years.
    /// `terms`: those that hold since it was reckoned.
    pub fn used_at(&self, percent: u32, terms: Option<&Terms>) -> Option<i64> {
        let part_us = self.target_us.saturating_mul(i64::from(percent)) / 100;
        match &self.standing {
            Standing::Ended { .. } => None,
            Standing::Running { .. } | Standing::Paused if part_us <= self.spent_us => {
                Some(self.at)
            }
            Standing::Running { .. } => terms?.calendar.after(self.at, part_us - self.spent_us),
            Standing::Paused => None,
        }
    }

    /// The next instant at which somebody has to act: none while it does not count.
    pub fn due_at(&self) -> Option<i64> {
        match &self.standing {
            Standing::Running { due_at, .. } => *due_at,
            Standing::Paused | Standing::Ended { .. } => None,
        }
    }
}

/// What is counted, apart from what is promised.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    pub(super) spent_us: i64,
    /// Counted while the ticket was proposed: it counts if the requester says no.
    held_us: i64,
    reached_at: Option<i64>,
    /// What was promised when it was last looked at.
    target_us: Option<i64>,
    agreement: String,
    pub(super) ended_at: Option<i64>,
    /// The highest percentage that was warned of.
    pub(super) warned: Option<u8>,
}

/// How a stretch of time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Yes,
    IfRefused,
    No,
}

impl Count {
    /// What is promised from here on.
    pub(super) fn promise(&mut self, terms: Option<(&Terms, i64)>, at: i64) {
        if self.ended_at.is_some() {
            return;
        }
        self.target_us = terms.map(|(_, target_us)| target_us);
        if let Some((terms, _)) = terms {
            self.agreement.clone_from(&terms.name);
        }
        self.look(at);
    }

    /// A stretch during which terms and state stay the same.
    pub(super) fn pass(&mut self, terms: Option<&Terms>, from: i64, to: i64, counts: Counts) {
        let Some(terms) = terms.filter(|_| self.ended_at.is_none() && counts != Counts::No) else {
            return;
        };
        let worked = terms.calendar.worked(from, to);
        if counts == Counts::IfRefused {
            self.held_us += worked;
            return;
        }
        let left = self.target_us.map(|target_us| target_us - self.spent_us);
        if let Some(left) = left.filter(|left| self.reached_at.is_none() && *left <= worked) {
            self.reached_at = terms.calendar.after(from, left);
        }
        self.spent_us += worked;
    }

    /// The requester has said no: what was held counts.
    pub(super) fn refused(&mut self, at: i64) {
        self.spent_us += std::mem::take(&mut self.held_us);
        self.look(at);
    }

    pub(super) fn end(&mut self, at: i64) {
        self.held_us = 0;
        self.ended_at.get_or_insert(at);
    }

    /// It goes on from where it was.
    pub(super) fn resume(&mut self) {
        self.ended_at = None;
    }

    fn look(&mut self, at: i64) {
        let is_over = self
            .target_us
            .is_some_and(|target_us| self.spent_us >= target_us);
        self.reached_at = match is_over {
            true => self.reached_at.or(Some(at)),
            false => None,
        };
    }

    fn due_at(&self, terms: &Terms, target_us: i64, at: i64) -> Option<i64> {
        let left = || terms.calendar.after(at, target_us - self.spent_us);
        self.reached_at.or_else(left)
    }

    /// The next warning. Of several that are late, only the highest percentage tells something.
    fn warning(&self, terms: &Terms, target_us: i64, at: i64) -> Option<(u8, i64)> {
        let percents = terms.agreement.warn_percent.iter().copied().chain([WHOLE]);
        let left = percents.filter(|percent| self.warned.is_none_or(|warned| *percent > warned));
        let parts = left.map(|percent| (target_us * i64::from(percent) / 100, percent));
        let (late, early): (Vec<_>, Vec<_>) =
            parts.partition(|(part_us, _)| *part_us <= self.spent_us);
        if let Some((_, percent)) = late.into_iter().max() {
            return Some((percent, at));
        }
        let (part_us, percent) = early.into_iter().min()?;
        let at = terms.calendar.after(at, part_us - self.spent_us)?;
        Some((percent, at))
    }

    /// The clock at a moment; none: nothing is promised.
    pub(super) fn clock(
        &self,
        measure: Measure,
        tier: Option<Tier>,
        terms: Option<&Terms>,
        at: i64,
        counts: Counts,
    ) -> Option<Clock> {
        let target_us = self.target_us?;
        let standing = match (self.ended_at, terms) {
            (Some(ended_at), _) => Standing::Ended { ended_at },
            (None, Some(terms)) if counts == Counts::Yes => Standing::Running {
                due_at: self.due_at(terms, target_us, at),
                warning: self.warning(terms, target_us, at),
            },
            (None, _) => Standing::Paused,
        };
        Some(Clock {
            measure,
            tier,
            agreement: self.agreement.clone(),
            target_us,
            spent_us: self.spent_us,
            at,
            reached_at: self.reached_at,
            standing,
        })
    }
}

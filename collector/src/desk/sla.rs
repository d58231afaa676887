//! What was promised and how far it is kept: clocks that follow from a ticket's events, and are never counted up.
//!
//! A clock counts working time of the calendar that holds at each moment. What it has counted stays when priority, tier,
//! agreement or calendar change; only what is promised from then on is another.

mod book;
mod clock;
mod history;
#[cfg(test)]
mod model;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use book::{Book, Edition, Terms};
pub use clock::{Clock, Standing, WHOLE};
pub use history::{Step, clocks};

use super::Refusal;
use super::calendar::Calendar;
use super::person::{GROUP_LENGTH, folded};
use super::state::{Priority, Tier, WaitingFor};
use super::ticket::refused;
use crate::wording::wording;

/// Longest time that can be promised, minutes of working time: a year around the clock.
pub const MOST_MINUTES: u32 = 366 * 24 * 60;
/// Warnings before one clock runs out.
pub const MOST_WARNINGS: usize = 5;

/// Groups that one agreement can name.
pub const MOST_GROUPS: usize = 100;

/// What a clock measures.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// From the opening to the first answer to the requester.
    FirstResponse,
    /// From what the requester wrote to the next answer.
    NextResponse,
    /// From the opening to the resolution, without the pauses.
    Resolution,
    /// The same while the ticket is with one tier.
    Tier,
}

impl Measure {
    pub const ALL: [Self; 4] = [
        Self::FirstResponse,
        Self::NextResponse,
        Self::Resolution,
        Self::Tier,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstResponse => "first_response",
            Self::NextResponse => "next_response",
            Self::Resolution => "resolution",
            Self::Tier => "tier",
        }
    }
}

/// What is promised for one priority, each in minutes of working time; what is left out is not promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_response: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_response: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<u32>,
    /// With each tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<u32>,
}

impl Targets {
    /// Microseconds of working time.
    pub fn of(&self, measure: Measure) -> Option<i64> {
        let minutes = match measure {
            Measure::FirstResponse => self.first_response,
            Measure::NextResponse => self.next_response,
            Measure::Resolution => self.resolution,
            Measure::Tier => self.tier,
        };
        minutes.map(|minutes| i64::from(minutes) * 60_000_000)
    }
}

/// A service level agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Agreement {
    /// For people.
    pub description: String,
    /// Names of sites whose tickets it is for; none: for those that no other agreement names.
    pub sites: Vec<String>,
    /// Groups of requesters whose tickets it is for; none: it is for all of them. Capitals and accents do not matter.
    pub groups: Vec<String>,
    /// The name of the calendar whose hours count.
    pub calendar: String,
    /// By priority; one that is left out is promised nothing.
    #[schema(value_type = Object)]
    pub priorities: BTreeMap<Priority, Targets>,
    /// What a ticket may wait for while the clocks of its resolution stand still.
    pub pauses: Vec<WaitingFor>,
    /// Parts of a promised time, in percent, after which a warning is given.
    pub warn_percent: Vec<u8>,
}

impl Default for Agreement {
    /// Pauses for whatever is not in the helpdesk's hands, and warns at half and at four fifths.
    fn default() -> Self {
        Self {
            description: String::new(),
            sites: Vec::new(),
            groups: Vec::new(),
            calendar: String::new(),
            priorities: BTreeMap::new(),
            pauses: WaitingFor::ALL.to_vec(),
            warn_percent: vec![50, 80],
        }
    }
}

impl Agreement {
    /// Whether there is a ticket for which neither of the two is the closer one.
    pub fn meets(&self, other: &Self) -> bool {
        let meet = |own: &[String], others: &[String]| match (own, others) {
            ([], []) => true,
            _ => own.iter().any(|one| others.contains(one)),
        };
        let groups = |of: &Self| of.groups.iter().map(|one| folded(one)).collect::<Vec<_>>();
        meet(&self.sites, &other.sites) && meet(&groups(self), &groups(other))
    }

    /// What can be told of it alone.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.calendar.is_empty() {
            return Err(Refusal::new("calendar", wording!("it is missing"))
                .remedy(wording!("name the calendar whose hours count")));
        }
        if self.groups.len() > MOST_GROUPS {
            return refused("groups", wording!("{} at most", MOST_GROUPS));
        }
        let is_name =
            |group: &&String| !folded(group).is_empty() && group.chars().count() <= GROUP_LENGTH;
        if let Some(group) = self.groups.iter().find(|group| !is_name(group)) {
            return refused("groups", wording!("{} names no group", ?group));
        }
        let promised = self.priorities.values();
        let minutes = promised.flat_map(|targets| {
            let of = |measure| Some((measure, targets.of(measure)? / 60_000_000));
            Measure::ALL.into_iter().filter_map(of)
        });
        for (measure, minutes) in minutes {
            if !(1..=i64::from(MOST_MINUTES)).contains(&minutes) {
                return refused(
                    "priorities",
                    wording!(
                        "{} in {} min; between 1 and {}",
                        measure.as_str(),
                        minutes,
                        MOST_MINUTES
                    ),
                );
            }
        }
        let is_upside_down = |targets: &Targets| {
            let ends = targets.resolution;
            ends.is_some_and(|ends| targets.first_response.is_some_and(|first| first > ends))
        };
        let mut promised = self.priorities.iter();
        if let Some((priority, _)) = promised.find(|(_, targets)| is_upside_down(targets)) {
            let what = wording!(
                "{}: the resolution is due before the first response",
                priority.as_str()
            );
            return refused("priorities", what);
        }
        if self
            .priorities
            .values()
            .all(|targets| *targets == Targets::default())
        {
            return Err(Refusal::new("priorities", wording!("nothing is promised")).remedy(
                wording!("give at least one priority a time in minutes: \"normal\": {\"resolution\": 480}"),
            ));
        }
        if self.warn_percent.len() > MOST_WARNINGS {
            return refused("warn_percent", wording!("{} at most", MOST_WARNINGS));
        }
        if !self
            .warn_percent
            .iter()
            .all(|percent| (1..100).contains(percent))
        {
            return refused("warn_percent", wording!("each is between 1 and 99"));
        }
        Ok(())
    }
}

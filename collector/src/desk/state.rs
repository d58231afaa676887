//! The words that a ticket's state is told in, and where a ticket can go from each.

use serde::{Deserialize, Serialize};

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    New,
    Open,
    Waiting,
    /// The technician says it is fixed; the requester has not said so yet.
    Proposed,
    Resolved,
    Closed,
}

/// Whom or what a waiting ticket waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    User,
    Part,
    Supplier,
    Device,
    Appointment,
}

/// How soon it must be dealt with.
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
pub enum Priority {
    Urgent,
    High,
    Normal,
    Low,
}

/// Who says that it is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    Requester,
    /// Nobody asked for it, and what was found wrong is well again.
    Checks,
    /// The requester did not answer in time.
    None,
}

/// Who works on it: the first tier answers, each next one knows more of less, and a supplier is asked last.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
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
pub enum Tier {
    #[default]
    First,
    Second,
    Third,
    Supplier,
}

impl State {
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Open,
        Self::Waiting,
        Self::Proposed,
        Self::Resolved,
        Self::Closed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Proposed => "proposed",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// Where a ticket can go from here.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::New => &[Self::Open, Self::Waiting, Self::Proposed],
            Self::Open => &[Self::Waiting, Self::Proposed],
            Self::Waiting => &[Self::Open, Self::Waiting, Self::Proposed],
            Self::Proposed => &[Self::Open, Self::Resolved],
            Self::Resolved => &[Self::Open, Self::Closed],
            Self::Closed => &[],
        }
    }

    /// Whether devices may still be asked for something on its behalf.
    pub fn takes_work(self) -> bool {
        self != Self::Closed
    }
}

impl WaitingFor {
    pub const ALL: [Self; 5] = [
        Self::User,
        Self::Part,
        Self::Supplier,
        Self::Device,
        Self::Appointment,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Part => "part",
            Self::Supplier => "supplier",
            Self::Device => "device",
            Self::Appointment => "appointment",
        }
    }
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Urgent, Self::High, Self::Normal, Self::Low];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Third, Self::Supplier];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Supplier => "supplier",
        }
    }
}

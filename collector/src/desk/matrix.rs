//! How soon something must be dealt with, from how much it hinders and how soon that hurts.

use serde::{Deserialize, Serialize};

use super::state::Priority;

/// How much is hindered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// A site, or a service that many need.
    High,
    /// Several people.
    Medium,
    /// One person.
    Low,
}

impl Impact {
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// How soon it hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Work stands still now.
    High,
    /// It goes on with difficulty.
    Medium,
    /// It can wait.
    Low,
}

impl Urgency {
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Weight {
    pub impact: Impact,
    pub urgency: Urgency,
}

/// A priority for each impact and urgency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// By impact.
    pub high: Row,
    pub medium: Row,
    pub low: Row,
}

/// A priority for each urgency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub high: Priority,
    pub medium: Priority,
    pub low: Priority,
}

impl Default for Matrix {
    /// The usual one: the diagonal is normal, both high is urgent, both low is low.
    fn default() -> Self {
        let row = |high, medium, low| Row { high, medium, low };
        Self {
            high: row(Priority::Urgent, Priority::High, Priority::Normal),
            medium: row(Priority::High, Priority::Normal, Priority::Low),
            low: row(Priority::Normal, Priority::Low, Priority::Low),
        }
    }
}

impl Matrix {
    pub fn priority(&self, weight: Weight) -> Priority {
        let row = match weight.impact {
            Impact::High => &self.high,
            Impact::Medium => &self.medium,
            Impact::Low => &self.low,
        };
        match weight.urgency {
            Urgency::High => row.high,
            Urgency::Medium => row.medium,
            Urgency::Low => row.low,
        }
    }
}

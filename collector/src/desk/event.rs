//! What can happen to a ticket. Its events, one after the other, are the truth about it.

use serde::{Deserialize, Serialize};

use super::consent::{Answer, Purpose, Way};
use super::mark::Relation;
use super::matrix::Weight;
use super::sla::Measure;
use super::state::{Confirmation, Priority, State, Tier, WaitingFor};

/// Somebody has said it on their own machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Id.
    pub device: String,
    /// As the device's system knows them.
    pub login: String,
    /// Id of what was said, in hexadecimal.
    pub said: String,
    /// When they meant it, which may be long before it was taken: microseconds since 1970 UTC on the collector's clock.
    pub at: i64,
}

/// Who asks, as the directory of persons had them then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// None: they were forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A stretch of time that somebody has spoken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The words that mean it.
    pub words: String,
    /// Microseconds since 1970 UTC.
    pub from_at: i64,
    pub to_at: i64,
}

/// One of the two who write to each other on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Requester,
    Technician,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Technician => "technician",
        }
    }
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Opened {
        title: String,
        site: String,
        priority: Priority,
        requester: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Listed>,
        /// What the priority follows from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<Weight>,
    },
    /// Somebody else has asked for it, or it is known better who.
    RequesterChanged {
        to: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Listed>,
    },
    /// Between technicians.
    Noted {
        text: String,
    },
    /// Between technician and requester, by whatever way it came.
    Messaged {
        side: Side,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    Assigned {
        to: Option<String>,
    },
    StateChanged {
        to: State,
        waiting_for: Option<WaitingFor>,
        reason: Option<String>,
        /// With a resolution: who says that it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmation: Option<Confirmation>,
    },
    PriorityChanged {
        to: Priority,
        /// What it follows from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<Weight>,
    },
    /// Handed on to those who know more, or sent back.
    TierChanged {
        to: Tier,
        reason: String,
    },
    DeviceAdded {
        device: String,
    },
    DeviceRemoved {
        device: String,
        /// It is the same machine, enrolled anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        goes_on_as: Option<String>,
    },
    /// It is to be waited for: it is not connected, and was heard of last at that moment.
    DeviceAway {
        device: String,
        /// Microseconds since 1970 UTC.
        seen_at: i64,
    },
    /// It is about a thing without an agent, too.
    AssetAdded {
        /// Id.
        asset: String,
    },
    AssetRemoved {
        asset: String,
    },
    /// A device was asked for something.
    WorkAsked {
        job: String,
        device: String,
        title: String,
        /// Id of the user's consent that it is done under.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consent: Option<String>,
    },
    WorkEnded {
        job: String,
        device: String,
        title: String,
        state: String,
    },
    /// Whoever did it was given the address that opens a device in a tool of its site. Not the address: it may hold a secret.
    RemoteOpened {
        device: String,
        /// Its name then.
        tool: String,
    },
    /// Many devices have the same trouble, and this ticket is about all of them.
    IncidentDeclared {
        check: String,
    },
    /// It is part of an incident that has a ticket of its own.
    JoinedIncident {
        incident: i64,
    },
    SnapshotTaken {
        snapshot: String,
        device: String,
        partial: bool,
        /// What was measured then is in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Window>,
    },
    /// The user is asked whether something may be done.
    ConsentAsked {
        /// Its id.
        consent: String,
        #[serde(flatten)]
        purpose: Purpose,
        /// Id of the job that planned it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<String>,
        /// Microseconds since 1970 UTC.
        expires_at: i64,
    },
    ConsentAnswered {
        consent: String,
        answer: Answer,
        way: Way,
    },
    /// Nobody has answered at the device; on the requester's page it can be answered still.
    ConsentUnanswered {
        consent: String,
        /// "silent", "nobody_there", "not_shown", "too_late".
        reason: String,
    },
    /// What the user had allowed, or was asked for, is no longer to be done.
    ConsentWithdrawn {
        consent: String,
    },
    /// A file was put onto it.
    Attached {
        attachment: String,
        name: String,
        media_type: String,
        n_bytes: i64,
        /// Hexadecimal.
        sha256: String,
        /// Who gives it to the other side; none: it stays between technicians.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        side: Option<Side>,
    },
    TagAdded {
        tag: String,
    },
    TagRemoved {
        tag: String,
    },
    /// Somebody wants to know what becomes of it.
    WatcherAdded {
        account: String,
    },
    WatcherRemoved {
        account: String,
    },
    /// It belongs to another one, on which the inverse stands.
    Linked {
        relation: Relation,
        ticket: i64,
    },
    Unlinked {
        relation: Relation,
        ticket: i64,
    },
    /// It is resolved, and what was wrong is looked at once more.
    Rechecked {},
    /// So much of a promised time is gone; at 100 all of it.
    ClockWarned {
        measure: Measure,
        tier: Option<Tier>,
        percent: u8,
    },
}

impl Event {
    /// As it is stored and shown.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::RequesterChanged { .. } => "requester_changed",
            Self::Noted { .. } => "noted",
            Self::Messaged { .. } => "messaged",
            Self::Assigned { .. } => "assigned",
            Self::StateChanged { .. } => "state_changed",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::TierChanged { .. } => "tier_changed",
            Self::DeviceAdded { .. } => "device_added",
            Self::DeviceRemoved { .. } => "device_removed",
            Self::DeviceAway { .. } => "device_away",
            Self::AssetAdded { .. } => "asset_added",
            Self::AssetRemoved { .. } => "asset_removed",
            Self::WorkAsked { .. } => "work_asked",
            Self::WorkEnded { .. } => "work_ended",
            Self::RemoteOpened { .. } => "remote_opened",
            Self::IncidentDeclared { .. } => "incident_declared",
            Self::JoinedIncident { .. } => "joined_incident",
            Self::SnapshotTaken { .. } => "snapshot_taken",
            Self::ConsentAsked { .. } => "consent_asked",
            Self::ConsentAnswered { .. } => "consent_answered",
            Self::ConsentUnanswered { .. } => "consent_unanswered",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::Attached { .. } => "attached",
            Self::TagAdded { .. } => "tag_added",
            Self::TagRemoved { .. } => "tag_removed",
            Self::WatcherAdded { .. } => "watcher_added",
            Self::WatcherRemoved { .. } => "watcher_removed",
            Self::Linked { .. } => "linked",
            Self::Unlinked { .. } => "unlinked",
            Self::Rechecked {} => "rechecked",
            Self::ClockWarned { .. } => "clock_warned",
        }
    }

    /// Whether a clock can count otherwise after it.
    pub fn moves_clocks(&self) -> bool {
        match self {
            Self::Opened { .. }
            | Self::RequesterChanged { .. }
            | Self::Messaged { .. }
            | Self::StateChanged { .. }
            | Self::PriorityChanged { .. }
            | Self::TierChanged { .. }
            | Self::ClockWarned { .. } => true,
            Self::Linked { relation, .. } => *relation == Relation::MergedInto,
            Self::Noted { .. }
            | Self::Assigned { .. }
            | Self::DeviceAdded { .. }
            | Self::DeviceRemoved { .. }
            | Self::DeviceAway { .. }
            | Self::AssetAdded { .. }
            | Self::AssetRemoved { .. }
            | Self::WorkAsked { .. }
            | Self::WorkEnded { .. }
            | Self::RemoteOpened { .. }
            | Self::IncidentDeclared { .. }
            | Self::JoinedIncident { .. }
            | Self::SnapshotTaken { .. }
            | Self::ConsentAsked { .. }
            | Self::ConsentAnswered { .. }
            | Self::ConsentUnanswered { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::Attached { .. }
            | Self::TagAdded { .. }
            | Self::TagRemoved { .. }
            | Self::WatcherAdded { .. }
            | Self::WatcherRemoved { .. }
            | Self::Unlinked { .. }
            | Self::Rechecked {} => false,
        }
    }

    /// Id of the consent that it is about.
    pub fn consent(&self) -> Option<&str> {
        match self {
            Self::ConsentAsked { consent, .. }
            | Self::ConsentAnswered { consent, .. }
            | Self::ConsentUnanswered { consent, .. }
            | Self::ConsentWithdrawn { consent } => Some(consent),
            Self::WorkAsked { consent, .. } => consent.as_deref(),
            Self::Opened { .. }
            | Self::RequesterChanged { .. }
            | Self::Noted { .. }
            | Self::Messaged { .. }
            | Self::Assigned { .. }
            | Self::StateChanged { .. }
            | Self::PriorityChanged { .. }
            | Self::TierChanged { .. }
            | Self::DeviceAdded { .. }
            | Self::DeviceRemoved { .. }
            | Self::DeviceAway { .. }
            | Self::AssetAdded { .. }
            | Self::AssetRemoved { .. }
            | Self::WorkEnded { .. }
            | Self::RemoteOpened { .. }
            | Self::IncidentDeclared { .. }
            | Self::JoinedIncident { .. }
            | Self::SnapshotTaken { .. }
            | Self::Attached { .. }
            | Self::TagAdded { .. }
            | Self::TagRemoved { .. }
            | Self::WatcherAdded { .. }
            | Self::WatcherRemoved { .. }
            | Self::Linked { .. }
            | Self::Unlinked { .. }
            | Self::Rechecked {}
            | Self::ClockWarned { .. } => None,
        }
    }

    /// What only records what a device or the collector did, or that another ticket goes on with this one; it may come
    /// late, and nobody can refuse it.
    pub fn is_record(&self) -> bool {
        let follows = Relation::FollowedBy;
        matches!(
            self,
            Self::WorkEnded { .. } | Self::SnapshotTaken { .. } | Self::ClockWarned { .. }
        ) || matches!(self, Self::Linked { relation, .. } if *relation == follows)
    }
}

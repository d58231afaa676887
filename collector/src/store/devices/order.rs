//! The orders of a list of devices, and where a device stands in one.

use super::Device;
use crate::digest::{hex, unhex};
use crate::store::dialect::Dialect;
use crate::store::facts::NotAKey;

/// By what a list of devices is ordered; what is alike goes by name, then by enrolment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceOrder {
    #[default]
    Enrolled,
    Name,
    /// The worst first; those that have reported nothing last.
    Status,
    /// Those that are connected first, then whoever was there last.
    Seen,
    Site,
    Os,
    AgentVersion,
}

/// An order and its direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderBy {
    pub order: DeviceOrder,
    /// From the last to the first.
    pub is_reversed: bool,
}

/// Where a device stands in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePlace {
    pub by: OrderBy,
    pub(super) lead: Lead,
    pub(super) name: String,
    pub(super) device_key: i64,
}

/// What comes first in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    Number(i64),
    Text(String),
}

impl DeviceOrder {
    pub const ALL: [Self; 7] = [
        Self::Enrolled,
        Self::Name,
        Self::Status,
        Self::Seen,
        Self::Site,
        Self::Os,
        Self::AgentVersion,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Name => "name",
            Self::Status => "status",
            Self::Seen => "seen",
            Self::Site => "site",
            Self::Os => "os",
            Self::AgentVersion => "agent_version",
        }
    }

    /// What the statement orders by before the name; `lead` says the same of a device.
    pub(super) fn lead_sql(self, dialect: Dialect) -> String {
        match self {
            // A bare number would be the number of a column.
            Self::Enrolled | Self::Name => "CAST(0 AS BIGINT)".to_owned(),
            Self::Status => "(3 - COALESCE(d.light, -1))".to_owned(),
            Self::Seen => format!(
                "(CASE WHEN d.connected_at IS NULL THEN -d.last_seen ELSE {} END)",
                -i64::MAX
            ),
            Self::Site => dialect.without_case("s.name"),
            Self::Os => dialect.without_case("d.os"),
            Self::AgentVersion => dialect.without_case("d.agent_version"),
        }
    }

    fn lead(self, device: &Device) -> Lead {
        match self {
            Self::Enrolled | Self::Name => Lead::Number(0),
            Self::Status => Lead::Number(match device.worst_status {
                Some(2) => 0,
                Some(1) => 1,
                Some(0) => 3,
                Some(_) => 2,
                None => 4,
            }),
            Self::Seen => Lead::Number(match device.connected_at {
                Some(_) => -i64::MAX,
                None => -device.last_seen,
            }),
            Self::Site => Lead::Text(device.site.to_ascii_lowercase()),
            Self::Os => Lead::Text(device.os.to_ascii_lowercase()),
            Self::AgentVersion => Lead::Text(device.agent_version.to_ascii_lowercase()),
        }
    }
}

impl DevicePlace {
    pub fn of(device: &Device, by: OrderBy) -> Self {
        Self {
            by,
            lead: by.order.lead(device),
            name: device.hostname.to_ascii_lowercase(),
            device_key: device.device_key,
        }
    }

    /// In the order of enrolment.
    pub fn after_key(device_key: i64) -> Self {
        Self {
            by: OrderBy::default(),
            lead: Lead::Number(0),
            name: String::new(),
            device_key,
        }
    }
}

impl std::fmt::Display for OrderBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.is_reversed { "-" } else { "" };
        write!(f, "{sign}{}", self.order.as_str())
    }
}

impl std::str::FromStr for OrderBy {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let name = text.strip_prefix('-');
        let order = DeviceOrder::ALL
            .into_iter()
            .find(|order| order.as_str() == name.unwrap_or(text));
        Ok(Self {
            order: order.ok_or(NotAKey)?,
            is_reversed: name.is_some(),
        })
    }
}

/// The order, what leads, the name and the key; texts in hexadecimal, behind a `t` where there may be a number.
impl std::fmt::Display for DevicePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lead = match &self.lead {
            Lead::Number(number) => number.to_string(),
            Lead::Text(text) => format!("t{}", hex(text.as_bytes())),
        };
        let name = hex(self.name.as_bytes());
        write!(f, "{}.{lead}.{name}.{}", self.by, self.device_key)
    }
}

impl std::str::FromStr for DevicePlace {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut parts = text.splitn(4, '.');
        let mut next = || parts.next().ok_or(NotAKey);
        let text = |hex: &str| {
            let bytes = unhex(hex).ok_or(NotAKey)?;
            String::from_utf8(bytes).map_err(|_| NotAKey)
        };
        let by: OrderBy = next()?.parse()?;
        let lead = match next()? {
            lead if lead.starts_with('t') => Lead::Text(text(&lead[1..])?),
            lead => Lead::Number(lead.parse().map_err(|_| NotAKey)?),
        };
        let is_text = matches!(
            by.order,
            DeviceOrder::Site | DeviceOrder::Os | DeviceOrder::AgentVersion
        );
        if is_text != matches!(lead, Lead::Text(_)) {
            return Err(NotAKey);
        }
        Ok(Self {
            by,
            lead,
            name: text(next()?)?,
            device_key: next()?.parse().map_err(|_| NotAKey)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_text_and_nothing_else_is_one() {
        for text in [
            "enrolled.0..7",
            "-status.3.6c61622d37.42",
            "site.t6c796f6e.70.1",
        ] {
            let place: DevicePlace = text.parse().unwrap();
            assert_eq!(place.to_string(), text);
        }
        for text in [
            "",
            "7",
            "size.0..7",
            "site.3.70.1",
            "status.t70.70.1",
            "name.0.7g.1",
            "name.0.70",
            "name.0.70.1.1",
        ] {
            assert!(text.parse::<DevicePlace>().is_err(), "{text}");
        }
    }
}

//! Things without an agent that a ticket can be about: what is known of one.

use serde::{Deserialize, Serialize};
use sonde_proto::asset::{AssetAddress, WrongAddress};

use super::Refusal;
use super::person::folded;
use crate::wording::{wire, wording};

/// Longest name, characters.
pub const NAME_LENGTH: usize = 200;
/// Longest serial number, characters.
pub const SERIAL_LENGTH: usize = 100;
/// Longest name of a model, characters.
pub const MODEL_LENGTH: usize = 200;
/// Longest description of where it stands, characters.
pub const PLACE_LENGTH: usize = 200;
/// Longest note for technicians, characters.
pub const NOTE_LENGTH: usize = 4_000;

/// What sort of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AssetKind)]
pub enum Kind {
    Printer,
    Scanner,
    Screen,
    Projector,
    Telephone,
    Camera,
    Switch,
    Router,
    AccessPoint,
    Storage,
    PowerSupply,
    Dock,
    Other,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::Printer,
        Self::Scanner,
        Self::Screen,
        Self::Projector,
        Self::Telephone,
        Self::Camera,
        Self::Switch,
        Self::Router,
        Self::AccessPoint,
        Self::Storage,
        Self::PowerSupply,
        Self::Dock,
        Self::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printer => "printer",
            Self::Scanner => "scanner",
            Self::Screen => "screen",
            Self::Projector => "projector",
            Self::Telephone => "telephone",
            Self::Camera => "camera",
            Self::Switch => "switch",
            Self::Router => "router",
            Self::AccessPoint => "access_point",
            Self::Storage => "storage",
            Self::PowerSupply => "power_supply",
            Self::Dock => "dock",
            Self::Other => "other",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What is known of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub kind: Kind,
    /// One of its site alone is called so.
    pub name: String,
    /// As [`AssetAddress`] has a host.
    pub address: Option<String>,
    pub port: Option<u16>,
    pub serial: Option<String>,
    pub model: Option<String>,
    /// Where it stands.
    pub place: Option<String>,
    /// For technicians.
    pub note: String,
}

impl Details {
    /// The same with its address in the one form that it has.
    ///
    /// # Errors
    /// The field that cannot be kept, and what is wrong with it.
    pub fn validated(mut self) -> Result<Self, Refusal> {
        within("name", Some(&self.name), NAME_LENGTH)?;
        if folded(&self.name).is_empty() {
            return Err(
                Refusal::new("name", wording!("it has neither letter nor digit"))
                    .remedy(wording!("what people call it")),
            );
        }
        within("serial", self.serial.as_deref(), SERIAL_LENGTH)?;
        within("model", self.model.as_deref(), MODEL_LENGTH)?;
        within("place", self.place.as_deref(), PLACE_LENGTH)?;
        within("note", Some(&self.note), NOTE_LENGTH)?;
        match (&self.address, self.port) {
            (None, None) => {}
            (None, Some(_)) => {
                return Err(Refusal::new("port", wording!("it goes with an address")));
            }
            (Some(address), port) => {
                let parsed = AssetAddress::of(address, port);
                let parsed = parsed.map_err(|wrong| {
                    let field = match &wrong {
                        WrongAddress::Port => "port",
                        WrongAddress::Long
                        | WrongAddress::Host(_)
                        | WrongAddress::Barred { .. } => "address",
                    };
                    Refusal::new(field, wire::address(&wrong)).remedy(wire::address_remedy())
                })?;
                self.address = Some(parsed.host);
            }
        }
        Ok(self)
    }

    /// Where it is, if that is known.
    pub fn whereabouts(&self) -> Option<AssetAddress> {
        let host = self.address.clone()?;
        let port = self.port;
        Some(AssetAddress { host, port })
    }

    /// What it is found by, as words are compared.
    pub fn words(&self) -> String {
        let kind = self.kind.as_str().replace('_', " ");
        let own = [&self.serial, &self.model, &self.place];
        let own = own.into_iter().flatten().map(String::as_str);
        let all: Vec<&str> = [self.name.as_str(), &kind].into_iter().chain(own).collect();
        folded(&all.join(" "))
    }
}

fn within(field: &'static str, text: Option<&str>, most: usize) -> Result<(), Refusal> {
    match text.map_or(0, |text| text.chars().count()) {
        length if length > most => Err(Refusal::new(
            field,
            wording!("{} characters, where {} are the most", length, most),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer() -> Details {
        Details {
            kind: Kind::Printer,
            name: "Étage 3".into(),
            address: Some("Printer-3.Example".into()),
            port: Some(9100),
            serial: Some("CN-1234".into()),
            model: None,
            place: Some("corridor".into()),
            note: String::new(),
        }
    }

    #[track_caller]
    fn refused(change: impl Fn(&mut Details), expected: &str) {
        let mut details = printer();
        change(&mut details);
        let said = details.validated().map_err(|refusal| refusal.to_string());
        assert_eq!(said.unwrap_err(), expected);
    }

    #[test]
    fn an_address_has_one_form_and_a_port_goes_with_it() {
        let kept = printer().validated().unwrap();
        assert_eq!(kept.address.as_deref(), Some("printer-3.example"));
        let at = kept.whereabouts().map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("printer-3.example:9100"));
        refused(|one| one.address = None, "port: it goes with an address");
        let form = "write it as 192.0.2.7, 2001:db8::7 or printer.example";
        refused(
            |one| one.address = Some("http://printer/".into()),
            &format!("address: \"http://printer/\" is neither a name nor an address: {form}"),
        );
        refused(
            |one| one.address = Some("224.0.0.1".into()),
            &format!("address: 224.0.0.1 is not one thing's: it stands for several: {form}"),
        );
        refused(
            |one| one.port = Some(0),
            &format!("port: a port is a number from 1 to 65535: {form}"),
        );
    }

    #[test]
    fn texts_have_their_limits() {
        refused(
            |one| one.name = "-".into(),
            "name: it has neither letter nor digit: what people call it",
        );
        for (field, most) in [
            ("name", 200),
            ("serial", 100),
            ("model", 200),
            ("place", 200),
        ] {
            let long = "x".repeat(most + 1);
            let expected = format!(
                "{field}: {} characters, where {most} are the most",
                most + 1
            );
            let set = |one: &mut Details| match field {
                "name" => one.name = long.clone(),
                "serial" => one.serial = Some(long.clone()),
                "model" => one.model = Some(long.clone()),
                _ => one.place = Some(long.clone()),
            };
            refused(set, &expected);
        }
        refused(
            |one| one.note = "x".repeat(NOTE_LENGTH + 1),
            "note: 4001 characters, where 4000 are the most",
        );
    }

    #[test]
    fn it_is_found_by_what_is_known_of_it() {
        assert_eq!(printer().words(), "etage 3 printer cn 1234 corridor");
    }

    #[test]
    fn every_kind_has_its_own_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::named("fridge"), None);
    }
}

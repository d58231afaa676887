//! What kinds of events are called where somebody is told what has happened.

use crate::wording::{Wording, wording};

/// Of a kind as the wire names it.
pub fn called(kind: &str) -> Wording {
    match kind {
        "opened" => wording!("opened"),
        "requester_changed" => wording!("requester changed"),
        "noted" => wording!("noted"),
        "messaged" => wording!("messaged"),
        "assigned" => wording!("assigned"),
        "state_changed" => wording!("state changed"),
        "priority_changed" => wording!("priority changed"),
        "tier_changed" => wording!("tier changed"),
        "device_added" => wording!("device added"),
        "device_removed" => wording!("device removed"),
        "device_away" => wording!("device away"),
        "asset_added" => wording!("asset added"),
        "asset_removed" => wording!("asset removed"),
        "work_asked" => wording!("work asked"),
        "work_ended" => wording!("work ended"),
        "incident_declared" => wording!("incident declared"),
        "joined_incident" => wording!("joined incident"),
        "snapshot_taken" => wording!("snapshot taken"),
        "consent_asked" => wording!("consent asked"),
        "consent_answered" => wording!("consent answered"),
        "consent_unanswered" => wording!("consent unanswered"),
        "consent_withdrawn" => wording!("consent withdrawn"),
        "attached" => wording!("attached"),
        "tag_added" => wording!("tag added"),
        "tag_removed" => wording!("tag removed"),
        "watcher_added" => wording!("watcher added"),
        "watcher_removed" => wording!("watcher removed"),
        "linked" => wording!("linked"),
        "unlinked" => wording!("unlinked"),
        "rechecked" => wording!("rechecked"),
        "remote_opened" => wording!("remote opened"),
        "clock_warned" => wording!("clock warned"),
        other => wording!("{}", other),
    }
}

#[cfg(test)]
mod tests {
    use sonde_proto::message::Lang;

    use super::*;
    use crate::desk::Event;

    #[test]
    fn every_kind_of_event_has_a_name_in_both_languages() {
        let none = serde_json::json!({ "kind": "none" });
        let error = serde_json::from_value::<Event>(none).unwrap_err();
        let error = error.to_string();
        let (_, kinds) = error.split_once("expected one of ").unwrap();
        let mut n_kinds = 0;
        for kind in kinds.split(", ").map(|kind| kind.trim_matches('`')) {
            n_kinds += 1;
            assert_eq!(called(kind).to_string(), kind.replace('_', " "));
            assert_ne!(called(kind).written(Lang::Fr), called(kind).to_string());
        }
        assert!(n_kinds > 25, "{error}");
    }
}

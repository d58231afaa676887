//! Words of the agent itself: why an order was not taken, how a job ended.

use sonde_proto::v1;

use crate::finding::{Message, Text, name};
use crate::wire;

/// In the catalogue beside those of checks and actions.
pub const ALL: &[Text] = &[
    Text::technician(
        "other_device",
        "The order is for another device",
        "L'ordre est destiné à un autre appareil",
    ),
    Text::technician(
        "other_installation",
        "The order is for another installation of this device",
        "L'ordre est destiné à une autre installation de cet appareil",
    ),
    Text::technician(
        "wrong_order",
        "The order is not one that this agent may take: {why}",
        "Cet agent ne peut pas accepter cet ordre : {why}",
    ),
    Text::technician(
        "order_expired",
        "The order had expired when it reached the device",
        "L'ordre avait expiré à son arrivée sur l'appareil",
    ),
    Text::technician(
        "busy",
        "The device has too many jobs waiting; try again later",
        "Trop de tâches en attente sur l'appareil ; réessayez plus tard",
    ),
    Text::technician(
        "journal_full",
        "The device's journal has no room for another order; the oldest expire first",
        "Le journal de l'appareil n'a plus de place ; les plus anciens ordres expirent d'abord",
    ),
    Text::technician(
        "unknown_check",
        "This agent has no such check: {why}",
        "Cet agent n'a pas cette vérification : {why}",
    ),
    Text::technician(
        "wrong_asset",
        "An asset goes with the one check that looks for it, and that check with an asset",
        "Un équipement va avec la seule vérification qui le cherche, et celle-ci avec un équipement",
    ),
    Text::technician(
        "barred_asset",
        "This agent does not look for that: {why}",
        "Cet agent ne recherche pas cela : {why}",
    ),
    Text::technician(
        "unknown_action",
        "This agent has no such action: {why}",
        "Cet agent n'a pas cette action : {why}",
    ),
    Text::technician(
        "unknown_table",
        "This agent has no such table: {why}",
        "Cet agent n'a pas cette table : {why}",
    ),
    Text::technician(
        "wrong_request",
        "The request does not fit the table: {why}",
        "La demande ne correspond pas à la table : {why}",
    ),
    Text::technician(
        "other_version",
        "This agent has another version of the action; plan it again",
        "Cet agent a une autre version de l'action ; refaites le plan",
    ),
    Text::technician(
        "nothing_asked",
        "The order asks for nothing that this agent knows",
        "L'ordre ne demande rien que cet agent connaisse",
    ),
    Text::technician(
        "nothing_to_undo",
        "This device has nothing to take back for that job",
        "Cet appareil n'a rien à annuler pour cette tâche",
    ),
    Text::technician(
        "answer_too_large",
        "The answer is larger than one job may give; narrow the request down",
        "La réponse dépasse ce qu'une tâche peut rendre ; précisez la demande",
    ),
    Text::technician(
        "not_fetched",
        "The answer waited too long for the collector and was dropped; ask again",
        "La réponse a attendu trop longtemps le collecteur et a été abandonnée ; redemandez",
    ),
    Text::technician(
        "too_many_look",
        "As many look at this device's live metrics as may at a time",
        "Le nombre de regards simultanés sur les mesures en direct de cet appareil est atteint",
    ),
    Text::technician(
        "unfetched",
        "Nobody fetched the live metrics any more",
        "Plus personne ne recevait les mesures en direct",
    ),
    Text::technician(
        "cancelled_before",
        "Cancelled before it began",
        "Annulé avant de commencer",
    ),
    Text::technician(
        "job_broke",
        "The agent itself failed at this: {why}",
        "L'agent lui-même a échoué : {why}",
    ),
    Text::technician(
        "unheard",
        "The collector was not heard within {wait} after the change; it has been taken back",
        "Le collecteur n'a pas été entendu dans les {wait} qui ont suivi la modification ; elle a été annulée",
    ),
    Text::technician(
        "failed_and_taken_back",
        "{why}; what had been done has been taken back",
        "{why} ; ce qui avait été fait a été annulé",
    ),
    Text::technician(
        "not_taken_back",
        "The change could not be taken back: {why}",
        "La modification n'a pas pu être annulée : {why}",
    ),
    Text::technician(
        "interrupted_unheard",
        "The agent was interrupted before the collector was heard; the change has been taken back",
        "L'agent a été interrompu avant que le collecteur ne soit entendu ; la modification a été annulée",
    ),
    Text::technician(
        "restarted_unheard",
        "The machine was restarted before the collector was heard; that has taken the change back",
        "La machine a redémarré avant que le collecteur ne soit entendu ; la modification en a été annulée",
    ),
    Text::technician(
        "crashed_before_acting",
        "The agent was interrupted; nothing was changed",
        "L'agent a été interrompu ; rien n'a été modifié",
    ),
    Text::technician(
        "crashed_while_acting",
        "The agent was interrupted while it acted; what was done is not known",
        "L'agent a été interrompu pendant l'action ; ce qui a été fait est inconnu",
    ),
];

/// One of them, without arguments.
pub fn message(id: &'static str) -> v1::Message {
    wire::message(Message::new(id, Vec::new()))
}

/// One of them, with its reason.
pub fn reason(id: &'static str, why: &dyn std::fmt::Display) -> v1::Message {
    wire::message(Message::new(id, vec![name("why", why.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::message::names;

    #[test]
    fn every_text_is_there_once_and_in_both_languages() {
        let mut ids: Vec<_> = ALL.iter().map(|text| text.id).collect();
        ids.sort_unstable();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for text in ALL {
            assert!(!text.en.is_empty() && text.en != text.fr, "{}", text.id);
            assert_eq!(
                names(text.en).collect::<Vec<_>>(),
                names(text.fr).collect::<Vec<_>>(),
                "{}",
                text.id
            );
        }
    }
}

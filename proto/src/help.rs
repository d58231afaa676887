//! What the collector says about a person's request for help, in words that travel as ids.

use crate::message::Lang;

/// Why there is no answer, or another one than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is none of that number that this person has asked for on this device.
    NoTicket,
    /// The ticket is closed: what was said opens another one.
    Closed,
    /// So many of the person's are open that it stands on the newest of them.
    ManyOpen,
    /// So many of the device's are open that it was refused.
    TooManyOpen,
    /// So much was said in the last hour that it was refused.
    TooOften,
    /// Nobody has said that it is solved, or it is known already: there is nothing to confirm.
    NotProposed,
    /// It was not heard here.
    NotTaken,
    /// The collector cannot read now what it has.
    NotNow,
    /// The collector has no page for those who ask.
    NoPage,
    /// Nobody sits at the machine who could be asked.
    NobodyThere,
    /// Who sits there cannot be shown a question.
    NotShown,
    /// It came too late.
    TooLate,
}

impl Reason {
    pub const ALL: [Self; 12] = [
        Self::NoTicket,
        Self::Closed,
        Self::ManyOpen,
        Self::TooManyOpen,
        Self::TooOften,
        Self::NotProposed,
        Self::NotTaken,
        Self::NotNow,
        Self::NoPage,
        Self::NobodyThere,
        Self::NotShown,
        Self::TooLate,
    ];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoTicket => "no_ticket",
            Self::Closed => "closed",
            Self::ManyOpen => "many_open",
            Self::TooManyOpen => "too_many_open",
            Self::TooOften => "too_often",
            Self::NotProposed => "not_proposed",
            Self::NotTaken => "not_taken",
            Self::NotNow => "not_now",
            Self::NoPage => "no_page",
            Self::NobodyThere => "nobody_there",
            Self::NotShown => "not_shown",
            Self::TooLate => "too_late",
        }
    }

    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == id)
    }

    /// For who has asked for help; of the last three, for the technician.
    pub fn words(self, lang: Lang) -> &'static str {
        let (en, fr) = match self {
            Self::NoTicket => (
                "You have no ticket of this number on this machine.",
                "Vous n'avez pas de ticket de ce numéro sur cette machine.",
            ),
            Self::Closed => (
                "That ticket is closed, so this is a new one that names it.",
                "Ce ticket est clos : celui-ci est un nouveau, qui le nomme.",
            ),
            Self::ManyOpen => (
                "You have many open tickets already, so this was added to the newest of them.",
                "Vous avez déjà beaucoup de tickets ouverts : ceci a été ajouté au plus récent.",
            ),
            Self::TooManyOpen => (
                "This machine has too many open tickets already. Please call the helpdesk.",
                "Cette machine a déjà trop de tickets ouverts. Appelez l'assistance, s'il vous plaît.",
            ),
            Self::TooOften => (
                "This machine has asked too often in the last hour. Please try again later, or call the helpdesk.",
                "Cette machine a demandé trop souvent depuis une heure. Réessayez plus tard, ou appelez l'assistance.",
            ),
            Self::NotProposed => (
                "Nobody has said yet that this ticket is solved: there is nothing to confirm.",
                "Personne n'a encore dit que ce ticket est résolu : il n'y a rien à confirmer.",
            ),
            Self::NotTaken => (
                "The helpdesk does not know of it.",
                "L'assistance n'en a pas connaissance.",
            ),
            Self::NotNow => (
                "The helpdesk's answers cannot be read now. Please try again in a minute.",
                "Les réponses de l'assistance sont illisibles pour l'instant. Réessayez dans une minute.",
            ),
            Self::NoPage => (
                "Your helpdesk has no page for requests.",
                "Votre assistance n'a pas de page pour les demandes.",
            ),
            Self::NobodyThere => (
                "Nobody is logged on in a graphical session there.",
                "Personne n'y a ouvert de session graphique.",
            ),
            Self::NotShown => (
                "Who is logged on there cannot be shown a question.",
                "On ne peut pas montrer de question à qui y a ouvert sa session.",
            ),
            Self::TooLate => (
                "The question came there too late.",
                "La question y est arrivée trop tard.",
            ),
        };
        match lang {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }
}

#[test]
fn every_reason_comes_back_as_it_went() {
    for reason in Reason::ALL {
        assert_eq!(Reason::named(reason.as_str()), Some(reason));
    }
    assert_eq!(Reason::named("of another version"), None);
}

//! Words of the requester's page, for somebody who knows nothing of computers.

use sonde_proto::message::Lang;

use crate::desk::State;
use crate::desk::WaitingFor;
use crate::desk::consent::{Answer, Standing};
use crate::store::work::JobState;

pub(super) struct Words {
    pub(super) request: &'static str,
    pub(super) other_language: &'static str,
    pub(super) devices: &'static str,
    pub(super) answers: &'static str,
    pub(super) you: &'static str,
    pub(super) helpdesk: &'static str,
    pub(super) nothing_written: &'static str,
    pub(super) earlier: &'static str,
    pub(super) write: &'static str,
    pub(super) send: &'static str,
    pub(super) may_we: &'static str,
    pub(super) may_we_why: &'static str,
    pub(super) on: &'static str,
    pub(super) with: &'static str,
    pub(super) exactly: &'static str,
    pub(super) asked_by: &'static str,
    pub(super) until: &'static str,
    pub(super) once: &'static str,
    pub(super) for_ticket: &'static str,
    pub(super) no: &'static str,
    pub(super) allowed: &'static str,
    pub(super) take_back: &'static str,
    pub(super) solved: &'static str,
    pub(super) proposal: &'static str,
    pub(super) solved_yes: &'static str,
    pub(super) solved_no: &'static str,
    pub(super) what_is_wrong: &'static str,
    pub(super) is_back: &'static str,
    pub(super) files: &'static str,
    pub(super) done: &'static str,
    pub(super) nothing_done: &'static str,
    pub(super) by: &'static str,
    pub(super) checked: &'static str,
    pub(super) read: &'static str,
    pub(super) all_checks: &'static str,
    pub(super) watched: &'static str,
    pub(super) remote: &'static str,
    pub(super) remote_unseen: &'static str,
    pub(super) planned: &'static str,
    pub(super) undone: &'static str,
    pub(super) closed: &'static str,
    pub(super) no_page: &'static str,
    pub(super) no_page_why: &'static str,
    pub(super) not_done: &'static str,
    pub(super) not_understood: &'static str,
    pub(super) too_late: &'static str,
    pub(super) later: &'static str,
    pub(super) not_possible: &'static str,
    pub(super) back: &'static str,
    pub(super) private: &'static str,
    pub(super) how_help: &'static str,
    pub(super) machine_says: &'static str,
    pub(super) what_not: &'static str,
    pub(super) since_when: &'static str,
    pub(super) since: &'static str,
    pub(super) ask: &'static str,
    pub(super) your_requests: &'static str,
    pub(super) read_it: &'static str,
    pub(super) once_only: &'static str,
    pub(super) used: &'static str,
}

const EN: Words = Words {
    request: "Your request",
    other_language: "Français",
    devices: "Machine",
    answers: "Messages",
    you: "You",
    helpdesk: "Helpdesk",
    nothing_written: "Nothing has been written yet.",
    earlier: "earlier messages are not shown here",
    write: "Write to the helpdesk",
    send: "Send",
    may_we: "May we do this?",
    may_we_why: "The technician asks before anything is done that you may notice. Nothing happens until you answer.",
    on: "on",
    with: "with",
    exactly: "What exactly would be done",
    asked_by: "Asked by",
    until: "Please answer by",
    once: "Yes, once",
    for_ticket: "Yes, whenever it is needed for this request",
    no: "No",
    allowed: "You have allowed",
    take_back: "Take it back",
    solved: "Is it solved?",
    proposal: "The helpdesk writes:",
    solved_yes: "Yes, it is solved",
    solved_no: "No, not yet",
    what_is_wrong: "What is still wrong?",
    is_back: "Is the trouble back? Write to us here, and the request is open again.",
    files: "Files for you",
    done: "What was done on your machine",
    nothing_done: "Nothing has been done on it for this request.",
    by: "by",
    checked: "Looked at",
    read: "Read",
    all_checks: "everything that can be checked",
    watched: "looked at how busy the machine is",
    remote: "Remote access with",
    remote_unseen: "what is done there is not listed here",
    planned: "Planned, nothing changed",
    undone: "Taken back",
    closed: "This request is closed. If you need help again, please ask anew.",
    no_page: "This address leads nowhere",
    no_page_why: "It may have expired or been replaced. Ask your helpdesk for a new one.",
    not_done: "That was not done",
    not_understood: "The form was not complete. Go back and try again.",
    too_late: "It was answered already, or it is too late for an answer.",
    later: "The helpdesk's system does not answer just now. Try again in a moment: nothing is lost, but look first whether your message is there.",
    not_possible: "It is not possible as things are now. Go back and look how your request stands.",
    back: "Back to your request",
    how_help: "How can we help?",
    machine_says: "Your machine says",
    what_not: "What does not work?",
    since_when: "Since when? (if you know)",
    since: "Since when",
    ask: "Ask for help",
    your_requests: "Your requests on this machine",
    read_it: "Read and answer",
    once_only: "This page works once. Choose \"Get help\" on your machine to come here again.",
    used: "It was used already, or it is too late. Choose \"Get help\" on your machine once more.",
    private: "Only who knows this address sees this page. Do not pass it on.",
};

const FR: Words = Words {
    request: "Votre demande",
    other_language: "English",
    devices: "Machine",
    answers: "Messages",
    you: "Vous",
    helpdesk: "Assistance",
    nothing_written: "Rien n'a encore été écrit.",
    earlier: "messages plus anciens ne sont pas affichés ici",
    write: "Écrire à l'assistance",
    send: "Envoyer",
    may_we: "Pouvons-nous faire ceci ?",
    may_we_why: "Le technicien demande avant toute action que vous pourriez remarquer. Rien ne se passe avant votre réponse.",
    on: "sur",
    with: "avec",
    exactly: "Ce qui serait fait exactement",
    asked_by: "Demandé par",
    until: "Merci de répondre avant le",
    once: "Oui, une fois",
    for_ticket: "Oui, autant que nécessaire pour cette demande",
    no: "Non",
    allowed: "Vous avez autorisé",
    take_back: "Retirer l'accord",
    solved: "Est-ce résolu ?",
    proposal: "L'assistance écrit :",
    solved_yes: "Oui, c'est résolu",
    solved_no: "Non, pas encore",
    what_is_wrong: "Qu'est-ce qui ne va toujours pas ?",
    is_back: "Le problème est revenu ? Écrivez-nous ici, et la demande est rouverte.",
    files: "Fichiers pour vous",
    done: "Ce qui a été fait sur votre machine",
    nothing_done: "Rien n'y a été fait pour cette demande.",
    by: "par",
    checked: "Vérifié",
    read: "Lu",
    all_checks: "tout ce qui peut être vérifié",
    watched: "a regardé la charge de la machine",
    remote: "Accès à distance avec",
    remote_unseen: "ce qui s'y fait n'est pas listé ici",
    planned: "Prévu, rien n'a changé",
    undone: "Annulé",
    closed: "Cette demande est close. Si vous avez encore besoin d'aide, faites une nouvelle demande.",
    no_page: "Cette adresse ne mène nulle part",
    no_page_why: "Elle a peut-être expiré ou été remplacée. Demandez-en une nouvelle à votre assistance.",
    not_done: "Cela n'a pas été fait",
    not_understood: "Le formulaire n'était pas complet. Revenez en arrière et réessayez.",
    too_late: "Une réponse a déjà été donnée, ou il est trop tard pour répondre.",
    later: "Le système de l'assistance ne répond pas en ce moment. Réessayez dans un instant : rien n'est perdu, mais regardez d'abord si votre message est là.",
    not_possible: "Ce n'est pas possible dans l'état actuel. Revenez en arrière et regardez où en est votre demande.",
    back: "Retour à votre demande",
    how_help: "Comment pouvons-nous vous aider ?",
    machine_says: "Votre machine signale",
    what_not: "Qu'est-ce qui ne fonctionne pas ?",
    since_when: "Depuis quand ? (si vous le savez)",
    since: "Depuis quand",
    ask: "Demander de l'aide",
    your_requests: "Vos demandes sur cette machine",
    read_it: "Lire et répondre",
    once_only: "Cette page ne sert qu'une fois. Choisissez « Obtenir de l'aide » sur votre machine pour revenir ici.",
    used: "Elle a déjà servi, ou il est trop tard. Choisissez encore une fois « Obtenir de l'aide » sur votre machine.",
    private: "Seules les personnes qui connaissent cette adresse voient cette page. Ne la transmettez pas.",
};

pub(super) fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// As an address and a page name it.
pub(super) fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Fr => "fr",
    }
}

/// A word and what stands behind it; in French with the space before the colon that belongs there.
pub(super) fn colon(lang: Lang, before: &str, what: &str) -> String {
    match lang {
        Lang::En => format!("{before}: {what}"),
        Lang::Fr => format!("{before}\u{a0}: {what}"),
    }
}

/// How the request stands, in a sentence.
pub(super) fn of_state(state: State, waiting_for: Option<WaitingFor>, lang: Lang) -> &'static str {
    let (en, fr) = match (state, waiting_for) {
        (State::New, _) => (
            "We have your request. Nobody is working on it yet.",
            "Nous avons bien reçu votre demande. Personne n'y travaille encore.",
        ),
        (State::Waiting, Some(WaitingFor::User)) => (
            "We are waiting for your answer.",
            "Nous attendons votre réponse.",
        ),
        (State::Waiting, Some(WaitingFor::Part)) => {
            ("We are waiting for a part.", "Nous attendons une pièce.")
        }
        (State::Waiting, Some(WaitingFor::Supplier)) => (
            "We are waiting for a supplier.",
            "Nous attendons un fournisseur.",
        ),
        (State::Waiting, Some(WaitingFor::Device)) => (
            "We are waiting until your machine can be reached.",
            "Nous attendons que votre machine soit joignable.",
        ),
        (State::Waiting, Some(WaitingFor::Appointment)) => (
            "We are waiting for the appointment.",
            "Nous attendons le rendez-vous.",
        ),
        (State::Open | State::Waiting, _) => (
            "A technician is working on it.",
            "Un technicien s'en occupe.",
        ),
        (State::Proposed, _) => (
            "The technician says that it is solved. Please tell us whether it is.",
            "Le technicien pense que c'est résolu. Dites-nous si c'est le cas.",
        ),
        (State::Resolved, _) => ("It is solved.", "C'est résolu."),
        (State::Closed, _) => ("It is closed.", "Elle est close."),
    };
    in_lang(lang, en, fr)
}

/// How something that was done on the machine ended.
pub(super) fn outcome(state: JobState, lang: Lang) -> &'static str {
    let (en, fr) = match state {
        JobState::Queued => ("waits for the machine", "attend la machine"),
        JobState::Accepted | JobState::Running => ("under way", "en cours"),
        JobState::Succeeded => ("done", "fait"),
        JobState::Failed => ("failed", "échec"),
        JobState::Refused => ("refused by the machine", "refusé par la machine"),
        JobState::Expired => ("not done in time", "pas fait à temps"),
        JobState::Cancelled => ("cancelled", "annulé"),
        JobState::Unknown => (
            "it is not known how it ended",
            "on ne sait pas comment cela s'est terminé",
        ),
    };
    in_lang(lang, en, fr)
}

/// What became of a question.
pub(super) fn standing(standing: Standing, answer: Option<Answer>, lang: Lang) -> &'static str {
    let (en, fr) = match (standing, answer) {
        (Standing::Asked, _) => ("not answered yet", "sans réponse pour l'instant"),
        (Standing::Given, Some(Answer::Ticket)) => (
            "allowed whenever it is needed for this request",
            "autorisé autant que nécessaire pour cette demande",
        ),
        (Standing::Given, _) => ("allowed once", "autorisé une fois"),
        (Standing::Refused, _) => ("you said no", "vous avez dit non"),
        (Standing::Expired, _) => ("no longer asked", "la question ne se pose plus"),
        (Standing::Used, _) => ("allowed once, and done", "autorisé une fois, et fait"),
        (Standing::Withdrawn, _) => ("taken back", "retiré"),
    };
    in_lang(lang, en, fr)
}

fn in_lang(lang: Lang, en: &'static str, fr: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

//! Who calls a helpdesk, and with what.

/// Somebody who calls.
pub(super) struct Caller {
    pub(super) name: &'static str,
    pub(super) phone: &'static str,
    pub(super) mail: &'static str,
    pub(super) language: &'static str,
}

/// What happens to a ticket, in turn.
pub(super) enum Turn {
    /// The requester writes.
    Says(&'static str),
    /// The technician writes.
    Answer(&'static str),
    Note(&'static str),
    Claim,
    Escalate(&'static str),
    /// For the user.
    Wait(&'static str),
    Become(&'static str),
}

/// A call and what becomes of it.
pub(super) struct Call {
    pub(super) title: &'static str,
    pub(super) priority: &'static str,
    pub(super) tag: &'static str,
    pub(super) has_device: bool,
    pub(super) turns: &'static [Turn],
}

const fn caller(
    name: &'static str,
    phone: &'static str,
    mail: &'static str,
    language: &'static str,
) -> Caller {
    Caller {
        name,
        phone,
        mail,
        language,
    }
}

pub(super) const CALLERS: &[Caller] = &[
    caller(
        "Claire Martin",
        "+33 6 12 34 56 78",
        "claire.martin@example.org",
        "fr",
    ),
    caller(
        "Jean Dupont",
        "+33 6 98 76 54 32",
        "jean.dupont@example.org",
        "fr",
    ),
    caller(
        "Sofia Rossi",
        "+33 6 11 22 33 44",
        "sofia.rossi@example.org",
        "fr",
    ),
    caller(
        "Tom Becker",
        "+33 6 55 66 77 88",
        "tom.becker@example.org",
        "en",
    ),
    caller(
        "Awa Diallo",
        "+33 6 21 43 65 87",
        "awa.diallo@example.org",
        "fr",
    ),
    caller(
        "Ines Moreau",
        "+33 6 31 41 59 26",
        "ines.moreau@example.org",
        "en",
    ),
    caller(
        "Accueil Lyon",
        "+33 4 72 00 00 02",
        "accueil@example.org",
        "fr",
    ),
];

/// Name, and the text in English and French.
pub(super) const REPLIES: &[(&str, [&str; 2])] = &[
    (
        "received",
        [
            "Hello {requester},\n\nwe have your ticket {ticket} and are looking at it now.\n\n{technician}",
            "Bonjour {requester},\n\nnous avons bien reçu votre demande {ticket} et nous la regardons.\n\n{technician}",
        ],
    ),
    (
        "restart",
        [
            "Please restart the program and tell us whether it helps.",
            "Merci de relancer le programme et de nous dire si cela va mieux.",
        ],
    ),
];

const fn call(
    title: &'static str,
    priority: &'static str,
    tag: &'static str,
    has_device: bool,
    turns: &'static [Turn],
) -> Call {
    Call {
        title,
        priority,
        tag,
        has_device,
        turns,
    }
}

use Turn::{Answer, Become, Claim, Escalate, Note, Says, Wait};

/// What is opened first is what a queue shows last.
pub(super) const CALLS: &[Call] = &[
    call(
        "Scans no longer arrive in the archive folder",
        "high",
        "scan",
        true,
        &[
            Says(
                "Since Tuesday nothing that I scan shows up under /srv/archive. Before that it always worked.",
            ),
            Claim,
            Answer("Hello, I am looking at your machine now."),
            Note("The folder is there but empty: probably the mount."),
        ],
    ),
    call(
        "Impossible d’enregistrer les scans",
        "urgent",
        "scan",
        true,
        &[Says(
            "Le dossier d’archive est introuvable depuis ce matin.",
        )],
    ),
    call(
        "The computer has been slow since this morning",
        "normal",
        "slow",
        true,
        &[],
    ),
    call(
        "VPN drops every few minutes",
        "high",
        "vpn",
        true,
        &[
            Claim,
            Says("It started after I came back from the Lyon office."),
            Escalate("needs somebody with rights on the gateway"),
        ],
    ),
    call(
        "New screen for meeting room 2",
        "low",
        "order",
        false,
        &[Claim, Wait("asked which connector the table has")],
    ),
    call(
        "Outlook asks for the password again and again",
        "normal",
        "mail",
        true,
        &[
            Says("Since I changed my password yesterday."),
            Claim,
            Answer("Please close Outlook on your telephone as well, then sign in once here."),
            Wait("asked to sign in anew"),
        ],
    ),
    call(
        "Printer on floor 3 prints blank pages",
        "normal",
        "print",
        true,
        &[
            Claim,
            Note("Toner was changed on Monday: the seal is often left on it."),
        ],
    ),
    call(
        "Cannot open the accounting software",
        "high",
        "software",
        true,
        &[Says(
            "It says that a library is missing. The month ends today!",
        )],
    ),
    call(
        "Le son ne marche plus en visioconférence",
        "normal",
        "sound",
        true,
        &[
            Claim,
            Answer("Bonjour, quel casque utilisez-vous ?"),
            Says("Le casque Bluetooth, comme d’habitude."),
        ],
    ),
    call(
        "Laptop battery lasts one hour",
        "low",
        "hardware",
        true,
        &[Become("open")],
    ),
    call(
        "Access to the shared folder Contracts",
        "normal",
        "access",
        false,
        &[Claim, Escalate("the owner of the folder has to agree")],
    ),
    call(
        "Blue light flickers and nothing starts",
        "urgent",
        "hardware",
        true,
        &[Claim, Says("I have tried another socket.")],
    ),
    call(
        "Les mises à jour demandent un redémarrage tous les jours",
        "low",
        "updates",
        true,
        &[],
    ),
    call(
        "Cannot reach the intranet from the meeting room",
        "normal",
        "network",
        true,
        &[
            Claim,
            Note("Guests’ network there: the plug was moved last week."),
            Answer("Please use the plug on the left of the screen: it is ours."),
            Become("proposed"),
        ],
    ),
    call(
        "Keyboard types the wrong letters",
        "low",
        "hardware",
        true,
        &[
            Claim,
            Answer("Super and space switches the layout back."),
            Become("proposed"),
            Become("resolved"),
        ],
    ),
    call(
        "Une fenêtre demande un mot de passe administrateur",
        "normal",
        "access",
        true,
        &[Says(
            "Elle s’ouvre à chaque démarrage, je n’ai rien installé.",
        )],
    ),
    call(
        "The disk is almost full",
        "normal",
        "disk",
        true,
        &[
            Claim,
            Note("Old kernels and a cache; asked to clean up."),
            Become("proposed"),
            Become("resolved"),
            Become("closed"),
        ],
    ),
];

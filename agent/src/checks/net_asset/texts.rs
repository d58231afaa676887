//! What is said of an asset that was looked for.

use crate::finding::Text;

pub(super) const TEXTS: &[Text] = &[
    Text::technician(
        "none",
        "No asset is named: one is looked for when an order of a ticket names it",
        "Aucun équipement n'est désigné : il faut l'ordre d'un ticket qui le désigne",
    ),
    Text {
        id: "answers",
        en: "{asset} answers pings within {after}",
        fr: "{asset} répond au ping en {after}",
        user_en: "{asset} is there.",
        user_fr: "{asset} est présent.",
    },
    Text {
        id: "loses",
        en: "{asset} answers pings, and {loss} of them get lost",
        fr: "{asset} répond au ping, mais {loss} des pings se perdent",
        user_en: "{asset} is there; the network loses data.",
        user_fr: "{asset} est présent ; le réseau perd des données.",
    },
    Text {
        id: "no_ping",
        en: "{asset} is there; it answers no ping",
        fr: "{asset} est présent ; il ne répond pas au ping",
        user_en: "{asset} is there.",
        user_fr: "{asset} est présent.",
    },
    Text {
        id: "present",
        en: "{asset} is there; this user may not ping",
        fr: "{asset} est présent ; cet utilisateur ne peut pas faire de ping",
        user_en: "{asset} is there.",
        user_fr: "{asset} est présent.",
    },
    Text {
        id: "silent",
        en: "{asset} does not answer: neither pings nor anything else shows that it is there",
        fr: "{asset} ne répond pas : ni le ping ni autre chose ne montre qu'il est présent",
        user_en: "{asset} does not answer.",
        user_fr: "{asset} ne répond pas.",
    },
    Text {
        id: "connects",
        en: "{asset} takes connections on port {port} within {after}",
        fr: "{asset} accepte les connexions sur le port {port} en {after}",
        user_en: "{asset} answers.",
        user_fr: "{asset} répond.",
    },
    Text {
        id: "refused",
        en: "{asset} refuses port {port}: it is there, and nobody listens",
        fr: "{asset} refuse le port {port} : il est présent, et personne n'y écoute",
        user_en: "{asset} is there, and does not do its work.",
        user_fr: "{asset} est présent, mais ne rend pas son service.",
    },
    Text {
        id: "port_silent",
        en: "{asset} says nothing on port {port}, not even no",
        fr: "{asset} ne dit rien sur le port {port}, pas même non",
        user_en: "{asset} does not answer.",
        user_fr: "{asset} ne répond pas.",
    },
    Text {
        id: "port_unreachable",
        en: "Port {port} of {asset} is not reached: {why}",
        fr: "Le port {port} de {asset} est injoignable : {why}",
        user_en: "{asset} does not answer.",
        user_fr: "{asset} ne répond pas.",
    },
    Text::technician(
        "port_forbidden",
        "Whether {asset} listens on port {port} cannot be told: this machine's own rules let nothing out to it",
        "Impossible de dire si {asset} écoute sur le port {port} : les règles de cette machine n'y laissent rien sortir",
    ),
    Text {
        id: "no_name",
        en: "{asset} is not found: there is no such name",
        fr: "{asset} est introuvable : ce nom n'existe pas",
        user_en: "{asset} is not found.",
        user_fr: "{asset} est introuvable.",
    },
    Text::technician(
        "multicast",
        "Whether {asset} is there cannot be told: no name server knows its name, and neighbours are not asked for it",
        "Impossible de dire si {asset} est présent : aucun serveur de noms ne connaît ce nom, et les voisins ne sont pas interrogés",
    ),
    Text::technician(
        "unresolved",
        "Whether {asset} is there cannot be told: nobody answers for its name",
        "Impossible de dire si {asset} est présent : personne ne répond pour son nom",
    ),
    Text::technician(
        "no_way",
        "Whether {asset} is there cannot be told: this machine knows no way to {address}",
        "Impossible de dire si {asset} est présent : cette machine ne connaît aucun chemin vers {address}",
    ),
    Text::technician(
        "itself",
        "{asset} is not asked: {address} is this machine itself; another device has to look for it",
        "{asset} n'est pas interrogé : {address} est cette machine même ; un autre appareil doit le chercher",
    ),
    Text::technician(
        "several",
        "{asset} is not asked: {address} stands for several machines",
        "{asset} n'est pas interrogé : {address} désigne plusieurs machines",
    ),
    Text::technician(
        "nobody",
        "{asset} is not asked: {address} is nobody's address",
        "{asset} n'est pas interrogé : {address} n'est l'adresse de personne",
    ),
    Text::technician(
        "one_link",
        "{asset} is not asked: {address} holds on one link alone, and does not say on which",
        "{asset} n'est pas interrogé : {address} ne vaut que sur un lien, sans dire lequel",
    ),
    Text::technician(
        "unreachable",
        "The operating system says: {why}",
        "Le système d'exploitation indique : {why}",
    ),
    Text::technician(
        "no_neighbour",
        "Nothing on the link answers to this address",
        "Rien sur le lien ne répond à cette adresse",
    ),
];

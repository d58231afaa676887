//! How steps end, for every action.

use crate::finding::Text;

pub const TEXTS: &[Text] = &[
    Text::technician(
        "step_not_started",
        "{program} could not be started: {why}",
        "{program} n'a pas pu être lancé : {why}",
    ),
    Text::technician(
        "step_exit",
        "{program} ended with status {status}",
        "{program} s'est terminé avec le code {status}",
    ),
    Text::technician(
        "step_timeout",
        "{what} took longer than {deadline} and was ended",
        "{what} a dépassé {deadline} et a été arrêté",
    ),
    Text::technician(
        "step_lingers",
        "{what} was ended and is still there: what it has done is not known",
        "{what} a été arrêté mais est encore là : ce qu'il a fait est inconnu",
    ),
    Text::technician(
        "step_goes_on",
        "{what} was ended; what it had asked for may go on, and how it ends is not known",
        "{what} a été arrêté ; ce qu'il avait demandé continue peut-être, et son issue est inconnue",
    ),
    Text::technician(
        "step_other_process",
        "Process {pid} is no longer the one that was planned for",
        "Le processus {pid} n'est plus celui qui était prévu",
    ),
    Text::technician(
        "step_still_runs",
        "Process {pid} was still there after {wait}",
        "Le processus {pid} était encore là après {wait}",
    ),
    Text::technician(
        "step_process",
        "Process {pid} was left as it is: {why}",
        "Le processus {pid} a été laissé tel quel : {why}",
    ),
    Text::technician(
        "step_left_alone",
        "{path} was left alone: {why}",
        "{path} a été laissé tel quel : {why}",
    ),
    Text::technician(
        "step_kept",
        "{kept} of {files} files were left alone, the last because {why}",
        "{kept} fichiers sur {files} laissés en place, le dernier parce que {why}",
    ),
    Text::technician("cancelled", "Cancelled", "Annulé"),
];

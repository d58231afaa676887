//! Has a service started at every start of the machine.

use crate::finding::{Text, name};
use crate::host::{Host, Service};
use crate::plan::Plan;

use super::service::{self, of, there_and_back};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "service.enable",
    version: 1,
    title_en: "Start a service whenever the machine starts",
    title_fr: "Démarrer un service à chaque démarrage de la machine",
    class: Class::Repair,
    parameters: &[service::UNIT],
    texts: service::texts![
        service::MASKED,
        service::ALIAS,
        Text {
            id: "enable",
            en: "Have {unit} started whenever the machine starts",
            fr: "Faire démarrer {unit} à chaque démarrage de la machine",
            user_en: "A background program will be started together with the computer.",
            user_fr: "Un programme de fond démarrera en même temps que l'ordinateur.",
        },
        Text {
            id: "disable",
            en: "Have {unit} no longer started whenever the machine starts",
            fr: "Ne plus faire démarrer {unit} à chaque démarrage de la machine",
            user_en: "A background program will no longer be started together with the computer.",
            user_fr: "Un programme de fond ne démarrera plus en même temps que l'ordinateur.",
        },
        Text::technician(
            "not_disabled",
            "{unit} cannot be enabled: the service manager calls it {state}",
            "{unit} ne peut pas être activé : le gestionnaire de services l'indique comme {state}",
        ),
        Text::technician(
            "no_file",
            "{unit} cannot be enabled: no unit file of it is installed",
            "{unit} ne peut pas être activé : aucun fichier d'unité n'est installé pour lui",
        ),
    ],
    // It is done when the manager says so.
    verified_by: "",
    settle: service::SETTLE,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    plan(&service::look_for(host, parameters).await?)
}

fn plan(service: &Service) -> Result<Plan, Refusal> {
    service::refuse_start(service)?;
    let unit = &service.unit;
    match service::unit_file(service) {
        "disabled" => {}
        "" => return Err(Refusal::new("no_file", of(unit))),
        other => {
            let said = vec![name("unit", unit), name("state", other)];
            return Err(Refusal::new("not_disabled", said));
        }
    }
    let verbs = ["enable", "disable"];
    Ok(there_and_back(Plan::default(), verbs, &[], unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service::tests::check;

    #[test]
    fn what_cannot_be_enabled_is_refused() {
        for (enabled, expected) in [
            (
                "enabled",
                "refused: web.service cannot be enabled: the service manager calls it enabled",
            ),
            (
                "static",
                "refused: web.service cannot be enabled: the service manager calls it static",
            ),
            (
                "",
                "refused: web.service cannot be enabled: no unit file of it is installed",
            ),
            (
                "masked",
                "refused: web.service is masked: someone has forbidden it to start",
            ),
            (
                "alias",
                "refused: web.service is only another name of a service; name the service itself",
            ),
        ] {
            check(&ACTION, plan, (enabled, "inactive"), expected);
        }
    }

    #[test]
    fn enabling_is_taken_back_by_disabling() {
        check(
            &ACTION,
            plan,
            ("disabled", "active"),
            "Have web.service started whenever the machine starts: \
             systemctl --no-ask-password enable -- web.service \
             (back: systemctl --no-ask-password disable -- web.service)",
        );
    }
}

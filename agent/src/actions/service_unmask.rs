//! Lets a service start again that somebody has masked, and starts it where something wants it.

use crate::facts::blocked_units;
use crate::finding::Text;
use crate::host::{Host, Mask, Service};
use crate::plan::Plan;

use super::service::{self, of, there_and_back};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "service.unmask",
    version: 1,
    title_en: "Let a masked service start again",
    title_fr: "Autoriser de nouveau un service masqué",
    class: Class::Repair,
    parameters: &[service::UNIT],
    texts: service::texts![
        service::START,
        service::STOP,
        Text {
            id: "unmask",
            en: "Let {unit} start again",
            fr: "Autoriser de nouveau {unit} à démarrer",
            user_en: "A background program that was switched off may start again.",
            user_fr: "Un programme de fond qui avait été désactivé peut redémarrer.",
        },
        Text {
            id: "mask",
            en: "Forbid {unit} to start, as before",
            fr: "Interdire à {unit} de démarrer, comme avant",
            user_en: "A background program is switched off, as before.",
            user_fr: "Un programme de fond est désactivé, comme avant.",
        },
        Text::technician(
            "not_masked",
            "{unit} is not masked",
            "{unit} n'est pas masqué",
        ),
        Text::technician(
            "masked_by_package",
            "{unit} is masked by the package that brought it, not by anybody of this machine",
            "{unit} est masqué par le paquet qui l'a apporté, pas par quelqu'un de cette machine",
        ),
    ],
    verified_by: "service.masked-but-wanted",
    settle: service::SETTLE,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let service = service::look_for(host, parameters).await?;
    let blocked = blocked_units::ask(host).await?;
    let is_wanted = blocked.iter().any(|one| one.unit == service.unit);
    plan(&service, host.mask(&service.unit), is_wanted)
}

/// `mask`: where it lies, if this machine's administrator has put it there.
fn plan(service: &Service, mask: Option<Mask>, is_wanted: bool) -> Result<Plan, Refusal> {
    let unit = &service.unit;
    if !service::is_masked(service) {
        return Err(Refusal::new("not_masked", of(unit)));
    }
    let options: &[&str] = match mask {
        Some(Mask::Lasting) => &[],
        Some(Mask::UntilRestart) => &["--runtime"],
        None => return Err(Refusal::new("masked_by_package", of(unit))),
    };
    let plan = there_and_back(Plan::default(), ["unmask", "mask"], options, unit);
    // One that runs was masked while it did.
    if !is_wanted || service.active == "active" {
        return Ok(plan);
    }
    Ok(there_and_back(plan, ["start", "stop"], &[], unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service::tests::check;

    #[test]
    fn only_what_somebody_has_masked_is_unmasked() {
        check(
            &ACTION,
            |web| plan(web, None, true),
            ("enabled", "inactive"),
            "refused: web.service is not masked",
        );
        check(
            &ACTION,
            |web| plan(web, None, true),
            ("masked", "inactive"),
            "refused: web.service is masked by the package that brought it, not by anybody of this machine",
        );
    }

    #[test]
    fn what_is_wanted_is_started_too_and_both_are_taken_back() {
        check(
            &ACTION,
            |web| plan(web, Some(Mask::Lasting), true),
            ("masked", "inactive"),
            "Let web.service start again: systemctl --no-ask-password unmask -- web.service \
             (back: systemctl --no-ask-password mask -- web.service)\n\
             Start web.service: systemctl --no-ask-password start -- web.service \
             (back: systemctl --no-ask-password stop -- web.service)",
        );
        let only = "Let web.service start again: systemctl --no-ask-password unmask --runtime -- web.service \
                    (back: systemctl --no-ask-password mask --runtime -- web.service)";
        let until_restart = Some(Mask::UntilRestart);
        check(
            &ACTION,
            |web| plan(web, until_restart, false),
            ("masked-runtime", "inactive"),
            only,
        );
        check(
            &ACTION,
            |web| plan(web, until_restart, true),
            ("masked-runtime", "active"),
            only,
        );
    }
}

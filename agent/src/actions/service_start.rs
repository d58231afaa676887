//! Starts a service that does not run.

use crate::finding::Text;
use crate::host::{Host, Service};
use crate::plan::Plan;

use super::service::{self, of, there_and_back};
use super::{Action, Class, Parameters, Planner, Refusal};

/// What the manager says of the files of services that are for others to start: at a stage of the machine's own start, or
/// for a moment (systemctl(1), is-enabled).
const FOR_OTHERS: &[&str] = &["static", "transient", ""];

pub(super) const ACTION: Action = Action {
    id: "service.start",
    version: 1,
    title_en: "Start a service",
    title_fr: "Démarrer un service",
    class: Class::Repair,
    parameters: &[service::UNIT],
    texts: service::texts![
        service::MASKED,
        service::ALIAS,
        service::RESET,
        service::START,
        service::STOP,
        Text::technician("runs", "{unit} runs already", "{unit} fonctionne déjà",),
        Text::technician(
            "for_others",
            "{unit} cannot be enabled: it is there for other units to start",
            "{unit} ne peut pas être activé : c'est à d'autres unités de le démarrer",
        ),
    ],
    verified_by: "service.failed",
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
    if !matches!(service.active.as_str(), "inactive" | "failed") {
        return Err(Refusal::new("runs", of(unit)));
    }
    if FOR_OTHERS.contains(&service::unit_file(service)) {
        return Err(Refusal::new("for_others", of(unit)));
    }
    let plan = service::from_failure(service);
    Ok(there_and_back(plan, ["start", "stop"], &[], unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service::tests::check;

    #[test]
    fn what_runs_or_may_not_run_is_refused() {
        let runs = "refused: web.service runs already";
        check(&ACTION, plan, ("enabled", "active"), runs);
        check(&ACTION, plan, ("enabled", "activating"), runs);
        check(
            &ACTION,
            plan,
            ("masked-runtime", "inactive"),
            "refused: web.service is masked: someone has forbidden it to start",
        );
        let for_others =
            "refused: web.service cannot be enabled: it is there for other units to start";
        check(&ACTION, plan, ("static", "inactive"), for_others);
        check(&ACTION, plan, ("", "inactive"), for_others);
    }

    #[test]
    fn a_start_is_taken_back_by_a_stop() {
        let start = "Start web.service: systemctl --no-ask-password start -- web.service \
                     (back: systemctl --no-ask-password stop -- web.service)";
        check(&ACTION, plan, ("disabled", "inactive"), start);
        let failed = format!(
            "Clear the failure of web.service, so that it may start again: \
             systemctl --no-ask-password reset-failed -- web.service\n{start}"
        );
        check(&ACTION, plan, ("enabled", "failed"), &failed);
    }
}

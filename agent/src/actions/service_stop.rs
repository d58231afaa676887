//! Stops a service until it is started again.

use crate::finding::Text;
use crate::host::{Host, Service};
use crate::plan::Plan;

use super::service::{self, of, there_and_back};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "service.stop",
    version: 1,
    title_en: "Stop a service",
    title_fr: "Arrêter un service",
    // What it did for the user is not done any more.
    class: Class::Disrupt,
    parameters: &[service::UNIT],
    texts: service::texts![
        service::STOP,
        service::START,
        Text::technician(
            "stands_still",
            "{unit} does not run: it is {state}",
            "{unit} ne fonctionne pas : il est {state}",
        ),
    ],
    verified_by: "service.flapping",
    settle: service::SETTLE,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    plan(&service::look_for(host, parameters).await?)
}

fn plan(service: &Service) -> Result<Plan, Refusal> {
    let unit = &service.unit;
    if matches!(service.active.as_str(), "inactive" | "failed") {
        let mut said = of(unit);
        said.push(crate::finding::name("state", &service.active));
        return Err(Refusal::new("stands_still", said));
    }
    Ok(there_and_back(
        Plan::default(),
        ["stop", "start"],
        &[],
        unit,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service::tests::check;

    #[test]
    fn what_stands_still_is_not_stopped() {
        check(
            &ACTION,
            plan,
            ("enabled", "failed"),
            "refused: web.service does not run: it is failed",
        );
    }

    #[test]
    fn a_stop_is_taken_back_by_a_start() {
        for active in ["active", "activating"] {
            check(
                &ACTION,
                plan,
                ("static", active),
                "Stop web.service: systemctl --no-ask-password stop -- web.service \
                 (back: systemctl --no-ask-password start -- web.service)",
            );
        }
    }
}

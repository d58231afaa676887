//! Starts a service anew.

use crate::finding::{Message, Text, name};
use crate::host::{Host, Service};
use crate::plan::Plan;

use super::service::{self, of, systemctl};
use super::{Action, Class, Parameters, Planner, Refusal};

/// What the manager says of a unit file that makes its service run without being asked for (systemctl(1),
/// is-enabled).
const STARTS_ITSELF: &[&str] = &["enabled", "enabled-runtime", "generated"];

pub(super) const ACTION: Action = Action {
    id: "service.restart",
    version: 1,
    title_en: "Restart a service",
    title_fr: "Redémarrer un service",
    class: Class::Repair,
    parameters: &[service::UNIT],
    texts: service::texts![
        service::MASKED,
        service::ALIAS,
        service::RESET,
        service::STOP,
        Text {
            id: "restart",
            en: "Restart {unit}, which is {state} now",
            fr: "Redémarrer {unit}, actuellement {state}",
            user_en: "A background program is started anew.",
            user_fr: "Un programme de fond est relancé.",
        },
        Text::technician(
            "not_meant_to_run",
            "{unit} does not run and nothing starts it by itself: there is nothing to restart",
            "{unit} ne fonctionne pas et rien ne le lance de lui-même : il n'y a rien à redémarrer",
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

/// A service that stands still is only started where it should be running: started at boot, or failed at that.
fn plan(service: &Service) -> Result<Plan, Refusal> {
    service::refuse_start(service)?;
    let unit = &service.unit;
    if service.active == "inactive" && !STARTS_ITSELF.contains(&service::unit_file(service)) {
        return Err(Refusal::new("not_meant_to_run", of(unit)));
    }
    let said = vec![name("unit", unit), name("state", &service.active)];
    let plan = service::from_failure(service).step(
        Message::new("restart", said),
        systemctl("restart", &[], unit),
    );
    Ok(match service.active.as_str() {
        "failed" | "inactive" => {
            plan.or_back(Message::new("stop", of(unit)), systemctl("stop", &[], unit))
        }
        _ => plan,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service::tests::check;

    #[test]
    fn only_what_should_be_running_is_started() {
        for (enabled, expected) in [
            (
                "masked",
                "refused: web.service is masked: someone has forbidden it to start",
            ),
            (
                "alias",
                "refused: web.service is only another name of a service; name the service itself",
            ),
            (
                "static",
                "refused: web.service does not run and nothing starts it by itself: there is nothing to restart",
            ),
            (
                "",
                "refused: web.service does not run and nothing starts it by itself: there is nothing to restart",
            ),
            (
                "generated",
                "Restart web.service, which is inactive now: systemctl --no-ask-password restart -- web.service \
                 (back: systemctl --no-ask-password stop -- web.service)",
            ),
        ] {
            check(&ACTION, plan, (enabled, "inactive"), expected);
        }
    }

    #[test]
    fn a_running_service_is_restarted() {
        check(
            &ACTION,
            plan,
            ("static", "active"),
            "Restart web.service, which is active now: systemctl --no-ask-password restart -- web.service",
        );
    }

    #[test]
    fn a_failed_one_is_cleared_first_and_can_be_stopped_again() {
        check(
            &ACTION,
            plan,
            ("static", "failed"),
            "Clear the failure of web.service, so that it may start again: \
             systemctl --no-ask-password reset-failed -- web.service\n\
             Restart web.service, which is failed now: systemctl --no-ask-password restart -- web.service \
             (back: systemctl --no-ask-password stop -- web.service)",
        );
    }
}

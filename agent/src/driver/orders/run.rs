//! One job: from an authorised order to what it says.

use sonde_proto::asset::AssetAddress;
use sonde_proto::v1::{
    self, ConsentNeed, Outcome, Parameter, Phase, WorkOrder, job_event::Event, work_order::Work,
};
use tokio::sync::{mpsc, watch};

use super::super::watch::Against;
use super::events::{planned, progressed, rows};
use super::safeguard::{self, Asking};
use super::{Checked, End, OrderId, Worked, said};
use crate::actions::{self, Action, Class, Parameters};
use crate::apply::{self, Applied};
use crate::checks::{self, Check};
use crate::facts::{self, Request, Table};
use crate::finding::Message;
use crate::host::Host;
use crate::journal::Entry;
use crate::plan::Plan;
use crate::policy::{Consent, Policy};
use crate::{texts, wire};

/// What is to be done, allowed by the local policy.
pub(super) enum Task {
    Checks {
        checks: Vec<&'static Check>,
        against: Against,
    },
    Table {
        table: &'static Table,
        request: Request,
    },
    Plan {
        action: &'static Action,
        parameters: Parameters,
        need: ConsentNeed,
    },
    Apply {
        action: &'static Action,
        parameters: Parameters,
        against: Against,
    },
    Undo {
        action: &'static Action,
        plan: Plan,
        against: Against,
    },
    /// The driver's own work.
    Live { most_us: i64 },
}

impl Task {
    /// Holds an order against what this agent knows and its policy allows. `undone`: what the journal keeps of the
    /// order that is to be taken back. `consent`: how the user has agreed, as far as this device knows it.
    pub(super) fn authorise(
        host: &Host,
        order: &WorkOrder,
        undone: Option<&Entry>,
        policy: &Policy,
        consent: Option<Consent>,
        against: Against,
    ) -> Result<Self, v1::Message> {
        match &order.work {
            Some(Work::Checks(wanted)) => {
                permit(policy.permits_class(Class::Read, None))?;
                let asset = sought(wanted)?;
                let found = wanted.checks.iter().map(|id| {
                    checks::find(id).map_err(|error| texts::reason("unknown_check", &error))
                });
                let mut checks = found.collect::<Result<Vec<_>, _>>()?;
                if checks.is_empty() {
                    checks = checks::whole();
                }
                let takes_asset = checks.iter().any(|check| check.takes_asset());
                if takes_asset != asset.is_some() || (takes_asset && checks.len() > 1) {
                    return Err(texts::message("wrong_asset"));
                }
                let against = against.toward(asset);
                Ok(Self::Checks { checks, against })
            }
            Some(Work::Table(wanted)) => {
                let table = facts::find(&wanted.table)
                    .map_err(|error| texts::reason("unknown_table", &error))?;
                let request = Request {
                    parameters: own(&wanted.parameters),
                    most_rows: wanted.most_rows as usize,
                };
                facts::validate(table, &request)
                    .map_err(|error| texts::reason("wrong_request", &error))?;
                let class = if (table.private)(&request) {
                    Class::Private
                } else {
                    Class::Read
                };
                permit(policy.permits_class(class, None))?;
                for path in (table.lies_in)(host) {
                    permit(policy.permits_path(path, None))?;
                }
                Ok(Self::Table { table, request })
            }
            Some(Work::Live(wanted)) => {
                permit(policy.permits_class(Class::Read, None))?;
                Ok(Self::Live {
                    most_us: wanted.most_us,
                })
            }
            Some(Work::Action(wanted)) => Self::act(wanted, undone, policy, consent, against),
            None => Err(texts::message("nothing_asked")),
        }
    }

    fn act(
        wanted: &v1::RunAction,
        undone: Option<&Entry>,
        policy: &Policy,
        consent: Option<Consent>,
        against: Against,
    ) -> Result<Self, v1::Message> {
        let action = actions::find(&wanted.action)
            .map_err(|error| texts::reason("unknown_action", &error))?;
        if action.version != wanted.version {
            return Err(texts::message("other_version"));
        }
        let parameters = Parameters(own(&wanted.parameters));
        match wanted.phase() {
            // A plan changes nothing; who may read may see it.
            Phase::Plan => {
                permit(policy.permits_class(Class::Read, None))?;
                Ok(Self::Plan {
                    action,
                    need: policy.need(action, &parameters),
                    parameters,
                })
            }
            Phase::Apply => {
                permit(policy.permits(action, &parameters, consent))?;
                Ok(Self::Apply {
                    action,
                    parameters,
                    against,
                })
            }
            Phase::Undo => {
                // What is allowed is what was done, whatever the order calls it.
                let (done, plan) = undone
                    .and_then(done)
                    .filter(|(done, _)| {
                        (&done.action, done.version) == (&wanted.action, wanted.version)
                    })
                    .ok_or_else(|| texts::message("nothing_to_undo"))?;
                permit(policy.permits(action, &Parameters(own(&done.parameters)), consent))?;
                Ok(Self::Undo {
                    action,
                    plan,
                    against,
                })
            }
            Phase::Unspecified => Err(texts::message("nothing_asked")),
        }
    }

    /// Who sits there is asked each time, whatever they have agreed to before.
    pub(super) fn is_control(&self) -> bool {
        match self {
            Self::Apply { action, .. } | Self::Undo { action, .. } => {
                action.class == Class::Control
            }
            Self::Checks { .. } | Self::Table { .. } | Self::Plan { .. } | Self::Live { .. } => {
                false
            }
        }
    }

    /// It may leave the machine another one.
    pub(super) fn changes_something(&self) -> bool {
        matches!(self, Self::Apply { .. } | Self::Undo { .. })
    }
}

/// The action of an order that was applied, and what takes it back.
fn done(entry: &Entry) -> Option<(v1::RunAction, Plan)> {
    match entry.work().work {
        Some(Work::Action(done)) if done.phase() == Phase::Apply => {
            Some((done, serde_json::from_slice(&entry.undo).ok()?))
        }
        Some(_) | None => None,
    }
}

/// The one asset that checks are to look for; whoever sent it, it is judged here once more.
fn sought(wanted: &v1::RunChecks) -> Result<Option<AssetAddress>, v1::Message> {
    if wanted.asset.is_empty() {
        return Ok(None);
    }
    AssetAddress::parse(&wanted.asset)
        .map(Some)
        .map_err(|wrong| texts::reason("barred_asset", &wrong))
}

fn permit(permitted: Result<(), actions::Refusal>) -> Result<(), v1::Message> {
    permitted.map_err(|refusal| said(&refusal.0))
}

fn own(parameters: &[Parameter]) -> Vec<(String, crate::facts::Value)> {
    let own = |parameter: &Parameter| {
        (
            parameter.name.clone(),
            wire::own_value(parameter.value.clone().unwrap_or_default()),
        )
    };
    parameters.iter().map(own).collect()
}

/// Does the work and says how it went. Whatever happens, an end is said.
pub(super) async fn run(
    id: OrderId,
    task: Task,
    host: Host,
    mut cancel: watch::Receiver<bool>,
    sender: mpsc::UnboundedSender<Worked>,
) {
    let says = Says { id, sender };
    match task {
        Task::Apply {
            action,
            parameters,
            against,
        } => match action.plan(&host, &parameters).await {
            Ok(plan) => act(&says, action, &plan, &host, cancel, against).await,
            Err(refusal) => says.end(Outcome::Refused, Some(said(&refusal.0))),
        },
        Task::Undo {
            action,
            plan,
            against,
        } => act(&says, action, &plan, &host, cancel, against).await,
        Task::Checks { .. } | Task::Table { .. } | Task::Plan { .. } | Task::Live { .. } => {
            let cancelled = async {
                // A closed channel never cancels.
                if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = read(&says, task, &host) => {}
                () = cancelled => says.end(Outcome::Cancelled, Some(texts::message("cancelled"))),
            }
        }
    }
}

async fn read(says: &Says, task: Task, host: &Host) {
    match task {
        Task::Checks { checks, against } => {
            let checked = super::super::watch::run(host.clone(), checks, against).await;
            let end = End::of(Outcome::Succeeded);
            says.say(Vec::new(), Some((checked, false)), Some(end));
        }
        Task::Table { table, request } => match facts::read(table, host, &request).await {
            Ok(reading) => says.say(
                rows(table, reading),
                None,
                Some(End::of(Outcome::Succeeded)),
            ),
            Err(unavailable) => says.end(Outcome::Failed, Some(said(&unavailable.message()))),
        },
        Task::Plan {
            action,
            parameters,
            need,
        } => match action.plan(host, &parameters).await {
            Ok(plan) => {
                says.events(vec![planned(&plan, need)]);
                match plan.lacks.first() {
                    Some(lack) => says.end(Outcome::Refused, Some(said(lack))),
                    None => says.end(Outcome::Succeeded, None),
                }
            }
            Err(refusal) => says.end(Outcome::Refused, Some(said(&refusal.0))),
        },
        // Those are not only read, and what is live is never run: the driver shows it.
        Task::Apply { .. } | Task::Undo { .. } | Task::Live { .. } => {}
    }
}

async fn act(
    says: &Says,
    action: &'static Action,
    plan: &Plan,
    host: &Host,
    cancel: watch::Receiver<bool>,
    against: Against,
) {
    // Whatever was needed is there.
    says.events(vec![planned(plan, ConsentNeed::Unspecified)]);
    let asking = Asking {
        id: says.id,
        sender: &says.sender,
    };
    let safeguard = plan.unless_heard.zip(plan.back(plan.steps.len()));
    if let Some((_, way_back)) = &safeguard
        && plan.lacks.is_empty()
        && !asking.is_kept(way_back.clone()).await
    {
        return says.end(Outcome::Refused, Some(texts::message("journal_full")));
    }
    let mut progress = |progress| says.events(progressed(progress));
    let Applied { outcome, undo, .. } = apply::apply(host, plan, &mut progress, cancel).await;
    if let Some((wait, way_back)) = safeguard {
        // Of a step that failed nothing was done; of one whose end is not known anything may have been.
        let taken_back = match &outcome {
            apply::Outcome::Succeeded if asking.is_heard(wait).await => None,
            apply::Outcome::Succeeded => Some((way_back, safeguard::unheard(wait))),
            apply::Outcome::Failed(why) => undo.clone().map(|undo| (undo, safeguard::failed(why))),
            apply::Outcome::Unknown(why) => Some((way_back, safeguard::failed(why))),
            apply::Outcome::Cancelled => {
                let why = Message::new("cancelled", vec![]);
                Some((way_back, safeguard::failed(&why)))
            }
            apply::Outcome::Refused(_) => None,
        };
        if let Some((way_back, because)) = taken_back {
            let (outcome, message) = safeguard::take_back(host, &way_back, because).await;
            return says.end(outcome, Some(message));
        }
    }
    // What only brings back what the action itself ends with is no way back from it.
    let undo = undo
        .filter(|_| action.can_undo)
        .and_then(|undo| serde_json::to_vec(&undo).ok())
        .unwrap_or_default();
    let (outcome, message) = match outcome {
        apply::Outcome::Succeeded => (Outcome::Succeeded, None),
        apply::Outcome::Failed(why) => (Outcome::Failed, Some(said(&why))),
        apply::Outcome::Refused(why) => (Outcome::Refused, Some(said(&why.0))),
        apply::Outcome::Cancelled => (Outcome::Cancelled, Some(texts::message("cancelled"))),
        apply::Outcome::Unknown(why) => (Outcome::Unknown, Some(said(&why))),
    };
    if outcome == Outcome::Succeeded
        && let Ok(check) = checks::find(action.verified_by)
    {
        tokio::time::sleep(action.settle).await;
        let checked = super::super::watch::run(host.clone(), vec![check], against).await;
        says.say(Vec::new(), Some((checked, true)), None);
    }
    says.end_with(End {
        outcome,
        message,
        undo,
    });
}

/// Where a job's words go.
struct Says {
    id: OrderId,
    sender: mpsc::UnboundedSender<Worked>,
}

impl Says {
    fn say(&self, events: Vec<Event>, checked: Option<(Checked, bool)>, end: Option<End>) {
        // When the driver is gone, the journal says what became of the job.
        drop(self.sender.send(Worked {
            id: self.id,
            events,
            checked,
            ask: None,
            end,
        }));
    }

    fn events(&self, events: Vec<Event>) {
        if !events.is_empty() {
            self.say(events, None, None);
        }
    }

    fn end(&self, outcome: Outcome, message: Option<v1::Message>) {
        self.end_with(End {
            message,
            ..End::of(outcome)
        });
    }

    fn end_with(&self, end: End) {
        self.say(Vec::new(), None, Some(end));
    }
}

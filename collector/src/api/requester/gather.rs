//! What stands on the page: read from the store, in words for whoever has asked for help.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use sonde_proto::cost;
use sonde_proto::message::{Audience, Lang};
use sonde_proto::text::clean;
use sonde_proto::v1::{self, job_event};

use super::super::catalogue::Catalogue;
use super::super::{AppState, Problem, job_view, time};
use super::files;
use super::moment;
use super::remote;
use super::said::{self, Message};
use super::words::{self, Words};
use crate::desk::consent::{Consent, Purpose, Standing};
use crate::store::Id;
use crate::store::attachments::Attachment;
use crate::store::tickets::{NumberedTicket, TicketConsent};
use crate::store::work::{Job, JobEventRow, JobState, JobsOf};
use crate::work::{Phase, Request};

/// Entries of what was done, and of what was asked.
const MOST_DEEDS: u32 = 30;
const MOST_CONSENTS: u32 = 20;
/// Longest name, line or sentence that somebody else has written, bytes.
const LINE_BYTES: usize = 300;
/// Steps of a plan that are shown.
const MOST_STEPS: usize = 10;

/// Everything that a page shows.
pub(super) struct Shown {
    pub(super) devices: Vec<String>,
    /// The oldest first.
    pub(super) messages: Vec<Message>,
    /// Messages before those.
    pub(super) n_earlier: usize,
    /// Questions that wait for an answer, the oldest first.
    pub(super) asked: Vec<Question>,
    /// What is allowed now.
    pub(super) allowed: Vec<Question>,
    pub(super) files: Vec<Attachment>,
    /// The newest first.
    pub(super) deeds: Vec<Deed>,
    /// What is said to have solved it; none: it is not proposed as solved, or nobody wrote a word.
    pub(super) proposal: Option<String>,
    /// Where the machine is.
    pub(super) zone: TimeZone,
}

pub(super) struct Question {
    pub(super) id: Id,
    /// What would be done, as the plan says it to the user; without a plan as the technician asked.
    pub(super) what: String,
    /// "End a process (on lab-7, with pid 77)".
    pub(super) exactly: String,
    pub(super) asked_by: String,
    pub(super) expires_at: i64,
    pub(super) standing: &'static str,
}

pub(super) struct Deed {
    pub(super) at: i64,
    pub(super) by: String,
    pub(super) what: String,
    pub(super) outcome: &'static str,
    /// What was changed, step by step, and why not more.
    pub(super) steps: Vec<String>,
    /// What it cost the machine; empty: not known.
    pub(super) cost: String,
}

/// Reads all of it.
///
/// # Errors
/// Those of the store.
pub(super) async fn all(
    state: &AppState,
    ticket: &NumberedTicket,
    lang: Lang,
) -> Result<Shown, Problem> {
    let number = ticket.number;
    let jobs = state
        .store
        .jobs(JobsOf::Ticket(number), None, MOST_DEEDS)
        .await?;
    let consents = state.store.consents(number, None, MOST_CONSENTS).await?;
    let planned = consents
        .iter()
        .filter_map(|one| one.consent.plan.as_deref());
    let mut ids: Vec<Id> = planned.filter_map(|plan| plan.parse().ok()).collect();
    ids.extend(jobs.iter().map(|job| job.id));
    let events = state.store.brief_job_events(&ids).await?;
    let own = ticket.ticket.devices.iter().map(String::as_str);
    let asked = consents
        .iter()
        .map(|one| one.consent.purpose.device.as_str());
    let names = state.store.hostnames(own.clone().chain(asked)).await?;
    let told = Told {
        lang,
        words: words::of(lang),
        catalogues: catalogues(state, ticket, &jobs).await?,
        names,
        events,
    };
    let now = time::now_us();
    let with = |standing: Standing| {
        let mut found: Vec<Question> = consents
            .iter()
            .filter(|one| one.consent.standing(now) == standing)
            .map(|one| told.question(one, now))
            .collect();
        found.reverse();
        found
    };
    let (messages, n_earlier) = said::messages(state, number).await?;
    let mut deeds = remote::openings(state, number, MOST_DEEDS, lang).await?;
    deeds.extend(jobs.iter().map(|job| told.deed(job)));
    deeds.sort_by_key(|deed| std::cmp::Reverse(deed.at));
    deeds.truncate(MOST_DEEDS as usize);
    let name = |id: &str| cut(told.names.get(id).map_or(id, String::as_str));
    Ok(Shown {
        devices: own.map(name).collect(),
        messages,
        n_earlier,
        asked: with(Standing::Asked),
        allowed: with(Standing::Given),
        files: files::shared(state, number).await?,
        deeds,
        proposal: said::proposal(state, ticket).await?,
        zone: moment::zone(state, &ticket.ticket).await?,
    })
}

/// What a question is about, in a sentence for whoever answers it.
///
/// # Errors
/// Those of the store.
pub(in crate::api) async fn purpose(
    state: &AppState,
    one: &TicketConsent,
    lang: Lang,
) -> Result<String, Problem> {
    let id = &one.consent.purpose.device;
    let plan = one.consent.plan.iter().filter_map(|plan| plan.parse().ok());
    let plan: Vec<Id> = plan.collect();
    let told = Told {
        lang,
        words: words::of(lang),
        catalogues: declared(state, HashMap::new(), std::slice::from_ref(id)).await?,
        names: state.store.hostnames([id.as_str()]).await?,
        events: state.store.brief_job_events(&plan).await?,
    };
    Ok(told.question(one, time::now_us()).what)
}

/// What the devices of the ticket and of its jobs declare, by the devices' ids.
async fn catalogues(
    state: &AppState,
    ticket: &NumberedTicket,
    jobs: &[Job],
) -> Result<HashMap<String, Catalogue>, Problem> {
    let keys = jobs
        .iter()
        .map(|job| (job.device.to_string(), job.device_key));
    declared(state, keys.collect(), &ticket.ticket.devices).await
}

/// What devices declare, some of whose keys are known, by their ids.
async fn declared(
    state: &AppState,
    mut keys: HashMap<String, i64>,
    ids: &[String],
) -> Result<HashMap<String, Catalogue>, Problem> {
    for id in ids {
        if !keys.contains_key(id)
            && let Ok(parsed) = id.parse()
            && let Some(device) = state.store.device(&parsed).await?
        {
            keys.insert(id.clone(), device.device_key);
        }
    }
    let wanted = keys.values().copied().collect();
    let mut found = state.catalogues.of_devices(&state.store, &wanted).await?;
    let by_id = keys.into_iter();
    Ok(by_id
        .filter_map(|(id, key)| Some((id, found.remove(&key)?)))
        .collect())
}

struct Told {
    lang: Lang,
    words: &'static Words,
    /// By ids of devices.
    catalogues: HashMap<String, Catalogue>,
    names: HashMap<String, String>,
    events: HashMap<Id, Vec<JobEventRow>>,
}

impl Told {
    fn question(&self, one: &TicketConsent, now: i64) -> Question {
        let Consent { purpose, plan, .. } = &one.consent;
        let plan: Option<Id> = plan.as_ref().and_then(|plan| plan.parse().ok());
        let standing = one.consent.standing(now);
        let answer = one.consent.answer.map(|(answer, _)| answer);
        let exactly = self.purpose(purpose);
        let planned = plan.map_or_else(Vec::new, |plan| self.planned(purpose, plan));
        Question {
            id: one.id,
            what: match planned.is_empty() {
                true => exactly.clone(),
                false => planned.join(" "),
            },
            exactly,
            asked_by: cut(&one.consent.asked_by),
            expires_at: one.consent.expires_at,
            standing: words::standing(standing, answer, self.lang),
        }
    }

    fn purpose(&self, purpose: &Purpose) -> String {
        let host = self.names.get(&purpose.device).unwrap_or(&purpose.device);
        let parameters = purpose.parameters.iter();
        let parameters: Vec<String> = parameters
            .map(|(name, value)| match value.as_str() {
                Some(text) => format!("{name} {text}"),
                None => format!("{name} {value}"),
            })
            .collect();
        let title = self.title(&purpose.device, &purpose.action);
        let mut what = format!("{title} ({}", self.words.on);
        what.push_str(&format!(" {host}"));
        if !parameters.is_empty() {
            what.push_str(&format!(", {} {}", self.words.with, parameters.join(", ")));
        }
        what.push(')');
        cut(&what)
    }

    fn title(&self, device: &str, action: &str) -> String {
        let declared = self
            .catalogues
            .get(device)
            .and_then(|known| known.action(action).ok());
        let title = declared.map(|declared| match self.lang {
            Lang::En => declared.title_en.as_str(),
            Lang::Fr => declared.title_fr.as_str(),
        });
        title
            .filter(|title| !title.is_empty())
            .unwrap_or(action)
            .trim_end_matches('.')
            .to_owned()
    }

    /// Steps that a job has planned.
    fn planned(&self, purpose: &Purpose, plan: Id) -> Vec<String> {
        let steps = self.events.get(&plan).into_iter().flatten();
        let steps = steps.filter_map(|row| match &row.event.event {
            Some(job_event::Event::Plan(plan)) => Some(&plan.steps),
            Some(_) | None => None,
        });
        let messages = steps.flatten().filter_map(|step| step.message.as_ref());
        messages
            .take(MOST_STEPS)
            .map(|message| self.say(&purpose.device, &purpose.action, message))
            .collect()
    }

    fn say(&self, device: &str, owner: &str, message: &v1::Message) -> String {
        let known = self.catalogues.get(device);
        cut(&known.map_or_else(
            || message.id.clone(),
            |known| known.render_to(Audience::User, owner, message, self.lang),
        ))
    }

    fn deed(&self, job: &Job) -> Deed {
        let request: Option<Request> = serde_json::from_str(&job.request).ok();
        let device = job.device.to_string();
        let (what, owner) = match &request {
            Some(Request::Action {
                action,
                phase,
                parameters,
                ..
            }) => {
                let what = self.purpose(&Purpose {
                    device: device.clone(),
                    action: action.clone(),
                    parameters: job_view::named(parameters),
                });
                let before = match phase {
                    Phase::Plan => Some(self.words.planned),
                    Phase::Apply => None,
                    Phase::Undo => Some(self.words.undone),
                };
                (self.colon(before, &what), action.as_str())
            }
            Some(Request::Checks { checks }) => {
                let what = match checks.is_empty() {
                    true => self.words.all_checks.to_owned(),
                    false => self.checks(&device, checks),
                };
                (self.colon(Some(self.words.checked), &what), "")
            }
            Some(Request::Probe { check, address, .. }) => {
                let what = self.checks(&device, std::slice::from_ref(check));
                let what = self.colon(Some(&what), address);
                (self.colon(Some(self.words.checked), &what), "")
            }
            Some(Request::Table { table, .. }) => (self.colon(Some(self.words.read), table), ""),
            Some(Request::Live { .. }) => (self.words.watched.to_owned(), ""),
            None => (job.title.clone(), ""),
        };
        Deed {
            at: job.issued_at,
            by: cut(&job.requested_by),
            what: cut(&what),
            outcome: words::outcome(job.state, self.lang),
            steps: self.done(job, &device, owner),
            cost: self.cost(job),
        }
    }

    fn colon(&self, before: Option<&str>, what: &str) -> String {
        match before {
            None => what.to_owned(),
            Some(before) => words::colon(self.lang, before, what),
        }
    }

    fn checks(&self, device: &str, checks: &[String]) -> String {
        let known = self.catalogues.get(device);
        let titles = checks.iter().take(MOST_STEPS).map(|id| {
            let declared = known.and_then(|known| known.checks().find(|one| one.id == *id));
            declared.map_or(id.as_str(), |declared| match self.lang {
                Lang::En => declared.title_en.as_str(),
                Lang::Fr => declared.title_fr.as_str(),
            })
        });
        titles.collect::<Vec<_>>().join(", ")
    }

    fn cost(&self, job: &Job) -> String {
        let events = self.events.get(&job.id).into_iter().flatten();
        let cost = events.rev().find_map(|row| match &row.event.event {
            Some(job_event::Event::Ended(ended)) => Some((ended.wall_us, ended.cpu_us)),
            Some(_) | None => None,
        });
        let (wall_us, cpu_us) = cost.unwrap_or_default();
        cost::told(wall_us, cpu_us, self.lang)
    }

    /// The steps that were done, and why a job ended without success.
    fn done(&self, job: &Job, device: &str, owner: &str) -> Vec<String> {
        let mut planned: &[v1::PlanStep] = &[];
        let mut lines = Vec::new();
        for row in self.events.get(&job.id).into_iter().flatten() {
            match &row.event.event {
                Some(job_event::Event::Plan(plan)) => planned = &plan.steps,
                Some(job_event::Event::Step(step)) if step.done => {
                    let step = planned.get(step.step as usize);
                    let message = step.and_then(|step| step.message.as_ref());
                    lines.extend(message.map(|message| self.say(device, owner, message)));
                }
                Some(job_event::Event::Ended(ended)) if job.state != JobState::Succeeded => {
                    let message = ended.message.as_ref();
                    lines.extend(message.map(|message| self.say(device, owner, message)));
                }
                Some(_) | None => {}
            }
        }
        lines.truncate(MOST_STEPS);
        lines
    }
}

pub(super) fn cut(text: &str) -> String {
    clean(text, LINE_BYTES, false).into_owned()
}

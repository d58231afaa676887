//! Rules that hand tickets on by themselves: set, shown, and tried before they are set.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use serde::Serialize;

use super::body::{At, Body, Params, clean};
use super::caller::{Admin, Caller, Viewer};
use super::page::After;
use super::route::{Least, Route};
use super::sites::known_sites;
use super::sla::{DESCRIPTION_LENGTH, RuleView, name_of, one, page, present, set};
use super::{AppState, Problem, time};
use crate::desk::Tier;
use crate::desk::escalation::{Condition, Named, Rule};
use crate::store::accounts::Role;
use crate::store::desk_rules::RuleKind;
use crate::store::tickets::Tried;
use crate::wording::wording;

/// The name of a rule that is tried before it has one.
const TRIED: &str = "tried";
/// Areas that are named when one is not known.
const AREAS_SHOWN: usize = 30;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EscalationList {
    items: Vec<RuleView<Rule>>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

/// A ticket that a rule would hand on now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct HandsOnView {
    ticket: i64,
    title: String,
    to: Tier,
    reason: String,
    /// Since when it would have been.
    since: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct HandsOnList {
    /// Of the tickets that were looked at, which may be none.
    items: Vec<HandsOnView>,
    /// Give it as `after` to have the next ones looked at; none: all were.
    next: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, admin) = (Least::Role(Role::Viewer), Least::Role(Role::Admin));
    vec![
        Route::new(
            Method::GET,
            "/escalation/rules",
            viewer,
            "Rules that hand tickets on, by name",
            get(list),
        )
        .query::<After>()
        .gives::<EscalationList>(),
        Route::new(
            Method::GET,
            "/escalation/rules/{escalation}",
            viewer,
            "A rule that hands tickets on",
            get(show),
        )
        .gives_as::<RuleView<Rule>>("EscalationView"),
        Route::new(
            Method::PUT,
            "/escalation/rules/{escalation}",
            admin,
            "Sets a rule, in the place of that of its name",
            put(put_rule),
        )
        .takes::<Rule>()
        .gives_as::<RuleView<Rule>>("EscalationView"),
        Route::new(
            Method::DELETE,
            "/escalation/rules/{escalation}",
            admin,
            "Removes a rule",
            delete(remove),
        )
        .answers("204"),
        Route::new(
            Method::POST,
            "/escalation/try",
            admin,
            "Which tickets a rule would hand on now; nothing is done. Looks at `limit` tickets after `after`",
            post(try_rule),
        )
        .query::<After>()
        .takes::<Rule>()
        .gives::<HandsOnList>(),
    ]
}

/// What is known of what a rule names.
async fn known(state: &AppState, caller: &Caller, mut rule: Rule) -> Result<Rule, Problem> {
    rule.description = clean("description", &rule.description, DESCRIPTION_LENGTH, true)?;
    rule.validate()?;
    if let Some(site) = &rule.site {
        known_sites(state, caller, &[("site".into(), site)]).await?;
    }
    let Condition::Finding(class) = &rule.when else {
        return Ok(rule);
    };
    let catalogue = super::catalogue::everything(state).await?;
    if let Some(check) = &class.check {
        catalogue.check("when.finding.check", check)?;
    }
    if let Some(area) = &class.area {
        let checks = catalogue.all_checks();
        let areas: BTreeSet<&str> = checks
            .filter_map(|id| Some(id.split_once('.')?.0))
            .collect();
        if !areas.contains(area.as_str()) {
            let shown: Vec<&str> = areas.into_iter().take(AREAS_SHOWN).collect();
            let what = wording!("no check is of an area {}", ?area);
            return Err(Problem::field("when.finding.area", what)
                .remedy(wording!("there are: {}", shown.join(", "))));
        }
    }
    Ok(rule)
}

async fn list(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    Params(after): Params<After>,
) -> Result<Json<EscalationList>, Problem> {
    let (items, next) = page(present(&state, RuleKind::Escalation).await?, &after)?;
    Ok(Json(EscalationList { items, next }))
}

async fn show(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    At(name): At<String>,
) -> Result<Json<RuleView<Rule>>, Problem> {
    one(&state, RuleKind::Escalation, &name).await
}

async fn put_rule(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(rule): Body<Rule>,
) -> Result<Json<RuleView<Rule>>, Problem> {
    caller.everywhere()?;
    let kind = RuleKind::Escalation;
    let name = name_of(kind, &name)?;
    let rule = known(&state, &caller, rule).await?;
    set(&state, &caller, kind, &name, Some(&rule)).await?;
    one(&state, kind, &name).await
}

async fn remove(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let none = None::<&Rule>;
    set(&state, &caller, RuleKind::Escalation, &name, none).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn try_rule(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<After>,
    Body(rule): Body<Rule>,
) -> Result<Json<HandsOnList>, Problem> {
    let rule = Named {
        name: TRIED.to_owned(),
        rule: known(&state, &caller, rule).await?,
    };
    let after: Option<i64> = page.cursor()?;
    let sites = caller.account.site_filter();
    let (sites, now) = (sites.as_deref(), time::now_us());
    let tried =
        state
            .store
            .try_escalation(rule, sites, now, after.unwrap_or_default(), page.most());
    let (tried, last) = tried.await?;
    let view = |Tried { ticket, due }| HandsOnView {
        ticket: ticket.number,
        title: ticket.ticket.title,
        to: due.to,
        reason: due.reason,
        since: time::shown(due.at),
    };
    Ok(Json(HandsOnList {
        items: tried.into_iter().map(view).collect(),
        next: last.map(|last| last.to_string()),
    }))
}

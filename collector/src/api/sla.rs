//! What a helpdesk promises: calendars, agreements, and how they were kept.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Admin, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::desk::calendar::{Calendar, Hours};
use crate::desk::holidays;
use crate::desk::sla::{Agreement, Measure};
use crate::store::accounts::Role;
use crate::store::desk_rules::{RuleKind, RuleRow};
use crate::wording::wording;

const NAME_LENGTH: usize = 64;
pub(super) const DESCRIPTION_LENGTH: usize = 1_000;
/// Sites that one agreement names.
const NAMED: usize = 10_000;

/// A rule under its name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RuleView<T> {
    name: String,
    #[serde(flatten)]
    rule: T,
    /// Since when it holds like this.
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CalendarList {
    items: Vec<RuleView<Hours>>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AgreementList {
    items: Vec<RuleView<Agreement>>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Holidays {
    /// The text of an iCalendar file.
    ics: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Period {
    /// Clocks that ended from here on; 30 days ago if it is not given.
    from: Option<String>,
    /// And before here; now if it is not given.
    to: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Report {
    from: String,
    to: String,
    promises: Vec<KeptView>,
}

/// How one promise of an agreement was kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KeptView {
    agreement: String,
    measure: Measure,
    /// Clocks that ended in the period, or fell due in it and run still,
    ended: i64,
    /// and those among them that ended in time.
    met: i64,
}

const DAY_US: i64 = 86_400_000_000;

pub(super) fn routes() -> Vec<Route> {
    let (viewer, admin) = (Least::Role(Role::Viewer), Least::Role(Role::Admin));
    vec![
        Route::new(
            Method::GET,
            "/sla/calendars",
            viewer,
            "Calendars by name",
            get(calendars),
        )
        .query::<After>()
        .gives::<CalendarList>(),
        Route::new(
            Method::GET,
            "/sla/calendars/{calendar}",
            viewer,
            "A calendar",
            get(calendar),
        )
        .gives_as::<RuleView<Hours>>("CalendarView"),
        Route::new(
            Method::PUT,
            "/sla/calendars/{calendar}",
            admin,
            "Sets a calendar, in the place of the one of its name",
            put(set_calendar),
        )
        .takes::<Hours>()
        .gives_as::<RuleView<Hours>>("CalendarView"),
        Route::new(
            Method::DELETE,
            "/sla/calendars/{calendar}",
            admin,
            "Removes a calendar by which no agreement counts",
            delete(remove_calendar),
        )
        .answers("204"),
        Route::new(
            Method::POST,
            "/sla/calendars/{calendar}/holidays",
            admin,
            "Adds the days of an iCalendar file to a calendar's holidays",
            post(add_holidays),
        )
        .takes::<Holidays>()
        .gives_as::<RuleView<Hours>>("CalendarView"),
        Route::new(
            Method::GET,
            "/sla/agreements",
            viewer,
            "Agreements by name",
            get(agreements),
        )
        .query::<After>()
        .gives::<AgreementList>(),
        Route::new(
            Method::GET,
            "/sla/agreements/{agreement}",
            viewer,
            "An agreement",
            get(agreement),
        )
        .gives_as::<RuleView<Agreement>>("AgreementView"),
        Route::new(
            Method::PUT,
            "/sla/agreements/{agreement}",
            admin,
            "Sets an agreement, in the place of the one of its name",
            put(set_agreement),
        )
        .takes::<Agreement>()
        .gives_as::<RuleView<Agreement>>("AgreementView"),
        Route::new(
            Method::DELETE,
            "/sla/agreements/{agreement}",
            admin,
            "Removes an agreement",
            delete(remove_agreement),
        )
        .answers("204"),
        Route::new(
            Method::GET,
            "/sla/report",
            viewer,
            "How promises were kept whose clocks ended in a period",
            get(report),
        )
        .query::<Period>()
        .gives::<Report>(),
    ]
}

pub(super) async fn present<T: DeserializeOwned>(
    state: &AppState,
    kind: RuleKind,
) -> Result<Vec<RuleView<T>>, Problem> {
    let rows = state.store.desk_rules(kind).await?;
    let view = |row: RuleRow| {
        Some(RuleView {
            rule: serde_json::from_str(&row.body?).ok()?,
            name: row.name,
            changed_at: time::shown(row.since),
            changed_by: row.changed_by,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

pub(super) async fn one<T: DeserializeOwned>(
    state: &AppState,
    kind: RuleKind,
    name: &str,
) -> Result<Json<RuleView<T>>, Problem> {
    let mut found = present(state, kind).await?.into_iter();
    let found = found.find(|rule| rule.name == name);
    found
        .map(Json)
        .ok_or_else(|| Problem::not_found(kind.wording(), name))
}

/// A page of those that the caller sees.
pub(super) fn page<T>(
    mut items: Vec<RuleView<T>>,
    page: &After,
) -> Result<(Vec<RuleView<T>>, Option<String>), Problem> {
    let after: Option<String> = page.cursor()?;
    items.retain(|rule| after.as_ref().is_none_or(|after| rule.name > *after));
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |rule| rule.name.clone());
    Ok((items, next))
}

pub(super) async fn set(
    state: &AppState,
    caller: &super::caller::Caller,
    kind: RuleKind,
    name: &str,
    rule: Option<&impl Serialize>,
) -> Result<(), Problem> {
    let row = RuleRow {
        kind,
        name: name.to_owned(),
        // Their maps have texts for keys, and there is no number that is not finite.
        body: rule.map(|rule| serde_json::to_string(rule).unwrap_or_default()),
        since: time::now_us(),
        changed_by: caller.account.name.clone(),
    };
    state.store.set_desk_rule(row).await?;
    Ok(())
}

pub(super) fn name_of(kind: RuleKind, name: &str) -> Result<String, Problem> {
    let cleaned = clean(kind.as_str(), name, NAME_LENGTH, false)?;
    if cleaned.is_empty() || cleaned.trim() != cleaned {
        return Err(
            Problem::field(kind.as_str(), wording!("{} cannot be its name", ?cleaned))
                .remedy(wording!("any other name")),
        );
    }
    Ok(cleaned)
}

async fn calendars(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    Params(after): Params<After>,
) -> Result<Json<CalendarList>, Problem> {
    let (items, next) = page(present(&state, RuleKind::Calendar).await?, &after)?;
    Ok(Json(CalendarList { items, next }))
}

async fn calendar(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    At(name): At<String>,
) -> Result<Json<RuleView<Hours>>, Problem> {
    one(&state, RuleKind::Calendar, &name).await
}

async fn set_calendar(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(mut hours): Body<Hours>,
) -> Result<Json<RuleView<Hours>>, Problem> {
    caller.everywhere()?;
    let name = name_of(RuleKind::Calendar, &name)?;
    for holiday in hours.holidays.values_mut() {
        *holiday = clean("holidays", holiday, usize::MAX, false)?;
    }
    Calendar::new(&hours)?;
    set(&state, &caller, RuleKind::Calendar, &name, Some(&hours)).await?;
    one(&state, RuleKind::Calendar, &name).await
}

async fn add_holidays(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(new): Body<Holidays>,
) -> Result<Json<RuleView<Hours>>, Problem> {
    caller.everywhere()?;
    let Json(known) = one::<Hours>(&state, RuleKind::Calendar, &name).await?;
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    let mut hours = known.rule;
    hours.holidays.extend(holidays::read(&new.ics, today)?);
    Calendar::new(&hours)?;
    set(&state, &caller, RuleKind::Calendar, &name, Some(&hours)).await?;
    one(&state, RuleKind::Calendar, &name).await
}

async fn remove_calendar(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    set(&state, &caller, RuleKind::Calendar, &name, None::<&Hours>).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn agreements(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    Params(after): Params<After>,
) -> Result<Json<AgreementList>, Problem> {
    let (items, next) = page(present(&state, RuleKind::Agreement).await?, &after)?;
    Ok(Json(AgreementList { items, next }))
}

async fn agreement(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    At(name): At<String>,
) -> Result<Json<RuleView<Agreement>>, Problem> {
    one(&state, RuleKind::Agreement, &name).await
}

async fn set_agreement(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(mut agreement): Body<Agreement>,
) -> Result<Json<RuleView<Agreement>>, Problem> {
    caller.everywhere()?;
    let name = name_of(RuleKind::Agreement, &name)?;
    let description = &agreement.description;
    agreement.description = clean("description", description, DESCRIPTION_LENGTH, true)?;
    agreement.validate()?;
    if agreement.sites.len() > NAMED {
        return Err(Problem::field("sites", wording!("more than {}", NAMED)));
    }
    let sites = state.store.sites().await?;
    for (index, name) in agreement.sites.iter().enumerate() {
        if !sites.iter().any(|site| site.name == *name) {
            return Err(Problem::field(
                format!("sites[{index}]"),
                wording!("there is no site {}", ?name),
            )
            .remedy(wording!("sonde site list")));
        }
    }
    let others = present::<Agreement>(&state, RuleKind::Agreement).await?;
    let mut others = others.iter().filter(|one| one.name != name);
    if let Some(other) = others.find(|one| one.rule.meets(&agreement)) {
        let reason = wording!("{} is for some of these tickets already", other.name);
        let remedy = wording!("name other sites or groups, or change {} first", other.name);
        return Err(Problem::field("sites", reason).remedy(remedy));
    }
    let calendars = present::<Hours>(&state, RuleKind::Calendar).await?;
    if !calendars
        .iter()
        .any(|known| known.name == agreement.calendar)
    {
        let reason = wording!("there is no calendar {}", ?agreement.calendar);
        return Err(Problem::field("calendar", reason).remedy(wording!("sonde sla calendar list")));
    }
    set(
        &state,
        &caller,
        RuleKind::Agreement,
        &name,
        Some(&agreement),
    )
    .await?;
    one(&state, RuleKind::Agreement, &name).await
}

async fn remove_agreement(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    set(
        &state,
        &caller,
        RuleKind::Agreement,
        &name,
        None::<&Agreement>,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn report(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(period): Params<Period>,
) -> Result<Json<Report>, Problem> {
    let to = match &period.to {
        Some(to) => time::read("to", to)?,
        None => time::now_us(),
    };
    let from = match &period.from {
        Some(from) => time::read("from", from)?,
        None => to - 30 * DAY_US,
    };
    if from >= to {
        return Err(Problem::field("from", wording!("it is not before the end")));
    }
    let sites = caller.account.site_filter();
    let until = to.min(time::now_us());
    let kept = state.store.kept(from, until, sites.as_deref()).await?;
    let promises = kept.into_iter().map(|kept| KeptView {
        agreement: kept.agreement,
        measure: kept.measure,
        ended: kept.n_ended,
        met: kept.n_met,
    });
    Ok(Json(Report {
        from: time::shown(from),
        to: time::shown(to),
        promises: promises.collect(),
    }))
}

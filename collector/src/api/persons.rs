//! Persons: list, show, add, set, remove; which devices are theirs; lists of them in CSV.

mod devices;
mod erase;
mod export;
mod import;
mod tickets;

pub(super) use devices::{DeviceOf, beside, with_devices};

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean, said};
use super::caller::{Caller, Technician, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::sites::known_sites;
use super::tickets::own_site;
use super::{AppState, Problem, time};
use crate::desk::caller::Asked;
use crate::desk::person::{Details, GROUP_LENGTH, Language, NAME_LENGTH, NOTE_LENGTH};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::persons::{NewPerson, Person, PersonChange, PersonFilter, Sought};
use crate::wording::wording;

/// Longest telephone number or mail address as it is written, characters.
const CONTACT_LENGTH: usize = 254;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PersonView {
    id: String,
    pub(super) name: String,
    /// In which they are spoken to.
    language: Option<Language>,
    site: String,
    /// Telephone numbers, as they were written.
    phones: Vec<String>,
    mails: Vec<String>,
    /// For technicians.
    note: String,
    group: Option<String>,
    /// Of one person: their devices, the confirmed ones first.
    #[serde(skip_serializing_if = "Option::is_none")]
    devices: Option<Vec<DeviceOf>>,
    /// What `version` of a change compares.
    version: i64,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonList {
    items: Vec<PersonView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// Beginnings of words of the name, a telephone number, or a mail address.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskPerson {
    name: String,
    language: Option<Language>,
    /// The one they have, and of a new person the caller's first, if it is not given.
    site: Option<String>,
    #[serde(default)]
    phones: Vec<String>,
    #[serde(default)]
    mails: Vec<String>,
    #[serde(default)]
    note: String,
    group: Option<String>,
    /// Of a change: the one that the caller saw. Whichever it is if it is not given.
    version: Option<i64>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, technician) = (Least::Role(Role::Viewer), Least::Role(Role::Technician));
    let mut routes = vec![
        Route::new(
            Method::GET,
            "/persons",
            viewer,
            "Persons by name",
            get(list),
        )
        .query::<Which>()
        .gives::<PersonList>(),
        Route::new(
            Method::POST,
            "/persons",
            technician,
            "Adds a person",
            post(add),
        )
        .takes::<AskPerson>()
        .gives::<PersonView>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/persons/{person}",
            viewer,
            "A person and their devices",
            get(show),
        )
        .gives::<PersonView>(),
        Route::new(
            Method::PUT,
            "/persons/{person}",
            technician,
            "Sets what is known of a person, in the place of all that was",
            put(set),
        )
        .takes::<AskPerson>()
        .gives::<PersonView>(),
        Route::new(
            Method::DELETE,
            "/persons/{person}",
            technician,
            "Forgets a person; tickets keep the name of who asked",
            delete(remove),
        )
        .answers("204"),
    ];
    routes.extend(devices::routes());
    routes.extend([
        import::route(),
        export::route(),
        erase::route(),
        tickets::route(),
    ]);
    routes
}

pub(super) fn view(person: Person) -> PersonView {
    let details = person.details;
    PersonView {
        id: person.id.to_string(),
        name: details.name,
        language: details.language,
        site: person.site,
        phones: details.phones,
        mails: details.mails,
        note: details.note,
        group: details.group,
        devices: None,
        version: person.version,
        changed_at: time::shown(person.changed_at),
        changed_by: person.changed_by,
    }
}

/// A person whom the caller may see. Who belongs to another site is not there.
pub(super) async fn person_of(
    state: &AppState,
    caller: &Caller,
    id: &str,
) -> Result<Person, Problem> {
    let missing = || Problem::not_found(wording!("person"), id);
    let key: Id = id.parse().map_err(|_| missing())?;
    state
        .store
        .person(key)
        .await?
        .filter(|person| caller.account.sees(person.site_key))
        .ok_or_else(missing)
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(which): Params<Which>,
) -> Result<Json<PersonList>, Problem> {
    let page = After::of(which.after, which.limit);
    let any = match &which.search {
        None => None,
        Some(text) => {
            let asked = Asked::of(text).map_err(|refusal| {
                Problem::field("search", refusal.reason).remedy(wording!(
                    "beginnings of a name, a telephone number, or a mail address"
                ))
            })?;
            Some(sought(&asked))
        }
    };
    let filter = PersonFilter {
        sites: caller.account.site_filter(),
        any,
        after: page.cursor()?,
        most: page.most(),
    };
    let persons = state.store.persons(&filter).await?;
    Ok(Json(PersonList {
        next: next(&persons, page.most(), |person| person.id.to_string()),
        items: persons.into_iter().map(view).collect(),
    }))
}

/// By what a person can be found of what was typed; logins aside.
fn sought(asked: &Asked) -> Vec<Sought> {
    let words = Some(&asked.words).filter(|words| !words.is_empty());
    let sought = [
        asked.telephone.clone().map(Sought::Telephone),
        asked.mail.clone().map(Sought::Mail),
        words.cloned().map(Sought::Words),
    ];
    sought.into_iter().flatten().collect()
}

/// What was sent, harmless; whether it is right the rules say.
fn details(ask: &AskPerson) -> Result<Details, Problem> {
    let several = |field: &'static str, texts: &[String]| {
        let cleaned = texts.iter().map(|text| {
            let remedy = wording!("leave it out");
            said(field, text, CONTACT_LENGTH, remedy)
        });
        cleaned.collect::<Result<Vec<String>, Problem>>()
    };
    let group = ask.group.as_deref().map(str::trim);
    Ok(Details {
        name: said("name", &ask.name, NAME_LENGTH, wording!("say who it is"))?,
        language: ask.language,
        phones: several("phones", &ask.phones)?,
        mails: several("mails", &ask.mails)?,
        note: clean("note", &ask.note, NOTE_LENGTH, true)?,
        group: group
            .filter(|group| !group.is_empty())
            .map(|group| clean("group", group, GROUP_LENGTH, false))
            .transpose()?,
    })
}

async fn add(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Body(ask): Body<AskPerson>,
) -> Result<(StatusCode, Json<PersonView>), Problem> {
    if ask.version.is_some() {
        return Err(Problem::field("version", wording!("a new person has none")));
    }
    let details = details(&ask)?;
    let site = match ask.site {
        Some(site) => site,
        None => own_site(&state, &caller).await?,
    };
    known_sites(&state, &caller, &[("site".into(), &site)]).await?;
    let new = NewPerson {
        site,
        details,
        by: caller.account.name.clone(),
        at: time::now_us(),
    };
    let id = state.store.add_person(new).await?;
    let shown = shown(&state, &caller, &id.to_string()).await;
    shown
        .map(|person| (StatusCode::CREATED, Json(person)))
        .map_err(|problem| problem.after(wording!("the person {} is added", %id)))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<Json<PersonView>, Problem> {
    shown(&state, &caller, &id).await.map(Json)
}

/// With their devices.
async fn shown(state: &AppState, caller: &Caller, id: &str) -> Result<PersonView, Problem> {
    let person = person_of(state, caller, id).await?;
    let mut devices = with_devices(state, caller, std::slice::from_ref(&person), &[]).await?;
    Ok(PersonView {
        devices: Some(devices.remove(&person.id).unwrap_or_default()),
        ..view(person)
    })
}

async fn set(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
    Body(ask): Body<AskPerson>,
) -> Result<Json<PersonView>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let details = details(&ask)?;
    let site = ask.site.unwrap_or(person.site);
    known_sites(&state, &caller, &[("site".into(), &site)]).await?;
    let change = PersonChange {
        id: person.id,
        site,
        details,
        expected_version: ask.version,
        by: caller.account.name.clone(),
        at: time::now_us(),
    };
    state.store.set_person(change).await?;
    let shown = shown(&state, &caller, &id).await;
    shown
        .map(Json)
        .map_err(|problem| problem.after(wording!("what is known of the person is set")))
}

async fn remove(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let (by, now) = (&caller.account.name, time::now_us());
    state.store.remove_person(person.id, by, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

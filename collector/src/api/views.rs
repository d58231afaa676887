//! Views: lists of tickets under a name, one's own or shared.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, put};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Caller, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::desk::view::{NAME_LENGTH, View};
use crate::store::StoreError;
use crate::store::accounts::Role;
use crate::store::views::{Audience, ViewRow};
use crate::wording::wording;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SavedView {
    name: String,
    /// Others see it too.
    shared: bool,
    /// Of a shared one: with whoever sees this site; none: with everybody.
    site: Option<String>,
    filter: View,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ViewList {
    items: Vec<SavedView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    #[serde(default)]
    filter: View,
    /// With others; it takes the role senior.
    #[serde(default)]
    shared: bool,
    /// Only with whoever sees this site.
    site: Option<String>,
}

/// Where a view stands among those that somebody sees.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    name: String,
    shared: bool,
}

impl Place {
    fn of(view: &SavedView) -> Self {
        Self {
            name: view.name.clone(),
            shared: view.shared,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", u8::from(self.shared), self.name)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (shared, name) = text.split_once('.').ok_or(())?;
        Ok(Self {
            name: name.to_owned(),
            shared: shared == "1",
        })
    }
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/views",
            viewer,
            "One's own views and those that are shared, by name",
            get(list),
        )
        .query::<After>()
        .gives::<ViewList>(),
        Route::new(
            Method::GET,
            "/views/{view}",
            viewer,
            "A view: one's own of that name, else one that is shared",
            get(show),
        )
        .gives::<SavedView>(),
        Route::new(
            Method::PUT,
            "/views/{view}",
            viewer,
            "Keeps a view of one's own; with the role senior one that is shared, in the place of one's own",
            put(set),
        )
        .takes::<NewView>()
        .gives::<SavedView>(),
        Route::new(
            Method::DELETE,
            "/views/{view}",
            viewer,
            "Removes a view: one's own of that name, else one that is shared, which takes the role senior",
            delete(remove),
        )
        .answers("204"),
    ]
}

/// Those that the caller may see, by name, their own before one that is shared.
async fn visible(state: &AppState, caller: &Caller) -> Result<Vec<ViewRow>, Problem> {
    let mut views = state.store.views(caller.account.account_key).await?;
    views.retain(|view| match view.audience {
        Audience::Site { site_key } => caller.account.sees(site_key),
        Audience::Account { .. } | Audience::Everybody => true,
    });
    Ok(views)
}

async fn find(state: &AppState, caller: &Caller, name: &str) -> Result<ViewRow, Problem> {
    let mut views = visible(state, caller).await?.into_iter();
    let found = views.find(|view| view.name == name);
    found.ok_or_else(|| {
        Problem::not_found(wording!("view"), name).remedy(wording!("sonde view list"))
    })
}

/// A view that a request names.
///
/// # Errors
/// Not found: the caller sees none of that name.
pub(super) async fn named(state: &AppState, caller: &Caller, name: &str) -> Result<View, Problem> {
    let row = find(state, caller, name).await?;
    // What a later version kept may say more than this one knows.
    serde_json::from_str(&row.body).map_err(|_| {
        Problem::field("view", wording!("it was kept by a later version"))
            .remedy(wording!("keep it anew"))
    })
}

async fn shown(state: &AppState, rows: Vec<ViewRow>) -> Result<Vec<SavedView>, Problem> {
    let sites = state.store.sites().await?;
    let view = |row: ViewRow| {
        let site = match row.audience {
            Audience::Site { site_key } => sites.iter().find(|site| site.site_key == site_key),
            Audience::Account { .. } | Audience::Everybody => None,
        };
        Some(SavedView {
            filter: serde_json::from_str(&row.body).ok()?,
            name: row.name,
            shared: !matches!(row.audience, Audience::Account { .. }),
            site: site.map(|site| site.name.clone()),
            changed_at: time::shown(row.changed_at),
            changed_by: row.changed_by,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<After>,
) -> Result<Json<ViewList>, Problem> {
    let cursor: Option<Place> = page.cursor()?;
    let mut items = shown(&state, visible(&state, &caller).await?).await?;
    items.retain(|view| {
        cursor
            .as_ref()
            .is_none_or(|cursor| Place::of(view) > *cursor)
    });
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |view| Place::of(view).to_string());
    Ok(Json(ViewList { items, next }))
}

async fn one(state: &AppState, row: ViewRow) -> Result<Json<SavedView>, Problem> {
    let name = row.name.clone();
    let shown = shown(state, vec![row]).await?.pop();
    shown
        .map(Json)
        .ok_or_else(|| Problem::not_found(wording!("view"), name))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(name): At<String>,
) -> Result<Json<SavedView>, Problem> {
    let row = find(&state, &caller, &name).await?;
    one(&state, row).await
}

/// With whom it is to be shared; who may not is refused.
async fn audience(state: &AppState, caller: &Caller, new: &NewView) -> Result<Audience, Problem> {
    let account_key = caller.account.account_key;
    match (new.shared, &new.site) {
        (false, None) => Ok(Audience::Account { account_key }),
        (false, Some(_)) => Err(Problem::field("site", wording!("it goes with shared"))
            .remedy(wording!("give shared: true"))),
        (true, site) => {
            caller.at_least(Role::Senior)?;
            match site {
                Some(site) => Ok(Audience::Site {
                    site_key: caller.site(state, site).await?,
                }),
                None => {
                    caller.everywhere()?;
                    Ok(Audience::Everybody)
                }
            }
        }
    }
}

/// Who works for some sites does not take a view from those of others.
async fn free(state: &AppState, caller: &Caller, name: &str) -> Result<(), Problem> {
    let account = &caller.account;
    let all = state.store.views(account.account_key).await?;
    let is_of_others = |view: &ViewRow| match view.audience {
        Audience::Account { .. } => false,
        Audience::Site { site_key } => !account.sees(site_key),
        Audience::Everybody => !account.sites.is_empty(),
    };
    let taken = |view: &ViewRow| view.name == name && is_of_others(view);
    match all.iter().any(taken) {
        false => Ok(()),
        true => {
            let what = wording!("others share a view of this name");
            Err(Problem::new(StatusCode::CONFLICT, "conflict", what)
                .remedy(wording!("any other name")))
        }
    }
}

async fn set(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(name): At<String>,
    Body(new): Body<NewView>,
) -> Result<Json<SavedView>, Problem> {
    let audience = audience(&state, &caller, &new).await?;
    let name = clean("view", &name, NAME_LENGTH, false)?;
    if name.trim().is_empty() || name.trim() != name {
        let what = wording!("{} cannot be its name", ?name);
        return Err(Problem::field("view", what).remedy(wording!("any other name")));
    }
    let filter = new.filter.checked().map_err(StoreError::from)?;
    if let Some(site) = &filter.site {
        caller.site(&state, site).await?;
    }
    if let Some(device) = &filter.device {
        caller.device(&state, device).await?;
    }
    if let Some(asset) = &filter.asset {
        caller.asset(&state, asset).await?;
    }
    if new.shared {
        free(&state, &caller, &name).await?;
    }
    let row = ViewRow {
        name,
        audience,
        // It is a struct of texts and numbers.
        body: serde_json::to_string(&filter).unwrap_or_default(),
        changed_at: time::now_us(),
        changed_by: caller.account.name.clone(),
    };
    let by = caller.account.account_key;
    state.store.set_view(row.clone(), by).await?;
    one(&state, row).await
}

async fn remove(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    let row = find(&state, &caller, &name).await?;
    match row.audience {
        Audience::Account { .. } => {}
        Audience::Site { .. } => caller.at_least(Role::Senior)?,
        Audience::Everybody => {
            caller.at_least(Role::Senior)?;
            caller.everywhere()?;
        }
    }
    let by = &caller.account.name;
    let removed = state
        .store
        .remove_view(&row.name, row.audience, by, time::now_us());
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

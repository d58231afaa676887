//! Canned replies, macros and the matrix of priorities: what a helpdesk has written down for its daily work.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, put};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Senior, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::desk::Refusal;
use crate::desk::macros::Macro;
use crate::desk::matrix::Matrix;
use crate::desk::reply::{NAME_LENGTH, Reply};
use crate::store::StoreError;
use crate::store::accounts::Role;
use crate::store::desk_texts::{DeskText, TextKind};
use crate::wording::wording;

/// The matrix has no name of its own.
const MATRIX: &str = "priorities";

#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct TextView<T> {
    name: String,
    #[serde(flatten)]
    text: T,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ReplyList {
    items: Vec<TextView<Reply>>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MacroList {
    items: Vec<TextView<Macro>>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, senior) = (Least::Role(Role::Viewer), Least::Role(Role::Senior));
    let read = |path, summary, handler| Route::new(Method::GET, path, viewer, summary, handler);
    let write = |method, path, summary, handler| Route::new(method, path, senior, summary, handler);
    vec![
        read("/replies", "Canned replies, by name", get(replies))
            .query::<After>()
            .gives::<ReplyList>(),
        read("/replies/{reply}", "One canned reply", get(show::<Reply>))
            .gives_as::<TextView<Reply>>("ReplyView"),
        write(
            Method::PUT,
            "/replies/{reply}",
            "Sets a canned reply, in the place of that of its name",
            put(set::<Reply>),
        )
        .takes::<Reply>()
        .gives_as::<TextView<Reply>>("ReplyView"),
        write(
            Method::DELETE,
            "/replies/{reply}",
            "Removes a canned reply",
            delete(remove::<Reply>),
        )
        .answers("204"),
        read("/macros", "Macros, by name", get(macros))
            .query::<After>()
            .gives::<MacroList>(),
        read("/macros/{macro}", "One macro", get(show::<Macro>))
            .gives_as::<TextView<Macro>>("MacroView"),
        write(
            Method::PUT,
            "/macros/{macro}",
            "Sets a macro, in the place of that of its name",
            put(set::<Macro>),
        )
        .takes::<Macro>()
        .gives_as::<TextView<Macro>>("MacroView"),
        write(
            Method::DELETE,
            "/macros/{macro}",
            "Removes a macro",
            delete(remove::<Macro>),
        )
        .answers("204"),
        read(
            "/matrix",
            "Which priority follows from impact and urgency",
            get(show_matrix),
        )
        .gives::<Matrix>(),
        write(
            Method::PUT,
            "/matrix",
            "Sets which priority follows from impact and urgency",
            put(set_matrix),
        )
        .takes::<Matrix>()
        .gives::<Matrix>(),
    ]
}

/// What was kept is what was taken; a later version's is not shown.
fn view<T: DeserializeOwned>(row: DeskText) -> Option<TextView<T>> {
    Some(TextView {
        text: serde_json::from_str(&row.body).ok()?,
        name: row.name,
        changed_at: time::shown(row.changed_at),
        changed_by: row.changed_by,
    })
}

/// One by its name.
///
/// # Errors
/// Not found; those of the store.
async fn named<T: DeserializeOwned>(
    state: &AppState,
    kind: TextKind,
    name: &str,
) -> Result<TextView<T>, Problem> {
    let found = state.store.desk_text(kind, name).await?;
    found
        .and_then(view)
        .ok_or_else(|| Problem::not_found(kind.wording(), name))
}

/// A canned reply that a request names.
pub(super) async fn reply_of(state: &AppState, name: &str) -> Result<Reply, Problem> {
    Ok(named(state, TextKind::Reply, name).await?.text)
}

/// A macro that a request names.
pub(super) async fn macro_of(state: &AppState, name: &str) -> Result<Macro, Problem> {
    Ok(named(state, TextKind::Macro, name).await?.text)
}

/// The matrix as it was set, else the usual one.
pub(super) async fn matrix(state: &AppState) -> Result<Matrix, Problem> {
    let kept = state.store.desk_text(TextKind::Matrix, MATRIX).await?;
    let kept = kept.and_then(|row| serde_json::from_str(&row.body).ok());
    Ok(kept.unwrap_or_default())
}

/// What has a name of its own and one way to be read and written.
trait Written: Serialize + DeserializeOwned + Send + Sync {
    const KIND: TextKind;

    /// What can be told of it alone.
    fn check(&self) -> Result<(), Refusal>;

    /// Name of the canned reply that it sends.
    fn sends(&self) -> Option<&str> {
        None
    }
}

impl Written for Reply {
    const KIND: TextKind = TextKind::Reply;

    fn check(&self) -> Result<(), Refusal> {
        self.validate()
    }
}

impl Written for Macro {
    const KIND: TextKind = TextKind::Macro;

    fn check(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn sends(&self) -> Option<&str> {
        self.reply.as_deref()
    }
}

async fn keep<T: Serialize>(
    state: &AppState,
    kind: TextKind,
    name: String,
    text: &T,
    by: &str,
) -> Result<DeskText, Problem> {
    let row = DeskText {
        name,
        // They are structs of texts, lists and truth values.
        body: serde_json::to_string(text).unwrap_or_default(),
        changed_at: time::now_us(),
        changed_by: by.to_owned(),
    };
    state.store.set_desk_text(kind, row.clone()).await?;
    Ok(row)
}

async fn page<T: Written>(
    state: &AppState,
    after: &After,
) -> Result<(Vec<TextView<T>>, Option<String>), Problem> {
    let from: Option<String> = after.cursor()?;
    let from = from.unwrap_or_default();
    let most = after.most();
    let rows = state.store.desk_texts(T::KIND, &from, most).await?;
    let next = next(&rows, most, |row| row.name.clone());
    Ok((rows.into_iter().filter_map(view).collect(), next))
}

async fn replies(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    Params(after): Params<After>,
) -> Result<Json<ReplyList>, Problem> {
    let (items, next) = page(&state, &after).await?;
    Ok(Json(ReplyList { items, next }))
}

async fn macros(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    Params(after): Params<After>,
) -> Result<Json<MacroList>, Problem> {
    let (items, next) = page(&state, &after).await?;
    Ok(Json(MacroList { items, next }))
}

async fn show<T: Written>(
    State(state): State<AppState>,
    Viewer(_): Viewer,
    At(name): At<String>,
) -> Result<Json<TextView<T>>, Problem> {
    named(&state, T::KIND, &name).await.map(Json)
}

async fn set<T: Written>(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(name): At<String>,
    Body(text): Body<T>,
) -> Result<Json<TextView<T>>, Problem> {
    if let Some(reply) = text.sends() {
        reply_of(&state, reply).await?;
    }
    let kind = T::KIND;
    let name = clean(kind.as_str(), &name, NAME_LENGTH, false)?;
    if name.trim().is_empty() || name.trim() != name {
        let what = wording!("{} cannot be its name", ?name);
        return Err(Problem::field(kind.as_str(), what).remedy(wording!("any other name")));
    }
    text.check().map_err(StoreError::from)?;
    let row = keep(&state, kind, name, &text, &caller.account.name).await?;
    let (name, changed_by) = (row.name, row.changed_by);
    Ok(Json(TextView {
        name,
        text,
        changed_at: time::shown(row.changed_at),
        changed_by,
    }))
}

async fn remove<T: Written>(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    let by = &caller.account.name;
    let removed = state
        .store
        .remove_desk_text(T::KIND, &name, by, time::now_us());
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_matrix(
    State(state): State<AppState>,
    Viewer(_): Viewer,
) -> Result<Json<Matrix>, Problem> {
    matrix(&state).await.map(Json)
}

async fn set_matrix(
    State(state): State<AppState>,
    Senior(caller): Senior,
    Body(text): Body<Matrix>,
) -> Result<Json<Matrix>, Problem> {
    caller.everywhere()?;
    let by = &caller.account.name;
    keep(&state, TextKind::Matrix, MATRIX.to_owned(), &text, by).await?;
    Ok(Json(text))
}

//! Remote desktop tools of sites: list, add, set, remove, and what a template makes of an example.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, said};
use super::caller::{Admin, Caller};
use super::page::{After, next, no_place};
use super::route::{Least, Route};
use super::sites::known_sites;
use super::{AppState, Problem, time};
use crate::desk::remote_tool::{NAME_LENGTH, Template, Values};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::remote_tools::{NewRemoteTool, RemoteTool};
use crate::store::sites::DEFAULT_SITE;
use crate::wording::{Wording, wording};

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RemoteToolView {
    id: String,
    /// None: it is of all sites.
    site: Option<String>,
    name: String,
    /// An address with `{hostname}`, `{device}`, `{site}`, `{address}` or `{ticket}` in it.
    template: String,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RemoteToolList {
    items: Vec<RemoteToolView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskRemoteTool {
    /// Where it belongs for good; all sites if it is not given. A site's own is in the place of that of all of the same name.
    site: Option<String>,
    /// One of its site alone is called so.
    name: String,
    /// An address with `{hostname}`, `{device}`, `{site}`, `{address}` or `{ticket}` in it: not in the scheme, and of http and
    /// https behind the host.
    template: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TryTemplate {
    template: String,
    site: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TriedTemplate {
    /// For a device that there is not.
    address: String,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/remote-tools",
            admin,
            "Remote desktop tools of sites and of all, by name",
            get(list),
        )
        .query::<After>()
        .gives::<RemoteToolList>(),
        Route::new(
            Method::POST,
            "/remote-tools",
            admin,
            "Adds a tool that devices are opened in from a ticket",
            post(add),
        )
        .takes::<AskRemoteTool>()
        .gives::<RemoteToolView>()
        .answers("201"),
        Route::new(
            Method::PUT,
            "/remote-tools/{tool}",
            admin,
            "Sets name and template of a tool; its site stays",
            put(set),
        )
        .takes::<AskRemoteTool>()
        .gives::<RemoteToolView>(),
        Route::new(
            Method::DELETE,
            "/remote-tools/{tool}",
            admin,
            "Removes a tool",
            delete(remove),
        )
        .answers("204"),
        Route::new(
            Method::POST,
            "/remote-tools/try",
            admin,
            "The address that a template makes for an example of a device; nothing is kept",
            post(try_template),
        )
        .takes::<TryTemplate>()
        .gives::<TriedTemplate>(),
    ]
}

fn view(tool: RemoteTool) -> RemoteToolView {
    RemoteToolView {
        id: tool.id.to_string(),
        site: tool.site.map(|(_, name)| name),
        name: tool.name,
        template: tool.template,
        changed_at: time::shown(tool.changed_at),
        changed_by: tool.changed_by,
    }
}

fn is_seen(caller: &Caller, tool: &RemoteTool) -> bool {
    let site = tool.site.as_ref();
    site.is_none_or(|(site_key, _)| caller.account.sees(*site_key))
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<After>,
) -> Result<Json<RemoteToolList>, Problem> {
    let after: Option<Id> = page.cursor()?;
    let mut tools = state.store.remote_tools().await?;
    tools.retain(|tool| is_seen(&caller, tool));
    if let Some(after) = after {
        let at = tools.iter().position(|tool| tool.id == after);
        let at = at.ok_or_else(|| no_place("after"))?;
        tools.drain(..=at);
    }
    tools.truncate(page.most() as usize);
    Ok(Json(RemoteToolList {
        next: next(&tools, page.most(), |tool| tool.id.to_string()),
        items: tools.into_iter().map(view).collect(),
    }))
}

/// That the caller may say where it is to belong: who works for some sites makes none for all.
async fn judge_site(state: &AppState, caller: &Caller, site: Option<&str>) -> Result<(), Problem> {
    match site {
        Some(site) => known_sites(state, caller, &[("site".into(), site)]).await,
        None => caller.everywhere(),
    }
}

/// A tool that the caller may see and change.
async fn own(state: &AppState, caller: &Caller, id: &str) -> Result<RemoteTool, Problem> {
    let missing = || Problem::not_found(wording!("remote tool"), id);
    let key: Id = id.parse().map_err(|_| missing())?;
    let tool = state.store.remote_tool(key).await?;
    let tool = tool.filter(|tool| is_seen(caller, tool));
    let tool = tool.ok_or_else(missing)?;
    if tool.site.is_none() {
        caller.everywhere()?;
    }
    Ok(tool)
}

/// What was sent, judged.
fn new(ask: AskRemoteTool, by: &Caller) -> Result<NewRemoteTool, Problem> {
    let name = said(
        "name",
        &ask.name,
        NAME_LENGTH,
        wording!("say what technicians call it"),
    )?;
    let template = ask.template.trim().to_owned();
    Template::of(&template)?;
    Ok(NewRemoteTool {
        site: ask.site,
        name,
        template,
        by: by.account.name.clone(),
        at: time::now_us(),
    })
}

async fn shown(state: &AppState, id: Id, done: Wording) -> Result<Json<RemoteToolView>, Problem> {
    let tool = state.store.remote_tool(id).await;
    let tool = tool.map_err(|error| Problem::from(error).after(done))?;
    let tool = tool.ok_or_else(|| Problem::not_found(wording!("remote tool"), id))?;
    Ok(Json(view(tool)))
}

async fn add(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Body(ask): Body<AskRemoteTool>,
) -> Result<(StatusCode, Json<RemoteToolView>), Problem> {
    judge_site(&state, &caller, ask.site.as_deref()).await?;
    let new = new(ask, &caller)?;
    let id = state.store.add_remote_tool(new).await?;
    let shown = shown(&state, id, wording!("the tool is added")).await?;
    Ok((StatusCode::CREATED, shown))
}

async fn set(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(id): At<String>,
    Body(ask): Body<AskRemoteTool>,
) -> Result<Json<RemoteToolView>, Problem> {
    let tool = own(&state, &caller, &id).await?;
    let site = tool.site.as_ref().map(|(_, name)| name.as_str());
    if ask.site.as_deref() != site {
        let what = match site {
            Some(site) => wording!("it belongs to {} for good", site),
            None => wording!("it belongs to all sites for good"),
        };
        let remedy = wording!("remove it, and add it to the other site");
        return Err(Problem::field("site", what).remedy(remedy));
    }
    let new = new(ask, &caller)?;
    state.store.set_remote_tool(tool.id, new).await?;
    shown(&state, tool.id, wording!("the tool is set")).await
}

async fn remove(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let tool = own(&state, &caller, &id).await?;
    let (by, now) = (&caller.account.name, time::now_us());
    state.store.remove_remote_tool(tool.id, by, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn try_template(
    Admin(_): Admin,
    Body(ask): Body<TryTemplate>,
) -> Result<Json<TriedTemplate>, Problem> {
    let site = ask.site.as_deref().unwrap_or(DEFAULT_SITE);
    let address = Template::of(ask.template.trim())?.address(&Values::example(site))?;
    Ok(Json(TriedTemplate { address }))
}

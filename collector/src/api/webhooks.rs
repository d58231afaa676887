//! Other systems that are told what happens to tickets: declared here, told by `webhooks.rs`.

mod deliveries;
mod sources;

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::body::{At, Body, Params, clean};
use super::caller::{Admin, Caller};
use super::page::{After, next};
use super::route::{Least, Route};
use super::sites::known_sites;
use super::{AppState, Problem, time};
use crate::desk::Event;
use crate::store::accounts::Role;
use crate::store::webhooks::{NewWebhook, Webhook, WebhookChange};
use crate::webhooks::signature::Secret;
use crate::webhooks::target::Target;
use crate::wording::wording;

/// Longest name of an endpoint or a source, characters.
const NAME_LENGTH: usize = 64;
/// Sites that one endpoint names.
const MOST_SITES: usize = 100;
/// How long messages are signed with the secret before, too.
const OLD_SECRET_US: i64 = 24 * 3_600_000_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WebhookView {
    name: String,
    url: String,
    /// Only tickets of these sites; none: of all.
    sites: Vec<String>,
    /// Only events of these kinds; none: all.
    kinds: Vec<String>,
    enabled: bool,
    /// Why it is not enabled; none: somebody has said so.
    disabled_reason: Option<String>,
    /// Since when no message has arrived there.
    failing_since: Option<String>,
    n_waiting: i64,
    n_dead: i64,
    created_by: String,
    created_at: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WebhookList {
    items: Vec<WebhookView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEndpoint {
    name: String,
    /// Where messages are posted.
    url: String,
    /// Names of sites; none: all.
    #[serde(default)]
    sites: Vec<String>,
    /// Kinds of events as a ticket's timeline has them; none: all.
    #[serde(default)]
    kinds: Vec<String>,
}

/// What is left out stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct EndpointChange {
    url: Option<String>,
    sites: Option<Vec<String>>,
    kinds: Option<Vec<String>>,
    enabled: Option<bool>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WithSecret {
    #[serde(flatten)]
    webhook: WebhookView,
    /// What messages are signed with. It is shown once.
    secret: String,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    let mut routes =
        vec![
        Route::new(Method::GET, "/webhooks", admin, "Webhooks by name", get(list))
            .query::<After>()
            .gives::<WebhookList>(),
        Route::new(
            Method::POST,
            "/webhooks",
            admin,
            "Declares a webhook, and shows its secret this once",
            post(add),
        )
        .takes::<NewEndpoint>()
        .gives::<WithSecret>()
        .answers("201"),
        Route::new(Method::GET, "/webhooks/{webhook}", admin, "A webhook", get(show))
            .gives::<WebhookView>(),
        Route::new(
            Method::PUT,
            "/webhooks/{webhook}",
            admin,
            "Changes a webhook; one that is enabled again is tried at once",
            put(set),
        )
        .takes::<EndpointChange>()
        .gives::<WebhookView>(),
        Route::new(
            Method::DELETE,
            "/webhooks/{webhook}",
            admin,
            "Removes a webhook with all that waits for it",
            delete(remove),
        )
        .answers("204"),
        Route::new(
            Method::POST,
            "/webhooks/{webhook}/secret",
            admin,
            "Gives a webhook another secret; for a day messages are signed with the one before too",
            post(renew),
        )
        .gives::<WithSecret>(),
    ];
    routes.extend(deliveries::routes());
    routes.extend(sources::routes());
    routes
}

fn view(webhook: Webhook) -> WebhookView {
    WebhookView {
        name: webhook.name,
        url: webhook.url,
        sites: webhook.sites,
        kinds: webhook.kinds,
        enabled: webhook.is_enabled,
        disabled_reason: webhook.disabled_reason,
        failing_since: webhook.failing_since.map(time::shown),
        n_waiting: webhook.n_waiting,
        n_dead: webhook.n_dead,
        created_by: webhook.created_by,
        created_at: time::shown(webhook.created_at),
    }
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<After>,
) -> Result<Json<WebhookList>, Problem> {
    caller.everywhere()?;
    let after: Option<String> = page.cursor()?;
    let found = state.store.webhooks(after.as_deref(), page.most()).await?;
    let next = next(&found, page.most(), |webhook| webhook.name.clone());
    Ok(Json(WebhookList {
        items: found.into_iter().map(view).collect(),
        next,
    }))
}

async fn show(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<Json<WebhookView>, Problem> {
    caller.everywhere()?;
    named(&state, &name).await.map(Json)
}

async fn named(state: &AppState, name: &str) -> Result<WebhookView, Problem> {
    let found = state.store.webhook(name).await?;
    found
        .map(view)
        .ok_or_else(|| Problem::not_found(wording!("webhook"), name))
}

async fn add(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Body(new): Body<NewEndpoint>,
) -> Result<(StatusCode, Json<WithSecret>), Problem> {
    caller.everywhere()?;
    let name = name(&new.name)?;
    url(&state, &new.url)?;
    kinds(&new.kinds)?;
    sites(&state, &caller, &new.sites).await?;
    let secret = Secret::random();
    let added = state.store.add_webhook(NewWebhook {
        name: name.clone(),
        url: new.url,
        secret: secret.bytes().to_vec(),
        sites: new.sites,
        kinds: new.kinds,
        by: caller.account.name.clone(),
        at: time::now_us(),
    });
    added.await?;
    let webhook = named(&state, &name).await;
    let webhook = webhook.map_err(|problem| {
        problem.after(wording!(
            "the webhook {} is declared, and its secret is lost: renew it",
            name
        ))
    })?;
    let shown = WithSecret {
        webhook,
        secret: secret.shown(),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn set(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(change): Body<EndpointChange>,
) -> Result<Json<WebhookView>, Problem> {
    caller.everywhere()?;
    if let Some(address) = &change.url {
        url(&state, address)?;
    }
    kinds(change.kinds.as_deref().unwrap_or_default())?;
    sites(&state, &caller, change.sites.as_deref().unwrap_or_default()).await?;
    let changed = state.store.change_webhook(WebhookChange {
        name: name.clone(),
        url: change.url,
        sites: change.sites,
        kinds: change.kinds,
        enabled: change.enabled,
        by: caller.account.name.clone(),
        at: time::now_us(),
    });
    changed.await?;
    let shown = named(&state, &name).await.map(Json);
    shown.map_err(|problem| problem.after(wording!("the webhook {} is changed", name)))
}

async fn remove(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let removed = state
        .store
        .remove_webhook(&name, &caller.account.name, time::now_us());
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn renew(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<Json<WithSecret>, Problem> {
    caller.everywhere()?;
    let (secret, now) = (Secret::random(), time::now_us());
    let bytes = secret.bytes().to_vec();
    let by = &caller.account.name;
    let renewed = state
        .store
        .renew_webhook_secret(&name, bytes, now + OLD_SECRET_US, by, now);
    renewed.await?;
    Ok(Json(WithSecret {
        webhook: named(&state, &name).await?,
        secret: secret.shown(),
    }))
}

/// A name that can stand in an address and on a command line.
fn name(text: &str) -> Result<String, Problem> {
    let name = clean("name", text, NAME_LENGTH, false)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    match begins && name.chars().all(is_plain) {
        true => Ok(name),
        false => Err(
            Problem::field("name", wording!("{} cannot be its name", ?name)).remedy(wording!(
                "letters, digits, '-', '_' and '.', a letter or a digit first"
            )),
        ),
    }
}

fn url(state: &AppState, url: &str) -> Result<(), Problem> {
    let target = Target::of(url, state.webhook_http)?;
    // A name may lead elsewhere each time, and is judged then.
    let address: Option<IpAddr> = target.host.parse().ok();
    match address.filter(|address| !state.webhook_reach.may_dial(*address)) {
        None => Ok(()),
        Some(address) => {
            let what = wording!("{} is not a public address", %address);
            let remedy = wording!("allow it in the collector's configuration: webhook_allow");
            Err(Problem::field("url", what).remedy(remedy))
        }
    }
}

fn kinds(kinds: &[String]) -> Result<(), Problem> {
    for (index, kind) in kinds.iter().enumerate() {
        // An event knows its own kinds: all that is wrong with a good one is that the rest is missing.
        let Err(error) = serde_json::from_value::<Event>(json!({ "kind": kind })) else {
            continue;
        };
        let text = error.to_string();
        if let Some(known) = text.strip_prefix("unknown variant") {
            let known = known.split_once("expected ").map_or("", |(_, known)| known);
            let field = format!("kinds[{index}]");
            let detail = wording!("there is no kind of event {}", ?kind);
            return Err(
                Problem::field(field, detail).remedy(wording!("{}", known.replace('`', "")))
            );
        }
    }
    Ok(())
}

async fn sites(state: &AppState, caller: &Caller, names: &[String]) -> Result<(), Problem> {
    if names.len() > MOST_SITES {
        return Err(Problem::field(
            "sites",
            wording!("more than {}", MOST_SITES),
        ));
    }
    let fields = (0..).zip(names);
    let fields: Vec<(String, &str)> = fields
        .map(|(index, name)| (format!("sites[{index}]"), name.as_str()))
        .collect();
    known_sites(state, caller, &fields).await
}

//! Sites, and the tokens with which machines become their devices.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params};
use super::caller::{Admin, Caller, Viewer};
use super::page::{After, Before, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::account::enrolment::{LONGEST_LIFE, MOST_USES};
use crate::account::{hash_secret, new_secret};
use crate::store::accounts::Role;
use crate::store::sites::DEFAULT_SITE;
use crate::store::tokens;
use crate::wording::wording;

/// Life of an enrolment token unless the caller says otherwise: one day.
const TOKEN_SECONDS: u32 = 86_400;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SiteView {
    name: String,
    n_devices: i64,
    created_at: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SiteList {
    items: Vec<SiteView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSite {
    name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EnrolmentToken {
    id: String,
    site: String,
    uses_left: i64,
    expires_at: String,
    created_by: String,
    created_at: String,
    revoked_at: Option<String>,
    /// What `sonde-agent enroll` takes. Shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Where it enrols, as `sonde-agent enroll --collector` takes it; with the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    collector: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EnrolmentTokenList {
    items: Vec<EnrolmentToken>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEnrolmentToken {
    /// "default" if it is not given.
    site: Option<String>,
    /// 1 if it is not given.
    uses: Option<u32>,
    /// A day if it is not given.
    expires_in_seconds: Option<u32>,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/sites",
            Least::Role(Role::Viewer),
            "Sites by name",
            get(list),
        )
        .query::<After>()
        .gives::<SiteList>(),
        Route::new(Method::POST, "/sites", admin, "Makes a site", post(create))
            .takes::<NewSite>()
            .answers("204"),
        Route::new(
            Method::GET,
            "/enrolment-tokens",
            admin,
            "Enrolment tokens, the newest first",
            get(list_tokens),
        )
        .query::<Before>()
        .gives::<EnrolmentTokenList>(),
        Route::new(
            Method::POST,
            "/enrolment-tokens",
            admin,
            "Makes an enrolment token",
            post(create_token),
        )
        .takes::<NewEnrolmentToken>()
        .gives::<EnrolmentToken>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/enrolment-tokens/{token}",
            admin,
            "Revokes an enrolment token",
            delete(revoke_token),
        )
        .answers("204"),
    ]
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<After>,
) -> Result<Json<SiteList>, Problem> {
    let (own, after) = (caller.account.site_filter(), page.cursor()?);
    let sites = state.store.sites_page(own.as_deref(), after, page.most());
    let sites = sites.await?;
    let next = next(&sites, page.most(), |site| site.site_key.to_string());
    let items = sites.into_iter().map(|site| SiteView {
        name: site.name,
        n_devices: site.n_devices,
        created_at: time::shown(site.created_at),
    });
    Ok(Json(SiteList {
        items: items.collect(),
        next,
    }))
}

async fn create(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Body(body): Body<NewSite>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let by = &caller.account.name;
    state.store.add_site(&body.name, by, time::now_us()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses a name that is no site of the caller's, with the names there are.
pub(super) async fn known_sites(
    state: &AppState,
    caller: &Caller,
    named: &[(String, &str)],
) -> Result<(), Problem> {
    if named.is_empty() {
        return Ok(());
    }
    let mut sites = state.store.sites().await?;
    sites.retain(|site| caller.account.sees(site.site_key));
    // The default site is made when it is first named.
    let is_default = |name: &str| name == DEFAULT_SITE && caller.account.sites.is_empty();
    let is_other = |name: &str| !is_default(name) && !sites.iter().any(|site| site.name == name);
    match named.iter().find(|(_, name)| is_other(name)) {
        None => Ok(()),
        Some((field, name)) => {
            let names: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
            Err(Problem::field(
                field.as_str(),
                wording!("no site {} that you may see", ?name),
            )
            .remedy(wording!("there are: {}", names.join(", "))))
        }
    }
}

fn view(token: tokens::Token) -> EnrolmentToken {
    EnrolmentToken {
        id: token.id.to_string(),
        site: token.site,
        uses_left: token.uses_left,
        expires_at: time::shown(token.expires_at),
        created_by: token.created_by,
        created_at: time::shown(token.created_at),
        revoked_at: token.revoked_at.map(time::shown),
        token: None,
        collector: None,
    }
}

/// Where agents enrol: at the host that is set, else at the one under which this request has come.
fn agents_url(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let (host, port) = state.agents.as_ref()?;
    if let Some(host) = host {
        return Some(format!("https://{host}:{port}"));
    }
    // HTTP/2 names it in the address.
    let said = || headers.get(header::HOST)?.to_str().ok()?.parse().ok();
    let named = uri.authority().cloned().or_else(said)?;
    Some(format!("https://{}:{port}", named.host()))
}

async fn list_tokens(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<Before>,
) -> Result<Json<EnrolmentTokenList>, Problem> {
    caller.everywhere()?;
    let tokens = state.store.tokens(page.cursor()?, page.most()).await?;
    Ok(Json(EnrolmentTokenList {
        next: next(&tokens, page.most(), |token| token.id.to_string()),
        items: tokens.into_iter().map(view).collect(),
    }))
}

async fn create_token(
    State(state): State<AppState>,
    Admin(caller): Admin,
    uri: Uri,
    headers: HeaderMap,
    Body(body): Body<NewEnrolmentToken>,
) -> Result<(StatusCode, Json<EnrolmentToken>), Problem> {
    caller.everywhere()?;
    let n_uses = body.uses.unwrap_or(1);
    if !(1..=MOST_USES).contains(&n_uses) {
        return Err(Problem::field("uses", wording!("1 to {}", MOST_USES)));
    }
    let seconds = body.expires_in_seconds.unwrap_or(TOKEN_SECONDS);
    let longest = LONGEST_LIFE.as_secs();
    if !(1..=longest).contains(&seconds.into()) {
        return Err(Problem::field(
            "expires_in_seconds",
            wording!("1 to {}", longest),
        ));
    }
    let now = time::now_us();
    let secret = new_secret("");
    let site = body.site.unwrap_or_else(|| DEFAULT_SITE.to_owned());
    known_sites(&state, &caller, &[("site".into(), &site)]).await?;
    let new = tokens::NewToken {
        secret_hash: hash_secret(&secret),
        site: site.clone(),
        n_uses,
        expires_at: now + i64::from(seconds) * 1_000_000,
        created_by: caller.account.name.clone(),
        at: now,
    };
    let expires_at = new.expires_at;
    let id = state.store.create_token(new).await?;
    let token = EnrolmentToken {
        token: Some(format!("sonde1.{secret}.{}", state.authority_fingerprint)),
        collector: agents_url(&state, &uri, &headers),
        ..view(tokens::Token {
            id,
            site,
            uses_left: n_uses.into(),
            expires_at,
            created_by: caller.account.name,
            created_at: now,
            revoked_at: None,
        })
    };
    Ok((StatusCode::CREATED, Json(token)))
}

async fn revoke_token(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let key = id
        .parse()
        .map_err(|_| Problem::not_found(wording!("enrolment token"), &id))?;
    let by = &caller.account.name;
    state.store.revoke_token(key, by, time::now_us()).await?;
    Ok(StatusCode::NO_CONTENT)
}

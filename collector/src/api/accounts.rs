//! Accounts, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, patch, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params};
use super::caller::Admin;
use super::page::{After, next};
use super::route::{Least, Route};
use super::sites::known_sites;
use super::{AppState, Problem, time};
use crate::account::{CreatedUser, NewUser, UserError, create_user, name_rule, reset_user};
use crate::store::accounts::{Account, AccountChange, Role};
use crate::wording::wording;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AccountView {
    name: String,
    role: Role,
    /// Names; empty: all.
    sites: Vec<String>,
    second_factor: bool,
    created_at: String,
    disabled_at: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AccountList {
    items: Vec<AccountView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    name: String,
    role: Role,
    /// Names; empty: all.
    #[serde(default)]
    sites: Vec<String>,
    /// None: one is made.
    password: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CreatedAccount {
    name: String,
    role: Role,
    /// These are shown once.
    password: String,
    totp_secret: String,
    totp_url: String,
    recovery_codes: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    role: Option<Role>,
    /// Names; empty: all.
    sites: Option<Vec<String>>,
    disabled: Option<bool>,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/accounts",
            admin,
            "Accounts by name",
            get(list),
        )
        .query::<After>()
        .gives::<AccountList>(),
        Route::new(
            Method::POST,
            "/accounts",
            admin,
            "Makes an account",
            post(create),
        )
        .takes::<NewAccount>()
        .gives::<CreatedAccount>()
        .answers("201"),
        Route::new(
            Method::POST,
            "/accounts/{account}/reset",
            admin,
            "Gives a new password and second factor to whoever cannot get in; sessions and tokens end",
            post(reset),
        )
        .gives::<CreatedAccount>(),
        Route::new(
            Method::PATCH,
            "/accounts/{account}",
            admin,
            "Changes role, sites, or whether it is disabled",
            patch(change),
        )
        .takes::<Change>()
        .gives::<AccountView>(),
    ]
}

async fn views(state: &AppState, accounts: Vec<Account>) -> Result<Vec<AccountView>, Problem> {
    let sites = state.store.sites().await?;
    let name_of = |key: &i64| {
        let site = sites.iter().find(|site| site.site_key == *key);
        site.map(|site| site.name.clone())
    };
    let views = accounts.into_iter().map(|account| AccountView {
        name: account.name,
        role: account.role,
        sites: account.sites.iter().filter_map(name_of).collect(),
        second_factor: account.has_totp,
        created_at: time::shown(account.created_at),
        disabled_at: account.disabled_at.map(time::shown),
    });
    Ok(views.collect())
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<After>,
) -> Result<Json<AccountList>, Problem> {
    caller.everywhere()?;
    let accounts = state.store.accounts(page.cursor()?, page.most()).await?;
    Ok(Json(AccountList {
        next: next(&accounts, page.most(), |account| {
            account.account_key.to_string()
        }),
        items: views(&state, accounts).await?,
    }))
}

/// Names of sites, each with the field it stands in.
fn fields(sites: &[String]) -> Vec<(String, &str)> {
    let named = (0..).zip(sites);
    named
        .map(|(index, name): (usize, _)| (format!("sites[{index}]"), name.as_str()))
        .collect()
}

async fn create(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Body(body): Body<NewAccount>,
) -> Result<(StatusCode, Json<CreatedAccount>), Problem> {
    caller.everywhere()?;
    known_sites(&state, &caller, &fields(&body.sites)).await?;
    let role = body.role;
    let user = NewUser {
        name: body.name,
        role,
        sites: body.sites,
        password: body.password,
    };
    let created = create_user(&state.store, user, &caller.account.name, time::now_us())
        .await
        .map_err(|error| match error {
            UserError::Name => Problem::field("name", name_rule()),
            UserError::Password(weak) => Problem::field("password", weak.wording()),
            UserError::Store(error) => error.into(),
        })?;
    Ok((StatusCode::CREATED, Json(shown(created, role))))
}

async fn reset(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<Json<CreatedAccount>, Problem> {
    caller.everywhere()?;
    let by = &caller.account.name;
    if *by == name {
        return Err(
            Problem::field("account", wording!("nobody resets themselves")).remedy(wording!(
                "set your own password, or ask another administrator"
            )),
        );
    }
    let known = state.store.secrets(&name).await?;
    let role = known.map(|known| known.account.role);
    let role = role.ok_or_else(|| Problem::not_found(wording!("account"), &name))?;
    let reset = reset_user(&state.store, &name, by, time::now_us())
        .await
        .map_err(|error| match error {
            UserError::Store(error) => error.into(),
            UserError::Name => Problem::field("account", name_rule()),
            UserError::Password(weak) => Problem::field("account", weak.wording()),
        })?;
    Ok(Json(shown(reset, role)))
}

/// What its owner is told, once.
fn shown(created: CreatedUser, role: Role) -> CreatedAccount {
    CreatedAccount {
        name: created.name,
        role,
        password: created.password,
        totp_secret: created.totp_secret,
        totp_url: created.totp_url,
        recovery_codes: created.recovery_codes,
    }
}

async fn change(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(body): Body<Change>,
) -> Result<Json<AccountView>, Problem> {
    caller.everywhere()?;
    let by = &caller.account.name;
    if *by == name {
        return Err(Problem::field(
            "account",
            wording!("nobody changes their own role or disables themselves"),
        )
        .remedy(wording!("ask another administrator")));
    }
    if body == Change::default() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            wording!("there is nothing to change"),
        )
        .remedy(wording!("give role, sites or disabled")));
    }
    let sites = body.sites.as_deref().unwrap_or_default();
    known_sites(&state, &caller, &fields(sites)).await?;
    let change = AccountChange {
        role: body.role,
        sites: body.sites,
        disabled: body.disabled,
    };
    let now = time::now_us();
    state.store.change_account(&name, change, by, now).await?;
    let shown = async {
        let changed = state.store.secrets(&name).await?;
        let accounts = changed.map(|secrets| secrets.account).into_iter().collect();
        views(&state, accounts)
            .await?
            .pop()
            .map(Json)
            .ok_or_else(|| Problem::not_found(wording!("account"), &name))
    };
    let shown = shown.await;
    shown.map_err(|problem| problem.after(wording!("the account {} is changed", name)))
}

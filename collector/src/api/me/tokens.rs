//! One's own sessions and tokens.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body, Params, said};
use super::super::caller::{Caller, Viewer};
use super::super::page::{Before, next};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::{From, LABEL_LENGTH, not_signed_in};
use crate::account::{Proof, TOKEN_US, hash_secret, new_secret, prove};
use crate::store::accounts::{CredentialKind, NewCredential, Role};
use crate::wording::wording;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    /// 90 if it is not given.
    days: Option<u16>,
    /// One's password. Needed where the request comes with a token, which alone must not make another.
    password: Option<String>,
    /// Of the authenticator, or a recovery code; with the password.
    code: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TokenView {
    id: String,
    /// "session", "token".
    kind: String,
    name: String,
    created_at: String,
    used_at: String,
    expires_at: String,
    /// Shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TokenList {
    items: Vec<TokenView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/me/tokens",
            viewer,
            "One's sessions and tokens",
            get(tokens),
        )
        .query::<Before>()
        .gives::<TokenList>(),
        Route::new(
            Method::POST,
            "/me/tokens",
            viewer,
            "Makes a token",
            post(new_token),
        )
        .takes::<NewToken>()
        .gives::<TokenView>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/me/tokens/{token}",
            viewer,
            "Ends a session or token",
            delete(revoke),
        )
        .answers("204"),
    ]
}

async fn tokens(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<Before>,
) -> Result<Json<TokenList>, Problem> {
    let key = caller.account.account_key;
    let credentials = state.store.credentials(key, page.cursor()?, page.most());
    let credentials = credentials.await?;
    let next = next(&credentials, page.most(), |one| one.id.to_string());
    let items = credentials.into_iter().map(|credential| TokenView {
        id: credential.id.to_string(),
        kind: credential.kind,
        name: credential.name,
        created_at: time::shown(credential.created_at),
        used_at: time::shown(credential.used_at),
        expires_at: time::shown(credential.expires_at),
        secret: None,
    });
    Ok(Json(TokenList {
        items: items.collect(),
        next,
    }))
}

async fn new_token(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    from: From,
    Body(body): Body<NewToken>,
) -> Result<(StatusCode, Json<TokenView>), Problem> {
    let name = said(
        "name",
        &body.name,
        LABEL_LENGTH,
        wording!("say what the token is for"),
    )?;
    let life_us = match body.days {
        None => TOKEN_US,
        Some(days @ 1..=366) => i64::from(days) * 86_400_000_000,
        Some(_) => return Err(Problem::field("days", wording!("1 to 366"))),
    };
    if caller.kind == CredentialKind::Token {
        proven(&state, &caller, from, body.password, body.code).await?;
    }
    let secret = new_secret("sonde_t_");
    let now = time::now_us();
    let id = state
        .store
        .create_credential(NewCredential {
            account_key: caller.account.account_key,
            secret_hash: hash_secret(&secret),
            kind: CredentialKind::Token,
            name: name.clone(),
            expires_at: now + life_us,
            idle_us: 0,
            at: now,
        })
        .await?;
    let view = TokenView {
        id: id.to_string(),
        kind: CredentialKind::Token.as_str().to_owned(),
        name,
        created_at: time::shown(now),
        used_at: time::shown(now),
        expires_at: time::shown(now + life_us),
        secret: Some(secret),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// That it is the person, who knows the password and has the second factor, and not who found a token of theirs.
async fn proven(
    state: &AppState,
    caller: &Caller,
    From(address): From,
    password: Option<String>,
    code: Option<String>,
) -> Result<(), Problem> {
    let Some(password) = password else {
        return Err(Problem {
            field: Some("password".into()),
            ..Problem::new(
                StatusCode::UNAUTHORIZED,
                "password-needed",
                wording!("a token alone makes no other token"),
            )
        }
        .remedy(wording!("send `password`, and `code` of the second factor")));
    };
    let proof = Proof {
        name: caller.account.name.clone(),
        password,
        code,
        address,
    };
    let proven = prove(&state.store, proof, time::now_us()).await;
    proven.map(drop).map_err(not_signed_in)
}

async fn revoke(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let key = id
        .parse()
        .map_err(|_| Problem::not_found(wording!("token"), &id))?;
    state
        .store
        .revoke_credential(caller.account.account_key, key, time::now_us())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Oneself: signing in and out, second factor, password, tokens.

mod tokens;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::net::IpAddr;

use super::body::{Body, clean};
use super::caller::{Anyone, Caller};
use super::route::{Least, Route};
use super::{AppState, Problem, session, time};
use crate::account::{
    Proof, SecondFactorError, SignIn, SignInError, confirm_password, confirm_second_factor,
    hash_password, new_second_factor, sign_in,
};
use crate::console::{Client, IsPrivate};
use crate::store::accounts::{CredentialKind, Role};
use crate::wording::wording;

/// Longest name of a token, characters.
const LABEL_LENGTH: usize = 64;
const NAME_LENGTH: usize = 256;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    name: String,
    password: String,
    /// Of the authenticator, or a recovery code.
    code: Option<String>,
    /// What the token is called; none: a browser's session is begun, whose secret is a cookie.
    token_name: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SignedIn {
    /// Goes into the header `Authorization: Bearer …`. Shown once; not of a browser's session.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Of a browser's session: goes into the header `X-CSRF-Token` of every change.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    id: String,
    name: String,
    role: Role,
    expires_at: String,
    /// The account has no second factor: it can do nothing but set one up.
    second_factor_needed: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Me {
    name: String,
    role: Role,
    second_factor: bool,
    /// Names of the sites whose devices and tickets they see; empty: all.
    sites: Vec<String>,
    /// Of a browser's session: goes into the header `X-CSRF-Token` of every change.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct NewFactor {
    secret: String,
    /// For an authenticator to scan.
    url: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmFactor {
    secret: String,
    /// A code that belongs to the secret.
    code: String,
    password: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RecoveryCodes {
    /// Each is good once. Shown once.
    recovery_codes: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    old: String,
    new: String,
}

/// Where a request comes from; unknown where the server does not say.
pub(super) struct From(pub(super) Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let client = parts.extensions.get::<Client>();
        Ok(Self(client.map(|Client(address)| *address)))
    }
}

/// Whether nobody on the way reads along; no where the server does not say.
struct Private(bool);

impl<S: Send + Sync> FromRequestParts<S> for Private {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let private = parts.extensions.get::<IsPrivate>();
        Ok(Self(
            private.is_some_and(|IsPrivate(is_private)| *is_private),
        ))
    }
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::new(
            Method::POST,
            "/sign-in",
            Least::Stranger,
            "Signs in",
            post(enter),
        )
        .takes::<Credentials>()
        .gives::<SignedIn>(),
        Route::new(
            Method::POST,
            "/sign-out",
            Least::SignedIn,
            "Ends this credential",
            post(leave),
        )
        .answers("204"),
        Route::new(
            Method::GET,
            "/me",
            Least::SignedIn,
            "Who is signed in",
            get(me),
        )
        .gives::<Me>(),
        Route::new(
            Method::POST,
            "/me/second-factor",
            Least::SignedIn,
            "Makes a secret for an authenticator; nothing is set until it is confirmed",
            post(new_factor),
        )
        .gives::<NewFactor>(),
        Route::new(
            Method::PUT,
            "/me/second-factor",
            Least::SignedIn,
            "Sets the second factor, in place of an earlier one",
            axum::routing::put(confirm_factor),
        )
        .takes::<ConfirmFactor>()
        .gives::<RecoveryCodes>(),
        Route::new(
            Method::PUT,
            "/me/password",
            Least::SignedIn,
            "Sets a new password and ends all sessions and tokens",
            axum::routing::put(password),
        )
        .takes::<NewPassword>()
        .answers("204"),
    ];
    routes.extend(tokens::routes());
    routes
}

async fn enter(
    State(state): State<AppState>,
    From(address): From,
    private: Private,
    Body(body): Body<Credentials>,
) -> Result<Response, Problem> {
    if body.password.len() > 4 * NAME_LENGTH || body.name.len() > NAME_LENGTH {
        return Err(wrong());
    }
    let label = clean(
        "token_name",
        body.token_name.as_deref().unwrap_or("browser"),
        LABEL_LENGTH,
        false,
    )?;
    let is_session = body.token_name.is_none();
    let attempt = SignIn {
        proof: Proof {
            name: body.name,
            password: body.password,
            code: body.code,
            address,
        },
        kind: match is_session {
            false => CredentialKind::Token,
            true => CredentialKind::Session,
        },
        label,
    };
    let signed_in = sign_in(&state.store, attempt, time::now_us())
        .await
        .map_err(not_signed_in)?;
    let (secret, csrf, cookie) = match is_session {
        false => (Some(signed_in.secret), None, None),
        true => {
            let cookie = session::cookie(Some(&signed_in.secret), private.0)?;
            (None, Some(session::csrf(&signed_in.secret)), Some(cookie))
        }
    };
    let signed_in = Json(SignedIn {
        secret,
        csrf,
        id: signed_in.credential.to_string(),
        second_factor_needed: !signed_in.account.has_totp,
        name: signed_in.account.name,
        role: signed_in.account.role,
        expires_at: time::shown(signed_in.expires_at),
    });
    let mut response = signed_in.into_response();
    response
        .headers_mut()
        .extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

fn wrong() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong",
        wording!("name, password or code is wrong"),
    )
    .remedy(wording!(
        "check all three; a code is good once and for a minute"
    ))
}

fn not_signed_in(error: SignInError) -> Problem {
    match error {
        SignInError::Wrong => wrong(),
        SignInError::CodeNeeded => Problem {
            field: Some("code".into()),
            ..Problem::new(
                StatusCode::UNAUTHORIZED,
                "code-needed",
                wording!("a code of the second factor is needed"),
            )
        }
        .remedy(wording!(
            "send `code`, of the authenticator or a recovery code"
        )),
        SignInError::Throttled { until } => Problem {
            retry_after: Some(time::seconds_until(until)),
            ..Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "throttled",
                wording!("too many failed sign-ins"),
            )
        }
        .remedy(wording!("try again in {}", time::wait(until))),
        SignInError::Store(error) => error.into(),
    }
}

async fn leave(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    private: Private,
) -> Result<Response, Problem> {
    let key = caller.account.account_key;
    state
        .store
        .revoke_credential(key, caller.credential, time::now_us())
        .await?;
    let gone = session::cookie(None, private.0)?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, gone)]).into_response())
}

async fn me(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    headers: HeaderMap,
) -> Result<Json<Me>, Problem> {
    let is_session = caller.kind == CredentialKind::Session;
    let secret = session::secret(&headers).filter(|_| is_session);
    let sites = state.store.sites().await?.into_iter();
    let own = |key: &i64| caller.account.sites.contains(key);
    Ok(Json(Me {
        csrf: secret.map(session::csrf),
        sites: sites
            .filter(|site| own(&site.site_key))
            .map(|site| site.name)
            .collect(),
        name: caller.account.name,
        role: caller.account.role,
        second_factor: caller.account.has_totp,
    }))
}

async fn new_factor(Anyone(caller): Anyone) -> Json<NewFactor> {
    let factor = new_second_factor(&caller.account.name);
    Json(NewFactor {
        secret: factor.secret_base32,
        url: factor.url,
    })
}

/// The caller's password, in the field of that name.
async fn confirmed(
    state: &AppState,
    caller: &Caller,
    From(address): From,
    field: &'static str,
    password: String,
) -> Result<(), Problem> {
    let (name, now) = (&caller.account.name, time::now_us());
    match confirm_password(&state.store, name, password, address, now).await {
        Err(SignInError::Wrong) => Err(Problem::field(field, wording!("it is wrong"))),
        other => other.map_err(not_signed_in),
    }
}

async fn confirm_factor(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    from: From,
    Body(body): Body<ConfirmFactor>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let name = &caller.account.name;
    confirmed(&state, &caller, from, "password", body.password).await?;
    let secret = totp_rs::Secret::try_from_base32(body.secret.trim())
        .map_err(|_| Problem::field("secret", wording!("it is not base32")))?;
    let secret: Vec<u8> = secret.as_ref().to_vec();
    let confirmed =
        confirm_second_factor(&state.store, name, secret, &body.code, time::now_us()).await;
    match confirmed {
        Ok(recovery_codes) => Ok(Json(RecoveryCodes { recovery_codes })),
        Err(SecondFactorError::WrongCode) => Err(Problem::field(
            "code",
            wording!("it does not belong to the secret"),
        )),
        Err(SecondFactorError::Store(error)) => Err(error.into()),
    }
}

async fn password(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    from: From,
    Body(body): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let name = &caller.account.name;
    confirmed(&state, &caller, from, "old", body.old).await?;
    let hash = hash_password(body.new)
        .await
        .map_err(|weak| Problem::field("new", weak.wording()))?;
    state
        .store
        .set_password(name, hash, name, time::now_us())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

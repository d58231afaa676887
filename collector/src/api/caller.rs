//! Who calls. A handler names the authority that it needs as an argument.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use super::{AppState, Problem, session, time};
use crate::account::hash_secret;
use crate::store::accounts::{Account, CredentialKind, Role};
use crate::store::assets::Asset;
use crate::store::devices::Device;
use crate::store::sites::Site;
use crate::store::tickets::NumberedTicket;
use crate::store::{DeviceId, Id};
use crate::wording::wording;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) account: Account,
    pub(super) credential: Id,
    pub(super) kind: CredentialKind,
    /// Of the secret that came with the request.
    pub(super) secret_hash: [u8; 32],
}

/// Whoever is signed in, even without a second factor.
pub(super) struct Anyone(pub(super) Caller);

macro_rules! roles {
    ($($name:ident)*) => {$(
        /// A caller with this role or a higher one.
        pub(super) struct $name(pub(super) Caller);

        impl FromRequestParts<AppState> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
                with_role(parts, state, Role::$name).await.map(Self)
            }
        }
    )*};
}

roles!(Viewer Technician Senior Admin);

impl FromRequestParts<AppState> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        caller(parts, state).await.map(Self)
    }
}

/// Who makes a request: by what they say they hold, else by a browser's session.
pub(super) async fn caller(parts: &Parts, state: &AppState) -> Result<Caller, Problem> {
    let held = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let secret = match (held, session::secret(&parts.headers)) {
        (Some(secret), _) => secret.trim(),
        (None, Some(secret)) => {
            session::own(parts, secret)?;
            secret
        }
        (None, None) => return Err(stranger()),
    };
    let (caller, note_use) = signed_in(hash_secret(secret), state).await?;
    if note_use {
        let (store, id) = (state.store.clone(), caller.credential);
        tokio::spawn(async move {
            if let Err(error) = store.credential_used(id, time::now_us()).await {
                tracing::warn!(%error, "a credential's use was not noted");
            }
        });
    }
    Ok(caller)
}

/// Who comes with this secret, and whether its use should be noted.
async fn signed_in(secret_hash: [u8; 32], state: &AppState) -> Result<(Caller, bool), Problem> {
    let signed_in = state
        .store
        .signed_in(&secret_hash, time::now_us())
        .await?
        .ok_or_else(stranger)?;
    let caller = Caller {
        account: signed_in.account,
        credential: signed_in.credential,
        kind: signed_in.kind,
        secret_hash,
    };
    Ok((caller, signed_in.note_use))
}

fn stranger() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "not-signed-in",
        wording!("the request comes without a credential that is good now"),
    )
    .remedy(wording!(
        "sign in: sonde login URL, or POST /api/v1/sign-in"
    ))
}

async fn with_role(parts: &Parts, state: &AppState, least: Role) -> Result<Caller, Problem> {
    let caller = caller(parts, state).await?;
    if !caller.account.has_totp {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "second-factor-needed",
            wording!("the account has no second factor yet"),
        )
        .remedy(wording!("set one up: POST /api/v1/me/second-factor")));
    }
    caller.at_least(least)?;
    Ok(caller)
}

impl Caller {
    /// The same after a wait: who is no longer signed in sees nothing more, and who may see less now sees less.
    pub(super) async fn again(self, state: &AppState) -> Result<Self, Problem> {
        signed_in(self.secret_hash, state)
            .await
            .map(|(caller, _)| caller)
    }

    /// What takes this role or a higher one.
    pub(super) fn at_least(&self, least: Role) -> Result<(), Problem> {
        if self.account.role >= least {
            return Ok(());
        }
        let detail = wording!(
            "this takes the role {}; yours is {}",
            least.as_str(),
            self.account.role.as_str()
        );
        Err(Problem::new(StatusCode::FORBIDDEN, "role", detail)
            .remedy(wording!("ask an administrator")))
    }

    /// The key of a site that the caller may see.
    pub(super) async fn site(&self, state: &AppState, name: &str) -> Result<i64, Problem> {
        let sites = state.store.sites().await?;
        let own = |site: &Site| site.name == name && self.account.sees(site.site_key);
        let found = sites.into_iter().find(own);
        let missing =
            || Problem::not_found(wording!("site"), name).remedy(wording!("sonde site list"));
        Ok(found.ok_or_else(missing)?.site_key)
    }

    /// A device that the caller may see. What belongs to another site is not there.
    pub(super) async fn device(&self, state: &AppState, id: &str) -> Result<Device, Problem> {
        let missing = || Problem::not_found(wording!("device"), id);
        let id: DeviceId = id.parse().map_err(|_| missing())?;
        state
            .store
            .device(&id)
            .await?
            .filter(|device| self.account.sees(device.site_key))
            .ok_or_else(missing)
    }

    /// A device that the caller may see and that a ticket of `site_key` can be about: whoever sees the ticket sees what
    /// stands on it of the device.
    pub(super) async fn device_of_site(
        &self,
        state: &AppState,
        site_key: i64,
        id: &str,
    ) -> Result<Device, Problem> {
        let device = self.device(state, id).await?;
        if device.site_key == site_key {
            return Ok(device);
        }
        Err(Problem::field(
            "device",
            wording!(
                "{} belongs to the site {}, the ticket to another",
                device.hostname,
                device.site
            ),
        )
        .remedy(wording!("open a ticket of the device's own site")))
    }

    /// An asset that the caller may see, removed or not. What belongs to another site is not there.
    pub(super) async fn asset(&self, state: &AppState, id: &str) -> Result<Asset, Problem> {
        let missing = || Problem::not_found(wording!("asset"), id);
        let key: Id = id.parse().map_err(|_| missing())?;
        let asset = state.store.asset(key).await?;
        asset
            .filter(|asset| self.account.sees(asset.site_key))
            .ok_or_else(missing)
    }

    /// An asset that the caller may see and that a ticket of `site_key` can be about from now on.
    pub(super) async fn asset_of_site(
        &self,
        state: &AppState,
        site_key: i64,
        id: &str,
    ) -> Result<Asset, Problem> {
        let asset = self.asset(state, id).await?;
        let name = &asset.details.name;
        if asset.removed_at.is_some() {
            let problem = Problem::field("asset", wording!("{} was removed", name));
            return Err(problem.remedy(wording!("add it anew if it is there again")));
        }
        if asset.site_key == site_key {
            return Ok(asset);
        }
        let site = &asset.site;
        let what = wording!(
            "{} belongs to the site {}, the ticket to another",
            name,
            site
        );
        Err(Problem::field("asset", what).remedy(wording!("open a ticket of the asset's own site")))
    }

    /// A ticket that the caller may see.
    pub(super) async fn ticket(
        &self,
        state: &AppState,
        number: i64,
    ) -> Result<NumberedTicket, Problem> {
        state
            .store
            .ticket(number)
            .await?
            .filter(|ticket| self.account.sees(ticket.site_key))
            .ok_or_else(|| Problem::not_found(wording!("ticket"), number))
    }

    /// A job on a device that the caller may see.
    pub(super) async fn job(
        &self,
        state: &AppState,
        id: &str,
    ) -> Result<crate::store::work::Job, Problem> {
        let missing = || Problem::not_found(wording!("job"), id);
        let key: Id = id.parse().map_err(|_| missing())?;
        state
            .store
            .job(key)
            .await?
            .filter(|job| self.account.sees(job.site_key))
            .ok_or_else(missing)
    }

    /// What only an account for all sites may do.
    pub(super) fn everywhere(&self) -> Result<(), Problem> {
        if self.account.sites.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "site",
            wording!("this concerns all sites, and your account works for some"),
        )
        .remedy(wording!("ask an administrator of all sites")))
    }
}

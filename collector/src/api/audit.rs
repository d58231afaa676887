//! The audit log, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::body::Params;
use super::caller::Admin;
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::store::accounts::Role;
use crate::store::audit::{AuditFilter, Verified};

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EntryView {
    seq: i64,
    at: String,
    actor: String,
    deed: String,
    subject: String,
    detail: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EntryList {
    items: Vec<EntryView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Verdict {
    whole: bool,
    n_entries: Option<i64>,
    /// Number of the first entry that does not fit the one before.
    broken_at: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Page {
    /// An account, `device ID`, or `collector`.
    actor: Option<String>,
    /// What it was done to, as entries have it.
    subject: Option<String>,
    /// A deed, as `account.create`, or the beginning of several, as `account`.
    deed: Option<String>,
    /// RFC 3339.
    from: Option<String>,
    /// RFC 3339; not this moment itself.
    to: Option<String>,
    before: Option<i64>,
    limit: Option<u32>,
}

pub(super) fn routes() -> Vec<Route> {
    let admin = Least::Role(Role::Admin);
    vec![
        Route::new(
            Method::GET,
            "/audit",
            admin,
            "Audit entries, the newest first",
            get(list),
        )
        .query::<Page>()
        .gives::<EntryList>(),
        Route::new(
            Method::GET,
            "/audit/verify",
            admin,
            "Checks the chain of entries",
            get(verify),
        )
        .gives::<Verdict>(),
    ]
}

async fn list(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Params(page): Params<Page>,
) -> Result<Json<EntryList>, Problem> {
    caller.everywhere()?;
    let most = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let moment = |name: &'static str, text: &Option<String>| {
        let read = text.as_ref().map(|text| time::read(name, text));
        read.transpose()
    };
    let filter = AuditFilter {
        from: moment("from", &page.from)?,
        to: moment("to", &page.to)?,
        actor: page.actor,
        subject: page.subject,
        deed: page.deed,
        before: page.before,
        most,
    };
    let links = state.store.audit_entries(&filter).await?;
    let next = links
        .last()
        .filter(|_| links.len() == most as usize)
        .map(|last| last.seq.to_string());
    let items = links.into_iter().map(|link| EntryView {
        seq: link.seq,
        at: time::shown(link.entry.at),
        actor: link.entry.actor,
        deed: link.entry.deed,
        subject: link.entry.subject,
        detail: link.entry.detail,
    });
    Ok(Json(EntryList {
        items: items.collect(),
        next,
    }))
}

async fn verify(
    State(state): State<AppState>,
    Admin(caller): Admin,
) -> Result<Json<Verdict>, Problem> {
    caller.everywhere()?;
    Ok(Json(match state.store.verify_audit().await? {
        Verified::Whole { n_entries } => Verdict {
            whole: true,
            n_entries: Some(n_entries),
            broken_at: None,
        },
        Verified::BrokenAt { seq } => Verdict {
            whole: false,
            n_entries: None,
            broken_at: Some(seq),
        },
    }))
}

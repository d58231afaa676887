//! The HTTP API: what people and programs see of the collector.
//!
//! Each resource gives its routes as a list: from it come the router, the OpenAPI document and the test that sends
//! every role to every route.

mod acceptances;
mod accounts;
mod assets;
mod audit;
mod body;
mod caller;
mod callers;
mod canned;
mod catalogue;
mod changes;
mod cohort;
mod devices;
mod escalation;
mod facts;
mod findings;
mod health;
mod idempotency;
mod intake;
mod job_asked;
mod job_view;
mod jobs;
mod lang;
mod live;
mod looking;
mod maintenance;
mod me;
mod metrics;
mod mutes;
mod page;
mod persons;
mod policies;
mod problem;
mod query;
mod receipts;
mod remote_tools;
mod reports;
mod requester;
mod route;
mod session;
mod silenced;
mod sites;
mod sla;
#[cfg(test)]
mod tests;
mod tickets;
mod time;
mod views;
mod web;
mod webhooks;
mod work;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;

use crate::fleet::Policies;
use crate::link::gate::Gate;
use crate::store::Store;
use crate::webhooks::reach::Reach;
use crate::work::Work;

pub(crate) use problem::Problem;
pub use problem::{MEDIA_TYPE as PROBLEM_MEDIA_TYPE, WrittenProblem};
pub(crate) use requester::HELP_PLACE;
pub use route::Route;
pub(crate) use tickets::event_json;
pub(crate) use time::shown;

/// Where the API's routes begin.
pub const PREFIX: &str = "/api/v1";
/// Largest body of a request, bytes.
const BODY_BYTES: usize = 1 << 20;

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub work: Work,
    pub policies: Policies,
    /// Of the agents' port.
    pub gate: Gate,
    /// SHA-256 of the collector's CA, lower-case hexadecimal; stands in enrolment tokens.
    pub authority_fingerprint: Arc<str>,
    /// How often devices sample and report, microseconds.
    pub report_every_us: i64,
    /// What stands before the addresses of requesters' pages: "https://help.example".
    pub public_url: Arc<str>,
    pub(crate) catalogues: Arc<catalogue::Cache>,
    pub(crate) answered: Arc<health::Answered>,
    pub(crate) intake: Arc<intake::Brakes>,
    /// Whether a webhook may be told without TLS.
    pub(crate) webhook_http: bool,
    /// Where webhooks may be.
    pub(crate) webhook_reach: Arc<Reach>,
    looking: looking::Looking,
    case_files: tickets::CaseFiles,
    /// Where agents connect: the host, if it is a certain one, and the port.
    pub(crate) agents: Option<(Option<String>, u16)>,
}

impl AppState {
    pub fn new(
        store: Store,
        work: Work,
        policies: Policies,
        gate: Gate,
        authority_fingerprint: &str,
        report_every: Duration,
        public_url: &str,
    ) -> Self {
        Self {
            report_every_us: report_every.as_micros() as i64,
            public_url: public_url.into(),
            store,
            work,
            policies,
            gate,
            authority_fingerprint: authority_fingerprint.into(),
            catalogues: Arc::default(),
            answered: Arc::default(),
            intake: Arc::default(),
            webhook_http: false,
            webhook_reach: Arc::default(),
            looking: looking::Looking::default(),
            case_files: tickets::CaseFiles::default(),
            agents: None,
        }
    }
}

/// Every route of the API.
pub fn routes() -> Vec<Route> {
    [
        acceptances::routes(),
        accounts::routes(),
        assets::routes(),
        audit::routes(),
        callers::routes(),
        canned::routes(),
        catalogue::routes(),
        changes::routes(),
        cohort::routes(),
        devices::routes(),
        escalation::routes(),
        facts::routes(),
        findings::routes(),
        intake::routes(),
        jobs::routes(),
        live::routes(),
        maintenance::routes(),
        me::routes(),
        metrics::routes(),
        mutes::routes(),
        persons::routes(),
        policies::routes(),
        query::routes(),
        receipts::routes(),
        remote_tools::routes(),
        reports::routes(),
        sites::routes(),
        sla::routes(),
        tickets::routes(),
        views::routes(),
        webhooks::routes(),
        work::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The OpenAPI document of the API, as it is served.
pub fn document() -> utoipa::openapi::OpenApi {
    route::openapi(&routes())
}

/// Everything that the collector serves to people.
pub fn router(state: AppState) -> Router {
    let routes = routes();
    let document = Arc::new(route::openapi(&routes));
    let mut api = Router::new();
    for route in routes {
        let (path, handler) = route.guarded();
        api = api.route(path, handler);
    }
    let api = api
        .route_layer(axum::middleware::from_fn_with_state(
            state.clone(),
            idempotency::answer_again,
        ))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method);
    Router::new()
        .nest(PREFIX, api)
        .route(
            "/api/openapi.json",
            get(async move || axum::Json((*document).clone())),
        )
        .merge(health::router())
        .merge(requester::router())
        .merge(web::router())
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(
            state.clone(),
            health::count,
        ))
        .layer(axum::middleware::from_fn(lang::tell_problems))
        .with_state(state)
}

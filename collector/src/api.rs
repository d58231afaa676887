//! Placeholder until the API is merged.
use crate::store::Store;
use crate::work::Work;
pub struct AppState;
impl AppState {
    pub fn new(_: Store, _: Work, _: &str) -> Self {
        Self
    }
}
pub fn router(_: AppState) -> axum::Router {
    axum::Router::new()
}

//! Files that the helpdesk has given to whoever has asked.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::tickets::download;
use super::super::{AppState, Problem};
use super::words::Words;
use super::{Failure, Guest};
use crate::store::Id;
use crate::store::attachments::Attachment;
use crate::wording::wording;

/// Files that are shown, the newest.
const MOST: usize = 20;

/// Those that the page shows.
pub(super) async fn shared(state: &AppState, ticket: i64) -> Result<Vec<Attachment>, Problem> {
    let mut files = state.store.attachments(ticket).await?;
    files.retain(|file| file.is_shared);
    let skipped = files.len().saturating_sub(MOST);
    Ok(files.split_off(skipped))
}

pub(super) fn list(guest: &Guest, words: &Words, files: &[Attachment]) -> Markup {
    html! {
        @if !files.is_empty() {
            section aria-labelledby="files" {
                h2 id="files" { (words.files) }
                ul.plain {
                    @for file in files {
                        li { a href=(guest.form(&format!("files/{}", file.id))) download { (file.name) } }
                    }
                }
            }
        }
    }
}

/// One of them, to be kept.
pub(super) async fn file(
    State(state): State<AppState>,
    guest: Guest,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let missing = || guest.failure(Problem::not_found(wording!("file"), &id));
    let key: Id = id.parse().map_err(|_| missing())?;
    let found = state.store.attachment(guest.ticket.number, key).await;
    let found = found.map_err(|error| guest.failure(error))?;
    let (file, body) = found
        .filter(|(file, _)| file.is_shared)
        .ok_or_else(missing)?;
    Ok(download(&file.name, &file.media_type, body))
}

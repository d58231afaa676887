//! Files on tickets.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Params};
use super::super::caller::{Technician, Viewer};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use crate::desk::Side;
use crate::desk::attachment::{self, MOST_BYTES};
use crate::digest::hex;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::attachments::{Attachment, NewAttachment};
use crate::wording::wording;
use crate::work::Live;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AttachmentView {
    id: String,
    name: String,
    /// As its bytes show it: a picture, a PDF, or "application/octet-stream".
    media_type: String,
    n_bytes: i64,
    /// Hexadecimal.
    sha256: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AttachmentList {
    /// All of them: 100 at most.
    items: Vec<AttachmentView>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Named {
    /// What it is called.
    name: String,
    /// Who gives it to the other side, "technician" or "requester"; if it is not given, it stays between technicians.
    side: Option<Side>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/attachments",
            viewer,
            "Files of a ticket",
            get(list),
        )
        .gives::<AttachmentList>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/attachments",
            Least::Role(Role::Technician),
            "Puts a file onto a ticket: the body is the file, 8 MiB at most",
            post(add).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .query::<Named>()
        .takes_bytes()
        .gives::<AttachmentView>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/tickets/{ticket}/attachments/{attachment}",
            viewer,
            "A file, to be kept and never to be opened in place",
            get(file),
        )
        .gives_bytes(),
    ]
}

fn view(attachment: Attachment) -> AttachmentView {
    AttachmentView {
        id: attachment.id.to_string(),
        name: attachment.name,
        media_type: attachment.media_type,
        n_bytes: attachment.n_bytes,
        sha256: hex(&attachment.sha256),
    }
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
) -> Result<Json<AttachmentList>, Problem> {
    caller.ticket(&state, number).await?;
    let attachments = state.store.attachments(number).await?;
    Ok(Json(AttachmentList {
        items: attachments.into_iter().map(view).collect(),
    }))
}

async fn add(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Params(named): Params<Named>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<AttachmentView>), Problem> {
    caller.ticket(&state, number).await?;
    let name = attachment::name(&named.name)?;
    let body = body.map_err(|refused| {
        let most = MOST_BYTES >> 20;
        Problem::new(
            refused.status(),
            "body",
            wording!("{}", refused.body_text()),
        )
        .remedy(wording!("a file of a ticket has {} MiB at most", most))
    })?;
    if body.is_empty() {
        return Err(Problem::field("body", wording!("it is empty"))
            .remedy(wording!("send the file's bytes")));
    }
    let new = NewAttachment {
        ticket: number,
        name,
        media_type: attachment::media_type(&body),
        body: body.into(),
        side: named.side,
        actor: caller.account.name.clone(),
        at: time::now_us(),
    };
    let (id, ticket) = state.store.attach(new).await?;
    state.work.announce(Live::Ticket {
        number,
        version: ticket.ticket.version,
    });
    let kept = state.store.attachments(number).await?;
    let kept = kept.into_iter().find(|one| one.id == id);
    let kept = kept.ok_or_else(|| Problem::not_found(wording!("attachment"), id))?;
    Ok((StatusCode::CREATED, Json(view(kept))))
}

async fn file(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At((number, id)): At<(i64, String)>,
) -> Result<Response, Problem> {
    caller.ticket(&state, number).await?;
    let missing = || Problem::not_found(wording!("attachment"), &id);
    let key: Id = id.parse().map_err(|_| missing())?;
    let found = state.store.attachment(number, key).await?;
    let (attachment, body) = found.ok_or_else(missing)?;
    Ok(download(&attachment.name, &attachment.media_type, body))
}

/// A file that a browser keeps and does not open: nothing in it runs, whatever it is.
pub(in super::super) fn download(
    name: &str,
    media_type: &str,
    body: impl IntoResponse,
) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let named = format!("attachment; filename*=UTF-8''{}", encoded(name));
    for (key, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, named.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (header::CACHE_CONTROL, "private, max-age=86400, immutable"),
    ] {
        // A name is encoded, a media type one of ours.
        headers.extend(HeaderValue::from_str(value).ok().map(|value| (key, value)));
    }
    response
}

/// RFC 8187, 3.2.1: all but letters, digits and a few marks as bytes in hexadecimal.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                text.push(char::from(byte));
            }
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_breaks_no_header() {
        assert_eq!(encoded("été 1.png"), "%C3%A9t%C3%A9%201.png");
        for hostile in crate::hostile::texts() {
            let response = download(&hostile, "image/png", vec![]);
            let named = response.headers()[header::CONTENT_DISPOSITION].to_str();
            crate::hostile::assert_inert(named.unwrap());
        }
    }
}

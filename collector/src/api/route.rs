//! One declaration of a route gives the router, the OpenAPI document and the tests what they need.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use axum::routing::MethodRouter;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, OpenApi, OpenApiBuilder, PathsBuilder, Ref, RefOr,
    Required, ResponseBuilder, ResponsesBuilder,
};
use utoipa::{IntoParams, ToSchema};

use super::problem::Part;
use super::{AppState, Problem, WrittenProblem};
use crate::store::accounts::Role;
use crate::wording::wording;

/// Who may take a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// Everybody, signed in or not.
    Stranger,
    /// Whoever signs the message itself; nobody is signed in.
    Signed,
    /// Whoever is signed in, even without a second factor.
    SignedIn,
    /// This role or a higher one, with a second factor.
    Role(Role),
}

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
const EVENTS: &str = "text/event-stream";
/// What every stream is made of.
const STREAM: &str = "Events, each with data in JSON and the last one of a change with an id. First how it stands, or \
     `listening`. `ticket`: number, version. `looking`: names. `enrolled`: device, hostname. `job`: job, state, n_events, ended. `snapshot`: snapshot, ticket, partial. \
     `device`: device, connected. Of live metrics `sample`: at, missed, values (metric, labels, unit, value); `missed`: samples; `away`. `resync`: something was missed that is not known any more; read anew";

/// Every route takes it.
const LANG: &str = "lang";

type Named = Vec<(String, RefOr<Schema>)>;

/// A route and what is known of it.
pub struct Route {
    pub method: Method,
    /// After the API's prefix, with `{names}`.
    pub path: &'static str,
    pub least: Least,
    /// It makes a device do something; the ticket stands in its path.
    pub asks_device: bool,
    pub handler: MethodRouter<AppState>,
    summary: &'static str,
    query: Vec<Parameter>,
    takes: Option<RefOr<Schema>>,
    takes_type: &'static str,
    gives: Option<RefOr<Schema>>,
    media_type: &'static str,
    status: &'static str,
    schemas: Named,
    /// It answers with a ticket, whose version is the entity tag.
    returns_ticket: bool,
}

impl Route {
    pub(super) fn new(
        method: Method,
        path: &'static str,
        least: Least,
        summary: &'static str,
        handler: MethodRouter<AppState>,
    ) -> Self {
        Self {
            method,
            path,
            least,
            asks_device: false,
            handler,
            summary,
            query: Vec::new(),
            takes: None,
            takes_type: JSON,
            gives: None,
            media_type: JSON,
            status: "200",
            schemas: Vec::new(),
            returns_ticket: false,
        }
    }

    pub(super) fn query<T: IntoParams>(mut self) -> Self {
        self.query = T::into_params(|| Some(ParameterIn::Query));
        self
    }

    pub(super) fn takes<T: ToSchema>(mut self) -> Self {
        self.takes = Some(self.schema::<T>());
        self
    }

    /// The body is a file.
    pub(super) fn takes_bytes(mut self) -> Self {
        self.takes = Some(text());
        self.takes_type = BYTES;
        self
    }

    /// The answer is a file.
    pub(super) fn gives_bytes(mut self) -> Self {
        self.media_type = BYTES;
        self.gives = Some(text());
        self
    }

    pub(super) fn gives<T: ToSchema>(mut self) -> Self {
        self.returns_ticket = T::name() == "TicketView";
        self.gives = Some(self.schema::<T>());
        self
    }

    /// The same where one type stands for several things, each under a name of its own.
    pub(super) fn gives_as<T: ToSchema>(mut self, name: &'static str) -> Self {
        self.schemas.push((name.to_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        self.gives = Some(RefOr::Ref(Ref::from_schema_name(name)));
        self
    }

    /// The answer is a stream of server-sent events.
    pub(super) fn streams(mut self) -> Self {
        self.media_type = EVENTS;
        self.gives = Some(text());
        self
    }

    pub(super) fn answers(mut self, status: &'static str) -> Self {
        self.status = status;
        self
    }

    pub(super) fn asks_device(mut self) -> Self {
        self.asks_device = true;
        self
    }

    /// Path and handler: a query parameter that is not declared is refused, not ignored.
    pub(super) fn guarded(self) -> (&'static str, MethodRouter<AppState>) {
        let mut names: Vec<String> = self.query.into_iter().map(|one| one.name).collect();
        names.push(LANG.to_owned());
        let names: Arc<[String]> = names.into();
        let guard = from_fn(move |request: Request, next: Next| {
            let refused = unknown(request.uri().query().unwrap_or_default(), &names);
            async move {
                match refused {
                    Some(problem) => problem.into_response(),
                    None => next.run(request).await,
                }
            }
        });
        (self.path, self.handler.layer(guard))
    }

    fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(T::name()))
    }

    /// What generated clients call it: "post_tickets_ticket_notes".
    fn id(&self) -> String {
        let path = self.path.replace(['{', '}'], "").replace(['/', '-'], "_");
        format!("{}{path}", self.method.as_str().to_lowercase())
    }

    /// Headers that it minds beside the credential.
    fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![(
            "Accept-Language",
            "Language of texts where the query names none",
        )];
        if self.method == Method::POST && !super::idempotency::gives_secret(self.path) {
            headers.push((
                "Idempotency-Key",
                "1 to 255 visible characters: the same call under the same key is done once, and answered again \
                 for a day with Idempotent-Replayed",
            ));
        }
        if self.media_type == EVENTS {
            headers.push((
                "Last-Event-ID",
                "The id of the last event that was heard: what came since is said first; where that is not known any more, \
                 an event `resync` says so",
            ));
        }
        let changes_ticket = self.path.starts_with("/tickets/{ticket}/")
            && self.method != Method::GET
            && self.returns_ticket;
        if changes_ticket {
            headers.push((
                "If-Match",
                "The ETag that came with the ticket: 412 where somebody has changed it since, and how; what only records \
                 what a device did is no change, nor what the caller has asked a device for",
            ));
        }
        headers
    }

    fn operation(&self) -> OperationBuilder {
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id()))
            .summary(Some(self.summary));
        if self.asks_device {
            let marked = ExtensionsBuilder::new().add("x-asks-device", true);
            operation = operation.extensions(Some(marked.build()));
        }
        for name in path_names(self.path) {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(text())),
            );
        }
        for parameter in &self.query {
            operation = operation.parameter(parameter.clone());
        }
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(LANG)
                .parameter_in(ParameterIn::Query)
                .description(Some(
                    "Language of texts, en or fr; else that of Accept-Language",
                ))
                .schema(Some(text())),
        );
        for (name, what) in self.headers() {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Header)
                    .description(Some(what))
                    .schema(Some(text())),
            );
        }
        if let Some(schema) = &self.takes {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            operation = operation.request_body(Some(
                RequestBodyBuilder::new()
                    .content(self.takes_type, content)
                    .required(Some(Required::True))
                    .build(),
            ));
        }
        let mut answer = ResponseBuilder::new().description(match self.media_type {
            EVENTS => STREAM,
            _ => self.summary,
        });
        if let Some(schema) = &self.gives {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            answer = answer.content(self.media_type, content);
        }
        let problem = ContentBuilder::new()
            .schema(Some(RefOr::Ref(Ref::from_schema_name(
                WrittenProblem::name(),
            ))))
            .build();
        operation = operation.responses(
            ResponsesBuilder::new()
                .response(self.status, answer)
                .response(
                    "default",
                    ResponseBuilder::new()
                        .description("What is wrong, and what to do about it")
                        .content(super::PROBLEM_MEDIA_TYPE, problem),
                )
                .build(),
        );
        match self.least {
            Least::Stranger | Least::Signed => operation,
            Least::SignedIn | Least::Role(_) => {
                operation.security(SecurityRequirement::new("bearer", Vec::<String>::new()))
            }
        }
    }
}

/// The first parameter that none of the names is.
fn unknown(query: &str, names: &[String]) -> Option<Problem> {
    let given = query.split('&').filter(|part| !part.is_empty());
    let mut given = given.map(|part| part.split_once('=').map_or(part, |(name, _)| name));
    let other = given.find(|given| !names.iter().any(|name| name == given))?;
    let problem = Problem {
        field: Some(other.into()),
        ..Problem::new(
            StatusCode::BAD_REQUEST,
            "query",
            wording!("there is no such parameter"),
        )
    };
    Some(problem.remedy(wording!("there are: {}", names.join(", "))))
}

fn text() -> RefOr<Schema> {
    RefOr::T(Schema::Object(Object::with_type(SchemaType::new(
        Type::String,
    ))))
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

/// The document of all routes.
pub(super) fn openapi(routes: &[Route]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new()
        .schema(
            WrittenProblem::name(),
            <WrittenProblem as utoipa::PartialSchema>::schema(),
        )
        .schema(Part::name(), <Part as utoipa::PartialSchema>::schema())
        .security_scheme(
            "bearer",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
    for route in routes {
        let method = match route.method {
            Method::POST => HttpMethod::Post,
            Method::PUT => HttpMethod::Put,
            Method::PATCH => HttpMethod::Patch,
            Method::DELETE => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        let path = format!("{}{}", super::PREFIX, route.path);
        paths = paths.path(path, PathItem::new(method, route.operation().build()));
        for (name, schema) in &route.schemas {
            components = components.schema(name, schema.clone());
        }
    }
    OpenApiBuilder::new()
        .info(Info::new("Sonde", env!("CARGO_PKG_VERSION")))
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    /// In the document, the second of two would stand for both.
    #[test]
    fn no_two_things_have_one_name() {
        let mut known: HashMap<String, String> = HashMap::new();
        let mut twice = BTreeSet::new();
        for route in super::super::routes() {
            for (name, schema) in route.schemas {
                let schema = serde_json::to_string(&schema).unwrap();
                let before = known.insert(name.clone(), schema.clone());
                if before.is_some_and(|before| before != schema) {
                    twice.insert(name);
                }
            }
        }
        assert_eq!(twice, BTreeSet::new());
    }
}

//! A device of a ticket is opened in a remote desktop tool of its site: what is offered, and the address, once.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body, Params};
use super::super::caller::{Caller, Technician};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::change::{Change, refused};
use crate::desk::Event;
use crate::desk::remote_tool::{Place, Template, Values};
use crate::fleet::primary_address;
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::remote_tools::RemoteTool;
use crate::store::tickets::{NumberedTicket, TicketChange};
use crate::wording::wording;
use crate::work::Live;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OfferedTool {
    name: String,
    /// What its address needs and is not known of the device; none: it can be opened.
    unknown: Option<Place>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OfferedTools {
    /// By name.
    items: Vec<OfferedTool>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct OfDevice {
    /// Id of a device of the ticket.
    device: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenRemote {
    /// Id of a device of the ticket.
    device: String,
    /// Name of a tool.
    tool: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RemoteAddress {
    device: String,
    tool: String,
    /// Given to whoever asked, and kept nowhere.
    address: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/remote-tools",
            technician,
            "Tools that a device of it can be opened in",
            get(offered),
        )
        .query::<OfDevice>()
        .gives::<OfferedTools>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/remote-tools",
            technician,
            "Gives the address that opens a device of it in a tool, and says so on its timeline and its requester's page",
            post(open),
        )
        .takes::<OpenRemote>()
        .gives::<RemoteAddress>(),
    ]
}

/// A device that the ticket is about, and that is there.
async fn device_of(
    state: &AppState,
    caller: &Caller,
    ticket: &NumberedTicket,
    id: &str,
) -> Result<Device, Problem> {
    let device = caller.device_of_site(state, ticket.site_key, id).await?;
    if !ticket.ticket.devices.contains(&device.id.to_string()) {
        let what = wording!("{} is not on the ticket", device.hostname);
        return Err(Problem::field("device", what).remedy(wording!("add it to the ticket first")));
    }
    match device.removed_at {
        None => Ok(device),
        Some(_) => {
            let what = wording!("{} was removed", device.hostname);
            Err(Problem::field("device", what))
        }
    }
}

/// What can be put into an address for it.
async fn values(state: &AppState, number: i64, device: &Device) -> Result<Values, Problem> {
    let facts = |table| state.store.facts(device.device_key, table);
    let routes = facts("routes").await?;
    let addresses = facts("addresses").await?;
    let address = addresses.and_then(|addresses| primary_address(&addresses, routes.as_ref()));
    Ok(Values {
        hostname: device.hostname.clone(),
        device: device.id.to_string(),
        site: device.site.clone(),
        address: address.map_or_else(String::new, |ip| ip.to_string()),
        ticket: number.to_string(),
    })
}

async fn offered(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Params(of): Params<OfDevice>,
) -> Result<Json<OfferedTools>, Problem> {
    let ticket = caller.ticket(&state, number).await?;
    let device = device_of(&state, &caller, &ticket, &of.device).await?;
    let tools = state.store.remote_tools_at(ticket.site_key).await?;
    if tools.is_empty() {
        return Ok(Json(OfferedTools { items: Vec::new() }));
    }
    let values = values(&state, number, &device).await?;
    let offer = |tool: RemoteTool| {
        // It was judged when it was kept, by these rules or an earlier version's.
        let template = Template::of(&tool.template).ok()?;
        Some(OfferedTool {
            unknown: template.unknown(&values),
            name: tool.name,
        })
    };
    let items = tools.into_iter().filter_map(offer).collect();
    Ok(Json(OfferedTools { items }))
}

async fn open(
    change: Change,
    At(number): At<i64>,
    Body(ask): Body<OpenRemote>,
) -> Result<Json<RemoteAddress>, Problem> {
    let (state, caller) = (&change.state, &change.caller);
    let ticket = caller.ticket(state, number).await?;
    let device = device_of(state, caller, &ticket, &ask.device).await?;
    let tools = state.store.remote_tools_at(ticket.site_key).await?;
    let Some(tool) = tools.iter().find(|tool| tool.name == ask.tool) else {
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let remedy = match names.is_empty() {
            true => wording!("an administrator adds one: sonde site tool set NAME"),
            false => wording!("there are: {}", names.join(", ")),
        };
        let what = wording!("the site has no remote tool {}", ?ask.tool);
        return Err(Problem::field("tool", what).remedy(remedy));
    };
    let values = values(state, number, &device).await?;
    let address = Template::of(&tool.template)?.address(&values)?;
    let opened = TicketChange {
        number,
        event: Event::RemoteOpened {
            device: device.id.to_string(),
            tool: tool.name.clone(),
        },
        actor: caller.account.name.clone(),
        expected_version: change.expected_version,
        at: time::now_us(),
    };
    let changed = state.store.change_ticket(opened).await;
    let changed = changed.map_err(|error| refused(error, change.expected_version.is_some()))?;
    state.work.announce(Live::Ticket {
        number,
        version: changed.ticket.ticket.version,
    });
    Ok(Json(RemoteAddress {
        device: device.id.to_string(),
        tool: tool.name.clone(),
        address,
    }))
}

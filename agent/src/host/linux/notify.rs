//! A question on somebody's desktop, by the Desktop Notifications Specification 1.2 over their own bus.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt as _;
use zbus::message::Type;
use zbus::{Connection, Message, MessageStream, Variant};

use crate::consent::{Choice, Words};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";
/// It stays until it is answered.
const CRITICAL: u8 = 2;
/// The desktop answers a call within this.
const CALL: Duration = Duration::from_secs(5);

/// Shows `words` on the desktop behind the bus at the socket `bus`, and waits so long for an answer. An error: it is not
/// shown there.
pub(in crate::host) async fn question(
    bus: &str,
    words: &Words,
    within: Duration,
) -> zbus::Result<Choice> {
    let begun = tokio::time::timeout(CALL, begin(bus, words)).await;
    let begun = begun.map_err(|_| failed("the desktop does not answer"))??;
    let Some((desktop, mut said, id)) = begun else {
        return Ok(Choice::NotShown);
    };
    let answer = tokio::time::timeout(within, answer(&mut said, &desktop, id)).await;
    // Whatever it was, nobody answers any more.
    let close = desktop.call(SERVICE, PATH, "CloseNotification", &id);
    tokio::time::timeout(CALL, close).await.ok();
    answer.unwrap_or(Ok(Choice::Silent))
}

fn failed(why: &str) -> zbus::Error {
    zbus::Error::Failure(why.to_owned())
}

/// Who shows notifications.
struct Desktop {
    bus: Connection,
    /// Its unique name: what others say under its own is not heard.
    name: String,
}

impl Desktop {
    async fn call<B>(
        &self,
        service: &str,
        path: &str,
        method: &str,
        body: &B,
    ) -> zbus::Result<Message>
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        let call = self
            .bus
            .call_method(Some(service), path, Some(service), method, body);
        call.await
    }
}

/// Shows the question; what is said from then on, and the question's number. `None`: this desktop has no buttons.
async fn begin(bus: &str, words: &Words) -> zbus::Result<Option<(Desktop, MessageStream, u32)>> {
    let address = format!("unix:path={bus}");
    let bus = zbus::connection::Builder::address(address.as_str())
        .build()
        .await?;
    let mut desktop = Desktop {
        bus,
        name: String::new(),
    };
    // The one who answers is started by it where it does not run yet.
    let can = desktop.call(SERVICE, PATH, "GetCapabilities", &()).await?;
    let can: Vec<String> = can.body().deserialize()?;
    let owner = desktop
        .call(BUS, BUS_PATH, "GetNameOwner", &SERVICE)
        .await?;
    desktop.name = owner.body().deserialize()?;
    if !can.iter().any(|one| one == "actions") {
        return Ok(None);
    }
    let rule = format!("type='signal',interface='{SERVICE}',path='{PATH}'");
    desktop.call(BUS, BUS_PATH, "AddMatch", &rule).await?;
    // Before the question: its answer may be quick.
    let said = MessageStream::from(&desktop.bus);
    let has_markup = can.iter().any(|one| one == "body-markup");
    let id = show(&desktop, words, has_markup).await?;
    Ok(Some((desktop, said, id)))
}

async fn show(desktop: &Desktop, words: &Words, has_markup: bool) -> zbus::Result<u32> {
    let body = match has_markup {
        true => sonde_proto::text::html(&words.body, true),
        false => words.body.clone(),
    };
    let actions = [
        "once",
        &words.once,
        "ticket",
        &words.ticket,
        "no",
        &words.no,
    ];
    let hints = HashMap::from([("urgency", Variant::from(CRITICAL))]);
    let never: i32 = 0;
    let question = (
        "Sonde",
        0_u32,
        "sonde-help",
        words.summary.as_str(),
        body.as_str(),
        actions.as_slice(),
        hints,
        never,
    );
    let shown = desktop.call(SERVICE, PATH, "Notify", &question).await?;
    shown.body().deserialize()
}

async fn answer(said: &mut MessageStream, desktop: &Desktop, id: u32) -> zbus::Result<Choice> {
    while let Some(message) = said.next().await {
        let message = message?;
        let header = message.header();
        let is_its = header
            .sender()
            .is_some_and(|sender| sender.as_str() == desktop.name);
        if !is_its || header.message_type() != Type::Signal {
            continue;
        }
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let (of, key): (u32, String) = message.body().deserialize()?;
                let choice = match key.as_str() {
                    "once" => Choice::Once,
                    "ticket" => Choice::Ticket,
                    "no" => Choice::No,
                    _ => continue,
                };
                if of == id {
                    return Ok(choice);
                }
            }
            Some("NotificationClosed") => {
                let (of, _): (u32, u32) = message.body().deserialize()?;
                if of == id {
                    return Ok(Choice::Silent);
                }
            }
            Some(_) | None => {}
        }
    }
    Err(failed("the desktop is gone"))
}

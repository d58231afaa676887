//! `sonde-agent help-me`: what a user says to the helpdesk, and what it answers.

mod ask;
pub(in crate::door) mod json;
mod open;
pub(in crate::door) mod words;

use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use sonde_proto::caps;
use sonde_proto::help::Reason;
use sonde_proto::message::Lang;

use crate::config::Config;
use crate::help::{self, Client, Refusal, Reply, Request};
use crate::host::Host;

use words::by;

/// The agent answers within this, by itself;
const OWN: Duration = Duration::from_secs(5);
/// the collector behind it within this.
const COLLECTOR: Duration = Duration::from_secs(15);

/// Done: the helpdesk has it, or what was asked for is shown.
const DONE: u8 = 0;
/// Not done, or not to be read now.
const NOT_DONE: u8 = 1;
/// No agent runs here.
const NO_AGENT: u8 = 3;
/// It is kept on this machine and will be sent.
const KEPT: u8 = 4;

/// Ask the helpdesk for help, read its answers and answer them.
///
/// Any user of this machine may. Without a text, one's own requests from this machine are listed. Without a network, a
/// request is kept on this machine and sent later, with the time at which it was meant.
///
/// The exit code is 0 when the helpdesk has it or it is shown, 1 when it was refused or cannot be read now, 2 when the
/// command was not understood, 3 when no agent runs here, 4 when it is kept and will be sent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: sonde-agent help-me \"the printer does nothing\"\n          sonde-agent help-me\n          sonde-agent help-me --ticket 12 \"it works now\" --solved"
)]
pub struct Arguments {
    /// What does not work; `-` reads it from standard input
    text: Option<String>,
    /// One's own request of this number: read it, or answer on it
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    ticket: Option<u64>,
    /// Confirm that the request is solved
    #[arg(long, requires = "ticket")]
    solved: bool,
    /// Be asked what is wrong, question by question
    #[arg(long, conflicts_with_all = ["text", "ticket", "json"])]
    ask: bool,
    /// Open the helpdesk's page, or the questions where there is none
    #[arg(long, conflicts_with_all = ["text", "ticket", "ask", "json"])]
    open: bool,
    /// The window closes when this ends
    #[arg(long, hide = true, requires = "ask")]
    window: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Language: en or fr
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Where the agent keeps its state.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

/// `settings`: the file of `config`, if it was named.
pub async fn run(
    arguments: &Arguments,
    config: &Config,
    settings: Option<&Path>,
) -> Result<ExitCode> {
    let lang = super::language(arguments.lang.as_deref());
    let door = Door {
        sockets: sockets(arguments.state.as_deref(), config),
        lang,
        json: arguments.json,
    };
    if arguments.open {
        return open::run(&door, settings, arguments.state.as_deref());
    }
    if arguments.ask {
        return ask::run(&door, arguments.window).await;
    }
    let text = match arguments.text.as_deref() {
        Some("-") => Some(from_input()?),
        text => text.map(str::to_owned),
    };
    let request = match (text, arguments.ticket) {
        (None, None) => Request::Tickets { before: None },
        (None, Some(number)) if !arguments.solved => Request::Ticket { number },
        (text, ticket) => {
            let text = text.unwrap_or_default();
            if let Err(why) = help::said(&text, arguments.solved) {
                super::complain(&words::refusal(why, lang));
                return Ok(super::usage_error());
            }
            return door.send(&Request::Say {
                text,
                ticket,
                solved: arguments.solved,
            });
        }
    };
    door.read(&request)
}

/// Where the agent can be, the likeliest first.
pub(super) fn sockets(state: Option<&Path>, config: &Config) -> Vec<PathBuf> {
    if let Some(state) = state {
        return vec![help::path_of(config, state)];
    }
    if let Some(socket) = &config.help.socket {
        return vec![socket.clone()];
    }
    let own = super::state_folder(None, config, &Host::this());
    let own = own.ok().map(|state| help::path_of(config, &state));
    let mut all = vec![PathBuf::from(help::SOCKET)];
    all.extend(own.filter(|own| *own != all[0]));
    all
}

/// Asks the first agent that is there; `None`: none is.
pub(super) fn first(sockets: &[PathBuf], request: &Request) -> Result<Option<Client>> {
    for socket in sockets {
        match help::ask(socket, request) {
            Ok(client) => return Ok(Some(client)),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) => {}
            Err(error) => return Err(error).with_context(|| socket.display().to_string()),
        }
    }
    Ok(None)
}

/// Standard input, as far as it can be said at once.
fn from_input() -> Result<String> {
    let mut bytes = Vec::new();
    let most = caps::SAID_BYTES as u64 + 1;
    io::stdin().take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The way to the agent of this machine.
struct Door {
    sockets: Vec<PathBuf>,
    lang: Lang,
    json: bool,
}

impl Door {
    fn ask(&self, request: &Request) -> Result<Option<Client>> {
        first(&self.sockets, request)
    }

    fn no_agent(&self) -> ExitCode {
        super::complain(&by(
            self.lang,
            "no agent runs on this machine; please call the helpdesk",
            "aucun agent ne fonctionne sur cette machine ; appelez l'assistance, s'il vous plaît",
        ));
        ExitCode::from(NO_AGENT)
    }

    /// Says something to the helpdesk, and shows what becomes of it.
    fn send(&self, request: &Request) -> Result<ExitCode> {
        let Some(mut client) = self.ask(request)? else {
            return Ok(self.no_agent());
        };
        let first = client.next(OWN)?;
        let Some(Reply::Kept {
            said_id,
            at_us,
            standing,
        }) = first
        else {
            return Ok(self.not_done(first));
        };
        let taken = match standing.is_connected() && standing.takes_said {
            true => client.next(COLLECTOR)?,
            false => None,
        };
        let mut value = json!({ "said_id": said_id, "at": json::time(at_us), "state": "kept" });
        let code = match taken {
            Some(Reply::Taken { ticket, reason, .. }) => {
                let code = if ticket.is_some() { DONE } else { NOT_DONE };
                value["state"] = if ticket.is_some() { "taken" } else { "refused" }.into();
                value["ticket"] = json!(ticket);
                value["reason"] = json!(reason);
                self.show(&value, || {
                    words::taken(ticket, reason.as_deref(), request, self.lang)
                });
                code
            }
            Some(_) | None => {
                value["connected"] = standing.is_connected().into();
                self.show(&value, || words::kept(at_us, &standing, self.lang));
                KEPT
            }
        };
        Ok(ExitCode::from(code))
    }

    /// Reads what the helpdesk has.
    fn read(&self, request: &Request) -> Result<ExitCode> {
        let Some(mut client) = self.ask(request)? else {
            return Ok(self.no_agent());
        };
        match client.next(COLLECTOR)? {
            Some(Reply::Tickets {
                tickets,
                more,
                waiting,
                ..
            }) => {
                let value = json!({
                    "tickets": tickets.iter().map(|one| json::ticket(one, self.lang)).collect::<Vec<_>>(),
                    "more": more,
                    "waiting": waiting.iter().map(json::waiting).collect::<Vec<_>>(),
                });
                self.show(&value, || words::list(&tickets, more, &waiting, self.lang));
                Ok(ExitCode::from(DONE))
            }
            Some(Reply::Ticket {
                ticket,
                messages,
                earlier,
                waiting,
            }) => {
                let mut value = json::ticket(&ticket, self.lang);
                value["messages"] = messages.iter().map(json::message).collect();
                value["earlier"] = earlier.into();
                value["waiting"] = waiting.iter().map(json::waiting).collect();
                self.show(&value, || {
                    words::ticket(&ticket, &messages, earlier, &waiting, self.lang)
                });
                Ok(ExitCode::from(DONE))
            }
            other => Ok(self.not_done(other)),
        }
    }

    /// What is no answer to what was asked.
    fn not_done(&self, reply: Option<Reply>) -> ExitCode {
        match reply {
            Some(Reply::Unread {
                reason,
                waiting,
                standing,
            }) => {
                let known = reason.as_deref().and_then(Reason::named);
                let value = json!({
                    "error": reason.as_deref().unwrap_or("not_connected"),
                    "connected": standing.is_connected(),
                    "heard_at": standing.heard_us.map(json::time),
                    "waiting": waiting.iter().map(json::waiting).collect::<Vec<_>>(),
                });
                if self.json {
                    super::print_json(&value);
                } else {
                    super::complain(&words::unread(known, &standing, self.lang));
                    super::print(&words::waiting(&waiting, self.lang));
                }
                ExitCode::from(NOT_DONE)
            }
            Some(Reply::Refused { why }) => {
                super::complain(&words::refusal(why, self.lang));
                match why {
                    Refusal::Empty | Refusal::TooLong => super::usage_error(),
                    Refusal::NotUnderstood
                    | Refusal::TooOften
                    | Refusal::Busy
                    | Refusal::TooMuchWaits
                    | Refusal::NoRoom => ExitCode::from(NOT_DONE),
                }
            }
            Some(_) | None => {
                super::complain(&by(
                    self.lang,
                    "the agent on this machine does not answer",
                    "l'agent de cette machine ne répond pas",
                ));
                ExitCode::from(NOT_DONE)
            }
        }
    }

    fn show(&self, value: &Value, text: impl FnOnce() -> String) {
        if self.json {
            super::print_json(value);
        } else {
            super::print(&text());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_agent_is_asked_before_ones_own() {
        let config = Config {
            state: Some("/s".into()),
            ..Config::default()
        };
        let all = sockets(None, &config);
        assert_eq!(all, [Path::new(help::SOCKET), Path::new("/s/help")]);
        assert_eq!(
            sockets(Some(Path::new("/t")), &config),
            [Path::new("/t/help")]
        );
        let mut set = config;
        set.help.socket = Some("/x".into());
        assert_eq!(sockets(None, &set), [Path::new("/x")]);
        assert_eq!(sockets(Some(Path::new("/t")), &set), [Path::new("/x")]);
    }
}

//! What people at the machine ask of the agent, whoever they are: one line of JSON over a socket that everybody may open,
//! and one or two lines back. Who asks, the socket says, and never they themselves.

pub mod limits;
pub mod pending;
mod socket;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sonde_proto::caps;

use crate::config::Config;
use crate::history::Receipt;

pub use socket::{Answer, Asked, Desk};
#[cfg(unix)]
pub use socket::{Client, ask};

/// Where the agent of this machine answers its users, unless it was told otherwise. The folder is its own: that of
/// the state is nobody else's business.
pub const SOCKET: &str = "/run/sonde-help/socket";
/// Name of the socket beside another state than that of this machine's agent.
const BESIDE: &str = "help";
/// Longest login, bytes.
pub const LOGIN_BYTES: usize = caps::LOGIN_BYTES;

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// To the helpdesk.
    Say {
        #[serde(default)]
        text: String,
        /// An answer on this ticket; none: asks anew.
        #[serde(default)]
        ticket: Option<u64>,
        /// They say that this ticket is solved.
        #[serde(default)]
        solved: bool,
    },
    /// The newest first.
    Tickets {
        /// Only those with smaller numbers.
        #[serde(default)]
        before: Option<u64>,
    },
    Ticket {
        number: u64,
    },
    /// To the requester's page.
    Link {},
    Standing {},
    /// What was done on this machine, the newest first.
    History {
        /// Device's clock.
        #[serde(default)]
        since_us: Option<i64>,
        /// Only those that were taken before this one was.
        #[serde(default)]
        before: Option<u64>,
    },
}

/// One answer. Times are microseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Reply {
    /// It is safe on this machine, and goes to the helpdesk as soon as that can be reached. What becomes of it follows,
    /// if it does within some seconds.
    Kept {
        said_id: String,
        /// When it was said, on the device's clock.
        at_us: i64,
        standing: Standing,
    },
    /// The helpdesk has it.
    Taken {
        said_id: String,
        /// None: it was refused.
        ticket: Option<u64>,
        /// Why it was refused, or stands on another ticket than it was meant for: a `sonde_proto::help::Reason`.
        reason: Option<String>,
    },
    Tickets {
        tickets: Vec<Ticket>,
        more: bool,
        /// What waits to be sent.
        waiting: Vec<Waiting>,
        standing: Standing,
    },
    Ticket {
        ticket: Ticket,
        /// The oldest first.
        messages: Vec<Message>,
        /// There are messages before these.
        earlier: bool,
        waiting: Vec<Waiting>,
    },
    Link {
        url: String,
    },
    Standing {
        standing: Standing,
    },
    History {
        receipts: Vec<Receipt>,
        /// Give it as `before` to get those before them; none: these are the last.
        before: Option<u64>,
    },
    /// The helpdesk's answers cannot be read now.
    Unread {
        /// A `sonde_proto::help::Reason`; none: it is not connected, or does not answer.
        reason: Option<String>,
        waiting: Vec<Waiting>,
        standing: Standing,
    },
    Refused {
        why: Refusal,
    },
}

/// Why the agent itself does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The line is none that this agent understands.
    NotUnderstood,
    Empty,
    TooLong,
    /// This user asks too often.
    TooOften,
    /// Others ask, or so much is under way that one more has no place.
    Busy,
    /// So much of this user's waits to be sent that no more is taken.
    TooMuchWaits,
    /// The spool has no room for it.
    NoRoom,
}

/// How the agent stands with its collector, as far as it is everybody's business.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub device_id: String,
    pub collector: String,
    /// Since when the session stands; none: there is none.
    pub connected_since_us: Option<i64>,
    /// When the collector was last heard; none: not since the agent began.
    pub heard_us: Option<i64>,
    /// It takes requests; an older one does not.
    pub takes_said: bool,
}

impl Standing {
    pub fn is_connected(&self) -> bool {
        self.connected_since_us.is_some()
    }
}

/// Something that was said and was not sent yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub said_id: String,
    /// On the device's clock.
    pub at_us: i64,
    pub text: String,
    pub ticket: Option<u64>,
    pub solved: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub number: u64,
    pub title: String,
    /// "new", "open", "waiting", "proposed", "resolved", "closed".
    pub state: String,
    /// "user", "part", "supplier", "device", "appointment".
    pub waiting_for: Option<String>,
    /// When it was meant.
    pub asked_us: i64,
    pub opened_us: i64,
    pub changed_us: i64,
    /// Messages of technicians since one's own last one.
    pub n_answers: u32,
    /// The closed ticket that it goes on from.
    pub follows: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub by_requester: bool,
    pub at_us: i64,
    pub author: String,
    pub text: String,
    /// Its end is missing.
    pub cut: bool,
}

/// Where an agent with this state answers its users.
pub fn path_of(config: &Config, state: &Path) -> PathBuf {
    match &config.help.socket {
        Some(path) => path.clone(),
        None if state == Path::new(crate::config::STATE) => SOCKET.into(),
        None => state.join(BESIDE),
    }
}

/// A text as it is said: cleaned, without the empty lines around it.
///
/// # Errors
/// It is empty, or too long.
pub fn said(text: &str, may_be_empty: bool) -> Result<String, Refusal> {
    let text = sonde_proto::text::clean(text.trim(), usize::MAX, true);
    match text.len() {
        0 if !may_be_empty => Err(Refusal::Empty),
        length if length > caps::SAID_BYTES => Err(Refusal::TooLong),
        _ => Ok(text.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machines_agent_answers_where_everybody_looks() {
        let config = Config::default();
        let state = Path::new(crate::config::STATE);
        assert_eq!(path_of(&config, state), Path::new(SOCKET));
        assert_eq!(path_of(&config, Path::new("/s")), Path::new("/s/help"));
        let set: Config = toml::from_str("[help]\nsocket = \"/x/y\"").unwrap();
        assert_eq!(path_of(&set, state), Path::new("/x/y"));
    }

    #[test]
    fn a_text_is_cleaned_and_measured() {
        assert_eq!(
            said(" a\n\tb\u{1b}[2J \n", false).unwrap(),
            "a\n\tb\u{fffd}[2J"
        );
        assert_eq!(said(" \n", false), Err(Refusal::Empty));
        assert_eq!(said(" \n", true).unwrap(), "");
        let most = "x".repeat(caps::SAID_BYTES);
        assert_eq!(said(&most, false).unwrap(), most);
        assert_eq!(said(&format!("{most}x"), false), Err(Refusal::TooLong));
    }

    #[test]
    fn a_question_is_one_line_that_is_understood_whole() {
        let request: Request = serde_json::from_str(r#"{"ask":"say","text":"x"}"#).unwrap();
        let said = Request::Say {
            text: "x".into(),
            ticket: None,
            solved: false,
        };
        assert_eq!(request, said);
        // Nobody says who they are.
        for wrong in [
            r#"{"ask":"say","text":"x","login":"root"}"#,
            r#"{"ask":"tickets","login":"root"}"#,
            r#"{"ask":"rule"}"#,
            r#"{"ask":"ticket"}"#,
        ] {
            assert!(serde_json::from_str::<Request>(wrong).is_err(), "{wrong}");
        }
    }
}

//! What a check is: a named judgement, and how it comes to its findings.

use std::pin::Pin;
use std::time::Duration;

use sonde_proto::asset::AssetAddress;
use sonde_proto::message::{Audience, Lang};
use sonde_proto::target::Target;

use crate::finding::{Finding, Message, Text};
use crate::host::{Host, UNAVAILABLE_TEXTS, Unavailable};
use crate::limits::{Limit, Limits};
use crate::plugins::Plugin;

/// Texts that every check has, beside its own.
pub const SHARED_TEXTS: &[Text] = &[Text::technician(
    "panicked",
    "Cannot tell: the check itself failed ({why})",
    "Indéterminé : la vérification elle-même a échoué ({why})",
)];

/// A named judgement.
#[derive(Debug)]
pub struct Check {
    /// `area.thing`
    pub id: &'static str,
    /// What codes that are read aloud call it: the next that was never given. 0: they leave it out.
    pub number: u8,
    /// Of its limits, texts and meaning; a change of them is a new version.
    pub version: u32,
    pub title_en: &'static str,
    pub title_fr: &'static str,
    /// How often it runs by itself unless a policy says otherwise. Zero: only when asked.
    pub every: Duration,
    pub limits: &'static [Limit],
    /// Ids of actions that may cure what it finds.
    pub remedies: &'static [&'static str],
    pub texts: &'static [Text],
    /// A critical finding of it opens a ticket under the default policy.
    pub ticket_worthy: bool,
    pub run: Run,
}

/// What runs no more often than this, and what waits for the network, runs in a worker, so that it leaves nothing in the
/// agent's memory.
const RARE: Duration = Duration::from_secs(300);

/// Findings to come.
pub type Findings<'a> = Pin<Box<dyn Future<Output = Result<Vec<Finding>, Unavailable>> + 'a>>;

/// How a check comes to its findings.
#[derive(Clone, Copy)]
pub enum Run {
    /// At once, from what the machine has at hand; in a worker when the check runs as rarely as `RARE`.
    Now(fn(&Host, &Limits) -> Result<Vec<Finding>, Unavailable>),
    /// By waiting for a worker that reads a table.
    Wait(for<'a> fn(&'a Host, &'a Limits) -> Findings<'a>),
    /// In a worker, by waiting for the network.
    Away(for<'a> fn(&'a Host, &'a Limits) -> Findings<'a>),
    /// In a worker of its own, by a program of others.
    Plugin(&'static Plugin),
    /// The same, by trying targets that a policy names.
    Toward(for<'a> fn(&'a Host, &'a Limits, &'a [Target]) -> Findings<'a>),
    /// The same, by looking for the asset that an order names; none: it names none.
    Beside(for<'a> fn(&'a Host, &'a Limits, Option<&'a AssetAddress>) -> Findings<'a>),
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Now(_) => "Now",
            Self::Wait(_) => "Wait",
            Self::Away(_) => "Away",
            Self::Plugin(_) => "Plugin",
            Self::Toward(_) => "Toward",
            Self::Beside(_) => "Beside",
        })
    }
}

impl Check {
    /// Whether it runs in a worker, with all others of one run that do.
    pub(crate) fn is_away(&self) -> bool {
        match self.run {
            Run::Now(_) => self.every >= RARE,
            Run::Wait(_) | Run::Plugin(_) => false,
            Run::Away(_) | Run::Toward(_) | Run::Beside(_) => true,
        }
    }

    /// What stands behind it when it is not built in.
    pub(crate) fn plugin(&self) -> Option<&'static Plugin> {
        match self.run {
            Run::Plugin(plugin) => Some(plugin),
            Run::Now(_) | Run::Wait(_) | Run::Away(_) | Run::Toward(_) | Run::Beside(_) => None,
        }
    }

    /// Whether a policy may name targets for it.
    pub fn takes_targets(&self) -> bool {
        matches!(self.run, Run::Toward(_))
    }

    /// Whether it looks for the asset that an order names, and runs for nothing else.
    pub fn takes_asset(&self) -> bool {
        matches!(self.run, Run::Beside(_))
    }

    /// Its own texts and those that every check has.
    pub fn all_texts(&self) -> impl Iterator<Item = &'static Text> + use<> {
        self.texts
            .iter()
            .chain(SHARED_TEXTS)
            .chain(UNAVAILABLE_TEXTS)
    }

    /// `message` as a technician reads it.
    pub fn say(&self, message: &Message, lang: Lang) -> String {
        message.say(self.all_texts(), lang)
    }

    /// As this audience reads it.
    pub fn say_to(&self, audience: Audience, message: &Message, lang: Lang) -> String {
        message.say_to(audience, self.all_texts(), lang)
    }
}

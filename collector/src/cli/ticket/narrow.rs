//! What a list of tickets is narrowed by, as options: of a list, of the queue, of a view.

use clap::Args;
use serde_json::{Map, Value};

use super::super::client::escape;
use super::super::moment::minutes;
use super::super::{Context, Failure, asset, device};
use super::command::{PRIORITIES, TIERS, WAITING_FOR};

#[derive(Debug, Args)]
pub(in super::super) struct Narrow {
    /// States with commas between them; unresolved stands for all that are not resolved or closed.
    #[arg(long, value_name = "STATES")]
    state: Option<String>,
    /// Name of an account; me, or nobody.
    #[arg(long, value_name = "ACCOUNT")]
    assignee: Option<String>,
    /// Name of a site.
    #[arg(long)]
    site: Option<String>,
    /// Host name, or id.
    #[arg(long)]
    device: Option<String>,
    /// Name, or id, of a thing without an agent.
    #[arg(long)]
    asset: Option<String>,
    /// Only those with this tag.
    #[arg(long)]
    tag: Option<String>,
    /// Only those that this account watches; me.
    #[arg(long, value_name = "ACCOUNT")]
    watcher: Option<String>,
    /// Only those that are with this tier.
    #[arg(long, value_parser = TIERS)]
    tier: Option<String>,
    /// Only those of this priority.
    #[arg(long, value_parser = PRIORITIES)]
    priority: Option<String>,
    /// Only those that wait for this.
    #[arg(long, value_name = "WHAT", value_parser = WAITING_FOR)]
    waiting_for: Option<String>,
}

/// Of the queue.
#[derive(Debug, Args)]
pub(in super::super) struct Due {
    /// Only where something is due within this time, or was: 30m, 4h, 2d.
    #[arg(long, value_name = "TIME", value_parser = minutes)]
    due_within: Option<u32>,
}

impl Narrow {
    /// By the names that the collector has for them.
    pub(in super::super) async fn filter(
        self,
        context: &mut Context,
    ) -> Result<Map<String, Value>, Failure> {
        let device = match self.device {
            Some(device) => Some(device::resolve(context, &device).await?),
            None => None,
        };
        let asset = match self.asset {
            Some(asset) => Some(asset::resolve(context, &asset).await?),
            None => None,
        };
        let all = [
            ("state", self.state),
            ("assignee", self.assignee),
            ("site", self.site),
            ("device", device),
            ("asset", asset),
            ("tag", self.tag),
            ("watcher", self.watcher),
            ("tier", self.tier),
            ("priority", self.priority),
            ("waiting_for", self.waiting_for),
        ];
        let given = all.into_iter();
        let given = given.filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        Ok(given.collect())
    }
}

impl Due {
    pub(in super::super) fn add_to(self, filter: &mut Map<String, Value>) {
        if let Some(minutes) = self.due_within {
            filter.insert("due_within".to_owned(), minutes.into());
        }
    }
}

/// As the part of an address behind the first parameter.
pub(super) fn query(filter: &Map<String, Value>) -> String {
    let parts = filter.iter().map(|(name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("&{name}={}", escape(&value))
    });
    parts.collect()
}

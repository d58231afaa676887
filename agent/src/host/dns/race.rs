//! The first answer of several servers that has addresses: one that is silent does not keep a name from being found.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

use super::{Question, Reply, ask};

/// What has been found waits so long for the other family's addresses (RFC 8305 §3).
const FOR_MORE: Duration = Duration::from_millis(50);
/// One that knows no such name waits so long for another that does, as for names that only some servers have.
const FOR_ANOTHER: Duration = Duration::from_millis(300);
/// RFC 1035 §4.1.1; without it, a name may have addresses of the other family alone.
const NO_SUCH_NAME: u8 = 3;

/// Addresses in answers to `questions`, each asked of each server by itself. Empty: there are none; absent: nobody has
/// answered.
pub(super) async fn addresses(
    servers: &[SocketAddr],
    questions: &[Question],
) -> Option<BTreeSet<IpAddr>> {
    let is_one_name = questions.windows(2).all(|two| two[0].name == two[1].name);
    let pairs = servers
        .iter()
        .flat_map(|server| questions.iter().map(move |question| (*server, question)));
    let asks = pairs.map(|(server, question)| ask(server, std::slice::from_ref(question)));
    let mut asks: FuturesUnordered<_> = asks.collect();
    let mut found: Option<BTreeSet<IpAddr>> = None;
    let mut until: Option<Instant> = None;
    loop {
        let next = match until {
            Some(until) => timeout_at(until, asks.next()).await.unwrap_or(None),
            None => asks.next().await,
        };
        let Some(replies) = next else {
            return found;
        };
        for reply in replies {
            if reply.worked().is_none() {
                continue;
            }
            let (code, addresses) = match reply {
                Reply::Answered {
                    code, addresses, ..
                } => (code, addresses),
                Reply::Failed(_) => continue,
            };
            let before = found.as_ref().is_some_and(|found| !found.is_empty());
            let found = found.get_or_insert_default();
            found.extend(addresses);
            let now = Instant::now();
            if !before && !found.is_empty() {
                until = Some(now + FOR_MORE);
            } else if code == NO_SUCH_NAME && is_one_name && until.is_none() {
                until = Some(now + FOR_ANOTHER);
            }
        }
    }
}

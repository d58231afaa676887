//! Ways out of the local network, and what their gateways answer.

use std::net::IpAddr;
use std::time::Duration;

use super::{Host, Neighbour, Route, Unavailable, os};

/// Default routes whose gateways are asked.
const MOST_WAYS: usize = 8;
/// Echoes to a gateway: enough to see that some get lost.
const N_ECHOES: u32 = 5;
/// How long the answers may take, and then one for the gateway's address: a diagnosis takes less than 2 s.
const ANSWER: Duration = Duration::from_millis(1100);
const ADDRESS_ANSWER: Duration = Duration::from_millis(500);

/// What became of several ICMP echoes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Echoes {
    /// Those that had time enough to be answered.
    pub n_sent: u32,
    pub n_answered: u32,
    /// What the answers took, the middle one.
    pub after: Option<Duration>,
    /// There is no way there: the operating system's words.
    pub why: Option<String>,
}

/// The way that the kernel would send a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHop {
    pub interface: String,
    pub gateway: Option<IpAddr>,
    /// The largest packet that fits, as far as the kernel has learnt.
    pub mtu: u32,
    /// To this machine itself.
    pub is_local: bool,
}

/// A default route and what its gateway answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub route: Route,
    pub echoes: Result<Echoes, Unavailable>,
    /// Of the neighbour table, after the question.
    pub neighbour: Neighbour,
}

impl Way {
    /// Whether the gateway is there; absent: that cannot be told, or there is none to ask.
    pub fn works(&self) -> Option<bool> {
        self.route.gateway?;
        match (&self.echoes, self.neighbour) {
            (
                Ok(Echoes {
                    n_answered: 1.., ..
                }),
                _,
            )
            | (_, Neighbour::Known) => Some(true),
            (Ok(Echoes { why: Some(_), .. }), _) => Some(false),
            (_, Neighbour::Failed) => Some(false),
            (_, Neighbour::Unknown | Neighbour::Stale | Neighbour::Unasked) => None,
        }
    }
}

impl Host {
    /// The way that the kernel would send a packet to `to`; absent: none. Nothing is sent.
    pub fn next_hop(&self, to: IpAddr) -> Result<Option<NextHop>, Unavailable> {
        os::next_hop(self, to)
    }

    /// All default routes, the best first, their gateways asked at once; asked once in one look.
    pub async fn ways(&self) -> Result<Vec<Way>, Unavailable> {
        let ask = async {
            let mut routes = self.routes()?;
            routes.retain(Route::is_default);
            routes.sort_by_key(|route| route.metric);
            routes.truncate(MOST_WAYS);
            let ways = routes.into_iter().map(|route| self.way(route));
            Ok(futures::future::join_all(ways).await)
        };
        match self.look() {
            Some(look) => look.ways.get_or_init(|| ask).await.clone(),
            None => ask.await,
        }
    }

    async fn way(&self, route: Route) -> Way {
        let Some(gateway) = route.gateway else {
            return Way {
                route,
                echoes: Ok(Echoes::default()),
                neighbour: Neighbour::Unknown,
            };
        };
        let echoes = os::echoes(gateway, &route.interface, N_ECHOES, ANSWER).await;
        let mut neighbour = self.neighbour(gateway, &route.interface);
        let is_answered = matches!(
            echoes,
            Ok(Echoes {
                n_answered: 1..,
                ..
            })
        );
        // The table believes in who answered half a minute ago (arp(7)): who answers no ping now is asked again.
        if matches!(neighbour, Neighbour::Stale | Neighbour::Known) && !is_answered {
            let asked = self.ask_neighbour(gateway, &route.interface, ADDRESS_ANSWER);
            neighbour = asked.await.unwrap_or(neighbour);
        }
        Way {
            route,
            echoes,
            neighbour,
        }
    }
}

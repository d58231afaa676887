//! Questions to name servers (RFC 1035), each server asked itself.

mod race;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;

use super::{Host, NameServer, Reached, Term, Unavailable};

/// A question is sent again once: a datagram may get lost on a healthy network.
const WAIT: Duration = Duration::from_millis(600);
const ATTEMPTS: u32 = 2;
const PORT: u16 = 53;
/// resolv.conf(5) lets programs use three; a stub's own are a few more.
const MOST_SERVERS: usize = 8;
/// Without EDNS (RFC 6891) no answer is longer.
const ANSWER_BYTES: usize = 512;
/// RFC 6761 §6.4: names below it do not exist, and nobody needs to be asked for them.
const NOWHERE: &str = "invalid";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    A = 1,
    Ns = 2,
    Soa = 6,
    Aaaa = 28,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Empty: the root.
    pub name: String,
    pub record: Record,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer, whatever it says (RFC 1035 §4.1.1: code 2 the server has failed, 3 there is no such name, 5 it
    /// refuses).
    Answered {
        code: u8,
        addresses: BTreeSet<IpAddr>,
        after: Duration,
    },
    /// None: as for a TCP port.
    Failed(Reached),
}

impl Reply {
    /// After what time a server that works has answered, be it that there is no such name.
    pub fn worked(&self) -> Option<Duration> {
        match self {
            Self::Answered { code: 2 | 5, .. } | Self::Failed(_) => None,
            Self::Answered { after, .. } => Some(*after),
        }
    }
}

/// A name server, and what it says to what every name server can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub server: NameServer,
    /// It is not configured: who configures none has this one.
    pub is_implied: bool,
    /// For the machine's search domain, else for the root; a server that knows the one only is all right.
    pub own: Reply,
    pub root: Reply,
    /// For a name that does not exist, IPv4 and IPv6.
    pub nowhere: [Reply; 2],
    /// For the collector's name, where it has one.
    pub collector: Option<[Reply; 2]>,
}

impl Asked {
    /// The answer that tells whether the server works: some know their own names only, some make up all others.
    pub fn reply(&self) -> &Reply {
        let replies = [&self.own, &self.root, &self.nowhere[0]];
        let working = replies.into_iter().find(|reply| reply.worked().is_some());
        working.unwrap_or(&self.root)
    }

    pub fn works(&self) -> bool {
        self.reply().worked().is_some()
    }
}

impl NameServer {
    pub fn at(&self) -> SocketAddr {
        match self.address {
            IpAddr::V6(address) => SocketAddrV6::new(address, PORT, 0, self.scope_id).into(),
            IpAddr::V4(_) => SocketAddr::new(self.address, PORT),
        }
    }
}

impl Host {
    /// Every name server of the machine, asked itself, all at once; asked once in one look.
    pub async fn ask_name_servers(&self) -> Result<Vec<Asked>, Unavailable> {
        let ask = async {
            let mut servers = match self.name_servers() {
                Err(Unavailable::Absent { .. }) => Vec::new(),
                other => other?,
            };
            servers.truncate(MOST_SERVERS);
            let is_implied = servers.is_empty();
            if is_implied {
                servers.push(implied());
            }
            let questions = questions(servers.first(), self.collector().map(|of| of.host));
            let asked = servers.into_iter().map(async |server| {
                let replies = ask(server.at(), &questions).await;
                told(server, is_implied, replies)
            });
            Ok(futures::future::join_all(asked).await)
        };
        match self.look() {
            Some(look) => look.asked.get_or_init(|| ask).await.clone(),
            None => ask.await,
        }
    }

    /// Addresses of `name` by this machine's /etc/hosts, else by its name servers. Empty: there is no such name.
    pub async fn addresses_of(&self, name: &str) -> Result<Vec<IpAddr>, Unavailable> {
        if let Ok(address) = name.parse() {
            return Ok(vec![address]);
        }
        let entries = self.hosts_entries().unwrap_or_default();
        let of_it = |entry: &&super::HostsEntry| entry.names(name);
        let fixed: Vec<IpAddr> = entries
            .iter()
            .filter(of_it)
            .map(|entry| entry.address)
            .collect();
        if !fixed.is_empty() {
            return Ok(fixed);
        }
        let (servers, questions) = self.questions_for(name)?;
        let found = race::addresses(&servers, &questions).await;
        let found = found.ok_or_else(|| Unavailable::absent(Term::AnsweringNameServer))?;
        Ok(found.into_iter().collect())
    }

    /// Whom to ask for the addresses of `name`, and what.
    fn questions_for(&self, name: &str) -> Result<(Vec<SocketAddr>, Vec<Question>), Unavailable> {
        let mut servers = self.name_servers()?;
        servers.truncate(MOST_SERVERS);
        // resolv.conf(5): a name with a dot is asked for as it stands, and one that nothing can be put behind.
        let search = servers.first().map_or(&[][..], |server| &server.search);
        let full: Vec<String> = match name.contains('.') || search.is_empty() {
            true => vec![name.to_owned()],
            false => search
                .iter()
                .map(|domain| format!("{name}.{domain}"))
                .collect(),
        };
        let questions = full.into_iter().flat_map(of_both_families).collect();
        Ok((servers.iter().map(NameServer::at).collect(), questions))
    }

    /// Addresses of `name` by this machine's name servers alone. Empty: there is no such name.
    pub async fn ask_for(&self, name: &str) -> Result<Vec<IpAddr>, Unavailable> {
        let (servers, questions) = self.questions_for(name)?;
        let replies = servers.iter().map(|server| ask(*server, &questions));
        let replies = futures::future::join_all(replies).await.concat();
        let answers = replies.iter().filter(|reply| reply.worked().is_some());
        if answers.count() == 0 {
            return Err(Unavailable::absent(Term::AnsweringNameServer));
        }
        let addresses = replies.into_iter().flat_map(|reply| match reply {
            Reply::Answered { addresses, .. } => addresses,
            Reply::Failed(_) => BTreeSet::new(),
        });
        Ok(addresses.collect::<BTreeSet<_>>().into_iter().collect())
    }
}

/// resolv.conf(5): without any, programs ask the machine itself.
fn implied() -> NameServer {
    NameServer {
        address: IpAddr::from([127, 0, 0, 1]),
        scope_id: 0,
        position: 1,
        source: "",
        search: Vec::new(),
    }
}

fn of_both_families(name: String) -> [Question; 2] {
    [Record::A, Record::Aaaa].map(|record| Question {
        name: name.clone(),
        record,
    })
}

/// Names of this machine's own configuration and none else: its search domain, the root, a name below `invalid`,
/// its collector.
fn questions(first: Option<&NameServer>, collector: Option<String>) -> Vec<Question> {
    let domain = first
        .and_then(|server| server.search.first())
        .map(|domain| domain.trim_matches('.'))
        .filter(|domain| is_name(domain));
    let root = Question {
        name: String::new(),
        record: Record::Ns,
    };
    let own = domain.map_or_else(
        || root.clone(),
        |domain| Question {
            name: domain.to_owned(),
            record: Record::Soa,
        },
    );
    let label = crate::identity::random::<8>().map_or(0, u64::from_be_bytes);
    let mut questions = vec![own, root];
    questions.extend(of_both_families(format!("{label:016x}.{NOWHERE}")));
    let collector = collector.filter(|name| name.parse::<IpAddr>().is_err() && is_name(name));
    questions.extend(collector.into_iter().flat_map(of_both_families));
    questions
}

fn told(server: NameServer, is_implied: bool, replies: Vec<Reply>) -> Asked {
    let mut replies = replies.into_iter();
    let mut next = || replies.next();
    let silent = || Reply::Failed(Reached::Silent);
    let mut must = || next().unwrap_or_else(silent);
    let (own, root, nowhere) = (must(), must(), [must(), must()]);
    let collector = next().zip(next()).map(|(v4, v6)| [v4, v6]);
    Asked {
        server,
        is_implied,
        own,
        root,
        nowhere,
        collector,
    }
}

fn is_name(name: &str) -> bool {
    name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// Header (RFC 1035 §4.1.1): identifier, recursion desired, one question.
fn packet(id: u16, question: &Question) -> Vec<u8> {
    let mut packet = id.to_be_bytes().to_vec();
    packet.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in question.name.split('.').filter(|label| !label.is_empty()) {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.push(0);
    packet.extend((question.record as u16).to_be_bytes());
    packet.extend(1_u16.to_be_bytes());
    packet
}

/// All of `questions` at once, those without an answer once more; the replies in their order.
pub async fn ask(server: SocketAddr, questions: &[Question]) -> Vec<Reply> {
    let mut replies = vec![None; questions.len()];
    let why = converse(server, questions, &mut replies).await;
    let why = why.map_or_else(|error| Reached::failed(&error), |()| Reached::Silent);
    replies
        .into_iter()
        .map(|reply| reply.unwrap_or_else(|| Reply::Failed(why.clone())))
        .collect()
}

async fn converse(
    server: SocketAddr,
    questions: &[Question],
    replies: &mut [Option<Reply>],
) -> std::io::Result<()> {
    let local: SocketAddr = match server {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => ([0_u16; 8], 0).into(),
    };
    let socket = UdpSocket::bind(local).await?;
    // A connected socket takes datagrams of its peer only, and hears when nobody listens.
    socket.connect(server).await?;
    // The kernel draws the port at random; a stranger would have to guess both.
    let first_id = !socket.local_addr()?.port();
    let id = |at: usize| first_id.wrapping_add(at as u16);
    let started = Instant::now();
    for _ in 0..ATTEMPTS {
        for (at, question) in questions.iter().enumerate() {
            if replies[at].is_none() {
                socket.send(&packet(id(at), question)).await?;
            }
        }
        let hear = async {
            let mut buffer = [0; ANSWER_BYTES];
            while replies.iter().any(Option::is_none) {
                let n = socket.recv(&mut buffer).await?;
                let Some((of, code, addresses)) = answer(&buffer[..n]) else {
                    continue;
                };
                let at = usize::from(of.wrapping_sub(first_id));
                if let Some(reply @ None) = replies.get_mut(at) {
                    *reply = Some(Reply::Answered {
                        code,
                        addresses,
                        after: started.elapsed(),
                    });
                }
            }
            std::io::Result::Ok(())
        };
        match tokio::time::timeout(WAIT, hear).await {
            Ok(outcome) => return outcome,
            Err(_) => continue,
        }
    }
    Ok(())
}

/// Identifier, response code and addresses of an answer.
fn answer(packet: &[u8]) -> Option<(u16, u8, BTreeSet<IpAddr>)> {
    let two = |at: usize| Some(u16::from_be_bytes(packet.get(at..at + 2)?.try_into().ok()?));
    let (id, flags) = (two(0)?, two(2)?);
    if flags & 0x8000 == 0 || packet.len() < 12 {
        return None;
    }
    let (n_questions, n_answers) = (two(4)?, two(6)?);
    let mut addresses = BTreeSet::new();
    let mut read = || -> Option<()> {
        let mut at = 12;
        for _ in 0..n_questions {
            at = after_name(packet, at)? + 4;
        }
        for _ in 0..n_answers {
            // Name, type, class, time to live, length, data.
            at = after_name(packet, at)?;
            let length = usize::from(two(at + 8)?);
            let data = packet.get(at + 10..at + 10 + length)?;
            match (two(at)?, length) {
                (1, 4) | (28, 16) => addresses.extend(address(data)),
                _ => {}
            }
            at += 10 + length;
        }
        Some(())
    };
    // What is cut off is missing; the code still counts.
    let _: Option<()> = read();
    Some((id, flags as u8 & 0x0f, addresses))
}

fn address(data: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(data) {
        return Some(octets.into());
    }
    <[u8; 16]>::try_from(data).ok().map(IpAddr::from)
}

/// Where the name at `at` ends (RFC 1035 §4.1.4: two bytes that point elsewhere end it).
fn after_name(packet: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *packet.get(at)? {
            0 => return Some(at + 1),
            pointer if pointer & 0xc0 == 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

#[cfg(test)]
mod tests;

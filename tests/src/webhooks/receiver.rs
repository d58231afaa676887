//! A system that webhooks are told to: keeps what comes, and answers as it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::program::wait;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    fields: Vec<(String, String)>,
    pub(super) text: String,
    /// What the text is in JSON; null: it is none.
    pub(super) body: Value,
}

impl Came {
    pub(super) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

struct State {
    /// What follows the version; none: it says nothing.
    answer: Option<String>,
    came: Vec<Came>,
    is_over: bool,
}

/// A running receiver; it ends with its value.
pub(super) struct Receiver {
    at: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: Option<JoinHandle<()>>,
}

fn state(shared: &Mutex<State>) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    pub(super) fn start(at: &str) -> Result<Self> {
        let listener = TcpListener::bind(at)?;
        let at = listener.local_addr()?;
        let shared = Arc::new(Mutex::new(State {
            answer: Some("204 No Content".into()),
            came: Vec::new(),
            is_over: false,
        }));
        let own = Arc::clone(&shared);
        let serving = std::thread::spawn(move || {
            // Those that get no answer are held, so that the other end waits.
            let mut held = Vec::new();
            for stream in listener.incoming().flatten() {
                if state(&own).is_over {
                    return;
                }
                held.extend(take(stream, &own).ok().flatten());
            }
        });
        Ok(Self {
            at,
            state: shared,
            serving: Some(serving),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hook", self.at)
    }

    /// From now on; none: it says nothing.
    pub(super) fn answers(&self, answer: Option<&str>) {
        state(&self.state).answer = answer.map(str::to_owned);
    }

    pub(super) fn came(&self) -> Vec<Came> {
        state(&self.state).came.clone()
    }

    /// All that came, once it is so many.
    pub(super) fn wait_for(&self, n: usize) -> Result<Vec<Came>> {
        wait("what is told", || {
            Some(self.came()).filter(|came| came.len() >= n)
        })
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        state(&self.state).is_over = true;
        // The one that is waited for.
        if TcpStream::connect(self.at).is_ok() {
            self.serving.take().map(JoinHandle::join);
        }
    }
}

/// Reads a request and answers it; gives the connection back where there is no answer.
fn take(stream: TcpStream, shared: &Mutex<State>) -> Result<Option<TcpStream>> {
    let mut reader = BufReader::new(stream);
    let (mut fields, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some((name, value)) = line.trim_end().split_once(": ") {
            fields.push((name.to_lowercase(), value.to_owned()));
        }
        line.clear();
    }
    let length = fields.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.context("no length")?.1.parse()?;
    let mut text = vec![0; length];
    reader.read_exact(&mut text)?;
    let text = String::from_utf8(text)?;
    let came = Came {
        fields,
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    };
    let mut stream = reader.into_inner();
    let mut state = state(shared);
    state.came.push(came);
    match &state.answer {
        None => Ok(Some(stream)),
        Some(answer) => {
            write!(
                stream,
                "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )?;
            Ok(None)
        }
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, 4: another one than the program's own.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let whole = (0..3).fold(0_u32, |whole, n| {
            whole << 8 | u32::from(part.get(n).copied().unwrap_or(0))
        });
        for n in 0..4 {
            match n <= part.len() {
                true => text.push(char::from(ALPHABET[(whole >> (18 - 6 * n)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

pub(super) fn decoded(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let place = ALPHABET.iter().position(|known| *known == letter);
        bits = bits << 6 | place.context("no base64")? as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
        }
    }
    Ok(bytes)
}

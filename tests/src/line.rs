//! The network between the collector and its database: it can lose connections without a word.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

/// What ends a transaction, as it stands in a message to PostgreSQL.
const COMMIT: &[u8] = b"COMMIT";
/// States of the line.
const CARRIES: usize = 0;
const WAITS_FOR_A_COMMIT: usize = 1;
/// From here on it counts how often connections were lost.
const LOST: usize = 2;

/// A port that leads to a database's socket.
#[derive(Debug)]
pub struct Line {
    pub at: SocketAddr,
    state: Arc<AtomicUsize>,
}

impl Line {
    pub fn start(socket: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let line = Self {
            at: listener.local_addr()?,
            state: Arc::new(AtomicUsize::new(CARRIES)),
        };
        let (state, socket) = (line.state.clone(), socket.to_owned());
        // It goes with the test's process; a connection goes with its ends.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                carry(stream, &socket, &state).ok();
            }
        });
        Ok(line)
    }

    /// Once a transaction is about to be committed, that message and all that is said on the connections of that
    /// moment is lost, and none of them is closed. Later ones are carried.
    pub fn loses_the_next_commit(&self) {
        self.state.store(WAITS_FOR_A_COMMIT, Ordering::SeqCst);
    }

    pub fn has_lost(&self) -> bool {
        self.state.load(Ordering::SeqCst) >= LOST
    }
}

fn carry(client: TcpStream, socket: &PathBuf, state: &Arc<AtomicUsize>) -> Result<()> {
    let born_after_loss = state.load(Ordering::SeqCst) >= LOST;
    let server = UnixStream::connect(socket)?;
    let is_lost = {
        let state = state.clone();
        move || !born_after_loss && state.load(Ordering::SeqCst) >= LOST
    };
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    let (lost, waiting) = (is_lost.clone(), state.clone());
    std::thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            let said = &buffer[..n];
            if said.windows(COMMIT.len()).any(|words| words == COMMIT) {
                let turned = waiting.compare_exchange(
                    WAITS_FOR_A_COMMIT,
                    LOST,
                    Ordering::SeqCst,
                    Ordering::SeqCst,
                );
                // Only the one that waited.
                turned.ok();
            }
            if !lost() && to.write_all(said).is_err() {
                break;
            }
        }
        // The database does not hear of the end of one that is lost.
        if !lost() {
            to.shutdown(Shutdown::Both).ok();
        } else {
            std::mem::forget(to);
        }
    });
    let (mut from, mut to) = (server, client);
    std::thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            if !is_lost() && to.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        if !is_lost() {
            to.shutdown(Shutdown::Both).ok();
        }
    });
    Ok(())
}

//! A question to who sits at the machine, put by a child that has become that user.

use std::io;
use std::time::Duration;

use super::Line;
use crate::consent::{Seat, Words};
use crate::host::{self, Lowered, Term, Unavailable};

/// Processor time: it waits, mostly.
const CPU: Duration = Duration::from_secs(10);
const MEMORY_BYTES: u64 = 512 << 20;

/// In a process with one thread, which is the user's after it.
pub(super) fn run(seat: &Seat, words: &Words, within: Duration) -> io::Result<Line> {
    let is_root = host::this_is_root();
    host::lower(Lowered {
        as_root: true,
        can_wait: true,
        cpu: CPU,
        memory_bytes: MEMORY_BYTES,
    })?;
    if is_root {
        host::become_user(&seat.login)?;
    }
    // A name may be another number's by now.
    if !host::is_user_number(seat.user) {
        return Ok(Line::Unavailable(Unavailable::absent(Term::AskedUser)));
    }
    host::end_with_parent()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let asked = runtime.block_on(host::question(&seat.bus, words, within));
    Ok(match asked {
        Ok(choice) => Line::Chosen(choice),
        Err(error) => {
            Line::Unavailable(Unavailable::broken(Term::Notifications, error.to_string()))
        }
    })
}

//! Who waits for what the collector says: of something that was said, and of what was asked. Pure.

use crate::session::BootUs;

/// The collector answers within this, or the user is told that it does not.
pub const ANSWER_US: i64 = 8_000_000;
/// What becomes of something that was said is waited for so long.
pub const TAKEN_US: i64 = 10_000_000;
/// Questions and waits at a time.
pub const MOST: usize = 32;

/// Something said, until the collector has taken it and says what it made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub seq: u64,
    pub said_id: [u8; 16],
    pub login: String,
}

/// `A`: how somebody is answered.
#[derive(Debug)]
pub struct Pending<A> {
    last_nonce: u64,
    asked: Vec<(u64, BootUs, A)>,
    said: Vec<(Said, BootUs, A)>,
}

impl<A> Default for Pending<A> {
    fn default() -> Self {
        Self {
            last_nonce: 0,
            asked: Vec::new(),
            said: Vec::new(),
        }
    }
}

impl<A> Pending<A> {
    /// There is room for one more.
    pub fn has_room(&self) -> bool {
        self.asked.len() + self.said.len() < MOST
    }

    /// Somebody waits for what the collector answers: the number of the question.
    pub fn ask(&mut self, now: BootUs, answer: A) -> u64 {
        self.last_nonce += 1;
        self.asked.push((self.last_nonce, now + ANSWER_US, answer));
        self.last_nonce
    }

    /// Who is answered by this.
    pub fn answered(&mut self, nonce: u64) -> Option<A> {
        let at = self.asked.iter().position(|(of, _, _)| *of == nonce)?;
        Some(self.asked.swap_remove(at).2)
    }

    /// Somebody waits for what becomes of what they said.
    pub fn say(&mut self, now: BootUs, said: Said, answer: A) {
        self.said.push((said, now + TAKEN_US, answer));
    }

    /// What was said and has left the spool: the collector can be asked what it made of it.
    pub fn gone(&mut self, is_kept: impl Fn(u64) -> bool) -> Vec<(Said, A)> {
        let mut gone = Vec::new();
        for (said, until, answer) in std::mem::take(&mut self.said) {
            match is_kept(said.seq) {
                true => self.said.push((said, until, answer)),
                false => gone.push((said, answer)),
            }
        }
        gone
    }

    /// Those whose time is over, or all when nobody answers: who asked, to be told so; who said something knows that it
    /// is kept, and is let go.
    pub fn given_up(&mut self, now: BootUs, is_answered: bool) -> Vec<A> {
        let is_over = |until: BootUs| !is_answered || until <= now;
        self.said.retain(|(_, until, _)| !is_over(*until));
        let mut over = Vec::new();
        for (nonce, until, answer) in std::mem::take(&mut self.asked) {
            match is_over(until) {
                true => over.push(answer),
                false => self.asked.push((nonce, until, answer)),
            }
        }
        over
    }

    /// When the next one's time is over.
    pub fn next(&self) -> Option<BootUs> {
        let asked = self.asked.iter().map(|(_, until, _)| *until);
        asked
            .chain(self.said.iter().map(|(_, until, _)| *until))
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(seq: u64) -> Said {
        Said {
            seq,
            said_id: [seq as u8; 16],
            login: "rosa".into(),
        }
    }

    #[test]
    fn each_question_has_its_own_answer() {
        let mut pending = Pending::default();
        let (first, second) = (pending.ask(0, "a"), pending.ask(0, "b"));
        assert_eq!(pending.answered(second), Some("b"));
        assert_eq!(pending.answered(second), None);
        assert_eq!(pending.answered(99), None);
        assert_eq!(pending.answered(first), Some("a"));
        assert_eq!(pending.next(), None);
    }

    #[test]
    fn what_has_left_the_spool_is_asked_for() {
        let mut pending = Pending::default();
        pending.say(0, said(1), "a");
        pending.say(0, said(2), "b");
        assert_eq!(pending.gone(|seq| seq == 2), [(said(1), "a")]);
        assert!(pending.gone(|seq| seq == 2).is_empty());
        assert_eq!(pending.gone(|_| false), [(said(2), "b")]);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let mut pending = Pending::default();
        pending.ask(0, "a");
        pending.say(1, said(1), "b");
        assert_eq!(pending.next(), Some(ANSWER_US));
        assert!(pending.given_up(ANSWER_US - 1, true).is_empty());
        assert_eq!(pending.given_up(ANSWER_US, true), ["a"]);
        assert_eq!(pending.next(), Some(1 + TAKEN_US));
        assert!(pending.given_up(1 + TAKEN_US, true).is_empty());
        assert_eq!(pending.next(), None);
        pending.ask(0, "c");
        pending.say(0, said(1), "d");
        assert_eq!(pending.given_up(0, false), ["c"]);
        assert_eq!(pending.next(), None);
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut pending = Pending::default();
        for n in 0..MOST {
            assert!(pending.has_room());
            match n % 2 {
                0 => drop(pending.ask(0, "a")),
                _ => pending.say(0, said(n as u64), "b"),
            }
        }
        assert!(!pending.has_room());
    }
}

//! Questions of the collector's to who sits at the machine.

use std::collections::HashSet;
use std::time::Duration;

use sonde_proto::caps;
use sonde_proto::help::Reason;
use sonde_proto::v1::{self, report};

use super::{Done, Driver, DriverError, unless_it_breaks};
use crate::blocks::BlocksError;
use crate::consent::{self, Answer, Choice, LONGEST, MOST, Seat, Words};
use crate::host::Host;
use crate::journal::Grant;
use crate::spool::Kind;
use crate::worker;

/// Ids of questions that stand before somebody.
pub(super) type Questions = HashSet<[u8; 16]>;

/// A question and what became of it.
pub(super) struct Asked {
    question_id: [u8; 16],
    ticket: u64,
    answer: Answer,
}

impl Driver {
    /// Asks who sits here. Whoever cannot be asked is told of at once.
    pub(super) fn ask_consent(&mut self, mut asked: v1::AskConsent) -> Result<(), DriverError> {
        if let Err(wrong) = caps::admit_question(&mut asked) {
            tracing::warn!(%wrong, "a question is not put");
            return Ok(());
        }
        let Ok(question_id) = <[u8; 16]>::try_from(&asked.question_id[..]) else {
            return Ok(());
        };
        if self.help.questions.contains(&question_id) {
            return Ok(());
        }
        let left_us = asked
            .expires_us
            .saturating_sub(self.corrected_us(self.seen));
        let ticket = asked.ticket;
        let seats = consent::seats(&self.host);
        let cannot = if left_us <= 0 {
            Some(Reason::TooLate)
        } else if self.help.questions.len() >= MOST {
            Some(Reason::NotShown)
        } else {
            seats.is_empty().then_some(Reason::NobodyThere)
        };
        if let Some(reason) = cannot {
            let answer = Answer::cannot(reason);
            return self.consented(Asked {
                question_id,
                ticket,
                answer,
            });
        }
        let within = Duration::from_micros(left_us.unsigned_abs()).min(LONGEST);
        let words = consent::words(&asked, consent::language(&self.host));
        self.help.questions.insert(question_id);
        let host = self.host.clone();
        self.tasks.spawn_local(async move {
            let asked = unless_it_breaks(ask_all(&host, seats, words, within), |_| {
                Answer::cannot(Reason::NotShown)
            });
            Done::Asked(Asked {
                question_id,
                ticket,
                answer: asked.await,
            })
        });
        Ok(())
    }

    /// Keeps what somebody has agreed to, and tells the collector; both are safe against a power cut, in this order: what
    /// is told holds.
    pub(super) fn consented(&mut self, mut asked: Asked) -> Result<(), DriverError> {
        self.help.questions.remove(&asked.question_id);
        if let Ok(choice @ (Choice::Once | Choice::Ticket)) = asked.answer.said {
            let grant = Grant {
                question_id: asked.question_id.to_vec(),
                ticket: asked.ticket,
                for_ticket: choice == Choice::Ticket,
                login: asked.answer.login.clone(),
                at_us: self.seen.wall_us,
                used_by: Vec::new(),
            };
            match self.state.journal.grant(&grant) {
                Ok(()) => {}
                Err(BlocksError::Full { .. }) => {
                    tracing::warn!("the journal has no room for what a user has agreed to");
                    asked.answer = Answer::cannot(Reason::NotShown);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let answered = asked.answer.wire(&asked.question_id);
        let body = report::Body::Consent(answered);
        self.collected
            .report(Kind::Said, body, &mut self.state.spool, &mut self.session)?;
        Ok(self.state.spool.sync()?)
    }
}

/// The first decision of anybody; else what the last of them did.
async fn ask_all(host: &Host, seats: Vec<Seat>, words: Words, within: Duration) -> Answer {
    let asked = seats.into_iter().map(|seat| {
        let (host, words) = (host.clone(), words.clone());
        Box::pin(async move {
            let login = seat.login.clone();
            (login, worker::ask_user(&host, seat, words, within).await)
        })
    });
    let mut open: Vec<_> = asked.collect();
    let mut given = Vec::new();
    while !open.is_empty() {
        let (answer, _, left) = futures::future::select_all(open).await;
        let has_decided = matches!(answer.1, Choice::Once | Choice::Ticket | Choice::No);
        given.push(answer);
        if has_decided {
            break;
        }
        open = left;
    }
    Answer::of(given)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{Bench, inside};
    use super::*;
    use crate::spool::Spooled;

    /// What is told the collector of a question that nobody can be asked.
    fn told(driver: &mut Driver) -> Vec<v1::ConsentAnswered> {
        let seqs: Vec<u64> = driver
            .state
            .spool
            .reports()
            .filter(|(_, kind)| *kind == Kind::Said)
            .map(|(seq, _)| seq)
            .collect();
        let reports = seqs
            .into_iter()
            .map(|seq| driver.state.spool.read(seq).unwrap());
        reports
            .filter_map(|read| match read {
                Some(Spooled::Report(report)) => match report.body {
                    Some(report::Body::Consent(answered)) => Some(answered),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    #[tokio::test]
    async fn a_question_that_comes_too_late_is_not_put() {
        inside(async {
            let mut driver = Bench::with("").driver;
            let asked = v1::AskConsent {
                question_id: vec![1; 16].into(),
                expires_us: 1,
                ..v1::AskConsent::default()
            };
            driver.ask_consent(asked.clone()).unwrap();
            let told = told(&mut driver);
            let [answered] = &told[..] else {
                panic!("{told:?}");
            };
            assert_eq!(answered.answer(), v1::consent_answered::Answer::Cannot);
            assert_eq!(answered.reason, "too_late");
            assert!(!driver.state.spool.is_dirty());
            // What is no question is answered by nobody.
            let wrong = v1::AskConsent {
                question_id: vec![1; 3].into(),
                ..asked
            };
            driver.ask_consent(wrong).unwrap();
            assert_eq!(super::tests::told(&mut driver).len(), 1);
        })
        .await;
    }
}

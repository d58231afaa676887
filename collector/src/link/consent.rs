//! Questions to who sits at a device, and what they answer.

use std::time::Duration;

use sonde_proto::help::Reason;
use sonde_proto::v1::{self, consent_answered::Answer};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::intake::id;
use super::registry::{Command, Registry};
use crate::store::TimeUs;
use crate::store::consent::{Answered, ConsentAnswer};
use crate::store::reports::Body;

/// A session takes the question within this.
const TAKEN: Duration = Duration::from_secs(5);

/// What comes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is on its way. That nobody can be asked there, the device says as an answer.
    Sent,
    /// The device is not connected, or does not keep up, or is one of several with its key.
    NotConnected,
    /// Its agent cannot ask people: it is older, or of a system on which it cannot yet.
    CannotAsk,
}

impl Put {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::NotConnected => "not_connected",
            Self::CannotAsk => "cannot_ask",
        }
    }
}

/// Puts a question to who sits at a device. Its answer comes as a report, to [`crate::store::consent`]; a question
/// that was on its way when the device was lost is not put again by itself.
pub(crate) async fn ask(registry: &Registry, device_key: i64, question: v1::AskConsent) -> Put {
    let Some(session) = registry.only(device_key) else {
        return Put::NotConnected;
    };
    let (reply, asks) = oneshot::channel();
    if !session.tell(Command::AskConsent(Box::new(question), reply)) {
        return Put::NotConnected;
    }
    match timeout(TAKEN, asks).await {
        Ok(Ok(true)) => Put::Sent,
        Ok(Ok(false)) => Put::CannotAsk,
        Ok(Err(_)) | Err(_) => Put::NotConnected,
    }
}

/// An answer, for where answers are kept: given at `answered_at`, come at `taken_at`.
pub(super) fn answered(
    answer: v1::ConsentAnswered,
    answered_at: TimeUs,
    taken_at: TimeUs,
) -> Result<Body, String> {
    let question_id = id(&answer.question_id, "question_id").map_err(|error| error.to_string())?;
    let said = match answer.answer() {
        Answer::Once => Answered::Once,
        Answer::Ticket => Answered::Ticket,
        Answer::No => Answered::No,
        Answer::Silent => Answered::Silent,
        Answer::Cannot => Answered::Cannot(Reason::named(&answer.reason)),
        Answer::Unspecified => return Err("answer is missing".to_owned()),
    };
    let agrees = matches!(said, Answered::Once | Answered::Ticket);
    if agrees && answer.login.is_empty() {
        return Err("login is missing: nobody agrees".to_owned());
    }
    Ok(Body::Consent(Box::new(ConsentAnswer {
        question_id,
        login: Some(answer.login).filter(|login| !login.is_empty()),
        answered: said,
        answered_at: answered_at.min(taken_at),
        taken_at,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Id;

    fn wire(answer: Answer, login: &str) -> v1::ConsentAnswered {
        v1::ConsentAnswered {
            question_id: vec![1; 16].into(),
            login: login.into(),
            answer: answer.into(),
            reason: "nobody_there".into(),
        }
    }

    #[test]
    fn nobody_agrees_without_a_name() {
        assert!(answered(wire(Answer::Once, ""), 1, 2).is_err());
        assert!(answered(wire(Answer::Unspecified, "rosa"), 1, 2).is_err());
        let kept = |answer, login| match answered(wire(answer, login), 5, 2) {
            Ok(Body::Consent(answer)) => *answer,
            other => panic!("{other:?}"),
        };
        let rosa = kept(Answer::Ticket, "rosa");
        assert_eq!(
            (rosa.login.as_deref(), rosa.answered),
            (Some("rosa"), Answered::Ticket)
        );
        // Nobody has answered after it came.
        assert_eq!(rosa.answered_at, 2);
        let nobody = kept(Answer::Cannot, "");
        assert_eq!(nobody.answered, Answered::Cannot(Some(Reason::NobodyThere)));
    }

    #[tokio::test]
    async fn a_technician_learns_at_once_whether_a_question_is_put() {
        let registry = Registry::default();
        let question = || v1::AskConsent {
            ticket: 7,
            ..v1::AskConsent::default()
        };
        assert_eq!(ask(&registry, 1, question()).await, Put::NotConnected);
        let (_handle, mut commands) = registry.add(1, 1, Id([1; 16]), &[]).unwrap();
        for (asks, expected) in [(true, Put::Sent), (false, Put::CannotAsk)] {
            let session = async {
                let Some(Command::AskConsent(question, reply)) = commands.recv().await else {
                    panic!("another command");
                };
                assert_eq!(question.ticket, 7);
                reply.send(asks).unwrap();
            };
            let (put, ()) = tokio::join!(ask(&registry, 1, question()), session);
            assert_eq!(put, expected);
        }
        drop(commands);
        assert_eq!(ask(&registry, 1, question()).await, Put::NotConnected);
    }
}

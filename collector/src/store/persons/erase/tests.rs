//! Who is forgotten is nowhere; whoever else is there is as they were.

use sqlx::Row as _;

use super::super::super::audit::Verified;
use super::super::super::help_links::NewHelpLink;
use super::super::super::links::NewLink;
use super::super::super::testing::{self, NOW, device, on_both};
use super::super::super::tickets::{Happened, NewSaid, OpenTicket, TicketChange};
use super::super::super::{DeviceId, migrate};
use super::super::{NewPerson, PersonChange};
use super::*;
use crate::desk::consent::{Answer, Purpose, Way};
use crate::desk::person::Details;
use crate::desk::{Event, Listed, Side, Tier};
use crate::wording::wording;

/// Every row of every table, a line each.
async fn all(store: &Store) -> Vec<String> {
    let mut on = store.reader().await.unwrap();
    let mut lines = Vec::new();
    for table in migrate::tables() {
        let rows = Query::new("SELECT * FROM ").push(table);
        for row in rows.all(&mut on).await.unwrap() {
            let cell = |at: usize| -> String {
                if let Ok(text) = row.try_get::<Option<String>, _>(at) {
                    return text.unwrap_or_default();
                }
                if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
                    return format!("{number:?}");
                }
                if let Ok(number) = row.try_get::<Option<f64>, _>(at) {
                    return format!("{number:?}");
                }
                let bytes: Option<Vec<u8>> = row.try_get(at).unwrap();
                String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
            };
            let cells: Vec<String> = (0..row.len()).map(cell).collect();
            lines.push(format!("{table}: {}", cells.join(" | ")));
        }
    }
    lines.sort();
    lines
}

fn told(lines: &[String], words: &[&str]) -> Vec<String> {
    let names = |line: &&String| {
        let line = line.to_lowercase();
        words.iter().any(|word| line.contains(word))
    };
    lines.iter().filter(names).cloned().collect()
}

async fn person(store: &Store, site: &str, name: &str, mail: &str, phone: &str) -> Id {
    let details = Details {
        name: name.into(),
        language: None,
        phones: vec![phone.into()],
        mails: vec![mail.into()],
        note: String::new(),
        group: None,
    };
    let new = NewPerson {
        site: site.into(),
        details,
        by: "ann".into(),
        at: NOW,
    };
    store.add_person(new).await.unwrap()
}

async fn say(store: &Store, device_key: i64, n: u8, login: &str, text: &str) -> i64 {
    let secret_hash = [n; 32];
    let link = NewHelpLink {
        secret_hash,
        device_key,
        login: login.into(),
        at: NOW,
    };
    store.make_help_link(link).await.unwrap();
    let said = NewSaid {
        said_id: Id([n; 16]),
        login: login.into(),
        full_name: String::new(),
        text: text.into(),
        ticket: None,
        solved: false,
        asked_at: NOW,
        taken_at: NOW,
    };
    let (_, taken) = store.say_by_link(secret_hash, said).await.unwrap();
    taken.unwrap().number
}

async fn open(store: &Store, site: &str, requester: &str, note: &str, devices: Vec<String>) -> i64 {
    let ticket = OpenTicket {
        site: site.into(),
        requester: Some(requester.into()),
        note: Some(note.into()),
        ..testing::slow(devices)
    };
    store.open_ticket(ticket).await.unwrap().number
}

async fn happens(store: &Store, number: i64, actor: &str, event: Event) {
    let change = TicketChange {
        number,
        event,
        actor: actor.into(),
        expected_version: None,
        at: NOW + 1,
    };
    store.change_ticket(change).await.unwrap();
}

async fn page(store: &Store, ticket: i64) {
    let link = NewLink {
        ticket,
        secret_hash: [ticket as u8; 32],
        expires_at: NOW + 100,
        created_by: "ann".into(),
        at: NOW,
    };
    store.make_link(link).await.unwrap();
}

async fn erase(store: &Store, id: Id, words: bool) -> Result<Erased, StoreError> {
    let erase = ErasePerson {
        id,
        words,
        by: "root".into(),
        at: NOW + 2,
    };
    store.erase_person(erase).await
}

/// The requester of a device's ticket is asked whether something may be done, and answers at the device.
async fn consents(store: &Store, number: i64, device: &DeviceId, actor: &str) {
    let consent = Id([number as u8; 16]).to_string();
    let asked = Event::ConsentAsked {
        consent: consent.clone(),
        purpose: Purpose {
            device: device.to_string(),
            action: "process.terminate".into(),
            parameters: serde_json::Map::new(),
        },
        plan: None,
        expires_at: NOW + 100,
    };
    happens(store, number, "ann", asked).await;
    let answered = Event::ConsentAnswered {
        consent,
        answer: Answer::Once,
        way: Way::Notification,
    };
    happens(store, number, actor, answered).await;
}

const ROSA: [&str; 6] = [
    "rosa élan",
    "rosa elan",
    "zrosa",
    "rosa.elan",
    "06 12 34 56 78",
    "0612345678",
];

#[tokio::test]
async fn who_is_erased_is_nowhere_and_everybody_else_is_as_they_were() {
    on_both(|store| async move {
        let (pc, key) = device(&store, "pc").await;
        store.create_site("lyon", NOW).await.unwrap();
        // Another person of that name, at another site.
        person(&store, "lyon", "Rosa Elan", "other@example.org", "4513").await;
        let lyon = open(&store, "lyon", "Rosa Élan", "calls", vec![]).await;
        let foreign = told(&all(&store).await, &ROSA);
        assert!(foreign.len() > 3, "{foreign:#?}");
        let rosa = person(&store, "default", "Rosa Élan", "zrosa@example.org", "06 12 34 56 78").await;
        person(&store, "default", "Bob Martin", "zbob@example.org", "4512").await;
        store.confirm_device(rosa, key, "ann", NOW).await.unwrap();

        let called = open(&store, "default", "rosa elan", "Rosa Élan, zrosa, calls from 0612345678", vec![]).await;
        let tier = Event::TierChanged {
            to: Tier::Second,
            reason: "call zrosa@example.org or ROSA ELAN".into(),
        };
        happens(&store, called, "ann", tier).await;
        let asked = say(&store, key, 1, "zrosa", "no sound, says zrosa").await;
        consents(&store, asked, &pc, "zrosa on pc").await;
        page(&store, asked).await;
        let bobs = say(&store, key, 2, "zbob", "it is slow").await;
        consents(&store, bobs, &pc, "zrosa on pc").await;
        page(&store, bobs).await;
        let before = all(&store).await;
        assert!(told(&before, &ROSA).len() > 12, "{before:#?}");

        let erased = erase(&store, rosa, false).await.unwrap();
        assert_eq!(erased.tickets, [called, asked]);
        assert_eq!(erased.doubtful, [0_i64; 0]);
        let after = all(&store).await;
        assert_eq!(told(&after, &ROSA), foreign);
        let words = store.messages(asked).await.unwrap();
        assert_eq!(words[0].actor, format!("{} on pc", erased.pseudonym));
        assert!(matches!(&words[0].event, Happened::Known(Event::Messaged { side: Side::Requester, text, .. })
            if *text == format!("no sound, says {}", erased.pseudonym)));
        let timeline = store.timeline(bobs, 0, 100).await.unwrap();
        assert_eq!(timeline.last().unwrap().actor, format!("{} on pc", erased.pseudonym));
        assert_eq!(store.links(asked, NOW).await.unwrap().len(), 0);
        assert_eq!(store.links(bobs, NOW).await.unwrap().len(), 1);

        // Whose words they were is told by the pseudonym alone, and what is not theirs has not moved.
        let bob = ["bob", "lyon", "other@example.org"];
        assert_eq!(told(&after, &bob), told(&before, &bob));
        assert_eq!(store.verify_audit().await.unwrap(), Verified::Whole {
            n_entries: after.iter().filter(|line| line.starts_with("audit: ")).count() as i64
        });
        assert!(after.iter().any(|line| line.contains(&format!("person.erase | {rosa} | 2 tickets"))));

        for number in [called, asked, bobs, lyon] {
            store.rebuild_ticket(number).await.unwrap();
        }
        assert_eq!(all(&store).await, after, "what follows from the events is there already");
        let again = erase(&store, rosa, true).await;
        assert_eq!(again, Err(StoreError::not_found(wording!("person"))));
        assert_eq!(all(&store).await, after);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_that_names_the_person_is_theirs_under_every_name() {
    on_both(|store| async move {
        let rosa = person(&store, "default", "Rosa Élan", "zrosa@example.org", "4511").await;
        let bob = person(&store, "default", "Bob Martin", "zbob@example.org", "4512").await;
        let before = open(&store, "default", "Rosa Élan", "the printer", vec![]).await;
        let handed = open(&store, "default", "Rosa Élan", "the screen", vec![]).await;
        let is_bobs = Event::RequesterChanged {
            to: "Bob Martin".into(),
            person: Some(Listed {
                id: Some(bob.to_string()),
                group: None,
            }),
        };
        happens(&store, handed, "ann", is_bobs).await;
        let married = Details {
            name: "Rosa Marín".into(),
            language: None,
            phones: vec![],
            mails: vec![],
            note: String::new(),
            group: Some("Ventes".into()),
        };
        let change = PersonChange {
            id: rosa,
            site: "default".into(),
            details: married,
            expected_version: None,
            by: "ann".into(),
            at: NOW + 1,
        };
        store.set_person(change).await.unwrap();
        // Somebody else is called so now.
        let other = person(&store, "default", "Rosa Élan", "other@example.org", "4513").await;
        let others = open(&store, "default", "Rosa Élan", "the mouse", vec![]).await;
        let after = open(&store, "default", "Rosa Marín", "the keyboard", vec![]).await;
        let ticket = store.ticket(after).await.unwrap().unwrap().ticket;
        let listed = ticket.person.unwrap();
        assert_eq!(listed.id, Some(rosa.to_string()));
        assert_eq!(listed.group.as_deref(), Some("Ventes"));

        let erased = erase(&store, rosa, false).await.unwrap();
        assert_eq!(erased.tickets, [before, handed, after]);
        let requester = |number| {
            let store = store.clone();
            async move {
                let ticket = store.ticket(number).await.unwrap().unwrap().ticket;
                (
                    ticket.requester.unwrap(),
                    ticket.person.and_then(|person| person.id),
                )
            }
        };
        let pseudonym = erased.pseudonym;
        for number in [before, after] {
            assert_eq!(requester(number).await, (pseudonym.clone(), None));
        }
        assert_eq!(
            requester(handed).await,
            ("Bob Martin".into(), Some(bob.to_string()))
        );
        assert_eq!(
            requester(others).await,
            ("Rosa Élan".into(), Some(other.to_string()))
        );
        let first = store.timeline(handed, 0, 1).await.unwrap();
        assert!(
            matches!(&first[0].event, Happened::Known(Event::Opened { requester, person, .. })
            if *requester == Some(pseudonym) && person.as_ref().unwrap().id.is_none())
        );
        // What was promised to the group goes on.
        let group = store
            .ticket(after)
            .await
            .unwrap()
            .unwrap()
            .ticket
            .person
            .unwrap()
            .group;
        assert_eq!(group.as_deref(), Some("Ventes"));
    })
    .await;
}

#[tokio::test]
async fn what_they_wrote_goes_if_it_is_asked_for() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let rosa = person(&store, "default", "Rosa Élan", "zrosa@example.org", "4511").await;
        let asked = say(&store, key, 1, "zrosa", "my manager shouts").await;
        open(&store, "default", "Rosa Élan", "the printer", vec![]).await;
        erase(&store, rosa, true).await.unwrap();
        let after = all(&store).await;
        assert!(told(&after, &["shouts", "manager"]).is_empty());
        assert!(!told(&after, &["the printer"]).is_empty());
        let title = store.ticket(asked).await.unwrap().unwrap().ticket.title;
        assert_eq!(title, crate::desk::person::erasure::MARKER);
    })
    .await;
}

#[tokio::test]
async fn tickets_that_may_be_a_namesakes_are_left_and_named() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let (_, other_key) = device(&store, "other").await;
        let rosa = person(&store, "default", "Rosa Élan", "zrosa@example.org", "4511").await;
        person(&store, "default", "ROSA ELAN", "other@example.org", "4512").await;
        store.confirm_device(rosa, key, "ann", NOW).await.unwrap();
        let called = open(&store, "default", "Rosa Élan", "calls", vec![]).await;
        let by_mail = say(&store, other_key, 1, "zrosa", "no sound").await;
        let own = say(&store, key, 2, "rosa.elan", "no sound").await;
        let elsewhere = say(&store, other_key, 3, "rosa.elan", "no sound").await;
        let traces = store.traces(rosa).await.unwrap().unwrap();
        assert_eq!(traces.n_namesakes, 1);
        assert_eq!(traces.tickets, [by_mail, own]);
        let erased = erase(&store, rosa, false).await.unwrap();
        assert_eq!(erased.tickets, [by_mail, own]);
        assert_eq!(erased.doubtful, [called, elsewhere]);
        for (number, requester) in [(called, "Rosa Élan"), (own, &*erased.pseudonym)] {
            let ticket = store.ticket(number).await.unwrap().unwrap().ticket;
            assert_eq!(ticket.requester.as_deref(), Some(requester));
        }
        let ticket = store.ticket(elsewhere).await.unwrap().unwrap().ticket;
        assert_eq!(ticket.asked.unwrap().login, "rosa.elan");
    })
    .await;
}

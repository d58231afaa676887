//! Bytes that were sent once must be understood for ever: messages and a session, as they were recorded.
//!
//! A file is written when there is none of its name and `SONDE_RECORD_GOLDEN` is set; a recorded one is never replaced. A change of the schema that
//! makes this fail breaks agents in the field.

use std::path::{Path, PathBuf};

use prost::Message;

use crate::series::{Decoder, Encoder};
use crate::v1::{self, from_agent, job_event, report, to_agent};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(name)
}

/// Set, a file that is missing is recorded.
const RECORD: &str = "SONDE_RECORD_GOLDEN";

/// The recorded bytes, which are `now` where nothing is recorded yet and that is asked for.
fn recorded(name: &str, now: &[u8]) -> Vec<u8> {
    let path = file(name);
    if !path.exists() && std::env::var_os(RECORD).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, now).unwrap();
    }
    std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}; {RECORD}=1 records it"))
}

#[track_caller]
fn check<M: Message + Default + PartialEq + std::fmt::Debug>(name: &str, message: &M) {
    let bytes = message.encode_to_vec();
    let golden = recorded(name, &bytes);
    assert_eq!(
        M::decode(&golden[..]).unwrap(),
        *message,
        "{name} is understood otherwise than it was meant"
    );
    assert_eq!(golden, bytes, "{name} is no longer written as it was");
}

fn order() -> v1::WorkOrder {
    let unit = v1::Value {
        value: Some(v1::value::Value::Text("cups.service".into())),
    };
    v1::WorkOrder {
        order_id: vec![1; 16].into(),
        device_id: "2jq665752d4c4cmarwd70k2zag".into(),
        installation_id: vec![2; 16].into(),
        ticket: 1042,
        policy: String::new(),
        requested_by: "ada".into(),
        issued_us: 1_795_499_100_000_000,
        expires_us: 1_795_585_500_000_000,
        nonce: vec![3; 16].into(),
        work: Some(v1::work_order::Work::Action(v1::RunAction {
            action: "service.restart".into(),
            version: 1,
            phase: v1::Phase::Apply.into(),
            parameters: vec![v1::Parameter {
                name: "unit".into(),
                value: Some(unit),
            }],
            consent: Some(v1::Consent {
                recorded_by: "ada".into(),
                given: "by telephone".into(),
                at_us: 1_795_499_000_000_000,
                question_id: Default::default(),
                by_user: false,
            }),
            undo_of: Default::default(),
        })),
    }
}

fn schedule() -> v1::Schedule {
    v1::Schedule {
        checks: vec![v1::CheckSchedule {
            check: "net.target".into(),
            every_us: Some(60_000_000),
            limits: vec![v1::LimitValue {
                name: "answer_warning".into(),
                value: 0.5,
            }],
            targets: vec![
                "https://intranet.example/".into(),
                "tcp://[::1]:5432".into(),
            ],
        }],
    }
}

fn finding() -> v1::Finding {
    let percent = v1::argument::Value::Number(v1::Number {
        value: 2.9,
        unit: "%".into(),
    });
    let bytes = v1::argument::Value::Bytes(52_428_800);
    let argument = |name: &str, value| v1::Argument {
        name: name.into(),
        value: Some(value),
        ..v1::Argument::default()
    };
    v1::Finding {
        check: "disk.space".into(),
        subject: "/srv".into(),
        status: v1::Status::Critical.into(),
        message: Some(v1::Message {
            id: "free".into(),
            arguments: vec![argument("free_percent", percent.clone())],
        }),
        cause: None,
        evidence: vec![
            argument("free_percent", percent),
            argument("available_bytes", bytes),
        ],
        explained_by: String::new(),
        since_us: 1_795_499_100_000_000,
        remedies: vec!["disk.clean".into()],
    }
}

fn table() -> v1::TableDeclaration {
    let column = |name: &str, of: v1::ValueType, role: v1::ColumnRole, unit: &str| v1::Column {
        name: name.into(),
        r#type: of.into(),
        role: role.into(),
        unit: unit.into(),
    };
    v1::TableDeclaration {
        name: "filesystems".into(),
        columns: vec![
            column("mount", v1::ValueType::Text, v1::ColumnRole::Key, ""),
            column("kind", v1::ValueType::Text, v1::ColumnRole::Slow, ""),
            column(
                "used_bytes",
                v1::ValueType::Integer,
                v1::ColumnRole::Live,
                "bytes",
            ),
        ],
        ..v1::TableDeclaration::default()
    }
}

fn said() -> v1::Report {
    v1::Report {
        seq: 7,
        clock: Some(v1::Clock {
            wall_us: 1_795_499_100_000_000,
            boot_us: 60_000_000,
        }),
        boot_id: String::new(),
        body: Some(report::Body::Said(v1::Said {
            said_id: vec![5; 16].into(),
            login: "rosa".into(),
            full_name: "Rosa Marin".into(),
            text: "the printer does nothing".into(),
            ticket: 12,
            solved: false,
        })),
    }
}

/// What one device and its collector say in a short session; `true`: the agent.
fn session() -> Vec<(bool, Vec<u8>)> {
    let agent = |body| (true, v1::FromAgent { body: Some(body) }.encode_to_vec());
    let collector = |body| (false, v1::ToAgent { body: Some(body) }.encode_to_vec());
    let (id, declaration) = crate::declaration::encode(v1::declaration::Body::Table(table()));
    let clock = |seconds: i64| v1::Clock {
        wall_us: 1_795_499_100_000_000 + seconds * 1_000_000,
        boot_us: seconds * 1_000_000,
    };
    let mut encoder = Encoder::default();
    let series = |number, name: &str| v1::Series {
        number,
        name: name.into(),
        labels: "mount=/".into(),
        unit: "bytes".into(),
        scale: 0,
        counter: false,
    };
    let mut sample =
        |named, values: &[(u32, i64)]| report::Body::Sample(encoder.encode(named, values));
    let samples = [
        sample(
            vec![series(0, "disk.used_bytes"), series(1, "disk.free_bytes")],
            &[(0, 70), (1, 30)],
        ),
        sample(vec![], &[(0, 71)]),
    ];
    let [first, second] = samples;
    let report = |seq, body| {
        from_agent::Body::Report(v1::Report {
            seq,
            clock: Some(clock(seq as i64)),
            boot_id: String::new(),
            body: Some(body),
        })
    };
    let answer = |first, last| {
        to_agent::Body::Answer(v1::Answer {
            committed: vec![v1::SeqRange { first, last }],
            rejected: vec![],
            collector_time_us: 5,
        })
    };
    let ended = v1::JobEnded {
        outcome: v1::Outcome::Succeeded.into(),
        message: None,
        can_undo: true,
        ..Default::default()
    };
    let event = v1::JobEvent {
        order_id: vec![1; 16].into(),
        number: 2,
        at_us: 9,
        event: Some(job_event::Event::Ended(ended)),
    };
    vec![
        agent(from_agent::Body::Hello(v1::Hello {
            installation_id: vec![2; 16].into(),
            agent_version: "0.1.0".into(),
            boot_id: "boot".into(),
            clock: Some(clock(0)),
            declaration_ids: vec![id.to_vec().into()],
            spools: vec![v1::Spool {
                spool_id: vec![4; 16].into(),
                first_seq: 1,
            }],
            next_seq: 1,
            ..v1::Hello::default()
        })),
        collector(to_agent::Body::WantDeclarations(v1::WantDeclarations {
            ids: vec![id.to_vec().into()],
        })),
        collector(to_agent::Body::Welcome(v1::Welcome {
            device_id: "d".into(),
            report_every_us: 15_000_000,
            ..v1::Welcome::default()
        })),
        agent(from_agent::Body::Declared(v1::Declared {
            bodies: vec![declaration.into()],
            ..v1::Declared::default()
        })),
        agent(report(1, first)),
        agent(report(2, second)),
        collector(answer(1, 2)),
        collector(to_agent::Body::Work(v1::OrderedWork {
            order: order().encode_to_vec().into(),
            signatures: vec![],
        })),
        agent(report(
            3,
            report::Body::Job(v1::JobEvents {
                events: vec![event],
            }),
        )),
        agent(report(
            4,
            report::Body::Findings(v1::FindingChanges {
                findings: vec![finding()],
                whole: true,
                ..Default::default()
            }),
        )),
        collector(answer(3, 4)),
        agent(from_agent::Body::Leaving(v1::Leaving {})),
    ]
}

/// Each frame as who said it, its length (4 bytes, little-endian) and its bytes.
fn frames(session: &[(bool, Vec<u8>)]) -> Vec<u8> {
    let frame = |(by_agent, bytes): &(bool, Vec<u8>)| {
        [
            &[u8::from(*by_agent)][..],
            &(bytes.len() as u32).to_le_bytes(),
            bytes,
        ]
        .concat()
    };
    session.iter().flat_map(frame).collect()
}

fn parse(mut bytes: &[u8]) -> Vec<(bool, Vec<u8>)> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
        frames.push((head[0] == 1, rest[..length].to_vec()));
        bytes = &rest[length..];
    }
    frames
}

#[test]
fn messages_are_written_as_they_were() {
    check("work-order.bin", &order());
    check("finding.bin", &finding());
    check("table.bin", &table());
    check("schedule.bin", &schedule());
    check("said.bin", &said());
}

#[test]
#[should_panic(expected = "SONDE_RECORD_GOLDEN=1 records it")]
fn what_was_never_recorded_is_not_taken_for_recorded() {
    recorded("never.bin", b"now");
}

#[test]
fn a_recorded_session_is_understood() {
    let golden = recorded("session-0.1.0.frames", &frames(&session()));
    let mut decoder = Decoder::default();
    let mut samples = Vec::new();
    for (by_agent, bytes) in parse(&golden) {
        if !by_agent {
            assert!(v1::ToAgent::decode(&bytes[..]).unwrap().body.is_some());
            continue;
        }
        match v1::FromAgent::decode(&bytes[..]).unwrap().body.unwrap() {
            from_agent::Body::Report(mut report) => {
                crate::caps::admit(&mut report).unwrap();
                if let Some(report::Body::Sample(sample)) = report.body {
                    samples.push(decoder.decode(&sample).unwrap());
                }
            }
            from_agent::Body::Hello(_)
            | from_agent::Body::Declared(_)
            | from_agent::Body::Leaving(_) => {}
            from_agent::Body::Thinned(_)
            | from_agent::Body::Named(_)
            | from_agent::Body::Renew(_)
            | from_agent::Body::Probed(_)
            | from_agent::Body::AskHelp(_)
            | from_agent::Body::AskTime(_) => panic!("not in this session"),
        }
    }
    assert_eq!(samples, [vec![(0, 70), (1, 30)], vec![(0, 71)]]);
}

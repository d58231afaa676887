//! What the file keeps, and what gives way.

use super::*;
use std::path::PathBuf;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn path(&self) -> PathBuf {
        self.0.path().join("spool")
    }
    fn spool(&self, n_blocks: u32) -> Spool {
        Spool::create(&self.path(), n_blocks, [7; 16]).unwrap()
    }
}

fn sample(spool: &mut Spool) -> (u64, Vec<u64>) {
    let mut thinned = Vec::new();
    (
        spool
            .add_sample(&SpooledSample::default(), &mut thinned)
            .unwrap(),
        thinned,
    )
}

fn report(spool: &mut Spool, kind: Kind) -> Result<(u64, Vec<u64>), BlocksError> {
    let mut thinned = Vec::new();
    Ok((
        spool.add_report(kind, Report::default(), &mut thinned)?,
        thinned,
    ))
}

#[test]
fn a_number_is_never_given_twice() {
    let folder = Folder::new();
    let mut spool = folder.spool(8);
    assert_eq!(sample(&mut spool).0, 1);
    assert_eq!(sample(&mut spool).0, 2);
    drop(spool);
    let mut spool = Spool::open(&folder.path()).unwrap();
    assert!(!spool.head().clean);
    assert_eq!(sample(&mut spool).0, 65);
    spool.close().unwrap();
    drop(spool);
    let mut spool = Spool::open(&folder.path()).unwrap();
    assert!(spool.head().clean);
    assert_eq!(sample(&mut spool).0, 66);
}

#[test]
fn a_full_spool_thins_old_metrics_first() {
    let folder = Folder::new();
    let mut spool = folder.spool(4);
    (0..4).for_each(|_| drop(sample(&mut spool)));
    assert_eq!(report(&mut spool, Kind::Facts).unwrap(), (5, vec![1]));
    assert_eq!(report(&mut spool, Kind::Findings).unwrap(), (6, vec![2]));
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (7, vec![3]));
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (8, vec![4]));
    assert_eq!(report(&mut spool, Kind::Facts).unwrap(), (9, vec![5]));
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (10, vec![9]));
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (11, vec![6]));
    assert!(matches!(
        report(&mut spool, Kind::Job),
        Err(BlocksError::Full { .. })
    ));
}

#[test]
fn what_people_have_said_never_gives_way() {
    let folder = Folder::new();
    let mut spool = folder.spool(3);
    sample(&mut spool);
    assert_eq!(report(&mut spool, Kind::Said).unwrap(), (2, vec![]));
    report(&mut spool, Kind::Findings).unwrap();
    assert_eq!(report(&mut spool, Kind::Said).unwrap(), (4, vec![1]));
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (5, vec![3]));
    assert!(matches!(
        report(&mut spool, Kind::Said),
        Err(BlocksError::Full { .. })
    ));
    assert_eq!(spool.kind(2), Some(Kind::Said));
}

#[test]
fn a_spool_of_an_older_agent_is_understood() {
    // As they were numbered before people could say something; 5 is a book.
    let old = [
        Kind::Job,
        Kind::Findings,
        Kind::Facts,
        Kind::Event,
        Kind::Metrics,
    ];
    for (number, kind) in (0..).zip(old) {
        assert_eq!((Kind::of(number), kind.number()), (Some(kind), number));
    }
    assert_eq!(Kind::of(BOOK), None);
    assert_eq!(Kind::of(Kind::Said.number()), Some(Kind::Said));
}

#[test]
fn a_metric_never_drives_out_findings() {
    let folder = Folder::new();
    let mut spool = folder.spool(1);
    report(&mut spool, Kind::Findings).unwrap();
    assert!(
        spool
            .add_sample(&SpooledSample::default(), &mut Vec::new())
            .is_err()
    );
    assert_eq!(spool.reports().collect::<Vec<_>>(), [(1, Kind::Findings)]);
}

#[test]
fn books_stay_as_long_as_a_sample_needs_them() {
    let folder = Folder::new();
    let mut spool = folder.spool(8);
    for run in [1, 2] {
        spool
            .add_book(
                &Book {
                    run,
                    ..Book::default()
                },
                &mut Vec::new(),
            )
            .unwrap();
    }
    spool
        .add_sample(
            &SpooledSample {
                run: 1,
                ..SpooledSample::default()
            },
            &mut Vec::new(),
        )
        .unwrap();
    let runs = |spool: &mut Spool| {
        spool
            .books()
            .unwrap()
            .iter()
            .map(|book| book.run)
            .collect::<Vec<_>>()
    };
    spool.drop_books(3).unwrap();
    assert_eq!(runs(&mut spool), [1]);
    spool.release(1).unwrap();
    spool.drop_books(3).unwrap();
    assert_eq!(runs(&mut spool), Vec::<u64>::new());
}

#[test]
fn a_renamed_spool_goes_on_counting() {
    let folder = Folder::new();
    let mut spool = folder.spool(8);
    sample(&mut spool);
    spool.rename([8; 16], 2).unwrap();
    assert_eq!(sample(&mut spool).0, 2);
    let spools = |spool: &Spool| {
        spool
            .head()
            .spools
            .iter()
            .map(|of| (of.spool_id[0], of.first_seq))
            .collect::<Vec<_>>()
    };
    let mut spool = Spool::open(&folder.path()).unwrap();
    assert_eq!(spools(&spool), [(7, 1), (8, 2)]);
    spool.release(1).unwrap();
    spool.rename([9; 16], 66).unwrap();
    assert_eq!(spools(&spool), [(8, 2), (9, 66)]);
}

#[test]
fn numbers_in_a_row_are_one_range() {
    let range = |first, last| SeqRange { first, last };
    assert_eq!(
        ranges([1, 2, 3, 5, 7, 8]),
        [range(1, 3), range(5, 5), range(7, 8)]
    );
}

#[test]
fn what_finds_no_room_is_accounted_for() {
    let folder = Folder::new();
    let mut spool = folder.spool(4);
    (0..4).for_each(|_| drop(report(&mut spool, Kind::Job).unwrap()));
    let mut thinned = Vec::new();
    let added = spool.add_report(Kind::Findings, Report::default(), &mut thinned);
    assert!(matches!(added, Err(BlocksError::Full { .. })));
    assert_eq!((thinned, spool.next_seq()), (vec![5], 6));
    assert!(spool.take_lost().findings);
    assert_eq!(spool.take_lost(), Lost::default());
}

#[test]
fn findings_that_give_way_are_noted() {
    let folder = Folder::new();
    let mut spool = folder.spool(2);
    (0..2).for_each(|_| drop(report(&mut spool, Kind::Findings).unwrap()));
    assert_eq!(spool.take_lost(), Lost::default());
    assert_eq!(report(&mut spool, Kind::Job).unwrap(), (3, vec![1]));
    assert!(spool.take_lost().findings);
}

#[test]
fn facts_that_give_way_are_noted() {
    let folder = Folder::new();
    let mut spool = folder.spool(2);
    (0..2).for_each(|_| drop(report(&mut spool, Kind::Facts).unwrap()));
    assert_eq!(report(&mut spool, Kind::Findings).unwrap(), (3, vec![1]));
    let lost = spool.take_lost();
    assert!(lost.facts && !lost.findings, "{lost:?}");
}

#[test]
fn a_jobs_end_has_room_when_nothing_else_has() {
    let folder = Folder::new();
    let mut spool = folder.spool(16);
    while report(&mut spool, Kind::Job).is_ok() {}
    let ended = v1::JobEvent {
        event: Some(v1::job_event::Event::Ended(v1::JobEnded::default())),
        ..v1::JobEvent::default()
    };
    let events = vec![ended];
    let body = v1::report::Body::Job(v1::JobEvents { events });
    let end = Report {
        body: Some(body),
        ..Report::default()
    };
    let mut add = || spool.add_report(Kind::Job, end.clone(), &mut Vec::new());
    assert!(add().is_ok() && add().is_ok());
    assert!(matches!(add(), Err(BlocksError::Full { .. })));
}

#[test]
fn names_of_many_series_are_kept_in_pieces() {
    let folder = Folder::new();
    let mut spool = folder.spool(1024);
    let series = |number| v1::Series {
        number,
        labels: "x".repeat(100),
        ..v1::Series::default()
    };
    let book = Book {
        run: 1,
        series: (0..4096).map(series).collect(),
        ..Book::default()
    };
    spool.add_book(&book, &mut Vec::new()).unwrap();
    sample(&mut spool);
    spool.add_book(&book, &mut Vec::new()).unwrap();
    drop(spool);
    let mut spool = Spool::open(&folder.path()).unwrap();
    let numbers = spool
        .books()
        .unwrap()
        .into_iter()
        .flat_map(|book| book.series);
    let numbers: Vec<u32> = numbers.map(|series| series.number).collect();
    assert_eq!(numbers, (0..4096).chain(0..4096).collect::<Vec<_>>());
}

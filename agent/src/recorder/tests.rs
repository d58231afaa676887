use std::io::Write as _;

use super::*;

fn series(names: &[&str]) -> Vec<v1::Series> {
    names
        .iter()
        .map(|name| v1::Series {
            name: (*name).into(),
            scale: -1,
            ..v1::Series::default()
        })
        .collect()
}

fn all(path: &Path) -> Recording {
    Recording::read(path, i64::MIN, i64::MAX, |_| true).unwrap()
}

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> (Self, Recorder) {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let recorder = Recorder::create(&bench.path(), Room::AsWritten).unwrap();
        (bench, recorder)
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("recorder")
    }
}

#[test]
fn a_window_has_what_was_recorded_in_it() {
    let (bench, mut recorder) = Bench::new();
    let named = series(&["a", "b"]);
    for n in 0..10 {
        let values: &[(u32, i64)] = if n == 5 { &[(1, 7)] } else { &[(0, n), (1, 7)] };
        recorder.sample(n, 1, &named, values).unwrap();
    }
    let event = Event {
        at_us: 4,
        of: "routes".into(),
        subject: "0.0.0.0/0".into(),
        change: "gone".into(),
    };
    recorder.event(&event).unwrap();
    let busiest = Busiest {
        at_us: 6,
        processes: vec![Busy {
            pid: 7,
            name: "make".into(),
            cpu_permille: 990,
            resident_bytes: 1 << 20,
            user_id: 0,
        }],
    };
    recorder.busiest(&busiest).unwrap();
    let found = Recording::read(&bench.path(), 4, 6, |series| series.name == "a").unwrap();
    assert_eq!(found.course("a", ""), [(4, 0.4), (6, 0.6000000000000001)]);
    assert_eq!(found.course("b", ""), []);
    assert_eq!(
        (found.events, found.processes),
        (vec![event], vec![busiest])
    );
    let none = Recording::read(&bench.path(), 7, 9, |_| true).unwrap();
    assert_eq!((none.samples.len(), none.events.len()), (3, 0));
}

#[test]
fn another_run_goes_on_in_the_same_segment() {
    let (bench, mut recorder) = Bench::new();
    recorder.sample(1, 1, &series(&["a"]), &[(0, 5)]).unwrap();
    let generation = recorder.generation;
    drop(recorder);
    let mut recorder = Recorder::open(&bench.path()).unwrap();
    let named = series(&["b", "a"]);
    recorder.sample(2, 9, &named[..1], &[(0, 8)]).unwrap();
    recorder.sample(3, 9, &named, &[(0, 8), (1, 6)]).unwrap();
    assert_eq!(recorder.generation, generation);
    let found = all(&bench.path());
    assert_eq!(found.course("a", ""), [(1, 0.5), (3, 0.6000000000000001)]);
    assert_eq!(found.course("b", ""), [(2, 0.8), (3, 0.8)]);
}

#[test]
fn the_oldest_gives_way_and_the_file_does_not_grow() {
    let (bench, mut recorder) = Bench::new();
    let names: Vec<String> = (0..200).map(|n| format!("metric.number_{n}")).collect();
    let named = series(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let n_samples = 60_000;
    for at in 0..n_samples {
        let values: Vec<(u32, i64)> = (0..200).map(|n| (n, at * 1000 * i64::from(n))).collect();
        recorder.sample(at, 1, &named, &values).unwrap();
    }
    assert!(
        recorder.generation > 2 * SEGMENTS,
        "{}",
        recorder.generation
    );
    assert_eq!(bench.path().metadata().unwrap().len(), FILE_BYTES);
    let found = all(&bench.path());
    let course = found.course("metric.number_3", "");
    assert_eq!(
        course.last(),
        Some(&(n_samples - 1, (n_samples - 1) as f64 * 300.0))
    );
    // Without a gap from the oldest that is left.
    let oldest = course[0].0;
    assert!(oldest > 0);
    assert_eq!(course.len() as i64, n_samples - oldest);
}

#[test]
fn a_torn_record_ends_its_segment_and_the_next_run_writes_over_it() {
    let (bench, mut recorder) = Bench::new();
    let named = series(&["a"]);
    for at in 0..3 {
        recorder.sample(at, 1, &named, &[(0, at)]).unwrap();
    }
    let torn = place(recorder.generation) + recorder.at - 1;
    drop(recorder);
    let mut file = OpenOptions::new().write(true).open(bench.path()).unwrap();
    std::io::Seek::seek(&mut file, io::SeekFrom::Start(torn)).unwrap();
    file.write_all(&[0xff]).unwrap();
    assert_eq!(all(&bench.path()).samples.len(), 2);
    let mut recorder = Recorder::open(&bench.path()).unwrap();
    recorder.sample(9, 1, &named, &[(0, 9)]).unwrap();
    assert_eq!(all(&bench.path()).course("a", "").len(), 3);
}

#[test]
fn what_is_no_recorders_file_is_refused_and_nonsense_in_one_is_left_out() {
    let (bench, recorder) = Bench::new();
    drop(recorder);
    let mut nonsense = vec![0_u8; FILE_BYTES as usize];
    let mut state = 7_u64;
    for byte in &mut nonsense {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = (state >> 33) as u8;
    }
    std::fs::write(bench.path(), &nonsense).unwrap();
    assert!(all(&bench.path()).samples.is_empty());
    let mut recorder = Recorder::open(&bench.path()).unwrap();
    recorder.sample(1, 1, &series(&["a"]), &[(0, 1)]).unwrap();
    assert_eq!(all(&bench.path()).samples.len(), 1);
    std::fs::write(bench.path(), "short").unwrap();
    let refused = Recorder::open(&bench.path()).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
}

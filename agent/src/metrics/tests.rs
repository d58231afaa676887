//! The book of series.

use super::*;

#[test]
fn metrics_are_named_once_by_family() {
    let mut names = ALL
        .iter()
        .flat_map(|source| source.families)
        .flat_map(|family| {
            family
                .metrics
                .iter()
                .map(|metric| (metric.name, family.label))
        })
        .collect::<Vec<_>>();
    let n_names = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), n_names);
    assert!(
        names.iter().all(|(name, _)| name.contains('.')),
        "{names:?}"
    );
}

#[test]
fn a_series_keeps_its_number() {
    static FAMILY: Family = Family {
        label: "mount",
        metrics: &[Metric::gauge("a.b", "", 0), Metric::gauge("a.c", "", 0)],
    };
    let mut book = Book::new();
    assert_eq!(book.first(&FAMILY, "/"), Some(0));
    assert_eq!(book.first(&FAMILY, "/srv"), Some(2));
    book.begin(1);
    assert_eq!(book.first(&FAMILY, "/srv"), Some(2));
    assert_eq!(book.first(&FAMILY, "/new"), Some(4));
    assert_eq!(book.first(&FAMILY, "/"), Some(0));
    assert_eq!(book.series(3).unwrap().labels, "mount=/srv");
    assert_eq!(book.series(6), None);
}

#[test]
fn a_full_book_takes_no_more() {
    static FAMILY: Family = Family {
        label: "mount",
        metrics: &[Metric::gauge("a.b", "", 0)],
    };
    let mut book = Book::new();
    for n in 0..MOST_THINGS {
        assert!(book.first(&FAMILY, &n.to_string()).is_some());
    }
    assert_eq!(book.first(&FAMILY, "one more"), None);
    assert_eq!(book.n_left_out, 1);
    assert_eq!(book.first(&FAMILY, "0"), Some(0));
}

#[test]
fn a_book_of_things_that_came_and_went_is_used_up() {
    static FAMILY: Family = Family {
        label: "interface",
        metrics: &[Metric::gauge("a.b", "", 0)],
    };
    let mut book = Book::new();
    for n in 0..MOST_NAMED {
        assert!(!book.is_used_up());
        book.begin(n as i64 * GONE_US);
        assert!(book.first(&FAMILY, &n.to_string()).is_some());
    }
    assert_eq!(book.first(&FAMILY, "one more"), None);
    assert!(book.is_used_up());
}

#[test]
fn what_is_gone_for_an_hour_gives_its_place_to_what_is_new() {
    static FAMILY: Family = Family {
        label: "interface",
        metrics: &[Metric::gauge("a.b", "", 0)],
    };
    let mut book = Book::new();
    for n in 0..MOST_THINGS {
        book.first(&FAMILY, &n.to_string());
    }
    book.begin(1);
    assert_eq!(book.first(&FAMILY, "0"), Some(0));
    book.begin(GONE_US - 1);
    assert_eq!(book.first(&FAMILY, "new"), None);
    book.begin(GONE_US);
    let new = Some(MOST_THINGS as u32);
    assert_eq!(book.first(&FAMILY, "new"), new);
    assert_eq!(book.n_left_out, 0);
    assert_eq!(book.first(&FAMILY, "0"), Some(0));
    assert_eq!(book.first(&FAMILY, "new"), new);
    assert_eq!(
        book.series(MOST_THINGS as u32).unwrap().labels,
        "interface=new"
    );
}

#[test]
fn two_samples_of_this_machine_use_the_same_numbers() {
    let host = Host::this();
    let mut book = Book::new();
    let mut sampler = Sampler::new();
    let first = sampler.sample(&host, &mut book);
    let n_series = book.all().len();
    let second = sampler.sample(&host, &mut book);
    assert!(first.is_sorted_by(|a, b| a.0 < b.0));
    assert!(!first.is_empty() && second.len() >= first.len() / 2);
    assert!(book.all().len() < n_series + n_series / 2);
}

//! What people at the device say, and collectors of two versions.

use super::*;

#[test]
fn what_people_say_waits_for_a_collector_that_takes_it() {
    let older = Bench {
        takes_said: false,
        ..Bench::default()
    };
    let waits = older
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[])
        .report(Kind::Said)
        .report(Kind::Facts)
        .expect("send 2")
        .committed(&[(2, 2)])
        .expect("release 2-2");
    assert!(!waits.session.takes_said());
    assert_eq!(waits.session.n_pending(), 1);
    // Nobody sits up for it.
    assert_eq!(waits.session.n_awaited(), 0);
    let mut newer = waits.tell(Input::Disconnected).wait_until_due();
    newer.takes_said = true;
    let newer = newer
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(2, 2)])
        .expect("send 1");
    assert!(newer.session.takes_said());
    assert_eq!(newer.session.n_awaited(), 1);
    // The one after that may be the older one again.
    let mut back = newer.tell(Input::Disconnected).wait_until_due();
    back.takes_said = false;
    back.expect("connect")
        .tell(Input::Connected)
        .welcomed(&[(2, 2)])
        .expect("");
}

#[test]
fn what_people_say_goes_before_what_the_machine_finds() {
    let reports = [
        (1, Kind::Metrics),
        (2, Kind::Findings),
        (3, Kind::Said),
        (4, Kind::Job),
    ];
    Bench::with(vec![1], 5, &reports)
        .expect("connect")
        .tell(Input::Connected)
        .welcomed(&[])
        .expect("send 4, send 3, send 2, send 1");
}

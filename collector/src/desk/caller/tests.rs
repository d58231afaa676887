use super::*;

/// Everything that a text can mean, in a line.
#[track_caller]
fn check(text: &str, expected: &str) {
    let asked = Asked::of(text).unwrap();
    let means = [
        ("telephone", asked.telephone),
        ("mail", asked.mail),
        ("address", asked.address.map(|address| address.to_string())),
        ("code", asked.code),
        ("login", Some(asked.login)),
        (
            "name",
            Some(asked.words.join(" ")).filter(|name| !name.is_empty()),
        ),
    ];
    let means = means
        .into_iter()
        .filter_map(|(what, means)| Some(format!("{what} {}", means?)));
    assert_eq!(means.collect::<Vec<_>>().join(", "), expected, "{text}");
}

#[test]
fn a_text_means_what_it_can_be() {
    check("Zoë Durand", "login zoë durand, name zoe durand");
    check(
        "Rosa@Example.org",
        "mail rosa@example.org, login rosa@example.org",
    );
    check("10.1.2.3", "address 10.1.2.3, login 10.1.2.3");
    check("FE80:0::1", "address fe80::1, login fe80:0::1");
    check("LAB\\Rosa", "login rosa, name lab rosa");
    check(
        "06 12 34 56 78",
        "telephone 612345678, code 0612345678, login 06 12 34 56 78, name 06 12 34 56 78",
    );
    check("5k2 -9Qo", "code 5k29q0, login 5k2 -9qo, name 5k2 9qo");
    // Ids begin with a digit up to 7, and have no u.
    check("9k29q0", "login 9k29q0, name 9k29q0");
    check("5k29qu", "login 5k29qu, name 5k29qu");
    check("5k29q", "login 5k29q, name 5k29q");
}

#[test]
fn what_a_device_without_a_network_says_names_it() {
    let said = sonde_proto::code::Said {
        age: sonde_proto::code::Age::of(None),
        rung: None,
        reason: sonde_proto::code::Reason::Untold,
        findings: vec![],
    };
    let id = "5k29q00000000000000000000z";
    let code = sonde_proto::code::encode(&said, id, &[7; 16]).unwrap();
    assert_eq!(Asked::of(&code).unwrap().code.as_deref(), Some("5k29q"));
}

#[test]
fn nothing_and_too_much_are_refused() {
    let refused = |text: &str| Asked::of(text).unwrap_err().reason.to_string();
    assert_eq!(refused(" "), "it is empty");
    assert_eq!(refused(&"é".repeat(201)), "more than 200 characters");
}

#[test]
fn the_surest_match_comes_first_and_each_one_once() {
    let fit = |is_part, by| Fit { is_part, by };
    let found = [
        ("part of a host", fit(true, Matched::Host)),
        ("part of a name", fit(true, Matched::Name)),
        ("name", fit(false, Matched::Name)),
        ("telephone", fit(false, Matched::Telephone)),
        ("name", fit(false, Matched::Mail)),
        ("other name", fit(false, Matched::Name)),
    ];
    let order: Vec<&str> = best(found, |_| false)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let expected = [
        "name",
        "telephone",
        "other name",
        "part of a host",
        "part of a name",
    ];
    assert_eq!(order, expected);
    let called = [
        ("machine", fit(false, Matched::User)),
        ("person", fit(true, Matched::Name)),
    ];
    let first = |is_nobodys: bool| best(called, |key| is_nobodys && *key == "machine")[0].0;
    assert_eq!((first(true), first(false)), ("person", "machine"));
    let many = (0..30).map(|key| (key, fit(true, Matched::Name)));
    assert_eq!(best(many, |_| false).len(), MOST);
}

#[test]
fn the_call_is_about_the_only_device_with_the_closest_tie() {
    let meant = |ties: &[Tie]| meant(ties, |tie| *tie).copied();
    assert_eq!(meant(&[]), None);
    assert_eq!(meant(&[Tie::Seen]), Some(Tie::Seen));
    assert_eq!(meant(&[Tie::Seen, Tie::Confirmed]), Some(Tie::Confirmed));
    assert_eq!(meant(&[Tie::Confirmed, Tie::Confirmed]), None);
    let asked_for = [Tie::Confirmed, Tie::Matched, Tie::Confirmed];
    assert_eq!(meant(&asked_for), Some(Tie::Matched));
}

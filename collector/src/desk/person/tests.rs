use super::*;

#[track_caller]
fn same_number(one: &str, other: &str) {
    assert!(telephone(one).is_some(), "{one}");
    assert_eq!(telephone(one), telephone(other), "{one} {other}");
}

#[test]
fn a_number_is_the_same_however_it_is_dialled() {
    same_number("06 12 34 56 78", "+33 6 12 34 56 78");
    same_number("06.12.34.56.78", "0033612345678");
    same_number("+33 (0)6-12-34-56-78", "0612345678");
    same_number("06\u{a0}12\u{202f}34 56 78", "0612345678");
    same_number("45 12", "4512");
    assert_ne!(telephone("0612345678"), telephone("0612345679"));
    assert_ne!(telephone("4512"), telephone("0612344512"));
    for none in ["", "7", "+", "rosa", "06 12 x", "１２３", &"1".repeat(21)] {
        assert_eq!(telephone(none), None, "{none}");
    }
}

#[test]
fn an_address_is_the_same_in_any_case() {
    assert_eq!(mail(" Rosa@Example.ORG "), Some("rosa@example.org".into()));
    for none in [
        "rosa",
        "@x",
        "rosa@",
        "a b@x",
        "a@b@c",
        "<a@b>",
        "a@\u{fffd}b",
    ] {
        assert_eq!(mail(none), None, "{none}");
    }
    assert_eq!(mail(&format!("{}@x", "a".repeat(MAIL_BYTES))), None);
}

#[test]
fn a_name_is_the_same_without_case_and_accents() {
    for (name, expected) in [
        ("Zoë  DURAND-Lefèvre", "zoe durand lefevre"),
        ("Œdipe Strauß", "oedipe strauss"),
        ("Søren Łukasz", "soren lukasz"),
        ("O’Brien", "obrien"),
        ("Ｒｏｓａ", "rosa"),
        ("e\u{301}le\u{300}ve", "eleve"),
        ("\u{fffd} !", ""),
    ] {
        assert_eq!(folded(name), expected, "{name}");
    }
}

fn rosa() -> Details {
    Details {
        name: "Rosa Núñez".into(),
        language: None,
        phones: vec!["4512".into()],
        mails: vec!["R.Nunez@example.org".into()],
        note: String::new(),
        group: None,
    }
}

#[test]
fn logins_follow_from_name_and_mail_address() {
    let expected = [
        "r.nunez",
        "r.nunez@example.org",
        "rosa-nunez",
        "rosa.nunez",
        "rosa_nunez",
        "rosanunez",
    ];
    assert_eq!(rosa().logins(), expected);
    assert_eq!(spellings("rosa.n"), ["rosa.n", "ROSA.N", "Rosa.N"]);
}

#[track_caller]
fn refuses(change: impl Fn(&mut Details), expected: Option<&str>) {
    let mut details = rosa();
    change(&mut details);
    let refused = details.validate().err().map(|refusal| refusal.to_string());
    assert_eq!(refused.as_deref(), expected);
}

#[test]
fn what_is_wrong_with_a_person_is_named() {
    refuses(|_| {}, None);
    refuses(
        |p| p.name = " ?".into(),
        Some("name: it is empty: who it is"),
    );
    refuses(
        |p| p.name = "x".repeat(201),
        Some("name: 201 characters, where 200 are the most"),
    );
    refuses(
        |p| p.phones.push("later".into()),
        Some("phones: \"later\" is not a telephone number"),
    );
    refuses(
        |p| p.phones = vec!["0612345678".into(), "+33612345678".into()],
        Some("phones: \"+33612345678\" is there twice"),
    );
    refuses(
        |p| p.mails.push("rosa at home".into()),
        Some("mails: \"rosa at home\" is not a mail address"),
    );
    refuses(
        |p| p.mails = (0..11).map(|n| format!("{n}@x")).collect(),
        Some("mails: 11, where 10 are the most"),
    );
    refuses(
        |p| p.group = Some("g".repeat(101)),
        Some("group: 101 characters, where 100 are the most"),
    );
}

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const ID: &str = "2jq665752d4c4cmarwd70k2zag";
const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

fn sample() -> Said {
    Said {
        age: Age::of(Some(Duration::from_secs(7200))),
        rung: Some(36),
        reason: Reason::Silent,
        findings: vec![
            Bad {
                number: 36,
                critical: true,
            },
            Bad {
                number: 1,
                critical: false,
            },
        ],
    }
}

fn said() -> impl Strategy<Value = Said> {
    let bad = (1_u8.., any::<bool>()).prop_map(|(number, critical)| Bad { number, critical });
    let bad = prop::collection::vec(bad, 0..=MOST_FINDINGS);
    let rung = any::<u8>().prop_map(|rung| (rung != 0).then_some(rung));
    (0_u8..128, rung, 0_usize..8, bad).prop_map(|(age, rung, reason, findings)| Said {
        age: Age::from_step(age),
        rung,
        reason: Reason::ALL[reason],
        findings,
    })
}

fn device() -> impl Strategy<Value = String> {
    "[0-7][0-9a-hjkmnp-tv-z]{25}"
}

/// The code without hyphens.
fn symbols(said: &Said) -> Vec<char> {
    let code = encode(said, ID, &KEY).unwrap();
    code.chars().filter(|c| *c != '-').collect()
}

proptest! {
    #[test]
    fn what_is_said_is_heard(said in said(), id in device(), key: [u8; KEY_BYTES]) {
        let code = encode(&said, &id, &key).unwrap();
        prop_assert_eq!(code.len(), 24);
        let heard = decode(&code).unwrap();
        prop_assert!(heard.is_of(&id, &key));
        prop_assert_eq!(&heard.short_id, &id[..SHORT_ID]);
        prop_assert_eq!(heard.said, said);
    }

    #[test]
    fn one_wrong_symbol_is_found(said in said(), place in 0..SYMBOLS, other in 0_usize..37) {
        let mut code = symbols(&said);
        let known = if place == SYMBOLS - 1 { 37 } else { 32 };
        let wrong = char::from(ALPHABET[other % known]);
        prop_assume!(wrong != code[place]);
        code[place] = wrong;
        let code: String = code.into_iter().collect();
        prop_assert_eq!(decode(&code), Err(CodeError::Check));
    }

    #[test]
    fn two_symbols_that_changed_places_are_found(said in said(), place in 0..SYMBOLS - 2) {
        let mut code = symbols(&said);
        prop_assume!(code[place] != code[place + 1]);
        code.swap(place, place + 1);
        let code: String = code.into_iter().collect();
        prop_assert_eq!(decode(&code), Err(CodeError::Check));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,40}") {
        decode(&text).ok();
    }
}

#[test]
fn a_code_stays_what_it_was() {
    let code = encode(&sample(), ID, &KEY).unwrap();
    assert_eq!(code, "59BK-34WJ-4940-G0CR-NGVZ");
}

#[test]
fn it_is_read_as_people_write_it() {
    let code = encode(&sample(), ID, &KEY).unwrap();
    let heard = decode(&code).unwrap();
    let sloppy = code.to_lowercase().replace('-', " ");
    let sloppy = sloppy.replace('1', "l").replace('0', "O");
    assert_eq!(decode(&format!("  {sloppy}\n")), Ok(heard.clone()));
    assert_eq!(decode(&code.replace('-', "")), Ok(heard));
}

#[test]
fn another_key_or_device_has_not_made_it() {
    let heard = decode(&encode(&sample(), ID, &KEY).unwrap()).unwrap();
    assert!(heard.is_of(ID, &KEY));
    assert!(!heard.is_of(ID, &[8; KEY_BYTES]));
    assert!(!heard.is_of("2jq665752d4c4cmarwd70k2zah", &KEY));
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(decode(text).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_wrong_with_a_text_is_named() {
    check("", "the code has 0 characters, where 20 are needed");
    check("4A-7", "the code has 3 characters, where 20 are needed");
    check(&"0".repeat(21), "the code has more than 20 characters");
    check("4A!", "'!', character 3, is none that a code has there");
    // It only checks.
    check("U4A", "'U', character 1, is none that a code has there");
    check(
        "00000000000000000001",
        "the check symbol does not fit: a character was misread or misheard",
    );
    check(
        &"0".repeat(20),
        "the code has the version 0, which this collector does not know",
    );
}

#[test]
fn an_id_that_is_none_has_no_code() {
    for id in [
        "",
        "2jq6",
        "zjq665752d4c4cmarwd70k2zag",
        "2j*665752d4c4cmarwd70k2zag",
    ] {
        assert_eq!(encode(&sample(), id, &KEY), Err(NotAnId), "{id}");
    }
}

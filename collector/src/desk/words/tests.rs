use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(words(text).join(" "), expected);
}

#[test]
fn case_and_accents_make_no_difference() {
    check("L'Écran RESTE éteint", "l ecran reste eteint");
    check("Straße, cœur: Łódź", "strasse coeur lodz");
    check("", "");
    check("— … !?", "");
}

#[test]
fn numbers_names_and_addresses_are_found_whole_and_in_parts() {
    check("error 0x80070005.", "error 0x80070005 80070005");
    check(
        "192.168.1.20",
        "192 168 1 20 192-168 168-1 1-20 192-168-1 168-1-20 192-168-1-20",
    );
    check("pc-lab-7", "pc lab 7 pc-lab lab-7 pc-lab-7");
    check("fe80::1", "fe80 1 fe80-1");
    check(
        "a1:b2:c3:d4:e5",
        "a1 b2 c3 d4 e5 a1-b2 b2-c3 c3-d4 d4-e5 a1-b2-c3 b2-c3-d4 c3-d4-e5 a1-b2-c3-d4 b2-c3-d4-e5 a1-b2-c3-d4-e5",
    );
}

#[test]
fn what_has_no_digit_is_found_in_its_parts() {
    check(
        "rendez-vous rosa@example.com /var/log",
        "rendez vous rosa example com var log",
    );
    check("wait...what and/or", "wait what and or");
}

#[test]
fn a_text_gives_so_many_words_and_a_word_has_an_end() {
    assert_eq!(words(&"a ".repeat(MOST_OF_TEXT + 9)).len(), MOST_OF_TEXT);
    assert_eq!(words(&"a.1.".repeat(MOST_OF_TEXT)).len(), MOST_OF_TEXT);
    assert_eq!(words(&"x".repeat(1_000)), ["x".repeat(WORD_LENGTH)]);
}

#[track_caller]
fn meet(one: &str, other: &str) {
    let of = |text: &str| {
        words(text)
            .iter()
            .flat_map(|word| stems(word))
            .collect::<Vec<_>>()
    };
    let (ones, others) = (of(one), of(other));
    assert!(
        ones.iter().any(|stem| others.contains(stem)),
        "{one}: {ones:?}, {other}: {others:?}"
    );
}

#[test]
fn forms_of_a_word_meet_in_english_and_in_french() {
    meet("printers", "printer");
    meet("printing", "printed");
    meet("connections", "connection");
    meet("connected", "connecting");
    meet("imprimantes", "imprimante");
    meet("écrans", "ecran");
    meet("réparée", "réparer");
    meet("réparée", "reparee");
    meet("connecté", "connecter");
    meet("connectée", "connecte");
    meet("réseaux", "reseaux");
    meet("lentement", "lent");
}

#[test]
fn numbers_and_short_words_have_no_stems() {
    for word in ["0x80070005", "lab-7s", "no", "7"] {
        assert_eq!(stems(word), Vec::<String>::new(), "{word}");
    }
}

/// `+` before what is needed, `*` behind what may go on.
#[track_caller]
fn asks(text: &str, expected: &str) {
    let shown = match Asked::of(text) {
        Ok(asked) => {
            let words = asked.words.iter().map(|word| {
                let need = if word.is_needed { "+" } else { "" };
                let open = if word.is_beginning { "*" } else { "" };
                format!("{need}{}{open}", word.text)
            });
            words.collect::<Vec<_>>().join(" ")
        }
        Err(refusal) => refusal.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn all_words_are_needed_but_those_of_every_sentence() {
    asks("the printer is offline ", "the +printer is +offline");
    asks("The", "+the*");
    asks("l'imprimante", "l +imprimante*");
    asks("printer Printer", "+printer*");
}

#[test]
fn the_last_word_may_go_on_while_it_is_typed() {
    asks("printer off", "+printer +off*");
    asks("printer off.", "+printer +off");
    asks("printer of", "+printer of");
    asks("192.168.1", "+192-168-1*");
    asks("lab-7", "+lab-7*");
}

#[test]
fn a_long_chain_is_asked_for_by_its_runs() {
    asks("a1:b2:c3:d4:e5 ", "+a1-b2-c3-d4 +b2-c3-d4-e5");
    asks("rosa@example.com ", "+rosa +example +com");
}

#[test]
fn what_cannot_be_looked_for_says_why() {
    asks(" ", "search: it is empty: say what is looked for");
    asks(
        "?!",
        "search: \"?!\" has no letter and no digit: say what is looked for",
    );
    asks(
        &"x".repeat(QUESTION_LENGTH + 1),
        "search: 201 characters, where 200 are the most: a few words that only the ticket has find it",
    );
    asks(
        "a b c d e f g h i j k l m",
        "search: 13 words, where 12 are the most: leave out what many tickets have",
    );
}

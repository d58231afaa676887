use super::*;

fn known(key: u8, name: &str, phone: &str, mail: &str) -> Known<u8> {
    let several = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Known {
        key,
        site: "paris".into(),
        details: Details {
            name: name.into(),
            language: Some(Language::Fr),
            phones: several(phone),
            mails: several(mail),
            note: "left-handed".into(),
            group: None,
        },
    }
}

/// Whom the lines are about and what they make of them, or what is wrong.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let people = vec![
        known(1, "Rosa", "0611111111", "rosa@x"),
        known(2, "Bob", "0622222222", ""),
        known(3, "Ann", "4500", "ann@x"),
        known(4, "Zoe", "4500", ""),
        known(5, "Max", "4500", ""),
    ];
    let sites = ["paris", "lyon"].map(str::to_owned).into();
    let taken = read(text).and_then(|lines| plan(lines, people, &sites, "paris"));
    let said: Vec<String> = match taken {
        Ok(planned) => planned.iter().map(said).collect(),
        Err(wrongs) => wrongs.iter().map(Wrong::to_string).collect(),
    };
    assert_eq!(said, expected);
}

fn said(planned: &Planned<u8>) -> String {
    let details = &planned.details;
    let who = match planned.key {
        None => "new".to_owned(),
        Some(key) if planned.is_same => format!("{key} same"),
        Some(key) => key.to_string(),
    };
    let language = details.language.map_or("-", Language::as_str);
    format!(
        "{who}: {} {} {} {language} {} {}",
        details.name,
        details.phones.join("+"),
        details.mails.join("+"),
        planned.site,
        details.group.as_deref().unwrap_or("-"),
    )
}

#[test]
fn somebody_is_found_by_mail_address_else_by_telephone_number() {
    check(
        "name,phone,mail,language,site,group\n\
         Rosa N,,ROSA@x,en,lyon,sales\n\
         Bob M,+33 6 22 22 22 22,bob@x,,,\n\
         New,0611111111,new@x,,,\n",
        &[
            "1: Rosa N 0611111111 ROSA@x en lyon sales",
            "2: Bob M +33 6 22 22 22 22 bob@x fr paris -",
            // Rosa's number, but another address than hers.
            "new: New 0611111111 new@x - paris -",
        ],
    );
}

#[test]
fn a_number_of_several_takes_the_name_too() {
    check("name,phone\nzoé,4500", &["4: zoé 4500  fr paris -"]);
    check(
        "name,phone\n,4500",
        &["line 2, phone: several persons have it"],
    );
    // A switchboard's: nobody becomes somebody else.
    check("name,phone\nEve,4500", &["new: Eve 4500  - paris -"]);
    check(
        "name,phone,mail\nEve,0622222222,eve@x\nUma,0622222222,",
        &[
            "new: Eve 0622222222 eve@x - paris -",
            "new: Uma 0622222222  - paris -",
        ],
    );
}

#[test]
fn what_says_nothing_new_is_the_same() {
    check(
        "mail,name\nrosa@x,",
        &["1 same: Rosa 0611111111 rosa@x fr paris -"],
    );
}

#[test]
fn spreadsheets_write_semicolons_and_a_mark_and_several_values() {
    check(
        "\u{feff}Name;Phone;Mail\r\n\"Eve; the 2nd\";4501|4502;eve@x\r\n",
        &["new: Eve; the 2nd 4501+4502 eve@x - paris -"],
    );
}

#[test]
fn everything_wrong_is_told_by_line_and_column() {
    check(
        "name,phone,mail,language,site\n\
         ,4600,,,\n\
         Eve,later,,,\n\
         Eve,,eve at x,,\n\
         Eve,,,,rome\n\
         Eve,,eve@x,,\n\
         Eva,,EVE@x,,\n\
         Rosa,,rosa@x ,,\n\
         R,,rosa@x,,\n",
        &[
            "line 2, name: it is empty",
            "line 3, phone: \"later\" is not a telephone number",
            "line 4, mail: \"eve at x\" is not a mail address",
            "line 5, site: no site \"rome\" that you may see",
            "line 7, mail: the same person as on line 6",
            "line 9, mail: the same person as on line 8",
        ],
    );
    check(
        "name,language\nEve,de\nEve\n",
        &[
            "line 2, language: \"de\" is neither en nor fr",
            "line 3: it has 1 cells where the header has 2",
        ],
    );
}

#[test]
fn a_list_without_its_header_is_refused() {
    let all = "name,phone,mail,language,site,group";
    check("", &[&format!("line 1: it has no column name: {all}")]);
    check(
        "mail\nx@y",
        &[&format!("line 1: it has no column name: {all}")],
    );
    check("name,name", &["line 1: the column name is there twice"]);
    check(
        "name,age\u{1b}",
        &[&format!(
            "line 1: no column is named \"age\u{fffd}\": {all}"
        )],
    );
}

#[test]
fn a_list_that_is_too_long_is_refused() {
    let lines = |n| format!("name\n{}", "Eve\n".repeat(n));
    assert_eq!(read(&lines(MOST_LINES)).unwrap().len(), MOST_LINES);
    let wrong = read(&lines(MOST_LINES + 1)).unwrap_err();
    let expected = "line 2002: more than 2000 lines: send the list in parts";
    assert_eq!(wrong[0].to_string(), expected);
}

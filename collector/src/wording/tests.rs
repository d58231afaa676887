//! That everything the collector says is there in French: the source is read, and held against the catalogue.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sonde_proto::message::Lang;

use super::french::{FILES, Texts};
use super::*;

/// Every template in the source, with a file that says it.
fn said() -> BTreeMap<String, PathBuf> {
    let mut said = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            match path.is_dir() {
                true if name != "tests" => folders.push(path),
                false if name.ends_with(".rs") && name != "tests.rs" && name != "wording.rs" => {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let templates = templates(&text).into_iter();
                    said.extend(templates.map(|template| (template, path.clone())));
                }
                true | false => {}
            }
        }
    }
    said
}

/// Those that a file says, tests left out: they stand last.
fn templates(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let made = text.split("wording!(").skip(1);
    made.map(|rest| literal(rest.trim_start())).collect()
}

/// The literal that a text begins with.
#[track_caller]
fn literal(text: &str) -> String {
    let mut chars = text.strip_prefix('"').expect(text).chars();
    let mut literal = String::new();
    loop {
        match chars.next().unwrap() {
            '"' => return literal,
            '\\' => match chars.next().unwrap() {
                // It goes on where the next line has its first letter.
                '\n' => chars = chars.as_str().trim_start().chars(),
                'n' => literal.push('\n'),
                same => literal.push(same),
            },
            other => literal.push(other),
        }
    }
}

fn texts() -> Texts {
    let mut texts = Texts::new();
    for file in FILES {
        let one: Texts = toml::from_str(file).unwrap();
        for (english, french) in one {
            let before = texts.insert(english.clone(), french);
            assert_eq!(before, None, "{english} stands in two files");
        }
    }
    texts
}

/// Which parts a pattern shows, and how often.
fn shown(pattern: &str) -> Vec<usize> {
    let mut next = 0;
    let mut shown: Vec<usize> = pieces(pattern)
        .filter_map(|piece| {
            let at = match piece {
                Piece::Text(_) => return None,
                Piece::Next => next,
                Piece::Numbered(at) => at,
            };
            next += 1;
            Some(at)
        })
        .collect();
    shown.sort_unstable();
    shown
}

#[test]
fn all_that_is_said_is_there_in_french() {
    let (said, texts) = (said(), texts());
    let missing = said
        .iter()
        .filter(|(english, _)| !texts.contains_key(*english));
    let missing: Vec<String> = missing
        .map(|(english, path)| format!("{}: {english:?}", path.display()))
        .collect();
    assert!(missing.is_empty(), "no French:\n{}", missing.join("\n"));
    assert!(said.len() > 400, "{} found in the source", said.len());
}

#[test]
fn nothing_is_in_french_that_nobody_says() {
    let said = said();
    let texts = texts();
    let unused: BTreeSet<&String> = texts
        .keys()
        .filter(|one| !said.contains_key(*one))
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn both_languages_show_the_same_parts() {
    for (english, french) in texts() {
        assert!(!french.trim().is_empty(), "{english:?}");
        assert_eq!(shown(&french), shown(&english), "{english:?}: {french:?}");
        let mixed = pieces(&french).any(|piece| matches!(piece, Piece::Numbered(_)))
            && pieces(&french).any(|piece| matches!(piece, Piece::Next));
        assert!(!mixed, "numbers for all or for none: {french:?}");
    }
}

#[test]
fn french_is_set_as_french_is() {
    for (english, french) in texts() {
        let code_aside = french.replace(" !=", "");
        for breaks in [" :", " ;", " ?", " !", " %", " »", "« "] {
            let is_there = code_aside.contains(breaks);
            assert!(!is_there, "a no-break space in {breaks:?}: {french:?}");
        }
        let is_typed = french.contains('\'') && !english.contains('\'');
        assert!(!is_typed, "an apostrophe is ’: {french:?}");
    }
}

#[test]
fn parts_are_said_in_the_language_of_the_whole() {
    let text = wording!("no {} {} that you may see", wording!("ticket"), 7);
    assert_eq!(text.to_string(), "no ticket 7 that you may see");
    let french = text.written(Lang::Fr);
    assert!(french.starts_with("ticket 7"), "{french}");
}

#[test]
fn what_is_given_stands_as_it_is_whatever_it_holds() {
    let given = "{} {0} {1} ticket";
    let text = wording!("{}; {}", given, "b");
    assert_eq!(text.to_string(), format!("{given}; b"));
    let quoted = wording!("{} is not a time", ?"a\"b");
    assert_eq!(quoted.to_string(), r#""a\"b" is not a time"#);
    let braces = wording!("there are {{}}", "name}, {site");
    assert_eq!(braces.to_string(), "there are {name}, {site}");
    let both = Both { en: "a", fr: "b" };
    let both = wording!("{}", both);
    let shown = [Lang::En, Lang::Fr].map(|lang| both.written(lang));
    assert_eq!(shown, ["a", "b"]);
}

//! What is wrong with a machine: which finding is read first, and all of them in one sentence. Pure.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::message::Lang;

/// A finding, as far as its place among others goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `check/subject`
    pub key: String,
    /// Key of the finding that explains it.
    pub explained_by: Option<String>,
    pub weight: Weight,
}

/// How bad a finding is: what is known to be broken outweighs what is not known, as for `check_multi` of the monitoring
/// plugins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Ok,
    Unknown,
    Warning,
    Critical,
}

impl Weight {
    fn is_bad(self) -> bool {
        self >= Self::Warning
    }
}

/// Puts causes before consequences, the worst first; what explains something is as bad as that. Of equals, the order
/// stays.
pub fn in_reading_order<T>(all: &mut [T], place: impl Fn(&T) -> Place) {
    let mut explained: HashMap<String, Weight> = HashMap::new();
    for one in all.iter() {
        let place = place(one);
        if let Some(by) = place.explained_by {
            let weight = explained.entry(by).or_insert(Weight::Ok);
            *weight = place.weight.max(*weight);
        }
    }
    all.sort_by_cached_key(|one| {
        let place = place(one);
        let of_others = explained.get(&place.key).copied().unwrap_or(Weight::Ok);
        (
            place.weight == Weight::Ok,
            place.explained_by.is_some(),
            Reverse(place.weight.max(of_others)),
            // Of two that weigh the same, the one that explains others.
            Reverse(of_others),
        )
    });
}

/// Answers 'what is wrong with this machine?'. `all`: in the order of reading, each with what it says to the reader.
pub fn sentence<'a>(all: impl IntoIterator<Item = (Place, &'a str)>, lang: Lang) -> String {
    let all: Vec<(Place, &str)> = all.into_iter().collect();
    let root = all
        .iter()
        .find(|(place, _)| place.weight.is_bad() && place.explained_by.is_none());
    let Some((root, said)) = root.or_else(|| all.iter().find(|(place, _)| place.weight.is_bad()))
    else {
        return well(&all, lang);
    };
    let n = |is: &dyn Fn(&Place) -> bool| {
        let others = all.iter().filter(|(place, _)| place.key != root.key);
        others
            .filter(|(place, _)| place.weight.is_bad() && is(place))
            .count()
    };
    let of_root = |place: &Place| place.explained_by.as_deref() == Some(&root.key);
    let n_consequences = n(&of_root);
    let n_others = n(&|place| !of_root(place));
    let mut sentence = said.trim_end_matches('.').to_owned();
    sentence.push_str(&match (n_consequences, lang) {
        (0, _) => String::new(),
        (1, Lang::En) => ", which explains another finding".to_owned(),
        (n, Lang::En) => format!(", which explains {n} other findings"),
        (1, Lang::Fr) => ", ce qui explique un autre constat".to_owned(),
        (n, Lang::Fr) => format!(", ce qui explique {n} autres constats"),
    });
    sentence.push_str(&match (n_others, lang) {
        (0, _) => String::new(),
        (1, Lang::En) => "; something else is wrong too".to_owned(),
        (n, Lang::En) => format!("; {n} other things are wrong too"),
        (1, Lang::Fr) => " ; autre chose ne va pas non plus".to_owned(),
        (n, Lang::Fr) => format!(" ; {n} autres choses ne vont pas non plus"),
    });
    sentence.push('.');
    sentence
}

/// Nothing is known to be broken.
fn well(all: &[(Place, &str)], lang: Lang) -> String {
    let n_unknown = all
        .iter()
        .filter(|(place, _)| place.weight == Weight::Unknown)
        .count();
    match (all.len(), n_unknown, lang) {
        (0, _, Lang::En) => "Nothing has been checked yet.".to_owned(),
        (0, _, Lang::Fr) => "Rien n'a encore été vérifié.".to_owned(),
        (_, 0, Lang::En) => "Nothing wrong was found.".to_owned(),
        (_, 0, Lang::Fr) => "Aucune anomalie n'a été trouvée.".to_owned(),
        (_, 1, Lang::En) => "Nothing wrong was found; one check could not tell.".to_owned(),
        (_, n, Lang::En) => format!("Nothing wrong was found; {n} checks could not tell."),
        (_, 1, Lang::Fr) => {
            "Aucune anomalie n'a été trouvée ; une vérification n'a pas pu conclure.".to_owned()
        }
        (_, n, Lang::Fr) => {
            format!("Aucune anomalie n'a été trouvée ; {n} vérifications n'ont pas pu conclure.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `weight key < cause`, one a line; what it says is its key in capitals.
    fn all(text: &str) -> Vec<(Place, String)> {
        text.lines()
            .map(|line| {
                let (line, by) = match line.split_once(" < ") {
                    Some((line, by)) => (line, Some(by.to_owned())),
                    None => (line, None),
                };
                let (weight, key) = line.trim().split_once(' ').unwrap();
                let weight = match weight {
                    "critical" => Weight::Critical,
                    "warning" => Weight::Warning,
                    "unknown" => Weight::Unknown,
                    _ => Weight::Ok,
                };
                let place = Place {
                    key: key.to_owned(),
                    explained_by: by,
                    weight,
                };
                (place, key.to_uppercase())
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, en: &str, fr: &str) {
        let all = all(text);
        let said = || {
            all.iter()
                .map(|(place, said)| (place.clone(), said.as_str()))
        };
        assert_eq!(sentence(said(), Lang::En), en);
        assert_eq!(sentence(said(), Lang::Fr), fr);
    }

    #[test]
    fn one_sentence_says_what_is_wrong() {
        check(
            "",
            "Nothing has been checked yet.",
            "Rien n'a encore été vérifié.",
        );
        check(
            "ok a\nok b",
            "Nothing wrong was found.",
            "Aucune anomalie n'a été trouvée.",
        );
        check(
            "ok a\nunknown b\nunknown c",
            "Nothing wrong was found; 2 checks could not tell.",
            "Aucune anomalie n'a été trouvée ; 2 vérifications n'ont pas pu conclure.",
        );
        check("warning a\nunknown b", "A.", "A.");
        check(
            "critical a\nwarning b < a\ncritical c < a\nok d",
            "A, which explains 2 other findings.",
            "A, ce qui explique 2 autres constats.",
        );
        check(
            "critical a\nwarning x\nwarning b < a\nwarning y < x",
            "A, which explains another finding; 2 other things are wrong too.",
            "A, ce qui explique un autre constat ; 2 autres choses ne vont pas non plus.",
        );
        // The cause was not looked at.
        check("critical b < a", "B.", "B.");
    }

    #[test]
    fn causes_come_first_and_weigh_what_they_explain() {
        let mut all =
            all("ok z\nunknown u\nwarning w\ncritical b < a\nwarning a\ncritical c\nwarning d < w");
        in_reading_order(&mut all, |(place, _)| place.clone());
        let keys: Vec<&str> = all.iter().map(|(place, _)| place.key.as_str()).collect();
        assert_eq!(keys, ["a", "c", "w", "u", "b", "d", "z"]);
    }
}

//! The words of the console, for a page that is read without it: one catalogue says what an event, a state or a piece of work is
//! called, wherever it is read.

use std::sync::LazyLock;

use serde_json::Value;
use sonde_proto::message::Lang;

static EN: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../web/src/locales/en.json")));
static FR: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../web/src/locales/fr.json")));

fn read(catalogue: &str) -> Value {
    serde_json::from_str(catalogue).unwrap_or_default()
}

/// The console's words in one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Lang);

impl Words {
    /// What stands under a key like `event.state.open`, with `{{names}}` filled in; none: there is no such key.
    pub(super) fn find(self, key: &str, filled: &[(&str, &str)]) -> Option<String> {
        let catalogue = match self.0 {
            Lang::En => &*EN,
            Lang::Fr => &*FR,
        };
        let text = key.split('.').try_fold(catalogue, |at, part| at.get(part));
        Some(fill(text?.as_str()?, filled))
    }

    /// The same of a word that may be of a later version: then the word itself.
    pub(super) fn word(self, area: &str, word: &str) -> String {
        let found = self.find(&format!("{area}.{word}"), &[]);
        found.unwrap_or_else(|| word.replace('_', " "))
    }

    /// Between a thing and what is said of it.
    pub(super) fn colon(self) -> &'static str {
        match self.0 {
            Lang::En => ": ",
            Lang::Fr => "\u{a0}: ",
        }
    }

    /// How many there are, as the language counts (Unicode CLDR, plural rules): `{key}_one` and `{key}_other`.
    pub(super) fn count(self, key: &str, count: u64) -> String {
        let is_one = match self.0 {
            Lang::En => count == 1,
            Lang::Fr => count < 2,
        };
        let form = if is_one { "one" } else { "other" };
        let filled = [("count", &*count.to_string())];
        let found = self.find(&format!("{key}_{form}"), &filled);
        found.unwrap_or_else(|| count.to_string())
    }
}

/// What is filled in is not looked at again: it may hold braces of its own.
fn fill(template: &str, filled: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        text.push_str(before);
        let known = filled.iter().find(|(known, _)| *known == name);
        text.push_str(known.map_or("", |(_, value)| value));
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let filled = [("a", "{{b}}"), ("b", "no")];
        assert_eq!(fill("x {{a}} {{b}} {{c}}y {{", &filled), "x {{b}} no y {{");
    }

    #[test]
    fn both_languages_have_their_words_and_what_is_new_stands_as_it_is() {
        assert_eq!(Words(Lang::En).word("state", "open"), "Open");
        assert_eq!(Words(Lang::Fr).word("state", "open"), "Ouvert");
        assert_eq!(Words(Lang::Fr).word("state", "not_yet"), "not yet");
        assert_eq!(Words(Lang::Fr).find("event.nothing", &[]), None);
        assert_eq!(Words(Lang::En).count("work.well", 2), "2 findings are well");
    }
}

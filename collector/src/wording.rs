//! What the collector says to people: a sentence whose English is its id, written in the language of whoever reads it.

mod french;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use std::fmt;

use sonde_proto::message::Lang;

/// A sentence or a part of one. It is made by [`wording!`] alone, so that a test finds all of them in the source.
#[derive(Clone)]
pub struct Wording {
    template: &'static str,
    parts: Box<[Part]>,
}

/// What stands in the place of a `{}`.
#[derive(Clone)]
pub enum Part {
    /// A name, a number, the words of a user or of a library: the same in every language.
    Given(Box<str>),
    /// What a device says in both.
    Both {
        en: Box<str>,
        fr: Box<str>,
    },
    Said(Wording),
}

/// A text that is there in both languages.
pub(crate) struct Both<'a> {
    pub(crate) en: &'a str,
    pub(crate) fr: &'a str,
}

/// What may be a part as it is; anything else says by `%` or `?` that it is the same in every language.
pub trait Spoken {
    fn part(&self) -> Part;
}

/// A [`Wording`]: `wording!("there is no table {}", name)`. Each `{}` is the next argument, which is a text, a number
/// or another wording; `%error` is shown as `Display` has it and `?name` as `Debug`. Other braces stand for themselves.
macro_rules! wording {
    ($template:literal $($parts:tt)*) => {
        $crate::wording::wording!(@next $template [] $($parts)*)
    };
    (@next $template:literal [$($done:expr,)*] $(,)?) => {{
        const _: () = assert!(
            $crate::wording::holes($template) == <[&str]>::len(&[$(stringify!($done)),*]),
            "a wording has as many arguments as holes"
        );
        $crate::wording::Wording::new($template, Box::new([$($done),*]))
    }};
    (@next $template:literal [$($done:expr,)*] , ? $part:expr $(, $($rest:tt)*)?) => {
        $crate::wording::wording!(@next $template [$($done,)* $crate::wording::Part::given(format!("{:?}", $part)),] $(, $($rest)*)?)
    };
    (@next $template:literal [$($done:expr,)*] , % $part:expr $(, $($rest:tt)*)?) => {
        $crate::wording::wording!(@next $template [$($done,)* $crate::wording::Part::given($part.to_string()),] $(, $($rest)*)?)
    };
    (@next $template:literal [$($done:expr,)*] , $part:expr $(, $($rest:tt)*)?) => {
        $crate::wording::wording!(@next $template [$($done,)* $crate::wording::Spoken::part(&$part),] $(, $($rest)*)?)
    };
}
pub(crate) use wording;

impl Wording {
    /// For [`wording!`].
    pub(crate) fn new(template: &'static str, parts: Box<[Part]>) -> Self {
        Self { template, parts }
    }

    /// One after the other, with commas.
    pub(crate) fn listed(all: Vec<Self>) -> Self {
        let all = all.into_iter();
        let listed = all.reduce(|listed, next| wording!("{}, {}", listed, next));
        listed.unwrap_or_else(|| wording!("{}", ""))
    }

    pub fn written(&self, lang: Lang) -> String {
        let mut text = String::new();
        self.write(lang, &mut text);
        text
    }

    fn write(&self, lang: Lang, text: &mut String) {
        let pattern = match lang {
            Lang::En => self.template,
            Lang::Fr => french::of(self.template),
        };
        let mut next = 0;
        for piece in pieces(pattern) {
            let at = match piece {
                Piece::Text(own) => {
                    text.push_str(own);
                    continue;
                }
                Piece::Next => next,
                Piece::Numbered(at) => at,
            };
            next += 1;
            match self.parts.get(at) {
                Some(Part::Given(given)) => text.push_str(given),
                Some(Part::Both { en, fr }) => text.push_str(match lang {
                    Lang::Fr if !fr.is_empty() => fr,
                    Lang::En | Lang::Fr => en,
                }),
                Some(Part::Said(said)) => said.write(lang, text),
                None => {}
            }
        }
    }
}

/// In English.
impl fmt::Display for Wording {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.written(Lang::En))
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.written(Lang::En), out)
    }
}

/// Those that say the same are the same.
impl PartialEq for Wording {
    fn eq(&self, other: &Self) -> bool {
        self.written(Lang::En) == other.written(Lang::En)
    }
}

impl Eq for Wording {}

impl Part {
    /// For [`wording!`].
    pub(crate) fn given(text: String) -> Self {
        Self::Given(text.into())
    }
}

impl Spoken for Wording {
    fn part(&self) -> Part {
        Part::Said(self.clone())
    }
}

impl Spoken for str {
    fn part(&self) -> Part {
        Part::Given(self.into())
    }
}

impl<T: Spoken + ?Sized> Spoken for &T {
    fn part(&self) -> Part {
        (**self).part()
    }
}

impl<T: Spoken + ?Sized> Spoken for &mut T {
    fn part(&self) -> Part {
        (**self).part()
    }
}

impl Spoken for Both<'_> {
    fn part(&self) -> Part {
        Part::Both {
            en: self.en.into(),
            fr: self.fr.into(),
        }
    }
}

macro_rules! spoken {
    ($($same:ty),*) => {
        $(impl Spoken for $same {
            fn part(&self) -> Part {
                Part::Given(self.to_string().into())
            }
        })*
    };
}
spoken!(
    String,
    Box<str>,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i16,
    i32,
    i64,
    f64
);

enum Piece<'a> {
    Text(&'a str),
    /// `{}`
    Next,
    /// `{1}`
    Numbered(usize),
}

fn pieces(pattern: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        let at = (0..rest.len()).find_map(|at| Some((at, hole(rest.as_bytes(), at)?)));
        match at {
            _ if rest.is_empty() => None,
            Some((0, (piece, length))) => {
                rest = &rest[length..];
                Some(piece)
            }
            Some((at, _)) => {
                let (own, behind) = rest.split_at(at);
                rest = behind;
                Some(Piece::Text(own))
            }
            None => Some(Piece::Text(std::mem::take(&mut rest))),
        }
    })
}

/// The hole that begins there, and its length.
fn hole(pattern: &[u8], at: usize) -> Option<(Piece<'static>, usize)> {
    match pattern.get(at..)? {
        [b'{', b'}', ..] => Some((Piece::Next, 2)),
        [b'{', digit @ b'0'..=b'9', b'}', ..] => {
            Some((Piece::Numbered(usize::from(digit - b'0')), 3))
        }
        _ => None,
    }
}

/// How many `{}` a template has, for [`wording!`].
pub(crate) const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut at, mut n) = (1, 0);
    while at < bytes.len() {
        if bytes[at - 1] == b'{' && bytes[at] == b'}' {
            n += 1;
        }
        at += 1;
    }
    n
}

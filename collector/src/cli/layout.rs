//! How a table fits a width: lines end between words, and what is too long for that is shortened with "…".

/// Spaces beside each column.
const PADDING: usize = 2;
/// No column's words are shortened to less.
const LEAST: usize = 8;

/// A column of a table, before it has a width.
pub(super) struct Column {
    /// An id in two lines cannot be copied, a shortened one neither.
    pub(super) is_whole: bool,
    /// Characters of its longest word, or line where it is whole.
    pub(super) longest: usize,
}

impl Column {
    pub(super) fn new<'t>(is_whole: bool, texts: impl Iterator<Item = &'t str>) -> Self {
        let parts = texts.flat_map(|text| match is_whole {
            true => text.split('\n').collect::<Vec<_>>(),
            false => text.split([' ', '\n']).collect(),
        });
        let lengths = parts.map(|part| part.chars().count());
        Self {
            is_whole,
            longest: lengths.max().unwrap_or_default(),
        }
    }
}

/// How long the words of each column may be, so that all stand beside each other within the width.
pub(super) fn limits(columns: &[Column], width: usize) -> Vec<usize> {
    let room = width.saturating_sub(PADDING * columns.len());
    let mut limits: Vec<usize> = columns.iter().map(|column| column.longest).collect();
    while limits.iter().sum::<usize>() > room {
        let longest = limits
            .iter_mut()
            .zip(columns)
            .filter(|(limit, column)| !column.is_whole && **limit > LEAST)
            .max_by_key(|(limit, _)| **limit);
        match longest {
            Some((limit, _)) => *limit -= 1,
            None => break,
        }
    }
    limits
}

/// The text with every word within the limit.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let words = text.split_inclusive([' ', '\n']);
    let shortened = words.map(|word| {
        let bare = word.trim_end_matches([' ', '\n']);
        match bare.chars().count() > limit {
            false => word.to_owned(),
            true => {
                let kept: String = bare.chars().take(limit.saturating_sub(1)).collect();
                format!("{kept}…{}", &word[bare.len()..])
            }
        }
    });
    shortened.collect()
}

/// The least width that a column with this limit needs.
pub(super) fn least_width(limit: usize) -> u16 {
    u16::try_from(limit + PADDING).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(is_whole: bool, text: &str) -> Column {
        Column::new(is_whole, std::iter::once(text))
    }

    #[test]
    fn the_longest_words_are_shortened_and_ids_are_not() {
        let columns = [
            column(true, "5k2abcdefghijklmnopqrstuvw"),
            column(false, "short words"),
            column(false, &"x".repeat(100)),
        ];
        assert_eq!(limits(&columns, 400), [26, 5, 100]);
        assert_eq!(limits(&columns, 80), [26, 5, 43]);
        // Where there is no room at all, nothing is shortened beyond what can be told apart.
        assert_eq!(limits(&columns, 20), [26, 5, 8]);
    }

    #[test]
    fn a_word_that_is_too_long_says_that_it_goes_on() {
        assert_eq!(
            shorten("a/very/long/path and\nmore", 8),
            "a/very/… and\nmore"
        );
        assert_eq!(shorten("short", 8), "short");
    }
}

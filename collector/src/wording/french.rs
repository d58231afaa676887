//! What the collector says, in French: each English sentence with its French one, a file for each part of the collector.

use std::collections::HashMap;
use std::sync::LazyLock;

/// English to French.
pub(super) type Texts = HashMap<String, String>;

pub(super) const FILES: &[&str] = &[
    include_str!("fr/api.toml"),
    include_str!("fr/desk.toml"),
    include_str!("fr/store.toml"),
    include_str!("fr/rest.toml"),
];

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let texts = |file: &&str| toml::from_str::<Texts>(file).unwrap_or_default();
    FILES.iter().flat_map(texts).collect()
});

/// The template in French; the English where there is none.
pub(super) fn of(template: &'static str) -> &'static str {
    TEXTS.get(template).map_or(template, String::as_str)
}

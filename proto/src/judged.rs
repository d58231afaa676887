//! Whether a declaration is one: judged before it is kept, since all that comes later is read by it.

use prost::Message as _;

use crate::caps;
use crate::text::harmless;
use crate::v1::{self, declaration::Body};

/// Longest name of a table, a column, a parameter or a limit.
pub const NAME_BYTES: usize = 64;
/// Checks, actions or shared texts of one catalogue, and texts of one check or action.
pub const ENTRIES: usize = 1024;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongDeclaration {
    #[error("it cannot be read")]
    Unreadable,
    #[error("{what}: {name:?} is no name of at most {longest} bytes")]
    Name {
        what: &'static str,
        name: String,
        longest: usize,
    },
    #[error("{what}: {name:?} stands there twice")]
    Twice { what: &'static str, name: String },
    #[error("{what}: {n} of them, where {most} are the most")]
    TooMany {
        what: &'static str,
        n: usize,
        most: usize,
    },
    #[error("table {0:?} has no column")]
    NoColumn(String),
    #[error("{of:?} has a text with control characters")]
    Text { of: String },
}

/// Reads a declaration, and refuses one that no store or screen could do with: names that are none or too long or
/// there twice, too much of anything, texts with control or bidirectional characters.
pub fn judge(bytes: &[u8]) -> Result<Body, WrongDeclaration> {
    let declaration = v1::Declaration::decode(bytes).ok();
    let body = declaration.and_then(|declaration| declaration.body);
    let body = body.ok_or(WrongDeclaration::Unreadable)?;
    match &body {
        Body::Table(table) => judge_table(table)?,
        Body::Catalogue(catalogue) => judge_catalogue(catalogue)?,
    }
    Ok(body)
}

fn judge_table(table: &v1::TableDeclaration) -> Result<(), WrongDeclaration> {
    named("table", &table.name, NAME_BYTES)?;
    if table.columns.is_empty() {
        return Err(WrongDeclaration::NoColumn(table.name.clone()));
    }
    all_named(
        "columns",
        table.columns.iter().map(|column| column.name.as_str()),
        caps::COLUMNS,
    )?;
    readable(
        &table.name,
        table.columns.iter().map(|column| column.unit.as_str()),
    )?;
    judge_parameters(&table.name, &table.parameters)
}

fn judge_catalogue(catalogue: &v1::Catalogue) -> Result<(), WrongDeclaration> {
    let ids = catalogue.checks.iter().map(|check| check.id.as_str());
    all_ids("checks", ids)?;
    let ids = catalogue.actions.iter().map(|action| action.id.as_str());
    all_ids("actions", ids)?;
    for check in &catalogue.checks {
        let limits = check.limits.iter().map(|limit| limit.name.as_str());
        all_named("limits", limits, ENTRIES)?;
        let units = check.limits.iter().map(|limit| limit.unit.as_str());
        let remedies = check.remedies.iter().map(String::as_str);
        let titles = [check.title_en.as_str(), check.title_fr.as_str()];
        readable(&check.id, units.chain(remedies).chain(titles))?;
        judge_texts(&check.id, &check.texts)?;
    }
    for action in &catalogue.actions {
        let titles = [
            action.title_en.as_str(),
            action.title_fr.as_str(),
            action.verified_by.as_str(),
        ];
        readable(&action.id, titles.into_iter())?;
        judge_texts(&action.id, &action.texts)?;
        judge_parameters(&action.id, &action.parameters)?;
    }
    judge_texts("texts", &catalogue.texts)
}

fn judge_parameters(
    of: &str,
    parameters: &[v1::ParameterDeclaration],
) -> Result<(), WrongDeclaration> {
    let names = parameters.iter().map(|parameter| parameter.name.as_str());
    all_named("parameters", names, caps::PARAMETERS)?;
    readable(
        of,
        parameters.iter().flat_map(|parameter| {
            let helps = [parameter.help_en.as_str(), parameter.help_fr.as_str()];
            let choices = parameter.choices.iter().map(String::as_str);
            choices.chain(helps)
        }),
    )
}

fn judge_texts(of: &str, texts: &[v1::Text]) -> Result<(), WrongDeclaration> {
    few("texts", texts.len(), ENTRIES)?;
    readable(
        of,
        texts.iter().flat_map(|text| {
            [&text.id, &text.en, &text.fr, &text.user_en, &text.user_fr].map(String::as_str)
        }),
    )
}

/// Ids of checks or actions: `disk.space`, versions of one beside each other.
fn all_ids<'a>(
    what: &'static str,
    ids: impl ExactSizeIterator<Item = &'a str>,
) -> Result<(), WrongDeclaration> {
    few(what, ids.len(), ENTRIES)?;
    ids.into_iter()
        .try_for_each(|id| named(what, id, caps::CHECK_BYTES))
}

fn all_named<'a>(
    what: &'static str,
    names: impl ExactSizeIterator<Item = &'a str>,
    most: usize,
) -> Result<(), WrongDeclaration> {
    few(what, names.len(), most)?;
    let mut seen = Vec::with_capacity(names.len());
    for name in names {
        named(what, name, NAME_BYTES)?;
        if seen.contains(&name) {
            return Err(WrongDeclaration::Twice {
                what,
                name: name.to_owned(),
            });
        }
        seen.push(name);
    }
    Ok(())
}

fn few(what: &'static str, n: usize, most: usize) -> Result<(), WrongDeclaration> {
    match n <= most {
        true => Ok(()),
        false => Err(WrongDeclaration::TooMany { what, n, most }),
    }
}

/// Letters, digits, and what stands between words.
fn named(what: &'static str, name: &str, longest: usize) -> Result<(), WrongDeclaration> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if (1..=longest).contains(&name.len()) && name.chars().all(is_plain) {
        return Ok(());
    }
    let name = name.chars().take(longest).collect();
    Err(WrongDeclaration::Name {
        what,
        name,
        longest,
    })
}

fn readable<'a>(
    of: &str,
    mut texts: impl Iterator<Item = &'a str>,
) -> Result<(), WrongDeclaration> {
    match texts
        .all(|text| text.len() <= caps::TEXT_BYTES && text.chars().all(|c| harmless(c, true)))
    {
        true => Ok(()),
        false => Err(WrongDeclaration::Text { of: of.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::encode;

    fn table(name: &str, columns: &[&str]) -> Vec<u8> {
        let columns = columns.iter().map(|name| v1::Column {
            name: (*name).to_owned(),
            ..v1::Column::default()
        });
        encode(Body::Table(v1::TableDeclaration {
            name: name.to_owned(),
            columns: columns.collect(),
            ..v1::TableDeclaration::default()
        }))
        .1
    }

    fn check(id: &str, title: &str) -> Vec<u8> {
        let check = v1::CheckDeclaration {
            id: id.to_owned(),
            title_en: title.to_owned(),
            ..v1::CheckDeclaration::default()
        };
        encode(Body::Catalogue(v1::Catalogue {
            checks: vec![check],
            ..v1::Catalogue::default()
        }))
        .1
    }

    #[track_caller]
    fn refused(bytes: &[u8], expected: &str) {
        let said = judge(bytes).map_err(|wrong| wrong.to_string());
        assert!(
            said.as_ref().is_err_and(|said| said.contains(expected)),
            "{said:?}"
        );
    }

    #[test]
    fn what_could_not_be_kept_or_shown_is_refused() {
        assert!(judge(&table("os", &["name", "version"])).is_ok());
        assert!(judge(&check("disk.space", "Room")).is_ok());
        refused(b"\xff", "cannot be read");
        refused(b"", "cannot be read");
        refused(&table("", &["a"]), "is no name");
        refused(&table(&"x".repeat(3000), &["a"]), "is no name");
        refused(&table("os", &["a\0"]), "is no name");
        refused(&table("os", &["a", "b", "a"]), "stands there twice");
        refused(&table("os", &[]), "no column");
        let many: Vec<String> = (0..=caps::COLUMNS).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        refused(&table("os", &many), "65 of them");
        refused(&check("disk space", "Room"), "is no name");
        refused(&check("disk.space", "Room\u{202e}"), "control characters");
    }
}

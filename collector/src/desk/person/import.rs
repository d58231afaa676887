//! Persons from a list in CSV (RFC 4180): what its lines say, and whom each of them is about. A list is taken whole or not
//! at all.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use super::{Details, Language, folded, mail, telephone};
use crate::wording::{Wording, wording};

/// Lines of a list, without its header.
pub const MOST_LINES: usize = 2_000;
/// Columns that a list can have; only the first has to be there.
const COLUMNS: [&str; 6] = ["name", "phone", "mail", "language", "site", "group"];
/// Things that are wrong with a list and told at once.
const MOST_TOLD: usize = 20;
/// What to do about a list that is refused.
pub fn remedy() -> Wording {
    wording!("nothing was taken: correct these lines and send the whole list again")
}

/// Stands between several values in one cell.
const BETWEEN: char = '|';

/// Something that is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.wording())]
pub struct Wrong {
    /// The header is the first.
    pub line: u64,
    /// Name of a column; none: the line as a whole.
    pub field: Option<&'static str>,
    pub reason: Wording,
}

impl Wrong {
    fn new(line: u64, field: Option<&'static str>, reason: Wording) -> Self {
        Self {
            line,
            field,
            reason,
        }
    }

    fn wording(&self) -> Wording {
        match self.field {
            Some(field) => wording!("line {}, {}: {}", self.line, field, self.reason),
            None => wording!("line {}: {}", self.line, self.reason),
        }
    }
}

/// What is wrong with a list, in a line.
pub fn told(wrongs: &[Wrong]) -> Wording {
    let first = wrongs.iter().take(MOST_TOLD).map(Wrong::wording);
    let told = first.reduce(|told, next| wording!("{}; {}", told, next));
    let told = told.unwrap_or_else(|| wording!("{}", ""));
    match wrongs.len().saturating_sub(MOST_TOLD) {
        0 => told,
        n_more => wording!("{}; and {} more", told, n_more),
    }
}

/// A line of a list. What is empty says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub line: u64,
    pub name: String,
    pub phones: Vec<String>,
    pub mails: Vec<String>,
    pub language: Option<Language>,
    pub site: Option<String>,
    pub group: Option<String>,
}

impl Line {
    /// By what the persons it can be about are found: telephone numbers and mail addresses as they are compared.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let phones = self.phones.iter().filter_map(|text| telephone(text));
        phones.chain(self.mails.iter().filter_map(|text| mail(text)))
    }
}

/// A person that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<K> {
    pub key: K,
    pub site: String,
    pub details: Details,
}

/// A person as a list makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<K> {
    /// None: a new one.
    pub key: Option<K>,
    pub site: String,
    pub details: Details,
    /// The person is there, and the list says nothing new.
    pub is_same: bool,
}

/// The lines of a list: commas between the cells or, as spreadsheets in France write it, semicolons.
///
/// # Errors
/// What is wrong with its form, line by line.
pub fn read(text: &str) -> Result<Vec<Line>, Vec<Wrong>> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = match header.contains(';') && !header.contains(',') {
        true => b';',
        false => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = columns(&mut reader).map_err(|wrong| vec![wrong])?;
    let (mut lines, mut wrongs) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let at = error.position().map_or(0, csv::Position::line);
                wrongs.push(Wrong::new(at, None, wording!("it is not CSV")));
                break;
            }
        };
        let at = record.position().map_or(0, csv::Position::line);
        if lines.len() == MOST_LINES {
            let reason = wording!("more than {} lines: send the list in parts", MOST_LINES);
            wrongs.push(Wrong::new(at, None, reason));
            break;
        }
        match line(at, &columns, &record) {
            Ok(line) => lines.push(line),
            Err(wrong) => wrongs.push(wrong),
        }
    }
    match wrongs.is_empty() {
        true => Ok(lines),
        false => Err(wrongs),
    }
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<&'static str>, Wrong> {
    let wrong = |reason: Wording| Wrong::new(1, None, reason);
    let expected = COLUMNS.join(",");
    let header = reader
        .headers()
        .map_err(|_| wrong(wording!("the header is not CSV: {}", expected)))?;
    let mut columns = Vec::with_capacity(header.len());
    for name in header {
        let known = COLUMNS
            .into_iter()
            .find(|known| name.trim().eq_ignore_ascii_case(known));
        match known {
            Some(known) if columns.contains(&known) => {
                return Err(wrong(wording!("the column {} is there twice", known)));
            }
            Some(known) => columns.push(known),
            None => {
                let name = plain(name);
                return Err(wrong(wording!(
                    "no column is named {}: {}",
                    ?name,
                    expected
                )));
            }
        }
    }
    match columns.contains(&"name") {
        true => Ok(columns),
        false => Err(wrong(wording!("it has no column name: {}", expected))),
    }
}

/// One line of harmless text.
fn plain(cell: &str) -> String {
    sonde_proto::text::clean(cell.trim(), usize::MAX, false).into_owned()
}

fn line(at: u64, columns: &[&'static str], record: &csv::StringRecord) -> Result<Line, Wrong> {
    if record.len() != columns.len() {
        let (n, header) = (record.len(), columns.len());
        let reason = wording!("it has {} cells where the header has {}", n, header);
        return Err(Wrong::new(at, None, reason));
    }
    let mut line = Line {
        line: at,
        ..Line::default()
    };
    for (column, cell) in columns.iter().zip(record) {
        let text = plain(cell);
        if text.is_empty() {
            continue;
        }
        let several = || {
            let parts = text.split(BETWEEN).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned)
        };
        match *column {
            "name" => line.name = text,
            "phone" => line.phones = several().collect(),
            "mail" => line.mails = several().collect(),
            "site" => line.site = Some(text),
            "group" => line.group = Some(text),
            _ => {
                let language = Language::named(&text.to_lowercase());
                line.language = Some(language.ok_or_else(|| {
                    Wrong::new(
                        at,
                        Some("language"),
                        wording!("{} is neither en nor fr", ?text),
                    )
                })?);
            }
        }
    }
    Ok(line)
}

/// Whom each line is about: who has one of its mail addresses; else who has one of its telephone numbers, a name that
/// agrees with its name in a word, and no other mail address; else somebody new. What a line says takes the place of what
/// was known.
///
/// `sites`: those that the list may name. `site`: of a new person whose line names none.
///
/// # Errors
/// What is wrong, line by line.
pub fn plan<K: Copy + PartialEq>(
    lines: Vec<Line>,
    known: Vec<Known<K>>,
    sites: &BTreeSet<String>,
    site: &str,
) -> Result<Vec<Planned<K>>, Vec<Wrong>> {
    let mut people = People::default();
    for known in known {
        people.add(Some(known.key), known.site, known.details);
    }
    let (mut planned, mut wrongs) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        match people.take(line, sites, site) {
            Ok(person) => planned.push(person),
            Err(wrong) => wrongs.push(wrong),
        }
    }
    match wrongs.is_empty() {
        true => Ok(planned),
        false => Err(wrongs),
    }
}

/// Two folded names have a word in common.
fn agree(name: &str, other: &str) -> bool {
    name.split(' ')
        .any(|word| other.split(' ').any(|of_it| of_it == word))
}

struct One<K> {
    key: Option<K>,
    site: String,
    details: Details,
    /// The line that was about them.
    line: Option<u64>,
}

/// Everybody known so far, with places by what they are found by.
struct People<K> {
    all: Vec<One<K>>,
    by_mail: HashMap<String, Vec<usize>>,
    by_phone: HashMap<String, Vec<usize>>,
}

impl<K> Default for People<K> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            by_mail: HashMap::new(),
            by_phone: HashMap::new(),
        }
    }
}

impl<K: Copy + PartialEq> People<K> {
    fn add(&mut self, key: Option<K>, site: String, details: Details) -> usize {
        let place = self.all.len();
        self.all.push(One {
            key,
            site,
            details,
            line: None,
        });
        self.index(place);
        place
    }

    fn index(&mut self, place: usize) {
        let details = &self.all[place].details;
        for key in details.mails.iter().filter_map(|text| mail(text)) {
            let places = self.by_mail.entry(key).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        for key in details.phones.iter().filter_map(|text| telephone(text)) {
            let places = self.by_phone.entry(key).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    /// Who it is about, and by which column; none: somebody new.
    fn found(&self, line: &Line) -> Result<Option<(usize, &'static str)>, Wrong> {
        let places = |keys: Vec<String>, by: &HashMap<String, Vec<usize>>| {
            let places = keys.iter().filter_map(|key| by.get(key)).flatten();
            places.copied().collect::<BTreeSet<usize>>()
        };
        let several =
            |field| Wrong::new(line.line, Some(field), wording!("several persons have it"));
        let mails = line.mails.iter().filter_map(|text| mail(text)).collect();
        let with_mail = places(mails, &self.by_mail);
        if let Some(first) = with_mail.first() {
            return match with_mail.len() {
                1 => Ok(Some((*first, "mail"))),
                _ => Err(several("mail")),
            };
        }
        let phones = line.phones.iter().filter_map(|text| telephone(text));
        let mut with_phone = places(phones.collect(), &self.by_phone);
        // Many have the number of one switchboard: another mail address is another person, and so is another name.
        let name = folded(&line.name);
        with_phone.retain(|at| {
            let known = &self.all[*at].details;
            let is_mail = line.mails.is_empty() || known.mails.is_empty();
            is_mail && (name.is_empty() || agree(&name, &folded(&known.name)))
        });
        if with_phone.len() > 1 {
            with_phone.retain(|at| folded(&self.all[*at].details.name) == name);
            if with_phone.len() != 1 {
                return Err(several("phone"));
            }
        }
        Ok(with_phone.first().map(|at| (*at, "phone")))
    }

    fn take(
        &mut self,
        line: Line,
        sites: &BTreeSet<String>,
        site: &str,
    ) -> Result<Planned<K>, Wrong> {
        let at = line.line;
        if let Some(site) = line.site.as_ref().filter(|site| !sites.contains(*site)) {
            let reason = wording!("no site {} that you may see", ?site);
            return Err(Wrong::new(at, Some("site"), reason));
        }
        let found = self.found(&line)?;
        if let Some((place, field)) = found
            && let Some(other) = self.all[place].line
        {
            let reason = wording!("the same person as on line {}", other);
            return Err(Wrong::new(at, Some(field), reason));
        }
        let before = found.map(|(place, _)| &self.all[place]);
        let mut details = before.map_or_else(
            || Details {
                name: String::new(),
                language: None,
                phones: Vec::new(),
                mails: Vec::new(),
                note: String::new(),
                group: None,
            },
            |before| before.details.clone(),
        );
        if !line.name.is_empty() {
            details.name = line.name;
        }
        if !line.phones.is_empty() {
            details.phones = line.phones;
        }
        if !line.mails.is_empty() {
            details.mails = line.mails;
        }
        details.language = line.language.or(details.language);
        details.group = line.group.or(details.group);
        details.validate().map_err(|refusal| {
            let column = match refusal.field {
                "phones" => "phone",
                "mails" => "mail",
                field => field,
            };
            Wrong::new(at, Some(column), refusal.reason)
        })?;
        let site = line
            .site
            .or_else(|| before.map(|before| before.site.clone()))
            .unwrap_or_else(|| site.to_owned());
        let is_same = before.is_some_and(|before| before.details == details && before.site == site);
        let place = match found {
            Some((place, _)) => place,
            None => self.add(None, site.clone(), details.clone()),
        };
        let one = &mut self.all[place];
        (one.line, one.site) = (Some(at), site.clone());
        one.details = details.clone();
        let key = one.key;
        self.index(place);
        Ok(Planned {
            key,
            site,
            details,
            is_same,
        })
    }
}

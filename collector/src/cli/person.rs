//! Persons: those who are helped.

mod erase;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, lines, when};
use super::{Context, Failure, device, file};

const LANGUAGES: [&str; 2] = ["en", "fr"];
/// Persons that are named where a name fits several.
const MOST_NAMED: usize = 8;

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// List persons by name.
    #[command(after_help = "Example:\n  sonde person list --search durand")]
    List {
        /// Beginnings of words of the name, a telephone number, or a mail address.
        #[arg(long, value_name = "WORDS")]
        search: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only persons after this one: `next` of the page before.
        #[arg(long, value_name = "PERSON")]
        after: Option<String>,
    },
    /// Show a person and their devices.
    #[command(after_help = "Example:\n  sonde person show \"Rosa Durand\"")]
    Show {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
    },
    /// Add a person.
    #[command(
        after_help = "Example:\n  sonde person add \"Rosa Durand\" --phone \"06 12 34 56 78\" --mail rosa@example.org --site lyon"
    )]
    Add {
        /// Their name.
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Set what is known of a person; what is not given stays.
    #[command(
        after_help = "Example:\n  sonde person set \"Rosa Durand\" --phone 4512 --note \"works in the morning\""
    )]
    Set {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
        /// Their name from now on.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Forget a person; tickets keep the name of who asked.
    #[command(after_help = "Example:\n  sonde person remove rosa@example.org")]
    Remove {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
    },
    /// Give all that is held of a person, as JSON; that it was given out is kept.
    #[command(after_help = "Example:\n  sonde person export \"Rosa Durand\" > rosa.json")]
    Export {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
    },
    /// Erase a person for good: tickets keep their facts, under a pseudonym.
    #[command(
        after_help = "Example:\n  sonde person erase rosa@example.org --yes \"Rosa Durand\"\n\nWhat devices and the audit log \
        have kept stays: ARCHITECTURE.md, \"Personal data\"."
    )]
    Erase {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
        /// Their name, just as it is kept: it cannot be taken back.
        #[arg(long, value_name = "NAME")]
        yes: String,
        /// What they wrote goes too.
        #[arg(long)]
        words: bool,
    },
    /// Add and change persons from a list in CSV, whole or not at all.
    #[command(
        after_help = "Example:\n  sonde person import people.csv --site lyon\n\nThe file, of whose columns only the name has to be \
        there:\n  name,phone,mail,language,site,group\n  Rosa Durand,06 12 34 56 78|4512,rosa@example.org,fr,lyon,accounts\n\n\
        Somebody is known by a mail address, else by a telephone number and a word of the\nname. A cell takes the place of what was \
        known; an empty one leaves it.\nSemicolons do for commas."
    )]
    Import {
        /// The file; - reads the standard input.
        file: String,
        /// Of new persons whose line names none.
        #[arg(long)]
        site: Option<String>,
    },
    /// Say that a device is a person's, or that it is not.
    #[command(
        after_help = "Example:\n  sonde person confirm-device \"Rosa Durand\" lab-7\n  sonde person confirm-device \"Rosa Durand\" lab-7 --not"
    )]
    ConfirmDevice {
        /// Id, or what finds only one person: a name, telephone number, or mail address.
        person: String,
        /// Host name, or id.
        device: String,
        /// It is not theirs, or not any more.
        #[arg(long)]
        not: bool,
    },
}

/// What is known of a person beside the name.
#[derive(Debug, Args)]
pub(super) struct Details {
    /// A telephone number; once for each. The ones given are all that there are; an empty one: none.
    #[arg(long = "phone", value_name = "NUMBER")]
    phones: Vec<String>,
    /// A mail address; once for each. The ones given are all that there are; an empty one: none.
    #[arg(long = "mail", value_name = "ADDRESS")]
    mails: Vec<String>,
    /// In which they are spoken to.
    #[arg(long, value_parser = LANGUAGES)]
    language: Option<String>,
    /// Where they belong.
    #[arg(long)]
    site: Option<String>,
    /// For technicians; an empty one: none.
    #[arg(long)]
    note: Option<String>,
    /// Their group; an empty one: none.
    #[arg(long)]
    group: Option<String>,
}

impl Details {
    /// The person with what is given here.
    fn over(self, person: &mut Value) {
        for (name, given) in [("phones", self.phones), ("mails", self.mails)] {
            if !given.is_empty() {
                let given: Vec<String> =
                    given.into_iter().filter(|text| !text.is_empty()).collect();
                person[name] = json!(given);
            }
        }
        for (name, given) in [
            ("language", self.language),
            ("site", self.site),
            ("note", self.note),
            ("group", self.group),
        ] {
            if let Some(given) = given {
                person[name] = json!(given);
            }
        }
    }
}

pub(super) async fn run(
    context: &mut Context,
    command: PersonCommand,
) -> Result<ExitCode, Failure> {
    match command {
        PersonCommand::List {
            search,
            limit,
            after,
        } => list(context, search, limit, after).await?,
        PersonCommand::Show { person } => {
            let id = resolve(context, &person).await?;
            let person = context.client().await?.get(&path(&id)).await?;
            show(context, &person)?;
        }
        PersonCommand::Add { name, details } => {
            let mut body = json!({ "name": name });
            details.over(&mut body);
            let added = context.client().await?.post("/persons", &body).await?;
            told(context, &added, "is added")?;
        }
        PersonCommand::Set {
            person,
            name,
            details,
        } => set(context, &person, name, details).await?,
        PersonCommand::Remove { person } => {
            let id = resolve(context, &person).await?;
            let client = context.client().await?;
            client.call(Method::DELETE, &path(&id), None).await?;
            if !context.output.json {
                context.output.line(&format!("person {id} is removed"))?;
            }
        }
        PersonCommand::Export { person } => erase::export(context, &person).await?,
        PersonCommand::Erase { person, yes, words } => {
            erase::erase(context, &person, &yes, words).await?;
        }
        PersonCommand::Import { file, site } => import(context, &file, site).await?,
        PersonCommand::ConfirmDevice {
            person,
            device,
            not,
        } => {
            let id = resolve(context, &person).await?;
            let device = device::resolve(context, &device).await?;
            let devices = format!("{}/devices", path(&id));
            let client = context.client().await?;
            let person = match not {
                false => client.post(&devices, &json!({ "device": device })).await?,
                true => {
                    let path = format!("{devices}/{device}");
                    client.call(Method::DELETE, &path, None).await?
                }
            };
            show(context, &person)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(
    context: &mut Context,
    person: &str,
    name: Option<String>,
    details: Details,
) -> Result<(), Failure> {
    let id = resolve(context, person).await?;
    let client = context.client().await?;
    let mut body = client.get(&path(&id)).await?;
    // The version stays: a change that came between is not undone.
    if let Some(known) = body.as_object_mut() {
        for derived in ["id", "devices", "changed_at", "changed_by"] {
            known.remove(derived);
        }
    }
    if let Some(name) = name {
        body["name"] = json!(name);
    }
    details.over(&mut body);
    let set = client.call(Method::PUT, &path(&id), Some(&body)).await?;
    told(context, &set, "is set")
}

fn path(id: &str) -> String {
    format!("/persons/{}", escape(id))
}

/// The id of a person who is named by their id, or by what finds nobody else.
pub(super) async fn resolve(context: &mut Context, person: &str) -> Result<String, Failure> {
    if person.parse::<crate::store::Id>().is_ok() {
        return Ok(person.to_owned());
    }
    let path = format!("/persons?search={}", escape(person));
    let found = context.client().await?.get(&path).await?;
    the_one(person, items(&found))
}

/// The only one, or the only one of just this name.
fn the_one(person: &str, found: &[Value]) -> Result<String, Failure> {
    let named = |one: &&Value| field(one, "name").to_lowercase() == person.to_lowercase();
    let named: Vec<&Value> = found.iter().filter(named).collect();
    match (found, &named[..]) {
        ([], _) => Err(Failure::with_remedy(
            format!("there is no person {person:?} that you may see"),
            "sonde person list",
        )),
        ([one], _) => Ok(field(one, "id")),
        (_, [one]) => Ok(field(one, "id")),
        (several, _) => {
            let first = several.iter().take(MOST_NAMED).map(|one| {
                let mails = field(one, "mails");
                let (id, name, site) = (field(one, "id"), field(one, "name"), field(one, "site"));
                format!("\n  {id}  {name}, {site} {mails}")
            });
            let more = match several.len() > MOST_NAMED {
                true => "\n  and more",
                false => "",
            };
            let first: Vec<String> = first.collect();
            let what = format!("{person:?} fits several persons:{}{more}", first.concat());
            Err(Failure::with_remedy(what, "name them by their id"))
        }
    }
}

async fn list(
    context: &mut Context,
    search: Option<String>,
    limit: u32,
    after: Option<String>,
) -> Result<(), Failure> {
    let mut path = format!("/persons?limit={limit}");
    for (name, value) in [("search", search), ("after", after)] {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", escape(&value)));
        }
    }
    let persons = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&persons)?);
    }
    let rows = items(&persons).iter().map(|person| {
        vec![
            field(person, "name"),
            field(person, "site"),
            field(person, "group"),
            joined(&person["phones"]),
            joined(&person["mails"]),
        ]
    });
    let head = ["name", "site", "group", "telephone", "mail"];
    context.output.table(&head, rows)?;
    Ok(context.output.more(&persons, "after")?)
}

fn joined(texts: &Value) -> String {
    let texts = texts.as_array().into_iter().flatten();
    let texts: Vec<String> = texts.map(super::output::plain).collect();
    texts.join(", ")
}

fn told(context: &Context, person: &Value, what: &str) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(person)?);
    }
    let (id, name) = (field(person, "id"), field(person, "name"));
    Ok(context
        .output
        .line(&format!("{name} {what}: person {id}"))?)
}

fn show(context: &Context, person: &Value) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(person)?);
    }
    for (label, text) in [
        ("person", field(person, "name")),
        ("id", field(person, "id")),
        ("site", field(person, "site")),
        ("group", field(person, "group")),
        ("language", field(person, "language")),
        ("telephone", joined(&person["phones"])),
        ("mail", joined(&person["mails"])),
        (
            "changed",
            format!(
                "{} by {}",
                when(&person["changed_at"]),
                field(person, "changed_by")
            ),
        ),
    ] {
        if !text.is_empty() {
            context.output.line(&format!("{label:<10} {text}"))?;
        }
    }
    let note = lines(&person["note"]);
    if !note.is_empty() {
        context.output.text(&note)?;
    }
    context.output.line("")?;
    let devices = person["devices"].as_array().into_iter().flatten();
    let rows = devices.map(|device| {
        let theirs = match device["confirmed_by"].as_str() {
            Some(_) => format!("confirmed by {}", field(device, "confirmed_by")),
            None => "seen logged on".to_owned(),
        };
        let presence = match device["connected"].as_bool() {
            Some(true) => "connected".to_owned(),
            Some(false) | None => format!("away since {}", when(&device["last_seen"])),
        };
        vec![
            field(device, "hostname"),
            field(device, "status"),
            presence,
            theirs,
        ]
    });
    let head = ["device", "status", "presence", "theirs"];
    Ok(context.output.table(&head, rows)?)
}

async fn import(context: &mut Context, file: &str, site: Option<String>) -> Result<(), Failure> {
    let body = json!({ "csv": file::text(file)?, "site": site });
    let client = context.client().await?;
    let taken = client.post("/persons/import", &body).await?;
    if context.output.json {
        return Ok(context.output.value(&taken)?);
    }
    let (added, changed, same) = (
        field(&taken, "added"),
        field(&taken, "changed"),
        field(&taken, "same"),
    );
    let told = format!("{added} added, {changed} changed, {same} as they were");
    Ok(context.output.line(&told)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(person: &str, found: &[(&str, &str)], expected: Result<&str, &str>) {
        let found: Vec<Value> = found
            .iter()
            .map(|(id, name)| json!({ "id": id, "name": name, "site": "lyon", "mails": ["r@x"] }))
            .collect();
        let named = the_one(person, &found).map_err(|failure| match failure {
            Failure::Other { what, .. } => what,
            Failure::Problem(_) | Failure::Closed => String::new(),
        });
        assert_eq!(named.as_deref().map_err(|what| &**what), expected);
    }

    #[test]
    fn a_person_is_named_by_what_fits_nobody_else() {
        check("dur", &[("1", "Rosa Durand")], Ok("1"));
        check("rosa", &[("1", "Rosa Durand"), ("2", "Rosa")], Ok("2"));
        check("x", &[], Err("there is no person \"x\" that you may see"));
        check(
            "rosa",
            &[("1", "Rosa"), ("2", "rosa")],
            Err("\"rosa\" fits several persons:\n  1  Rosa, lyon r@x\n  2  rosa, lyon r@x"),
        );
    }

    #[test]
    fn what_is_not_given_stays_and_an_empty_list_is_none() {
        let mut person = json!({ "phones": ["1"], "mails": ["a@b"], "note": "n", "group": "g" });
        Details {
            phones: vec![String::new()],
            mails: vec![],
            language: Some("fr".into()),
            site: None,
            note: Some(String::new()),
            group: None,
        }
        .over(&mut person);
        let expected =
            json!({ "phones": [], "mails": ["a@b"], "note": "", "group": "g", "language": "fr" });
        assert_eq!(person, expected);
    }
}

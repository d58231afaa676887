//! The case file as people read it, without the collector: one page that loads nothing and runs nothing.

use serde_json::Value;
use sonde_proto::message::Lang;
use sonde_proto::text::html;

use super::words::Words;
use super::{Case, field, told};

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;\
background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%;\
display:block;overflow-x:auto}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d0d7de;\
white-space:pre-line}code{font-size:.9em}.critical,.failed{color:#a40e26}.warning{color:#7d4e00}.unknown{color:#57606a}.ok,.succeeded{color:#116329}\
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}\
.critical,.failed{color:#ff7b72}.warning{color:#e3b341}.unknown{color:#9198a1}.ok,.succeeded{color:#56d364}}";

/// Headings of the page.
struct Headings {
    lang: &'static str,
    ticket: &'static str,
    about: [&'static str; 12],
    wrong: &'static str,
    nothing_wrong: &'static str,
    nothing_checked: &'static str,
    found: [&'static str; 5],
    tried: &'static str,
    nothing_tried: &'static str,
    tries: [&'static str; 5],
    again: &'static str,
    happened: &'static str,
    events: [&'static str; 3],
}

const EN: Headings = Headings {
    lang: "en",
    ticket: "Ticket",
    about: [
        "State",
        "Waiting for",
        "Priority",
        "Tier",
        "Why there",
        "Assigned to",
        "Requester",
        "Site",
        "Asked",
        "Opened",
        "Devices",
        "Assets",
    ],
    wrong: "What is wrong, as it was found last",
    nothing_wrong: "No check on this ticket found anything wrong.",
    nothing_checked: "No check was run on this ticket.",
    found: ["Status", "Device", "Check", "What was found", "Cause"],
    tried: "What was tried",
    nothing_tried: "No action was tried.",
    tries: ["When", "Device", "Action", "Outcome", "Why"],
    again: "Checks that can be run again",
    happened: "What happened",
    events: ["When", "Who", "What"],
};

const FR: Headings = Headings {
    lang: "fr",
    ticket: "Ticket",
    about: [
        "État",
        "En attente de",
        "Priorité",
        "Niveau",
        "Pourquoi là",
        "Confié à",
        "Demandeur",
        "Site",
        "Demandé",
        "Ouvert",
        "Appareils",
        "Équipements",
    ],
    wrong: "Ce qui ne va pas, au dernier constat",
    nothing_wrong: "Aucun contrôle de ce ticket n’a trouvé de défaut.",
    nothing_checked: "Aucun contrôle n’a été fait sur ce ticket.",
    found: ["Statut", "Appareil", "Contrôle", "Constat", "Cause"],
    tried: "Ce qui a été essayé",
    nothing_tried: "Aucune action n’a été essayée.",
    tries: ["Quand", "Appareil", "Action", "Résultat", "Pourquoi"],
    again: "Contrôles à relancer",
    happened: "Ce qui s’est passé",
    events: ["Quand", "Qui", "Quoi"],
};

pub(super) fn page(case: &Case, lang: Lang) -> String {
    let words = Words(lang);
    let headings = match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    };
    let title = format!(
        "{} {}{}{}",
        headings.ticket,
        field(&case.ticket, "number"),
        words.colon(),
        field(&case.ticket, "title")
    );
    let title = escape(&title);
    let mut page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><h1>{title}</h1>",
        headings.lang,
    );
    page.push_str(&about(case, headings, words));
    page.push_str(&wrong(case, headings, words));
    page.push_str(&tried(case, headings, words));
    page.push_str(&again(case, headings));
    let events = case.timeline.iter().map(|event| {
        vec![
            cell(&told::moment(&event["at"])),
            cell(&told::who(words, event)),
            cell(&told::said(words, event)),
        ]
    });
    page.push_str(&format!("<h2>{}</h2>", headings.happened));
    page.push_str(&table(&headings.events, events));
    page.push_str("</body></html>\n");
    page
}

fn about(case: &Case, headings: &Headings, words: Words) -> String {
    let ticket = &case.ticket;
    let devices = case
        .devices()
        .iter()
        .map(|device| match field(device, "hostname") {
            name if name.is_empty() => field(device, "id"),
            name => name,
        });
    let devices: Vec<String> = devices.collect();
    let assets = ticket["assets"].as_array().into_iter().flatten();
    let assets: Vec<String> = assets.map(|asset| thing(asset, words)).collect();
    let word = |area: &str, name: &str| match field(ticket, name) {
        none if none.is_empty() => none,
        known => words.word(area, &known),
    };
    let handed_on = case.timeline.iter().rev();
    let mut handed_on = handed_on.filter(|event| event["kind"] == "tier_changed");
    let handed_on = handed_on.next().map(|event| field(event, "reason"));
    let texts = [
        word("state", "state"),
        word("queue.waitsFor", "waiting_for"),
        word("priority", "priority"),
        word("tier", "tier"),
        handed_on.unwrap_or_default(),
        field(ticket, "assignee"),
        field(ticket, "requester"),
        field(ticket, "site"),
        told::moment(&ticket["asked"]["at"]),
        told::moment(&ticket["opened_at"]),
        devices.join(", "),
        assets.join(", "),
    ];
    let rows = headings
        .about
        .iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty());
    let rows = rows.map(|(name, text)| format!("<tr><th>{name}</th>{}</tr>", cell(&text)));
    format!("<table>{}</table>", rows.collect::<String>())
}

/// A thing without an agent: name, kind and address.
fn thing(asset: &Value, words: Words) -> String {
    let name = match field(asset, "name") {
        none if none.is_empty() => return field(asset, "id"),
        name => name,
    };
    let port = asset["port"].as_u64().map(|port| format!(":{port}"));
    let address = format!("{}{}", field(asset, "address"), port.unwrap_or_default());
    let beside = [words.word("assets.kinds", &field(asset, "kind")), address];
    let beside: Vec<String> = beside.into_iter().filter(|text| !text.is_empty()).collect();
    format!("{name} ({})", beside.join(", "))
}

fn wrong(case: &Case, headings: &Headings, words: Words) -> String {
    let found = case.found();
    let mut bad: Vec<_> = found
        .iter()
        .filter(|(_, finding)| finding["status"] != "ok")
        .collect();
    bad.sort_by_key(|(_, finding)| {
        let worst_first = ["critical", "warning"];
        let status = finding["status"].as_str();
        worst_first
            .iter()
            .position(|one| Some(*one) == status)
            .unwrap_or(worst_first.len())
    });
    let nothing = match found.is_empty() {
        true => headings.nothing_checked,
        false => headings.nothing_wrong,
    };
    let rows = bad.into_iter().map(|(job, finding)| {
        let subject = [field(finding, "check"), field(finding, "subject")].join(" ");
        let found = [field(finding, "summary"), told::silenced(words, finding)].join("\n");
        vec![
            marked(words, "status", &field(finding, "status")),
            cell(&field(job, "hostname")),
            cell(subject.trim()),
            cell(found.trim()),
            cell(&field(finding, "cause")),
        ]
    });
    section(headings.wrong, nothing, &headings.found, rows)
}

fn tried(case: &Case, headings: &Headings, words: Words) -> String {
    let rows = case.tried().map(|job| {
        vec![
            cell(&told::moment(&job["issued_at"])),
            cell(&field(job, "hostname")),
            cell(&field(job, "title")),
            marked(words, "jobState", &field(job, "state")),
            cell(&field(job, "reason")),
        ]
    });
    section(
        headings.tried,
        headings.nothing_tried,
        &headings.tries,
        rows,
    )
}

/// A table under its title, or what is said in the place of an empty one.
fn section(
    title: &str,
    nothing: &str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let mut rows = rows.peekable();
    let shown = match rows.peek() {
        None => format!("<p>{nothing}</p>"),
        Some(_) => table(head, rows),
    };
    format!("<h2>{title}</h2>{shown}")
}

/// The commands that ask the devices once more for what was not well.
fn again(case: &Case, headings: &Headings) -> String {
    let number = field(&case.ticket, "number");
    let found = case.found();
    let commands = case.devices().iter().flat_map(|device| {
        let (mut checks, mut assets) = (Vec::new(), Vec::new());
        for (job, finding) in &found {
            if job["device"] != device["id"] || finding["status"] == "ok" {
                continue;
            }
            match job["asset"].as_str() {
                Some(_) => assets.push(field(job, "asset")),
                None => checks.push(field(finding, "check")),
            }
        }
        let on = format!("--device {} --ticket {number}", field(device, "id"));
        for all in [&mut checks, &mut assets] {
            all.sort_unstable();
            all.dedup();
        }
        let checks = Some(checks.join(" ")).filter(|checks| !checks.is_empty());
        let checks = checks.map(|checks| format!("sonde check run {checks} {on}"));
        let assets = assets.into_iter();
        let assets = assets.map(move |asset| format!("sonde asset probe {asset} {on}"));
        checks.into_iter().chain(assets).collect::<Vec<String>>()
    });
    let commands = commands.map(|command| format!("<p><code>{}</code></p>", escape(&command)));
    let commands: String = commands.collect();
    match commands.is_empty() {
        true => String::new(),
        false => format!("<h2>{}</h2>{commands}", headings.again),
    }
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let head: String = head.iter().map(|name| format!("<th>{name}</th>")).collect();
    let rows: String = rows
        .map(|cells| format!("<tr>{}</tr>", cells.concat()))
        .collect();
    format!("<table><tr>{head}</tr>{rows}</table>")
}

fn cell(text: &str) -> String {
    format!("<td>{}</td>", escape(text))
}

/// A status or a state, with its colour beside its word.
fn marked(words: Words, area: &str, code: &str) -> String {
    let known = [
        "ok",
        "warning",
        "critical",
        "unknown",
        "succeeded",
        "failed",
    ];
    let word = escape(&words.word(area, code));
    match known.contains(&code) {
        true => format!("<td class=\"{code}\">{word}</td>"),
        false => format!("<td>{word}</td>"),
    }
}

/// Text of anybody as text of the page: lines stay lines.
fn escape(text: &str) -> String {
    html(text, true)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn case(text: &str) -> Case {
        let finding = |status: &str| {
            json!({
                "check": "disk.space", "subject": "/srv", "status": status, "summary": text, "cause": text,
                "silenced": {"kind": "mute", "by": text, "reason": text, "until": null},
            })
        };
        let job = |kind: &str, findings: Value, verified: Value| {
            json!({
                "kind": kind, "device": "d", "hostname": text, "title": text, "state": "succeeded", "reason": text,
                "issued_at": "2026-11-28T10:00:00Z", "findings": findings, "verified": verified,
            })
        };
        Case {
            ticket: json!({
                "number": 7, "title": text, "state": "open", "requester": text,
                "devices": [{"id": "d", "hostname": text}],
                "assets": [{"id": "8pr", "name": text, "kind": "printer", "address": text, "port": 9100}],
            }),
            timeline: vec![
                json!({"kind": "noted", "at": "2026-11-28T10:00:00Z", "actor": text, "text": text}),
            ],
            jobs: vec![
                job("checks", json!([finding("critical")]), json!([])),
                job("action", json!([]), json!([finding("warning")])),
                json!({
                    "kind": "probe", "device": "d", "hostname": text, "title": text, "state": "succeeded", "asset": "8pr",
                    "findings": [{"check": "net.asset", "subject": text, "status": "critical", "summary": text, "cause": text}],
                }),
            ],
        }
    }

    #[test]
    fn what_was_found_last_and_what_was_tried_stand_on_it() {
        let page = page(&case("no space"), Lang::En);
        assert!(page.contains(
            "<td class=\"warning\">Warning</td><td>no space</td><td>disk.space /srv</td>"
        ));
        assert!(
            page.matches("class=\"critical\">").count() == 1,
            "the newer finding stands for both"
        );
        assert!(page.contains("Muted by no space: no space"));
        assert!(page.contains("<td class=\"succeeded\">succeeded</td>"));
        assert!(page.contains("sonde check run disk.space --device d --ticket 7"));
        assert!(page.contains("sonde asset probe 8pr --device d --ticket 7"));
        assert!(page.contains("no space (Printer, no space:9100)"));
        let at = |status: &str| page.find(&format!("<td class=\"{status}\"")).unwrap();
        assert!(at("critical") < at("warning"), "the worst comes first");
        let french = super::page(&case("plus de place"), Lang::Fr);
        assert!(
            french.contains("<html lang=\"fr\">")
                && french.contains("Ce qui a été essayé")
                && french.contains("Ouvert")
        );
    }

    #[test]
    fn nothing_that_anybody_wrote_is_markup() {
        for hostile in crate::hostile::texts() {
            let (plain, page) = (page(&case("x"), Lang::En), page(&case(&hostile), Lang::En));
            let tags = |page: &str| page.matches('<').count();
            assert_eq!(tags(&page), tags(&plain), "{hostile:?}");
            assert!(
                !page.contains('\u{1b}') && !page.contains('\u{202e}'),
                "{hostile:?}"
            );
        }
    }
}

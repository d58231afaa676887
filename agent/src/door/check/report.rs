//! One file that says what is wrong with a machine, what it is, and how its last day was: for who has no network.
//!
//! It loads nothing and runs nothing: a content security policy says so too, whatever a name in it contains.

mod charts;

use sonde_proto::message::{Audience, Lang};
use sonde_proto::text::{clean, html};

use crate::facts::{self, Reading, Request, Table};
use crate::finding::{Finding, Status};
use crate::host::{Host, UNAVAILABLE_TEXTS};
use crate::{checks, diagnosis};

/// Rows of one table; the rest is counted.
const MOST_ROWS: usize = 1_000;
/// Longest text of a cell, bytes.
const CELL_BYTES: usize = 500;

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;\
color:#1b1f24;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}.wrong{font-size:1.2rem}\
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}th,td{text-align:left;vertical-align:top;\
padding:.3rem .6rem;border-bottom:1px solid #d0d7de}.status{font-weight:600;white-space:nowrap}\
.critical{color:#a40e26}.warning{color:#7d4e00}.ok{color:#116329}.unknown{color:#57606a}\
.more{color:#57606a}figure{margin:1rem 0}svg{width:100%;height:9rem;background:#f6f8fa}figcaption{color:#57606a}\
summary{cursor:pointer;padding:.2rem 0}@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}\
svg{background:#161b22}th,td{border-color:#30363d}.critical{color:#ff7b72}.warning{color:#e3b341}.ok{color:#56d364}\
.unknown,.more,figcaption{color:#9198a1}}";

/// Words of the page that are no finding's.
struct Words {
    title: &'static str,
    at: &'static str,
    findings: &'static str,
    status: &'static str,
    check: &'static str,
    what: &'static str,
    cause: &'static str,
    follows: &'static str,
    cure: &'static str,
    course: &'static str,
    no_course: &'static str,
    facts: &'static str,
    more: &'static str,
}

const EN: Words = Words {
    title: "Report on",
    at: "made",
    findings: "Findings",
    status: "Status",
    check: "Check",
    what: "What was found",
    cause: "Cause",
    follows: "Follows from",
    cure: "May be cured by",
    course: "The last day",
    no_course: "No agent has recorded this machine",
    facts: "What this machine is",
    more: "rows more",
};

const FR: Words = Words {
    title: "Rapport sur",
    at: "établi le",
    findings: "Constats",
    status: "État",
    check: "Vérification",
    what: "Constat",
    cause: "Cause",
    follows: "Découle de",
    cure: "Remède possible",
    course: "Les dernières 24 heures",
    no_course: "Aucun agent n'a enregistré cette machine",
    facts: "Ce qu'est cette machine",
    more: "lignes de plus",
};

/// The whole page. `findings`: in the order of reading.
pub(super) async fn page(host: &Host, findings: &[Finding], lang: Lang) -> String {
    let words = match lang {
        Lang::En => EN,
        Lang::Fr => FR,
    };
    let name = host.system().map(|system| system.hostname);
    let name = escape(&name.unwrap_or_default());
    let at = moment(host.now_us());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{} {name}</title>\n<style>{STYLE}</style>\n\
         <h1>{} {name}</h1>\n<p class=\"more\">{} {at}, sonde-agent {}</p>\n",
        lang_code(lang),
        words.title,
        words.title,
        words.at,
        env!("CARGO_PKG_VERSION"),
    );
    let technician = diagnosis::sentence(findings, Audience::Technician, lang);
    let user = diagnosis::sentence(findings, Audience::User, lang);
    page.push_str(&format!("<p class=\"wrong\">{}</p>\n", escape(&technician)));
    if user != technician {
        page.push_str(&format!("<p>{}</p>\n", escape(&user)));
    }
    page.push_str(&found(findings, &words, lang));
    page.push_str(&format!("<h2>{}</h2>\n", words.course));
    match charts::all(host, lang).await {
        charts if charts.is_empty() => {
            page.push_str(&format!("<p class=\"more\">{}</p>\n", words.no_course));
        }
        charts => page.push_str(&charts),
    }
    page.push_str(&format!("<h2>{}</h2>\n", words.facts));
    for table in facts::ALL.iter().filter(|table| !table.every.is_zero()) {
        let read = facts::read(table, host, &Request::default()).await;
        let inside = match &read {
            Ok(reading) => rows(table, reading, &words),
            Err(why) => {
                let why = why.message().say(UNAVAILABLE_TEXTS.iter(), lang);
                format!("<p class=\"more\">{}</p>", escape(&why))
            }
        };
        let n = read.map_or(0, |reading| reading.rows.len());
        page.push_str(&format!(
            "<details><summary>{} ({n})</summary>\n{inside}</details>\n",
            table.name
        ));
    }
    page.push_str("</html>\n");
    page
}

/// To the second, in UTC.
fn moment(us: i64) -> String {
    super::time(us - us.rem_euclid(1_000_000)).unwrap_or_default()
}

fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Fr => "fr",
    }
}

fn escape(text: &str) -> String {
    html(text, false)
}

fn found(findings: &[Finding], words: &Words, lang: Lang) -> String {
    let mut out = format!(
        "<h2>{}</h2>\n<table><tr><th>{}<th>{}<th>{}</tr>\n",
        words.findings, words.status, words.check, words.what
    );
    for finding in findings {
        let mut said = escape(&super::summary(finding, lang));
        let mut line = |label: &str, text: &str| {
            said.push_str(&format!(
                "<br><span class=\"more\">{label}:</span> {}",
                escape(text)
            ));
        };
        if let Some(cause) = super::cause(finding, lang) {
            line(words.cause, &cause);
        }
        if let Some(by) = &finding.explained_by {
            line(words.follows, by.trim_end_matches('/'));
        }
        if !finding.remedies.is_empty() {
            line(words.cure, &finding.remedies.join(", "));
        }
        let title = checks::find(finding.check).map_or("", |check| match lang {
            Lang::En => check.title_en,
            Lang::Fr => check.title_fr,
        });
        out.push_str(&format!(
            "<tr><td class=\"status {}\">{}<td>{}<br><span class=\"more\">{} {}</span><td>{said}</tr>\n",
            class(finding.status),
            super::word(finding.status, lang),
            escape(title),
            finding.check,
            escape(&finding.subject),
        ));
    }
    out.push_str("</table>\n");
    out
}

fn class(status: Status) -> &'static str {
    status.word()
}

fn rows(table: &Table, reading: &Reading, words: &Words) -> String {
    let heads = table.columns.iter().map(|column| match column.unit {
        "" => format!("<th>{}", column.name),
        unit => format!("<th>{} ({unit})", column.name),
    });
    let mut out = format!("<table><tr>{}</tr>\n", heads.collect::<String>());
    for row in reading.rows.iter().take(MOST_ROWS) {
        out.push_str("<tr>");
        for value in row {
            let text = super::super::facts::cell(value);
            out.push_str(&format!("<td>{}", escape(&clean(&text, CELL_BYTES, false))));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
    let more = reading.rows.len().saturating_sub(MOST_ROWS) + reading.missing_rows;
    if more > 0 {
        out.push_str(&format!("<p class=\"more\">{more} {}</p>\n", words.more));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::name;
    use crate::host::recorded::Tree;

    const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}\u{1b}[31m";

    async fn page_of(lang: Lang) -> String {
        let tree = Tree::new(&[
            ("/etc/hostname", "lab-7\n"),
            ("/etc/hosts", "192.0.2.1 <b>bold</b>\n"),
            ("/proc/sys/kernel/hostname", "lab-7\n"),
        ]);
        let mut finding = Finding::new(Status::Critical, HOSTILE)
            .says("failed", vec![name("unit", HOSTILE)])
            .evidence(name("description", HOSTILE));
        finding.check = "service.failed";
        finding.remedies = vec!["service.restart"];
        page(&tree.host(), &[finding], lang).await
    }

    #[tokio::test]
    async fn it_says_what_is_wrong_in_both_languages() {
        let en = page_of(Lang::En).await;
        assert!(en.contains("<html lang=\"en\">"), "{en}");
        assert!(en.contains("class=\"status critical\">critical<"), "{en}");
        assert!(
            en.contains("May be cured by:</span> service.restart"),
            "{en}"
        );
        assert!(en.contains("No agent has recorded this machine"), "{en}");
        assert!(en.contains("<summary>hosts_entries (1)</summary>"), "{en}");
        let fr = page_of(Lang::Fr).await;
        assert!(fr.contains("<html lang=\"fr\">"), "{fr}");
        assert!(fr.contains(">critique<"), "{fr}");
        assert!(
            fr.contains("Remède possible:</span> service.restart"),
            "{fr}"
        );
    }

    #[tokio::test]
    async fn nothing_that_a_machine_says_is_markup() {
        let page = page_of(Lang::En).await;
        for harmful in [
            "<script", "<b>", "\u{202e}", "\u{1b}", "src=", "http:", "https:",
        ] {
            assert!(!page.contains(harmful), "{harmful:?}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
        assert!(page.contains("default-src 'none'"));
    }
}

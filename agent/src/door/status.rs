//! `sonde-agent status`: how the agent on this machine is, and where the network breaks when it is alone.

pub(super) mod lost;
mod qr;

use std::io::{ErrorKind, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use sonde_proto::message::{Argument, ArgumentValue, Lang, render};

use crate::config::Config;
use crate::host::Host;
use crate::status::{self, Status};
use crate::text::{clean, wrap};

/// Say how the agent on this machine is.
///
/// When it is not connected, the first broken rung of the network is named, with a code to read to a technician, who
/// types it in: sonde ticket note 42 --code CODE.
///
/// The exit code is 0 when it is connected, 1 when it is not, 3 when none runs, 4 when this user may not ask.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sonde-agent status --json")]
pub struct Arguments {
    /// Where the agent keeps its state.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Draw the findings as a QR code, as on a terminal
    #[arg(long, conflicts_with = "json")]
    qr: bool,
    /// Do not look why it is not connected
    #[arg(long)]
    quick: bool,
    /// Language: en or fr
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode> {
    let folder = super::state_folder(arguments.state.as_deref(), config, &Host::this())?;
    let status = match status::ask(&folder) {
        Ok(status) => status,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            super::complain(&format!("no agent runs on {}", folder.display()));
            return Ok(ExitCode::from(3));
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let folder = folder.display();
            super::complain(&format!("this user may not ask the agent on {folder}"));
            return Ok(ExitCode::from(4));
        }
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    let lang = super::language(arguments.lang.as_deref());
    let lost = match status.connected_since_us.is_none() && !arguments.quick {
        true => Some(lost::look(&status, &folder).await),
        false => None,
    };
    if arguments.json {
        let mut value = serde_json::to_value(&status)?;
        if let (Some(lost), Some(object)) = (&lost, value.as_object_mut()) {
            object.extend(lost.json(lang));
        }
        super::print_json(&value);
    } else {
        super::print(&people(&status, lang));
        if let Some(lost) = &lost {
            let with_qr = arguments.qr || std::io::stdout().is_terminal();
            super::print(&said(lost, &status, lang, with_qr));
        }
    }
    Ok(ExitCode::from(u8::from(
        status.connected_since_us.is_none(),
    )))
}

/// The broken rung, the code, and all findings for a camera.
fn said(lost: &lost::Lost, status: &Status, lang: Lang, with_qr: bool) -> String {
    let (width, _) = super::terminal();
    let mut out = format!(
        "\n{}\n",
        wrap(&clean(&lost.for_user(lang)), width).join("\n")
    );
    match &lost.code {
        Ok(code) if lang == Lang::Fr => {
            out.push_str(&format!("\nCode à lire au technicien : {code}\n"))
        }
        Ok(code) => out.push_str(&format!("\nCode to read to a technician: {code}\n")),
        Err(why) => out.push_str(&format!("\n{}\n", wrap(why.words(lang), width).join("\n"))),
    }
    if with_qr && let Some(drawing) = qr::draw(&lost.for_camera(&status.device_id, qr::MOST_BYTES))
    {
        out.push_str(&format!("\n{drawing}\n"));
    }
    out
}

/// Label in English and French, and what stands behind it.
type Line = (&'static str, &'static str, Option<String>);

fn people(status: &Status, lang: Lang) -> String {
    let say = |value: ArgumentValue| {
        render(
            "{x}",
            &[Argument {
                name: "x".into(),
                value,
            }],
            lang,
        )
    };
    let time = |us| say(ArgumentValue::TimeUs(us));
    let lines: [Line; 11] = [
        ("device", "appareil", Some(status.device_id.clone())),
        ("collector", "collecteur", Some(status.collector.clone())),
        (
            "connected since",
            "connecté depuis",
            status.connected_since_us.map(time),
        ),
        (
            "not connected",
            "non connecté",
            status
                .connected_since_us
                .is_none()
                .then(|| status.trouble.clone().unwrap_or_default()),
        ),
        (
            "waiting reports",
            "rapports en attente",
            Some(status.n_pending.to_string()),
        ),
        (
            "spool taken",
            "tampon occupé",
            Some(say(ArgumentValue::Number {
                value: status.spool_percent,
                unit: "%".into(),
            })),
        ),
        (
            "refused reports",
            "rapports refusés",
            (status.n_rejected > 0).then(|| {
                format!(
                    "{}: {}",
                    status.n_rejected,
                    status.rejected.clone().unwrap_or_default()
                )
            }),
        ),
        (
            "jobs",
            "tâches",
            (status.n_jobs > 0).then(|| status.n_jobs.to_string()),
        ),
        (
            "clock ahead by",
            "avance de l'horloge",
            Some(say(ArgumentValue::DurationUs(status.clock_offset_us))),
        ),
        (
            "certificate until",
            "certificat jusqu'au",
            Some(time(status.certificate_not_after_us)),
        ),
        (
            "state goes on in",
            "état poursuivi dans",
            status.fallback.clone(),
        ),
    ];
    let shown = lines.into_iter().filter_map(|(en, fr, value)| {
        let label = if lang == Lang::Fr { fr } else { en };
        Some(format!("{label:<20}  {}\n", clean(&value?)))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_shown_where_there_is_some() {
        let status = Status {
            trouble: Some("the name does not resolve".into()),
            n_pending: 7,
            ..Status::default()
        };
        let said = people(&status, Lang::En);
        assert!(
            said.contains("not connected         the name does not resolve\n"),
            "{said}"
        );
        assert!(said.contains("waiting reports       7\n"), "{said}");
        let connected = people(
            &Status {
                connected_since_us: Some(0),
                ..status
            },
            Lang::Fr,
        );
        assert!(
            connected.contains("connecté depuis       1970-01-01 00:00:00 UTC\n"),
            "{connected}"
        );
        assert!(!connected.contains("resolve"));
    }
}

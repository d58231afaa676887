//! `sonde-agent status`: how the agent on this machine is.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use sonde_proto::message::{Argument, ArgumentValue, Lang, render};

use crate::config::Config;
use crate::host::Host;
use crate::status::{self, Status};
use crate::text::clean;

/// Say how the agent on this machine is.
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
    /// Language: en or fr
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

pub fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode> {
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
    if arguments.json {
        super::print_json(&serde_json::to_value(&status)?);
    } else {
        super::print(&people(&status, super::language(arguments.lang.as_deref())));
    }
    Ok(ExitCode::from(u8::from(
        status.connected_since_us.is_none(),
    )))
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

//! `sonde`, the technician's command. It speaks only HTTP.

mod account;
mod action;
mod alert;
mod asset;
mod audit;
mod caller;
mod canned;
mod check;
mod client;
mod device;
mod escalation;
mod failure;
mod file;
mod hidden;
mod human;
mod job;
mod layout;
mod login;
mod maintenance;
mod moment;
mod output;
mod person;
mod policy;
mod profile;
mod query;
mod silenced;
mod site;
mod sla;
mod ticket;
mod token;
mod trust;
mod view;
mod webhook;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use client::Client;
use failure::Failure;
use output::Output;
use profile::Profile;

/// The technician's command: tickets, devices, checks and actions of a Sonde collector.
#[derive(Debug, Parser)]
#[command(
    name = "sonde",
    version,
    after_help = "Example:\n  sonde login https://collector.example:8443\n\nExit code:\n  \
                  0 done, 1 not done, 2 wrong command line, 4 asked of a device and not ended yet\n  \
                  sonde check: 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring plugins say it"
)]
struct Cli {
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
    /// Language of messages; that of the environment (LC_ALL, LC_MESSAGES, LANG) if it is not given.
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en", "fr"])]
    lang: Option<String>,
    /// Where address and token are kept, instead of the user's configuration folder.
    #[arg(long, global = true, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sign in to a collector and keep a token for it.
    Login(login::Login),
    /// End the kept token.
    #[command(after_help = "Example:\n  sonde logout")]
    Logout,
    /// Devices: list, show, facts, metrics, changes.
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// Tickets: open, list, show, change.
    #[command(subcommand)]
    Ticket(ticket::TicketCommand),
    /// Views: lists of tickets under a name.
    #[command(subcommand)]
    View(view::ViewCommand),
    /// Checks: list them, run them on a device.
    #[command(subcommand)]
    Check(check::CheckCommand),
    /// Actions: list, plan, run, undo.
    #[command(subcommand)]
    Action(action::ActionCommand),
    Query(query::Query),
    Log(query::Log),
    /// Jobs: show, cancel.
    #[command(subcommand)]
    Job(job::JobCommand),
    /// Freeze what is known of a device on a ticket.
    Snapshot(ticket::TakeSnapshot),
    /// Alerts: list, mute, accept.
    #[command(subcommand)]
    Alert(alert::AlertCommand),
    /// Maintenance: plan, list, end.
    #[command(subcommand)]
    Maintenance(maintenance::MaintenanceCommand),
    /// Policies: list, show, set, remove.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Other ticket systems: those that are told, those that tell.
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// What the helpdesk promises: calendars, agreements, how they were kept.
    #[command(subcommand)]
    Sla(sla::SlaCommand),
    /// Things without an agent (printers, switches): list, show, add, set, remove, probe.
    #[command(subcommand)]
    Asset(asset::AssetCommand),
    /// Rules that hand tickets on to a higher tier: list, show, set, try, remove.
    #[command(subcommand)]
    Escalation(escalation::EscalationCommand),
    /// Persons: list, show, add, set, remove, import.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Canned replies: what is written to requesters again and again.
    #[command(subcommand)]
    Reply(canned::ReplyCommand),
    /// Macros: what is done with one kind of ticket again and again, in one step.
    #[command(subcommand)]
    Macro(canned::MacroCommand),
    Caller(caller::Callers),
    /// Sites: list, create; remote desktop tools of theirs.
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Enrolment tokens, and one's own tokens.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Accounts of people.
    #[command(subcommand, alias = "user")]
    Account(account::AccountCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  sonde completions bash > /etc/bash_completion.d/sonde")]
    Completions {
        /// The shell to complete for.
        shell: clap_complete::Shell,
    },
}

/// What every command works with.
struct Context {
    output: Output,
    profile_path: PathBuf,
    lang: String,
    client: Option<Client>,
}

impl Context {
    /// The collector that somebody is signed in to.
    async fn client(&mut self) -> Result<&mut Client, Failure> {
        if self.client.is_none() {
            let profile = Profile::signed_in(&self.profile_path)?;
            self.client = Some(Client::connect(&profile, &self.lang).await?);
        }
        self.client.as_mut().ok_or_else(Failure::not_signed_in)
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &arguments),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return Failure::other(format!("cannot start: {error}")).report(false),
    };
    let json = cli.json;
    let is_check = matches!(cli.command, Command::Check(_));
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        // 3 is what monitoring plugins say when they cannot tell.
        Err(failure) => match failure.report(json) {
            _ if is_check && !matches!(failure, Failure::Closed) => ExitCode::from(3),
            code => code,
        },
    }
}

/// Help and version are answers; what is wrong with the command line has the exit code that the command gives to what
/// it cannot tell.
fn usage(error: &clap::Error, arguments: &[std::ffi::OsString]) -> ExitCode {
    if error.print().is_err() {
        return ExitCode::from(2);
    }
    let command = Cli::command().ignore_errors(true);
    let read = command.try_get_matches_from(arguments).ok();
    let is_check = read.is_some_and(|read| read.subcommand_name() == Some("check"));
    match (error.use_stderr(), is_check) {
        (false, _) => ExitCode::SUCCESS,
        (true, true) => ExitCode::from(3),
        (true, false) => ExitCode::from(2),
    }
}

/// What is said of messages before what is said of everything (locale(7)).
fn from_environment() -> Option<String> {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut said = said.filter_map(|name| std::env::var(name).ok());
    said.find(|lang| !lang.is_empty())
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let lang = cli.lang.or_else(from_environment).unwrap_or_default();
    let mut context = Context {
        output: Output::new(cli.json),
        profile_path: match cli.profile {
            Some(path) => path,
            None => profile::default_path()?,
        },
        lang,
        client: None,
    };
    let context = &mut context;
    match cli.command {
        Command::Login(login) => login::run(context, login).await,
        Command::Logout => login::leave(context).await,
        Command::Device(command) => device::run(context, command).await,
        Command::Ticket(command) => ticket::run(context, command).await,
        Command::View(command) => view::run(context, command).await,
        Command::Check(command) => check::run(context, command).await,
        Command::Action(command) => action::run(context, command).await,
        Command::Query(query) => query::run(context, query).await,
        Command::Log(log) => query::log(context, log).await,
        Command::Job(command) => job::run(context, command).await,
        Command::Snapshot(command) => ticket::snapshot(context, command).await,
        Command::Alert(command) => alert::run(context, command).await,
        Command::Maintenance(command) => maintenance::run(context, command).await,
        Command::Policy(command) => policy::run(context, command).await,
        Command::Webhook(command) => webhook::run(context, command).await,
        Command::Sla(command) => sla::run(context, command).await,
        Command::Asset(command) => asset::run(context, command).await,
        Command::Escalation(command) => escalation::run(context, command).await,
        Command::Person(command) => person::run(context, command).await,
        Command::Reply(command) => canned::reply(context, command).await,
        Command::Macro(command) => canned::macros(context, command).await,
        Command::Caller(callers) => caller::run(context, callers).await,
        Command::Site(command) => site::run(context, command).await,
        Command::Token(command) => token::run(context, command).await,
        Command::Account(command) => account::run(context, command).await,
        Command::Audit(command) => audit::run(context, command).await,
        Command::Completions { shell } => {
            let mut command = Cli::command();
            clap_complete::generate(shell, &mut command, "sonde", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_an_example_and_every_argument_its_help() {
        let mut command = Cli::command();
        command.build();
        let mut lacks = Vec::new();
        look(&command, "sonde", &mut lacks);
        assert_eq!(lacks, [""; 0]);
        command.debug_assert();
    }

    #[track_caller]
    fn check(line: &str, is_right: bool) {
        let parsed = Cli::try_parse_from(line.split(' '));
        assert_eq!(parsed.is_ok(), is_right, "{line}: {parsed:?}");
    }

    #[test]
    fn what_is_held_is_read_without_a_ticket_and_what_is_asked_for_takes_one() {
        check("sonde query packages --device pc", true);
        check("sonde query processes --device pc --live --ticket 1", true);
        check("sonde query packages --ticket 1 --new-ticket slow", false);
        check("sonde check run all --device pc", false);
        check("sonde check run all --device pc --ticket 1", true);
        check("sonde log --device pc", false);
        check("sonde alert mute --reason x", false);
        check("sonde alert mute --fleet --reason x", true);
        check("sonde alert mute --fleet --site a --reason x", false);
        check("sonde device changes pc --from -2h", true);
        check("sonde ticket set 1 --state solved", false);
        check("sonde ticket set 1 --priority low --reason x", false);
        check("sonde ticket set 1 --for user", false);
        check("sonde ticket set 1 --state waiting --for user", true);
        check("sonde account set ann", false);
        check("sonde account set ann --site a --all-sites", false);
        check("sonde account set ann --all-sites", true);
        check(
            "sonde action undo 5k2 --ticket 1 --consent x --expires 60",
            true,
        );
        check("sonde --lang de site list", false);
    }

    #[test]
    fn a_check_that_is_written_wrongly_cannot_tell() {
        let code = |line: &str| {
            let arguments: Vec<_> = line.split(' ').map(Into::into).collect();
            let error = Cli::try_parse_from(&arguments).unwrap_err();
            format!("{:?}", usage(&error, &arguments))
        };
        let unknown = format!("{:?}", ExitCode::from(3));
        assert_eq!(code("sonde check run"), unknown);
        assert_eq!(
            code("sonde ticket show"),
            format!("{:?}", ExitCode::from(2))
        );
        assert_eq!(code("sonde --lang fr check run"), unknown);
        assert_eq!(
            code("sonde ticket note 1 check x y"),
            format!("{:?}", ExitCode::from(2))
        );
        assert_eq!(
            code("sonde check --help"),
            format!("{:?}", ExitCode::SUCCESS)
        );
    }

    fn look(command: &clap::Command, path: &str, lacks: &mut Vec<String>) {
        let children = || {
            command
                .get_subcommands()
                .filter(|child| child.get_name() != "help")
        };
        let help = command.get_after_help().map(ToString::to_string);
        let has_example = help.is_some_and(|help| help.starts_with("Example:\n  sonde "));
        if children().next().is_none() && !has_example {
            lacks.push(format!("{path}: an example"));
        }
        for argument in command.get_arguments() {
            if argument.get_help().is_none() {
                lacks.push(format!("{path} {}", argument.get_id()));
            }
        }
        for child in children() {
            look(child, &format!("{path} {}", child.get_name()), lacks);
        }
    }
}

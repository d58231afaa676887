//! Command line of the collector.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use serde::Serialize;
use sonde_collector::account::{self, CreatedUser, NewUser, enrolment};
use sonde_collector::authority::Authority;
use sonde_collector::clock::now_us;
use sonde_collector::config::{Config, DEFAULT, parse_store};
use sonde_collector::descriptors;
use sonde_collector::serve::{Collector, open_store};
use sonde_collector::store::accounts::Role;
use sonde_collector::store::tokens::NewToken;
use sonde_collector::store::{DeviceId, Store};
use time::OffsetDateTime;
use tokio::signal::unix::{SignalKind, signal};

/// Who is named as the author of what is done on the collector's own machine.
const LOCAL: &str = "local administrator";

/// Sonde's collector: keeps the record of devices and tickets, and lets technicians work on them.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    /// Settings (TOML); `serve --print-config` prints the commented default.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the collector until it is told to stop.
    #[command(after_help = "Example: sonde-collector serve --data /var/lib/sonde-collector")]
    Serve {
        #[command(flatten)]
        data: Data,
        /// Where agents connect to.
        #[arg(long, value_name = "ADDR")]
        agents: Option<SocketAddr>,
        /// Where people connect to.
        #[arg(long, value_name = "ADDR")]
        console: Option<SocketAddr>,
        /// Print where it can be reached as one line of JSON.
        #[arg(long)]
        json: bool,
        /// Print the commented default settings and end.
        #[arg(long)]
        print_config: bool,
    },
    /// Enrolment tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Accounts of people. The first administrator can be made here and nowhere else.
    #[command(subcommand)]
    User(UserCommand),
    /// Devices.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Print the OpenAPI document of the API, as a running collector gives it at /api/openapi.json.
    #[command(after_help = "Example: sonde-collector openapi > openapi.json")]
    Openapi,
}

#[derive(clap::Args)]
struct Data {
    /// Folder of the collector's key and embedded store; the owner's alone.
    #[arg(long, value_name = "DIR", default_value = "/var/lib/sonde-collector")]
    data: PathBuf,
    /// The store: sqlite:PATH, postgres://…, or @FILE that holds its address. A password may stand in the file only.
    #[arg(long, value_name = "URL|@FILE", value_parser = parse_store)]
    store: Option<String>,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token that lets machines enrol; it is shown once.
    #[command(
        after_help = "Example: sonde-collector token create --uses 20 --expires 2h --site Lyon > token"
    )]
    Create {
        #[command(flatten)]
        data: Data,
        /// How many devices may enrol with it.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(enrolment::MOST_USES)))]
        uses: u32,
        /// How long it holds: 30m, 24h, 7d; 30 days at most.
        #[arg(long, default_value = "24h", value_parser = enrolment::life)]
        expires: Duration,
        /// The site that the devices belong to; it is made when there is none of that name.
        #[arg(long, default_value = "default")]
        site: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account; password, second factor and recovery codes are shown once.
    #[command(after_help = "Example: sonde-collector user add ada --role admin")]
    Add {
        #[command(flatten)]
        data: Data,
        /// Name of the account.
        name: String,
        /// viewer, technician, senior or admin.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Sites that it works for; all unless given.
        #[arg(long = "site")]
        sites: Vec<String>,
        /// Read the password from a file, or from standard input with -; else one is made.
        #[arg(long, value_name = "FILE|-")]
        password_file: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give an account a new password, second factor and recovery codes, shown once; its sessions and tokens end.
    #[command(after_help = "Example: sonde-collector user reset ada")]
    Reset {
        #[command(flatten)]
        data: Data,
        /// Name of the account.
        name: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum DeviceCommand {
    /// Refuse a device's key from now on; a running collector cuts its session within a second.
    #[command(after_help = "Example: sonde-collector device remove 60q0tj0npcq800xfabp278sv1c")]
    Remove {
        #[command(flatten)]
        data: Data,
        /// Its id.
        id: DeviceId,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Thousands of sessions come and go beside each other: glibc's keeps what they leave between them. How it gives back
/// what is free stands in `.cargo/config.toml`.
///
/// Builds for debugging keep the system's, which faketime can run beside.
#[cfg(not(debug_assertions))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let code = match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    };
    // What hangs in the system, as a look-up of a name may, is not waited for.
    runtime.shutdown_background();
    code
}

fn fail(error: &anyhow::Error) -> ExitCode {
    // There is nothing left to do when standard error is gone.
    writeln!(io::stderr(), "sonde-collector: {error:#}").ok();
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<()> {
    let mut config = Config::load(arguments.config.as_deref())?;
    match arguments.command {
        Command::Serve {
            print_config: true, ..
        } => Ok(io::stdout().write_all(DEFAULT.as_bytes())?),
        Command::Serve {
            data,
            agents,
            console,
            json,
            print_config: false,
        } => {
            config.agents = agents.unwrap_or(config.agents);
            config.console = console.unwrap_or(config.console);
            config.store = data.store.or(config.store);
            serve(&config, &data.data, json).await
        }
        Command::Token(TokenCommand::Create {
            data,
            uses,
            expires,
            site,
            json,
        }) => {
            let store = open(&mut config, &data).await?;
            create_token(&store, &data.data, uses, expires, site, json).await
        }
        Command::User(UserCommand::Add {
            data,
            name,
            role,
            sites,
            password_file,
            json,
        }) => {
            let password = password_file.map(|file| read_secret(&file)).transpose()?;
            let store = open(&mut config, &data).await?;
            add_user(
                &store,
                NewUser {
                    name,
                    role,
                    sites,
                    password,
                },
                json,
            )
            .await
        }
        Command::User(UserCommand::Reset { data, name, json }) => {
            let store = open(&mut config, &data).await?;
            let reset = account::reset_user(&store, &name, LOCAL, now_us()).await?;
            store.close().await;
            show_user(&reset, json)
        }
        Command::Openapi => {
            let document = serde_json::to_string_pretty(&sonde_collector::api::document())?;
            Ok(writeln!(io::stdout(), "{document}")?)
        }
        Command::Device(DeviceCommand::Remove { data, id, json }) => {
            let store = open(&mut config, &data).await?;
            store.remove_device(&id, LOCAL, now_us()).await?;
            store.close().await;
            #[derive(Serialize)]
            struct Removed {
                id: String,
            }
            let shown = match json {
                true => serde_json::to_string(&Removed { id: id.to_string() })?,
                false => format!("device {id} is removed"),
            };
            Ok(writeln!(io::stdout(), "{shown}")?)
        }
    }
}

async fn open(config: &mut Config, data: &Data) -> Result<Store> {
    config.store = data.store.clone().or(config.store.take());
    Ok(open_store(config, &data.data).await?)
}

async fn serve(config: &Config, data: &Path, json: bool) -> Result<()> {
    sonde_collector::log::start(config);
    match descriptors::take_all() {
        Ok(n) => tracing::info!(descriptors = n, "each connection takes one"),
        Err(error) => tracing::warn!(%error, "no more descriptors"),
    }
    let mut collector = Collector::start(config, data).await?;
    // Before anybody is told that it runs: who ends it then ends it well.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let bound = &collector.bound;
    let mut out = io::stdout();
    if json {
        writeln!(out, "{}", serde_json::to_string(bound)?)?;
    } else {
        writeln!(out, "agents       {}", bound.agents)?;
        writeln!(out, "console      {}", bound.console)?;
        writeln!(out, "fingerprint  {}", bound.fingerprint)?;
    }
    out.flush()?;
    let is_broken = tokio::select! {
        _ = terminate.recv() => false,
        _ = interrupt.recv() => false,
        () = collector.broken() => true,
    };
    collector.stop().await;
    if is_broken {
        bail!("a part of the collector broke; the log says which: start it again");
    }
    Ok(())
}

async fn create_token(
    store: &Store,
    data: &Path,
    n_uses: u32,
    expires: Duration,
    site: String,
    json: bool,
) -> Result<()> {
    let authority = Authority::open_or_create(data, OffsetDateTime::now_utc())?;
    let secret = account::new_secret("");
    let now = now_us();
    store.create_site(&site, now).await?;
    store
        .create_token(NewToken {
            secret_hash: account::hash_secret(&secret),
            site,
            n_uses,
            expires_at: now + expires.as_micros() as i64,
            created_by: LOCAL.to_owned(),
            at: now,
        })
        .await?;
    store.close().await;
    let token = format!("sonde1.{secret}.{}", authority.fingerprint());
    #[derive(Serialize)]
    struct Shown<'a> {
        token: &'a str,
    }
    let shown = if json {
        serde_json::to_string(&Shown { token: &token })?
    } else {
        token
    };
    Ok(writeln!(io::stdout(), "{shown}")?)
}

async fn add_user(store: &Store, user: NewUser, json: bool) -> Result<()> {
    let created = account::create_user(store, user, LOCAL, now_us()).await?;
    store.close().await;
    show_user(&created, json)
}

fn show_user(created: &CreatedUser, json: bool) -> Result<()> {
    let mut out = io::stdout();
    if json {
        let shown = serde_json::json!({
            "name": created.name,
            "password": created.password,
            "totp_secret": created.totp_secret,
            "totp_url": created.totp_url,
            "recovery_codes": created.recovery_codes,
        });
        return Ok(writeln!(out, "{shown}")?);
    }
    writeln!(out, "name            {}", created.name)?;
    writeln!(out, "password        {}", created.password)?;
    writeln!(out, "second factor   {}", created.totp_secret)?;
    writeln!(out, "                {}", created.totp_url)?;
    writeln!(
        out,
        "recovery codes  {}",
        created.recovery_codes.join("\n                ")
    )?;
    Ok(writeln!(out, "None of these is shown again.")?)
}

/// Longest password that is read.
const SECRET_BYTES: u64 = 4096;

fn read_secret(file: &Path) -> Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        io::stdin().take(SECRET_BYTES).read_to_string(&mut text)?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| file.display().to_string())?;
        opened.take(SECRET_BYTES).read_to_string(&mut text)?;
    }
    let line = text.lines().next().unwrap_or_default().to_owned();
    if line.is_empty() {
        bail!("{} holds no password", file.display());
    }
    Ok(line)
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::named(text)
        .ok_or_else(|| format!("'{text}' is no role; there are viewer, technician, senior, admin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_an_example_and_every_argument_its_help() {
        let mut lacks = Vec::new();
        let mut command = <Arguments as clap::CommandFactory>::command();
        command.build();
        look(&command, &mut lacks);
        assert_eq!(lacks, [""; 0]);
        command.debug_assert();
    }

    fn look(command: &clap::Command, lacks: &mut Vec<String>) {
        let children = || {
            let all = command.get_subcommands();
            all.filter(|child| child.get_name() != "help")
        };
        let help = command.get_after_help().map(ToString::to_string);
        let has_example = help.is_some_and(|help| help.starts_with("Example: sonde-collector "));
        if children().next().is_none() && !has_example {
            lacks.push(format!("{}: an example", command.get_name()));
        }
        let arguments = command.get_arguments();
        for argument in arguments.filter(|argument| argument.get_help().is_none()) {
            lacks.push(format!("{} {}", command.get_name(), argument.get_id()));
        }
        for child in children() {
            look(child, lacks);
        }
    }
}

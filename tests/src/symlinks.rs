//! Somebody without rights swaps folders for links while the system's caches are cleaned: nothing outside is touched.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::load::is_full;
use crate::machine::{lacks, old_file, with_own_cache};
use crate::program::{Running, command, output, programs};
use crate::world::World;

/// Swaps that must have been made before the test is content.
const SWAPS: usize = 1000;
const FULL_SWAPS: usize = 10_000;
/// Cleanings that must have been done meanwhile.
const CLEANED: usize = 10;
/// What one technician may order within a minute, and less.
const ORDERS: usize = 25;
/// The swapper's: one of the system's own that has no rights. A person's files are in no plan.
const ACCOUNT: u32 = 999;
/// What lies outside under the names that the caches' own files have.
const PRECIOUS: usize = 4;

/// The swapper: a folder of its own inside a cache is a folder with packages, then a link to what is precious, and
/// back; the packages in it are links as well at times. It counts what it has done.
const SWAPPER: &str = r#"
use strict; my ($cache, $outside, $count) = @ARGV; chdir $cache or die; my $n = 0;
while (1) {
    rename "mine", "kept"; symlink $outside, "mine";
    stat "mine" for (1 .. 500);
    unlink "mine"; rename "kept", "mine";
    for my $i (0 .. 3) {
        my $file = "mine/package_$i.rpm";
        unlink $file; symlink "$outside/package_$i.rpm", $file;
        unlink $file; link "own/package_$i.rpm", $file;
    }
    $n++;
    if ($n % 10 == 0) { open my $out, '>', $count; print $out $n; close $out }
}
"#;

/// A cache in which an unprivileged user has a folder, what lies outside it, and the swapper at work.
struct Scene {
    _swapper: Running,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sonde-swap-").tempdir()?;
        // The swapper must find its way in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let at = |name: &str| folder.path().join(name);
        for name in [
            "cache",
            "cache/repo",
            "cache/repo/mine",
            "cache/repo/own",
            "outside",
            "count",
        ] {
            fs::create_dir(at(name))?;
        }
        for folder in ["outside", "cache/repo/own", "cache/repo/mine"] {
            for n in 0..PRECIOUS {
                old_file(&at(folder).join(format!("package_{n}.rpm")), 1)?;
            }
        }
        // Only who owns a file may give it another name (fs.protected_hardlinks).
        let mut chown = command("chown");
        chown.args(["-R", &format!("{ACCOUNT}:{ACCOUNT}")]);
        output(chown.args([at("cache/repo"), at("count")]))?;
        // Folders that are another's are in no plan: these are root's, and its group may write there, as to /var/log.
        let folders = ["cache/repo", "cache/repo/own", "cache/repo/mine"].map(at);
        output(command("chown").arg("root").args(&folders))?;
        output(command("chmod").arg("g+w").args(&folders))?;
        let mut swapper = command("setpriv");
        swapper
            .args([format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}")])
            .args(["--clear-groups", "perl"])
            .args(["-e", SWAPPER])
            .args([at("cache/repo"), at("outside"), at("count").join("n")]);
        Ok(Self {
            _swapper: Running::start(&mut swapper)?,
            folder,
        })
    }

    fn cache(&self) -> std::path::PathBuf {
        self.folder.path().join("cache")
    }

    fn n_swaps(&self) -> usize {
        let text = fs::read_to_string(self.folder.path().join("count/n"));
        text.ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0)
    }

    fn n_precious(&self) -> Result<usize> {
        let outside = fs::read_dir(self.folder.path().join("outside"))?;
        Ok(outside
            .flatten()
            .filter(|file| is_whole(&file.path()))
            .count())
    }
}

fn is_whole(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|file| file.is_file() && file.len() == 1 << 20)
}

#[test]
fn swapping_links_gets_nothing_outside_removed() -> Result<()> {
    let needs = [("setpriv", "util-linux"), ("perl", "perl-base")];
    if let Some(lack) = lacks(&needs) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let wanted = if is_full() { FULL_SWAPS } else { SWAPS };
    let mut world = World::sqlite()?;
    let mut person = world.person("ada", "technician")?;
    let scene = Scene::new()?;
    let mut agent = world.enrolled()?;
    let program = programs().join("sonde-agent");
    let mut inside = with_own_cache("/var/cache/dnf", &scene.cache(), &[&program]);
    agent.start_with(&mut inside)?;
    person.wait_for(&agent, true)?;
    let opened = person.sonde(&["ticket", "open", "no room", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let ours = scene.cache().join("ours.rpm");
    let (mut n_cleaned, mut n_of_others) = (0, 0);
    let mut last = String::new();
    while scene.n_swaps() < wanted || n_cleaned < CLEANED {
        if n_cleaned % ORDERS == ORDERS - 1 {
            person = world.person(&format!("ada-{n_cleaned}"), "technician")?;
        }
        old_file(&ours, 1)?;
        let ran = person.try_sonde(&[
            "action",
            "run",
            "disk.clean",
            "--device",
            &agent.id,
            "--ticket",
            &ticket,
        ])?;
        ensure!(ran.value["state"] == "succeeded", "{ran:?}");
        ensure!(!ours.exists(), "the cache's own file is left: {ran:?}");
        n_cleaned += 1;
        last = ran.value["plan"].to_string();
        n_of_others += usize::from(ran.value["plan"].to_string().contains("repo/mine"));
        let n_precious = scene.n_precious()?;
        ensure!(
            n_precious == PRECIOUS,
            "{n_precious} of {PRECIOUS} are left after {n_cleaned} cleanings"
        );
    }
    ensure!(
        n_of_others > 0,
        "no plan ever named the swapper's files: {last}"
    );
    println!(
        "counted: {} swaps under {n_cleaned} cleanings, {n_of_others} of which named the swapper's files: {PRECIOUS} of {PRECIOUS} left",
        scene.n_swaps()
    );
    Ok(())
}

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
/// Whose the swappers are: nobody's, in a folder of its own, which no plan may enter; and one of the system's own accounts,
/// in a folder of root's that its group may write to, as to /var/log: plans name its files.
const NOBODY: u32 = 65534;
const SYSTEM: u32 = 999;
const ROOT: u32 = 0;
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

/// A cache in which two unprivileged users have a folder each, what lies outside it, and their swappers at work.
struct Scene {
    _swappers: [Running; 2],
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sonde-swap-").tempdir()?;
        // The swappers must find their way in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let at = |name: &str| folder.path().join(name);
        for name in ["cache", "outside", "count"] {
            fs::create_dir(at(name))?;
        }
        packages(&at("outside"))?;
        Ok(Self {
            _swappers: [
                swapper(folder.path(), "theirs", NOBODY, NOBODY)?,
                swapper(folder.path(), "shared", SYSTEM, ROOT)?,
            ],
            folder,
        })
    }

    fn cache(&self) -> std::path::PathBuf {
        self.folder.path().join("cache")
    }

    /// Of the swapper that has done less.
    fn n_swaps(&self) -> usize {
        let done = |name: &str| {
            let text = fs::read_to_string(self.folder.path().join("count").join(name).join("n"));
            let n = text.ok().and_then(|text| text.trim().parse().ok());
            n.unwrap_or(0)
        };
        done("theirs").min(done("shared"))
    }

    fn n_precious(&self) -> Result<usize> {
        let outside = fs::read_dir(self.folder.path().join("outside"))?;
        Ok(outside
            .flatten()
            .filter(|file| is_whole(&file.path()))
            .count())
    }
}

/// Old files, each of its size.
fn packages(folder: &Path) -> Result<()> {
    for n in 0..PRECIOUS {
        old_file(&folder.join(format!("package_{n}.rpm")), 1)?;
    }
    Ok(())
}

/// One of `account`'s at work in a folder of the cache that is `owner`'s, and that its group may write to.
fn swapper(scene: &Path, name: &str, account: u32, owner: u32) -> Result<Running> {
    let (repo, count) = (
        scene.join("cache").join(name),
        scene.join("count").join(name),
    );
    let folders = [repo.clone(), repo.join("mine"), repo.join("own")];
    for folder in folders.iter().chain([&count]) {
        fs::create_dir(folder)?;
    }
    packages(&folders[1])?;
    packages(&folders[2])?;
    // Only who owns a file may give it another name (fs.protected_hardlinks).
    let mut chown = command("chown");
    chown.arg("-R").arg(format!("{account}:{account}"));
    output(chown.args([&repo, &count]))?;
    output(command("chown").arg(owner.to_string()).args(&folders))?;
    output(command("chmod").arg("g+w").args(&folders))?;
    let mut swapper = command("setpriv");
    swapper
        .args([format!("--reuid={account}"), format!("--regid={account}")])
        .args(["--clear-groups", "perl", "-e", SWAPPER])
        .args([repo, scene.join("outside"), count.join("n")]);
    Running::start(&mut swapper)
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
        n_of_others += usize::from(last.contains("shared/mine"));
        ensure!(
            !last.contains("theirs/"),
            "what is another's is planned: {last}"
        );
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

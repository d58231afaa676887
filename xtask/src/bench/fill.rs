//! The programs that fill a store with what is then asked for.

use anyhow::Result;

use crate::shell;

/// How a filler is built.
#[derive(Clone, Copy)]
pub(super) enum Profile {
    Dev,
    Bench,
}

/// Fills the empty store at this address with so many of what the filler is named for; gives what it says at its end.
pub(super) fn fill(filler: &str, profile: Profile, store: &str, numbers: &[u64]) -> Result<String> {
    let profile = match profile {
        Profile::Dev => "dev",
        Profile::Bench => "bench",
    };
    let mut fill = shell::cargo();
    fill.args(["bench", "--quiet", "--package", "sonde-collector"])
        .args(["--profile", profile, "--features", "load"])
        .args(["--bench", filler, "--", store])
        .args(numbers.iter().map(u64::to_string));
    shell::output(&mut fill)
}

/// Fills stores with a few, for the tests: what may be done to a ticket changes, and what is measured is only seen
/// when somebody measures.
///
/// # Errors
///
/// What a filler was refused.
pub(crate) fn fill_a_few() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (filler, numbers) in [("fill", &[40][..]), ("tickets", &[400, 80])] {
        let store = format!("sqlite:{}", folder.path().join(filler).display());
        fill(filler, Profile::Dev, &store, numbers)?;
    }
    Ok(())
}

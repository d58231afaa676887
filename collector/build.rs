//! Has the collector built anew when the console was.

fn main() -> std::io::Result<()> {
    // A folder that is missing would have it built at every turn.
    std::fs::create_dir_all("web/dist")?;
    println!("cargo::rerun-if-changed=web/dist");
    Ok(())
}

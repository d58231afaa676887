//! What a command takes from a file, or with - from the standard input.

use std::io::Read as _;

use serde_json::Value;

use super::Failure;

/// Longest that is read, bytes.
const FILE_BYTES: u64 = 1 << 20;

/// The JSON of a file, or of the standard input.
pub(super) fn json(file: &str, remedy: &str) -> Result<Value, Failure> {
    serde_json::from_str(&text(file)?)
        .map_err(|error| Failure::with_remedy(format!("{file} is not JSON: {error}"), remedy))
}

/// The text of a file, or of the standard input; never a part of it.
pub(super) fn text(file: &str) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| Failure::other(format!("cannot read {file}: {error}"));
    let mut text = String::new();
    let n_bytes = match file {
        "-" => std::io::stdin()
            .take(FILE_BYTES + 1)
            .read_to_string(&mut text),
        file => std::fs::File::open(file)
            .map_err(cannot)?
            .take(FILE_BYTES + 1)
            .read_to_string(&mut text),
    }
    .map_err(cannot)?;
    if n_bytes as u64 > FILE_BYTES {
        return Err(Failure::with_remedy(
            format!("{file} has more than {FILE_BYTES} bytes"),
            "send less at a time",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("list");
        let path = at.display().to_string();
        std::fs::write(&at, "a".repeat(FILE_BYTES as usize)).unwrap();
        assert_eq!(text(&path).unwrap().len() as u64, FILE_BYTES);
        std::fs::write(&at, "a".repeat(FILE_BYTES as usize + 1)).unwrap();
        assert!(text(&path).is_err());
        assert!(text("/nowhere/at/all").is_err());
    }
}

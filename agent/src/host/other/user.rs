//! Who somebody is, where that is not known yet.

pub(in super::super) fn become_user(_: &str) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
pub(in super::super) fn account(_: u32) -> std::io::Result<Option<(String, String)>> {
    Err(std::io::ErrorKind::Unsupported.into())
}

pub(in super::super) fn is_user(_: &str) -> bool {
    false
}

pub(in super::super) fn is_root() -> bool {
    false
}

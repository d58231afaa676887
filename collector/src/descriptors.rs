//! Descriptors: each device and each person takes one.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Takes all the descriptors that the system lets this process have (getrlimit(2)): what it starts with is meant for
/// programs that wait with select(2), 1,024 mostly. Gives how many that are; `None`: there is no limit.
///
/// # Errors
/// The system refuses.
pub fn take_all() -> std::io::Result<Option<u64>> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit)?;
    Ok(limit.current)
}

#[test]
fn all_that_are_allowed_are_taken() {
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum;
    limit.current = most.map(|most| most - 1);
    setrlimit(Resource::Nofile, limit).unwrap();
    assert_eq!(take_all().unwrap(), most);
    assert_eq!(getrlimit(Resource::Nofile).current, most);
}

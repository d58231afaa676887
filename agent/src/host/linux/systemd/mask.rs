//! Where a unit is masked: a link to /dev/null in place of its file (systemctl(1), mask).

use std::path::Path;

use crate::host::{Host, Mask};

const PLACES: &[(&str, Mask)] = &[
    ("/etc/systemd/system", Mask::Lasting),
    ("/run/systemd/system", Mask::UntilRestart),
];

pub(in crate::host) fn mask(host: &Host, unit: &str) -> Option<Mask> {
    let is_mask = |folder: &str| {
        let link = std::fs::read_link(host.path(&format!("{folder}/{unit}")));
        link.is_ok_and(|to| to == Path::new("/dev/null"))
    };
    let place = PLACES.iter().find(|(folder, _)| is_mask(folder));
    place.map(|(_, mask)| *mask)
}

#[test]
fn only_an_administrators_mask_is_one() {
    let tree = crate::host::recorded::Tree::new(&[
        ("/etc/systemd/system/plain.service", ""),
        ("/run/systemd/system/x", ""),
        ("/usr/lib/systemd/system/x", ""),
    ]);
    let host = tree.host();
    for (folder, unit) in [
        ("/etc/systemd/system", "lasting.service"),
        ("/run/systemd/system", "passing.service"),
        ("/usr/lib/systemd/system", "packaged.service"),
    ] {
        let link = host.path(&format!("{folder}/{unit}"));
        std::os::unix::fs::symlink("/dev/null", link).unwrap();
    }
    assert_eq!(mask(&host, "lasting.service"), Some(Mask::Lasting));
    assert_eq!(mask(&host, "passing.service"), Some(Mask::UntilRestart));
    for unit in ["packaged.service", "plain.service", "none.service"] {
        assert_eq!(mask(&host, unit), None, "{unit}");
    }
}

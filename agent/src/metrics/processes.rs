//! How many processes there are. Their states would cost a reading of each; a check looks at those.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        output.put_all(&FAMILY, "", [host.n_processes()?]);
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "",
    metrics: &[Metric::gauge("processes.total", "", 0)],
};

#[test]
fn only_processes_are_counted() {
    use crate::host::recorded::Tree;
    let tree = Tree::new(&[("/proc/1/x", ""), ("/proc/22/x", ""), ("/proc/net/x", "")]);
    assert_eq!(
        super::shown::sample(&SOURCE, &tree.host()),
        "processes.total{}=2\n"
    );
}

//! Memory and swap.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let m = host.memory()?;
        output.put_all(
            &FAMILY,
            "",
            [
                m.total,
                m.free,
                m.available,
                m.buffers,
                m.cached,
                m.active,
                m.inactive,
                m.anonymous,
                m.mapped,
                m.shared,
                m.slab,
                m.slab_reclaimable,
                m.kernel_stack,
                m.page_tables,
                m.dirty,
                m.writeback,
                m.unevictable,
                m.committed,
                m.commit_limit,
                m.swap_total,
                m.swap_free,
                m.swap_cached,
                m.huge_total,
                m.hardware_corrupted,
            ],
        );
        Ok(())
    },
};

const fn bytes(name: &'static str) -> Metric {
    Metric::gauge(name, "bytes", 0)
}

static FAMILY: Family = Family {
    label: "",
    metrics: &[
        bytes("memory.total_bytes"),
        bytes("memory.free_bytes"),
        bytes("memory.available_bytes"),
        bytes("memory.buffers_bytes"),
        bytes("memory.cached_bytes"),
        bytes("memory.active_bytes"),
        bytes("memory.inactive_bytes"),
        bytes("memory.anonymous_bytes"),
        bytes("memory.mapped_bytes"),
        bytes("memory.shared_bytes"),
        bytes("memory.slab_bytes"),
        bytes("memory.slab_reclaimable_bytes"),
        bytes("memory.kernel_stack_bytes"),
        bytes("memory.page_tables_bytes"),
        bytes("memory.dirty_bytes"),
        bytes("memory.writeback_bytes"),
        bytes("memory.unevictable_bytes"),
        bytes("memory.committed_bytes"),
        bytes("memory.commit_limit_bytes"),
        bytes("swap.total_bytes"),
        bytes("swap.free_bytes"),
        bytes("swap.cached_bytes"),
        bytes("memory.huge_pages_bytes"),
        bytes("memory.corrupted_bytes"),
    ],
};

#[test]
fn bytes_are_bytes() {
    use crate::host::recorded::Tree;
    let tree = Tree::new(&[(
        "/proc/meminfo",
        "MemTotal: 4 kB\nMemAvailable: 2 kB\nSwapFree: 1 kB\n",
    )]);
    let sample = super::shown::sample(&SOURCE, &tree.host());
    assert!(sample.contains("memory.total_bytes{}=4096\n"), "{sample}");
    assert!(
        sample.contains("memory.available_bytes{}=2048\n"),
        "{sample}"
    );
    assert!(sample.contains("swap.free_bytes{}=1024\n"), "{sample}");
}

//! Images as snaps are mounted from: at 100 % by nature.

use super::Healthy;
use crate::patient::Here;

pub(super) const MACHINE: Healthy = Healthy {
    id: "full-images",
    needs: &[("mksquashfs", "squashfs-tools")],
    make: || {
        Ok(Box::new(Here::apart(
            "folder=$(mktemp -d); mkdir $folder/in $folder/snap; head -c 1000000 /dev/urandom >$folder/in/file\n\
             mksquashfs $folder/in $folder/image -quiet >/dev/null; mount -o loop $folder/image $folder/snap",
        )?))
    },
};

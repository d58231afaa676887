//! An image of an optical disc, read-only and full by nature: by the kernel's own iso9660, else by fuseiso.

use super::Healthy;
use crate::patient::Here;

pub(super) const MACHINE: Healthy = Healthy {
    id: "read-only-iso",
    needs: &[("genisoimage", "genisoimage"), ("fuseiso", "fuseiso")],
    make: || {
        Ok(Box::new(Here::apart(
            "folder=$(mktemp -d); mkdir $folder/in $folder/disc; head -c 1000000 /dev/urandom >$folder/in/file\n\
             genisoimage -quiet -o $folder/image $folder/in\n\
             mount -o loop,ro $folder/image $folder/disc 2>/dev/null || fuseiso $folder/image $folder/disc",
        )?))
    },
};

//! A machine that tries targets which all answer: one leads to its own safe side, one shows a certificate of the office's
//! authority.

use super::{Healthy, OFFICE};
use crate::visited::Visited;

pub(super) const MACHINE: Healthy = Healthy {
    id: "targets-reached",
    needs: &OFFICE,
    make: || {
        let visited = Visited::new(&["tcp", "tls", "http", "https"])?;
        let there = format!("301 Moved Permanently\r\nLocation: {}", visited.target(3));
        visited.web.answers(&there);
        Ok(Box::new(visited))
    },
};

//! Lists come in pages: so many items at most, and what to give to get the next.

use std::str::FromStr;

use serde::Deserialize;

use super::Problem;
use crate::wording::wording;

/// Items of a page, unless the caller says otherwise.
pub(super) const PAGE: u32 = 100;
pub(super) const LARGEST_PAGE: u32 = 1_000;

/// Which page of a list that begins with what is first.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(super) struct After {
    /// `next` of the page before.
    after: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

/// Which page of a list that begins with what is newest.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(super) struct Before {
    /// `next` of the page before.
    before: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

impl After {
    /// For a list that takes other parameters too.
    pub(super) fn of(after: Option<String>, limit: Option<u32>) -> Self {
        Self { after, limit }
    }

    pub(super) fn cursor<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        read("after", self.after.as_deref())
    }

    pub(super) fn most(&self) -> u32 {
        most(self.limit)
    }
}

impl Before {
    /// For a list that takes other parameters too.
    pub(super) fn of(before: Option<String>, limit: Option<u32>) -> Self {
        Self { before, limit }
    }

    pub(super) fn cursor<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        read("before", self.before.as_deref())
    }

    pub(super) fn most(&self) -> u32 {
        most(self.limit)
    }
}

fn most(limit: Option<u32>) -> u32 {
    limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE)
}

fn read<T: FromStr>(field: &'static str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let cursor = text.map(str::parse).transpose();
    cursor.map_err(|_| no_place(field))
}

/// A cursor that leads nowhere.
pub(super) fn no_place(field: &str) -> Problem {
    Problem::field(field, wording!("it is no place in this list"))
        .remedy(wording!("give `next` of the page before"))
}

/// The cursor of a full page, that of its last item: there may be more.
pub(super) fn next<T>(items: &[T], most: u32, cursor: impl Fn(&T) -> String) -> Option<String> {
    let is_full = items.len() == most as usize;
    items.last().filter(|_| is_full).map(cursor)
}

//! Which agreement and which calendar hold at which moment.

use std::sync::Arc;

use super::{Agreement, Calendar, Priority, folded};

/// What holds for a ticket at one moment.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The agreement's name.
    pub name: String,
    pub agreement: Arc<Agreement>,
    pub calendar: Arc<Calendar>,
}

/// All agreements as they were from one moment on.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// Microseconds since 1970 UTC.
    pub since: i64,
    /// By name, in order.
    pub agreements: Vec<Terms>,
}

/// All editions there ever were, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Book {
    editions: Vec<Edition>,
}

impl Book {
    pub fn new(mut editions: Vec<Edition>) -> Self {
        editions.sort_by_key(|edition| edition.since);
        for edition in &mut editions {
            edition.agreements.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Self { editions }
    }

    /// What holds at a moment for a ticket of a site whose requester is of a group: of the agreements that leave out neither,
    /// one that names the group before one that does not, then one that names the site; of several the first by name.
    pub fn terms(&self, at: i64, site: &str, group: Option<&str>) -> Option<&Terms> {
        let n_begun = self.editions.partition_point(|edition| edition.since <= at);
        let edition = self.editions.get(n_begun.checked_sub(1)?)?;
        let group = group.map(folded);
        let closeness = |terms: &Terms| {
            let Agreement { sites, groups, .. } = &*terms.agreement;
            let names_group = groups.iter().any(|one| Some(folded(one)) == group);
            let names_site = sites.iter().any(|one| one == site);
            let is_for_it = (names_group || groups.is_empty()) && (names_site || sites.is_empty());
            is_for_it.then_some((names_group, names_site))
        };
        let fitting = edition.agreements.iter().rev();
        let fitting = fitting.filter_map(|terms| Some((closeness(terms)?, terms)));
        // Of equals the last one, which is the first by name.
        let closest = fitting.max_by_key(|(closeness, _)| *closeness);
        closest.map(|(_, terms)| terms)
    }

    /// When it changed after one moment and before another.
    pub fn changes(&self, after: i64, before: i64) -> impl Iterator<Item = i64> {
        let from = self
            .editions
            .partition_point(|edition| edition.since <= after);
        let changes = self.editions[from..].iter().map(|edition| edition.since);
        changes.take_while(move |since| *since < before)
    }

    /// When it last changed.
    pub fn last_change(&self) -> Option<i64> {
        self.editions.last().map(|edition| edition.since)
    }
}

impl Terms {
    /// What is promised for a priority, microseconds of working time.
    pub fn target(&self, priority: Priority, measure: super::Measure) -> Option<i64> {
        self.agreement.priorities.get(&priority)?.of(measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::calendar::Hours;

    #[track_caller]
    fn check(site: &str, group: Option<&str>, expected: Option<&str>) {
        let calendar = Hours {
            time_zone: "UTC".into(),
            monday: vec!["09:00-17:00".into()],
            ..Hours::default()
        };
        let calendar = Arc::new(Calendar::new(&calendar).unwrap());
        let all = [
            ("all", vec![], vec![]),
            ("also all", vec![], vec![]),
            ("board", vec![], vec!["Direction"]),
            ("board of lyon", vec!["lyon"], vec!["direction"]),
            ("lyon", vec!["lyon"], vec![]),
            ("sales of nice", vec!["nice"], vec!["Ventes"]),
        ];
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let agreements = all.into_iter().map(|(name, sites, groups)| Terms {
            name: name.into(),
            agreement: Arc::new(Agreement {
                sites: owned(sites),
                groups: owned(groups),
                ..Agreement::default()
            }),
            calendar: Arc::clone(&calendar),
        });
        let book = Book::new(vec![Edition {
            since: 5,
            agreements: agreements.collect(),
        }]);
        let found = book.terms(5, site, group);
        assert_eq!(found.map(|terms| terms.name.as_str()), expected);
        assert!(book.terms(4, site, group).is_none());
    }

    #[test]
    fn the_closest_agreement_holds() {
        check("paris", None, Some("all"));
        check("paris", Some("others"), Some("all"));
        check("lyon", None, Some("lyon"));
        check("lyon", Some("Ventes"), Some("lyon"));
        check("nice", Some("VENTES"), Some("sales of nice"));
        check("nice", Some("direction"), Some("board"));
        check("lyon", Some("Dirección"), Some("lyon"));
        check("lyon", Some("Diréction"), Some("board of lyon"));
        check("paris", Some(""), Some("all"));
    }
}

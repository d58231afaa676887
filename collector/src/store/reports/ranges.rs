//! Which numbers of a spool are accounted for, as ranges. In the steady state one row grows in place.

use sqlx::AnyConnection;

use super::super::facts::NotAKey;
use super::super::writer::Remembered;
use super::super::{Columns, Id, Query, StoreError, Tx, Value};

/// Spools that the writer remembers; when there are more, it forgets all and reads again.
const REMEMBERED_SPOOLS: usize = 65_536;

/// How a number was accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Committed,
    Rejected,
    Thinned,
}

impl Fate {
    pub const ALL: [Self; 3] = [Self::Committed, Self::Rejected, Self::Thinned];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Rejected => "rejected",
            Self::Thinned => "thinned",
        }
    }

    fn code(self) -> i64 {
        match self {
            Self::Committed => 0,
            Self::Rejected => 1,
            Self::Thinned => 2,
        }
    }

    fn of(code: i64) -> Result<Self, StoreError> {
        match code {
            0 => Ok(Self::Committed),
            1 => Ok(Self::Rejected),
            2 => Ok(Self::Thinned),
            _ => Err(StoreError::Broken(format!("a range's fate is {code}"))),
        }
    }
}

/// Numbers of one fate, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: i64,
    pub last: i64,
    pub fate: Fate,
}

/// What the writer knows of the spools, so that it need not read before it writes.
pub(in super::super) type SpoolCache = Remembered<(i64, Id), Spool>;

#[derive(Default)]
pub(in super::super) struct Spool {
    stored: Vec<Range>,
    now: Vec<Range>,
}

impl SpoolCache {
    /// Reads what is not remembered.
    pub(super) async fn load(
        &mut self,
        on: &mut AnyConnection,
        wanted: &[(i64, Id)],
    ) -> Result<(), StoreError> {
        self.limit(REMEMBERED_SPOOLS);
        for key in wanted {
            if self.get(key).is_none() {
                let stored = load(on, key.0, key.1).await?;
                let now = stored.clone();
                self.put(*key, Spool { stored, now });
            }
        }
        Ok(())
    }

    /// Whether a number is accounted for.
    pub(super) fn is_accounted(&self, key: (i64, Id), seq: i64) -> bool {
        self.get(&key).is_some_and(|spool| {
            let at = spool.now.partition_point(|range| range.first <= seq);
            at > 0 && spool.now[at - 1].last >= seq
        })
    }

    /// Accounts for one number. False: it was accounted for before.
    pub(super) fn account(&mut self, key: (i64, Id), seq: i64, fate: Fate) -> bool {
        let ranges = &mut self.change(&key).now;
        let at = ranges.partition_point(|range| range.first <= seq);
        if at > 0 && ranges[at - 1].last >= seq {
            return false;
        }
        let range = Range {
            first: seq,
            last: seq,
            fate,
        };
        insert(ranges, at, range);
        true
    }

    /// Accounts for those numbers between `first` and `last` that are not yet accounted for; how many they are.
    pub(super) fn thin(&mut self, key: (i64, Id), first: i64, last: i64) -> u64 {
        let mut n_thinned = 0;
        let ranges = &mut self.change(&key).now;
        let mut next = first;
        while next <= last {
            let at = ranges.partition_point(|range| range.first <= next);
            if at > 0 && ranges[at - 1].last >= next {
                let Some(after) = ranges[at - 1].last.checked_add(1) else {
                    break;
                };
                next = after;
                continue;
            }
            let end = ranges
                .get(at)
                .map_or(last, |following| last.min(following.first - 1));
            let range = Range {
                first: next,
                last: end,
                fate: Fate::Thinned,
            };
            insert(ranges, at, range);
            n_thinned += end.abs_diff(next) + 1;
            let Some(after) = end.checked_add(1) else {
                break;
            };
            next = after;
        }
        n_thinned
    }
}

/// Puts a range in at its place and joins it with neighbours of its fate.
fn insert(ranges: &mut Vec<Range>, at: usize, range: Range) {
    let joins_before =
        at > 0 && ranges[at - 1].fate == range.fate && ranges[at - 1].last + 1 == range.first;
    let joins_after = ranges
        .get(at)
        .is_some_and(|after| after.fate == range.fate && range.last + 1 == after.first);
    match (joins_before, joins_after) {
        (true, true) => {
            ranges[at - 1].last = ranges[at].last;
            ranges.remove(at);
        }
        (true, false) => ranges[at - 1].last = range.last,
        (false, true) => ranges[at].first = range.first,
        (false, false) => ranges.insert(at, range),
    }
}

pub(super) async fn load(
    on: &mut AnyConnection,
    device_key: i64,
    spool_id: Id,
) -> Result<Vec<Range>, StoreError> {
    Query::new(
        "SELECT first_seq, last_seq, outcome FROM spool_ranges WHERE device_key = $1 AND spool_id = $2 \
         ORDER BY first_seq",
    )
    .bind(device_key)
    .bind(spool_id)
    .read(on, read)
    .await
}

fn read(columns: &mut Columns<'_>) -> Result<Range, StoreError> {
    Ok(Range {
        first: columns.int()?,
        last: columns.int()?,
        fate: Fate::of(columns.int()?)?,
    })
}

/// Where a range stands among a device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeKey {
    pub spool_id: Id,
    pub first: i64,
}

impl std::fmt::Display for RangeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.spool_id, self.first)
    }
}

impl std::str::FromStr for RangeKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (spool_id, first) = text.split_once('.').ok_or(NotAKey)?;
        Ok(Self {
            spool_id: spool_id.parse().map_err(|_| NotAKey)?,
            first: first.parse().map_err(|_| NotAKey)?,
        })
    }
}

pub(super) async fn page(
    on: &mut AnyConnection,
    device_key: i64,
    after: Option<RangeKey>,
    most: u32,
) -> Result<Vec<(Id, Range)>, StoreError> {
    let mut query = Query::new(
        "SELECT spool_id, first_seq, last_seq, outcome FROM spool_ranges WHERE device_key = $1",
    )
    .bind(device_key);
    if let Some(RangeKey { spool_id, first }) = after {
        let after: [Value; 2] = [spool_id.into(), first.into()];
        query = query.push(" AND (spool_id, first_seq) > ").list(after);
    }
    query
        .push(" ORDER BY spool_id, first_seq LIMIT ")
        .arg(most)
        .read(on, |columns| Ok((columns.id()?, read(columns)?)))
        .await
}

/// Writes the ranges that have changed.
pub(super) async fn save(tx: &mut Tx, keys: &[(i64, Id)]) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for key in keys {
        let spool = tx.spools.change(key);
        if spool.stored == spool.now {
            continue;
        }
        // Usually only the last range has grown: what both lists begin with is left alone.
        let n_same = spool
            .stored
            .iter()
            .zip(&spool.now)
            .take_while(|(stored, now)| stored == now)
            .count();
        let (stored, now) = (&spool.stored[n_same..], &spool.now[n_same..]);
        for gone in stored {
            if now.iter().all(|range| range.first != gone.first) {
                Query::new(
                    "DELETE FROM spool_ranges WHERE device_key = $1 AND spool_id = $2 AND first_seq = $3",
                )
                .bind(key.0)
                .bind(key.1)
                .bind(gone.first)
                .execute(&mut tx.on)
                .await?;
            }
        }
        for range in now.iter().filter(|range| !stored.contains(range)) {
            let row: Vec<Value> = vec![
                key.0.into(),
                key.1.into(),
                range.first.into(),
                range.last.into(),
                range.fate.code().into(),
            ];
            rows.push(row);
        }
        spool.stored = spool.now.clone();
    }
    super::super::insert_rows(
        &mut tx.on,
        "INSERT INTO spool_ranges (device_key, spool_id, first_seq, last_seq, outcome) VALUES ",
        rows,
        " ON CONFLICT (device_key, spool_id, first_seq) \
         DO UPDATE SET last_seq = excluded.last_seq, outcome = excluded.outcome",
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: (i64, Id) = (1, Id([0; 16]));

    /// `c1 c2 r3 t5-9`: what is accounted for, in this order; then what the ranges are.
    #[track_caller]
    fn check(accounted: &str, expected: &str) {
        let mut cache = SpoolCache::default();
        for word in accounted.split_whitespace() {
            let (fate, numbers) = word.split_at(1);
            let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
            let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
            match fate {
                "t" => {
                    cache.thin(KEY, first, last);
                }
                fate => {
                    let fate = if fate == "c" {
                        Fate::Committed
                    } else {
                        Fate::Rejected
                    };
                    cache.account(KEY, first, fate);
                }
            }
        }
        let shown: Vec<String> = cache
            .get(&KEY)
            .unwrap()
            .now
            .iter()
            .map(|range| {
                let fate = ["c", "r", "t"][range.fate.code() as usize];
                format!("{fate}{}-{}", range.first, range.last)
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn neighbours_of_one_fate_are_one_range() {
        check("c1 c2 c3", "c1-3");
        check("c1 c3 c2", "c1-3");
        check("c3 c2 c1", "c1-3");
        check("c1 r2 c3", "c1-1 r2-2 c3-3");
    }

    #[test]
    fn what_is_accounted_for_stays_as_it_was() {
        check("c1 r1 c2", "c1-2");
        check("r2 c1 c2 c3", "c1-1 r2-2 c3-3");
        check("c5 t3-8", "t3-4 c5-5 t6-8");
        check("t3-8 c5", "t3-8");
        check("t3-8 t1-9", "t1-9");
    }

    #[test]
    fn the_largest_number_has_no_successor() {
        let most = i64::MAX;
        check(&format!("t{most}-{most}"), &format!("t{most}-{most}"));
        check(
            &format!("c{most} t5-{most}"),
            &format!("t5-{} c{most}-{most}", most - 1),
        );
    }
}

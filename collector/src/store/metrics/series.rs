//! What a device's series are called.

use std::collections::HashMap;

use super::super::writer::Remembered;
use super::super::{Columns, Query, Store, StoreError, Tx, insert_rows};
use crate::wording::wording;

/// Longest name, bytes.
const SERIES_NAME_BYTES: usize = 128;
/// Longest labels, bytes: they stand in an index.
const LABELS_BYTES: usize = 1_024;
/// Series of one device, over all time.
const MOST_SERIES: usize = 65_536;
/// Kinds that the writer remembers; when there are more, it forgets all and asks again. A fleet of one version of the
/// agent has some hundred.
const REMEMBERED_KINDS: usize = 16_384;

/// A series as a device names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewSeries {
    pub name: String,
    /// "mount=/", sorted, separated by commas; empty: the machine as a whole.
    pub labels: String,
    pub unit: String,
    /// A value is its integer times 10 to the power of this.
    pub scale: i32,
    /// It only grows, except at restarts.
    pub counter: bool,
}

/// A series under the number that the store gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub number: u32,
    pub series: NewSeries,
}

/// What the writer knows of the kinds, by name, unit, scale and whether they count, so that a device that names its
/// series asks for none that another one has named.
pub(in super::super) type KindCache = Remembered<(String, String, i32, bool), i64>;

impl Store {
    /// Numbers for series, in the order given; those that are known keep theirs.
    ///
    /// # Errors
    /// Refused: a name or labels that are too long, or more series than a device may have.
    pub async fn name_series(
        &self,
        device_key: i64,
        series: Vec<NewSeries>,
    ) -> Result<Vec<u32>, StoreError> {
        self.write((device_key, series), |tx, (device_key, series)| {
            Box::pin(name(tx, *device_key, series))
        })
        .await
    }

    /// All series of a device by number.
    ///
    /// # Errors
    /// The store's own.
    pub async fn series(&self, device_key: i64) -> Result<Vec<Series>, StoreError> {
        let mut on = self.reader().await?;
        load(&mut on, device_key).await
    }
}

pub(super) async fn load(
    on: &mut sqlx::AnyConnection,
    device_key: i64,
) -> Result<Vec<Series>, StoreError> {
    Query::new(
        "SELECT s.number, k.name, s.labels, k.unit, k.scale, k.counter FROM series s \
         JOIN series_kinds k ON k.kind_key = s.kind_key WHERE s.device_key = $1 ORDER BY s.number",
    )
    .bind(device_key)
    .read(on, |columns| {
        Ok(Series {
            number: narrow(columns.int()?)?,
            series: NewSeries {
                name: columns.text()?,
                labels: columns.text()?,
                unit: columns.text()?,
                scale: narrow(columns.int()?)?,
                counter: columns.truth()?,
            },
        })
    })
    .await
}

fn narrow<T: TryFrom<i64>>(value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::Broken(format!("{value} is out of range")))
}

async fn name(tx: &mut Tx, device_key: i64, series: &[NewSeries]) -> Result<Vec<u32>, StoreError> {
    for one in series {
        if one.name.is_empty() || one.name.len() > SERIES_NAME_BYTES {
            return Err(StoreError::refused(
                "series.name",
                wording!("it has 1 to {} bytes", SERIES_NAME_BYTES),
            ));
        }
        if one.labels.len() > LABELS_BYTES {
            return Err(StoreError::refused(
                "series.labels",
                wording!("they have {} bytes at most", LABELS_BYTES),
            ));
        }
    }
    let known = load(&mut tx.on, device_key).await?;
    let mut numbers: HashMap<NewSeries, u32> = known
        .into_iter()
        .map(|known| (known.series, known.number))
        .collect();
    let mut next = numbers.values().max().map_or(0, |last| last + 1);
    let mut rows = Vec::new();
    for one in series {
        if numbers.contains_key(one) {
            continue;
        }
        if numbers.len() >= MOST_SERIES {
            return Err(StoreError::refused(
                "series",
                wording!("a device has {} at most", MOST_SERIES),
            ));
        }
        let kind_key = kind(tx, one).await?;
        rows.push(vec![
            device_key.into(),
            next.into(),
            kind_key.into(),
            (&one.labels).into(),
        ]);
        numbers.insert(one.clone(), next);
        next += 1;
    }
    insert_rows(
        &mut tx.on,
        "INSERT INTO series (device_key, number, kind_key, labels) VALUES ",
        rows,
        "",
    )
    .await?;
    Ok(series
        .iter()
        .filter_map(|one| numbers.get(one).copied())
        .collect())
}

async fn kind(tx: &mut Tx, series: &NewSeries) -> Result<i64, StoreError> {
    let kind = (
        series.name.clone(),
        series.unit.clone(),
        series.scale,
        series.counter,
    );
    if let Some(key) = tx.kinds.get(&kind) {
        return Ok(*key);
    }
    Query::new(
        "INSERT INTO series_kinds (name, unit, scale, counter) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name, unit, scale, counter) DO NOTHING",
    )
    .bind(&series.name)
    .bind(&series.unit)
    .bind(i64::from(series.scale))
    .bind(series.counter)
    .execute(&mut tx.on)
    .await?;
    let row = Query::new(
        "SELECT kind_key FROM series_kinds WHERE name = $1 AND unit = $2 AND scale = $3 AND counter = $4",
    )
    .bind(&series.name)
    .bind(&series.unit)
    .bind(i64::from(series.scale))
    .bind(series.counter)
    .one(&mut tx.on)
    .await?;
    let key = Columns::of(&row).int()?;
    tx.kinds.limit(REMEMBERED_KINDS);
    tx.kinds.put(kind, key);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{device, on_both};
    use super::*;

    fn series(name: &str) -> NewSeries {
        NewSeries {
            name: name.into(),
            labels: String::new(),
            unit: String::new(),
            scale: 0,
            counter: false,
        }
    }

    #[tokio::test]
    async fn a_kind_that_was_taken_back_is_not_remembered() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let too_long = series(&"x".repeat(SERIES_NAME_BYTES + 1));
            let refused = store.name_series(key, vec![series("cpu"), too_long]).await;
            assert!(refused.is_err());
            let taken_back = store
                .write(key, |tx, key| {
                    Box::pin(async move {
                        name(tx, *key, &[series("load")]).await?;
                        Err::<(), _>(StoreError::conflict(wording!("by the test")))
                    })
                })
                .await;
            assert!(taken_back.is_err());
            let both = vec![series("cpu"), series("load")];
            assert_eq!(store.name_series(key, both).await.unwrap(), [0, 1]);
            let named: Vec<_> = store.series(key).await.unwrap();
            let names: Vec<_> = named.iter().map(|one| &*one.series.name).collect();
            assert_eq!(names, ["cpu", "load"]);
        })
        .await;
    }
}

//! Canned replies, macros and the matrix of priorities, as their authors wrote them.

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::{Wording, wording};

/// Of one kind.
pub const MOST: i64 = 500;

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    Reply,
    Macro,
    Matrix,
}

impl TextKind {
    /// One of the kind, as a person says it.
    pub(crate) fn wording(self) -> Wording {
        match self {
            Self::Reply => wording!("reply"),
            Self::Macro => wording!("macro"),
            Self::Matrix => wording!("matrix"),
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Macro => "macro",
            Self::Matrix => "matrix",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskText {
    pub name: String,
    /// JSON.
    pub body: String,
    pub changed_at: TimeUs,
    pub changed_by: String,
}

const SELECT: &str = "SELECT name, body, changed_at, changed_by FROM desk_texts WHERE kind = ";

impl Store {
    /// Those of a kind after `after`, by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn desk_texts(
        &self,
        kind: TextKind,
        after: &str,
        most: u32,
    ) -> Result<Vec<DeskText>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .arg(kind.as_str())
            .push(" AND name > ")
            .arg(after)
            .push(" ORDER BY name LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// One by its name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn desk_text(
        &self,
        kind: TextKind,
        name: &str,
    ) -> Result<Option<DeskText>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .arg(kind.as_str())
            .push(" AND name = ")
            .arg(name)
            .read_optional(&mut on, read)
            .await
    }

    /// Keeps one, in the place of that of its name, with the audit entry.
    ///
    /// # Errors
    /// Refused: there are [`MOST`].
    pub async fn set_desk_text(&self, kind: TextKind, text: DeskText) -> Result<(), StoreError> {
        self.write((kind, text), |tx, (kind, text)| {
            Box::pin(set(tx, *kind, text))
        })
        .await
    }

    /// Removes one, with the audit entry.
    ///
    /// # Errors
    /// Not found: there is none of that name.
    pub async fn remove_desk_text(
        &self,
        kind: TextKind,
        name: &str,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let input = (kind, name.to_owned(), by.to_owned(), at);
        self.write(input, |tx, (kind, name, by, at)| {
            Box::pin(async move {
                let n_rows = Query::new("DELETE FROM desk_texts WHERE kind = $1 AND name = $2")
                    .bind(kind.as_str())
                    .bind(name)
                    .execute(&mut tx.on)
                    .await?;
                if n_rows == 0 {
                    return Err(StoreError::not_found(kind.wording()));
                }
                let deed = format!("{}.remove", kind.as_str());
                audit::note(tx, by, &deed, name, "", *at).await
            })
        })
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<DeskText, StoreError> {
    Ok(DeskText {
        name: columns.text()?,
        body: columns.text()?,
        changed_at: columns.int()?,
        changed_by: columns.text()?,
    })
}

async fn set(tx: &mut Tx, kind: TextKind, text: &DeskText) -> Result<(), StoreError> {
    let row = Query::new("SELECT COUNT(*) FROM desk_texts WHERE kind = $1 AND name <> $2")
        .bind(kind.as_str())
        .bind(&text.name)
        .one(&mut tx.on)
        .await?;
    if Columns::of(&row).int()? >= MOST {
        let what = wording!("there are {} already", MOST);
        return Err(StoreError::refused("name", what).remedy(wording!("remove some of them")));
    }
    Query::new(
        "INSERT INTO desk_texts (kind, name, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, \
         changed_by = excluded.changed_by",
    )
    .bind(kind.as_str())
    .bind(&text.name)
    .bind(&text.body)
    .bind(text.changed_at)
    .bind(&text.changed_by)
    .execute(&mut tx.on)
    .await?;
    let deed = format!("{}.set", kind.as_str());
    audit::note(tx, &text.changed_by, &deed, &text.name, "", text.changed_at).await
}

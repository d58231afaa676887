//! Statements with `$n` placeholders, and rows read column by column.
//!
//! A prepared statement keeps the parameter types it was first sent with, and the `Any` driver sends a missing
//! double as another type than a present one. So `bind` takes no optional double, and `arg` writes `NULL` for it.

use std::borrow::Cow;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Row};

use super::StoreError;

/// What a placeholder stands for.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Integer(Option<i64>),
    Double(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A statement on its way to the database.
pub(crate) struct Query {
    text: Cow<'static, str>,
    arguments: AnyArguments,
    failed: bool,
}

impl Query {
    /// The text may hold `$1`, `$2`, … which `bind` then fills in that order.
    pub(crate) fn new(text: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            arguments: AnyArguments::default(),
            failed: false,
        }
    }

    /// Fills the next placeholder that stands in the text.
    pub(crate) fn bind(mut self, value: impl Bind) -> Self {
        self.add(value.value());
        self
    }

    /// Appends text.
    pub(crate) fn push(mut self, text: &str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends the next placeholder and fills it.
    pub(crate) fn arg(mut self, value: impl Into<Value>) -> Self {
        self.append(value.into());
        self
    }

    /// Appends `($n, $m), ($o, …)`, one group per row.
    pub(crate) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        for (n_row, row) in rows.into_iter().enumerate() {
            self.text
                .to_mut()
                .push_str(if n_row == 0 { "(" } else { ", (" });
            for (n_column, value) in row.into_iter().enumerate() {
                if n_column > 0 {
                    self.text.to_mut().push_str(", ");
                }
                self.append(value);
            }
            self.text.to_mut().push(')');
        }
        self
    }

    /// Appends `($n, $m, …)`; an empty list matches nothing.
    pub(crate) fn list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.text.to_mut().push('(');
        let mut n_values = 0;
        for value in values {
            if n_values > 0 {
                self.text.to_mut().push_str(", ");
            }
            self.append(value.into());
            n_values += 1;
        }
        if n_values == 0 {
            self.text.to_mut().push_str("NULL");
        }
        self.text.to_mut().push(')');
        self
    }

    fn append(&mut self, value: Value) {
        if matches!(value, Value::Double(None)) {
            self.text.to_mut().push_str("NULL");
            return;
        }
        let number = self.arguments.len() + 1;
        self.text.to_mut().push_str(&format!("${number}"));
        self.add(value);
    }

    fn add(&mut self, value: Value) {
        let added = match value {
            Value::Integer(value) => self.arguments.add(value),
            Value::Double(value) => self.arguments.add(value),
            Value::Text(value) => self.arguments.add(value),
            Value::Bytes(value) => self.arguments.add(value),
        };
        self.failed |= added.is_err();
    }

    /// Number of rows that were touched.
    pub(crate) async fn execute(self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        let done = self.prepared()?.execute(on).await?;
        Ok(done.rows_affected())
    }

    pub(crate) async fn all(self, on: &mut AnyConnection) -> Result<Vec<AnyRow>, StoreError> {
        Ok(self.prepared()?.fetch_all(on).await?)
    }

    pub(crate) async fn optional(
        self,
        on: &mut AnyConnection,
    ) -> Result<Option<AnyRow>, StoreError> {
        Ok(self.prepared()?.fetch_optional(on).await?)
    }

    /// The one row that there must be.
    pub(crate) async fn one(self, on: &mut AnyConnection) -> Result<AnyRow, StoreError> {
        Ok(self.prepared()?.fetch_one(on).await?)
    }

    /// Every row through `read`.
    pub(crate) async fn read<T>(
        self,
        on: &mut AnyConnection,
        read: impl Fn(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.all(on).await?;
        rows.iter().map(|row| read(&mut Columns::of(row))).collect()
    }

    /// The first row, if any, through `read`.
    pub(crate) async fn read_optional<T>(
        self,
        on: &mut AnyConnection,
        read: impl Fn(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let row = self.optional(on).await?;
        row.as_ref()
            .map(|row| read(&mut Columns::of(row)))
            .transpose()
    }

    fn prepared(self) -> Result<sqlx::query::Query<'static, sqlx::Any, AnyArguments>, StoreError> {
        if self.failed {
            return Err(StoreError::Broken("a value cannot be sent".into()));
        }
        Ok(match self.text {
            Cow::Borrowed(text) => sqlx::query_with(text, self.arguments),
            Cow::Owned(text) => sqlx::query_with(AssertSqlSafe(text), self.arguments),
        })
    }
}

/// A text that `LIKE … ESCAPE '!'` takes literally.
pub(crate) fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(letter);
    }
    escaped
}

/// A row, read from its first column to its last.
pub(crate) struct Columns<'r> {
    row: &'r AnyRow,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(crate) fn of(row: &'r AnyRow) -> Self {
        Self { row, next: 0 }
    }

    fn next<T>(&mut self) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        let column = self.next;
        self.next += 1;
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        self.next()
    }

    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, StoreError> {
        self.next()
    }

    pub(crate) fn truth(&mut self) -> Result<bool, StoreError> {
        Ok(self.int()? != 0)
    }

    /// SQLite gives a whole number back as an integer when an expression made it.
    pub(crate) fn opt_double(&mut self) -> Result<Option<f64>, StoreError> {
        self.next()
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.next()
    }

    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, StoreError> {
        self.next()
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.next()
    }

    pub(crate) fn opt_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        self.next()
    }

    /// 16 bytes.
    pub(crate) fn id(&mut self) -> Result<super::Id, StoreError> {
        Ok(super::Id::from_slice(&self.bytes()?)?)
    }

    pub(crate) fn opt_id(&mut self) -> Result<Option<super::Id>, StoreError> {
        let bytes = self.opt_bytes()?;
        Ok(bytes
            .map(|bytes| super::Id::from_slice(&bytes))
            .transpose()?)
    }
}

/// What `bind` takes: everything whose absence has the type of its presence.
pub(crate) trait Bind {
    fn value(self) -> Value;
}

macro_rules! bind {
    ($($type:ty),*) => {$(
        impl Bind for $type {
            fn value(self) -> Value {
                self.into()
            }
        }
    )*};
}

bind!(
    i64,
    u32,
    bool,
    f64,
    &str,
    &String,
    String,
    Vec<u8>,
    &Vec<u8>,
    &[u8],
    super::Id,
    &super::DeviceId
);
bind!(
    Option<i64>,
    Option<String>,
    Option<&str>,
    Option<Vec<u8>>,
    Option<super::Id>
);

/// No engine may refuse a text: what PostgreSQL cannot hold becomes the replacement character.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(Some(value.into()))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(Some(value.into()))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Double(Some(value))
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        Self::Double(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(without_nul(value)))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        value.clone().into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(without_nul))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        value.map(str::to_owned).into()
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Self {
        Self::Bytes(Some(value.clone()))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}

impl From<super::Id> for Value {
    fn from(value: super::Id) -> Self {
        Self::Bytes(Some(value.0.to_vec()))
    }
}

impl From<Option<super::Id>> for Value {
    fn from(value: Option<super::Id>) -> Self {
        Self::Bytes(value.map(|id| id.0.to_vec()))
    }
}

impl From<&super::DeviceId> for Value {
    fn from(value: &super::DeviceId) -> Self {
        value.as_str().into()
    }
}

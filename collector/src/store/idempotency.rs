//! Calls that may be repeated, and what was answered to them.

use super::{Query, Store, StoreError, TimeUs, Tx};

/// How long an answer is kept: one day.
pub(super) const KEPT_US: i64 = 86_400 * 1_000_000;

/// A call with its key.
#[derive(Debug, Clone)]
pub struct NewCall {
    pub account_key: i64,
    pub key: String,
    /// Of path and body.
    pub request_hash: Vec<u8>,
    pub at: TimeUs,
}

/// Whether the call is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    New,
    /// It was done, with this answer.
    Answered {
        status: i64,
        answer: String,
    },
    /// It is being done, or the collector ended while it was.
    Running,
    /// The key belongs to another request.
    Other,
}

impl Store {
    /// Notes that a call begins, unless one with its key has begun before.
    ///
    /// # Errors
    /// The store's own.
    pub async fn begin_call(&self, call: NewCall) -> Result<Begun, StoreError> {
        self.write(call, |tx, call| Box::pin(begin(tx, call))).await
    }

    /// Keeps the answer; without a status the call may be tried again under its key.
    ///
    /// # Errors
    /// The store's own.
    pub async fn end_call(
        &self,
        account_key: i64,
        key: String,
        status: Option<i64>,
        answer: String,
    ) -> Result<(), StoreError> {
        self.write(
            (account_key, key, status, answer),
            |tx, (account_key, key, status, answer)| {
                Box::pin(async move {
                    let query = match status {
                        Some(status) => Query::new("UPDATE idempotency SET status = ")
                            .arg(*status)
                            .push(", answer = ")
                            .arg(answer),
                        None => Query::new("DELETE FROM idempotency"),
                    };
                    query
                        .push(" WHERE account_key = ")
                        .arg(*account_key)
                        .push(" AND idempotency_key = ")
                        .arg(key)
                        .execute(&mut tx.on)
                        .await?;
                    Ok(())
                })
            },
        )
        .await
    }
}

async fn begin(tx: &mut Tx, call: &NewCall) -> Result<Begun, StoreError> {
    Query::new("DELETE FROM idempotency WHERE account_key = $1 AND at < $2")
        .bind(call.account_key)
        .bind(call.at - KEPT_US)
        .execute(&mut tx.on)
        .await?;
    let known = Query::new(
        "SELECT request_hash, status, answer FROM idempotency WHERE account_key = $1 AND idempotency_key = $2",
    )
    .bind(call.account_key)
    .bind(&call.key)
    .read_optional(&mut tx.on, |columns| {
        Ok((columns.bytes()?, columns.opt_int()?, columns.opt_text()?))
    })
    .await?;
    match known {
        Some((hash, _, _)) if hash != call.request_hash => return Ok(Begun::Other),
        Some((_, Some(status), answer)) => {
            return Ok(Begun::Answered {
                status,
                answer: answer.unwrap_or_default(),
            });
        }
        Some((_, None, _)) => return Ok(Begun::Running),
        None => {}
    }
    Query::new(
        "INSERT INTO idempotency (account_key, idempotency_key, request_hash, at) VALUES ($1, $2, $3, $4)",
    )
    .bind(call.account_key)
    .bind(&call.key)
    .bind(&call.request_hash)
    .bind(call.at)
    .execute(&mut tx.on)
    .await?;
    Ok(Begun::New)
}

//! Tokens by which programs act as somebody: made and struck off by their owner, known by their hashes.
//!
//! A token does what its account may do at that moment, and nothing while somebody else knows the account's password. It dies with
//! the closing of the account.

use pass::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::{log, random_key};
use crate::row::Columns;
use crate::{Account, Act, Action, Store, StoreError};

/// The longest life of a token, in seconds: a year, leap day included.
pub const LONGEST_TOKEN: i64 = 366 * 86_400;
/// How often it is noted that a token is in use: not with every request.
const NOTED: i64 = 3_600;

/// A token to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// Hash of what the program will show.
    pub hash: &'a str,
    /// What its owner calls it. Names nobody: it is in the audit log.
    pub label: &'a str,
    /// The first second at which it no longer holds.
    pub ends: Timestamp,
}

/// A token, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Names it: 32 hexadecimal digits. Nothing can be done by it.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// When it was made.
    pub made: Timestamp,
    /// The first second at which it no longer holds.
    pub ends: Timestamp,
    /// When it was last shown, to the hour; none where it never was.
    pub used: Option<Timestamp>,
}

impl Store {
    /// Makes a token of an account. One that would hold for longer than [`LONGEST_TOKEN`] ends then. Tokens that are over are cleared
    /// away.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where no open account has this name, and the database's.
    pub async fn add_token(
        &self,
        account: &str,
        new: &NewToken<'_>,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        let ends = new.ends.min(act.at.plus(LONGEST_TOKEN));
        transaction!(self, |tx| {
            let open: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM accounts WHERE name = $1 AND closed IS NULL")
                    .bind(account)
                    .fetch_one(&mut *tx)
                    .await?;
            if open == 0 {
                return Err(StoreError::Absent { what: "account", key: account.to_owned() });
            }
            sqlx::query("DELETE FROM tokens WHERE ends <= $1").bind(act.at.0).execute(&mut *tx).await?;
            sqlx::query(
                "INSERT INTO tokens (id, hash, account, label, made, ends) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(random_key())
            .bind(new.hash)
            .bind(account)
            .bind(new.label)
            .bind(act.at.0)
            .bind(ends.0)
            .execute(&mut *tx)
            .await?;
            let detail = format!("token {:?} of {account} until {ends}", new.label);
            log(&mut *tx, act, Action::Account, &detail).await?;
            Ok(())
        })
    }

    /// The tokens of an account that hold at `now`, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tokens(&self, account: &str, now: Timestamp) -> Result<Vec<ApiToken>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, label, made, ends, used FROM tokens WHERE account = $1 AND ends > $2
             ORDER BY made DESC, id",
        )
        .bind(account)
        .bind(now.0)
        .fetch_all(self.pool())
        .await?;
        let token = |row: &AnyRow| {
            Ok(ApiToken {
                id: row.text("id")?,
                label: row.text("label")?,
                made: Timestamp(row.integer("made")?),
                ends: Timestamp(row.integer("ends")?),
                used: row.try_get::<Option<i64>, _>("used")?.map(Timestamp),
            })
        };
        rows.iter().map(token).collect()
    }

    /// Strikes off a token of an account: nobody can do anything by it from now on.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn strike_token(&self, account: &str, id: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let label: Option<String> =
                sqlx::query_scalar("SELECT label FROM tokens WHERE account = $1 AND id = $2")
                    .bind(account)
                    .bind(id)
                    .fetch_optional(&mut *tx)
                    .await?;
            let label = label.ok_or_else(|| StoreError::Absent { what: "token", key: id.to_owned() })?;
            sqlx::query("DELETE FROM tokens WHERE id = $1").bind(id).execute(&mut *tx).await?;
            let detail = format!("struck off token {label:?} of {account}");
            log(&mut *tx, act, Action::Account, &detail).await?;
            Ok(())
        })
    }

    /// As whom somebody acts who shows the token with this hash; none where it is over or struck off, its account closed, or the
    /// account's password known to somebody else.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account_of_token(&self, hash: &str, now: Timestamp) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query("SELECT account, used FROM tokens WHERE hash = $1 AND ends > $2")
            .bind(hash)
            .bind(now.0)
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.account(&row.text("account")?).await?;
        let account = account.filter(|account| account.closed.is_none() && !account.provisional);
        let used: Option<i64> = row.try_get("used")?;
        if account.is_some() && used.is_none_or(|used| now.0.saturating_sub(used) >= NOTED) {
            sqlx::query("UPDATE tokens SET used = $2 WHERE hash = $1")
                .bind(hash)
                .bind(now.0)
                .execute(self.pool())
                .await?;
        }
        Ok(account)
    }
}

/// With the closing of an account its tokens are gone, and don't come back when it is opened again.
pub(crate) async fn strike_tokens(tx: &mut AnyConnection, account: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tokens WHERE account = $1").bind(account).execute(tx).await?;
    Ok(())
}

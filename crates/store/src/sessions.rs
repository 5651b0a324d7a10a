//! Signing in: attempts that get slower, sessions that every program on the database knows.

use pass::Timestamp;
use registry::pause_after;
use sqlx::Row;

use crate::accounts::end_sessions;
use crate::act::log;
use crate::row::Columns;
use crate::{Account, Act, Action, Store, StoreError};

/// A session ends when nothing was asked for so long, in seconds: a shift at the counter with its pauses.
const IDLE: i64 = 2 * 60 * 60;
/// And after so long in any case.
const LONGEST: i64 = 12 * 60 * 60;
/// How often it is noted that a session is in use: not with every request.
const NOTED: i64 = 60;

/// What an attempt to sign in comes to before the password was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// No open account has this name.
    Unknown,
    /// Too many wrong passwords: nothing is looked at for so many seconds.
    Wait(u32),
    /// The password may be compared. The attempt counts as a failure until [`Store::signed_in`] is called.
    Try {
        /// The account.
        name: String,
        /// Hash of its password.
        password: String,
        /// Its second factor; none where it has none.
        second: Option<Factor>,
    },
}

/// A second factor as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its secret, encrypted.
    pub secret: String,
    /// The last step that was used: it and those before it are used up.
    pub step: i64,
    /// Hashes of the codes that stand in for it, each once.
    pub recovery: Vec<String>,
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Factor").field("step", &self.step).finish_non_exhaustive()
    }
}

/// A session to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// Hash of what the browser will show.
    pub token: &'a str,
    /// What its forms carry.
    pub csrf: &'a str,
    /// The step of the second factor that was used.
    pub step: Option<i64>,
    /// The hash of the recovery code that was used up.
    pub recovery: Option<&'a str>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// What their forms carry.
    pub csrf: String,
    /// What the next page says once.
    pub notice: Option<String>,
}

impl Store {
    /// Begins an attempt to sign in. It counts as a failure at once, so that many at the same moment count as many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn attempt(&self, name: &str, at: Timestamp) -> Result<Attempt, StoreError> {
        transaction!(self, |tx| {
            let row = sqlx::query(
                "SELECT name, password, second, second_step, failures, failed FROM accounts
                 WHERE LOWER(name) = LOWER($1) AND closed IS NULL",
            )
            .bind(name)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(row) = row else { return Ok(Attempt::Unknown) };
            let failures: u32 = row.number("failures")?;
            let since = at.0.saturating_sub(row.integer("failed")?);
            let pause = i64::from(pause_after(failures));
            // A clock that went back keeps nobody out for longer than the pause.
            let left = if since < 0 { pause } else { pause - since };
            if let Ok(seconds @ 1..) = u32::try_from(left) {
                return Ok(Attempt::Wait(seconds));
            }
            let name = row.text("name")?;
            sqlx::query("UPDATE accounts SET failures = $2, failed = $3 WHERE name = $1")
                .bind(&name)
                .bind(i64::from(failures.saturating_add(1)))
                .bind(at.0)
                .execute(&mut *tx)
                .await?;
            let second = match row.try_get::<Option<String>, _>("second")? {
                None => None,
                Some(secret) => {
                    let codes = sqlx::query("SELECT hash FROM recovery_codes WHERE account = $1")
                        .bind(&name)
                        .fetch_all(&mut *tx)
                        .await?;
                    let recovery = codes.iter().map(|row| row.text("hash")).collect::<Result<_, _>>()?;
                    Some(Factor { secret, step: row.integer("second_step")?, recovery })
                }
            };
            Ok(Attempt::Try { name, password: row.text("password")?, second })
        })
    }

    /// Forgets earlier failures: somebody who was signed in already has shown the password again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_failures(&self, name: &str) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            sqlx::query("UPDATE accounts SET failures = 0 WHERE name = $1")
                .bind(name)
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// Notes an attempt that failed: the password, or the second factor, was wrong.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn not_signed_in(&self, name: &str, at: Timestamp) -> Result<(), StoreError> {
        self.audit(&Act { by: name, at }, Action::SignIn, "refused").await
    }

    /// Begins a session for whoever has shown that they are `name`. Earlier failures are forgotten, sessions that are over are
    /// cleared away. False where a code was used by somebody else meanwhile: then there is no session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signed_in(
        &self,
        name: &str,
        session: &NewSession<'_>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        transaction!(self, |tx| {
            if let Some(step) = session.step {
                let used =
                    sqlx::query("UPDATE accounts SET second_step = $2 WHERE name = $1 AND second_step < $2")
                        .bind(name)
                        .bind(step)
                        .execute(&mut *tx)
                        .await?;
                if used.rows_affected() == 0 {
                    return Ok(false);
                }
            }
            if let Some(hash) = session.recovery {
                let used = sqlx::query("DELETE FROM recovery_codes WHERE account = $1 AND hash = $2")
                    .bind(name)
                    .bind(hash)
                    .execute(&mut *tx)
                    .await?;
                if used.rows_affected() == 0 {
                    return Ok(false);
                }
            }
            sqlx::query("UPDATE accounts SET failures = 0 WHERE name = $1")
                .bind(name)
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM sessions WHERE seen <= $1 OR begun <= $2")
                .bind(at.0 - IDLE)
                .bind(at.0 - LONGEST)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO sessions (token, account, csrf, begun, seen) VALUES ($1, $2, $3, $4, $4)",
            )
            .bind(session.token)
            .bind(name)
            .bind(session.csrf)
            .bind(at.0)
            .execute(&mut *tx)
            .await?;
            log(&mut *tx, &Act { by: name, at }, Action::SignIn, "signed in").await?;
            Ok(true)
        })
    }

    /// Who is signed in by this token; none where the session is over or its account closed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT account, csrf, seen, notice FROM sessions WHERE token = $1 AND seen > $2 AND begun > $3",
        )
        .bind(token)
        .bind(now.0 - IDLE)
        .bind(now.0 - LONGEST)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.account(&row.text("account")?).await?;
        let Some(account) = account.filter(|account| account.closed.is_none()) else { return Ok(None) };
        if now.0.saturating_sub(row.integer("seen")?) >= NOTED {
            sqlx::query("UPDATE sessions SET seen = $2 WHERE token = $1")
                .bind(token)
                .bind(now.0)
                .execute(self.pool())
                .await?;
        }
        Ok(Some(Session { account, csrf: row.text("csrf")?, notice: row.try_get("notice")? }))
    }

    /// Leaves a word for the next page of a session, or takes it away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_notice(&self, token: &str, notice: Option<&str>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            sqlx::query("UPDATE sessions SET notice = $2 WHERE token = $1")
                .bind(token)
                .bind(notice)
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_out(&self, token: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token).execute(&mut *tx).await?;
            log(&mut *tx, act, Action::SignIn, "signed out").await?;
            Ok(())
        })
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_out_everywhere(&self, account: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            end_sessions(&mut *tx, account).await?;
            log(&mut *tx, act, Action::SignIn, &format!("{account} signed out everywhere")).await?;
            Ok(())
        })
    }
}

//! Accounts of the office: names, roles, the compounds each has to do with, hashes of passwords, second factors.

use pass::{CompoundId, Timestamp};
use registry::{Role, Scope};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::log;
use crate::row::{Columns, damaged};
use crate::tokens::strike_tokens;
use crate::{Act, Action, Store, StoreError};

/// Somebody who works in the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name they sign in with.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// Whether somebody else knows the password: it has to be changed.
    pub provisional: bool,
    /// Whether signing in takes a second factor.
    pub has_second: bool,
    /// When it was added.
    pub added: Timestamp,
    /// When it was closed; none while it is open.
    pub closed: Option<Timestamp>,
}

/// An account to be added.
#[derive(Clone, Copy)]
pub struct NewAccount<'a> {
    /// The name to sign in with.
    pub name: &'a str,
    /// What they may do.
    pub role: Role,
    /// Where.
    pub scope: &'a Scope,
    /// Hash of the password.
    pub password: &'a str,
    /// Whether the password has to be changed at the first sign-in.
    pub provisional: bool,
}

/// The columns that [`Account`] is read from.
macro_rules! accounts {
    ($which:literal) => {
        concat!(
            "SELECT name, role, everywhere, provisional, CASE WHEN second IS NULL THEN 0 ELSE 1 END AS has_second,
                    added, closed FROM accounts ",
            $which
        )
    };
}

impl Store {
    /// Adds an account. A name that is there already is refused, whatever its case.
    ///
    /// # Errors
    /// [`StoreError::Taken`], and the database's.
    pub async fn add_account(&self, new: &NewAccount<'_>, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let taken: Option<String> =
                sqlx::query_scalar("SELECT name FROM accounts WHERE LOWER(name) = LOWER($1)")
                    .bind(new.name)
                    .fetch_optional(&mut *tx)
                    .await?;
            if let Some(by) = taken {
                return Err(StoreError::Taken { what: "sign-in name", by });
            }
            sqlx::query(
                "INSERT INTO accounts (name, role, everywhere, password, provisional, second_step, failures, failed,
                                       added, added_by) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, $7)",
            )
            .bind(new.name)
            .bind(new.role.code())
            .bind(i64::from(*new.scope == Scope::Everywhere))
            .bind(new.password)
            .bind(i64::from(new.provisional))
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            set_compounds(&mut *tx, new.name, new.scope).await?;
            log(&mut *tx, act, Action::Account, &format!("added {} {}", new.name, new.role.code())).await?;
            Ok(())
        })
    }

    /// All accounts: open ones first, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(accounts!("")).fetch_all(self.pool()).await?;
        let mut accounts = Vec::with_capacity(rows.len());
        for row in &rows {
            accounts.push(self.account_of(row).await?);
        }
        // By bytes, whatever the database thinks of Chinese.
        accounts.sort_by(|a, b| (a.closed.is_some(), &a.name).cmp(&(b.closed.is_some(), &b.name)));
        Ok(accounts)
    }

    /// The account of this name, in any case of its letters.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(accounts!("WHERE LOWER(name) = LOWER($1)"))
            .bind(name)
            .fetch_optional(self.pool())
            .await?;
        match row {
            Some(row) => self.account_of(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Changes what somebody may do, and where. Holds at once, for whoever is signed in as well. The last open administrator
    /// stays one.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::LastAdministrator`], and the database's.
    pub async fn set_role(
        &self,
        name: &str,
        role: Role,
        scope: &Scope,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            if role != Role::Administrator {
                demand_another_administrator(&mut *tx, name).await?;
            }
            let changed = sqlx::query("UPDATE accounts SET role = $2, everywhere = $3 WHERE name = $1")
                .bind(name)
                .bind(role.code())
                .bind(i64::from(*scope == Scope::Everywhere))
                .execute(&mut *tx)
                .await?;
            demand_one(changed.rows_affected(), name)?;
            set_compounds(&mut *tx, name, scope).await?;
            log(&mut *tx, act, Action::Account, &format!("{name} is {} now", role.code())).await?;
            Ok(())
        })
    }

    /// Closes an account or opens it again. Who is signed in by a closed one is so no more, and
    /// its tokens are struck off. The last open administrator can't be
    /// closed.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::LastAdministrator`], and the database's.
    pub async fn close_account(&self, name: &str, close: bool, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            if close {
                demand_another_administrator(&mut *tx, name).await?;
            }
            let changed = sqlx::query("UPDATE accounts SET closed = $2 WHERE name = $1")
                .bind(name)
                .bind(close.then_some(act.at.0))
                .execute(&mut *tx)
                .await?;
            demand_one(changed.rows_affected(), name)?;
            end_sessions(&mut *tx, name).await?;
            strike_tokens(&mut *tx, name).await?;
            let what = if close { "closed" } else { "opened" };
            log(&mut *tx, act, Action::Account, &format!("{what} {name}")).await?;
            Ok(())
        })
    }

    /// Sets a password. Everybody who was signed in by this account is so no more, and earlier failures are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn set_password(
        &self,
        name: &str,
        password: &str,
        provisional: bool,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let changed = sqlx::query(
                "UPDATE accounts SET password = $2, provisional = $3, failures = 0 WHERE name = $1",
            )
            .bind(name)
            .bind(password)
            .bind(i64::from(provisional))
            .execute(&mut *tx)
            .await?;
            demand_one(changed.rows_affected(), name)?;
            end_sessions(&mut *tx, name).await?;
            log(&mut *tx, act, Action::Account, &format!("password of {name}")).await?;
            Ok(())
        })
    }

    /// Sets or takes away the second factor of an account: its encrypted secret, and the hashes of what lets its owner in without it.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn set_second(
        &self,
        name: &str,
        secret: Option<&str>,
        recovery: &[String],
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let changed = sqlx::query("UPDATE accounts SET second = $2, second_step = 0 WHERE name = $1")
                .bind(name)
                .bind(secret)
                .execute(&mut *tx)
                .await?;
            demand_one(changed.rows_affected(), name)?;
            sqlx::query("DELETE FROM recovery_codes WHERE account = $1").bind(name).execute(&mut *tx).await?;
            for hash in recovery {
                sqlx::query("INSERT INTO recovery_codes (account, hash) VALUES ($1, $2)")
                    .bind(name)
                    .bind(hash)
                    .execute(&mut *tx)
                    .await?;
            }
            let what = if secret.is_some() { "second factor of" } else { "no second factor for" };
            log(&mut *tx, act, Action::Account, &format!("{what} {name}")).await?;
            Ok(())
        })
    }

    async fn account_of(&self, row: &AnyRow) -> Result<Account, StoreError> {
        let (name, role) = (row.text("name")?, row.text("role")?);
        let scope = match row.integer("everywhere")? {
            0 => Scope::Compounds(self.compounds_of(&name).await?),
            _ => Scope::Everywhere,
        };
        Ok(Account {
            role: Role::of_code(&role).ok_or_else(|| damaged("role", role))?,
            scope,
            provisional: row.integer("provisional")? != 0,
            has_second: row.integer("has_second")? != 0,
            added: Timestamp(row.integer("added")?),
            closed: row.try_get::<Option<i64>, _>("closed")?.map(Timestamp),
            name,
        })
    }

    async fn compounds_of(&self, account: &str) -> Result<Vec<CompoundId>, StoreError> {
        let rows = sqlx::query("SELECT compound FROM account_compounds WHERE account = $1 ORDER BY compound")
            .bind(account)
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(|row| row.compound("compound")).collect()
    }
}

async fn set_compounds(tx: &mut AnyConnection, name: &str, scope: &Scope) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM account_compounds WHERE account = $1").bind(name).execute(&mut *tx).await?;
    let Scope::Compounds(compounds) = scope else { return Ok(()) };
    for compound in compounds {
        sqlx::query("INSERT INTO account_compounds (account, compound) VALUES ($1, $2)")
            .bind(name)
            .bind(i64::from(compound.0))
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// An office that lost its last administrator could never have one again from its pages.
async fn demand_another_administrator(tx: &mut AnyConnection, name: &str) -> Result<(), StoreError> {
    let open: Vec<String> =
        sqlx::query_scalar("SELECT name FROM accounts WHERE role = 'administrator' AND closed IS NULL")
            .fetch_all(tx)
            .await?;
    if open.as_slice() == [name] { Err(StoreError::LastAdministrator) } else { Ok(()) }
}

pub(crate) async fn end_sessions(tx: &mut AnyConnection, account: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE account = $1").bind(account).execute(tx).await?;
    Ok(())
}

fn demand_one(changed: u64, name: &str) -> Result<(), StoreError> {
    match changed {
        0 => Err(StoreError::Absent { what: "account", key: name.to_owned() }),
        _ => Ok(()),
    }
}

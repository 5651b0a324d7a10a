//! Invitations of new gates: each works once, for minutes, and can be answered again to the gate that used it, whose answer may have
//! been lost.

use pass::{CompoundId, Timestamp};

use crate::act::log;
use crate::gates::put;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// Invitations are forgotten so long after their end, in seconds.
const REMEMBERED: i64 = 86_400;

/// An invitation.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// What proves that somebody knows the code, in the form its owner gives it.
    pub secret: String,
    /// The name of the gate.
    pub name: String,
    /// Its compound.
    pub compound: CompoundId,
    /// The first moment at which it holds no more.
    pub ends: Timestamp,
    /// The key of the gate that used it.
    pub receiver: Option<String>,
}

/// What came of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolled {
    /// The gate is known from now on.
    Now,
    /// This very gate has used it already.
    Before,
    /// Another gate has used it.
    Used,
    /// Its time is over.
    Ended,
}

impl Store {
    /// Invites a gate: whoever knows the code of this id becomes the gate of this name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invite_gate(
        &self,
        id: &str,
        invitation: &Enrolment,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            sqlx::query("DELETE FROM enrolments WHERE ends < $1")
                .bind(act.at.0 - REMEMBERED)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO enrolments (id, secret, name, compound, ends, made, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(invitation.secret.as_str())
            .bind(invitation.name.as_str())
            .bind(i64::from(invitation.compound.0))
            .bind(invitation.ends.0)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            let detail = format!("invited {} to compound {}", invitation.name, invitation.compound.0);
            log(&mut *tx, act, Action::Gate, &detail).await?;
            Ok(())
        })
    }

    /// The invitation of this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitation(&self, id: &str) -> Result<Option<Enrolment>, StoreError> {
        let row = sqlx::query("SELECT secret, name, compound, ends, receiver FROM enrolments WHERE id = $1")
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| {
            Ok(Enrolment {
                secret: row.text("secret")?,
                name: row.text("name")?,
                compound: row.compound("compound")?,
                ends: Timestamp(row.integer("ends")?),
                receiver: sqlx::Row::try_get(&row, "receiver")?,
            })
        })
        .transpose()
    }

    /// Makes the gate with these keys known by an invitation; the caller has seen that it knows the code.
    ///
    /// # Errors
    /// [`StoreError::Absent`] without such an invitation, [`StoreError::Taken`] when another gate has or had the key, and the
    /// database's.
    pub async fn enrol_gate(
        &self,
        id: &str,
        (receiver, signer): (&str, &str),
        act: &Act<'_>,
    ) -> Result<Enrolled, StoreError> {
        transaction!(self, |tx| {
            let row = sqlx::query("SELECT name, compound, ends, receiver FROM enrolments WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?
                .ok_or_else(|| StoreError::Absent { what: "invitation", key: id.to_owned() })?;
            let used: Option<String> = sqlx::Row::try_get(&row, "receiver")?;
            if act.at.0 >= row.integer("ends")? {
                return Ok(Enrolled::Ended);
            }
            match used {
                Some(used) if used == receiver => return Ok(Enrolled::Before),
                Some(_) => return Ok(Enrolled::Used),
                None => {}
            }
            sqlx::query("UPDATE enrolments SET receiver = $2 WHERE id = $1")
                .bind(id)
                .bind(receiver)
                .execute(&mut *tx)
                .await?;
            let (name, compound) = (row.text("name")?, row.compound("compound")?);
            put(&mut *tx, (&name, compound), (receiver, signer), act).await?;
            Ok(Enrolled::Now)
        })
    }
}

//! The gates that people are sealed for: each with its compound and its public key, in whatever form its owner writes it.

use pass::{CompoundId, Timestamp};

use crate::act::log;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Its name, used once in an office.
    pub name: String,
    /// The compound it belongs to.
    pub compound: CompoundId,
    /// Its public key.
    pub receiver: String,
    /// Since when it is known.
    pub added: Timestamp,
}

impl Store {
    /// Makes a gate known. One that is known under this name gets the new key, so that a gate whose disk died can go on.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another gate has the key, and the database's.
    pub async fn put_gate(
        &self,
        name: &str,
        compound: CompoundId,
        receiver: &str,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let owner: Option<String> = sqlx::query_scalar("SELECT name FROM gates WHERE receiver = $1")
                .bind(receiver)
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(owner) = owner.filter(|owner| owner != name) {
                return Err(StoreError::Taken { what: "key", by: owner });
            }
            sqlx::query(
                "INSERT INTO gates (name, compound, receiver, added, added_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (name) DO UPDATE SET compound = excluded.compound, receiver = excluded.receiver,
             added = excluded.added, added_by = excluded.added_by",
            )
            .bind(name)
            .bind(i64::from(compound.0))
            .bind(receiver)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            log(&mut *tx, act, Action::Gate, &format!("added {name} of compound {}", compound.0)).await?;
            Ok(())
        })
    }

    /// Forgets a gate: nothing is sealed for it from now on.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn remove_gate(&self, name: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let removed =
                sqlx::query("DELETE FROM gates WHERE name = $1").bind(name).execute(&mut *tx).await?;
            if removed.rows_affected() == 0 {
                return Err(StoreError::Absent { what: "gate", key: name.to_owned() });
            }
            log(&mut *tx, act, Action::Gate, &format!("removed {name}")).await?;
            Ok(())
        })
    }

    /// All gates, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gates(&self) -> Result<Vec<Gate>, StoreError> {
        let rows = sqlx::query("SELECT name, compound, receiver, added FROM gates ORDER BY name")
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Gate {
                    name: row.text("name")?,
                    compound: row.compound("compound")?,
                    receiver: row.text("receiver")?,
                    added: Timestamp(row.integer("added")?),
                })
            })
            .collect()
    }
}

//! The gates of compounds: each with its name and its keys, in whatever form their owner writes them; and those that were struck
//! off, whose keys are never taken again.

use pass::{CompoundId, Timestamp};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::act::log;
use crate::changes::changed;
use crate::counters::Version;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Its name, used once in an office.
    pub name: String,
    /// The compound it belongs to.
    pub compound: CompoundId,
    /// The public key that is sealed for.
    pub receiver: String,
    /// The public key that it signs by; empty where it was made known by hand and tells nothing by itself.
    pub signer: String,
    /// Since when it is known.
    pub added: Timestamp,
}

/// A gate that was struck off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StruckGate {
    /// What it was.
    pub gate: Gate,
    /// By whom.
    pub by: String,
}

impl StruckGate {
    /// Since when it opens nothing.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.gate.added
    }
}

impl Store {
    /// Makes a gate known. One that is known under this name gets the new key, so that a gate whose disk died can go on; the old key
    /// is struck off.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another gate has or had the key, and the database's.
    pub async fn put_gate(
        &self,
        name: &str,
        compound: CompoundId,
        receiver: &str,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| { put(&mut *tx, (name, compound), (receiver, ""), act).await })
    }

    /// Strikes a gate off: nothing is sealed for it from now on, and nothing it says counts.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn remove_gate(&self, name: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let gate = strike(&mut *tx, name, act).await?;
            let gate = gate.ok_or_else(|| StoreError::Absent { what: "gate", key: name.to_owned() })?;
            log(&mut *tx, act, Action::Gate, &format!("removed {name}")).await?;
            changed(&mut *tx, &[Version::Directions(gate.compound)]).await?;
            Ok(())
        })
    }

    /// All gates, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gates(&self) -> Result<Vec<Gate>, StoreError> {
        let rows = sqlx::query("SELECT name, compound, receiver, signer, added FROM gates ORDER BY name")
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(gate).collect()
    }

    /// The gates that were struck off, the last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn struck_gates(&self) -> Result<Vec<StruckGate>, StoreError> {
        let rows = sqlx::query(
            "SELECT name, compound, receiver, signer, struck AS added, struck_by FROM struck_gates
             ORDER BY struck DESC, receiver",
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Ok(StruckGate { gate: gate(row)?, by: row.text("struck_by")? })).collect()
    }

    /// The gate that is sealed for by this key, and when it was struck off, if it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gate_of(&self, receiver: &str) -> Result<Option<(Gate, Option<Timestamp>)>, StoreError> {
        let row = sqlx::query(
            "SELECT name, compound, receiver, signer, added, 0 AS struck FROM gates WHERE receiver = $1
             UNION ALL
             SELECT name, compound, receiver, signer, struck AS added, 1 AS struck FROM struck_gates WHERE receiver = $1",
        )
        .bind(receiver)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let gate = gate(&row)?;
        let struck = (row.integer("struck")? != 0).then_some(gate.added);
        Ok(Some((gate, struck)))
    }
}

/// Makes a gate known by these keys, in place of the gate that had the name.
pub(crate) async fn put(
    tx: &mut AnyConnection,
    (name, compound): (&str, CompoundId),
    (receiver, signer): (&str, &str),
    act: &Act<'_>,
) -> Result<(), StoreError> {
    let owner: Option<String> = sqlx::query_scalar(
        "SELECT name FROM gates WHERE receiver = $1 AND name <> $2
         UNION ALL SELECT name FROM struck_gates WHERE receiver = $1",
    )
    .bind(receiver)
    .bind(name)
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(by) = owner {
        return Err(StoreError::Taken { what: "key", by });
    }
    let known: Option<String> = sqlx::query_scalar("SELECT receiver FROM gates WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut *tx)
        .await?;
    match known {
        // Put in once more by hand, it goes on signing as it did.
        Some(known) if known == receiver => {
            sqlx::query(
                "UPDATE gates SET compound = $2, signer = CASE WHEN $3 = '' THEN signer ELSE $3 END WHERE name = $1",
            )
            .bind(name)
            .bind(i64::from(compound.0))
            .bind(signer)
            .execute(&mut *tx)
            .await?;
        }
        other => {
            if other.is_some() {
                strike(&mut *tx, name, act).await?;
            }
            sqlx::query(
                "INSERT INTO gates (name, compound, receiver, signer, added, added_by) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(name)
            .bind(i64::from(compound.0))
            .bind(receiver)
            .bind(signer)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
        }
    }
    log(&mut *tx, act, Action::Gate, &format!("added {name} of compound {}", compound.0)).await?;
    changed(tx, &[Version::Directions(compound), Version::People(compound)]).await
}

/// Strikes the gate of this name off, if there is one.
async fn strike(tx: &mut AnyConnection, name: &str, act: &Act<'_>) -> Result<Option<Gate>, StoreError> {
    let row = sqlx::query("SELECT name, compound, receiver, signer, added FROM gates WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(gate) = row.as_ref().map(gate).transpose()? else { return Ok(None) };
    sqlx::query(
        "INSERT INTO struck_gates (receiver, name, compound, signer, struck, struck_by) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(gate.receiver.as_str())
    .bind(gate.name.as_str())
    .bind(i64::from(gate.compound.0))
    .bind(gate.signer.as_str())
    .bind(act.at.0)
    .bind(act.by)
    .execute(&mut *tx)
    .await?;
    sqlx::query("DELETE FROM gates WHERE name = $1").bind(name).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM gate_reports WHERE receiver = $1")
        .bind(gate.receiver.as_str())
        .execute(tx)
        .await?;
    Ok(Some(gate))
}

fn gate(row: &AnyRow) -> Result<Gate, StoreError> {
    Ok(Gate {
        name: row.text("name")?,
        compound: row.compound("compound")?,
        receiver: row.text("receiver")?,
        signer: row.text("signer")?,
        added: Timestamp(row.integer("added")?),
    })
}

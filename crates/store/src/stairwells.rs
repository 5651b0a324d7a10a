//! What a board says of a stairwell beside its homes: who answers for it, passages that were blocked, safety exits.

use pass::CompoundId;
use sqlx::any::AnyRow;

use crate::act::{log, random_key};
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

/// Who answers for a stairwell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stairwell {
    /// 楼栋.
    pub building: String,
    /// 单元; empty where a building has one.
    pub unit: String,
    /// Their name.
    pub answers: String,
    /// Their telephone; empty where nobody wrote it down.
    pub telephone: String,
}

/// What kind of way out something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Blocked, so that the gate is the only way.
    Blocked,
    /// A safety exit: it must stay free.
    Exit,
}

impl Way {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Exit, Self::Blocked];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Exit => "exit",
        }
    }

    /// The way of this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// A way out of a building, where it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passageway {
    /// Its key.
    pub id: String,
    /// 楼栋.
    pub building: String,
    /// 单元; empty where a building has one stairwell.
    pub unit: String,
    /// What it is.
    pub way: Way,
    /// Where it is: "一楼东侧".
    pub place: String,
}

/// Nobody marks more ways of one compound.
const MAX_WAYS: i64 = 5_000;

impl Store {
    /// Says who answers for a stairwell; nobody, where the name is empty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_stairwell(
        &self,
        compound: CompoundId,
        stairwell: &Stairwell,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        let Stairwell { building, unit, answers, telephone } = stairwell;
        transaction!(self, |tx| {
            match answers.is_empty() {
                true => sqlx::query(
                    "DELETE FROM stairwells WHERE compound = $1 AND building = $2 AND unit = $3",
                )
                .bind(i64::from(compound.0))
                .bind(building)
                .bind(unit),
                false => sqlx::query(
                    "INSERT INTO stairwells (compound, building, unit, answers, telephone, changed, changed_by)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (compound, building, unit) DO UPDATE SET
                     answers = excluded.answers, telephone = excluded.telephone, changed = excluded.changed,
                     changed_by = excluded.changed_by",
                )
                .bind(i64::from(compound.0))
                .bind(building)
                .bind(unit)
                .bind(answers)
                .bind(telephone)
                .bind(act.at.0)
                .bind(act.by),
            }
            .execute(&mut *tx)
            .await?;
            let detail = format!("who answers for {building}-{unit} in compound {}", compound.0);
            log(&mut *tx, act, Action::Building, &detail).await?;
            Ok(())
        })
    }

    /// Who answers for the stairwells of a compound.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stairwells(&self, compound: CompoundId) -> Result<Vec<Stairwell>, StoreError> {
        let rows = sqlx::query(
            "SELECT building, unit, answers, telephone FROM stairwells WHERE compound = $1 ORDER BY building, unit",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let stairwell = |row: &AnyRow| {
            Ok(Stairwell {
                building: row.text("building")?,
                unit: row.text("unit")?,
                answers: row.text("answers")?,
                telephone: row.text("telephone")?,
            })
        };
        rows.iter().map(stairwell).collect()
    }

    /// Marks a way out.
    ///
    /// # Errors
    /// [`StoreError::Full`] where there are very many, and the database's.
    pub async fn mark_way(
        &self,
        compound: CompoundId,
        (building, unit): (&str, &str),
        (way, place): (Way, &str),
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM passageways WHERE compound = $1")
                .bind(i64::from(compound.0))
                .fetch_one(&mut *tx)
                .await?;
            if count >= MAX_WAYS {
                return Err(StoreError::Full { compound });
            }
            sqlx::query(
                "INSERT INTO passageways (id, compound, building, unit, kind, place, added, added_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(random_key())
            .bind(i64::from(compound.0))
            .bind(building)
            .bind(unit)
            .bind(way.code())
            .bind(place)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            let detail = format!("marked {} of {building}-{unit} in compound {}", way.code(), compound.0);
            log(&mut *tx, act, Action::Building, &detail).await?;
            Ok(())
        })
    }

    /// Takes the mark of a way out back.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn unmark_way(&self, compound: CompoundId, id: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let gone = sqlx::query("DELETE FROM passageways WHERE compound = $1 AND id = $2")
                .bind(i64::from(compound.0))
                .bind(id)
                .execute(&mut *tx)
                .await?;
            if gone.rows_affected() == 0 {
                return Err(StoreError::Absent { what: "mark", key: id.to_owned() });
            }
            log(&mut *tx, act, Action::Building, &format!("unmarked a way in compound {}", compound.0))
                .await?;
            Ok(())
        })
    }

    /// The ways out of a compound's buildings that were marked, building by building, exits first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passageways(&self, compound: CompoundId) -> Result<Vec<Passageway>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, building, unit, kind, place FROM passageways WHERE compound = $1
             ORDER BY building, unit, kind DESC, place, id",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let passageway = |row: &AnyRow| {
            let kind = row.text("kind")?;
            Ok(Passageway {
                id: row.text("id")?,
                building: row.text("building")?,
                unit: row.text("unit")?,
                way: Way::of_code(&kind).ok_or_else(|| damaged("kind", kind))?,
                place: row.text("place")?,
            })
        };
        rows.iter().map(passageway).collect()
    }
}

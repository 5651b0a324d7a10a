//! Who works at the gates of a compound, and when: sign-in names, roles, hashes of PINs, the duty roster.

use gate::Role;
use pass::{CompoundId, Timestamp};

use crate::act::{log, random_key};
use crate::changes::changed;
use crate::counters::Version;
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

/// Somebody who works at a gate.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The name they sign in with, used once in a compound.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Hash of their PIN.
    pub pin: String,
}

impl std::fmt::Debug for StaffMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffMember")
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A line of the duty roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyLine {
    /// Sign-in name.
    pub who: String,
    /// The gate; empty for any of the compound.
    pub gate: String,
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Store {
    /// Adds a member of staff. A name that is there already is refused: its owner's PIN must not change by accident.
    ///
    /// # Errors
    /// [`StoreError::Taken`], and the database's.
    pub async fn add_staff(
        &self,
        compound: CompoundId,
        member: &StaffMember,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let added = sqlx::query(
            "INSERT INTO staff (compound, name, role, pin, added, added_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (compound, name) DO NOTHING",
        )
        .bind(i64::from(compound.0))
        .bind(&member.name)
        .bind(member.role.code())
        .bind(&member.pin)
        .bind(act.at.0)
        .bind(act.by)
        .execute(&mut *tx)
        .await?;
            if added.rows_affected() == 0 {
                return Err(StoreError::Taken { what: "sign-in name", by: member.name.clone() });
            }
            let detail = format!("added {} {} compound {}", member.role.code(), member.name, compound.0);
            log(&mut *tx, act, Action::Staff, &detail).await?;
            changed(&mut *tx, &[Version::People(compound)]).await?;
            Ok(())
        })
    }

    /// Removes a member of staff, and what stands of them in the duty roster.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn remove_staff(
        &self,
        compound: CompoundId,
        name: &str,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let removed = sqlx::query("DELETE FROM staff WHERE compound = $1 AND name = $2")
                .bind(i64::from(compound.0))
                .bind(name)
                .execute(&mut *tx)
                .await?;
            if removed.rows_affected() == 0 {
                return Err(StoreError::Absent { what: "member of staff", key: name.to_owned() });
            }
            log(&mut *tx, act, Action::Staff, &format!("removed {name} compound {}", compound.0)).await?;
            changed(&mut *tx, &[Version::People(compound)]).await?;
            Ok(())
        })
    }

    /// Who works at the gates of a compound, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff(&self, compound: CompoundId) -> Result<Vec<StaffMember>, StoreError> {
        let rows = sqlx::query("SELECT name, role, pin FROM staff WHERE compound = $1")
            .bind(i64::from(compound.0))
            .fetch_all(self.pool())
            .await?;
        let mut staff = Vec::with_capacity(rows.len());
        for row in &rows {
            let role = row.text("role")?;
            let role = Role::of_code(&role).ok_or_else(|| damaged("role", role))?;
            staff.push(StaffMember { name: row.text("name")?, role, pin: row.text("pin")? });
        }
        // By bytes, whatever the database thinks of Chinese: gates demand this order.
        staff.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(staff)
    }

    /// Puts a line into the duty roster; a line that stands there already stays one line.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when nobody of this name works there, and the database's.
    pub async fn add_duty(
        &self,
        compound: CompoundId,
        line: &DutyLine,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let known: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM staff WHERE compound = $1 AND name = $2")
                    .bind(i64::from(compound.0))
                    .bind(&line.who)
                    .fetch_one(&mut *tx)
                    .await?;
            if known == 0 {
                return Err(StoreError::Absent { what: "member of staff", key: line.who.clone() });
            }
            sqlx::query(
                "INSERT INTO duty (id, compound, who, gate, starts, ends) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (compound, who, gate, starts, ends) DO NOTHING",
            )
            .bind(random_key())
            .bind(i64::from(compound.0))
            .bind(&line.who)
            .bind(&line.gate)
            .bind(line.from.0)
            .bind(line.until.0)
            .execute(&mut *tx)
            .await?;
            let detail =
                format!("duty of {} compound {} from {} to {}", line.who, compound.0, line.from, line.until);
            log(&mut *tx, act, Action::Staff, &detail).await?;
            changed(&mut *tx, &[Version::People(compound)]).await?;
            Ok(())
        })
    }

    /// Takes what stands of somebody in the duty roster from `from` on out of it. Returns how many lines.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clear_duty(
        &self,
        compound: CompoundId,
        who: &str,
        from: Timestamp,
        act: &Act<'_>,
    ) -> Result<u64, StoreError> {
        transaction!(self, |tx| {
            let cleared = sqlx::query("DELETE FROM duty WHERE compound = $1 AND who = $2 AND starts >= $3")
                .bind(i64::from(compound.0))
                .bind(who)
                .bind(from.0)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if cleared > 0 {
                let detail = format!("duty of {who} compound {} cleared from {from}", compound.0);
                log(&mut *tx, act, Action::Staff, &detail).await?;
                changed(&mut *tx, &[Version::People(compound)]).await?;
            }
            Ok(cleared)
        })
    }

    /// The duty roster from `now` on, in the order of time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn duty(&self, compound: CompoundId, now: Timestamp) -> Result<Vec<DutyLine>, StoreError> {
        let rows = sqlx::query("SELECT who, gate, starts, ends FROM duty WHERE compound = $1 AND ends > $2")
            .bind(i64::from(compound.0))
            .bind(now.0)
            .fetch_all(self.pool())
            .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            lines.push(DutyLine {
                who: row.text("who")?,
                gate: row.text("gate")?,
                from: Timestamp(row.integer("starts")?),
                until: Timestamp(row.integer("ends")?),
            });
        }
        lines.sort_by(|a, b| (a.from, a.until, &a.who, &a.gate).cmp(&(b.from, b.until, &b.who, &b.gate)));
        Ok(lines)
    }
}

//! What gates tell of themselves, what was wrong with their events, how far the office has each journal, and what a gate does not
//! have yet of the other gates' journals. Knows no seal and no signature.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::{CompoundId, Timestamp};
use sqlx::Row;

use crate::act::random_key;
use crate::passages::hex;
use crate::row::{Columns, damaged};
use crate::{Store, StoreError};

/// Events of other gates that are read at once.
const AT_ONCE: i64 = 500;
/// Troubles that are kept of one gate.
const MOST_TROUBLES: i64 = 1000;

/// What a gate told last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateReport {
    /// Its number of the report.
    pub number: u64,
    /// When it was heard, by the office's clock.
    pub heard: Timestamp,
    /// What time it was at the gate.
    pub at: Timestamp,
    /// Whether the gate doubts its clock.
    pub in_doubt: bool,
    /// Name and version of its program.
    pub software: String,
    /// Its journal, in hexadecimal, and the last event there.
    pub journal: String,
    /// See there.
    pub through: u64,
    /// The oldest event that it still has there.
    pub first: u64,
    /// The versions of what it judges by: trust list, the office's own status list, rules, people, directions.
    pub trust: u64,
    /// See there.
    pub status: u64,
    /// See there.
    pub rules: u64,
    /// See there.
    pub people: u64,
    /// See there.
    pub directions: u64,
}

/// Something that was wrong with a gate's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateTrouble {
    /// The gate.
    pub gate: String,
    /// Its journal, in hexadecimal.
    pub journal: String,
    /// `gap`, `fork`, `altered`, `unreadable` or `foreign`.
    pub what: String,
    /// At which event.
    pub sequence: u64,
    /// When that was found.
    pub at: Timestamp,
}

/// How far somebody has a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalState {
    /// Its random name.
    pub journal: [u8; 16],
    /// The last event.
    pub through: u64,
}

impl Store {
    /// Keeps what a gate told, if it has told nothing newer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_report(&self, receiver: &str, report: &GateReport) -> Result<(), StoreError> {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        transaction!(self, |tx| {
            sqlx::query(
                "INSERT INTO gate_reports (receiver, number, heard, at, in_doubt, software, journal, through, first, trust,
                    status, rules, people, directions)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                 ON CONFLICT (receiver) DO UPDATE SET number = excluded.number, heard = excluded.heard, at = excluded.at,
                    in_doubt = excluded.in_doubt, software = excluded.software, journal = excluded.journal,
                    through = excluded.through, first = excluded.first, trust = excluded.trust, status = excluded.status, rules = excluded.rules,
                    people = excluded.people, directions = excluded.directions
                 WHERE gate_reports.number < excluded.number",
            )
            .bind(receiver)
            .bind(number(report.number))
            .bind(report.heard.0)
            .bind(report.at.0)
            .bind(i64::from(report.in_doubt))
            .bind(report.software.as_str())
            .bind(report.journal.as_str())
            .bind(number(report.through))
            .bind(number(report.first))
            .bind(number(report.trust))
            .bind(number(report.status))
            .bind(number(report.rules))
            .bind(number(report.people))
            .bind(number(report.directions))
            .execute(&mut *tx)
            .await?;
            Ok(())
        })
    }

    /// What each gate told last, by the key that is sealed for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gate_reports(&self) -> Result<HashMap<String, GateReport>, StoreError> {
        let rows = sqlx::query(
            "SELECT receiver, number, heard, at, in_doubt, software, journal, through, first, trust, status, rules, people, directions
             FROM gate_reports",
        )
        .fetch_all(self.pool())
        .await?;
        let mut reports = HashMap::with_capacity(rows.len());
        for row in &rows {
            let count = |column| row.integer(column).map(i64::unsigned_abs);
            let report = GateReport {
                number: count("number")?,
                heard: Timestamp(row.integer("heard")?),
                at: Timestamp(row.integer("at")?),
                in_doubt: row.integer("in_doubt")? != 0,
                software: row.text("software")?,
                journal: row.text("journal")?,
                through: count("through")?,
                first: count("first")?,
                trust: count("trust")?,
                status: count("status")?,
                rules: count("rules")?,
                people: count("people")?,
                directions: count("directions")?,
            };
            reports.insert(row.text("receiver")?, report);
        }
        Ok(reports)
    }

    /// Keeps that something was wrong with gates' events; the same thing once.
    ///
    /// # Errors
    /// [`StoreError`]; then none of it is kept.
    pub async fn note_troubles(
        &self,
        compound: CompoundId,
        troubles: &[GateTrouble],
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            for trouble in troubles {
                let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM gate_troubles WHERE gate = $1")
                    .bind(trouble.gate.as_str())
                    .fetch_one(&mut *tx)
                    .await?;
                if kept >= MOST_TROUBLES {
                    continue;
                }
                sqlx::query(
                    "INSERT INTO gate_troubles (id, compound, gate, journal, what, sequence, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (gate, journal, what, sequence) DO NOTHING",
                )
                .bind(random_key())
                .bind(i64::from(compound.0))
                .bind(trouble.gate.as_str())
                .bind(trouble.journal.as_str())
                .bind(trouble.what.as_str())
                .bind(i64::try_from(trouble.sequence).unwrap_or(i64::MAX))
                .bind(trouble.at.0)
                .execute(&mut *tx)
                .await?;
            }
            Ok(())
        })
    }

    /// What was wrong with events of a compound's gates, the newest first. A gap that was filled later is none any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gate_troubles(&self, compound: CompoundId) -> Result<Vec<GateTrouble>, StoreError> {
        let rows = sqlx::query(
            "SELECT gate, journal, what, sequence, at FROM gate_troubles t WHERE compound = $1
                AND NOT (what = 'gap' AND EXISTS (SELECT 1 FROM events e
                    WHERE e.gate = t.gate AND e.journal = t.journal AND e.sequence = t.sequence - 1))
             ORDER BY at DESC, gate, sequence LIMIT 200",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let trouble = |row: &sqlx::any::AnyRow| {
            Ok(GateTrouble {
                gate: row.text("gate")?,
                journal: row.text("journal")?,
                what: row.text("what")?,
                sequence: row.integer("sequence")?.unsigned_abs(),
                at: Timestamp(row.integer("at")?),
            })
        };
        rows.iter().map(trouble).collect()
    }

    /// How far the office has a journal without a gap, counted from the `first` event that can still come: what was purged here for
    /// its age counts as there. None when it has nothing of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_journal(
        &self,
        journal: [u8; 16],
        first: u64,
    ) -> Result<Option<JournalState>, StoreError> {
        let journal_text = hex(&journal);
        // A gate that got another name has a row for each.
        let rows = sqlx::query(
            "SELECT gate, first, last, kept, forked, purged FROM journals WHERE journal = $1 ORDER BY first",
        )
        .bind(journal_text.as_str())
        .fetch_all(self.pool())
        .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut through = i64::try_from(first.saturating_sub(1)).unwrap_or(i64::MAX);
        for row in &rows {
            through = through.max(row.integer("purged")?);
        }
        for row in &rows {
            let (first, last) = (row.integer("first")?, row.integer("last")?);
            if last <= through {
                continue;
            }
            if first > through.saturating_add(1) {
                break;
            }
            let distinct = row.integer("kept")? - row.integer("forked")?;
            if distinct > last.saturating_sub(first) {
                through = last;
            } else {
                through = self.stretch(&row.text("gate")?, &journal_text, through).await?;
                if through < last {
                    break;
                }
            }
        }
        Ok(Some(JournalState { journal, through: through.unsigned_abs() }))
    }

    /// Where the events that follow one another after `through` end.
    async fn stretch(&self, gate: &str, journal: &str, through: i64) -> Result<i64, StoreError> {
        let end: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(e.sequence) FROM events e
             WHERE e.gate = $1 AND e.journal = $2 AND e.sequence > $3
                AND EXISTS (SELECT 1 FROM events f WHERE f.gate = $1 AND f.journal = $2 AND f.sequence = $3 + 1)
                AND NOT EXISTS (SELECT 1 FROM events n WHERE n.gate = $1 AND n.journal = $2 AND n.sequence = e.sequence + 1)",
        )
        .bind(gate)
        .bind(journal)
        .bind(through)
        .fetch_one(self.pool())
        .await?;
        Ok(end.unwrap_or(through))
    }

    /// Events of a compound's journals but the one that is `own`, which somebody who has those `known` lacks: since a moment, those of
    /// one journal in their order, no more than about `most` bytes. And whether there are more. Of a journal with a gap that its gate
    /// can still fill, nothing after the gap: whoever has that asks for nothing before it any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_beside(
        &self,
        compound: CompoundId,
        own: Option<[u8; 16]>,
        known: &[JournalState],
        since: Timestamp,
        most: usize,
    ) -> Result<(Vec<Vec<u8>>, bool), StoreError> {
        let own = own.map(|journal| hex(&journal)).unwrap_or_default();
        let known: HashMap<String, u64> = known.iter().map(|it| (hex(&it.journal), it.through)).collect();
        let journals = sqlx::query(
            "SELECT j.gate, j.journal, j.last, j.first, j.kept, j.forked, j.purged, r.first AS oldest
                 FROM journals j LEFT JOIN gate_reports r ON r.journal = j.journal
                 WHERE j.compound = $1 AND j.newest >= $2 AND j.journal <> $3 ORDER BY j.gate, j.journal",
        )
        .bind(i64::from(compound.0))
        .bind(since.0)
        .bind(own)
        .fetch_all(self.pool())
        .await?;
        let (mut events, mut bytes): (Vec<Vec<u8>>, usize) = (Vec::new(), 0);
        for row in &journals {
            let (gate, journal) = (row.text("gate")?, row.text("journal")?);
            let mut after = i64::try_from(known.get(&journal).copied().unwrap_or(0)).unwrap_or(i64::MAX);
            let last = match self.gap(row, &journal).await? {
                Some(gap) => gap.min(row.integer("last")?),
                None => row.integer("last")?,
            };
            while after < last {
                let rows = sqlx::query(
                    "SELECT sequence, bytes FROM events WHERE gate = $1 AND journal = $2 AND sequence > $3 AND at >= $4
                     ORDER BY sequence, hash LIMIT $5",
                )
                .bind(gate.as_str())
                .bind(journal.as_str())
                .bind(after)
                .bind(since.0)
                .bind(AT_ONCE)
                .fetch_all(self.pool())
                .await?;
                for row in &rows {
                    if bytes >= most {
                        return Ok((events, true));
                    }
                    let sequence = row.integer("sequence")?;
                    let text = row.text("bytes")?;
                    // Of a fork one is enough: which of them is true, no gate can know.
                    if sequence == after {
                        continue;
                    }
                    if sequence > last {
                        break;
                    }
                    after = sequence;
                    let event = STANDARD.decode(&text).map_err(|_| damaged("bytes", text))?;
                    bytes += event.len();
                    events.push(event);
                }
                if rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
                    break;
                }
            }
        }
        Ok((events, false))
    }

    /// The last event of a journal before a gap that its gate can still fill; none without such a gap.
    async fn gap(&self, row: &sqlx::any::AnyRow, journal: &str) -> Result<Option<i64>, StoreError> {
        let oldest: Option<i64> = row.try_get("oldest")?;
        let (first, last) = (row.integer("first")?, row.integer("last")?);
        let whole = row.integer("kept")? - row.integer("forked")? > last.saturating_sub(first)
            && first <= row.integer("purged")?.saturating_add(1);
        let (Some(oldest), false) = (oldest, whole) else { return Ok(None) };
        let bytes = unhex(journal).ok_or_else(|| damaged("journal", journal.to_owned()))?;
        let has = self.has_journal(bytes, oldest.unsigned_abs()).await?;
        Ok(has.map(|has| i64::try_from(has.through).unwrap_or(i64::MAX)))
    }

    /// The newest sequences of a compound's journals, to notice that there is more: their sum.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn journal_sums(&self) -> Result<HashMap<CompoundId, i64>, StoreError> {
        let rows = sqlx::query(
            "SELECT compound, CAST(SUM(last) AS BIGINT) AS total FROM journals GROUP BY compound",
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Ok((row.compound("compound")?, row.integer("total")?))).collect()
    }
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then(|| number.to_be_bytes())
}

//! Taking events in: each once, byte for byte, however often and in whatever order they come.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gate::{Direction, Event, Holder, Verdict, What};
use pass::CompoundId;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::became::{Became, Does, Ended, Part, about, fold};
use crate::act::log;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// Rows of one statement, with 24 values each: SQLite takes 32,766 of them.
const ROWS: usize = 500;

/// What came of taking events in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Events that were new.
    pub added: u64,
    /// Events that were there already.
    pub known: u64,
    /// Sequences under which there are several events now.
    pub forks: Vec<u64>,
    /// How many of the new ones say whether somebody may pass, by verdict: admit, check, refuse.
    pub verdicts: [u64; 3],
}

impl Store {
    /// The compound of a gate's journal, where events of it came before or the gate is registered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn compound_of_journal(
        &self,
        gate: &str,
        journal: &[u8; 16],
    ) -> Result<Option<CompoundId>, StoreError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT compound FROM (
                SELECT compound, 0 AS rank FROM journals WHERE gate = $1 AND journal = $2
                UNION ALL SELECT compound, 1 AS rank FROM gates WHERE name = $1) c
             ORDER BY rank LIMIT 1",
        )
        .bind(gate)
        .bind(hex(journal))
        .fetch_optional(self.pool())
        .await?;
        let number = |id| u32::try_from(id).map(CompoundId).map_err(|_| crate::row::damaged("compound", id));
        found.map(number).transpose()
    }

    /// Keeps events of one gate's journal, in one transaction. Those that are there already stay as they are; one that differs from
    /// what is there under its sequence is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::Absent`] without such a compound, and the database's.
    pub async fn keep_events(
        &self,
        compound: CompoundId,
        events: &[Event],
        act: &Act<'_>,
    ) -> Result<Kept, StoreError> {
        self.keep_all(compound, events, act, true).await
    }

    /// As [`Store::keep_events`], for events that a gate itself has sent: the audit log, which tells what people did, says nothing of it.
    ///
    /// # Errors
    /// As [`Store::keep_events`].
    pub async fn keep_reported(
        &self,
        compound: CompoundId,
        events: &[Event],
        act: &Act<'_>,
    ) -> Result<Kept, StoreError> {
        self.keep_all(compound, events, act, false).await
    }

    async fn keep_all(
        &self,
        compound: CompoundId,
        events: &[Event],
        act: &Act<'_>,
        is_audited: bool,
    ) -> Result<Kept, StoreError> {
        let Some(first) = events.first() else { return Ok(Kept::default()) };
        let (gate, journal) = (first.gate.as_str(), hex(&first.journal));
        let mut rows = Vec::with_capacity(events.len());
        for event in events.iter().filter(|it| it.gate == gate && it.journal == first.journal) {
            rows.push(Line::of(event)?);
        }
        rows.sort_by(|one, other| (one.part.sequence, &one.hash).cmp(&(other.part.sequence, &other.hash)));
        rows.dedup_by(|one, other| one.hash == other.hash);
        let kept = transaction!(self, |tx| {
            let there = sqlx::query(
                "SELECT j.last FROM compounds c LEFT JOIN journals j ON j.gate = $2 AND j.journal = $3 WHERE c.id = $1",
            )
            .bind(i64::from(compound.0))
            .bind(gate)
            .bind(journal.as_str())
            .fetch_optional(&mut *tx)
            .await?;
            let Some(there) = there else {
                return Err(StoreError::Absent { what: "compound", key: compound.0.to_string() });
            };
            let last: Option<i64> = there.try_get("last")?;
            // Whatever is there came before them: nothing of it can be one of them, or have waited for them.
            let fresh = rows.first().is_none_or(|first| last.is_none_or(|last| last < first.part.sequence));
            let place = Place { gate, journal: &journal, compound, fresh };
            let mut kept = Kept::default();
            let mut newest = None;
            for rows in rows.chunks(ROWS) {
                place.keep(&mut *tx, rows, &mut kept, &mut newest).await?;
            }
            if let Some(range) = newest {
                place.note(&mut *tx, &kept, range, act).await?;
                if is_audited {
                    let detail = format!("journal {journal} of gate {gate}: {} events", kept.added);
                    log(&mut *tx, act, Action::Passages, &detail).await?;
                }
            }
            Ok(kept)
        })?;
        self.tally().took_in(&kept);
        Ok(kept)
    }
}

/// An event as its row.
struct Line {
    hash: String,
    bytes: String,
    at: i64,
    kind: &'static str,
    direction: &'static str,
    holder: Option<Holder>,
    part: Part,
}

impl Line {
    /// Whether it is about somebody before the gate, rather than about another event.
    fn is_passage(&self) -> bool {
        matches!(self.part.does, Does::Judge | Does::Enter)
    }

    fn of(event: &Event) -> Result<Self, StoreError> {
        let number = |sequence: u64| {
            i64::try_from(sequence)
                .map_err(|_| StoreError::Damaged { what: "sequence", value: sequence.to_string() })
        };
        let (direction, verdict, sensed, holder) = match &event.what {
            What::Judged(it) => (Some(it.direction), Some(it.verdict), it.sensed, it.holder.clone()),
            What::Passed(it) => (Some(it.direction), None, false, None),
            What::Overridden(it) => (None, Some(it.verdict), false, None),
            What::Manual(it) => (Some(it.direction), Some(it.verdict), false, None),
            _ => (None, None, false, None),
        };
        let bytes = event.to_bytes();
        Ok(Self {
            hash: hex(&Event::hash_of(&bytes)),
            bytes: STANDARD.encode(&bytes),
            at: event.at.0,
            kind: event.what.code(),
            direction: direction.map_or("", Direction::code),
            part: Part {
                sequence: number(event.sequence)?,
                does: Does::of(&event.what),
                about: about(event).map(number).transpose()?,
                verdict,
                sensed,
                person: holder.as_ref().map(person).unwrap_or_default(),
            },
            holder,
        })
    }
}

/// Whose passages are one person's: a resident's by their number, a visitor's by the pass.
fn person(holder: &Holder) -> String {
    match holder.kind {
        pass::Kind::Visitor => holder.serial.to_string(),
        kind => format!("{} {} {}", kind.code(), holder.compound.0, holder.holder),
    }
}

/// A row that is there already.
struct Stored {
    hash: String,
    story: i64,
    became: Became,
    part: Part,
}

/// Where a part of a story comes from.
enum From {
    /// A new row.
    New(usize),
    /// A row that was there.
    There(usize),
}

/// From which to which sequence, and the newest moment.
type Range = (i64, i64, i64);

struct Place<'a> {
    gate: &'a str,
    journal: &'a str,
    compound: CompoundId,
    /// Whether all that is kept goes on after all that is there.
    fresh: bool,
}

impl Place<'_> {
    async fn keep(
        &self,
        tx: &mut AnyConnection,
        rows: &[Line],
        kept: &mut Kept,
        range: &mut Option<Range>,
    ) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
        let (first, last) = (first.part.sequence, last.part.sequence);
        let there = self.there(&mut *tx, first, last).await?;
        let new: Vec<&Line> =
            rows.iter().filter(|row| !there.contains(&(row.part.sequence, row.hash.clone()))).collect();
        kept.known += (rows.len() - new.len()) as u64;
        kept.added += new.len() as u64;
        for verdict in new.iter().filter(|row| row.is_passage()).filter_map(|row| row.part.verdict) {
            kept.verdicts[verdict as usize] += 1;
        }
        if new.is_empty() {
            return Ok(());
        }
        let mut taken: HashSet<i64> = there.iter().map(|(sequence, _)| *sequence).collect();
        for row in &new {
            let sequence = row.part.sequence;
            if !taken.insert(sequence) {
                kept.forks.push(sequence.unsigned_abs());
            }
            let (from, until, newest) = range.get_or_insert((sequence, sequence, row.at));
            (*from, *until, *newest) = ((*from).min(sequence), (*until).max(sequence), (*newest).max(row.at));
        }
        let stories = self.stories(&mut *tx, &new).await?;
        let mut stored = self.stored(&mut *tx, (first, last), &stories).await?;
        let became = self.settle(&mut *tx, &new, &stories, &mut stored).await?;
        self.insert(tx, &new, &stories, &became).await
    }

    async fn there(
        &self,
        tx: &mut AnyConnection,
        first: i64,
        last: i64,
    ) -> Result<HashSet<(i64, String)>, StoreError> {
        if self.fresh {
            return Ok(HashSet::new());
        }
        let rows = sqlx::query(
            "SELECT sequence, hash FROM events WHERE gate = $1 AND journal = $2 AND sequence BETWEEN $3 AND $4",
        )
        .bind(self.gate)
        .bind(self.journal)
        .bind(first)
        .bind(last)
        .fetch_all(tx)
        .await?;
        rows.iter().map(|row| Ok((row.integer("sequence")?, row.text("hash")?))).collect()
    }

    /// The story of each new event: that of the event it tells more of, or its own.
    async fn stories(&self, tx: &mut AnyConnection, new: &[&Line]) -> Result<HashMap<i64, i64>, StoreError> {
        let here: HashSet<i64> = new.iter().map(|row| row.part.sequence).collect();
        let abouts = new.iter().filter_map(|row| row.part.about).filter(|about| !here.contains(about));
        let outside: Vec<i64> = abouts.collect::<HashSet<_>>().into_iter().collect();
        let mut stories = HashMap::new();
        if !outside.is_empty() {
            let text = format!(
                "SELECT sequence, story FROM events WHERE gate = $1 AND journal = $2 AND sequence IN ({})",
                numbers(&outside)
            );
            let rows =
                sqlx::query(AssertSqlSafe(text)).bind(self.gate).bind(self.journal).fetch_all(tx).await?;
            for row in &rows {
                stories.insert(row.integer("sequence")?, row.integer("story")?);
            }
        }
        // In the order of their sequences: what one tells more of comes before it.
        for row in new {
            let story = row.part.about.map(|about| stories.get(&about).copied().unwrap_or(about));
            stories.insert(row.part.sequence, story.unwrap_or(row.part.sequence));
        }
        Ok(stories)
    }

    /// What is there of the stories of new events, and what waited for them.
    async fn stored(
        &self,
        tx: &mut AnyConnection,
        (first, last): (i64, i64),
        stories: &HashMap<i64, i64>,
    ) -> Result<Vec<Stored>, StoreError> {
        let older: Vec<i64> =
            stories.values().filter(|story| !(first..=last).contains(*story)).copied().collect();
        if self.fresh && older.is_empty() {
            return Ok(Vec::new());
        }
        let either =
            if older.is_empty() { String::new() } else { format!(" OR story IN ({})", numbers(&older)) };
        let text = format!(
            "SELECT sequence, hash, kind, about, story, verdict, sensed, person, became, overridden, ended, went FROM events
             WHERE gate = $1 AND journal = $2 AND (story BETWEEN $3 AND $4{either}) ORDER BY sequence, hash"
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(self.gate)
            .bind(self.journal)
            .bind(first)
            .bind(last)
            .fetch_all(tx)
            .await?;
        let verdict = |code: String| Verdict::of_code(&code);
        rows.iter()
            .map(|row| {
                Ok(Stored {
                    hash: row.text("hash")?,
                    story: row.integer("story")?,
                    became: Became {
                        verdict: verdict(row.text("became")?),
                        overridden: row.integer("overridden")? != 0,
                        ended: Ended::of_code(&row.text("ended")?),
                        went: row.integer("went")? != 0,
                    },
                    part: Part {
                        sequence: row.integer("sequence")?,
                        does: Does::of_code(&row.text("kind")?),
                        about: row.try_get("about")?,
                        verdict: verdict(row.text("verdict")?),
                        sensed: row.integer("sensed")? != 0,
                        person: row.text("person")?,
                    },
                })
            })
            .collect()
    }

    /// Folds every story that has new events: writes down what became of those that were there, and returns what became of the new.
    async fn settle(
        &self,
        tx: &mut AnyConnection,
        new: &[&Line],
        stories: &HashMap<i64, i64>,
        stored: &mut [Stored],
    ) -> Result<Vec<Became>, StoreError> {
        let mut parts: BTreeMap<i64, Vec<(From, Part)>> = BTreeMap::new();
        for (at, row) in new.iter().enumerate() {
            parts.entry(stories[&row.part.sequence]).or_default().push((From::New(at), row.part.clone()));
        }
        let mut moved = vec![false; stored.len()];
        for (at, row) in stored.iter_mut().enumerate() {
            // It came before what it tells more of.
            if let Some(story) = stories.get(&row.story).filter(|story| **story != row.story) {
                row.story = *story;
                moved[at] = true;
            }
            parts.entry(row.story).or_default().push((From::There(at), row.part.clone()));
        }
        let mut became = vec![Became::default(); new.len()];
        for mut story in parts.into_values() {
            story.sort_by_key(|(_, part)| part.sequence);
            let (from, parts): (Vec<_>, Vec<_>) = story.into_iter().unzip();
            for (from, now) in from.into_iter().zip(fold(&parts)) {
                match from {
                    From::New(at) => became[at] = now,
                    From::There(at) if moved[at] || stored[at].became != now => {
                        self.update(&mut *tx, &stored[at], &now).await?;
                    }
                    From::There(_) => {}
                }
            }
        }
        Ok(became)
    }

    async fn update(&self, tx: &mut AnyConnection, row: &Stored, now: &Became) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE events SET story = $5, became = $6, overridden = $7, ended = $8, went = $9
             WHERE gate = $1 AND journal = $2 AND sequence = $3 AND hash = $4",
        )
        .bind(self.gate)
        .bind(self.journal)
        .bind(row.part.sequence)
        .bind(row.hash.as_str())
        .bind(row.story)
        .bind(now.verdict.map_or("", Verdict::code))
        .bind(i64::from(now.overridden))
        .bind(now.ended.map_or("", Ended::code))
        .bind(i64::from(now.went))
        .execute(tx)
        .await?;
        Ok(())
    }

    async fn insert(
        &self,
        tx: &mut AnyConnection,
        new: &[&Line],
        stories: &HashMap<i64, i64>,
        became: &[Became],
    ) -> Result<(), StoreError> {
        const COLUMNS: usize = 24;
        let places: Vec<String> = (0..new.len())
            .map(|row| {
                let places: Vec<String> =
                    (1..=COLUMNS).map(|column| format!("${}", row * COLUMNS + column)).collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let text = format!(
            "INSERT INTO events (gate, journal, sequence, hash, bytes, compound, at, kind, about, story, direction, verdict,
                home, holder, household, serial, colour, person, sensed, became, overridden, ended, went, visitor)
             VALUES {}",
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (row, became) in new.iter().zip(became) {
            let holder = row.holder.as_ref();
            query = query
                .bind(self.gate)
                .bind(self.journal)
                .bind(row.part.sequence)
                .bind(row.hash.as_str())
                .bind(row.bytes.as_str())
                .bind(i64::from(self.compound.0))
                .bind(row.at)
                .bind(row.kind)
                .bind(row.part.about)
                .bind(stories[&row.part.sequence])
                .bind(row.direction)
                .bind(row.part.verdict.map_or("", Verdict::code))
                .bind(holder.map(|holder| i64::from(holder.compound.0)))
                .bind(holder.map(|holder| i64::from(holder.holder)))
                .bind(holder.map(|holder| i64::from(holder.household)))
                .bind(holder.map(|holder| holder.serial.to_string()).unwrap_or_default())
                .bind(holder.map_or("", |holder| holder.colour.code()))
                .bind(row.part.person.as_str())
                .bind(i64::from(row.part.sensed))
                .bind(became.verdict.map_or("", Verdict::code))
                .bind(i64::from(became.overridden))
                .bind(became.ended.map_or("", Ended::code))
                .bind(i64::from(became.went))
                .bind(i64::from(holder.is_some_and(|holder| holder.kind == pass::Kind::Visitor)));
        }
        query.execute(tx).await?;
        Ok(())
    }

    /// Notes what is kept of the journal now.
    async fn note(
        &self,
        tx: &mut AnyConnection,
        kept: &Kept,
        (first, last, newest): Range,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        sqlx::query(
            "INSERT INTO journals (gate, journal, compound, first, last, newest, kept, forked, added, added_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (gate, journal) DO UPDATE SET
                first = CASE WHEN excluded.first < journals.first THEN excluded.first ELSE journals.first END,
                last = CASE WHEN excluded.last > journals.last THEN excluded.last ELSE journals.last END,
                newest = CASE WHEN excluded.newest > journals.newest THEN excluded.newest ELSE journals.newest END,
                kept = journals.kept + excluded.kept, forked = journals.forked + excluded.forked,
                added = excluded.added, added_by = excluded.added_by",
        )
        .bind(self.gate)
        .bind(self.journal)
        .bind(i64::from(self.compound.0))
        .bind(first)
        .bind(last)
        .bind(newest)
        .bind(i64::try_from(kept.added).unwrap_or(i64::MAX))
        .bind(count(kept.forks.len()))
        .bind(act.at.0)
        .bind(act.by)
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// Numbers for a list in SQL.
fn numbers(all: &[i64]) -> String {
    all.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// Lower case, two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

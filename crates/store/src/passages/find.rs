//! Looking for passages: by person, gate, time and verdict, the newest first, a page at a time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gate::{Direction, Event, Verdict};
use pass::{CompoundId, Name, Serial, Timestamp};
use registry::Address;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Arguments, AssertSqlSafe, Row};

use super::Ended;
use super::keep::hex;
use crate::listing::containing;
use crate::row::{Columns, damaged};
use crate::{Store, StoreError};

/// What is looked for; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassageSearch {
    /// A part of a name or a plate, a room, `building-room`, `building-unit-room`, or a whole short code.
    pub text: String,
    /// A gate, by its name.
    pub gate: String,
    /// Only these compounds; none for all of them.
    pub compounds: Option<Vec<CompoundId>>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Which way.
    pub direction: Option<Direction>,
    /// What came of it.
    pub sought: Option<Sought>,
    /// Only what stands behind this one.
    pub after: Option<PassageKey>,
    /// At most so many.
    pub limit: u32,
}

/// What may be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Somebody went through, as far as is known.
    Went,
    /// Verdicts: go.
    Admitted,
    /// Verdicts: check.
    Checked,
    /// Verdicts: stop.
    Refused,
    /// Verdicts that staff turned.
    Overridden,
    /// Entries by hand.
    Manual,
    /// Verdicts and entries that staff took back.
    Undone,
    /// The bar turned, and nobody had been judged.
    Unjudged,
    /// Emergency openings.
    Emergency,
    /// Where another event stands under the same gate, journal and sequence.
    Forked,
}

impl Sought {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Went,
        Self::Admitted,
        Self::Checked,
        Self::Refused,
        Self::Overridden,
        Self::Manual,
        Self::Undone,
        Self::Unjudged,
        Self::Emergency,
        Self::Forked,
    ];

    /// Its code in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Went => "went",
            Self::Admitted => "admit",
            Self::Checked => "check",
            Self::Refused => "refuse",
            Self::Overridden => "overridden",
            Self::Manual => "manual",
            Self::Undone => "undone",
            Self::Unjudged => "unjudged",
            Self::Emergency => "emergency",
            Self::Forked => "forked",
        }
    }

    /// The one of this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sought| sought.code() == code)
    }

    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Went => "e.went = 1",
            Self::Admitted => "e.kind = 'judged' AND e.verdict = 'admit'",
            Self::Checked => "e.kind = 'judged' AND e.verdict = 'check'",
            Self::Refused => "e.kind = 'judged' AND e.verdict = 'refuse'",
            Self::Overridden => "e.overridden = 1",
            Self::Manual => "e.kind = 'manual'",
            Self::Undone => "e.kind IN ('judged', 'manual') AND e.ended = 'undone'",
            Self::Unjudged => "e.kind = 'passed' AND e.about IS NULL",
            Self::Emergency => "e.kind = 'emergency_opened'",
            Self::Forked => {
                "e.journal IN (SELECT j.journal FROM journals j WHERE j.forked > 0)
                 AND EXISTS (SELECT 1 FROM events o WHERE o.gate = e.gate AND o.journal = e.journal AND o.sequence = e.sequence
                         AND o.hash <> e.hash)"
            }
        }
    }
}

/// What begins a line of the list: verdicts, entries by hand, emergencies, and whoever went through unjudged.
const LINES: &str =
    "(e.kind IN ('judged', 'manual', 'emergency_opened') OR (e.kind = 'passed' AND e.about IS NULL))";

/// Where an event stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageKey {
    /// When.
    pub at: Timestamp,
    /// Its sequence.
    pub sequence: u64,
    /// The hash of its bytes in hexadecimal.
    pub hash: String,
}

/// An event and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub key: PassageKey,
    /// The compound of its gate.
    pub compound: CompoundId,
    /// The compound's name.
    pub compound_name: String,
    /// The event.
    pub event: Event,
    /// Whose pass it was, as the registry knows them now; none for nobody's and for another compound's.
    pub bearer: Option<Bearer>,
    /// What the verdict is in the end.
    pub became: Option<Verdict>,
    /// Whether staff turned it.
    pub overridden: bool,
    /// Why it counts for nothing any more.
    pub ended: Option<Ended>,
    /// Whether somebody went through on it, as far as is known.
    pub went: bool,
    /// Whether there is another event under its gate, journal and sequence.
    pub forked: bool,
}

/// Whose pass it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Masked name or plate; none for a visitor.
    pub name: Option<Name>,
    /// Where they live, or whom they visited.
    pub address: Address,
}

const SHOWN: &str = "
    SELECT f.*, h.masked, d.building, d.unit, d.room, c.name AS compound_name,
           (SELECT COUNT(*) FROM events o WHERE o.gate = f.gate AND o.journal = f.journal AND o.sequence = f.sequence) AS beside
    FROM (SELECT e.gate, e.journal, e.sequence, e.hash, e.bytes, e.compound, e.at, e.home, e.holder, e.household, e.visitor,
                 e.became, e.overridden, e.ended, e.went FROM events e WHERE ";
const JOINED: &str = ") f
    JOIN compounds c ON c.id = f.compound
    LEFT JOIN households d ON f.home = f.compound AND d.compound = f.home AND d.number = f.household
    LEFT JOIN holders h ON f.home = f.compound AND h.compound = f.home AND h.number = f.holder AND f.visitor = 0 ";

impl Store {
    /// What was looked for, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passages(&self, search: &PassageSearch) -> Result<Vec<Passage>, StoreError> {
        let text = registry::tidy(&search.text);
        let serial = text.parse::<Serial>().map_or(String::new(), |serial| serial.to_string());
        let after = search.after.as_ref();
        let past_the_end = (i64::MAX, i64::MAX, "");
        let (at, sequence, hash) = after.map_or(past_the_end, |key| {
            (key.at.0, i64::try_from(key.sequence).unwrap_or(i64::MAX), key.hash.as_str())
        });
        let mut arguments = AnyArguments::default();
        let mut bind = || -> Result<(), sqlx::error::BoxDynError> {
            arguments.add(at)?;
            arguments.add(sequence)?;
            arguments.add(hash.to_owned())?;
            arguments.add(search.from.map_or(i64::MIN, |from| from.0))?;
            arguments.add(search.until.map_or(i64::MAX, |until| until.0))?;
            arguments.add(search.gate.clone())?;
            arguments.add(search.direction.map_or("", Direction::code).to_owned())?;
            arguments.add(i64::from(search.limit))?;
            if !text.is_empty() {
                arguments.add(containing(&text))?;
                arguments.add(text.to_uppercase())?;
                arguments.add(serial.clone())?;
            }
            Ok(())
        };
        bind().map_err(sqlx::Error::Encode)?;
        let mut found = String::from(SHOWN);
        found += LINES;
        found += " AND (e.at, e.sequence, e.hash) < ($1, $2, $3) AND e.at >= $4 AND e.at < $5 AND ($6 = '' OR e.gate = $6)
                   AND ($7 = '' OR e.direction = $7)";
        if let Some(compounds) = &search.compounds {
            found += &newest_within(compounds);
        }
        if let Some(sought) = search.sought {
            found += &format!(" AND {}", sought.condition());
        }
        if !text.is_empty() {
            found += " AND ((e.home, e.holder) IN (
                        SELECT h.compound, h.number FROM holders h
                        JOIN households d ON d.compound = h.compound AND d.number = h.household
                        WHERE LOWER(h.name) LIKE $9 ESCAPE '\\' OR d.room = $10 OR d.building || '-' || d.room = $10
                           OR d.building || '-' || d.unit || '-' || d.room = $10
                        UNION SELECT p.compound, p.holder FROM passes p WHERE p.serial = $11)
                       OR ($11 <> '' AND e.serial = $11))";
        }
        let newest = "ORDER BY at DESC, sequence DESC, hash DESC";
        found += &format!(" {newest} LIMIT $8{JOINED} {newest}");
        let rows = sqlx::query_with(AssertSqlSafe(found), arguments).fetch_all(self.pool()).await?;
        rows.iter().map(Passage::of_row).collect()
    }

    /// All that belongs together with an event: what was judged, what staff made of it, who went through, what was taken back; in
    /// the order of its journal, and both sides of a fork.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn story_of(
        &self,
        gate: &str,
        journal: &str,
        sequence: u64,
    ) -> Result<Vec<Passage>, StoreError> {
        let found = format!(
            "{SHOWN} e.gate = $1 AND e.journal = $2 AND e.story IN (
                SELECT s.story FROM events s WHERE s.gate = $1 AND s.journal = $2 AND s.sequence = $3)
             {JOINED} ORDER BY sequence, hash"
        );
        let rows = sqlx::query(AssertSqlSafe(found))
            .bind(gate)
            .bind(journal)
            .bind(i64::try_from(sequence).unwrap_or(i64::MAX))
            .fetch_all(self.pool())
            .await?;
        match rows.is_empty() {
            true => Err(StoreError::Absent { what: "event", key: format!("{gate} {journal} {sequence}") }),
            false => rows.iter().map(Passage::of_row).collect(),
        }
    }
}

/// As [`within`], for a query that goes through events from the newest on: an index gives one compound's in this order; those of
/// several would have to be sorted, so they are picked out of all (the sign keeps planners from doing otherwise).
fn newest_within(compounds: &[CompoundId]) -> String {
    match compounds {
        [only] => format!(" AND e.compound = {}", only.0),
        several => within(several).replacen("e.compound", "+e.compound", 1),
    }
}

/// Nothing but these compounds.
pub(crate) fn within(compounds: &[CompoundId]) -> String {
    // A list without members is none in SQL; there is no compound -1.
    let mut all = String::from(" AND e.compound IN (-1");
    for compound in compounds {
        all += &format!(", {}", compound.0);
    }
    all.push(')');
    all
}

/// The event in a row, from its own bytes.
pub(super) fn event(row: &AnyRow) -> Result<Event, StoreError> {
    let text = row.text("bytes")?;
    let bytes = STANDARD.decode(&text).ok();
    let event = bytes.and_then(|bytes| Event::from_bytes(&bytes).ok());
    event.ok_or_else(|| damaged("bytes", text))
}

impl Passage {
    fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        let event = event(row)?;
        let hash = row.text("hash")?;
        if hex(&event.hash()) != hash {
            return Err(damaged("hash", hash));
        }
        let bearer = match row.try_get::<Option<String>, _>("room")? {
            None => None,
            Some(room) => Some(Bearer {
                name: match row.try_get::<Option<String>, _>("masked")? {
                    Some(_) => Some(row.name("masked")?),
                    None => None,
                },
                address: Address { building: row.text("building")?, unit: row.text("unit")?, room },
            }),
        };
        Ok(Self {
            key: PassageKey { at: event.at, sequence: event.sequence, hash },
            compound: row.compound("compound")?,
            compound_name: row.text("compound_name")?,
            event,
            bearer,
            became: Verdict::of_code(&row.text("became")?),
            overridden: row.integer("overridden")? != 0,
            ended: Ended::of_code(&row.text("ended")?),
            went: row.integer("went")? != 0,
            forked: row.integer("beside")? > 1,
        })
    }
}

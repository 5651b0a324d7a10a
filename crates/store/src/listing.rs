//! Holders as a list for staff to look through: masked names, the colour now, the newest pass.

use pass::{Colour, CompoundId, Kind, Name, Serial, Status, Timestamp};
use registry::Address;
use sqlx::any::AnyRow;
use sqlx::{Arguments, Row};

use crate::row::Columns;
use crate::{Store, StoreError, search};

/// What is looked for; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of a name or a plate, the beginning of a name's initials or whole pinyin, three digits or more of a phone number, a
    /// room, a building, `building-room` or `building-unit-room`, or a whole short code.
    pub text: String,
    /// The colour now.
    pub colour: Option<Colour>,
    /// The compound.
    pub compound: Option<CompoundId>,
    /// The account that asks, where it has to do with some compounds only: nobody else's people are found.
    pub within: Option<String>,
    /// How many of the found to leave out before the first shown.
    pub offset: u32,
    /// How many to show at most.
    pub limit: u32,
}

/// A holder in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The compound.
    pub compound: CompoundId,
    /// The compound's name.
    pub compound_name: String,
    /// The holder's number within the compound.
    pub holder: u16,
    /// Where it lives.
    pub address: Address,
    /// Person or vehicle.
    pub kind: Kind,
    /// Masked name or plate.
    pub name: Name,
    /// The colour now.
    pub colour: Colour,
    /// Since when.
    pub colour_since: Timestamp,
    /// The newest pass.
    pub pass: Option<ListedPass>,
}

/// The newest pass of a holder in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPass {
    /// Its serial.
    pub serial: Serial,
    /// The colour it was signed with.
    pub colour: Colour,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub expires: Timestamp,
    /// What the status list says of it.
    pub status: Status,
    /// Names it in the address of its phone page.
    pub token: String,
}

/// Whom the text means: $1 the text in capitals, $2 and $3 between which terms begin with it, $4 the pattern for phone numbers,
/// $5 a serial. A table of its own, because each line of it has an index.
macro_rules! meant {
    () => {
        "WITH meant AS (
             SELECT s.compound, s.holder FROM search_terms s WHERE s.term >= $2 AND s.term < $3
             UNION SELECT h.compound, h.number FROM holders h WHERE $4 <> '' AND h.phone LIKE $4 ESCAPE '\\'
             UNION SELECT p.compound, p.holder FROM passes p WHERE p.serial = $5
             UNION SELECT h.compound, h.number FROM holders h JOIN (
                 SELECT compound, number FROM households WHERE room = $1
                 UNION SELECT compound, number FROM households WHERE building = $1
                 UNION SELECT compound, number FROM households WHERE building || '-' || room = $1
                 UNION SELECT compound, number FROM households WHERE building || '-' || unit || '-' || room = $1) d
                 ON h.compound = d.compound AND h.household = d.number) "
    };
}

/// Those meant.
macro_rules! among_meant {
    () => {
        " meant m JOIN holders h ON h.compound = m.compound AND h.number = m.holder WHERE TRUE"
    };
}

/// Those meant with home and compound.
macro_rules! homes_of_meant {
    () => {
        " meant m JOIN holders h ON h.compound = m.compound AND h.number = m.holder
          JOIN households d ON d.compound = h.compound AND d.number = h.household
          JOIN compounds c ON c.id = h.compound WHERE TRUE"
    };
}

/// Everybody. The parameters of the text are there, and say nothing.
macro_rules! among_all {
    () => {
        " holders h WHERE TRUE"
    };
}

/// Everybody with home and compound. Both databases take a cross join, and SQLite goes from left to right: along the index that has
/// homes in their order, so that a page needs no sorting of all.
macro_rules! homes_of_all {
    () => {
        " households d CROSS JOIN holders h CROSS JOIN compounds c
          WHERE h.compound = d.compound AND h.household = d.number AND c.id = d.compound"
    };
}

/// What else is demanded: $6 a colour, $7 a compound, $8 an account, empty for none.
macro_rules! demanded {
    () => {
        " AND $1 || $2 || $3 || $4 || $5 IS NOT NULL
          AND ($6 = '' OR h.colour = $6) AND ($7 = -1 OR h.compound = $7)
          AND ($8 = '' OR h.compound IN (SELECT a.compound FROM account_compounds a WHERE a.account = $8)) "
    };
}

/// A page of those. Those shown are chosen before their passes are looked up: a hundred thousand lookups would be thrown away.
macro_rules! page {
    ($among:expr) => {
        concat!(
            "SELECT f.*, p.serial, p.colour AS p_colour, p.not_before, p.expires, p.status, p.token
             FROM (SELECT h.compound, h.number, h.kind, h.masked, h.colour, h.colour_since,
                          c.name AS compound_name, d.building, d.unit, d.room
             FROM ",
            $among,
            demanded!(),
            "ORDER BY d.compound, LENGTH(d.building), d.building, LENGTH(d.unit), d.unit, LENGTH(d.room), d.room,
                      h.kind, h.number
             LIMIT $9 OFFSET $10) f
             LEFT JOIN passes p ON p.idx =
                 (SELECT MAX(l.idx) FROM passes l WHERE l.compound = f.compound AND l.holder = f.number)
             ORDER BY f.compound, LENGTH(f.building), f.building, LENGTH(f.unit), f.unit, LENGTH(f.room),
                      f.room, f.kind, f.number"
        )
    };
}

const COUNT_MEANT: &str = concat!(meant!(), "SELECT COUNT(*) FROM", among_meant!(), demanded!());
const COUNT_ALL: &str = concat!("SELECT COUNT(*) FROM", among_all!(), demanded!());
const PAGE_MEANT: &str = concat!(meant!(), page!(homes_of_meant!()));
const PAGE_ALL: &str = page!(homes_of_all!());

impl Store {
    /// The holders found, by compound, building, unit, room, people first, and how many there are without `offset` and `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, search: &Search) -> Result<(Vec<Listed>, u64), StoreError> {
        let text = registry::tidy(&search.text);
        let (from, to) = search::range(&text);
        // A short code or a serial; then a part of a phone number, from three digits on: fewer would find half the town.
        let serial = text.parse::<Serial>().map_or(String::new(), |serial| serial.to_string());
        let digits = text.len() >= 3 && text.bytes().all(|b| b.is_ascii_digit());
        let arguments = || {
            let mut arguments = sqlx::any::AnyArguments::default();
            arguments.add(text.to_uppercase())?;
            arguments.add(from.clone())?;
            arguments.add(to.clone())?;
            arguments.add(if digits { like(&text) } else { String::new() })?;
            arguments.add(serial.clone())?;
            arguments.add(search.colour.map_or("", Colour::code).to_owned())?;
            arguments.add(search.compound.map_or(-1, |id| i64::from(id.0)))?;
            arguments.add(search.within.clone().unwrap_or_default())?;
            Ok::<_, sqlx::error::BoxDynError>(arguments)
        };
        let (count, page) = if text.is_empty() { (COUNT_ALL, PAGE_ALL) } else { (COUNT_MEANT, PAGE_MEANT) };
        let count: i64 =
            sqlx::query_scalar_with(count, arguments().map_err(encoding)?).fetch_one(self.pool()).await?;
        let mut of_page = arguments().map_err(encoding)?;
        of_page.add(i64::from(search.limit)).map_err(encoding)?;
        of_page.add(i64::from(search.offset)).map_err(encoding)?;
        let rows = sqlx::query_with(page, of_page).fetch_all(self.pool()).await?;
        let listed = rows.iter().map(Listed::of_row).collect::<Result<_, _>>()?;
        Ok((listed, count.unsigned_abs()))
    }

    /// How many holders have each colour now, in the order of [`Colour::ALL`]; `within` as in [`Search`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn colour_counts(&self, within: Option<&str>) -> Result<[(Colour, u64); 3], StoreError> {
        let mut counts = Colour::ALL.map(|colour| (colour, 0));
        let rows = sqlx::query(
            "SELECT colour, COUNT(*) AS count FROM holders
             WHERE $1 = '' OR compound IN (SELECT a.compound FROM account_compounds a WHERE a.account = $1)
             GROUP BY colour",
        )
        .bind(within.unwrap_or_default())
        .fetch_all(self.pool())
        .await?;
        for row in &rows {
            counts[row.colour("colour")? as usize].1 = row.number("count")?;
        }
        Ok(counts)
    }
}

impl Listed {
    fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        let pass = match row.try_get::<Option<String>, _>("serial")? {
            None => None,
            Some(_) => Some(ListedPass {
                serial: row.serial("serial")?,
                colour: row.colour("p_colour")?,
                not_before: Timestamp(row.integer("not_before")?),
                expires: Timestamp(row.integer("expires")?),
                status: row.status("status")?,
                token: row.text("token")?,
            }),
        };
        Ok(Self {
            compound: row.compound("compound")?,
            compound_name: row.text("compound_name")?,
            holder: row.number("number")?,
            address: Address {
                building: row.text("building")?,
                unit: row.text("unit")?,
                room: row.text("room")?,
            },
            kind: row.kind("kind")?,
            name: row.name("masked")?,
            colour: row.colour("colour")?,
            colour_since: Timestamp(row.integer("colour_since")?),
            pass,
        })
    }
}

/// A pattern that finds `text` anywhere, whatever its case, in what was made small.
pub(crate) fn containing(text: &str) -> String {
    like(&text.to_lowercase())
}

/// A pattern that finds `text` anywhere.
fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn encoding(error: sqlx::error::BoxDynError) -> StoreError {
    sqlx::Error::Encode(error).into()
}

//! Holders as a list for staff to look through: masked names, the colour now, the newest pass.

use pass::{Colour, CompoundId, Kind, Name, Serial, Status, Timestamp};
use registry::Address;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::roster::places;
use crate::row::Columns;
use crate::sought::{Places, Sought};
use crate::{Store, StoreError};

/// Holders whose rows are read with one statement.
const KEYS: usize = 1_000;

/// What is looked for; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of a name or a plate, the beginning of a name's initials or whole pinyin, three digits or more of a phone number, a
    /// room, a building, `building-room` or `building-unit-room`, or a whole short code.
    pub text: String,
    /// The colour now.
    pub colour: Option<Colour>,
    /// People or vehicles.
    pub kind: Option<Kind>,
    /// The compound.
    pub compound: Option<CompoundId>,
    /// The building.
    pub building: Option<String>,
    /// The unit, of that building.
    pub unit: Option<String>,
    /// How it stands with the newest pass.
    pub pass: Option<PassSought>,
    /// The account that asks, where it has to do with some compounds only: nobody else's people are found.
    pub within: Option<String>,
    /// Which page.
    pub page: Page,
    /// How many to show at most.
    pub limit: u32,
}

/// A page of a list, named by whoever stands beside it: so it is found as quickly as the first, and stays where it is when somebody is
/// added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The first.
    #[default]
    First,
    /// The one that begins after this holder. Nothing where there is no such holder.
    After(CompoundId, u16),
    /// The one that ends before this holder. Nothing where there is no such holder.
    Before(CompoundId, u16),
}

/// How it stands with somebody's newest pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassSought {
    /// There is none.
    Missing,
    /// It holds at this moment.
    Valid(Timestamp),
    /// It holds at the first of these moments, but no longer at the second.
    Ending(Timestamp, Timestamp),
    /// Its time was over at this moment.
    Expired(Timestamp),
    /// It was withdrawn, or is suspended.
    Stopped,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The page that was asked for.
    pub listed: Vec<Listed>,
    /// How many were found in all.
    pub count: Count,
    /// Whether there are others before these.
    pub before: bool,
    /// Whether there are others after these.
    pub after: bool,
}

/// How many there are, counted as far as anybody wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u32),
    /// More than so many.
    MoreThan(u32),
}

impl Default for Count {
    fn default() -> Self {
        Self::Exactly(0)
    }
}

impl Count {
    /// Counted so far; beyond it, nobody has looked.
    pub const MOST: u32 = 1_000;

    pub(crate) fn of(count: usize) -> Self {
        match u32::try_from(count) {
            Ok(count) if count <= Self::MOST => Self::Exactly(count),
            _ => Self::MoreThan(Self::MOST),
        }
    }
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

impl Store {
    /// The holders found, by compound, building, unit, room, people first: one page of them, and how many there are in all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, search: &Search) -> Result<Found, StoreError> {
        let Some(sought) = Sought::of(self, search).await? else { return Ok(Found::default()) };
        let Places { places, count, before, after } = sought.places(self, search).await?;
        let listed = self.at_places(&places).await?;
        Ok(Found { listed, count, before, after })
    }

    /// These holders, in the order of lists; those that are not there are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn listed(&self, holders: &[(CompoundId, u16)]) -> Result<Vec<Listed>, StoreError> {
        let mut listed = Vec::with_capacity(holders.len());
        for holders in holders.chunks(KEYS) {
            let keys = format!("(h.compound, h.number) IN (VALUES {})", places(holders.len(), 2));
            let mut query = sqlx::query(AssertSqlSafe(of_holders(&keys)));
            for (compound, holder) in holders {
                query = query.bind(i64::from(compound.0)).bind(i64::from(*holder));
            }
            listed.extend(query.fetch_all(self.pool()).await?);
        }
        in_order(listed)
    }

    /// Those with these places, in their order.
    async fn at_places(&self, places: &[String]) -> Result<Vec<Listed>, StoreError> {
        let mut listed = Vec::with_capacity(places.len());
        for places in places.chunks(KEYS) {
            let numbers: Vec<String> = (1..=places.len()).map(|number| format!("${number}")).collect();
            let text = of_holders(&format!("h.place IN ({})", numbers.join(", ")));
            let mut query = sqlx::query(AssertSqlSafe(text));
            for place in places {
                query = query.bind(place);
            }
            listed.extend(query.fetch_all(self.pool()).await?);
        }
        in_order(listed)
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

/// What is listed of those of whom this is true.
fn of_holders(condition: &str) -> String {
    format!(
        "SELECT h.compound, h.number, h.kind, h.masked, h.colour, h.colour_since, h.place,
                c.name AS compound_name, d.building, d.unit, d.room,
                p.serial, p.colour AS p_colour, p.not_before, p.expires, p.status, p.token
         FROM holders h
         JOIN households d ON d.compound = h.compound AND d.number = h.household
         JOIN compounds c ON c.id = h.compound
         LEFT JOIN passes p ON p.idx =
             (SELECT MAX(l.idx) FROM passes l WHERE l.compound = h.compound AND l.holder = h.number)
         WHERE {condition}"
    )
}

fn in_order(mut rows: Vec<AnyRow>) -> Result<Vec<Listed>, StoreError> {
    rows.sort_by_cached_key(|row| row.text("place").unwrap_or_default());
    rows.iter().map(Listed::of_row).collect()
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
pub(crate) fn like(text: &str) -> String {
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

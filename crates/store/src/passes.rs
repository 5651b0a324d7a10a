//! Passes as they were given out, page by page, with what printing and phone pages need beside them.

use pass::{Colour, CompoundId, Kind, Name, Serial, Status, Timestamp};
use registry::Address;
use sqlx::any::AnyRow;

use crate::row::Columns;
use crate::{Store, StoreError};

/// Passes read at once.
const PAGE: i64 = 500;

/// Which passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// All that were ever given out.
    All,
    /// The newest pass of each holder, where it holds as signed at this time: what is worth printing.
    Good(Timestamp),
    /// Those of [`Passes::Good`] that were never printed.
    Unprinted(Timestamp),
}

/// A pass with where its holder lives, and what is true of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassOnFile {
    /// Its serial.
    pub serial: Serial,
    /// Its place in the status list.
    pub index: u32,
    /// The compound.
    pub compound: CompoundId,
    /// The compound's name.
    pub compound_name: String,
    /// Where the holder lives now.
    pub address: Address,
    /// The holder's number within the compound.
    pub holder: u16,
    /// Person or vehicle.
    pub kind: Kind,
    /// The colour it was signed with.
    pub colour: Colour,
    /// The holder's colour now.
    pub colour_now: Colour,
    /// Masked name or plate.
    pub name: Name,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub expires: Timestamp,
    /// What the status list says of it.
    pub status: Status,
    /// The text of its QR code.
    pub text: String,
    /// Names it in the address of its phone page.
    pub token: String,
}

/// The query that [`PassOnFile::of_row`] reads the rows of, and which of them.
macro_rules! passes_on_file {
    ($which:literal) => {
        passes_on_file!("", $which)
    };
    ($more:literal, $which:literal) => {
        concat!(
            "SELECT p.serial, p.idx, p.compound, p.holder, p.kind, p.colour, p.name, p.not_before, p.expires,
                    p.status, p.text, p.token, h.colour AS now, d.building, d.unit, d.room, c.name AS compound_name",
            $more,
            "
             FROM passes p
             JOIN holders h ON h.compound = p.compound AND h.number = p.holder
             JOIN households d ON d.compound = h.compound AND d.number = h.household
             JOIN compounds c ON c.id = p.compound ",
            $which
        )
    };
}

pub(crate) use passes_on_file;

/// Passes in the order of their numbers, a page at a time.
#[derive(Debug)]
pub struct PassPages<'a> {
    store: &'a Store,
    which: Passes,
    after: Option<i64>,
}

impl Store {
    /// Reads passes page by page.
    #[must_use]
    pub fn passes(&self, which: Passes) -> PassPages<'_> {
        PassPages { store: self, which, after: Some(-1) }
    }

    /// How many passes [`Store::passes`] would read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_passes(&self, which: Passes) -> Result<u64, StoreError> {
        let count: i64 = match which {
            Passes::All => sqlx::query_scalar("SELECT COUNT(*) FROM passes").fetch_one(self.pool()).await?,
            Passes::Good(now) | Passes::Unprinted(now) => {
                sqlx::query_scalar(
                    "SELECT COUNT(*) FROM passes p WHERE p.status = 0 AND p.expires > $1
                     AND ($2 = 0 OR p.printed IS NULL) AND NOT EXISTS
                     (SELECT 1 FROM passes n WHERE n.compound = p.compound AND n.holder = p.holder AND n.idx > p.idx)",
                )
                .bind(now.0)
                .bind(i64::from(matches!(which, Passes::Unprinted(_))))
                .fetch_one(self.pool())
                .await?
            }
        };
        Ok(count.unsigned_abs())
    }

    /// The pass of this serial.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn pass(&self, serial: Serial) -> Result<PassOnFile, StoreError> {
        let row = sqlx::query(passes_on_file!("WHERE p.serial = $1"))
            .bind(serial.to_string())
            .fetch_optional(self.pool())
            .await?;
        let row = row.ok_or_else(|| StoreError::Absent { what: "pass", key: serial.short_code() })?;
        PassOnFile::of_row(&row)
    }

    /// Every pass of a holder, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passes_of(&self, compound: CompoundId, holder: u16) -> Result<Vec<PassOnFile>, StoreError> {
        let rows =
            sqlx::query(passes_on_file!("WHERE p.compound = $1 AND p.holder = $2 ORDER BY p.idx DESC"))
                .bind(i64::from(compound.0))
                .bind(i64::from(holder))
                .fetch_all(self.pool())
                .await?;
        rows.iter().map(PassOnFile::of_row).collect()
    }

    /// The pass with this token, as a phone page shows it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pass_by_token(&self, token: &str) -> Result<Option<PassOnFile>, StoreError> {
        let row = sqlx::query(passes_on_file!("WHERE p.token = $1"))
            .bind(token)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(PassOnFile::of_row).transpose()
    }
}

impl PassPages<'_> {
    /// The next passes; nothing when there are no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next(&mut self) -> Result<Option<Vec<PassOnFile>>, StoreError> {
        let Some(after) = self.after else { return Ok(None) };
        let now = match self.which {
            Passes::All => None,
            Passes::Good(now) | Passes::Unprinted(now) => Some(now.0),
        };
        let unprinted = matches!(self.which, Passes::Unprinted(_));
        let rows = sqlx::query(passes_on_file!(
            "WHERE p.idx > $1 AND ($2 = 0 OR (p.status = 0 AND p.expires > $3 AND NOT EXISTS
                 (SELECT 1 FROM passes n WHERE n.compound = p.compound AND n.holder = p.holder AND n.idx > p.idx)))
               AND ($4 = 0 OR p.printed IS NULL)
             ORDER BY p.idx LIMIT $5"
        ))
        .bind(after)
        .bind(i64::from(now.is_some()))
        .bind(now.unwrap_or_default())
        .bind(i64::from(unprinted))
        .bind(PAGE)
        .fetch_all(self.store.pool())
        .await?;
        let page: Vec<_> = rows.iter().map(PassOnFile::of_row).collect::<Result<_, _>>()?;
        self.after = page.last().map(|pass| i64::from(pass.index));
        Ok((!page.is_empty()).then_some(page))
    }
}

impl PassOnFile {
    pub(crate) fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            serial: row.serial("serial")?,
            index: row.number("idx")?,
            compound: row.compound("compound")?,
            compound_name: row.text("compound_name")?,
            address: Address {
                building: row.text("building")?,
                unit: row.text("unit")?,
                room: row.text("room")?,
            },
            holder: row.number("holder")?,
            kind: row.kind("kind")?,
            colour: row.colour("colour")?,
            colour_now: row.colour("now")?,
            name: row.name("name")?,
            not_before: Timestamp(row.integer("not_before")?),
            expires: Timestamp(row.integer("expires")?),
            status: row.status("status")?,
            text: row.text("text")?,
            token: row.text("token")?,
        })
    }
}

//! From columns to types: what can't be read is damage, not a panic.

use pass::{Colour, CompoundId, Kind, Name, Serial, Status};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::StoreError;

/// Reads columns by name.
pub(crate) trait Columns {
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    fn integer(&self, column: &'static str) -> Result<i64, StoreError>;

    /// A number within the range of `N`.
    fn number<N: TryFrom<i64>>(&self, column: &'static str) -> Result<N, StoreError> {
        let value = self.integer(column)?;
        N::try_from(value).map_err(|_| damaged(column, value))
    }

    fn compound(&self, column: &'static str) -> Result<CompoundId, StoreError> {
        self.number(column).map(CompoundId)
    }

    fn colour(&self, column: &'static str) -> Result<Colour, StoreError> {
        let code = self.text(column)?;
        Colour::of_code(&code).ok_or_else(|| damaged(column, code))
    }

    fn kind(&self, column: &'static str) -> Result<Kind, StoreError> {
        let code = self.text(column)?;
        Kind::of_code(&code).ok_or_else(|| damaged(column, code))
    }

    fn name(&self, column: &'static str) -> Result<Name, StoreError> {
        let text = self.text(column)?;
        Name::new(&text).map_err(|_| damaged(column, text))
    }

    fn serial(&self, column: &'static str) -> Result<Serial, StoreError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| damaged(column, text))
    }

    fn status(&self, column: &'static str) -> Result<Status, StoreError> {
        let bits: u8 = self.number(column)?;
        Status::of_bits(bits).ok_or_else(|| damaged(column, i64::from(bits)))
    }
}

impl Columns for AnyRow {
    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }
}

pub(crate) fn damaged(what: &'static str, value: impl Into<Value>) -> StoreError {
    let Value(value) = value.into();
    StoreError::Damaged { what, value }
}

/// A column's value, to be shown.
pub(crate) struct Value(String);

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self(value.to_string())
    }
}

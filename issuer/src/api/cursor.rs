//! Places in lists, as texts that nobody needs to understand: what a list ended with, so that the next one goes on behind it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::problem::Problem;
use super::shapes::Cursor;

impl Cursor {
    /// Of the parts of a key. None of them holds the mark that is put between them.
    pub(super) fn of(parts: &[&str]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(parts.join("\n")))
    }

    /// The parts of the key that a list of this kind gave out.
    pub(super) fn parts<const N: usize>(&self) -> Result<[String; N], Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| Problem::NoCursor)?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::NoCursor)?;
        let parts: Vec<String> = text.split('\n').map(str::to_owned).collect();
        parts.try_into().map_err(|_| Problem::NoCursor)
    }
}

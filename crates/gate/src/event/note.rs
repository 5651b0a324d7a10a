//! Words that staff typed: a reason, or whom they let through. Never empty, never long, one line.

use std::fmt;

use minicbor::{Decode, Encode};

/// What somebody wrote: 1 to [`Note::MAX_BYTES`] bytes of UTF-8, without control characters, and no space around it.
///
/// A type of its own so that a mandatory reason is there, and so that no event outgrows the journal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Note(String);

/// Why a text is no [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Nothing was written.
    #[error("empty")]
    Empty,
    /// Too much was written.
    #[error("{length} bytes, where a note has at most {limit}", limit = Note::MAX_BYTES)]
    TooLong {
        /// Bytes found.
        length: usize,
    },
    /// A line break or another control character.
    #[error("a control character")]
    Control,
}

impl Note {
    /// Two hundred Chinese characters.
    pub const MAX_BYTES: usize = 600;

    /// What was written, without the white space around it.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn new(text: &str) -> Result<Self, NoteError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NoteError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(NoteError::TooLong { length: text.len() });
        }
        if text.chars().any(char::is_control) {
            return Err(NoteError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<C> Encode<C> for Note {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Note {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let text = d.str()?;
        let note = Self::new(text).map_err(|_| minicbor::decode::Error::message("a note"))?;
        if note.0 == text { Ok(note) } else { Err(minicbor::decode::Error::message("space around a note")) }
    }
}

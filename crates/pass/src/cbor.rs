//! The few CBOR shapes that signed content uses, over `minicbor`: definite lengths, errors that name the part.
//!
//! Shortest forms and key order are not checked here: whoever reads content re-encodes it and compares bytes.

use std::convert::Infallible;

use minicbor::data::Type;
use minicbor::encode::Error;
use minicbor::{Decoder, Encoder};

use crate::Refusal;

pub(crate) type Writer = Encoder<Vec<u8>>;

/// Runs `write` over an empty buffer that will take about `capacity` bytes.
pub(crate) fn write(
    capacity: usize,
    write: impl FnOnce(&mut Writer) -> Result<(), Error<Infallible>>,
) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::with_capacity(capacity));
    write(&mut encoder).expect("a Vec takes every write");
    encoder.into_writer()
}

/// Reads one part after the other, naming the part in every error.
pub(crate) struct Reader<'b> {
    decoder: Decoder<'b>,
    length: usize,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { decoder: Decoder::new(bytes), length: bytes.len() }
    }

    pub(crate) fn tag(&mut self, tag: u64, what: &'static str) -> Result<(), Refusal> {
        match self.decoder.tag() {
            Ok(found) if found.as_u64() == tag => Ok(()),
            Ok(_) => Err(Refusal::Malformed { what }),
            Err(error) => Err(refusal(&error, what)),
        }
    }

    pub(crate) fn array(&mut self, what: &'static str) -> Result<u64, Refusal> {
        definite(self.decoder.array(), what)
    }

    pub(crate) fn array_of(&mut self, length: u64, what: &'static str) -> Result<(), Refusal> {
        exactly(self.array(what)?, length, what)
    }

    pub(crate) fn map(&mut self, what: &'static str) -> Result<u64, Refusal> {
        definite(self.decoder.map(), what)
    }

    pub(crate) fn map_of(&mut self, length: u64, what: &'static str) -> Result<(), Refusal> {
        exactly(self.map(what)?, length, what)
    }

    /// The next map key, which must be this one: canonical order leaves no other.
    pub(crate) fn label(&mut self, label: i64, what: &'static str) -> Result<(), Refusal> {
        match self.integer(what)? {
            found if found == label => Ok(()),
            _ => Err(Refusal::Malformed { what }),
        }
    }

    pub(crate) fn name(&mut self, name: &str, what: &'static str) -> Result<(), Refusal> {
        if self.text(what)? == name { Ok(()) } else { Err(Refusal::Malformed { what }) }
    }

    pub(crate) fn integer(&mut self, what: &'static str) -> Result<i64, Refusal> {
        self.decoder.i64().map_err(|error| refusal(&error, what))
    }

    /// An unsigned integer of at most this type's range.
    pub(crate) fn unsigned<T: TryFrom<u64>>(&mut self, what: &'static str) -> Result<T, Refusal> {
        let value = self.decoder.u64().map_err(|error| refusal(&error, what))?;
        T::try_from(value).map_err(|_| Refusal::Malformed { what })
    }

    pub(crate) fn bytes(&mut self, what: &'static str) -> Result<&'b [u8], Refusal> {
        self.not_in_chunks()?;
        self.decoder.bytes().map_err(|error| refusal(&error, what))
    }

    pub(crate) fn bytes_of<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Refusal> {
        self.bytes(what)?.try_into().map_err(|_| Refusal::Malformed { what })
    }

    pub(crate) fn text(&mut self, what: &'static str) -> Result<&'b str, Refusal> {
        self.not_in_chunks()?;
        self.decoder.str().map_err(|error| refusal(&error, what))
    }

    /// Refuses a string of indefinite length by its own name.
    fn not_in_chunks(&self) -> Result<(), Refusal> {
        match self.decoder.datatype() {
            Ok(Type::BytesIndef | Type::StringIndef) => Err(Refusal::NotCanonical),
            _ => Ok(()),
        }
    }

    /// Whether the next item is a text, for values that may be of either type.
    pub(crate) fn text_is_next(&self) -> bool {
        matches!(self.decoder.datatype(), Ok(Type::String))
    }

    pub(crate) fn end(&self) -> Result<(), Refusal> {
        match self.length - self.decoder.position() {
            0 => Ok(()),
            count => Err(Refusal::Appended { count }),
        }
    }
}

fn definite(
    length: Result<Option<u64>, minicbor::decode::Error>,
    what: &'static str,
) -> Result<u64, Refusal> {
    length.map_err(|error| refusal(&error, what))?.ok_or(Refusal::NotCanonical)
}

fn exactly(found: u64, wanted: u64, what: &'static str) -> Result<(), Refusal> {
    if found == wanted { Ok(()) } else { Err(Refusal::Malformed { what }) }
}

fn refusal(error: &minicbor::decode::Error, what: &'static str) -> Refusal {
    if error.is_end_of_input() { Refusal::Truncated { inside: what } } else { Refusal::Malformed { what } }
}

//! Why something signed, or something that claims to be, is not believed.
//!
//! Each reason carries its evidence. The sentences people read stand in the programs, keyed by [`Refusal::code`].

use crate::{CompoundId, Content, KeyId, Kind, OfficeId, Timestamp};

/// Why bytes or a text from outside are refused.
///
/// Exhaustive on purpose: the compiler demands a sentence for a new one in every program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A code of something else: an address, a payment code, plain text.
    #[error("not a pass: the text does not start with SG1:")]
    NotAPass,
    /// A pass whose letters were made small on the way: a keyboard scanner set up wrongly.
    #[error("a pass in lower case: the reader changed its letters")]
    LowerCase,
    /// White space before the text, or a tab or line break inside it.
    #[error("white space at character {at}, where a pass has none")]
    WhiteSpace {
        /// Bytes before it.
        at: usize,
    },
    /// Longer than any pass.
    #[error("{length} characters, where a pass has at most {limit}")]
    TooLong {
        /// Length found.
        length: usize,
        /// Length allowed.
        limit: usize,
    },
    /// A character outside Base45, counted after the prefix.
    #[error("character {at} is not in the Base45 alphabet")]
    Base45Character {
        /// Characters before it.
        at: usize,
    },
    /// A group of characters above its range, counted after the prefix.
    #[error("the Base45 group at character {at} is out of range")]
    Base45Range {
        /// Characters before it.
        at: usize,
    },
    /// A single character left over.
    #[error("{length} characters are no whole number of Base45 groups")]
    Base45Length {
        /// Characters found after the prefix.
        length: usize,
    },
    /// The bytes end too early.
    #[error("truncated: the bytes end inside {inside}")]
    Truncated {
        /// The part that is cut.
        inside: &'static str,
    },
    /// Bytes after the end.
    #[error("{count} bytes appended")]
    Appended {
        /// How many.
        count: usize,
    },
    /// Not the structure it should be.
    #[error("malformed: {what}")]
    Malformed {
        /// The part that is wrong.
        what: &'static str,
    },
    /// A COSE_Sign1 with something in its unprotected header, which nobody signed.
    #[error("the unprotected header is not empty")]
    UnprotectedHeader,
    /// Another algorithm than the one that is pinned (EdDSA, RFC 9053 §2.2).
    #[error("the algorithm is not EdDSA")]
    Algorithm,
    /// Signed content of one kind offered where another is wanted.
    #[error("this is {found:?}, not {wanted:?}")]
    WrongContent {
        /// What it says it is; nothing when it says something unknown.
        found: Option<Content>,
        /// What was wanted.
        wanted: Content,
    },
    /// No trusted key has this key id.
    #[error("signed by key {key}, which is not trusted here")]
    UnknownKey {
        /// The key id in the header.
        key: KeyId,
    },
    /// A trusted key has this id, and did not sign these bytes.
    #[error("the signature by key {key} does not hold")]
    BadSignature {
        /// The key id in the header.
        key: KeyId,
    },
    /// The signature holds, but these are not the bytes that a signer writes (RFC 8949 §4.2.1).
    #[error("not in canonical form")]
    NotCanonical,
    /// The key may not sign this kind of content.
    #[error("key {key} may not sign {content:?}")]
    KeyNotForContent {
        /// The key.
        key: KeyId,
        /// What it signed.
        content: Content,
    },
    /// The key may not sign for this compound.
    #[error("key {key} may not sign for compound {}", compound.0)]
    KeyNotForCompound {
        /// The key.
        key: KeyId,
        /// The compound it signed for.
        compound: CompoundId,
    },
    /// The key may not sign passes of this kind.
    #[error("key {key} may not sign passes of kind {kind:?}")]
    KeyNotForKind {
        /// The key.
        key: KeyId,
        /// The kind it signed.
        kind: Kind,
    },
    /// What was signed is not within the key's own validity.
    #[error("key {key} is valid from {from} to {until} only")]
    KeyNotValid {
        /// The key.
        key: KeyId,
        /// Start of its validity.
        from: Timestamp,
        /// End of its validity.
        until: Timestamp,
    },
    /// A list that speaks for one office, signed by a key of another.
    #[error("signed for office {} by a key of office {}", named.0, signer.0)]
    WrongOffice {
        /// The office that the content names.
        named: OfficeId,
        /// The office of the key.
        signer: OfficeId,
    },
}

impl Refusal {
    /// A name for programs and logs: lower case, words joined by underscores, never changed once released.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPass => "not_a_pass",
            Self::LowerCase => "lower_case",
            Self::WhiteSpace { .. } => "white_space",
            Self::TooLong { .. } => "too_long",
            Self::Base45Character { .. } => "base45_character",
            Self::Base45Range { .. } => "base45_range",
            Self::Base45Length { .. } => "base45_length",
            Self::Truncated { .. } => "truncated",
            Self::Appended { .. } => "appended",
            Self::Malformed { .. } => "malformed",
            Self::UnprotectedHeader => "unprotected_header",
            Self::Algorithm => "algorithm",
            Self::WrongContent { .. } => "wrong_content",
            Self::UnknownKey { .. } => "unknown_key",
            Self::BadSignature { .. } => "bad_signature",
            Self::NotCanonical => "not_canonical",
            Self::KeyNotForContent { .. } => "key_not_for_content",
            Self::KeyNotForCompound { .. } => "key_not_for_compound",
            Self::KeyNotForKind { .. } => "key_not_for_kind",
            Self::KeyNotValid { .. } => "key_not_valid",
            Self::WrongOffice { .. } => "wrong_office",
        }
    }
}

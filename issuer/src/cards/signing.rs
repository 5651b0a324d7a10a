//! What the issuer's key may sign, and for how long.

use pass::{Pass, PassError, SignedPass, SigningKey, Timestamp, TrustedKey};
use store::Compound;

/// Passes must hold for at least this long, or signing them is no use.
const DAY: i64 = 86_400;

/// The key that signs, and what it may do.
pub(crate) struct Signing {
    pub(crate) key: SigningKey,
    pub(crate) trusted: TrustedKey,
}

/// Why nothing can be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CannotSign {
    /// The key may not sign for this compound.
    NotCovered(Compound),
    /// The key ends too soon.
    KeyEnds,
}

impl Signing {
    /// Whether passes of these compounds can be signed at `now`.
    pub(crate) fn demand(&self, compounds: &[Compound], now: Timestamp) -> Result<(), CannotSign> {
        if let Some(outside) = compounds.iter().find(|compound| !self.trusted.covers(compound.id)) {
            return Err(CannotSign::NotCovered(outside.clone()));
        }
        if now.plus(DAY) > self.trusted.until { Err(CannotSign::KeyEnds) } else { Ok(()) }
    }

    /// Signs a pass. What a key signs may not outlive it.
    pub(crate) fn sign(&self, mut pass: Pass) -> Result<SignedPass, PassError> {
        pass.expires = pass.expires.min(self.trusted.until);
        pass::sign(pass, &self.key)
    }
}

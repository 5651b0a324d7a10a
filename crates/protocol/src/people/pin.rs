//! PINs, and the hashes by which gates know them: argon2id (RFC 9106) as a PHC string.
//!
//! A PIN of four digits is guessed in minutes by whoever has its hash: hashes leave the office under seal only, and a gate
//! slows those who try at its screen.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// Memory in KiB, passes, lanes: the smallest setting that OWASP names for argon2id (Password Storage Cheat Sheet). A
/// Raspberry Pi 4 takes about a third of a second for it.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// What a gate is ready to spend on a hash that an office sends.
const MOST: (u32, u32, u32) = (64 * 1024, 10, 4);
/// Bytes of the salt and of the hash.
const SALT: usize = 16;
const OUTPUT: usize = 32;
/// No hash within [`MOST`] is written longer.
const MAX_TEXT: usize = 128;

/// Why a text is no PIN, or no hash of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Not 4 to 8 digits.
    #[error("not {least} to {most} digits", least = Pin::DIGITS.0, most = Pin::DIGITS.1)]
    Digits,
    /// All one digit, or a run such as 1234: the first that anybody tries.
    #[error("all one digit, or digits in a row")]
    Guessable,
    /// Not a PHC string of argon2id within the limits.
    #[error("not an argon2id hash that a gate takes")]
    Hash,
}

/// A PIN. Wiped when dropped, and never shown when debugged.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The fewest and the most digits.
    pub const DIGITS: (usize, usize) = (4, 8);

    /// Takes a PIN as somebody typed it to sign in.
    ///
    /// # Errors
    /// [`PinError::Digits`].
    pub fn typed(text: &str) -> Result<Self, PinError> {
        let (least, most) = Self::DIGITS;
        if (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(PinError::Digits)
        }
    }

    /// Takes a PIN that somebody chose.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn chosen(text: &str) -> Result<Self, PinError> {
        let pin = Self::typed(text)?;
        if pin.is_guessable() { Err(PinError::Guessable) } else { Ok(pin) }
    }

    /// A new PIN of six digits.
    #[must_use]
    pub fn generate() -> Self {
        loop {
            // A remainder of 2^64 by a million is even enough: one part in 10^13.
            let number = u64::from_be_bytes(pass::random::bytes()) % 1_000_000;
            let pin = Self(Zeroizing::new(format!("{number:06}")));
            if !pin.is_guessable() {
                return pin;
            }
        }
    }

    /// The digits, to be told once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn is_guessable(&self) -> bool {
        let steps: Vec<i16> =
            self.0.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
        steps.iter().all(|step| *step == steps[0] && step.abs() <= 1)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The hash of a PIN.
#[derive(Clone, PartialEq, Eq)]
pub struct PinHash(String);

impl PinHash {
    /// Hashes a PIN with a new salt.
    #[must_use]
    pub fn of(pin: &Pin) -> Self {
        Self::with_cost(pin, COST)
    }

    fn with_cost(pin: &Pin, (memory, passes, lanes): (u32, u32, u32)) -> Self {
        let params = Params::new(memory, passes, lanes, Some(OUTPUT)).expect("a setting that argon2 has");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let salt = pass::random::bytes::<SALT>();
        let hash = argon2.hash_password_with_salt(pin.0.as_bytes(), &salt);
        Self(hash.expect("a PIN and a salt of lengths that argon2 takes").to_string())
    }

    /// Reads a PHC string, and refuses one that would cost a gate too much.
    ///
    /// # Errors
    /// [`PinError::Hash`].
    pub fn parse(text: &str) -> Result<Self, PinError> {
        if text.len() > MAX_TEXT {
            return Err(PinError::Hash);
        }
        let hash = PasswordHash::new(text).map_err(|_| PinError::Hash)?;
        let params = Params::try_from(&hash).map_err(|_| PinError::Hash)?;
        let within = params.m_cost() <= MOST.0 && params.t_cost() <= MOST.1 && params.p_cost() <= MOST.2;
        let whole = hash.salt.is_some_and(|salt| salt.len() == SALT)
            && hash.hash.is_some_and(|hash| hash.len() == OUTPUT)
            && hash.version == Some(Version::V0x13.into())
            && params.data().is_empty()
            && params.keyid().is_empty();
        if hash.algorithm == Algorithm::Argon2id.ident() && within && whole && hash.to_string() == text {
            Ok(Self(text.to_owned()))
        } else {
            Err(PinError::Hash)
        }
    }

    /// Whether this is the PIN. Takes as long as the hash costs, whatever the answer.
    #[must_use]
    pub fn is_of(&self, pin: &Pin) -> bool {
        let hash = PasswordHash::new(&self.0).expect("it was read or written by us");
        Argon2::default().verify_password(pin.0.as_bytes(), &hash).is_ok()
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins() {
        for (text, chosen) in [
            ("2580", Ok(())),
            ("13579024", Ok(())),
            ("1122", Ok(())),
            ("1111", Err(PinError::Guessable)),
            ("123456", Err(PinError::Guessable)),
            ("9876", Err(PinError::Guessable)),
            ("123", Err(PinError::Digits)),
            ("123456789", Err(PinError::Digits)),
            ("12a4", Err(PinError::Digits)),
            ("１２３４", Err(PinError::Digits)),
            ("", Err(PinError::Digits)),
        ] {
            assert_eq!(Pin::chosen(text).map(drop), chosen, "{text}");
        }
        assert!(Pin::typed("1111").is_ok(), "one that was chosen elsewhere can still be typed");
        assert_eq!(Pin::generate().reveal().len(), 6);
        assert_eq!(format!("{:?}", Pin::typed("2580").unwrap()), "Pin(…)");
    }

    #[test]
    fn a_pin_is_told_from_others() {
        let pin = Pin::typed("2580").unwrap();
        let hash = PinHash::with_cost(&pin, (64, 1, 1));
        assert!(hash.is_of(&pin));
        assert!(!hash.is_of(&Pin::typed("2581").unwrap()));
        assert_ne!(PinHash::with_cost(&pin, (64, 1, 1)), hash, "each has a salt of its own");
        assert_eq!(PinHash::parse(hash.as_str()), Ok(hash));
        let real = PinHash::of(&pin);
        assert!(real.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", real.as_str());
        assert_eq!(PinHash::parse(real.as_str()), Ok(real));
    }

    #[test]
    fn a_hash_that_costs_too_much_is_refused() {
        let cheap = PinHash::with_cost(&Pin::typed("2580").unwrap(), (64, 1, 1)).0;
        assert!(PinHash::parse(&cheap).is_ok());
        for (from, to) in [
            ("m=64", "m=65537"),
            ("m=64", "m=4194304"),
            ("t=1", "t=11"),
            ("p=1", "p=5"),
            ("argon2id", "argon2i"),
            ("argon2id", "scrypt"),
            ("v=19", "v=16"),
            ("v=19$", ""),
            ("m=64", "m=064"),
        ] {
            assert!(cheap.contains(from));
            assert_eq!(PinHash::parse(&cheap.replace(from, to)), Err(PinError::Hash), "{to}");
        }
        for text in ["", "$", "$argon2id$v=19$m=64,t=1,p=1", &cheap[..cheap.len() - 2], &format!("{cheap} ")]
        {
            assert_eq!(PinHash::parse(text), Err(PinError::Hash), "{text}");
        }
    }
}

//! Passwords of the office's staff, and their hashes: argon2id (RFC 9106) as a PHC string.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use pass::random;
use zeroize::Zeroizing;

/// Memory in KiB, passes, lanes: the second setting of RFC 9106 §4 with half its memory, so that several may sign in at once on
/// an office's PC.
const COST: (u32, u32, u32) = (32 * 1024, 3, 1);
const SALT: usize = 16;
const OUTPUT: usize = 32;
/// The fewest characters: with guessing slowed, length is what counts (NIST SP 800-63B §5.1.1).
const LEAST: usize = 10;
/// The most, so that nobody makes the program hash a book.
const MOST: usize = 128;
/// What everybody tries first, in small letters and without the digits and marks around it.
pub const WORST: [&str; 12] = [
    "password",
    "passw0rd",
    "qwertyuiop",
    "qwerty",
    "admin",
    "administrator",
    "iloveyou",
    "letmein",
    "abcdefghij",
    "woaini",
    "sanse",
    "sansegate",
];
/// Letters of a password that is made: none that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password. Wiped when dropped, and never shown when debugged.
pub struct Password(Zeroizing<String>);

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("fewer than {LEAST} characters")]
    Short,
    /// Too long.
    #[error("more than {MOST} characters")]
    Long,
    /// One of those that everybody tries first, or made of hardly any letters, or the account's own name.
    #[error("easily guessed")]
    Guessable,
}

impl Password {
    /// Takes a password as somebody typed it to sign in.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(Zeroizing::new(text.chars().take(MOST + 1).collect()))
    }

    /// Takes a password that the owner of the account `name` chose.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn chosen(text: &str, name: &str) -> Result<Self, PasswordError> {
        let length = text.chars().count();
        if length < LEAST {
            return Err(PasswordError::Short);
        }
        if length > MOST {
            return Err(PasswordError::Long);
        }
        let small = text.to_lowercase();
        let bare = small.trim_matches(|c: char| !c.is_alphabetic());
        let mut letters: Vec<char> = small.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        let guessable = WORST.contains(&bare)
            || letters.len() < 5
            || is_a_run(&small)
            || (!name.is_empty() && bare == name.to_lowercase());
        if guessable { Err(PasswordError::Guessable) } else { Ok(Self::typed(text)) }
    }

    /// A new password of four groups of four letters: 80 bits.
    #[must_use]
    pub fn generate() -> Self {
        let letters = random::bytes::<16>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let mut text = Zeroizing::new(String::new());
        for (i, letter) in letters.into_iter().enumerate() {
            if i > 0 && i % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        Self(text)
    }

    /// The password, to be told once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its hash, with a new salt. Takes about a tenth of a second: not for a thread that serves others.
    #[must_use]
    pub fn hash(&self) -> String {
        let salt = random::bytes::<SALT>();
        let hash = argon2().hash_password_with_salt(self.0.as_bytes(), &salt);
        hash.expect("a password and a salt of lengths that argon2 takes").to_string()
    }

    /// Whether this is its hash. A text that is no hash is nobody's.
    #[must_use]
    pub fn is(&self, hash: &str) -> bool {
        PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(self.0.as_bytes(), &hash).is_ok())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(OUTPUT)).expect("a setting that argon2 has");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// `1234567890`, `abcdefghijk`, and the same backwards.
fn is_a_run(text: &str) -> bool {
    let chars: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let runs =
        |step: i64| chars.windows(2).filter(|pair| pair[1] - pair[0] == step).count() + 2 >= chars.len();
    runs(1) || runs(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_password() {
        for (text, error) in [
            ("correct horse battery", None),
            ("三色门值班室的密码是蓝天", None),
            ("short", Some(PasswordError::Short)),
            ("123456789", Some(PasswordError::Short)),
            ("1234567890", Some(PasswordError::Guessable)),
            ("0987654321", Some(PasswordError::Guessable)),
            ("Password2020!!", Some(PasswordError::Guessable)),
            ("aaaaaaaabbbb", Some(PasswordError::Guessable)),
            ("wangxiaohong1", Some(PasswordError::Guessable)),
        ] {
            assert_eq!(Password::chosen(text, "WangXiaohong").err(), error, "{text}");
        }
        assert_eq!(Password::chosen(&"长".repeat(129), "").err(), Some(PasswordError::Long));
    }

    #[test]
    fn hashes_tell_passwords_apart_and_are_made_anew() {
        let password = Password::generate();
        let hash = password.hash();
        assert!(password.is(&hash) && !password.is("no hash"));
        assert!(!Password::typed("another").is(&hash));
        assert_ne!(hash, password.hash(), "a salt of its own");
        assert!(Password::chosen(password.reveal(), "").is_ok());
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}

//! The second factor: codes that change every half minute (TOTP, RFC 6238), and codes that stand in for a lost telephone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use pass::{Timestamp, random};
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::keys::RegistryKey;

/// RFC 4226 §4 wants at least 16 bytes and recommends 20.
const SECRET: usize = 20;
/// What every authenticator takes for granted: SHA-1, six digits, half a minute; one step of a slow clock or a slow hand each way.
const DIGITS: u8 = 6;
const STEP: u64 = 30;
const SKEW: u16 = 1;
/// How many codes stand in for a lost telephone.
const RECOVERY: usize = 8;
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The secret that an account and its owner's telephone share.
pub struct Second(Zeroizing<[u8; SECRET]>);

/// Why a second factor can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the second factor was encrypted under another registry key, or is damaged")]
pub struct SecondError;

impl Second {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// As the registry keeps that of an account.
    #[must_use]
    pub fn seal(&self, account: &str, key: &RegistryKey) -> String {
        key.seal(&place(account), &*self.0)
    }

    /// What [`Second::seal`] made.
    ///
    /// # Errors
    /// [`SecondError`].
    pub fn open(sealed: &str, account: &str, key: &RegistryKey) -> Result<Self, SecondError> {
        let open = key.open(&place(account), sealed).map_err(|_| SecondError)?;
        let bytes: [u8; SECRET] = open.as_slice().try_into().map_err(|_| SecondError)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The step that a code stands for, if it is one of now and later than those that were `used`.
    #[must_use]
    pub fn step(&self, code: &str, used: i64, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != usize::from(DIGITS) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let step = self.totp().check(&code, u64::try_from(now.0).ok()?)?;
        i64::try_from(step).ok().filter(|step| *step > used)
    }

    /// What a telephone scans: an `otpauth` address (the Key Uri Format of Google Authenticator's wiki).
    #[must_use]
    pub fn address(&self, account: &str, office: &str) -> String {
        let (office, account) = (escaped(office), escaped(account));
        let secret = self.base32();
        format!(
            "otpauth://totp/{office}:{account}?secret={secret}&issuer={office}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
        )
    }

    /// The secret as people type it into a telephone.
    #[must_use]
    pub fn base32(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// The secret that a form brings back.
    #[must_use]
    pub fn of_base32(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        let bytes: [u8; SECRET] = secret.as_ref().try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    fn totp(&self) -> Totp {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP)
            .with_secret(self.0.to_vec())
            .build();
        totp.expect("six digits, twenty bytes and half a minute are what RFC 6238 allows")
    }
}

impl std::fmt::Debug for Second {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Second(…)")
    }
}

fn place(account: &str) -> String {
    format!("accounts.second.{account}")
}

/// Percent-encoded where an address has no room for it (RFC 3986 §2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    escaped
}

/// Codes that let the owner in once each: told once, kept as hashes. Each has 50 bits, so that a plain hash is enough.
#[derive(Debug)]
pub struct Recovery {
    /// To be written down.
    pub codes: Vec<String>,
    /// To be kept.
    pub hashes: Vec<String>,
}

impl Recovery {
    /// New ones.
    #[must_use]
    pub fn generate() -> Self {
        let code = |_| {
            let letters = random::bytes::<10>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
            let text: String = letters.iter().collect();
            format!("{}-{}", &text[..5], &text[5..])
        };
        let codes: Vec<String> = (0..RECOVERY).map(code).collect();
        let hashes = codes.iter().map(|code| Self::hash(code)).collect();
        Self { codes, hashes }
    }

    /// How a code is kept, however it was typed.
    #[must_use]
    pub fn hash(code: &str) -> String {
        let code: String = code.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        STANDARD_NO_PAD.encode(Sha256::digest(code.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_standard() {
        // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
        let second = Second(Zeroizing::new(*b"12345678901234567890"));
        for (now, code, step) in
            [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (2_000_000_000, "279037", 66_666_666)]
        {
            assert_eq!(second.step(code, 0, Timestamp(now)), Some(step));
            assert_eq!(second.step(code, step, Timestamp(now)), None, "a code is good once");
            assert_eq!(second.step(code, 0, Timestamp(now + 90)), None, "and not for long");
        }
        for code in ["", "12345", "1234567", "28708a", "２８７０８２"] {
            assert_eq!(second.step(code, 0, Timestamp(59)), None, "{code}");
        }
        assert_eq!(second.step("287 082", 0, Timestamp(59)), Some(1), "as telephones show them");
    }

    #[test]
    fn secrets_come_back_for_their_account_alone() {
        let key = RegistryKey::from_seed([1; 32]);
        let second = Second::generate();
        let sealed = second.seal("王五", &key);
        assert_eq!(Second::open(&sealed, "王五", &key).unwrap().base32(), second.base32());
        assert_eq!(Second::open(&sealed, "赵六", &key).err(), Some(SecondError));
        assert_eq!(Second::of_base32(&second.base32()).unwrap().base32(), second.base32());
        assert!(Second::of_base32("no").is_none());
    }

    #[test]
    fn addresses_hold_any_name() {
        let second = Second(Zeroizing::new([0; SECRET]));
        assert_eq!(
            second.address("王 五", "翠湖"),
            "otpauth://totp/%E7%BF%A0%E6%B9%96:%E7%8E%8B%20%E4%BA%94?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &issuer=%E7%BF%A0%E6%B9%96&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn recovery_codes_are_known_however_typed() {
        let recovery = Recovery::generate();
        let typed = recovery.codes[3].to_uppercase().replace('-', " ");
        assert_eq!(Recovery::hash(&typed), recovery.hashes[3]);
        assert_eq!(recovery.codes.len(), 8);
    }
}

//! The root key as people hand it over: a file or the text itself; a COSE_Key in base64, a JWK, or a JWK Set.
//!
//! Knows the forms only; which root a kiosk believes in is kept in [`crate::held`].

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use pass::{Jwk, JwkSet, KeyError, PublicKey};

/// A file with more than this holds no key.
const MAX_BYTES: u64 = 1 << 20;

/// Why a text or file names no root key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// Neither a file that can be read nor a key.
    #[error("neither a file nor a root key in base64, as a JWK or as a JWK Set")]
    Form,
    /// The file is there and can't be read.
    #[error("{path}: {why}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        why: std::io::Error,
    },
    /// A key that can't be trusted.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A set of keys, none or several of which are roots.
    #[error("{roots} of the {keys} keys have the role root, where it takes one")]
    Roots {
        /// Keys in the set.
        keys: usize,
        /// Roots among them.
        roots: usize,
    },
}

/// Reads a root key from a file of this name, or from the text itself.
///
/// # Errors
/// [`RootError`].
pub fn read(file_or_text: &str) -> Result<PublicKey, RootError> {
    let path = Path::new(file_or_text);
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() && about.len() <= MAX_BYTES => {
            let failed = |why| RootError::File { path: file_or_text.to_owned(), why };
            let bytes = std::fs::read(path).map_err(failed)?;
            match std::str::from_utf8(&bytes) {
                Ok(text) => parse(text),
                Err(_) => Ok(PublicKey::from_cose_key(&bytes)?),
            }
        }
        _ => parse(file_or_text),
    }
}

/// Reads a root key from a text.
///
/// # Errors
/// [`RootError`].
pub fn parse(text: &str) -> Result<PublicKey, RootError> {
    let text = text.trim();
    if text.starts_with('{') {
        if let Ok(set) = serde_json::from_str::<JwkSet>(text) {
            let is_root = |key: &&Jwk| key.role.as_deref() == Some("root");
            let roots: Vec<&Jwk> = set.keys.iter().filter(is_root).collect();
            return match roots[..] {
                [root] => Ok(root.public_key()?),
                _ => Err(RootError::Roots { keys: set.keys.len(), roots: roots.len() }),
            };
        }
        let key: Jwk = serde_json::from_str(text).map_err(|_| RootError::Form)?;
        return Ok(key.public_key()?);
    }
    // People copy keys from letters and mails: line breaks inside are theirs, not the key's.
    let joined: String = text.split_whitespace().collect();
    let bytes = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|engine| engine.decode(&joined).ok())
        .ok_or(RootError::Form)?;
    Ok(PublicKey::from_cose_key(&bytes)?)
}

/// The key's thumbprint (RFC 9679) as people compare it: groups of four hexadecimal digits.
#[must_use]
pub fn fingerprint(key: &PublicKey) -> String {
    let groups = key.thumbprint();
    let groups = groups.chunks(2).map(|pair| format!("{:02X}{:02X}", pair[0], pair[1]));
    groups.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::SigningKey;

    #[test]
    fn every_form_is_read() {
        let root = SigningKey::from_seed(&[1; 32]).public();
        let issuer = SigningKey::from_seed(&[2; 32]).public();
        let base64 = STANDARD.encode(root.cose_key());
        let jwk = serde_json::to_string(&Jwk::new(&root, "root")).unwrap();
        let set = JwkSet { keys: vec![Jwk::new(&issuer, "issuer"), Jwk::new(&root, "root")] };
        let set = serde_json::to_string_pretty(&set).unwrap();
        let broken = format!("  {}\n{}\n", &base64[..20], &base64[20..]);
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let files = [file("set.json", set.as_bytes()), file("root.cose", &root.cose_key())];
        for text in [&base64, &jwk, &set, &broken].into_iter().chain(&files) {
            assert_eq!(read(text).unwrap(), root, "{text}");
        }
    }

    #[test]
    fn a_set_without_exactly_one_root_is_refused() {
        let key = SigningKey::from_seed(&[2; 32]).public();
        for (roles, roots) in [(vec![], 0), (vec!["issuer"], 0), (vec!["root", "root"], 2)] {
            let keys = roles.iter().map(|role| Jwk::new(&key, role)).collect();
            let text = serde_json::to_string(&JwkSet { keys }).unwrap();
            assert!(matches!(parse(&text), Err(RootError::Roots { roots: found, .. }) if found == roots));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "no such file", "{}", "{\"keys\": 1}", "AAAA", "////"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

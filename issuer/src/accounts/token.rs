//! What a browser shows to go on being signed in: 32 random bytes. The registry knows its hash alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pass::random;
use sha2::{Digest, Sha256};

/// A token, in base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()))
    }

    /// One that somebody shows, if it can be one at all.
    #[must_use]
    pub fn shown(text: &str) -> Option<Self> {
        let is_one = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        is_one.then(|| Self(text.to_owned()))
    }

    /// As it is shown.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// As it is kept.
    #[must_use]
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shown_whole_or_not_at_all() {
        let token = Token::generate();
        assert_eq!(Token::shown(token.reveal()).unwrap().hash(), token.hash());
        assert_ne!(token.hash(), Token::generate().hash());
        for text in ["", "x", "../../etc/passwd", &token.reveal()[1..], &format!("{}A", token.reveal())] {
            assert_eq!(Token::shown(text), None);
        }
    }
}

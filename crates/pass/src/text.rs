//! A pass as the text of its QR code: `SG1:` and the envelope in Base45, and back with every check.

use std::ops::Deref;

use crate::pass::PassError;
use crate::{
    Content, OfficeId, Pass, PublicKey, Refusal, Signed, SigningKey, TrustedKey, TrustedKeys, base45,
};

/// What every pass starts with. A format that is not this one gets another number.
pub const PREFIX: &str = "SG1:";

/// The most characters a pass may have: 144 bytes on paper and 34 more with a phone's key make 271.
pub const MAX_TEXT: usize = 288;

/// A pass that has been signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPass {
    /// What it says.
    pub pass: Pass,
    /// The text of its QR code, all of it in the alphanumeric mode.
    pub text: String,
}

/// Signs `pass`. Whether the key may sign it is for those who verify it to judge, by their trust list.
///
/// # Errors
/// [`PassError`] when the pass cannot be written.
pub fn sign(pass: Pass, key: &SigningKey) -> Result<SignedPass, PassError> {
    let bytes = Content::Pass.sign(&pass.to_claims()?, key);
    let mut text = String::with_capacity(PREFIX.len() + bytes.len().div_ceil(2) * 3);
    text.push_str(PREFIX);
    base45::encode_into(&bytes, &mut text);
    Ok(SignedPass { pass, text })
}

/// A pass that a trusted key signed, for a compound and of a kind it may sign, within the key's validity.
///
/// Made by [`verify`], and by [`Voucher::vouch`] where the office tells of a pass in other content it signed: whoever holds
/// one needs not ask again. It says nothing about the time now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pass: Pass,
    office: OfficeId,
    signer: PublicKey,
}

impl Verified {
    /// The office that signed: with the serial it names the pass, with the index its status.
    #[must_use]
    pub fn office(&self) -> OfficeId {
        self.office
    }

    /// The key that signed.
    #[must_use]
    pub fn signer(&self) -> &PublicKey {
        &self.signer
    }
}

impl Deref for Verified {
    type Target = Pass;

    fn deref(&self) -> &Pass {
        &self.pass
    }
}

/// Reads the text of a QR code, byte for byte as it was scanned, and believes it only if everything holds.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(text: &str, keys: &TrustedKeys) -> Result<Verified, Refusal> {
    let bytes = base45::decode(body(text)?)?;
    let signed = Content::Pass.open(&bytes, keys.keys())?;
    believe(Pass::from_claims(signed.payload)?, signed.signer)
}

/// A pass whose claims `signer` signed, if it may say them.
fn believe(pass: Pass, signer: &TrustedKey) -> Result<Verified, Refusal> {
    let key = signer.public.id();
    if !signer.covers(pass.compound) {
        return Err(Refusal::KeyNotForCompound { key, compound: pass.compound });
    }
    if !signer.kinds.has(pass.kind) {
        return Err(Refusal::KeyNotForKind { key, kind: pass.kind });
    }
    signer.demand_valid(pass.not_before, pass.expires)?;
    Ok(Verified { pass, office: signer.office, signer: signer.public.clone() })
}

/// A trusted key that signed content which tells of passes: what it says of a pass is as good as the pass itself.
///
/// So somebody whose card is damaged is judged by the same claims as the card's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    signer: TrustedKey,
}

impl Signed<'_> {
    /// Keeps who signed, for the passes that the content tells of.
    #[must_use]
    pub fn voucher(&self) -> Voucher {
        Voucher { signer: self.signer.clone() }
    }
}

impl Voucher {
    /// Believes a pass that stands in the signed content, if its signer may sign passes and this one.
    ///
    /// # Errors
    /// Why the signer may not.
    pub fn vouch(&self, pass: Pass) -> Result<Verified, Refusal> {
        if !self.signer.contents.has(Content::Pass) {
            return Err(Refusal::KeyNotForContent { key: self.signer.public.id(), content: Content::Pass });
        }
        pass.to_claims().map_err(|_| Refusal::Malformed { what: "the validity" })?;
        believe(pass, &self.signer)
    }
}

/// The Base45 after the prefix.
fn body(text: &str) -> Result<&str, Refusal> {
    let starts =
        |text: &str| text.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    if !starts(text) {
        let trimmed = text.trim_start();
        return Err(match starts(trimmed) {
            true if trimmed.len() < text.len() => Refusal::WhiteSpace { at: 0 },
            _ => Refusal::NotAPass,
        });
    }
    if text.len() > MAX_TEXT {
        return Err(Refusal::TooLong { length: text.len(), limit: MAX_TEXT });
    }
    // A space is a character of Base45; other white space is none, and says how it came in.
    if let Some(at) = text.find(|c: char| c.is_whitespace() && c != ' ') {
        return Err(Refusal::WhiteSpace { at });
    }
    if text.contains(|c: char| c.is_ascii_lowercase()) {
        return Err(Refusal::LowerCase);
    }
    Ok(&text[PREFIX.len()..])
}

/// The line without one final CR LF, LF or CR: what a reader may take off before it hands a text on, and nothing else.
#[must_use]
pub fn strip_line_ending(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

//! `keygen`: makes the root and the issuer key, and the root's first trust list, and tells what to keep in the safe.

use std::ops::RangeInclusive;

use anyhow::{Context, bail};
use pass::{
    Clock, Content, Contents, Jwk, JwkSet, Kind, Kinds, OfficeId, PublicKey, SigningKey, TrustList,
    TrustedKey,
};
use zeroize::Zeroizing;

use super::{KeyFiles, Passphrase, pem};

const DAY: i64 = 86_400;

/// What the new keys are for.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// The office that the issuer key signs for.
    pub office: OfficeId,
    /// The numbers its compounds may have.
    pub compounds: RangeInclusive<u32>,
    /// For how many days the issuer key may sign; all that it signs ends with it.
    pub days: u32,
}

impl Ceremony {
    /// The numbers an office's compounds have when nobody says otherwise: enough for any office, alone in its district.
    pub const COMPOUNDS: RangeInclusive<u32> = 1..=999;
}

/// The recovery sheet: to be printed, and kept in a safe.
#[derive(Debug)]
pub struct Sheet {
    /// The root's public key: its thumbprint is compared when a gate is set up.
    pub root: PublicKey,
    /// The issuer's public key.
    pub issuer: PublicKey,
    /// The root's private key in PEM, as it lies in its file.
    pub root_pem: Zeroizing<String>,
    /// Whether a passphrase protects it.
    pub encrypted: bool,
}

/// Makes keys and trust list in a data folder that has none.
///
/// # Errors
/// When the folder has keys already, which are never overwritten, or can't be written.
pub fn generate(
    files: &KeyFiles,
    ceremony: &Ceremony,
    passphrase: &Passphrase,
    clock: &dyn Clock,
) -> anyhow::Result<Sheet> {
    if let Some(path) = files.existing() {
        bail!("{} exists", path.display());
    }
    std::fs::create_dir_all(&files.folder).with_context(|| files.folder.display().to_string())?;
    let passphrase = passphrase.new_one()?;
    let passphrase = passphrase.as_ref().map(|text| text.as_str());
    let (root, issuer) = (SigningKey::generate(), SigningKey::generate());
    let now = clock.now();
    let trusted = TrustedKey {
        public: issuer.public(),
        office: ceremony.office,
        compounds: vec![ceremony.compounds.clone()],
        contents: Contents::of(&Content::OF_OFFICE),
        kinds: Kinds::of(&Kind::ALL),
        // A day back, for an office whose clock is set right after its keys were made.
        from: now.plus(-DAY),
        until: now.plus(i64::from(ceremony.days) * DAY),
    };
    let version = u64::try_from(now.0).unwrap_or(0).max(1);
    let trust = TrustList { version, issued: now, keys: vec![trusted] }.sign(&root);
    let public = JwkSet { keys: vec![Jwk::new(&root.public(), "root")] };
    let root_pem = pem::write(&root, passphrase);
    let issuer_pem = pem::write(&issuer, passphrase);
    for (path, bytes) in [
        (files.root(), root_pem.as_bytes()),
        (files.issuer(), issuer_pem.as_bytes()),
        (files.trust(), trust.as_slice()),
        (files.root_public(), serde_json::to_vec_pretty(&public)?.as_slice()),
    ] {
        pem::save_new(&path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(Sheet { root: root.public(), issuer: issuer.public(), root_pem, encrypted: passphrase.is_some() })
}

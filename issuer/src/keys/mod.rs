//! The office's keys: the root key that vouches, the issuer key that signs, and the trust list between them.
//!
//! The root key is needed once, by `keygen`, and then belongs in a safe; nothing else here asks for it.

mod ceremony;
mod passphrase;
mod pem;
mod registry_key;
mod trusting;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pass::{Jwk, JwkSet, PublicKey, SigningKey, TrustList, TrustedKeys};
use zeroize::Zeroizing;

pub use ceremony::{Ceremony, Sheet, generate};
pub use passphrase::Passphrase;
pub use pem::PemError;
pub use registry_key::{CannotOpen, RegistryKey};
pub(crate) use trusting::CannotTrust;

/// Where the keys of an office lie in its data folder.
#[derive(Clone, Debug)]
pub struct KeyFiles {
    folder: PathBuf,
}

impl KeyFiles {
    /// The files in this data folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The root's private key, PKCS #8. May be taken away after `keygen`.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.folder.join("root.key")
    }

    /// The root's public key, as a JWK Set.
    #[must_use]
    pub fn root_public(&self) -> PathBuf {
        self.folder.join("root.jwks.json")
    }

    /// The issuer's private key, PKCS #8.
    #[must_use]
    pub fn issuer(&self) -> PathBuf {
        self.folder.join("issuer.key")
    }

    /// Which key of the trust list this office signs by, as a JWK; not there before there are several.
    #[must_use]
    pub fn issuer_public(&self) -> PathBuf {
        self.folder.join("issuer.jwk.json")
    }

    /// The trust list, signed by the root.
    #[must_use]
    pub fn trust(&self) -> PathBuf {
        self.folder.join("trust.cose")
    }

    /// Where the lists lie that another one took the place of: gates that are behind still judge by them.
    #[must_use]
    pub fn trust_before(&self) -> PathBuf {
        self.folder.join("trust-before")
    }

    /// One of the files, if any is there already.
    #[must_use]
    pub fn existing(&self) -> Option<PathBuf> {
        [self.root(), self.issuer(), self.trust(), self.root_public()].into_iter().find(|path| path.exists())
    }

    /// The root's public key.
    ///
    /// # Errors
    /// When there is none yet, or the file can't be read.
    pub fn root_key(&self) -> anyhow::Result<PublicKey> {
        let path = self.root_public();
        let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let set: JwkSet = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
        let Some(jwk) = set.keys.first() else { bail!("{}: no key", path.display()) };
        jwk.public_key().with_context(|| path.display().to_string())
    }

    /// The trust list as it was signed, and what it says.
    ///
    /// # Errors
    /// When there is none yet, or it isn't signed by the root.
    pub fn trust_list(&self) -> anyhow::Result<(Vec<u8>, TrustedKeys)> {
        let path = self.trust();
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let keys = TrustList::open(&bytes, &self.root_key()?).with_context(|| path.display().to_string())?;
        Ok((bytes, keys))
    }

    /// Every trust list of this root that this office has used, by version; the last is the one that holds. A file among the older
    /// ones that can't be read is as good as none.
    ///
    /// # Errors
    /// As [`KeyFiles::trust_list`].
    pub(crate) fn trust_lists(&self) -> anyhow::Result<BTreeMap<u64, TrustedKeys>> {
        let (_, newest) = self.trust_list()?;
        let root = self.root_key()?;
        let older = std::fs::read_dir(self.trust_before()).into_iter().flatten().flatten();
        let older = older
            .filter_map(|file| TrustList::open(&std::fs::read(file.path()).ok()?, &root).ok())
            .filter(|list| list.version() < newest.version());
        let mut lists: BTreeMap<u64, TrustedKeys> = older.map(|list| (list.version(), list)).collect();
        lists.insert(newest.version(), newest);
        Ok(lists)
    }

    /// The issuer's private key.
    ///
    /// # Errors
    /// [`PemError`]: there is none, the passphrase is wrong or missing, or others may read the file.
    pub fn issuer_key(&self, passphrase: &Passphrase) -> Result<SigningKey, PemError> {
        pem::read(&self.issuer(), passphrase)
    }

    /// The key that encrypts columns of the registry; made where there is none yet.
    ///
    /// # Errors
    /// As [`KeyFiles::issuer_key`].
    pub fn registry_key(&self, passphrase: &Passphrase) -> Result<RegistryKey, PemError> {
        RegistryKey::read_or_make(&self.folder.join("registry.key"), passphrase)
    }

    /// The passphrase that protects what the office keeps: the issuer key's, and tried on it, where that key is encrypted; else the
    /// one in the environment, if there is any.
    ///
    /// # Errors
    /// [`PemError`]: there is none at hand, or it is wrong.
    pub fn passphrase(&self, passphrase: &Passphrase) -> Result<Option<Zeroizing<String>>, PemError> {
        let path = self.issuer();
        if !pem::is_encrypted(&path)? {
            return Ok(passphrase.given());
        }
        let text = passphrase.existing().map_err(|why| PemError::Io(path.clone(), why))?;
        let text = text.ok_or_else(|| PemError::NoPassphrase(path.clone()))?;
        pem::read(&path, &Passphrase::known(&text))?;
        Ok(Some(text))
    }

    /// All public keys, those that sign passes first.
    ///
    /// # Errors
    /// As [`KeyFiles::trust_list`].
    pub fn jwk_set(&self) -> anyhow::Result<JwkSet> {
        let (_, trusted) = self.trust_list()?;
        let issuers = trusted.keys().iter().map(|key| Jwk::new(&key.public, "issuer"));
        let keys = issuers.chain([Jwk::new(&self.root_key()?, "root")]).collect();
        Ok(JwkSet { keys })
    }
}

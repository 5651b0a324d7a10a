//! Changing the trust list: another key for this office, keys of other offices of the district, a key that is pulled. Each change is
//! a new version, signed by the root key, which is at hand for that moment alone.
//!
//! A key that another one took the place of stays in the list until its end, so that what it signed holds on; one that is pulled goes,
//! and nothing that it signed is believed any more.

use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, bail};
use pass::{
    Content, Contents, Jwk, JwkSet, Kind, Kinds, OfficeId, PublicKey, SigningKey, Timestamp, TrustList,
    TrustedKey,
};

use super::{KeyFiles, Passphrase, PemError, pem};

const DAY: i64 = 86_400;

/// Why the trust list stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotTrust {
    /// The root key, or the office's own.
    #[error(transparent)]
    Key(#[from] PemError),
    /// The key in the file is another root's.
    #[error("that is not the root key of this trust list")]
    OtherRoot,
    /// No key of the list has this id, or several have.
    #[error("no one key of this id")]
    NoSuchKey,
    /// It is the key that this office signs by.
    #[error("this office signs by that key")]
    OwnKey,
    /// The key is there already.
    #[error("the key is in the list already")]
    Known,
    /// Not newer than the one held.
    #[error("not newer than the list that is held")]
    NotNewer,
    /// The files.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

impl KeyFiles {
    /// Which of the keys in the list this office signs by: the one that was made last here.
    ///
    /// # Errors
    /// When there is no list, or it lacks the key.
    pub fn own(&self) -> anyhow::Result<TrustedKey> {
        let (_, trusted) = self.trust_list()?;
        let own = match std::fs::read(self.issuer_public()) {
            Ok(bytes) => {
                let jwk: Jwk = serde_json::from_slice(&bytes)?;
                Some(jwk.public_key()?)
            }
            // Before keys were changed, the first was the only one.
            Err(_) => None,
        };
        let mut keys = trusted.keys().iter();
        let found = match own {
            Some(own) => keys.find(|key| key.public == own),
            None => keys.next(),
        };
        found.cloned().with_context(|| format!("{}: the office's key is not in it", self.trust().display()))
    }

    /// The root's private key, from this file or from where `keygen` put it.
    pub(crate) fn root_private(
        &self,
        file: Option<&Path>,
        passphrase: &Passphrase,
    ) -> Result<SigningKey, CannotTrust> {
        let path = file.map_or_else(|| self.root(), Path::to_owned);
        let root = pem::read(&path, passphrase)?;
        if root.public() == self.root_key()? { Ok(root) } else { Err(CannotTrust::OtherRoot) }
    }

    /// Makes this office a new key in place of the one it signs by, for so many days. Returns it.
    pub(crate) fn rotate(
        &self,
        (root, days): (Option<&Path>, u32),
        passphrase: &Passphrase,
        now: Timestamp,
    ) -> Result<PublicKey, CannotTrust> {
        let root = self.root_private(root, passphrase)?;
        let own = self.own()?;
        // Under the passphrase that the old one has, which must be known.
        let given = self.passphrase(passphrase)?;
        let made = SigningKey::generate();
        let text = pem::write(&made, given.as_ref().map(|text| text.as_str()));
        let trusted = TrustedKey {
            public: made.public(),
            contents: Contents::of(&Content::OF_OFFICE),
            from: now.plus(-DAY),
            until: now.plus(i64::from(days) * DAY),
            ..own
        };
        // The list first: a key that is in no list signs nothing, and one in the list that nobody has does no harm.
        let mut keys = self.trust_list()?.1.keys().to_vec();
        keys.insert(0, trusted);
        self.sign_list(keys, &root, now)?;
        replace(&self.issuer(), text.as_bytes())?;
        let public =
            serde_json::to_vec_pretty(&Jwk::new(&made.public(), "issuer")).map_err(anyhow::Error::from)?;
        replace(&self.issuer_public(), &public)?;
        Ok(made.public())
    }

    /// Takes a key out of the list: nothing that it signed is believed any more, wherever the new list comes.
    pub(crate) fn pull(
        &self,
        id: &str,
        root: Option<&Path>,
        passphrase: &Passphrase,
        now: Timestamp,
    ) -> Result<PublicKey, CannotTrust> {
        let root = self.root_private(root, passphrase)?;
        let keys = self.trust_list()?.1.keys().to_vec();
        let (pulled, left): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| key.public.id().to_string() == id);
        let [pulled] = pulled.as_slice() else { return Err(CannotTrust::NoSuchKey) };
        if pulled.public == self.own()?.public {
            return Err(CannotTrust::OwnKey);
        }
        self.sign_list(left, &root, now)?;
        Ok(pulled.public.clone())
    }

    /// Adds the key of another office of the district, for its own compounds, until the end that our own key has.
    pub(crate) fn admit(
        &self,
        keys: &Path,
        (office, compounds): (OfficeId, RangeInclusive<u32>),
        root: Option<&Path>,
        passphrase: &Passphrase,
        now: Timestamp,
    ) -> Result<PublicKey, CannotTrust> {
        let root = self.root_private(root, passphrase)?;
        let public = issuer_key(keys)?;
        let mut list = self.trust_list()?.1.keys().to_vec();
        if list.iter().any(|key| key.public == public) {
            return Err(CannotTrust::Known);
        }
        list.push(TrustedKey {
            public: public.clone(),
            office,
            compounds: vec![compounds],
            contents: Contents::of(&Content::OF_OFFICE),
            kinds: Kinds::of(&Kind::ALL),
            from: now.plus(-DAY),
            until: self.own()?.until,
        });
        self.sign_list(list, &root, now)?;
        Ok(public)
    }

    /// Takes a newer list of the same root over from another office; with `root`, also one of another root, which is believed from
    /// now on.
    pub(crate) fn take_over(&self, list: &Path, root: Option<&Path>) -> Result<u64, CannotTrust> {
        let bytes = std::fs::read(list).with_context(|| list.display().to_string())?;
        let root = match root {
            Some(path) => Some(root_key(path)?),
            None => None,
        };
        let believed = match &root {
            Some(root) => root.clone(),
            None => self.root_key()?,
        };
        let trusted = TrustList::open(&bytes, &believed).map_err(anyhow::Error::from)?;
        let other = root.is_some_and(|root| self.root_key().ok().as_ref() != Some(&root));
        if !other && trusted.version() <= self.trust_list()?.1.version() {
            return Err(CannotTrust::NotNewer);
        }
        let own = self.own()?.public;
        if !trusted.keys().iter().any(|key| key.public == own) {
            return Err(CannotTrust::NoSuchKey);
        }
        // Which of several keys is our own is written down before there are several.
        let public = serde_json::to_vec_pretty(&Jwk::new(&own, "issuer")).map_err(anyhow::Error::from)?;
        replace(&self.issuer_public(), &public)?;
        if other {
            let set = JwkSet { keys: vec![Jwk::new(&believed, "root")] };
            replace(&self.root_public(), &serde_json::to_vec_pretty(&set).map_err(anyhow::Error::from)?)?;
        }
        self.put_list(&bytes)?;
        Ok(trusted.version())
    }

    fn sign_list(&self, keys: Vec<TrustedKey>, root: &SigningKey, now: Timestamp) -> Result<(), CannotTrust> {
        // Which of several keys is our own is written down before there are several.
        let public = serde_json::to_vec_pretty(&Jwk::new(&self.own()?.public, "issuer"))
            .map_err(anyhow::Error::from)?;
        replace(&self.issuer_public(), &public)?;
        let version = (self.trust_list()?.1.version() + 1).max(now.0.max(1).unsigned_abs());
        self.put_list(&TrustList { version, issued: now, keys }.sign(root))
    }

    /// Puts a list in place of the one that is held, which is put aside: some gates go by it until they hear of the new one.
    fn put_list(&self, list: &[u8]) -> Result<(), CannotTrust> {
        if let Ok((bytes, old)) = self.trust_list() {
            let folder = self.trust_before();
            std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            replace(&folder.join(format!("{}.cose", old.version())), &bytes)?;
        }
        replace(&self.trust(), list)
    }
}

/// The one issuer's key in a JWK Set, as `issuer keys` prints it.
fn issuer_key(path: &Path) -> Result<PublicKey, CannotTrust> {
    let keys = of_role(path, "issuer")?;
    match keys.as_slice() {
        [key] => Ok(key.clone()),
        // The first is the one that signs now.
        [key, ..] => Ok(key.clone()),
        [] => Err(CannotTrust::NoSuchKey),
    }
}

fn root_key(path: &Path) -> Result<PublicKey, CannotTrust> {
    of_role(path, "root")?.into_iter().next().ok_or(CannotTrust::NoSuchKey)
}

fn of_role(path: &Path, role: &str) -> Result<Vec<PublicKey>, CannotTrust> {
    let read = || -> anyhow::Result<Vec<PublicKey>> {
        let set: JwkSet = serde_json::from_slice(&std::fs::read(path)?)?;
        let mut keys = Vec::new();
        for jwk in &set.keys {
            if jwk.role.as_deref() == Some(role) {
                keys.push(jwk.public_key()?);
            }
        }
        if keys.is_empty() {
            bail!("no key with the role {role}");
        }
        Ok(keys)
    };
    Ok(read().with_context(|| path.display().to_string())?)
}

/// Replaces a file whole, readable by its owner alone.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), CannotTrust> {
    let write = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        std::fs::File::open(folder)?.sync_all()
    };
    Ok(write().with_context(|| path.display().to_string())?)
}

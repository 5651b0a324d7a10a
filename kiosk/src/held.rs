//! What a gate holds: the root it believes in, the bundle it judges by, its own key, and the marks it never goes back from.
//!
//! All in one folder, every file replaced whole. The people stay under seal in the bundle's file, and are opened in memory
//! only. Knows no clock and no screen.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::{PublicKey, SigningKey, Timestamp};
use protocol::{Bundle, BundleError, HighWater, Mark, Opened, Parcel, ReceiverKey};
use serde::{Deserialize, Serialize};

use crate::delivered::Delivered;
use crate::heading::Heading;
use crate::time::Kept;
use crate::{durable, key, root};

/// The file that says how the gate is known at its office.
const ENROLLED: &str = "enrolled.json";

/// How a gate is known at its office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The name that the office gave it.
    pub gate: String,
    /// Where the office was reached then: `http://` or `https://`.
    pub address: String,
    /// When the office struck it off, in seconds since 1970; none while it may open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<i64>,
}

/// The folder of a kiosk.
#[derive(Clone, Debug)]
pub struct Held {
    folder: PathBuf,
}

/// What a gate can judge by, or why it can't.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Grounds {
    /// No root is pinned.
    Untrusted,
    /// A root is pinned, and no bundle was loaded yet.
    NoBundle,
    /// The office has struck this gate off: it judges nothing until it is enrolled anew.
    Struck {
        /// Since when.
        since: Timestamp,
    },
    /// There is a bundle, and neither it nor the one before can be used.
    Unusable {
        /// Why.
        why: BundleError,
    },
    /// All that it takes.
    Ready {
        /// The bundle.
        opened: Box<Opened>,
        /// Whether it is the last good one, because the newer one can't be read.
        fallback: bool,
    },
}

/// Why something is not taken or not kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeldError {
    /// The disk said no, or what it holds makes no sense.
    #[error("{path}: {why}")]
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// No root is pinned yet.
    #[error("no root key is pinned")]
    Untrusted,
    /// Another root is pinned already.
    #[error("another root key is pinned: {pinned}")]
    OtherRoot {
        /// Its fingerprint.
        pinned: String,
    },
    /// The office has struck this gate off.
    #[error("the office has struck this gate off")]
    Struck,
    /// The bundle is not believed, or is older than the one held.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

impl Held {
    /// What is held in `folder`, which need not be there yet.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder of the journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// Keeps what is known of the time for the next start.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn keep_time(&self, kept: &Kept) -> io::Result<()> {
        kept.write(&self.folder)
    }

    /// How far the office has this journal.
    pub(crate) fn delivered(&self, journal: [u8; 16]) -> u64 {
        Delivered::of(&self.folder, journal)
    }

    /// The office has this journal up to here.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn mark_delivered(&self, journal: [u8; 16], sequence: u64) -> io::Result<()> {
        Delivered::mark(&self.folder, journal, sequence)
    }

    /// Keeps which way a switch was turned, as [`Held::keep_time`] keeps the time.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn keep_heading(&self, heading: Heading) -> io::Result<()> {
        heading.keep(&self.folder)
    }

    /// The pinned root.
    ///
    /// # Errors
    /// When the file is there and holds no key.
    pub fn root(&self) -> Result<Option<PublicKey>, HeldError> {
        let path = self.folder.join("root");
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let damaged = |why: String| HeldError::Disk { path: path.clone(), why: io::Error::other(why) };
        let text = String::from_utf8(bytes).map_err(|why| damaged(why.to_string()))?;
        root::parse(&text).map(Some).map_err(|why| damaged(why.to_string()))
    }

    /// Pins `root`. With `replace`, another one pinned before is given up together with everything it vouched for.
    ///
    /// # Errors
    /// [`HeldError::OtherRoot`] when another is pinned and `replace` is not given.
    pub fn pin(&self, root: &PublicKey, replace: bool) -> Result<(), HeldError> {
        let pinned = match self.root() {
            Err(_) if replace => None,
            pinned => pinned?,
        };
        match pinned {
            Some(pinned) if pinned == *root => return Ok(()),
            Some(pinned) if !replace => {
                return Err(HeldError::OtherRoot { pinned: root::fingerprint(&pinned) });
            }
            _ => {}
        }
        // What another root vouched for goes first: half done, the gate holds less, never something unvouched.
        for name in ["bundle", "bundle-before", "marks.json"] {
            let path = self.folder.join(name);
            match std::fs::remove_file(&path) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => {
                    return Err(HeldError::Disk { path, why });
                }
                _ => {}
            }
        }
        self.write("root", format!("{}\n", STANDARD.encode(root.cose_key())).as_bytes())
    }

    /// The gate's own key, by which the office seals for it; none when it was never made.
    ///
    /// # Errors
    /// When the file is there and holds no key.
    pub fn gate_key(&self) -> Result<Option<ReceiverKey>, HeldError> {
        let path = self.folder.join("gate.key");
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let damaged =
            || HeldError::Disk { path: path.clone(), why: io::Error::other("not a private X25519 key") };
        std::str::from_utf8(&bytes).ok().and_then(key::of_pem).map(Some).ok_or_else(damaged)
    }

    /// The key that the gate signs by; none when it was never made.
    ///
    /// # Errors
    /// When the file is there and holds no key.
    pub fn signer(&self) -> Result<Option<SigningKey>, HeldError> {
        let path = self.folder.join("signer.key");
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let damaged =
            || HeldError::Disk { path: path.clone(), why: io::Error::other("not a private Ed25519 key") };
        std::str::from_utf8(&bytes).ok().and_then(key::signer_of_pem).map(Some).ok_or_else(damaged)
    }

    /// Makes the gate's keys anew, and forgets that it was struck off with the old ones: what was sealed for those can't be read
    /// any more.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn renew_keys(&self) -> Result<(ReceiverKey, SigningKey), HeldError> {
        let (receiver, signer) = (ReceiverKey::generate(), SigningKey::generate());
        self.write("gate.key", key::to_pem(&receiver).as_bytes())?;
        self.write("signer.key", key::signer_to_pem(&signer).as_bytes())?;
        Ok((receiver, signer))
    }

    /// How the gate is known at its office; none when it was never enrolled.
    ///
    /// # Errors
    /// When the file is there and says nothing of that kind.
    pub fn enrolled(&self) -> Result<Option<Enrolled>, HeldError> {
        let path = self.folder.join(ENROLLED);
        let Some(bytes) = read(&path)? else { return Ok(None) };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|why| HeldError::Disk { path, why: io::Error::other(why) })
    }

    /// Keeps how the gate is known at its office.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn enrol(&self, enrolled: &Enrolled) -> Result<(), HeldError> {
        self.write(ENROLLED, &serde_json::to_vec_pretty(enrolled).expect("texts are always JSON"))
    }

    /// The office says that this gate was struck off: what it holds of the compound's people is deleted, and it judges nothing any
    /// more. Its journal stays.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn strike(&self, since: Timestamp) -> Result<(), HeldError> {
        let enrolled = self.enrolled()?.unwrap_or_default();
        self.enrol(&Enrolled { struck: Some(since.0), ..enrolled })?;
        for name in ["bundle", "bundle-before", "gate.key", "signer.key"] {
            let path = self.folder.join(name);
            match std::fs::remove_file(&path) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => {
                    return Err(HeldError::Disk { path, why });
                }
                _ => {}
            }
        }
        match std::fs::remove_dir_all(self.others()) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => {
                Err(HeldError::Disk { path: self.others(), why })
            }
            _ => Ok(()),
        }
    }

    /// The folder of what other gates have logged.
    #[must_use]
    pub fn others(&self) -> PathBuf {
        self.folder.join("others")
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The gate's own key, which is made when there is none: in a file that only its owner may read.
    ///
    /// # Errors
    /// As [`Held::gate_key`]; a file that holds no key is never overwritten.
    pub fn make_gate_key(&self) -> Result<ReceiverKey, HeldError> {
        if let Some(key) = self.gate_key()? {
            return Ok(key);
        }
        let made = ReceiverKey::generate();
        self.write("gate.key", key::to_pem(&made).as_bytes())?;
        Ok(made)
    }

    /// Checks a bundle whole and keeps it as the current one; of a parcel with some parts, those take the places of what is held, and
    /// the whole is checked. Of the people only those for this gate are kept; a bundle without them, or without directions, leaves the
    /// gate those it has.
    ///
    /// # Errors
    /// [`HeldError`]; then everything stays as it was.
    pub fn load(&self, bytes: &[u8]) -> Result<Opened, HeldError> {
        let root = self.root()?.ok_or(HeldError::Untrusted)?;
        let key = self.gate_key()?;
        let _lock = self.lock()?;
        let marks = self.marks()?;
        let current = read(&self.folder.join("bundle"))?;
        let (bundle, opened) = {
            let parcel = Parcel::from_bytes(bytes)?;
            let held = self.base(&root, key.as_ref(), current.as_deref())?;
            let offered = match (parcel.whole(), &held) {
                (Some(whole), _) => whole,
                (None, Some(held)) => held.with(&parcel, &root)?,
                (None, None) => return Err(BundleError::Malformed.into()),
            };
            let opened = offered.open(&root, key.as_ref(), &marks)?;
            let own = |bundle: &Bundle| Some(bundle.people_for(&key.as_ref()?.receiver())?.to_vec());
            let people = own(&offered).or_else(|| held.as_ref().and_then(own));
            let mut bundle = offered.with_people(people);
            bundle.directions = bundle.directions.or_else(|| held?.directions);
            match bundle.open(&root, key.as_ref(), &marks) {
                Ok(opened) => (bundle, opened),
                // What was held is not believed under the new trust list, or is of another compound.
                Err(_) => (offered.with_people(own(&offered)), opened),
            }
        };
        let struck =
            |opened: &Opened| opened.directions.as_ref()?.directions.struck(&key.as_ref()?.receiver());
        if let Some(since) = struck(&opened) {
            self.strike(since)?;
            return Err(HeldError::Struck);
        }
        let bytes = bundle.to_bytes();
        if current.as_deref() != Some(&*bytes) {
            let good = |bytes: &Vec<u8>| {
                let bundle = Bundle::from_bytes(bytes);
                bundle.and_then(|bundle| bundle.open(&root, key.as_ref(), &HighWater::default())).is_ok()
            };
            if let Some(before) = current.filter(good) {
                self.write("bundle-before", &before)?;
            }
            // The bundle before the marks: when the power fails between them, the marks are raised at the next start.
            self.write("bundle", &bytes)?;
        }
        self.raise(&marks, &opened)?;
        Ok(opened)
    }

    /// What a parcel's parts are put into: the bundle that is judged by.
    fn base(
        &self,
        root: &PublicKey,
        key: Option<&ReceiverKey>,
        current: Option<&[u8]>,
    ) -> Result<Option<Bundle>, HeldError> {
        let good = |bytes: &[u8]| {
            let bundle = Bundle::from_bytes(bytes).ok()?;
            bundle.open(root, key, &HighWater::default()).ok().map(|_| bundle)
        };
        match current.and_then(good) {
            Some(bundle) => Ok(Some(bundle)),
            None => Ok(read(&self.folder.join("bundle-before"))?.as_deref().and_then(good)),
        }
    }

    /// Of a command and a running gate one at a time changes what is held.
    fn lock(&self) -> Result<File, HeldError> {
        let path = self.folder.join("held.lock");
        let lock = || {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|why| HeldError::Disk { path: path.clone(), why })
    }

    /// What there is to judge by.
    ///
    /// # Errors
    /// When the disk can't be read.
    pub fn grounds(&self) -> Result<Grounds, HeldError> {
        if let Some(since) = self.enrolled()?.and_then(|enrolled| enrolled.struck) {
            return Ok(Grounds::Struck { since: Timestamp(since) });
        }
        let Some(root) = self.root()? else { return Ok(Grounds::Untrusted) };
        let Some(bytes) = read(&self.folder.join("bundle"))? else { return Ok(Grounds::NoBundle) };
        let marks = self.marks()?;
        // Without its key a gate knows nobody by name; it judges cards all the same.
        let key = self.gate_key().unwrap_or_else(|why| {
            tracing::error!(%why, "the gate's key can't be read");
            None
        });
        let open = |bundle: Bundle, marks: &HighWater| bundle.open(&root, key.as_ref(), marks);
        let why = match Bundle::from_bytes(&bytes).and_then(|bundle| open(bundle, &marks)) {
            Ok(opened) => {
                self.raise(&marks, &opened)?;
                return Ok(Grounds::Ready { opened: Box::new(opened), fallback: false });
            }
            Err(why) => why,
        };
        // The one before was judged when it came in; it may be older than the marks, and nothing else may.
        let before = read(&self.folder.join("bundle-before"))?;
        let before = before.and_then(|bytes| Bundle::from_bytes(&bytes).ok());
        match before.and_then(|bundle| open(bundle, &HighWater::default()).ok()) {
            Some(opened) => Ok(Grounds::Ready { opened: Box::new(opened), fallback: true }),
            None => Ok(Grounds::Unusable { why }),
        }
    }

    /// A number that changes when another root, bundle or key is put here: for a running gate to notice.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        for name in ["root", "bundle", "gate.key", ENROLLED] {
            let about = std::fs::metadata(self.folder.join(name)).ok();
            about.map(|about| (about.len(), about.modified().ok())).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn marks(&self) -> Result<HighWater, HeldError> {
        let path = self.folder.join("marks.json");
        let Some(bytes) = read(&path)? else { return Ok(HighWater::default()) };
        let marks: Marks = serde_json::from_slice(&bytes)
            .map_err(|why| HeldError::Disk { path, why: io::Error::other(why) })?;
        Ok(marks.into())
    }

    fn raise(&self, marks: &HighWater, opened: &Opened) -> Result<(), HeldError> {
        let raised = opened.high_water(marks);
        if raised == *marks {
            return Ok(());
        }
        let json = serde_json::to_vec_pretty(&Marks::from(&raised));
        self.write("marks.json", &json.expect("numbers are always JSON"))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), HeldError> {
        let path = self.folder.join(name);
        durable::replace(&path, bytes).map_err(|why| HeldError::Disk { path, why })
    }
}

/// A file's bytes; none when it isn't there.
fn read(path: &Path) -> Result<Option<Vec<u8>>, HeldError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(HeldError::Disk { path: path.to_owned(), why }),
    }
}

/// [`HighWater`] as it is kept: each mark as trust version and own version.
#[derive(Serialize, Deserialize)]
struct Marks {
    trust: u64,
    status: std::collections::BTreeMap<u32, (u64, u64)>,
    rules: (u64, u64),
    #[serde(default)]
    people: (u64, u64),
    #[serde(default)]
    directions: (u64, u64),
}

impl From<&HighWater> for Marks {
    fn from(marks: &HighWater) -> Self {
        let pair = |mark: &Mark| (mark.trust, mark.version);
        Self {
            trust: marks.trust,
            status: marks.status.iter().map(|(office, mark)| (*office, pair(mark))).collect(),
            rules: pair(&marks.rules),
            people: pair(&marks.people),
            directions: pair(&marks.directions),
        }
    }
}

impl From<Marks> for HighWater {
    fn from(marks: Marks) -> Self {
        let mark = |(trust, version)| Mark { trust, version };
        Self {
            trust: marks.trust,
            status: marks.status.into_iter().map(|(office, pair)| (office, mark(pair))).collect(),
            rules: mark(marks.rules),
            people: mark(marks.people),
            directions: mark(marks.directions),
        }
    }
}

//! The checkpoint: what is left of events that were purged, so that the chain still has a beginning that can be checked.
//!
//! Signed by a key that the journal makes for itself and keeps beside its files. Knows no files but these two.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minicbor::{Decode, Encode};
use pass::{Content, PublicKey, SigningKey, Timestamp};

use super::{JournalError, Places, disk};
use crate::durable;

/// The format's version.
const VERSION: u8 = 1;
/// No checkpoint is longer.
const MAX_BYTES: u64 = 1024;

/// Everything up to and with an event was purged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The journal.
    pub journal: [u8; 16],
    /// The newest event that was purged.
    pub sequence: u64,
    /// Its hash, which the first event that is left names as the one before it.
    pub hash: [u8; 32],
    /// When it was purged.
    pub at: Timestamp,
    /// Everything that was purged had happened before this.
    pub before: Timestamp,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    journal: [u8; 16],
    #[n(2)]
    sequence: u64,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    hash: [u8; 32],
    #[n(4)]
    at: i64,
    #[n(5)]
    before: i64,
}

impl Checkpoint {
    /// Signs it and puts it in its place; it is on the disk when this returns.
    pub(super) fn write(&self, places: &Places) -> Result<(), JournalError> {
        let signed = Content::Checkpoint.sign(&self.to_payload(), &make_key(places)?);
        durable::replace(&places.checkpoint, &signed).map_err(disk(&places.checkpoint))
    }

    /// The checkpoint of this journal; none when nothing was ever purged. An error says why it is not believed.
    pub(super) fn read(places: &Places, journal: [u8; 16]) -> Result<Option<Self>, String> {
        let Some(found) = Self::claimed(places)? else { return Ok(None) };
        if found.journal == journal { Ok(Some(found)) } else { Err("it is of another journal".to_owned()) }
    }

    /// As [`Checkpoint::read`], of whatever journal it says.
    pub(super) fn claimed(places: &Places) -> Result<Option<Self>, String> {
        let bytes = match std::fs::metadata(&places.checkpoint) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(about) if about.len() > MAX_BYTES => return Err("too long".to_owned()),
            _ => std::fs::read(&places.checkpoint).map_err(|why| why.to_string())?,
        };
        let key = key(places)?.ok_or("the key that signed it is gone")?;
        let payload = Content::Checkpoint.open_by(&bytes, &key.public()).map_err(|why| why.to_string())?;
        Self::from_payload(payload)
            .map(Some)
            .ok_or_else(|| "not a checkpoint that this program knows".to_owned())
    }

    fn to_payload(&self) -> Vec<u8> {
        let wire = Wire {
            version: VERSION,
            journal: self.journal,
            sequence: self.sequence,
            hash: self.hash,
            at: self.at.0,
            before: self.before.0,
        };
        minicbor::to_vec(wire).expect("a Vec takes every write")
    }

    fn from_payload(bytes: &[u8]) -> Option<Self> {
        let wire: Wire = minicbor::decode(bytes).ok().filter(|wire: &Wire| wire.version == VERSION)?;
        let found = Self {
            journal: wire.journal,
            sequence: wire.sequence,
            hash: wire.hash,
            at: Timestamp(wire.at),
            before: Timestamp(wire.before),
        };
        (found.to_payload() == bytes).then_some(found)
    }
}

/// The public half of the key that signs the checkpoints of the journal in `places`; none before the first purge.
pub(super) fn public_key(places: &Places) -> Result<Option<PublicKey>, String> {
    Ok(key(places)?.map(|key| key.public()))
}

fn key(places: &Places) -> Result<Option<SigningKey>, String> {
    let text = match std::fs::read_to_string(&places.key) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|why| why.to_string())?,
    };
    let seed = STANDARD.decode(text.trim_end()).ok().and_then(|seed| <[u8; 32]>::try_from(seed).ok());
    let seed = seed.ok_or_else(|| format!("{}: not a private key", places.key.display()))?;
    Ok(Some(SigningKey::from_seed(&seed)))
}

/// The key, which is made at the first purge. One that can't be read is never overwritten.
fn make_key(places: &Places) -> Result<SigningKey, JournalError> {
    let unreadable = |why| disk(&places.key)(io::Error::other(why));
    if let Some(key) = key(places).map_err(unreadable)? {
        return Ok(key);
    }
    let made = SigningKey::generate();
    let text = format!("{}\n", STANDARD.encode(*made.seed()));
    // Whoever replaces files here makes them readable for their owner alone.
    durable::replace(&places.key, text.as_bytes()).map_err(disk(&places.key))?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::of(dir.path());
        let written = Checkpoint {
            journal: [1; 16],
            sequence: 7,
            hash: [2; 32],
            at: Timestamp(1_700_000_000),
            before: Timestamp(1_690_000_000),
        };
        assert_eq!(Checkpoint::read(&places, [1; 16]), Ok(None));
        written.write(&places).unwrap();
        assert_eq!(Checkpoint::read(&places, [1; 16]), Ok(Some(written.clone())));
        assert!(Checkpoint::read(&places, [9; 16]).is_err());
        let sound = std::fs::read(&places.checkpoint).unwrap();
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x10;
            std::fs::write(&places.checkpoint, &bytes).unwrap();
            assert!(Checkpoint::read(&places, [1; 16]).is_err(), "byte {at}");
        }
        std::fs::write(&places.checkpoint, &sound).unwrap();
        std::fs::remove_file(&places.key).unwrap();
        assert!(Checkpoint::read(&places, [1; 16]).is_err(), "signed by a key that is gone");
        written.write(&places).unwrap();
        assert_eq!(Checkpoint::read(&places, [1; 16]), Ok(Some(written)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&places.key).unwrap().permissions().mode() & 0o077, 0);
        }
    }
}

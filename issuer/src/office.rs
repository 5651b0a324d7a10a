//! What the office's pages work with, beside its registry: the keys that are at hand.
//!
//! They are read once, when the pages begin to be served; who may have something signed is for the pages to say.

use std::sync::Arc;

use pass::{SigningKey, TrustedKey};
use protocol::ReceiverKey;

use crate::cards::Signing;
use crate::exchange::Exchange;
use crate::imports::Imports;
use crate::keys::{KeyFiles, RegistryKey};

/// The office's keys as its pages have them.
#[derive(Clone)]
pub struct Office {
    /// Where they lie.
    pub files: KeyFiles,
    /// What encrypts columns of the registry; none where it is locked.
    pub registry_key: Option<RegistryKey>,
    signing: Option<Arc<Signing>>,
    /// Files that wait for a yes.
    pub(crate) imports: Arc<Imports>,
    /// What is remembered for gates.
    pub(crate) exchange: Arc<Exchange>,
}

impl Office {
    /// An office whose signing key is at hand, or isn't: then its pages show, and sign nothing.
    #[must_use]
    pub fn new(
        files: KeyFiles,
        signer: Option<(SigningKey, TrustedKey)>,
        registry_key: Option<RegistryKey>,
    ) -> Self {
        let signing = signer.map(|(key, trusted)| Arc::new(Signing { key, trusted }));
        Self { files, registry_key, signing, imports: Arc::default(), exchange: Exchange::new() }
    }

    /// What gates seal for; none where it is locked.
    pub(crate) fn receiver_key(&self) -> Option<&ReceiverKey> {
        self.registry_key.as_ref().map(RegistryKey::receiver)
    }

    /// What signs; none where there are no keys yet, or they are locked.
    pub(crate) fn signing(&self) -> Option<&Signing> {
        self.signing.as_deref()
    }
}

//! COSE_Sign1 envelopes by hand, each part open to change; the signature is a true one unless it is changed as well.

use ed25519_dalek::Signer;

use super::cbor::{self, ARRAY, Items, MAP, TAG};

pub(crate) const STATUS_LIST: &str = "application/statuslist+cwt";
pub(crate) const TRUST_LIST: &str = "application/vnd.sanse-gate.trust+cwt";
pub(crate) const RULES: &str = "application/vnd.sanse-gate.rules+cwt";

/// A key of which nothing is secret.
#[derive(Clone, Copy)]
pub(crate) struct TestKey {
    pub(crate) name: &'static str,
    /// The last four bytes of its seed, big-endian; the others are 0.
    pub(crate) number: u32,
}

impl TestKey {
    pub(crate) fn seed(self) -> [u8; 32] {
        let mut seed = [0; 32];
        seed[28..].copy_from_slice(&self.number.to_be_bytes());
        seed
    }

    pub(crate) fn signing(self) -> pass::SigningKey {
        pass::SigningKey::from_seed(&self.seed())
    }

    pub(crate) fn public(self) -> pass::PublicKey {
        self.signing().public()
    }

    pub(crate) fn id(self) -> pass::KeyId {
        self.public().id()
    }
}

/// Places in the items of [`protected`].
pub(crate) const ENTRIES: usize = 0;
pub(crate) const ALG_LABEL: usize = 1;
pub(crate) const ALG: usize = 2;
pub(crate) const KID_LABEL: usize = 3;
pub(crate) const KID: usize = 4;

/// The protected header.
pub(crate) fn protected(key: TestKey, typ: Option<&str>) -> Items {
    let entries = if typ.is_some() { 3 } else { 2 };
    let items = Items(vec![
        cbor::head(MAP, entries),
        cbor::int(1),
        cbor::int(-8),
        cbor::int(4),
        cbor::bytes(&key.id().0),
    ]);
    match typ {
        Some(typ) => items.and(cbor::int(16)).and(cbor::text(typ)),
        None => items,
    }
}

type Wrap = fn(&[u8]) -> Vec<u8>;

/// The parts of an envelope.
#[derive(Clone)]
pub(crate) struct Forged {
    pub(crate) signer: TestKey,
    /// What comes first: the tag and the head of the array.
    pub(crate) front: Vec<u8>,
    pub(crate) protected: Vec<u8>,
    pub(crate) unprotected: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) wrap_protected: Wrap,
    pub(crate) wrap_payload: Wrap,
    pub(crate) wrap_signature: Wrap,
    /// What is done to the signature.
    pub(crate) spoil: fn(Vec<u8>) -> Vec<u8>,
    pub(crate) tail: Vec<u8>,
}

impl Forged {
    /// An envelope as it should be.
    pub(crate) fn new(signer: TestKey, typ: Option<&str>, payload: Vec<u8>) -> Self {
        Self {
            signer,
            front: [cbor::head(TAG, 18), cbor::head(ARRAY, 4)].concat(),
            protected: protected(signer, typ).bytes(),
            unprotected: cbor::head(MAP, 0),
            payload,
            wrap_protected: cbor::bytes,
            wrap_payload: cbor::bytes,
            wrap_signature: cbor::bytes,
            spoil: |signature| signature,
            tail: Vec::new(),
        }
    }

    /// Its bytes, signed over the Sig_structure (RFC 9052 §4.4) of the parts as they are.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let signed = [
            cbor::head(ARRAY, 4),
            cbor::text("Signature1"),
            cbor::bytes(&self.protected),
            cbor::bytes(&[]),
            cbor::bytes(&self.payload),
        ]
        .concat();
        let signature = ed25519_dalek::SigningKey::from_bytes(&self.signer.seed()).sign(&signed).to_bytes();
        [
            self.front.clone(),
            (self.wrap_protected)(&self.protected),
            self.unprotected.clone(),
            (self.wrap_payload)(&self.payload),
            (self.wrap_signature)(&(self.spoil)(signature.to_vec())),
            self.tail.clone(),
        ]
        .concat()
    }

    /// Its bytes as the text of a pass.
    pub(crate) fn text(&self) -> String {
        to_text(&self.bytes())
    }
}

pub(crate) fn to_text(bytes: &[u8]) -> String {
    format!("SG1:{}", pass::base45::encode(bytes))
}

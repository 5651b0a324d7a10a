//! Every parser under fire: good input, a few edits, and a true signature over the result where one is needed to get in.
//!
//! Nothing may panic, and whatever is accepted must be what a signer would have written. Each test is a target of
//! `cargo bolero` too; under `cargo test` the random inputs are new in every run, and the seed of a failure is printed.

use std::io::Write;

use bolero::{TypeGenerator, ValueGenerator, check, produce};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pass::{Jwk, JwkSet, PublicKey, Serial, StatusList, TrustList, base45, sign, verify};

use crate::forge::claims::{items, longest, paper, phone, signed};
use crate::forge::envelope::{Forged, STATUS_LIST, to_text};
use crate::forge::{OFFICE, ROOT, statuses, trusts};
use crate::tampering::{KEYS, ROOT_KEY};

const ITERATIONS: usize = 3000;

/// Bytes that mean something in CBOR: lengths of other widths, indefinite ones, break, tags, simple values.
const TELLING: [u8; 24] = [
    0x00, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1F, 0x20, 0x37, 0x38, 0x40, 0x5B, 0x5F, 0x60, 0x7F, 0x80, 0x9F,
    0xA0, 0xBF, 0xC1, 0xD2, 0xF6, 0xFB, 0xFF,
];

/// One change to a string of bytes; places wrap around.
#[derive(Clone, Debug, TypeGenerator)]
enum Edit {
    Set(u16, u8),
    Telling(u16, u8),
    Flip(u16, u8),
    Insert(u16, u8),
    Remove(u16),
    Cut(u16),
    Copy(u16, u16, u8),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let (length, insert) = (bytes.len(), |place: u16| usize::from(place) % (bytes.len() + 1));
        let place = |place: u16| usize::from(place) % length;
        match *self {
            Self::Insert(at, byte) => bytes.insert(insert(at), byte),
            Self::Cut(at) => bytes.truncate(insert(at)),
            _ if length == 0 => {}
            Self::Set(at, byte) => bytes[place(at)] = byte,
            Self::Telling(at, which) => bytes[place(at)] = TELLING[usize::from(which) % TELLING.len()],
            Self::Flip(at, bit) => bytes[place(at)] ^= 1 << (bit % 8),
            Self::Remove(at) => drop(bytes.remove(place(at))),
            Self::Copy(from, to, count) => {
                let from = place(from);
                let part = bytes[from..length.min(from + usize::from(count % 16))].to_vec();
                let to = insert(to);
                bytes.splice(to..to, part);
            }
        }
    }
}

/// `good` after these edits.
fn edited(good: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    edits.iter().for_each(|edit| edit.apply(&mut bytes));
    bytes
}

/// Which of a few good inputs, and what is done to it.
fn attempts() -> impl ValueGenerator<Output = (usize, Vec<Edit>)> {
    (0..4_usize, produce::<Vec<Edit>>().with().len(0..=4_usize))
}

fn payloads() -> [Vec<u8>; 4] {
    let visitor = pass::Pass { kind: pass::Kind::Visitor, colour: pass::Colour::Yellow, ..paper() };
    [paper(), phone(), longest(), visitor].map(|pass| items(&pass).bytes())
}

/// Judges a text, and demands that what is accepted has this one text.
fn pass_is_refused_or_the_text_of_its_pass(text: &str) -> bool {
    let Ok(verified) = verify(text, &KEYS) else { return false };
    assert_eq!(sign((*verified).clone(), &OFFICE.signing()).unwrap().text, text);
    true
}

/// Judges a status list; its stream may be packed in more than one way, all else has one form.
fn status_is_refused_or_comes_back(bytes: &[u8]) -> bool {
    let Ok(list) = StatusList::open(bytes, &KEYS) else { return false };
    assert_eq!(StatusList::open(&list.sign(&OFFICE.signing()), &KEYS), Ok(list));
    true
}

fn trust_is_refused_or_the_bytes_of_its_list(bytes: &[u8]) -> bool {
    let Ok(opened) = TrustList::open(bytes, &ROOT_KEY) else { return false };
    let list = TrustList { version: opened.version(), issued: opened.issued(), keys: opened.keys().to_vec() };
    assert_eq!(list.sign(&ROOT.signing()), bytes);
    true
}

#[test]
fn base45_text() {
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let text = edited(base45::encode(&payloads()[*which]).as_bytes(), edits);
        if let Ok(text) = std::str::from_utf8(&text)
            && let Ok(bytes) = base45::decode(text)
        {
            assert_eq!(base45::encode(&bytes), text);
        }
    });
}

#[test]
fn text_of_a_pass() {
    let good = [paper(), phone(), longest(), paper()].map(|pass| signed(&pass, OFFICE).text());
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let text = edited(good[*which].as_bytes(), edits);
        let accepted = pass_is_refused_or_the_text_of_its_pass(&String::from_utf8_lossy(&text));
        assert_eq!(accepted, text == good[*which].as_bytes());
    });
}

#[test]
fn any_text() {
    check!().with_iterations(ITERATIONS).with_type::<(bool, String)>().for_each(|(prefix, text)| {
        let text = if *prefix { format!("SG1:{text}") } else { text.clone() };
        assert!(!pass_is_refused_or_the_text_of_its_pass(&text));
    });
}

#[test]
fn envelope() {
    let good = [
        signed(&paper(), OFFICE).bytes(),
        signed(&phone(), OFFICE).bytes(),
        statuses::status().bytes(),
        trusts::trust().bytes(),
    ];
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let bytes = edited(&good[*which], edits);
        let accepted = [
            pass_is_refused_or_the_text_of_its_pass(&to_text(&bytes)),
            status_is_refused_or_comes_back(&bytes),
            trust_is_refused_or_the_bytes_of_its_list(&bytes),
        ];
        assert_eq!(accepted.contains(&true), bytes == good[*which]);
    });
}

#[test]
fn protected_header() {
    let good = [signed(&paper(), OFFICE), statuses::status(), trusts::trust(), signed(&phone(), OFFICE)];
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let good = &good[*which];
        let protected = edited(&good.protected, edits);
        let same = protected == good.protected;
        let bytes = Forged { protected, ..good.clone() }.bytes();
        let accepted = [
            pass_is_refused_or_the_text_of_its_pass(&to_text(&bytes)),
            status_is_refused_or_comes_back(&bytes),
            trust_is_refused_or_the_bytes_of_its_list(&bytes),
        ];
        assert_eq!(accepted.contains(&true), same);
    });
}

#[test]
fn claims_of_a_pass() {
    let payloads = payloads();
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let payload = edited(&payloads[*which], edits);
        let accepted = pass_is_refused_or_the_text_of_its_pass(&Forged::new(OFFICE, None, payload).text());
        assert!(accepted || !edits.is_empty());
    });
}

#[test]
fn claims_of_a_status_list() {
    let good = statuses::status();
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(_, edits)| {
        let payload = edited(&good.payload, edits);
        let accepted = status_is_refused_or_comes_back(&Forged { payload, ..good.clone() }.bytes());
        assert!(accepted || !edits.is_empty());
    });
}

#[test]
fn compressed_statuses() {
    let packed: Vec<u8> = (0..40).map(|i: u8| i.wrapping_mul(17) & 0x33).collect();
    let squeezed = |level| {
        let mut encoder = ZlibEncoder::new(Vec::new(), level);
        encoder.write_all(&packed).and_then(|()| encoder.finish()).unwrap()
    };
    let long = statuses::stored(&[0x10; 300]);
    let good =
        [statuses::stored(&packed), squeezed(Compression::best()), squeezed(Compression::fast()), long];
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(which, edits)| {
        let compressed = edited(&good[*which], edits);
        let payload = statuses::status_items(&compressed).bytes();
        let accepted =
            status_is_refused_or_comes_back(&Forged::new(OFFICE, Some(STATUS_LIST), payload).bytes());
        assert!(accepted || !edits.is_empty());
    });
}

#[test]
fn claims_of_a_trust_list() {
    let good = trusts::trust();
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(_, edits)| {
        let payload = edited(&good.payload, edits);
        let accepted = trust_is_refused_or_the_bytes_of_its_list(&Forged { payload, ..good.clone() }.bytes());
        assert!(accepted || !edits.is_empty());
    });
}

#[test]
fn cose_key() {
    let good = OFFICE.public().cose_key();
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(_, edits)| {
        let bytes = edited(&good, edits);
        match PublicKey::from_cose_key(&bytes) {
            Ok(key) => assert_eq!(key.cose_key(), bytes),
            Err(_) => assert_ne!(bytes, good),
        }
    });
}

#[test]
fn jwk() {
    let good = serde_json::to_vec(&JwkSet { keys: vec![Jwk::new(&OFFICE.public(), "issuer")] }).unwrap();
    check!().with_iterations(ITERATIONS).with_generator(attempts()).for_each(|(_, edits)| {
        let bytes = edited(&good, edits);
        let Ok(set) = serde_json::from_slice::<JwkSet>(&bytes) else { return };
        for jwk in set.keys {
            let Ok(key) = jwk.public_key() else { continue };
            let again = Jwk::new(&key, "issuer");
            assert_eq!((again.kty, again.crv, again.x), (jwk.kty, jwk.crv, jwk.x));
        }
    });
}

#[test]
fn serial_and_short_code() {
    let serials =
        [Serial([0; 5]), Serial([0xFF; 5]), Serial([1, 2, 3, 4, 5]), Serial([0xA7, 0x3C, 0x10, 0xFE, 0x99])];
    check!().with_iterations(ITERATIONS).with_type::<(u8, bool, Vec<Edit>)>().for_each(
        |(which, short, edits)| {
            let serial = serials[usize::from(*which) % serials.len()];
            let good = if *short { serial.short_code() } else { serial.to_string() };
            let text = edited(good.as_bytes(), edits);
            let Ok(read) = String::from_utf8_lossy(&text).parse::<Serial>() else { return };
            assert_eq!(read.to_string().parse(), Ok(read));
            assert_eq!(read.short_code().parse(), Ok(read));
        },
    );
}

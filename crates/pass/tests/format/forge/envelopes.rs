//! Vectors of envelopes: not canonical, not protected, another algorithm, another signer, another content.

use pass::{CompoundId, Content, Kind, Refusal};

use super::cbor::{self, ARRAY, BREAK, MAP, TAG, TEXT};
use super::claims::{NOW, items, paper, signed};
use super::envelope::{
    ALG, ALG_LABEL, ENTRIES, Forged, KID, KID_LABEL, RULES, STATUS_LIST, TRUST_LIST, protected, to_text,
};
use super::{CLERK, Case, NEIGHBOUR, OFFICE, ROOT, STRANGER, TWIN, VISITORS, What, statuses, trusts};

pub(super) fn cases() -> Vec<Case> {
    let all = [framing(), not_canonical(), headers(), signatures(), signers(), contents()];
    all.into_iter().flatten().collect()
}

fn case(name: &str, about: &'static str, text: String, refusal: Refusal) -> Case {
    let trust = "trust-good.txt";
    Case { what: What::Pass, name: name.into(), about, trust, input: text.into_bytes(), wanted: Err(refusal) }
}

fn good() -> Forged {
    signed(&paper(), OFFICE)
}

fn malformed(what: &'static str) -> Refusal {
    Refusal::Malformed { what }
}

fn framing() -> Vec<Case> {
    let front = |front: &[Vec<u8>]| Forged { front: front.concat(), ..good() }.text();
    let four = cbor::head(ARRAY, 4);
    let sign1 = cbor::head(TAG, 18);
    let twice = [good().bytes(), good().bytes()].concat();
    let tag = "the COSE_Sign1 tag";
    vec![
        case("no-tag", "Without tag 18.", front(std::slice::from_ref(&four)), malformed(tag)),
        case(
            "tag-mac0",
            "The tag of a COSE_Mac0.",
            front(&[cbor::head(TAG, 17), four.clone()]),
            malformed(tag),
        ),
        case(
            "tag-cwt",
            "The tag of a CWT around it (RFC 8392 §6).",
            front(&[cbor::head(TAG, 61), sign1.clone(), four.clone()]),
            malformed(tag),
        ),
        case(
            "array-of-five",
            "An array of five.",
            front(&[sign1.clone(), cbor::head(ARRAY, 5)]),
            malformed("the COSE_Sign1 array"),
        ),
        case(
            "map-for-array",
            "A map in place of the array.",
            front(&[sign1, cbor::head(MAP, 2)]),
            malformed("the COSE_Sign1 array"),
        ),
        case(
            "appended-byte",
            "One byte more.",
            Forged { tail: vec![0], ..good() }.text(),
            Refusal::Appended { count: 1 },
        ),
        case(
            "appended-bytes",
            "Sixteen bytes more.",
            Forged { tail: vec![0xF6; 16], ..good() }.text(),
            Refusal::Appended { count: 16 },
        ),
        case(
            "twice",
            "The envelope twice: too long before anything is read.",
            to_text(&twice),
            Refusal::TooLong { length: to_text(&twice).len(), limit: pass::MAX_TEXT },
        ),
        case(
            "payload-detached",
            "The payload is elsewhere (RFC 9052 §4.1).",
            Forged { wrap_payload: |_| vec![0xF6], ..good() }.text(),
            malformed("the payload"),
        ),
        case(
            "payload-is-text",
            "The payload as a text string.",
            Forged { wrap_payload: |p| [cbor::head(TEXT, p.len() as u64), p.to_vec()].concat(), ..good() }
                .text(),
            malformed("the payload"),
        ),
        case("nothing-but-zeros", "Zeros.", to_text(&[0; 120]), malformed(tag)),
    ]
}

fn not_canonical() -> Vec<Case> {
    let array = cbor::head(ARRAY, 4);
    let cases = [
        (
            "tag-long",
            "Tag 18 in two bytes.",
            Forged { front: [cbor::head_of_width(TAG, 18, 2), array.clone()].concat(), ..good() },
        ),
        (
            "tag-longest",
            "Tag 18 in eight bytes.",
            Forged { front: [cbor::head_of_width(TAG, 18, 8), array].concat(), ..good() },
        ),
        (
            "array-long",
            "The array's length in a byte of its own.",
            Forged { front: [cbor::head(TAG, 18), cbor::head_of_width(ARRAY, 4, 1)].concat(), ..good() },
        ),
        (
            "array-indefinite",
            "An array of indefinite length.",
            Forged {
                front: [cbor::head(TAG, 18), cbor::indefinite(ARRAY)].concat(),
                tail: vec![BREAK],
                ..good()
            },
        ),
        (
            "protected-long",
            "The protected header's length in eight bytes.",
            Forged { wrap_protected: cbor::bytes_with_long_length, ..good() },
        ),
        (
            "protected-chunks",
            "The protected header in chunks.",
            Forged { wrap_protected: cbor::bytes_in_chunks, ..good() },
        ),
        (
            "payload-long",
            "The payload's length in eight bytes.",
            Forged { wrap_payload: cbor::bytes_with_long_length, ..good() },
        ),
        (
            "payload-chunks",
            "The payload in chunks.",
            Forged { wrap_payload: cbor::bytes_in_chunks, ..good() },
        ),
        (
            "signature-long",
            "The signature's length in eight bytes.",
            Forged { wrap_signature: cbor::bytes_with_long_length, ..good() },
        ),
        (
            "signature-chunks",
            "The signature in chunks.",
            Forged { wrap_signature: cbor::bytes_in_chunks, ..good() },
        ),
        (
            "unprotected-long",
            "The empty map's length in a byte of its own.",
            Forged { unprotected: cbor::head_of_width(MAP, 0, 1), ..good() },
        ),
        (
            "unprotected-indefinite",
            "An empty map of indefinite length.",
            Forged { unprotected: [cbor::indefinite(MAP), vec![BREAK]].concat(), ..good() },
        ),
    ];
    let header = |items: cbor::Items| Forged { protected: items.bytes(), ..good() };
    let usual = protected(OFFICE, None);
    let headers = [
        (
            "header-entries-long",
            "The number of headers in a byte of its own.",
            header(usual.clone().with(ENTRIES, cbor::head_of_width(MAP, 2, 1))),
        ),
        (
            "header-indefinite",
            "Headers in a map of indefinite length.",
            header(usual.clone().with(ENTRIES, cbor::indefinite(MAP)).and(vec![BREAK])),
        ),
        (
            "header-alg-label-long",
            "Label 1 in two bytes.",
            header(usual.clone().with(ALG_LABEL, cbor::head_of_width(cbor::UINT, 1, 1))),
        ),
        (
            "header-alg-long",
            "Algorithm -8 in two bytes.",
            header(usual.clone().with(ALG, cbor::head_of_width(1, 7, 1))),
        ),
        (
            "header-kid-label-long",
            "Label 4 in nine bytes.",
            header(usual.clone().with(KID_LABEL, cbor::head_of_width(cbor::UINT, 4, 8))),
        ),
        (
            "header-kid-long",
            "The key id's length in eight bytes.",
            header(usual.clone().with(KID, cbor::bytes_with_long_length(&OFFICE.id().0))),
        ),
        (
            "header-kid-chunks",
            "The key id in chunks.",
            header(usual.with(KID, cbor::bytes_in_chunks(&OFFICE.id().0))),
        ),
    ];
    let all = cases.into_iter().chain(headers);
    all.map(|(name, about, forged)| case(name, about, forged.text(), Refusal::NotCanonical)).collect()
}

fn headers() -> Vec<Case> {
    const HEADER: &str = "the protected header";
    let unprotected = |items: &[Vec<u8>]| Forged { unprotected: items.concat(), ..good() }.text();
    let header = |items: cbor::Items| Forged { protected: items.bytes(), ..good() }.text();
    let usual = || protected(OFFICE, None);
    let alg = |alg: Vec<u8>| header(usual().with(ALG, alg));
    let kid = |kid: &[u8]| header(usual().with(KID, cbor::bytes(kid)));
    let extra = usual().with(ENTRIES, cbor::head(MAP, 3)).and(cbor::int(3)).and(cbor::int(0));
    let critical = usual().with(ENTRIES, cbor::head(MAP, 3)).and(cbor::int(2)).and(cbor::head(ARRAY, 0));
    let empty = |protected: Vec<u8>| Forged { protected, ..good() }.text();
    vec![
        case(
            "unprotected-key-id",
            "A key id outside the signature.",
            unprotected(&[cbor::head(MAP, 1), cbor::int(4), cbor::bytes(b"abcd")]),
            Refusal::UnprotectedHeader,
        ),
        case(
            "unprotected-alg",
            "An algorithm outside the signature.",
            unprotected(&[cbor::head(MAP, 1), cbor::int(1), cbor::int(-7)]),
            Refusal::UnprotectedHeader,
        ),
        case(
            "unprotected-note",
            "A private header outside the signature.",
            unprotected(&[cbor::head(MAP, 1), cbor::text("note"), cbor::text("x")]),
            Refusal::UnprotectedHeader,
        ),
        case(
            "unprotected-null",
            "Null in place of the empty map.",
            unprotected(&[vec![0xF6]]),
            malformed("the unprotected header"),
        ),
        case("alg-es256", "ES256.", alg(cbor::int(-7)), Refusal::Algorithm),
        case(
            "alg-ed25519",
            "Ed25519 by its other number (RFC 9864): one identifier is pinned.",
            alg(cbor::int(-19)),
            Refusal::Algorithm,
        ),
        case("alg-hmac", "HMAC 256/256.", alg(cbor::int(5)), Refusal::Algorithm),
        case("alg-text", "The algorithm's name as a text.", alg(cbor::text("EdDSA")), Refusal::Algorithm),
        case(
            "alg-missing",
            "No algorithm.",
            header(cbor::Items(vec![cbor::head(MAP, 1), cbor::int(4), cbor::bytes(&OFFICE.id().0)])),
            malformed(HEADER),
        ),
        case(
            "kid-missing",
            "No key id.",
            header(usual().with(ENTRIES, cbor::head(MAP, 1)).up_to(KID_LABEL)),
            Refusal::Truncated { inside: HEADER },
        ),
        case("kid-of-three", "A key id of three bytes.", kid(&[1, 2, 3]), malformed("the key id")),
        case("kid-of-five", "A key id of five bytes.", kid(&[1, 2, 3, 4, 5]), malformed("the key id")),
        case(
            "header-order",
            "The key id before the algorithm.",
            header(usual().exchanged(ALG_LABEL, KID_LABEL)),
            malformed(HEADER),
        ),
        case(
            "header-alg-twice",
            "The algorithm twice.",
            header(usual().with(ENTRIES, cbor::head(MAP, 3)).and(cbor::int(1)).and(cbor::int(-8))),
            malformed(HEADER),
        ),
        case("header-content-type", "A header that no pass has.", header(extra), malformed(HEADER)),
        case("header-crit", "A header that must be understood.", header(critical), malformed(HEADER)),
        case(
            "header-appended",
            "A byte after the headers.",
            header(usual().and(vec![0])),
            Refusal::Appended { count: 1 },
        ),
        case(
            "header-empty-map",
            "No headers.",
            empty(cbor::head(MAP, 0)),
            Refusal::Truncated { inside: HEADER },
        ),
        case(
            "header-empty-bytes",
            "No bytes, which RFC 9052 §3 allows for no headers.",
            empty(Vec::new()),
            Refusal::Truncated { inside: HEADER },
        ),
    ]
}

fn signatures() -> Vec<Case> {
    let key = OFFICE.id();
    let spoilt = |spoil: fn(Vec<u8>) -> Vec<u8>| Forged { spoil, ..good() }.text();
    let flipped = |at: usize, bit: u8| {
        let mut bytes = good().bytes();
        bytes[at] ^= 1 << bit;
        to_text(&bytes)
    };
    let (length, bad) = (good().bytes().len(), Refusal::BadSignature { key });
    vec![
        case(
            "bit-in-colour",
            "A bit of the payload flipped: red for green.",
            flipped(15 + items(&paper()).up_to(super::claims::COLOUR).bytes().len(), 1),
            bad,
        ),
        case("bit-in-first-claim", "A bit of the payload flipped: it lasts longer.", flipped(18, 0), bad),
        case("bit-in-name", "A bit of the payload flipped: another name.", flipped(length - 67, 0), bad),
        case("bit-in-r", "A bit of the signature's first half flipped.", flipped(length - 64, 3), bad),
        case("bit-in-s", "A bit of the signature's second half flipped.", flipped(length - 10, 3), bad),
        case(
            "bit-in-key-id",
            "A bit of the key id flipped.",
            flipped(8, 0),
            Refusal::UnknownKey { key: flipped_id() },
        ),
        case(
            "signature-plus-order",
            "S and the group's order added: the same to a lax verifier (RFC 8032 §5.1.7).",
            spoilt(plus_order),
            bad,
        ),
        case("signature-zero", "A signature of zeros.", spoilt(|s| vec![0; s.len()]), bad),
        case(
            "signature-of-63",
            "A signature of 63 bytes.",
            spoilt(|s| s[..63].to_vec()),
            malformed("the signature"),
        ),
        case(
            "signature-of-65",
            "A signature of 65 bytes.",
            spoilt(|s| [s, vec![0]].concat()),
            malformed("the signature"),
        ),
        case("signature-empty", "No signature.", spoilt(|_| Vec::new()), malformed("the signature")),
    ]
}

fn flipped_id() -> pass::KeyId {
    let mut id = OFFICE.id();
    id.0[0] ^= 1;
    id
}

/// Adds the order of the group, 2^252 + 27742317777372353535851937790883648493 (RFC 8032 §5.1), to S.
fn plus_order(mut signature: Vec<u8>) -> Vec<u8> {
    let mut order = [0; 32];
    order[..16].copy_from_slice(&27_742_317_777_372_353_535_851_937_790_883_648_493_u128.to_le_bytes());
    order[31] = 0x10;
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    signature
}

fn signers() -> Vec<Case> {
    let by = |key, change: fn(&mut pass::Pass)| {
        let mut pass = paper();
        change(&mut pass);
        signed(&pass, key).text()
    };
    let key = OFFICE.id();
    let not_valid = Refusal::KeyNotValid { key, from: trusts::FROM, until: trusts::UNTIL };
    let visitors = VISITORS.id();
    vec![
        case(
            "key-unknown",
            "By a key that no list names.",
            by(STRANGER, |_| ()),
            Refusal::UnknownKey { key: STRANGER.id() },
        ),
        case(
            "key-root",
            "By the root key, which signs trust lists only.",
            by(ROOT, |_| ()),
            Refusal::UnknownKey { key: ROOT.id() },
        ),
        case(
            "key-twin",
            "By another key with the same key id.",
            by(TWIN, |_| ()),
            Refusal::BadSignature { key },
        ),
        case(
            "key-not-yet",
            "It holds a second before its key does.",
            by(OFFICE, |p| p.not_before = trusts::FROM.plus(-1)),
            not_valid,
        ),
        case(
            "key-no-more",
            "It holds a second after its key does.",
            by(OFFICE, |p| p.expires = trusts::UNTIL.plus(1)),
            not_valid,
        ),
        case(
            "key-long-ago",
            "It held, and ended, before its key did.",
            by(OFFICE, |p| (p.not_before, p.expires) = (NOW.plus(-99_999_999), NOW.plus(-88_888_888))),
            not_valid,
        ),
        case(
            "key-other-compound",
            "For a compound between two stretches that its key covers.",
            by(OFFICE, |p| p.compound = CompoundId(10)),
            Refusal::KeyNotForCompound { key, compound: CompoundId(10) },
        ),
        case(
            "key-other-office",
            "For a compound of another office.",
            by(NEIGHBOUR, |_| ()),
            Refusal::KeyNotForCompound { key: NEIGHBOUR.id(), compound: CompoundId(3) },
        ),
        case(
            "key-other-kind",
            "A resident's pass by a key for visitors.",
            by(VISITORS, |p| p.compound = CompoundId(1)),
            Refusal::KeyNotForKind { key: visitors, kind: Kind::Person },
        ),
        case(
            "key-no-passes",
            "By a key that may sign status lists only.",
            by(CLERK, |_| ()),
            Refusal::KeyNotForContent { key: CLERK.id(), content: Content::Pass },
        ),
    ]
}

fn contents() -> Vec<Case> {
    let wrong = |found| Refusal::WrongContent { found, wanted: Content::Pass };
    let typ = |typ| Forged::new(OFFICE, Some(typ), items(&paper()).bytes()).text();
    vec![
        case(
            "status-for-pass",
            "A true status list.",
            to_text(&statuses::short_status().bytes()),
            wrong(Some(Content::StatusList)),
        ),
        case(
            "trust-for-pass",
            "A true trust list.",
            to_text(&trusts::short_trust().bytes()),
            wrong(Some(Content::TrustList)),
        ),
        case("rules-for-pass", "Rules.", to_text(&statuses::rules().bytes()), wrong(Some(Content::Rules))),
        case(
            "typ-status",
            "A pass that says it is a status list.",
            typ(STATUS_LIST),
            wrong(Some(Content::StatusList)),
        ),
        case(
            "typ-trust",
            "A pass that says it is a trust list.",
            typ(TRUST_LIST),
            wrong(Some(Content::TrustList)),
        ),
        case("typ-rules", "A pass that says it is rules.", typ(RULES), wrong(Some(Content::Rules))),
        case(
            "typ-cwt",
            "A pass that says it is a CWT: it says nothing, to stay small.",
            typ("application/cwt"),
            wrong(None),
        ),
        case("typ-empty", "An empty typ.", typ(""), wrong(None)),
    ]
}

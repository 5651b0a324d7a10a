//! Status lists by hand, and their vectors.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use pass::{Content, OfficeId, Refusal};

use super::cbor::{self, BREAK, Items, MAP, UINT};
use super::claims::{NOW, paper, signed};
use super::envelope::{Forged, RULES, STATUS_LIST, TestKey};
use super::trusts::{self, FROM, UNTIL};
use super::{CLERK, Case, NEIGHBOUR, OFFICE, STRANGER, TWIN, VISITORS, What};

pub(super) fn cases() -> Vec<Case> {
    [claims(), compressed(), contents()].into_iter().flatten().collect()
}

fn case(name: &str, about: &'static str, forged: &Forged, wanted: Result<String, Refusal>) -> Case {
    let trust = "trust-good.txt";
    Case { what: What::StatusList, name: name.into(), about, trust, input: forged.bytes(), wanted }
}

fn malformed(what: &'static str) -> Refusal {
    Refusal::Malformed { what }
}

/// Places in the items of [`status_items`].
const SUBJECT: usize = 2;
const EXPIRES: usize = 4;
const ISSUED: usize = 6;
const LIST_ENTRIES: usize = 8;
const LST_LABEL: usize = 9;
const LST: usize = 10;
const BITS_LABEL: usize = 11;
const BITS: usize = 12;
const STATUS_VERSION: usize = 14;

/// The eight values of statuses: as signed, withdrawn, suspended, replaced, green, yellow, red, and one unknown.
const PACKED: [u8; 4] = [0x10, 0x32, 0xDC, 0x5E];

pub(crate) fn status_items(compressed: &[u8]) -> Items {
    Items(vec![
        cbor::head(MAP, 5),
        cbor::int(2),
        cbor::text("urn:sanse-gate:status:1"),
        cbor::int(4),
        cbor::int(NOW.0 + 86_400),
        cbor::int(6),
        cbor::int(NOW.0),
        cbor::int(65_533),
        cbor::head(MAP, 2),
        cbor::text("lst"),
        cbor::bytes(compressed),
        cbor::text("bits"),
        cbor::int(4),
        cbor::int(-65_538),
        cbor::int(77),
    ])
}

fn status_by(key: TestKey, items: &Items) -> Forged {
    Forged::new(key, Some(STATUS_LIST), items.bytes())
}

pub(crate) fn status() -> Forged {
    signed_by(OFFICE)
}

/// The same by any key.
pub(crate) fn signed_by(key: TestKey) -> Forged {
    status_by(key, &status_items(&stored(&PACKED)))
}

/// A status list that is short enough for the text of a pass.
pub(crate) fn short_status() -> Forged {
    status_by(OFFICE, &status_items(&[]))
}

pub(crate) fn rules() -> Forged {
    Forged::new(OFFICE, Some(RULES), cbor::head(MAP, 0))
}

/// A ZLIB stream (RFC 1950) of one stored block (RFC 1951 §3.2.4): the same bytes whichever library packs.
pub(crate) fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a short list");
    let (mut a, mut b) = (1, 0);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let check = (b << 16 | a).to_be_bytes();
    [&[0x78, 0x01, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), bytes, &check].concat()
}

fn claims() -> Vec<Case> {
    let items = || status_items(&stored(&PACKED));
    let of = |name, about, items: &Items, wanted| case(name, about, &status_by(OFFICE, items), wanted);
    let bad = |name, about, items: &Items, refusal| of(name, about, items, Err(refusal));
    let by = |name, about, key, refusal| case(name, about, &status_by(key, &items()), Err(refusal));
    let says = |statuses: &str| {
        Ok(format!("office 1, version 77, issued {NOW}, expires {}, statuses {statuses}", NOW.0 + 86_400))
    };
    let subject = |text: &str| items().with(SUBJECT, cbor::text(text));
    let bits = |bits: i64| items().with(BITS, cbor::int(bits));
    let four_bits = malformed("the status list: not 4 bits for each pass");
    let not_valid = Refusal::KeyNotValid { key: OFFICE.id(), from: FROM, until: UNTIL };
    let key = OFFICE.id();
    let offices = |named, signer| Refusal::WrongOffice { named: OfficeId(named), signer: OfficeId(signer) };
    let with_ttl = items().with(0, cbor::head(MAP, 6)).and(cbor::int(-65_540)).and(cbor::int(43_200));
    let mut appended = status();
    appended.tail = vec![0];
    let mut spoilt = status();
    spoilt.spoil = |mut signature| {
        signature[40] ^= 4;
        signature
    };
    let mut unprotected = status();
    unprotected.unprotected = [cbor::head(MAP, 1), cbor::int(4), cbor::bytes(b"abcd")].concat();
    let mut long = status();
    long.wrap_payload = cbor::bytes_with_long_length;
    vec![
        of(
            "good",
            "Each of the seven statuses, and a value without a meaning, which counts as suspended.",
            &items(),
            says("0123cde2"),
        ),
        of(
            "good-odd",
            "Seven passes: the last half byte stands for none.",
            &status_items(&stored(&[0x10, 0x32, 0xDC, 0xFE])),
            says("0123cde"),
        ),
        of("good-empty", "No passes yet.", &status_items(&stored(&[])), says("")),
        case(
            "good-clerk",
            "By a key that may sign status lists only.",
            &status_by(CLERK, &items()),
            says("0123cde2"),
        ),
        bad("bits-1", "One bit for each pass.", &bits(1), four_bits),
        bad("bits-2", "Two bits for each pass.", &bits(2), four_bits),
        bad("bits-8", "Eight bits for each pass.", &bits(8), four_bits),
        bad("bits-260", "A number whose low byte is 4.", &bits(260), malformed("the status list")),
        bad(
            "bits-long",
            "The number of bits in two bytes.",
            &items().with(BITS, cbor::head_of_width(UINT, 4, 1)),
            Refusal::NotCanonical,
        ),
        bad(
            "bits-missing",
            "No number of bits.",
            &items().with(LIST_ENTRIES, cbor::head(MAP, 1)),
            malformed("the status list"),
        ),
        bad(
            "bits-first",
            "Its members in the order of the alphabet.",
            &items().exchanged(LST_LABEL, BITS_LABEL),
            malformed("the status list"),
        ),
        bad(
            "lst-text",
            "The list in base64url, as in a JWT.",
            &items().with(LST, cbor::text("eNoTMLjzDgABwAD-")),
            malformed("the status list"),
        ),
        bad(
            "lst-chunks",
            "The list in chunks.",
            &items().with(LST, cbor::bytes_in_chunks(&stored(&PACKED))),
            Refusal::NotCanonical,
        ),
        bad(
            "subject-other",
            "Another subject.",
            &subject("https://example.cn/statuslists/1"),
            malformed("the claim sub"),
        ),
        bad(
            "subject-no-office",
            "A subject without an office.",
            &subject("urn:sanse-gate:status:"),
            malformed("the claim sub"),
        ),
        bad(
            "subject-33-bits",
            "An office of 33 bits.",
            &subject("urn:sanse-gate:status:4294967296"),
            malformed("the claim sub"),
        ),
        bad(
            "subject-zero-first",
            "An office with a zero before it.",
            &subject("urn:sanse-gate:status:01"),
            Refusal::NotCanonical,
        ),
        bad(
            "subject-plus",
            "An office with a sign before it.",
            &subject("urn:sanse-gate:status:+1"),
            Refusal::NotCanonical,
        ),
        bad(
            "other-office",
            "A list of office 2 by a key of office 1.",
            &subject("urn:sanse-gate:status:2"),
            offices(2, 1),
        ),
        by("key-other-office", "A list of office 1 by a key of office 2.", NEIGHBOUR, offices(1, 2)),
        by(
            "key-unknown",
            "By a key that no list names.",
            STRANGER,
            Refusal::UnknownKey { key: STRANGER.id() },
        ),
        by("key-twin", "By another key with the same key id.", TWIN, Refusal::BadSignature { key }),
        by(
            "key-no-lists",
            "By a key that may sign passes only.",
            VISITORS,
            Refusal::KeyNotForContent { key: VISITORS.id(), content: Content::StatusList },
        ),
        bad(
            "key-no-more",
            "It holds a second after its key does.",
            &items().with(EXPIRES, cbor::int(UNTIL.0 + 1)),
            not_valid,
        ),
        bad(
            "key-not-yet",
            "Signed a second before its key holds.",
            &items().with(ISSUED, cbor::int(FROM.0 - 1)),
            not_valid,
        ),
        bad("exp-missing", "No expiry.", &items().with(3, cbor::int(5)), malformed("the claim exp")),
        bad("ttl", "A claim that no list of ours has.", &with_ttl, malformed("the claims")),
        bad(
            "version-negative",
            "A negative version.",
            &items().with(STATUS_VERSION, cbor::int(-1)),
            malformed("the version"),
        ),
        bad(
            "version-long",
            "The version in nine bytes.",
            &items().with(STATUS_VERSION, cbor::head_of_width(UINT, 77, 8)),
            Refusal::NotCanonical,
        ),
        bad(
            "cut",
            "Claims cut before the version.",
            &items().up_to(STATUS_VERSION),
            Refusal::Truncated { inside: "the version" },
        ),
        bad(
            "claims-appended",
            "A byte after the claims.",
            &items().and(vec![0]),
            Refusal::Appended { count: 1 },
        ),
        bad(
            "indefinite",
            "Claims of indefinite number.",
            &items().with(0, cbor::indefinite(MAP)).and(vec![BREAK]),
            Refusal::NotCanonical,
        ),
        case("appended", "A byte after the envelope.", &appended, Err(Refusal::Appended { count: 1 })),
        case(
            "bit-in-signature",
            "A bit of the signature flipped.",
            &spoilt,
            Err(Refusal::BadSignature { key }),
        ),
        case(
            "unprotected-key-id",
            "A key id outside the signature.",
            &unprotected,
            Err(Refusal::UnprotectedHeader),
        ),
        case("payload-long", "The payload's length in eight bytes.", &long, Err(Refusal::NotCanonical)),
    ]
}

fn compressed() -> Vec<Case> {
    // By one packer and no other: flate2's depends on what else is built with it.
    let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; (1 << 24) + 1], 9);
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::none());
    let raw = raw.write_all(&PACKED).and_then(|()| raw.finish()).expect("a Vec takes every write");
    let good = stored(&PACKED);
    let mut wrong_check = good.clone();
    *wrong_check.last_mut().expect("a stream") ^= 1;
    let mut dictionary = good.clone();
    dictionary[..2].copy_from_slice(&[0x78, 0x20]);
    [
        ("bomb", "16 kB that unpack to 16 MiB and a byte.", bomb),
        ("appended", "A byte after the compressed stream.", [good.clone(), vec![0]].concat()),
        ("twice", "Two compressed streams.", [good.clone(), good.clone()].concat()),
        ("cut", "A stream without its check sum.", good[..good.len() - 4].to_vec()),
        ("half", "Half a stream.", good[..8].to_vec()),
        ("none", "No stream.", Vec::new()),
        ("check-sum", "A wrong check sum.", wrong_check),
        ("dictionary", "A stream that wants a dictionary.", dictionary),
        ("raw", "A stream without the frame of ZLIB.", raw),
        ("plain", "A list that nobody compressed.", PACKED.to_vec()),
    ]
    .into_iter()
    .map(|(name, about, compressed)| {
        let forged = status_by(OFFICE, &status_items(&compressed));
        let refusal = malformed("the compressed status list");
        case(&format!("zlib-{name}"), about, &forged, Err(refusal))
    })
    .collect()
}

/// Each other kind of signed content in place of a status list.
fn contents() -> Vec<Case> {
    let pass = signed(&paper(), OFFICE);
    let trust = trusts::signed_by(OFFICE);
    let unknown =
        Forged::new(OFFICE, Some("application/statuslist+jwt"), status_items(&stored(&PACKED)).bytes());
    let wrong = |found| Err(Refusal::WrongContent { found, wanted: Content::StatusList });
    vec![
        case("is-pass", "A true pass.", &pass, wrong(Some(Content::Pass))),
        case("is-trust", "A trust list by a key of the office.", &trust, wrong(Some(Content::TrustList))),
        case("is-rules", "Rules.", &rules(), wrong(Some(Content::Rules))),
        case("is-jwt", "A typ that nobody writes in CBOR.", &unknown, wrong(None)),
    ]
}

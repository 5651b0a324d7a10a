//! Trust lists by hand, and their vectors.

use pass::{Content, Refusal, Timestamp};

use super::cbor::{self, ARRAY, BREAK, Items, MAP, UINT};
use super::claims::{NOW, items, paper};
use super::envelope::{Forged, RULES, TRUST_LIST, TestKey};
use super::{CLERK, Case, NEIGHBOUR, OFFICE, OTHER_ROOT, ROOT, TWIN, VISITORS, What, statuses};

/// The validity of every key in the trust list that judges the vectors.
pub(crate) const FROM: Timestamp = Timestamp(NOW.0 - 1000);
pub(crate) const UNTIL: Timestamp = Timestamp(NOW.0 + 10_000_000);

pub(super) fn cases() -> Vec<Case> {
    [lists(), keys(), contents()].into_iter().flatten().collect()
}

fn case(name: &str, about: &'static str, forged: &Forged, wanted: Result<String, Refusal>) -> Case {
    // A trust list is judged by the root key alone.
    Case { what: What::TrustList, name: name.into(), about, trust: "", input: forged.bytes(), wanted }
}

fn malformed(what: &'static str) -> Refusal {
    Refusal::Malformed { what }
}

/// Places in the items of [`trusted`].
const PUBLIC: usize = 1;
const COMPOUNDS: usize = 3;
const CONTENTS: usize = 4;
const KINDS: usize = 5;
const KEY_FROM: usize = 6;

const ALL_KINDS: i64 = 0b1111;
const PASSES: i64 = 1 << Content::Pass as u8;
const STATUS_LISTS: i64 = 1 << Content::StatusList as u8;
const RULES_TOO: i64 = 1 << Content::Rules as u8;
const ALL_CONTENTS: i64 = PASSES | STATUS_LISTS | RULES_TOO;

fn stretches(stretches: &[(u32, u32)]) -> Vec<u8> {
    let each = stretches.iter().map(|(first, last)| {
        [cbor::head(ARRAY, 2), cbor::int((*first).into()), cbor::int((*last).into())].concat()
    });
    std::iter::once(cbor::head(ARRAY, stretches.len() as u64)).chain(each).collect::<Vec<_>>().concat()
}

/// One key of a trust list, item by item.
fn trusted(key: TestKey, office: i64, compounds: &[(u32, u32)], contents: i64, kinds: i64) -> Items {
    Items(vec![
        cbor::head(ARRAY, 7),
        cbor::bytes(&key.public().to_bytes()),
        cbor::int(office),
        stretches(compounds),
        cbor::int(contents),
        cbor::int(kinds),
        cbor::int(FROM.0),
        cbor::int(UNTIL.0),
    ])
}

fn trusted_office(key: TestKey) -> Items {
    trusted(key, 1, &[(1, 9), (20, 29), (u32::MAX, u32::MAX)], ALL_CONTENTS, ALL_KINDS)
}

/// Places in the items of [`trust_items`].
const TRUST_VERSION: usize = 4;
const KEYS: usize = 6;

fn trust_items(keys: &[Items]) -> Items {
    let head = Items(vec![
        cbor::head(MAP, 3),
        cbor::int(6),
        cbor::int(NOW.0),
        cbor::int(-65_538),
        cbor::int(7),
        cbor::int(-65_539),
        cbor::head(ARRAY, keys.len() as u64),
    ]);
    keys.iter().fold(head, |items, key| items.and(key.bytes()))
}

fn trust_by(key: TestKey, items: &Items) -> Forged {
    Forged::new(key, Some(TRUST_LIST), items.bytes())
}

fn good_keys() -> Vec<Items> {
    vec![
        trusted_office(OFFICE),
        trusted(VISITORS, 1, &[(1, 1)], PASSES, 1 << pass::Kind::Visitor as u8),
        trusted(CLERK, 1, &[], STATUS_LISTS, 0),
        trusted(NEIGHBOUR, 2, &[(100, 199)], ALL_CONTENTS, ALL_KINDS),
    ]
}

/// The trust list that judges the vectors.
pub(crate) fn trust() -> Forged {
    signed_by(ROOT)
}

/// The same by any key.
pub(crate) fn signed_by(key: TestKey) -> Forged {
    trust_by(key, &trust_items(&good_keys()))
}

/// A trust list that is short enough for the text of a pass.
pub(crate) fn short_trust() -> Forged {
    trust_by(ROOT, &trust_items(&[]))
}

fn lists() -> Vec<Case> {
    let usual = || trust_items(&good_keys());
    let of = |name, about, forged: &Forged, wanted| case(name, about, forged, wanted);
    let bad = |name, about, items: &Items, refusal| of(name, about, &trust_by(ROOT, items), Err(refusal));
    let says = |keys: &[(TestKey, u32)]| {
        let keys: Vec<String> =
            keys.iter().map(|(key, office)| format!("{} of office {office}", key.id())).collect();
        Ok(format!("version 7, issued {NOW}, keys: {}", keys.join(", ")))
    };
    let twins = trust_items(&[trusted_office(TWIN), trusted_office(OFFICE)]);
    let key = ROOT.id();
    let appended = Forged { tail: vec![0; 3], ..trust() };
    let unprotected = [cbor::head(MAP, 1), cbor::int(4), cbor::bytes(b"abcd")].concat();
    let spoil = |mut signature: Vec<u8>| {
        signature[3] ^= 1;
        signature
    };
    let long = Forged { wrap_protected: cbor::bytes_with_long_length, ..trust() };
    vec![
        of(
            "good",
            "The keys that judge the vectors.",
            &trust(),
            says(&[(OFFICE, 1), (VISITORS, 1), (CLERK, 1), (NEIGHBOUR, 2)]),
        ),
        of("good-empty", "No keys: every office was pulled.", &short_trust(), says(&[])),
        of("twins", "Two keys with one id.", &trust_by(ROOT, &twins), says(&[(TWIN, 1), (OFFICE, 1)])),
        of(
            "other-root",
            "By another root.",
            &trust_by(OTHER_ROOT, &usual()),
            Err(Refusal::UnknownKey { key: OTHER_ROOT.id() }),
        ),
        of(
            "by-office",
            "By the key of an office.",
            &trust_by(OFFICE, &usual()),
            Err(Refusal::UnknownKey { key: OFFICE.id() }),
        ),
        of(
            "bit-in-signature",
            "A bit of the signature flipped.",
            &Forged { spoil, ..trust() },
            Err(Refusal::BadSignature { key }),
        ),
        of("appended", "Three bytes after the envelope.", &appended, Err(Refusal::Appended { count: 3 })),
        of(
            "unprotected-key-id",
            "A key id outside the signature.",
            &Forged { unprotected, ..trust() },
            Err(Refusal::UnprotectedHeader),
        ),
        of(
            "protected-long",
            "The protected header's length in eight bytes.",
            &long,
            Err(Refusal::NotCanonical),
        ),
        bad(
            "version-long",
            "The version in nine bytes.",
            &usual().with(TRUST_VERSION, cbor::head_of_width(UINT, 7, 8)),
            Refusal::NotCanonical,
        ),
        bad(
            "indefinite",
            "Claims of indefinite number.",
            &usual().with(0, cbor::indefinite(MAP)).and(vec![BREAK]),
            Refusal::NotCanonical,
        ),
        bad(
            "keys-indefinite",
            "Keys of indefinite number.",
            &usual().with(KEYS, cbor::indefinite(ARRAY)).and(vec![BREAK]),
            Refusal::NotCanonical,
        ),
        bad(
            "keys-too-many",
            "It claims more keys than any district has offices.",
            &usual().with(KEYS, cbor::head(ARRAY, 4097)),
            malformed("the keys"),
        ),
        bad(
            "keys-endless",
            "It claims to be endless.",
            &usual().with(KEYS, cbor::head(ARRAY, u64::MAX)),
            malformed("the keys"),
        ),
        bad(
            "keys-cut",
            "It claims one key more than there is.",
            &usual().with(KEYS, cbor::head(ARRAY, 5)),
            Refusal::Truncated { inside: "a trusted key" },
        ),
        bad(
            "keys-left",
            "It claims one key fewer than there are.",
            &trust_items(&good_keys()).with(KEYS, cbor::head(ARRAY, 3)),
            Refusal::Appended { count: good_keys()[3].bytes().len() },
        ),
        bad(
            "order",
            "The version before the issue time: not in the order of labels.",
            &usual().exchanged(1, 3),
            malformed("the claim iat"),
        ),
    ]
}

fn keys() -> Vec<Case> {
    let of = |name: &str, about, keys: &[Items], refusal| {
        case(&format!("key-{name}"), about, &trust_by(ROOT, &trust_items(keys)), Err(refusal))
    };
    let usual = || trusted_office(OFFICE);
    let one = |name, about, at, item, refusal| of(name, about, &[usual().with(at, item)], refusal);
    let point = |name, about, low: u8, rest: u8, high: u8| {
        let mut point = [rest; 32];
        (point[0], point[31]) = (low, high);
        one(
            name,
            about,
            PUBLIC,
            cbor::bytes(&point),
            malformed("a public key that is weak or no point of the curve"),
        )
    };
    let twice = malformed("the keys: one stands there twice");
    let backward =
        [cbor::head(ARRAY, 1), cbor::head(ARRAY, 3), cbor::int(1), cbor::int(2), cbor::int(3)].concat();
    vec![
        point("weak-identity", "The neutral element: anybody can sign for it.", 1, 0, 0),
        point("weak-order-4", "A point of order 4.", 0, 0, 0),
        point("weak-order-2", "The point of order 2.", 0xEC, 0xFF, 0x7F),
        point("weak-second-form", "The neutral element, y written as p + 1.", 0xEE, 0xFF, 0x7F),
        point(
            "second-form",
            "A point of large order, y written as p + 3 (RFC 8032 §5.1.3 forbids it).",
            0xF0,
            0xFF,
            0x7F,
        ),
        point("no-point", "No point of the curve.", 2, 0, 0),
        one("of-31", "A key of 31 bytes.", PUBLIC, cbor::bytes(&[1; 31]), malformed("a public key")),
        of("twice", "One key twice.", &[usual(), usual()], twice),
        of(
            "twice-other-office",
            "One key for two offices.",
            &[usual(), trusted(OFFICE, 2, &[], PASSES, 1)],
            twice,
        ),
        one(
            "unknown-content",
            "It may sign a kind of content that does not exist.",
            CONTENTS,
            cbor::int(1 << 15),
            malformed("the kinds of content"),
        ),
        one(
            "unknown-kind",
            "It may sign a kind of pass that does not exist.",
            KINDS,
            cbor::int(1 << 4),
            malformed("the kinds of pass"),
        ),
        one(
            "kinds-long",
            "The kinds of pass in two bytes.",
            KINDS,
            cbor::head_of_width(UINT, 15, 1),
            Refusal::NotCanonical,
        ),
        one(
            "from-long",
            "The start of its validity in nine bytes.",
            KEY_FROM,
            cbor::head_of_width(UINT, FROM.0 as u64, 8),
            Refusal::NotCanonical,
        ),
        one(
            "stretch-of-three",
            "A stretch with three ends.",
            COMPOUNDS,
            backward,
            malformed("a stretch of compounds"),
        ),
        one(
            "stretches-too-many",
            "It claims more stretches than any office has.",
            COMPOUNDS,
            cbor::head(ARRAY, 1025),
            malformed("the compounds of a key"),
        ),
        one(
            "of-eight-items",
            "Something more than a key has.",
            0,
            cbor::head(ARRAY, 8),
            malformed("a trusted key"),
        ),
    ]
}

/// Each other kind of signed content in place of a trust list.
fn contents() -> Vec<Case> {
    let pass = Forged::new(ROOT, None, items(&paper()).bytes());
    let rules = Forged::new(ROOT, Some(RULES), cbor::head(MAP, 0));
    let wrong = |found| Err(Refusal::WrongContent { found, wanted: Content::TrustList });
    vec![
        case("is-pass", "A pass by the root key.", &pass, wrong(Some(Content::Pass))),
        case(
            "is-status",
            "A status list by the root key.",
            &statuses::signed_by(ROOT),
            wrong(Some(Content::StatusList)),
        ),
        case("is-rules", "Rules by the root key.", &rules, wrong(Some(Content::Rules))),
    ]
}

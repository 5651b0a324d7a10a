//! Vectors of claims that a trusted key signed and that are no pass all the same.

use pass::Refusal;

use super::cbor::{self, ARRAY, BREAK, Items, MAP, TAG, TEXT, UINT};
use super::claims::{
    BODY, BODY_LABEL, CLAIMS, COLOUR, COMPOUND, EXPIRES, HOLDER, HOUSEHOLD, INDEX, KIND, MODE, NAME,
    NOT_BEFORE, NOW, PHONE, SERIAL, items, paper, phone,
};
use super::envelope::Forged;
use super::{Case, OFFICE, What};

pub(super) fn cases() -> Vec<Case> {
    [not_canonical(), wrong_values(), wrong_shapes()].into_iter().flatten().collect()
}

fn case(name: &str, about: &'static str, claims: &Items, refusal: Refusal) -> Case {
    let text = Forged::new(OFFICE, None, claims.bytes()).text();
    Case {
        what: What::Pass,
        name: format!("claims-{name}"),
        about,
        trust: "trust-good.txt",
        input: text.into_bytes(),
        wanted: Err(refusal),
    }
}

fn not_canonical() -> Vec<Case> {
    let with = |at, item| items(&paper()).with(at, item);
    let long = |value: u64, width| cbor::head_of_width(UINT, value, width);
    let name = "张*明".as_bytes();
    let long_name = [cbor::head_of_width(TEXT, name.len() as u64, 1).as_slice(), name].concat();
    let chunks = [cbor::indefinite(TEXT), cbor::text("张*明"), vec![BREAK]].concat();
    [
        (
            "long-map",
            "The number of claims in a byte of its own.",
            with(CLAIMS, cbor::head_of_width(MAP, 4, 1)),
        ),
        (
            "indefinite-map",
            "Claims of indefinite number.",
            with(CLAIMS, cbor::indefinite(MAP)).and(vec![BREAK]),
        ),
        ("long-exp-label", "Label 4 in two bytes.", with(1, long(4, 1))),
        ("long-exp", "The end in eight bytes.", with(EXPIRES, long(NOW.0 as u64 + 14 * 86_400, 8))),
        ("long-nbf", "The start in eight bytes.", with(NOT_BEFORE, long(NOW.0 as u64, 8))),
        (
            "long-cti",
            "The serial's length in eight bytes.",
            with(SERIAL, cbor::bytes_with_long_length(&[1, 2, 3, 4, 5])),
        ),
        ("chunks-cti", "The serial in chunks.", with(SERIAL, cbor::bytes_in_chunks(&[1, 2, 3, 4, 5]))),
        (
            "long-body-label",
            "The private label in eight bytes.",
            with(BODY_LABEL, cbor::head_of_width(1, 65_536, 8)),
        ),
        (
            "long-body",
            "The body's length in a byte of its own.",
            with(BODY, cbor::head_of_width(ARRAY, 8, 1)),
        ),
        (
            "indefinite-body",
            "A body of indefinite length.",
            with(BODY, cbor::indefinite(ARRAY)).and(vec![BREAK]),
        ),
        ("long-compound", "The compound in two bytes.", with(COMPOUND, long(3, 1))),
        ("long-household", "The household in four bytes.", with(HOUSEHOLD, long(1203, 4))),
        ("long-holder", "The holder in four bytes.", with(HOLDER, long(4711, 4))),
        ("long-index", "The index in eight bytes.", with(INDEX, long(20_480, 8))),
        ("long-colour", "The colour in two bytes.", with(COLOUR, long(0, 1))),
        ("long-kind", "The kind in two bytes.", with(KIND, long(0, 1))),
        ("long-mode", "The mode in two bytes.", with(MODE, long(0, 1))),
        ("long-name", "The name's length in a byte of its own.", with(NAME, long_name)),
        ("chunks-name", "The name in chunks.", with(NAME, chunks)),
    ]
    .into_iter()
    .map(|(name, about, claims)| case(name, about, &claims, Refusal::NotCanonical))
    .collect()
}

fn wrong_values() -> Vec<Case> {
    let end = paper().expires.0;
    let with = |at, item| items(&paper()).with(at, item);
    let int = |at, value| with(at, cbor::int(value));
    let text = |name: &str| with(NAME, cbor::text(name));
    let not_utf8 = [cbor::head(TEXT, 3).as_slice(), &[0xE5, 0xBC, 0x2A]].concat();
    let validity = "the validity";
    [
        ("empty-validity", "It ends when it starts.", int(EXPIRES, NOW.0), validity),
        ("backward-validity", "It ends before it starts.", int(NOT_BEFORE, end + 1), validity),
        ("before-1970", "It starts before 1970.", int(NOT_BEFORE, -1), validity),
        ("after-2106", "It ends after 2106.", int(EXPIRES, 1 << 32), validity),
        (
            "exp-highest",
            "It ends beyond 63 bits.",
            with(EXPIRES, cbor::head(UINT, u64::MAX)),
            "the claim exp",
        ),
        (
            "exp-float",
            "The end as a floating-point number.",
            with(EXPIRES, [&[0xFB], &(end as f64).to_be_bytes()[..]].concat()),
            "the claim exp",
        ),
        (
            "exp-tagged",
            "The end with the tag of a date.",
            with(EXPIRES, [cbor::head(TAG, 1), cbor::int(end)].concat()),
            "the claim exp",
        ),
        ("exp-text", "The end as a text.", with(EXPIRES, cbor::text("2020-09-27")), "the claim exp"),
        ("cti-of-four", "A serial of four bytes.", with(SERIAL, cbor::bytes(&[1; 4])), "the claim cti"),
        ("cti-of-six", "A serial of six bytes.", with(SERIAL, cbor::bytes(&[1; 6])), "the claim cti"),
        ("compound-negative", "A negative compound.", int(COMPOUND, -1), "the compound"),
        ("compound-33-bits", "A compound of 33 bits.", int(COMPOUND, 1 << 32), "the compound"),
        ("household-33-bits", "A household of 33 bits.", int(HOUSEHOLD, 1 << 32), "the household"),
        ("holder-17-bits", "A holder of 17 bits.", int(HOLDER, 1 << 16), "the holder"),
        ("index-33-bits", "An index of 33 bits.", int(INDEX, 1 << 32), "the status index"),
        ("colour-3", "A fourth colour.", int(COLOUR, 3), "the colour"),
        ("colour-256", "A colour that is green in its low byte.", int(COLOUR, 256), "the colour"),
        ("colour-text", "A colour in words.", with(COLOUR, cbor::text("green")), "the colour"),
        ("kind-4", "A fifth kind.", int(KIND, 4), "the kind"),
        ("mode-2", "A third mode.", int(MODE, 2), "the body of the pass"),
        ("name-empty", "No name.", text(""), "the name"),
        ("name-of-16", "A name of sixteen bytes.", text("0123456789abcdef"), "the name"),
        ("name-control", "A control character in the name.", text("A\u{1B}[2J"), "the name"),
        ("name-not-utf8", "A name that is no UTF-8.", with(NAME, not_utf8), "the name"),
        ("name-bytes", "A name as bytes.", with(NAME, cbor::bytes("张*明".as_bytes())), "the name"),
    ]
    .into_iter()
    .map(|(name, about, claims, what)| case(name, about, &claims, Refusal::Malformed { what }))
    .collect()
}

fn wrong_shapes() -> Vec<Case> {
    let malformed = |what| Refusal::Malformed { what };
    let claims = || items(&paper());
    let extra = claims().with(CLAIMS, cbor::head(MAP, 5)).and(cbor::int(-65_540)).and(cbor::int(0));
    let issued = claims().with(5, cbor::int(6)).with(SERIAL, cbor::int(NOW.0));
    let phone_body = cbor::head(ARRAY, 9);
    let no_key = claims().with(MODE, cbor::int(1));
    let key_on_paper = claims().with(BODY, phone_body).and(cbor::bytes(&[0xAB; 32]));
    let short_key = items(&phone()).with(PHONE, cbor::bytes(&[0xAB; 31]));
    let body = "the body of the pass";
    vec![
        case(
            "missing",
            "Three claims.",
            &claims().with(CLAIMS, cbor::head(MAP, 3)).up_to(BODY_LABEL),
            malformed("the claims"),
        ),
        case("extra", "A fifth claim.", &extra, malformed("the claims")),
        case(
            "array",
            "An array of claims.",
            &claims().with(CLAIMS, cbor::head(ARRAY, 8)),
            malformed("the claims"),
        ),
        case("empty", "No claims at all.", &Items(Vec::new()), Refusal::Truncated { inside: "the claims" }),
        case(
            "order",
            "The start before the end: not in the order of labels.",
            &claims().exchanged(1, 3),
            malformed("the claim exp"),
        ),
        case("label-twice", "The end twice.", &claims().with(3, cbor::int(4)), malformed("the claim nbf")),
        case("other-label", "The claim iat in place of cti.", &issued, malformed("the claim cti")),
        case(
            "label-text",
            "A label in words.",
            &claims().with(1, cbor::text("exp")),
            malformed("the claim exp"),
        ),
        case(
            "cut",
            "Claims cut inside the name.",
            &claims().with(NAME, cbor::head(TEXT, 7)),
            Refusal::Truncated { inside: "the name" },
        ),
        case("appended", "A byte after the claims.", &claims().and(vec![0]), Refusal::Appended { count: 1 }),
        case("phone-without-key", "A phone's pass without a key.", &no_key, malformed(body)),
        case("paper-with-key", "A card with a phone's key.", &key_on_paper, malformed(body)),
        case("phone-key-of-31", "A phone's key of 31 bytes.", &short_key, malformed("the phone's key")),
        case(
            "body-of-ten",
            "A body with something more.",
            &items(&phone()).with(BODY, cbor::head(ARRAY, 10)).and(cbor::int(0)),
            malformed(body),
        ),
        case(
            "body-of-seven",
            "A body without a name.",
            &claims().with(BODY, cbor::head(ARRAY, 7)).up_to(NAME),
            Refusal::Truncated { inside: "the name" },
        ),
        case(
            "body-huge",
            "A body that claims to be endless.",
            &claims().with(BODY, cbor::head(ARRAY, u64::MAX)),
            malformed(body),
        ),
        case(
            "name-huge",
            "A name that claims to be endless.",
            &claims().with(NAME, cbor::head(TEXT, u64::MAX)),
            Refusal::Truncated { inside: "the name" },
        ),
    ]
}

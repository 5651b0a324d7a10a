//! What a pass costs beside bare Ed25519: whole texts against the same messages, taken in turns in one run.
//!
//! `cargo bench -p pass` prints medians and ratios. A ratio above 1.10 ends it with an error: everything around the
//! signature (Base45, CBOR, the second encoding, the trust list) may cost a tenth of the signature and no more.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, Signer, VerifyingKey};
use pass::{
    Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, Serial, SigningKey,
    Timestamp, TrustList, TrustedKey, TrustedKeys, base45, sign, verify,
};

/// What the issue allows.
const LIMIT: f64 = 1.10;
const ROUNDS: usize = 4000;
/// Keys in the trust list, as a district with many offices has.
const OFFICES: u8 = 40;

fn main() -> ExitCode {
    let key = SigningKey::from_seed(&[OFFICES; 32]);
    let keys = trusting();
    let raw_key = ed25519_dalek::SigningKey::from_bytes(&[OFFICES; 32]);
    let raw_public = VerifyingKey::from_bytes(&key.public().to_bytes()).expect("a key of ours is a point");
    let mut within = true;
    for (name, mode) in [("paper", Mode::Paper), ("phone", Mode::Phone([0xAB; 32]))] {
        let pass = pass(mode);
        let text = sign(pass.clone(), &key).expect("a pass with a validity can be signed").text;
        let (message, signature) = taken_apart(&text);
        assert!(raw_public.verify_strict(&message, &signature).is_ok(), "not the message that was signed");
        assert!(raw_key.sign(&message) == signature, "not the message that was signed");
        within &= compare(
            &format!("verify, {name}"),
            || black_box(verify(black_box(&text), &keys).is_ok()),
            || black_box(raw_public.verify_strict(black_box(&message), &signature).is_ok()),
        );
        within &= compare(
            &format!("sign, {name}"),
            || black_box(sign(black_box(&pass).clone(), &key)).is_ok(),
            || black_box(raw_key.sign(black_box(&message))) == signature,
        );
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Times both in turns, so that whatever else the machine does meets both, and prints the ratio of their medians.
fn compare(name: &str, ours: impl Fn() -> bool, raw: impl Fn() -> bool) -> bool {
    let time = |work: &dyn Fn() -> bool| {
        let start = Instant::now();
        assert!(work(), "{name} failed");
        start.elapsed()
    };
    let (mut our_times, mut raw_times) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        our_times.push(time(&ours));
        raw_times.push(time(&raw));
    }
    let (ours, raw) = (median(our_times), median(raw_times));
    let ratio = ours.as_secs_f64() / raw.as_secs_f64();
    let verdict = if ratio <= LIMIT { "" } else { "  above the limit" };
    println!("{name:14} {:6.2} µs, Ed25519 alone {:6.2} µs: {ratio:.3}{verdict}", micros(ours), micros(raw));
    ratio <= LIMIT
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The Sig_structure (RFC 9052 §4.4) and the signature inside a text, read by fixed places.
fn taken_apart(text: &str) -> (Vec<u8>, Signature) {
    let bytes = base45::decode(&text[pass::PREFIX.len()..]).expect("a text of ours is Base45");
    // Tag and array take two bytes, the protected header a head and nine, the unprotected header one.
    let (protected, payload) = (&bytes[2..12], &bytes[13..bytes.len() - 66]);
    let message = [&[0x84, 0x6A], b"Signature1".as_slice(), protected, &[0x40], payload].concat();
    (message, Signature::from_slice(&bytes[bytes.len() - 64..]).expect("64 bytes"))
}

fn pass(mode: Mode) -> Pass {
    Pass {
        serial: Serial([0xA7, 0x3C, 0x10, 0xFE, 0x99]),
        not_before: Timestamp(1_600_000_000),
        expires: Timestamp(1_601_209_600),
        compound: CompoundId(312),
        household: 1203,
        holder: 4711,
        index: 20_480,
        colour: Colour::Green,
        kind: Kind::Person,
        mode,
        name: Name::new("张*明").expect("seven bytes"),
    }
}

/// A district's keys, the one that signs among the last.
fn trusting() -> TrustedKeys {
    let root = SigningKey::from_seed(&[255; 32]);
    let keys = (1..=OFFICES).map(|office| TrustedKey {
        public: SigningKey::from_seed(&[office; 32]).public(),
        office: OfficeId(office.into()),
        compounds: vec![1..=20, 300..=320],
        contents: Contents::of(&[Content::Pass, Content::StatusList]),
        kinds: Kinds::of(&Kind::ALL),
        from: Timestamp(1_500_000_000),
        until: Timestamp(1_700_000_000),
    });
    let list = TrustList { version: 1, issued: Timestamp(1_500_000_000), keys: keys.collect() };
    TrustList::open(&list.sign(&root), &root.public()).expect("a list of ours opens")
}

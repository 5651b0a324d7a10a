//! Programs for gates: what the root signed is read, and nothing else is, whatever somebody makes of the file.

use bolero::check;
use minicbor::Encoder;
use pass::{Content, Refusal, SigningKey, Timestamp};
use proptest::prelude::*;
use protocol::{Update, UpdateError, Version};

const TARGET: &str = "aarch64-unknown-linux-gnu";

fn root() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn update(program: &[u8]) -> Update {
    Update::about(&mut &*program, Version(1, 2, 3), TARGET, Timestamp(1_600_000_000)).expect("a good one")
}

fn file(program: &[u8]) -> Vec<u8> {
    [Update::head(&update(program).sign(&root())), program.to_vec()].concat()
}

/// Reads a file whole.
fn read(mut file: &[u8]) -> Result<(Update, Vec<u8>), UpdateError> {
    let mut program = Vec::new();
    let (_, update) = Update::read_head(&mut file, &root().public())?;
    update.read_program(&mut file, &mut program)?;
    Ok((update, program))
}

#[test]
fn what_the_root_signed_comes_back_and_nothing_else_does() {
    let program = b"#!/bin/sh\nexit 0\n";
    let good = file(program);
    let (found, bytes) = read(&good).unwrap();
    assert_eq!((found.clone(), &bytes[..]), (update(program), &program[..]));
    let signed = update(program).sign(&root());
    assert_eq!(found.file_size(&signed), good.len() as u64);
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            assert!(read(&bad).is_err(), "bit {bit} of byte {at}");
        }
        assert!(read(&good[..at]).is_err(), "the first {at} bytes");
    }
    assert!(matches!(read(&[&good[..], b"x"].concat()), Err(UpdateError::Long { size: 17 })));
    assert!(matches!(read(&good[..good.len() - 1]), Err(UpdateError::Short { found: 16, size: 17 })));
    let mut other = good;
    *other.last_mut().unwrap() ^= 1;
    assert!(matches!(read(&other), Err(UpdateError::Changed)));
}

#[test]
fn who_may_not_sign_programs_signs_none() {
    assert!(!Content::OF_OFFICE.contains(&Content::Update), "an office's server may be stolen");
    let stranger = update(b"x").sign(&SigningKey::from_seed(&[2; 32]));
    assert!(matches!(Update::open(&stranger, &root().public()), Err(Refusal::UnknownKey { .. })));
    // The root signs lists of keys as well: none of them passes for a program, whatever stands in it.
    let signed = update(b"x").sign(&root());
    let claims = Content::Update.open_by(&signed, &root().public()).unwrap();
    let list = Content::TrustList.sign(claims, &root());
    assert!(matches!(Update::open(&list, &root().public()), Err(Refusal::WrongContent { .. })));
    assert!(Update::open(&Content::Update.sign(claims, &root()), &root().public()).is_ok());
}

/// The claims with these values in place of the good ones.
fn claims(form: u64, product: &str, version: &[u64], target: &str, size: u64, sha256: &[u8]) -> Vec<u8> {
    let write = || -> Result<Vec<u8>, minicbor::encode::Error<std::convert::Infallible>> {
        let mut e = Encoder::new(Vec::new());
        e.map(3)?.i64(6)?.i64(1)?.i64(-65_538)?.u64(form)?.i64(-65_549)?;
        e.array(5)?.str(product)?.array(version.len() as u64)?;
        for number in version {
            e.u64(*number)?;
        }
        e.str(target)?.u64(size)?.bytes(sha256)?;
        Ok(e.into_writer())
    };
    write().expect("a Vec takes every write")
}

#[test]
fn the_root_itself_can_not_sign_nonsense() {
    let long = "a".repeat(65);
    let good = || claims(1, "kiosk", &[1, 2, 3], TARGET, 9, &[7; 32]);
    let open = |claims: &[u8]| Update::open(&Content::Update.sign(claims, &root()), &root().public());
    assert_eq!(open(&good()).unwrap().version, Version(1, 2, 3));
    for (what, bad) in [
        ("a form to come", claims(2, "kiosk", &[1, 2, 3], TARGET, 9, &[7; 32])),
        ("another product", claims(1, "issuer", &[1, 2, 3], TARGET, 9, &[7; 32])),
        ("two numbers", claims(1, "kiosk", &[1, 2], TARGET, 9, &[7; 32])),
        ("a large number", claims(1, "kiosk", &[1, 2, 65_536], TARGET, 9, &[7; 32])),
        ("a path", claims(1, "kiosk", &[1, 2, 3], "../../etc", 9, &[7; 32])),
        ("no target", claims(1, "kiosk", &[1, 2, 3], "", 9, &[7; 32])),
        ("a long target", claims(1, "kiosk", &[1, 2, 3], &long, 9, &[7; 32])),
        ("nothing", claims(1, "kiosk", &[1, 2, 3], TARGET, 0, &[7; 32])),
        ("too much", claims(1, "kiosk", &[1, 2, 3], TARGET, Update::MAX_SIZE + 1, &[7; 32])),
        ("a short hash", claims(1, "kiosk", &[1, 2, 3], TARGET, 9, &[7; 31])),
        ("a byte more", [good(), vec![0]].concat()),
    ] {
        assert!(open(&bad).is_err(), "{what}");
    }
    let about = |program: &[u8], target: &str| {
        Update::about(&mut &*program, Version(1, 2, 3), target, Timestamp(1)).is_ok()
    };
    assert!(about(b"x", TARGET));
    assert!(!about(b"", TARGET) && !about(b"x", "X86") && !about(b"x", "a/b"));
    let endless = Update::about(&mut std::io::repeat(0), Version(1, 2, 3), TARGET, Timestamp(1));
    assert!(endless.is_err(), "longer than any program");
}

#[test]
fn versions_are_written_in_one_way_and_ordered_by_their_numbers() {
    for bad in ["", "1", "1.2", "1.2.3.4", "01.2.3", "+1.2.3", "1.2.3-beta", "1.2.65536", "1. 2.3", "../.."] {
        assert!(bad.parse::<Version>().is_err(), "{bad:?}");
    }
    let sorted = ["0.1.0", "0.2.0", "0.10.0", "1.0.0", "1.0.1"];
    let parsed: Vec<Version> = sorted.iter().map(|text| text.parse().unwrap()).collect();
    assert!(parsed.is_sorted_by(|a, b| a < b));
    assert_eq!(parsed.iter().map(ToString::to_string).collect::<Vec<_>>(), sorted);
    assert_eq!(Update::file_name("x86_64-unknown-linux-gnu"), "kiosk-x86-64-unknown-linux-gnu");
}

proptest! {
    #[test]
    fn programs_come_back_whole(program in prop::collection::vec(any::<u8>(), 1..20_000), numbers: (u16, u16, u16)) {
        let version = Version(numbers.0, numbers.1, numbers.2);
        prop_assert_eq!(version.to_string().parse(), Ok(version));
        let (found, bytes) = read(&file(&program)).unwrap();
        prop_assert_eq!(found.size, program.len() as u64);
        prop_assert_eq!(bytes, program);
    }
}

#[test]
fn whatever_a_file_says_it_is_read_or_refused() {
    let head = Update::head(&update(b"program").sign(&root()));
    check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read(bytes);
        // Nonsense that the root signed, and nonsense after a good beginning.
        let nonsense = Update::head(&Content::Update.sign(bytes, &root()));
        assert!(read(&nonsense).is_err());
        let whole = [&head[..], bytes].concat();
        assert_eq!(read(&whole).is_ok(), bytes == b"program");
    });
}

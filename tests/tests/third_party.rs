//! The formats as other people's programs read them: what we sign and draw, they must verify, see and understand.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use end_to_end::python;
use image::{GrayImage, Luma};
use pass::{
    Clock, Colour, CompoundId, Jwk, Kind, Mode, Name, OfficeId, Pass, Serial, SigningKey, Status, StatusList,
    SystemClock, Timestamp, base45, sign,
};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

/// A pass that holds now: their programs look at the clock.
fn pass(name: &str, mode: Mode) -> Pass {
    let now = SystemClock.now();
    Pass {
        serial: Serial([0xA7, 0x3C, 0x10, 0xFE, 0x99]),
        not_before: now.plus(-DAY),
        expires: now.plus(DAY),
        compound: CompoundId(3),
        household: 1203,
        holder: 4711,
        index: 20_480,
        colour: Colour::Yellow,
        kind: Kind::Person,
        mode,
        name: Name::new(name).expect("a name of the test fits"),
    }
}

/// A card whose every number is as long as can be.
fn longest() -> Pass {
    Pass {
        serial: Serial([0xFF; 5]),
        compound: CompoundId(u32::MAX),
        household: u32::MAX,
        holder: u16::MAX,
        index: u32::MAX,
        colour: Colour::Red,
        kind: Kind::Specimen,
        ..pass("买买提·*江", Mode::Paper)
    }
}

fn passes() -> Vec<Pass> {
    let vehicle = Pass { kind: Kind::Vehicle, colour: Colour::Green, ..pass("鄂A12345", Mode::Paper) };
    let zeros = Pass {
        serial: Serial([0; 5]),
        compound: CompoundId(0),
        household: 0,
        holder: 0,
        index: 0,
        ..pass("A", Mode::Paper)
    };
    vec![pass("张*明", Mode::Paper), pass("张*明", Mode::Phone([0xAB; 32])), longest(), vehicle, zeros]
}

fn text(pass: &Pass) -> String {
    sign(pass.clone(), &key()).expect("a pass of the test can be signed").text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a stranger should read: the claims by their labels, the body as an array.
fn claims(pass: &Pass) -> Value {
    let mut body = json!([
        pass.compound.0,
        pass.household,
        pass.holder,
        pass.index,
        pass.colour as u8,
        pass.kind as u8,
        u8::from(pass.mode != Mode::Paper),
        pass.name.as_str()
    ]);
    if let (Mode::Phone(key), Value::Array(body)) = (&pass.mode, &mut body) {
        body.push(hex(key).into());
    }
    json!({"4": pass.expires.0, "5": pass.not_before.0, "7": hex(&pass.serial.0), "-65537": body})
}

fn ask_python_cwt(texts: &[String]) -> Value {
    let public = key().public();
    let question = json!({
        "texts": texts,
        "cose_key": STANDARD.encode(public.cose_key()),
        "jwk": Jwk::new(&public, "issuer"),
    });
    python::ask("verify_pass.py", &[], &question)
}

#[test]
fn python_cwt_verifies_a_pass_by_both_forms_of_the_key() {
    let passes = passes();
    let texts: Vec<String> = passes.iter().map(text).collect();
    let read = ask_python_cwt(&texts);
    for (i, pass) in passes.iter().enumerate() {
        let wanted = json!({
            "protected": {"1": -8, "4": hex(&key().id().0)},
            "unprotected": {},
            "claims": claims(pass),
        });
        assert_eq!(read[i], json!({"cose_key": wanted, "jwk": wanted}), "{pass:?}");
    }
}

#[test]
fn python_cwt_refuses_what_we_refuse() {
    let good = pass("张*明", Mode::Paper);
    let bytes = base45::decode(&text(&good)[4..]).expect("our own text");
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        format!("SG1:{}", base45::encode(&bytes))
    };
    let stranger = sign(good.clone(), &SigningKey::from_seed(&[43; 32])).expect("a pass").text;
    let gone = Pass {
        not_before: good.not_before.plus(-9 * DAY),
        expires: good.expires.plus(-9 * DAY),
        ..good.clone()
    };
    let early = Pass { not_before: good.expires, expires: good.expires.plus(DAY), ..good };
    let texts = [flipped(30), flipped(bytes.len() - 1), stranger, text(&gone), text(&early)];
    let read = ask_python_cwt(&texts);
    for (i, text) in texts.iter().enumerate() {
        for form in ["cose_key", "jwk"] {
            assert!(read[i][form]["error"].is_string(), "{text}: {read}");
        }
    }
}

/// The code of `text` as a picture: dark on light, the quiet zone around it.
fn draw(text: &str, module: u32, file: &Path) {
    const QUIET: u32 = 4;
    let code = qr::encode(text).expect("a pass fits a code");
    let side = (u32::try_from(code.width()).expect("at most 177") + 2 * QUIET) * module;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let place = |at: u32| (at / module).checked_sub(QUIET).map(|at| at as usize);
        let dark = place(x).zip(place(y)).is_some_and(|(x, y)| code.is_dark(x, y));
        Luma([if dark { 0 } else { 255 }])
    });
    picture.save(file).expect("a temporary folder can be written");
}

/// zxing-cpp reads every picture. OpenCV's reader misses a clean code at one size or another (about one in two
/// hundred), so it may see nothing in a picture, but never another text, and it reads every code at some size.
#[test]
fn zxing_and_opencv_read_our_codes() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let texts: Vec<String> = passes().iter().map(text).collect();
    let sizes = [4, 5, 7, 8];
    let drawn: Vec<PathBuf> = (0..texts.len() * sizes.len())
        .map(|at| {
            let (i, module) = (at / sizes.len(), sizes[at % sizes.len()]);
            let file = folder.path().join(format!("{i}-{module}.png"));
            draw(&texts[i], module, &file);
            file
        })
        .collect();
    let files: Vec<&Path> = drawn.iter().map(PathBuf::as_path).collect();
    let read = python::ask("read_codes.py", &files, &Value::Null);
    for (i, text) in texts.iter().enumerate() {
        let mut seen_by_opencv = 0;
        for (j, module) in sizes.iter().enumerate() {
            let read = &read[i * sizes.len() + j];
            assert_eq!(read["zxing"], json!([text]), "modules of {module} px");
            if read["opencv"] != "" {
                assert_eq!(read["opencv"], *text, "modules of {module} px");
                seen_by_opencv += 1;
            }
        }
        assert!(seen_by_opencv > 0, "OpenCV reads this code at no size: {text}");
    }
}

/// A list with every status, many times over, that holds now.
fn status_list(passes: usize, expires: Timestamp) -> (StatusList, Vec<Status>) {
    let every = [
        Status::AsSigned,
        Status::Withdrawn,
        Status::Suspended,
        Status::Replaced,
        Status::Now(Colour::Green),
        Status::Now(Colour::Yellow),
        Status::Now(Colour::Red),
    ];
    let statuses: Vec<Status> = every.into_iter().cycle().take(passes).collect();
    let now = SystemClock.now();
    (StatusList::new(OfficeId(12), 77, now, expires, &statuses), statuses)
}

fn ask_status_reader(signed: &[u8], signer: &SigningKey, indices: &[usize]) -> Value {
    let question = json!({
        "list": STANDARD.encode(signed),
        "cose_key": STANDARD.encode(signer.public().cose_key()),
        "indices": indices,
    });
    python::ask("read_status_list.py", &[], &question)
}

#[test]
fn a_reader_of_the_draft_reads_our_status_list() {
    for passes in [0, 1, 2, 999, 20_000] {
        let (list, statuses) = status_list(passes, SystemClock.now().plus(DAY));
        let indices: Vec<usize> = (0..passes).chain([passes + 2]).collect();
        let read = ask_status_reader(&list.sign(&key()), &key(), &indices);
        // The numbers of the draft's registry (§7.1) and of its application-specific range.
        let numbers = statuses.iter().map(|status| match status {
            Status::AsSigned => json!(0x0),
            Status::Withdrawn => json!(0x1),
            Status::Suspended => json!(0x2),
            Status::Replaced => json!(0x3),
            Status::Now(Colour::Green) => json!(0xC),
            Status::Now(Colour::Yellow) => json!(0xD),
            Status::Now(Colour::Red) => json!(0xE),
        });
        let wanted = json!({
            "algorithm": -8,
            "key_id": key().id().to_string(),
            "type": "application/statuslist+cwt",
            "subject": "urn:sanse-gate:status:12",
            "expires": list.expires.0,
            "issued": list.issued.0,
            "bits": 4,
            "statuses": numbers.chain([Value::Null]).collect::<Vec<_>>(),
        });
        assert_eq!(read, wanted, "{passes} passes");
    }
}

#[test]
fn a_reader_of_the_draft_refuses_a_list_that_is_not_ours_or_has_expired() {
    let (list, _) = status_list(9, SystemClock.now().plus(DAY));
    let (old, _) = status_list(9, SystemClock.now().plus(-DAY));
    let stranger = SigningKey::from_seed(&[43; 32]);
    for (signed, signer) in [(list.sign(&stranger), key()), (old.sign(&key()), key())] {
        let read = ask_status_reader(&signed, &signer, &[0]);
        assert!(read["error"].is_string(), "{read}");
    }
}

//! What is taken and what isn't, what a cut leaves, and which program is to be started; starting it for real is for the end-to-end
//! tests.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use pass::{SigningKey, Timestamp};
use tempfile::TempDir;

use super::*;

const NEWER: Version = Version(BUILT.0, BUILT.1 + 1, 0);
const NEWEST: Version = Version(BUILT.0, BUILT.1 + 2, 0);

/// A gate that has pinned a root.
struct Gate {
    _dir: TempDir,
    programs: Programs,
}

fn root() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn file_of(version: Version, target: &str, key: &SigningKey) -> Vec<u8> {
    let program = format!("#!/bin/sh\necho {version}\n");
    let update = Update::about(&mut program.as_bytes(), version, target, Timestamp(9)).expect("a good one");
    [Update::head(&update.sign(key)), program.into_bytes()].concat()
}

fn file(version: Version) -> Vec<u8> {
    file_of(version, TARGET, &root())
}

impl Gate {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("there is room");
        let held = Held::in_folder(dir.path());
        held.pin(&root().public(), false).expect("nothing is pinned yet");
        let running = Running { version: BUILT, installed: None };
        let programs = Programs { folder: held.folder().join(FOLDER), held, running };
        Self { _dir: dir, programs }
    }

    fn take(&self, file: &[u8]) -> Result<Version, CannotTake> {
        self.programs.take(&mut &*file)
    }

    /// The same gate, with a newer program at work.
    fn running(&self, version: Version) -> Programs {
        let running = Running { version, installed: Some("/usr/bin/kiosk".into()) };
        Programs { running, ..self.programs.clone() }
    }

    fn standing(&self) -> (Option<Version>, Option<Version>) {
        let Standing { waits, failed } = self.programs.standing();
        (waits, failed)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.programs.folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.contains("lock"))
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_newer_program_is_kept_whole_and_can_be_run() {
    let gate = Gate::new();
    assert_eq!(
        (gate.standing(), gate.names()),
        ((None, None), vec![]),
        "nothing is made before it is needed"
    );
    assert_eq!(gate.take(&file(NEWER)).unwrap(), NEWER);
    gate.programs.verify(NEWER).unwrap();
    let ran =
        std::process::Command::new("sh").arg(gate.programs.place(NEWER).join(PROGRAM)).output().unwrap();
    assert_eq!(String::from_utf8(ran.stdout).unwrap(), format!("{NEWER}\n"));
    assert_eq!(gate.standing(), (Some(NEWER), None));
    assert_eq!(gate.programs.software(), format!("kiosk {BUILT}"));
    assert_eq!(gate.running(NEWER).software(), format!("kiosk {NEWER}"));
}

#[test]
fn what_is_not_to_run_is_not_taken() {
    let gate = Gate::new();
    let good = file(NEWER);
    let stranger = SigningKey::from_seed(&[2; 32]);
    let older = Version(0, 0, 1);
    let bad: [(&str, Vec<u8>); 9] = [
        ("of another root", file_of(NEWER, TARGET, &stranger)),
        ("for another machine", file_of(NEWER, "m68k-unknown-linux-gnu", &root())),
        ("older", file(older)),
        ("the one that is installed", file(BUILT)),
        ("cut short", good[..good.len() - 1].to_vec()),
        ("cut in what is signed", good[..50].to_vec()),
        ("longer", [&good[..], b"x"].concat()),
        ("unsigned", b"#!/bin/sh\necho\n".to_vec()),
        ("empty", Vec::new()),
    ];
    for (what, bytes) in bad {
        assert!(gate.take(&bytes).is_err(), "{what}");
        assert!(gate.programs.places().is_empty(), "{what}");
    }
    for at in 0..good.len() {
        let mut flipped = good.clone();
        flipped[at] ^= 4;
        assert!(gate.take(&flipped).is_err(), "byte {at}");
    }
    assert!(gate.names().iter().all(|name| !name.starts_with(ARRIVING)), "{:?}", gate.names());
    // Never back, also when what came is gone.
    gate.take(&file(NEWEST)).unwrap();
    assert!(matches!(gate.take(&file(NEWER)), Err(CannotTake::NotNewer { than: NEWEST, .. })));
    assert!(matches!(gate.take(&file(NEWEST)), Err(CannotTake::NotNewer { than: NEWEST, .. })));
    gate.programs.forget(NEWEST);
    assert!(matches!(gate.take(&file(NEWER)), Err(CannotTake::NotNewer { than: NEWEST, .. })));
    gate.take(&file(NEWEST)).unwrap();
    let none = tempfile::tempdir().unwrap();
    let nobody = Programs::of(&Held::in_folder(none.path()));
    assert!(matches!(nobody.take(&mut &*good), Err(CannotTake::Untrusted)));
}

#[test]
fn three_starts_without_proof_are_the_last() {
    let gate = Gate::new();
    gate.take(&file(NEWER)).unwrap();
    let start = |version| gate.programs.change(|state| state.count(version)).unwrap();
    assert_eq!([1, 2, 3, 4, 5].map(|_| start(NEWER)), [true, true, true, false, false]);
    gate.programs.forget(NEWER);
    assert_eq!((gate.standing(), gate.programs.places()), ((None, Some(NEWER)), vec![]));
    assert_eq!(gate.programs.software(), format!("kiosk {BUILT} (! {NEWER})"));
    assert!(matches!(gate.take(&file(NEWER)), Err(CannotTake::Failed { version: NEWER })), "never again");
    // The next one can be taken; and once it runs, the other is of no interest any more.
    gate.take(&file(NEWEST)).unwrap();
    assert_eq!(gate.standing(), (Some(NEWEST), Some(NEWER)));
    assert_eq!(gate.running(NEWEST).standing(), Standing::default());
    // A start that ended as it was asked to says nothing; one that was at work well begins anew.
    for _ in 0..9 {
        assert!(start(NEWEST));
        gate.running(NEWEST).ended_in_order();
    }
    assert!(start(NEWEST) && start(NEWEST) && start(NEWEST));
    gate.programs.change(|state| state.prove(NEWEST)).unwrap();
    // Power that comes and goes is not the fault of a program that has worked; but a machine it can't start on any more counts too.
    assert_eq!((0..20).filter(|_| start(NEWEST)).count(), 10);
}

#[test]
fn the_newest_and_the_best_before_it_are_kept() {
    let gate = Gate::new();
    let version = |n: u16| Version(BUILT.0, BUILT.1 + 1, n);
    gate.take(&file(version(1))).unwrap();
    gate.programs.change(|state| state.prove(version(1))).unwrap();
    gate.take(&file(version(2))).unwrap();
    gate.take(&file(version(3))).unwrap();
    assert_eq!(gate.programs.places(), [version(1), version(3)], "the second never proved itself");
    gate.programs.change(|state| state.prove(version(3))).unwrap();
    gate.take(&file(version(4))).unwrap();
    assert_eq!(gate.programs.places(), [version(3), version(4)]);
}

#[test]
fn decay_is_found_and_what_a_cut_left_goes() {
    let gate = Gate::new();
    gate.take(&file(NEWER)).unwrap();
    let program = gate.programs.place(NEWER).join(PROGRAM);
    let good = fs::read(&program).unwrap();
    for bad in [&good[..good.len() - 1], b"", b"#!/bin/sh\nrm -rf /\n"] {
        fs::write(&program, bad).unwrap();
        assert!(matches!(gate.programs.verify(NEWER), Err(CannotTake::Update(_))));
    }
    fs::write(&program, &good).unwrap();
    gate.programs.verify(NEWER).unwrap();
    // Another root vouches for nothing of what the one before has signed.
    gate.programs.held.pin(&SigningKey::from_seed(&[2; 32]).public(), true).unwrap();
    assert!(matches!(gate.programs.verify(NEWER), Err(CannotTake::Update(UpdateError::Refused(_)))));
    gate.programs.held.pin(&root().public(), true).unwrap();
    // A good program under the name of another version.
    fs::rename(gate.programs.place(NEWER), gate.programs.place(NEWEST)).unwrap();
    assert!(gate.programs.verify(NEWEST).is_err());
    fs::rename(gate.programs.place(NEWEST), gate.programs.place(NEWER)).unwrap();

    for left in [ARRIVING, LEAVING] {
        fs::create_dir(gate.programs.folder.join(left)).unwrap();
        fs::write(gate.programs.folder.join(left).join(PROGRAM), b"half of it").unwrap();
    }
    gate.programs.tidy();
    assert_eq!(gate.names(), [NEWER.to_string(), "state.json".to_owned()]);
    // Cut between the program's arrival and the word of it: it is there all the same, and nothing older comes.
    fs::remove_file(gate.programs.folder.join("state.json")).unwrap();
    assert_eq!(gate.standing(), (Some(NEWER), None));
    assert!(gate.take(&file(Version(BUILT.0, BUILT.1, BUILT.2 + 1))).is_err());
    fs::write(gate.programs.folder.join("state.json"), "{\"programs\": tor").unwrap();
    assert!(gate.programs.change(|state| state.count(NEWER)).unwrap(), "what is torn says nothing");
}

#[test]
fn words_for_one_process_mean_nothing_in_another() {
    let told = Running::told(NEWER, 17, Path::new("/usr/bin/a kiosk"));
    let told = told.to_str().unwrap();
    let here = Running::of(told, 17);
    assert_eq!(here, Running { version: NEWER, installed: Some("/usr/bin/a kiosk".into()) });
    for (told, process) in [(told, 18), ("", 17), ("1.2 17 /a", 17), ("1.2.3 17", 17), ("1.2.3", 17)] {
        assert_eq!(Running::of(told, process), Running { version: BUILT, installed: None }, "{told}");
    }
}

const SECOND: Duration = Duration::from_secs(1);

fn doing(well: bool, quiet: Option<u64>, emergency: bool) -> Doing {
    Doing { well, quiet: quiet.map(Duration::from_secs), emergency }
}

#[test]
fn a_newer_program_takes_over_when_nobody_needs_the_gate() {
    let gate = Gate::new();
    let nowhere = ([127, 0, 0, 1], 1).into();
    let start = Instant::now();
    let mut trial = Trial::new(gate.programs.clone(), 180 * SECOND, nowhere, start);
    let mut at = start;
    let mut look = |trial: &mut Trial, now: Doing| {
        at += 2 * SECOND;
        trial.look(at, || now)
    };
    assert_eq!(look(&mut trial, doing(true, Some(999), false)), Turn::Stay, "nothing waits");
    gate.take(&file(NEWER)).unwrap();
    for busy in [doing(true, None, false), doing(true, Some(179), false), doing(true, Some(999), true)] {
        assert_eq!(look(&mut trial, busy), Turn::Stay, "{busy:?}");
    }
    assert_eq!(trial.standing().waits, Some(NEWER));
    assert_eq!(look(&mut trial, doing(true, Some(180), false)), Turn::Again);
    // A gate that judges nothing loses nothing.
    assert_eq!(look(&mut trial, doing(false, Some(180), false)), Turn::Again);
}

#[test]
fn a_program_is_good_when_its_gate_was_at_work_for_a_minute() {
    let gate = Gate::new();
    gate.take(&file(NEWER)).unwrap();
    assert!(gate.programs.change(|state| state.count(NEWER)).unwrap());
    let page = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = page.local_addr().unwrap();
    let start = Instant::now();
    let mut trial = Trial::new(gate.running(NEWER), 180 * SECOND, address, start);
    let starts = || fs::read_to_string(gate.programs.folder.join("state.json")).unwrap();
    for second in 1..=61 {
        assert_eq!(trial.look(start + second * SECOND, || doing(true, None, false)), Turn::Stay);
        assert!(starts().contains("\"starts\": 1"), "second {second}");
    }
    // Its page is asked, as a browser would.
    let (mut asked, _) = page.accept().unwrap();
    let mut line = [0; 16];
    std::io::Read::read_exact(&mut asked, &mut line).unwrap();
    assert_eq!(&line, b"GET / HTTP/1.1\r\n");
    std::io::Write::write_all(&mut asked, b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let deadline = Instant::now() + 60 * SECOND;
    let mut at = start + 70 * SECOND;
    while !starts().contains("\"proved\": true") {
        assert!(Instant::now() < deadline, "never proved");
        at += SECOND;
        assert_eq!(trial.look(at, || doing(true, None, false)), Turn::Stay);
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(starts().contains("\"starts\": 0"));
    // From then on trouble is the gate's, not the program's.
    assert_eq!(trial.look(at + 9999 * SECOND, || doing(false, None, false)), Turn::Stay);
}

#[test]
fn a_program_that_can_not_do_its_work_gives_up() {
    let gate = Gate::new();
    gate.take(&file(NEWER)).unwrap();
    let start = Instant::now();
    let nowhere = ([127, 0, 0, 1], 1).into();
    let mut trial = Trial::new(gate.running(NEWER), 180 * SECOND, nowhere, start);
    assert_eq!(trial.look(start + 179 * SECOND, || doing(false, None, false)), Turn::Stay);
    assert_eq!(
        trial.look(start + 181 * SECOND, || doing(false, None, true)),
        Turn::Stay,
        "not while it stands open"
    );
    assert_eq!(trial.look(start + 183 * SECOND, || doing(false, None, false)), Turn::Unfit);
    // The installed one has nobody to give up to.
    let mut trial = Trial::new(gate.programs.clone(), 180 * SECOND, nowhere, start);
    assert_eq!(trial.look(start + 999 * SECOND, || doing(false, None, false)), Turn::Stay);
}

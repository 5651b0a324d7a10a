//! A newer program for gates, from whoever signs it to the gate that runs it: by stick, with real processes, and with programs that don't
//! work, come in halves or from strangers.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use end_to_end::at_work::AtWork;
use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office, roster};
use end_to_end::programs::{lines, program, run};
use end_to_end::talk;
use rustix::process::Signal;

const LONG: Duration = Duration::from_secs(180);

fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + LONG;
    while !done() {
        assert!(Instant::now() < until, "never came: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// Has the office sign a script as this version of the gates' program.
fn signed(office: &Office, version: &str, script: &str) -> PathBuf {
    let (program, out) = (office.path("program"), office.path(&format!("{version}.update")));
    fs::write(&program, script).expect("there is room");
    let about = ["--version", version, "--target", &target(), "--out", text(&out)];
    let _ = run(&mut office.issuer(&[&["update", "sign", text(&program)], &about[..]].concat()));
    out
}

/// A newer program: it writes down that it was started, and does what the one that was built does.
fn stand_in(starts: &Path, version: &str) -> String {
    let (kiosk, starts) = (program("kiosk"), starts.display());
    format!("#!/bin/sh\necho {version} >> '{starts}'\nexec '{}' \"$@\"\n", kiosk.display())
}

fn started(starts: &Path) -> Vec<String> {
    fs::read_to_string(starts).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn at_the_gate(gate: &Gate) -> Command {
    gate.kiosk(&["run", "--listen", "127.0.0.1:0", "--camera", "none-of-that-name"])
}

/// What `kiosk update` says of the versions: which runs, waits, or has failed.
fn versions(gate: &Gate) -> Vec<String> {
    lines(&run(&mut gate.kiosk(&["update"])))
}

fn page(host: &str, path: &str) -> String {
    let asked = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let page = talk::plain(host).and_then(|mut stream| talk::ask(&mut stream, &asked));
    page.expect("the page is served").body
}

#[test]
fn a_program_comes_by_stick_takes_over_when_it_is_quiet_and_proves_itself() {
    let office = Office::with_roster(&roster(2));
    let serving = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let gate = Gate::new();
    let invite = ["gate", "invite", "南门", "--compound", COMPOUND, "--address", &serving.page("")];
    let invitation = lines(&run(&mut office.issuer(&invite))).pop().expect("the code for a camera");
    let _ = run(&mut gate.kiosk(&["enrol", &invitation]));
    fs::write(gate.path("data/kiosk.toml"), "update_quiet_seconds = 1\n").expect("there is room");
    let at_work = AtWork::start(at_the_gate(&gate));
    let [built] = &versions(&gate)[..] else { panic!("one program") };
    assert!(built.ends_with("\truns"), "{built}");

    // From who signs to the office, and to a stick that the office has signed.
    let (stick, starts) = (office.path("stick"), gate.path("starts"));
    fs::create_dir(&stick).expect("there is room");
    let update = signed(&office, "9.1.0", &stand_in(&starts, "9.1.0"));
    let _ = run(&mut office.issuer(&["update", "add", text(&update)]));
    assert!(lines(&run(&mut office.issuer(&["update", "list"])))[0].contains("9.1.0"));
    let _ = run(&mut office.issuer(&["stick", "prepare", text(&stick)]));
    let visited = run(&mut office.issuer(&["stick", "visit", text(&stick)]));
    assert!(String::from_utf8_lossy(&visited.stderr).contains("9.1.0"), "the office says what it copied");

    // The gate takes it, and starts it in its own place.
    let visited = run(&mut gate.kiosk(&["stick", text(&stick)]));
    assert!(String::from_utf8_lossy(&visited.stderr).contains("Version 9.1.0 was taken"));
    wait("the newer program to be at work", || at_work.said().matches("The gate's screen: ").count() == 2);
    assert_eq!(started(&starts), ["9.1.0"]);
    assert_eq!(versions(&gate), ["9.1.0\truns"]);
    let host = at_work.said();
    let host = host.rsplit("http://").next().and_then(|rest| rest.split('/').next()).expect("its address");
    assert!(page(host, "/?lang=en").contains("南门"), "its page is served");
    // The stick of yesterday brings nothing.
    let visited = run(&mut gate.kiosk(&["stick", text(&stick)]));
    assert!(!String::from_utf8_lossy(&visited.stderr).contains("9.1.0"));
    let state = gate.path("data/program/state.json");
    wait("the newer program to prove itself", || {
        fs::read_to_string(&state).is_ok_and(|state| state.contains("\"proved\": true"))
    });
    // It ended and began in the same process, which still does what it is asked.
    at_work.end();
    let again = AtWork::start(at_the_gate(&gate));
    assert_eq!(started(&starts), ["9.1.0", "9.1.0"], "the next start is its own");
    again.end();
    gate.verify_journal();
}

#[test]
fn a_program_that_does_not_work_is_put_aside_after_three_starts() {
    let office = Office::with_roster(&roster(1));
    let gate = Gate::of(&office);
    let starts = gate.path("starts");
    let take = |version: &str, script: &str| {
        let update = signed(&office, version, script);
        gate.kiosk(&["update", text(&update)]).output().expect("it runs")
    };
    let broken = |rest: &str| format!("#!/bin/sh\necho broken >> '{}'\n{rest}\n", starts.display());
    let good = || stand_in(&starts, "good");
    assert!(take("9.1.0", &good()).status.success());
    AtWork::start(at_the_gate(&gate)).end();
    assert_eq!(started(&starts), ["good"]);

    // It ends with an error, or is killed: three times, and then the one before is at work.
    for (version, rest) in [("9.2.0", "exit 3"), ("9.3.0", "kill -KILL $$")] {
        assert!(take(version, &broken(rest)).status.success());
        let before = started(&starts).len();
        for _ in 0..3 {
            assert!(!at_the_gate(&gate).output().expect("it runs").status.success());
        }
        let at_work = AtWork::start(at_the_gate(&gate));
        assert_eq!(started(&starts)[before..], ["broken", "broken", "broken", "good"]);
        assert_eq!(versions(&gate), ["9.1.0\truns".to_owned(), format!("{version}\tfailed")]);
        let told = page(at_work.host(), "/?lang=en");
        assert!(told.contains(&format!("update {version} failed")), "{told}");
        assert!(page(at_work.host(), "/ready").contains(&format!(r#""update_failed":"{version}""#)));
        assert!(page(at_work.host(), "/metrics").contains("\nsanse_update_failed 1"));
        let again = take(version, &broken(rest));
        assert_eq!(again.status.code(), Some(1), "never again");
        at_work.end();
    }
    // One that can't be started at all costs nobody a start.
    assert!(take("9.4.0", "#!/no/such/program\n").status.success());
    for _ in 0..3 {
        AtWork::start(at_the_gate(&gate)).end();
    }
    // A better one is taken, and all is well.
    assert!(take("9.5.0", &stand_in(&starts, "better")).status.success());
    let at_work = AtWork::start(at_the_gate(&gate));
    assert_eq!(started(&starts).last().map(String::as_str), Some("better"));
    assert_eq!(versions(&gate), ["9.5.0\truns"]);
    assert!(page(at_work.host(), "/metrics").contains("\nsanse_update_failed 0"));
    at_work.end();
}

#[test]
fn a_program_that_comes_in_halves_or_from_strangers_is_none() {
    let office = Office::with_roster(&roster(1));
    let gate = Gate::of(&office);
    let starts = gate.path("starts");
    // Longer than any pipe holds.
    let script = stand_in(&starts, "whole") + &"# a comment that makes it longer\n".repeat(20_000);
    let update = fs::read(signed(&office, "9.1.0", &script)).expect("it was written");
    let pipe = gate.path("pipe");
    let arriving = gate.path("data/program/.arriving/kiosk");
    // The plug is pulled while it comes, each time a little later.
    for part in [0.3, 0.6, 1.0] {
        let _ = fs::remove_file(&pipe);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("it runs").success());
        let mut taking = gate.kiosk(&["update", text(&pipe)]).spawn().expect("it runs");
        let mut into = fs::File::options().write(true).open(&pipe).expect("it is read");
        let length = ((update.len() - 1) as f64 * part) as usize;
        into.write_all(&update[..length]).expect("it is read");
        wait("the program to come", || {
            fs::metadata(&arriving).is_ok_and(|it| it.len() as usize > length / 2)
        });
        taking.kill().expect("it is there");
        let _ = taking.wait();
        drop(into);
        AtWork::start(at_the_gate(&gate)).end();
        assert_eq!(started(&starts), [""; 0], "nothing of it was run");
        assert!(versions(&gate)[0].ends_with("\truns") && !arriving.exists(), "nothing of it is left");
    }
    let stranger = Office::new();
    let file = gate.path("update");
    let mut flipped = update.clone();
    *flipped.last_mut().expect("it has bytes") ^= 1;
    for bad in
        [fs::read(signed(&stranger, "9.1.0", &script)).expect("it was written"), flipped, script.into()]
    {
        fs::write(&file, bad).expect("there is room");
        let refused = gate.kiosk(&["update", text(&file)]).output().expect("it runs");
        assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stderr));
    }
    fs::write(&file, &update).expect("there is room");
    let _ = run(&mut gate.kiosk(&["update", text(&file)]));
    let at_work = AtWork::start(at_the_gate(&gate));
    assert_eq!(started(&starts), ["whole"]);
    // The plug is pulled while it is on trial: it may try again, and the other would be there if it could not.
    at_work.signal(Signal::KILL);
    drop(at_work);
    AtWork::start(at_the_gate(&gate)).end();
    assert_eq!(started(&starts), ["whole", "whole"]);
    // What was at work keeps its program when the disk eats the newer one.
    fs::write(gate.path("data/program/9.1.0/kiosk"), "#!/bin/sh\n").expect("there is room");
    AtWork::start(at_the_gate(&gate)).end();
    assert_eq!(started(&starts).len(), 2);
    let _ = run(&mut gate.kiosk(&["update", text(&file)]));
    assert_eq!(versions(&gate).len(), 2, "it can come again");
}

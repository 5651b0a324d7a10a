//! The plug of a gate's machine is pulled while staff are at its desk: guessed PINs, shifts, emergencies and the alerts they raise.
//! Whatever the gate has answered holds when it comes back.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::process::Command;
use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::machine::{Disk, Machine, Options};
use end_to_end::office::{Office, roster};
use end_to_end::programs::{program, run};
use serde_json::{Value, json};

const GATE: &str = "东门";
const GUARD: &str = "李师傅";
const SUPERVISOR: &str = "王主管";
/// Longer than anything takes.
const LONG: Duration = Duration::from_secs(300);

/// Staff at their desk, round after round: two wrong PINs and the right one, an emergency from its opening to its reason, the next
/// shift. A line is printed when the gate has answered, with the event where the answer names one.
const STAFF: &str = r#"
import http.client, json, sys, time
guard, supervisor = json.loads(sys.argv[1])

def ask(method, path, body, token):
    gate = http.client.HTTPConnection("127.0.0.1", 7381, timeout=250)
    headers = {"X-Sanse-Token": token, "Origin": "http://127.0.0.1:7381"}
    gate.request(method, "/desk/" + path, json.dumps(body).encode() if body else b"", headers)
    answer = gate.getresponse()
    return answer.status, json.loads(answer.read())

def state():
    return ask("GET", "state", None, "")[1]

def tell(did, of=None):
    print(json.dumps({"did": did, "of": of}), flush=True)

token = state()["token"]

def done(path, body=None, wanted=200):
    while True:
        status, said = ask("POST", path, body, token)
        if status == wanted:
            return said.get("sequence")
        # What a cut has left counted makes them wait.
        assert status == 429, (path, status, said)
        time.sleep(1)

while True:
    for _ in range(2):
        done("sign-in", {"who": supervisor[0], "pin": "135790"}, 401)
        tell("guessed")
    tell("signed_in", done("sign-in", {"who": supervisor[0], "pin": supervisor[1]}))
    done("emergency")
    while not state()["emergency"]["unexplained"]:
        time.sleep(0.05)
    for of in state()["emergency"]["unexplained"]:
        tell("emergency_opened", of)
        done("emergency/close")
        tell("emergency_explained", done("emergency/explain", {"of": of, "why": "急诊"}))
    of = done("shift", {"who": guard[0], "pin": guard[1]})
    tell("signed_in", of)
    tell("shift_changed", of - 1)
"#;

/// How often the plug is pulled: more often when `cargo xtask endurance` asks.
fn cuts() -> usize {
    if std::env::var_os("SANSE_ENDURANCE").is_some() { 10 } else { 1 }
}

#[test]
fn nothing_that_staff_did_is_lost_to_a_power_cut() {
    let office = Office::with_roster(&roster(2));
    let gate = Gate::new();
    let [guard, supervisor] = gate.with_people(&office, GATE);
    let pins = json!([[GUARD, guard], [SUPERVISOR, supervisor]]).to_string();
    // Nobody hears the alerts.
    let deaf = "[alert]\nkind = \"http\"\nurl = \"http://127.0.0.1:1/\"\n";
    std::fs::write(gate.path("data/kiosk.toml"), deaf).expect("a temporary folder can be written");
    // Debug information is most of the file, and the machine reads it over a slow share.
    let kiosk = gate.path("kiosk");
    let _ = run(Command::new("strip").arg("-o").arg(&kiosk).arg(program("kiosk")));
    let options = Options { disks: vec![Disk::create(&gate.path("disk.img"), 96)], ..Options::default() };

    let mut machine = Machine::boot(&options);
    machine.run(&format!("cp -r {} /run/disk0/data && sync", gate.path("data").display()));
    let (mut told, mut before): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for cut in 0..=cuts() {
        machine.run(&format!("cp {} /run/kiosk", kiosk.display()));
        if cut > 0 {
            before = holds(&machine, &told, &before);
        }
        let work = format!(
            "exec /run/kiosk run --data /run/disk0/data --gate {GATE} --direction out --serial /run/line"
        );
        let at_work = machine.start(&work);
        at_work.wait_for("the page", LONG, |job| job.stderr().contains("http://"));
        if cut > 0 {
            knows(&machine, &before);
        }
        if cut == cuts() {
            break;
        }
        std::fs::write(machine.folder().join("staff.py"), STAFF).expect("a temporary folder can be written");
        let staff = machine.start(&format!("exec python3 {}/staff.py '{pins}'", machine.folder().display()));
        // Once round, and then in the middle of something.
        let lines = 7 + cut * 3 % 7;
        staff.wait_for("the gate's answers", LONG, |job| {
            assert!(job.code().is_none(), "{}\n{}", job.stdout(), job.stderr());
            job.stdout().lines().count() > lines
        });
        std::thread::sleep(Duration::from_millis(cut as u64 * 7919 % 900));
        machine.cut();
        let whole = staff.stdout();
        let whole = whole.rsplit_once('\n').map_or("", |(whole, _)| whole);
        told = whole.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        machine = Machine::boot(&options);
    }
    let kinds = ["sign_in_failed", "shift_changed", "emergency_opened"].map(|kind| count(&before, kind));
    println!(
        "measured: {} power cuts while staff worked | nothing lost of {} events: {kinds:?} guesses, shifts, alerts",
        cuts(),
        before.len()
    );
}

/// What the disk holds after a cut: every event that was told, once more all that was there before, and each guess. Returns the
/// journal.
fn holds(machine: &Machine, told: &[Value], before: &[Value]) -> Vec<Value> {
    let kiosk = |what: &str| machine.run(&format!("/run/kiosk {what} --data /run/disk0/data --lang en"));
    let verified: Value = serde_json::from_str(&kiosk("log verify")).expect("a line of JSON");
    assert_eq!(verified["sound"], true, "{verified}");
    let listed = kiosk("log list");
    let events: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert!(events.starts_with(before), "what was there once stays");
    let tell = || format!("{told:?}\n{listed}");
    for told in told.iter().filter(|told| !told["of"].is_null()) {
        let event = events.iter().find(|event| event["sequence"] == told["of"]);
        let event = event.unwrap_or_else(|| panic!("{told} is lost: {}", tell()));
        assert_eq!(event["kind"], told["did"], "{}", tell());
    }
    let guessed = told.iter().filter(|told| told["did"] == "guessed").count();
    let failed = count(&events[before.len()..], "sign_in_failed");
    // One more may have been on its way.
    assert!((guessed..=guessed + 1).contains(&failed), "{failed} guesses, not {guessed}: {}", tell());

    let kept = machine.run("cat /run/disk0/data/wrong-pins.json");
    let kept: Value = serde_json::from_str(&kept).expect("a file that is whole");
    let counted = kept["people"][SUPERVISOR]["failures"].as_u64().unwrap_or(0);
    let in_a_row = told.iter().rev().take_while(|told| told["did"] == "guessed").count() as u64;
    // The right one comes after two, and ends the counting.
    let ended = in_a_row >= 2 && counted == 0;
    assert!(ended || counted >= in_a_row, "{counted} guesses are counted: {}", tell());
    events
}

/// The gate comes back and knows the shift, what was opened without a reason, and what the office has not heard.
fn knows(machine: &Machine, events: &[Value]) {
    let since = events.iter().rposition(|event| event["kind"] == "shift_changed").map_or(0, |at| at + 1);
    let of = |kind: &'static str| events.iter().filter(move |event| event["kind"] == kind);
    let explained: Vec<&Value> = of("emergency_explained").map(|event| &event["of"]).collect();
    let unexplained = of("emergency_opened").map(|event| &event["sequence"]);
    let unexplained: Vec<&Value> = unexplained.filter(|opened| !explained.contains(opened)).collect();
    let wanted =
        json!([count(events, "emergency_opened"), count(&events[since..], "emergency_opened"), unexplained]);
    let start = std::time::Instant::now();
    loop {
        let state = machine.run("busybox wget -q -O - http://127.0.0.1:7381/desk/state");
        let state: Value = serde_json::from_str(&state).expect("JSON");
        let found = json!([
            state["delivery"]["alerts"],
            state["shift"]["emergencies"],
            state["emergency"]["unexplained"]
        ]);
        if found == wanted {
            return;
        }
        assert!(start.elapsed() < LONG, "{found}, not {wanted}: {state}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn count(events: &[Value], kind: &str) -> usize {
    events.iter().filter(|event| event["kind"] == kind).count()
}

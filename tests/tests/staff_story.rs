//! A shift at a gate, over both real programs: the office makes people, staff, duty and a bundle for that gate alone; at the gate
//! somebody signs in, finds people, lets them through, takes it back, opens in an emergency and hands over. The log holds.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::office::Office;
use end_to_end::{paper, programs};
use serde_json::{Value, json};

/// Longer than any machine takes.
const LONG: Duration = Duration::from_secs(120);
/// The gate that all this is for.
const GATE: &str = "东门";

const ROSTER: &str = "小区,楼栋,单元,房号,姓名,电话,车牌,颜色
翠湖小区,1,1,101,王建国,19900000001,,绿
翠湖小区,1,1,101,,,鄂A10007,绿
翠湖小区,1,1,102,李芳,19900000002,,黄
翠湖小区,2,1,201,赵子涵,19900000003,,红
";

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// A gate's program at work, and its page.
struct AtWork {
    program: Child,
    address: SocketAddr,
    events: Receiver<Value>,
    token: String,
}

impl AtWork {
    fn start(gate: &Gate, more: &[&str]) -> Self {
        let arguments =
            [&["run", "--gate", GATE, "--direction", "out", "--listen", "127.0.0.1:0"], more].concat();
        let mut command = gate.kiosk(&arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program = command.spawn().expect("the kiosk can be started");
        let (print, events) = channel();
        let stdout = BufReader::new(program.stdout.take().expect("it was piped"));
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = print.send(serde_json::from_str(&line).expect("a line of JSON"));
            }
        });
        let (tell, told) = channel();
        let stderr = BufReader::new(program.stderr.take().expect("it was piped"));
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                eprintln!("kiosk: {line}");
                if let Some((_, address)) = line.split_once("http://") {
                    let _ = tell.send(address.trim().trim_end_matches('/').to_owned());
                }
            }
        });
        let address = told.recv_timeout(LONG).expect("it says where its page is");
        let address = address.parse().expect("an address");
        let mut at_work = Self { program, address, events, token: String::new() };
        let state = at_work.state();
        state["token"].as_str().expect("a token").clone_into(&mut at_work.token);
        at_work
    }

    fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let Self { address, token, .. } = self;
        let mut stream = TcpStream::connect(address).expect("the page listens");
        stream.set_read_timeout(Some(LONG)).expect("a time-out can be set");
        let length = body.len();
        let request = format!(
            "{method} /desk/{path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nX-Sanse-Token: {token}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (answer[9..12].parse().expect("a status"), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn state(&self) -> Value {
        self.send("GET", "state", "").1
    }

    fn asked(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send("POST", path, &body.to_string());
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Has something done, and gives back its event's place.
    fn done(&self, path: &str, body: &Value) -> u64 {
        self.asked(path, body)["sequence"].as_u64().expect("a place in the journal")
    }

    fn out(&self) -> Value {
        let (status, answer) = self.send("GET", "out", "");
        assert_eq!(status, 200, "{answer}");
        let names = answer["out"].as_array().expect("a list").iter().map(|one| one["name"].clone());
        names.collect()
    }

    fn stop(mut self) {
        let ended = Command::new("kill").arg(self.program.id().to_string()).status();
        assert!(ended.expect("kill is there").success());
        assert!(self.program.wait().expect("it can be waited for").success());
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn a_shift_at_a_gate() {
    let office = Office::with_roster(ROSTER);
    let gate = Gate::new();
    let [guard, supervisor] = gate.with_people(&office, GATE);

    // The red card is held up to the camera.
    let frames = gate.path("frames");
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    let passes = office.passes();
    let red = passes.iter().find(|pass| pass["colour"] == "red").expect("one is red");
    let code = qr::encode(red["text"].as_str().expect("a text")).expect("a pass fits");
    let drawing = qr::degrade::picture_of(&code, 5, 4).expect("a code has a size");
    paper::save(&drawing, &frames.join("0.pgm"));
    let screen = AtWork::start(&gate, &["--images", text(&frames)]);
    let refused = screen.events.recv_timeout(LONG).expect("an event");
    assert_eq!((&refused["verdict"], &refused["reasons"][0]), (&json!("refuse"), &json!("red_out")));

    // Nobody is signed in: nobody is found.
    assert_eq!(screen.state()["on_duty"], json!(["李师傅"]));
    assert_eq!(screen.send("POST", "search", &json!({ "text": "王" }).to_string()).0, 401);
    assert_eq!(
        screen.send("POST", "sign-in", &json!({ "who": "李师傅", "pin": "0000000" }).to_string()).0,
        401
    );
    screen.done("sign-in", &json!({ "who": "李师傅", "pin": guard }));

    // One without a card: found by initials and by room, judged like the card, let through, and taken back.
    for words in ["wjg", "王", "1-1-101"] {
        let found = screen.asked("search", &json!({ "text": words }));
        assert_eq!(found["found"][0]["name"], "王*国", "{words}: {found}");
    }
    let found = screen.asked("search", &json!({ "text": "wjg" }))["found"][0].clone();
    let entered = screen.asked("enter", &json!({ "holder": found["holder"] }));
    assert_eq!((&entered["verdict"], &entered["reasons"]), (&json!("check"), &json!(["searched"])));
    let turn = json!({ "of": entered["sequence"], "verdict": "admit", "why": "忘带证，已核对" });
    let turned = screen.done("override", &turn);
    assert_eq!(screen.out(), json!(["王*国"]));
    screen.done("undo", &json!({ "of": turned, "why": "没有出门" }));
    assert_eq!(screen.out(), json!([]));

    // One who is nobody's here, and the one under observation, who needs a doctor.
    let manual =
        json!({ "verdict": "admit", "why": "送药", "household": 1, "plate": "鄂B55555", "direction": "in" });
    screen.done("manual", &manual);
    let of = &refused["sequence"];
    screen.done("override", &json!({ "of": of, "verdict": "admit", "why": "120 送医" }));
    assert_eq!(screen.out(), json!(["赵*涵"]));

    // An emergency, its end and its reason.
    assert_eq!(screen.asked("emergency", &json!({}))["open"], true);
    assert_eq!(screen.asked("emergency/close", &json!({}))["open"], false);
    screen.done("override", &json!({ "of": entered["sequence"], "verdict": "refuse", "why": "没有出门" }));
    let opened = screen.state()["emergency"]["unexplained"][0].clone();
    screen.done("emergency/explain", &json!({ "of": opened, "why": "救护车" }));

    // The supervisor takes over.
    let shift = screen.state()["shift"].clone();
    let counted = ["overridden", "undone", "manual", "emergencies"].map(|member| shift[member].clone());
    assert_eq!(counted, [json!(3), json!(1), json!(1), json!(1)]);
    assert_eq!(shift["overrides"], json!({ "李师傅": 3 }));
    screen.done("shift", &json!({ "who": "王主管", "pin": supervisor }));
    let state = screen.state();
    assert_eq!((&state["signed_in"]["who"], &state["shift"]["overridden"]), (&json!("王主管"), &json!(0)));
    screen.stop();

    gate.verify_journal();
    let kinds: Vec<Value> = gate.events().iter().map(|event| event["kind"].clone()).collect();
    let wanted = [
        "judged",
        "sign_in_failed",
        "signed_in",
        "judged",
        "overridden",
        "undone",
        "manual",
        "overridden",
        "emergency_opened",
        "emergency_closed",
        "overridden",
        "emergency_explained",
        "shift_changed",
        "signed_in",
        "signed_out",
    ];
    assert_eq!(json!(kinds), json!(wanted));
    // Neither a name nor a PIN stands in the journal, by whatever way it is carried away.
    let log = gate.path("log.csv");
    let _ = programs::run(&mut gate.kiosk(&["log", "export", "--format", "csv", "--out", text(&log)]));
    let log = std::fs::read_to_string(log).expect("it was written");
    for secret in ["王建国", "王*国", "赵子涵", "赵*涵", "19900000003", guard.as_str(), supervisor.as_str()]
    {
        let cell = |line: &str| line.split(',').any(|cell| cell == secret);
        assert!(!log.lines().any(cell), "{secret} stands in the log");
    }

    // Carried to the office, every event is taken in, and taken in once.
    let journal = gate.path("gate.journal");
    let _ = programs::run(&mut gate.kiosk(&["log", "export", "--format", "cbor", "--out", text(&journal)]));
    let taken = || {
        let output = programs::run(&mut office.issuer(&["passages", "import", text(&journal)]));
        programs::lines(&output).remove(0)
    };
    assert_eq!(taken(), format!("{GATE}: {} new, 0 here already.", kinds.len()));
    assert_eq!(taken(), format!("{GATE}: 0 new, {} here already.", kinds.len()));
}

#[test]
fn what_is_sealed_for_one_gate_is_nothing_to_another() {
    let office = Office::with_roster(ROSTER);
    let (gate, other) = (Gate::new(), Gate::new());
    let _ = gate.with_people(&office, GATE);
    let _ = programs::run(&mut other.kiosk(&["key"]));
    let _ = programs::run(&mut other.kiosk(&["trust", text(&office.keys())]));
    let _ = programs::run(&mut other.kiosk(&["load", text(&office.path("gate.bundle"))]));
    let nothing = other.path("nothing");
    std::fs::create_dir(&nothing).expect("a temporary folder can be written");
    let drawing = qr::degrade::picture_of(&qr::encode("nothing").expect("it fits"), 5, 4).expect("a size");
    paper::save(&drawing, &nothing.join("0.pgm"));
    let screen = AtWork::start(&other, &["--images", text(&nothing)]);
    let state = screen.state();
    assert_eq!((&state["has_people"], &state["staff"]), (&json!(false), &json!([])));
    screen.stop();
}

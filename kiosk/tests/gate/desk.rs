//! What staff do at the screen, over real HTTP, with the journal looked at afterwards.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use gate::{Came, Event, Verdict, What};
use kiosk::held::Held;
use kiosk::journal::Journal;
use kiosk::root;
use pass::Colour;
use serde_json::{Value, json};

use crate::office::{Office, PIN};
use crate::page::{Gate, data};

/// A gate that knows its people, and shows nothing yet, or one card.
pub(crate) fn set_up(office: &Office, data: &Path) {
    let held = Held::in_folder(data);
    held.pin(&root::parse(&office.root_text()).unwrap(), false).unwrap();
    let key = held.make_gate_key().unwrap();
    held.load(&office.bundle_for(1, &[&key.receiver()])).unwrap();
}

/// Sends one request as it stands, and gives back the status and the JSON.
pub(crate) fn send(
    gate: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, Value) {
    let answer = send_text(gate, method, path, headers, body);
    let status = answer.get(9..12).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("{method} {path} was answered with {answer:?}"));
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// The same, with the answer as it comes.
fn send_text(gate: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut stream = TcpStream::connect(gate).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {gate}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The desk of a gate, as its page uses it.
pub(crate) struct Desk {
    gate: SocketAddr,
    token: String,
}

impl Desk {
    pub(crate) fn of(gate: &Gate) -> Self {
        Self::at(gate.address)
    }

    /// The desk of the gate whose page is here.
    pub(crate) fn at(gate: SocketAddr) -> Self {
        let (_, state) = send(gate, "GET", "/desk/state", &[], "");
        Self { gate, token: state["token"].as_str().unwrap().to_owned() }
    }

    pub(crate) fn state(&self) -> Value {
        send(self.gate, "GET", "/desk/state", &[], "").1
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers write the body where they ask")]
    pub(crate) fn ask(&self, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let origin = format!("http://{}", self.gate);
        let headers = [("X-Sanse-Token", self.token.as_str()), ("Origin", origin.as_str())];
        send(self.gate, "POST", &format!("/desk/{path}"), &headers, &body)
    }

    /// Asks for something that must be done, and gives back its sequence.
    pub(crate) fn done(&self, path: &str, body: Value) -> u64 {
        let (status, answer) = self.ask(path, body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer["sequence"].as_u64().unwrap()
    }

    /// Asks for something that must be refused, and gives back the code.
    pub(crate) fn no(&self, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.ask(path, body);
        let code = answer["no"].as_str().unwrap_or_else(|| panic!("{path}: {answer}")).to_owned();
        let told = kiosk::words::REFUSED.iter().any(|(known, _)| *known == code);
        assert!(told, "{code}: nobody is told in words");
        (status, code)
    }

    /// A view of the panel, as HTML.
    fn view(&self, query: &str) -> String {
        send_text(self.gate, "GET", &format!("/desk/panel?{query}"), &[], "")
    }

    pub(crate) fn sign_in(&self, who: &str) -> u64 {
        self.done("sign-in", json!({ "who": who, "pin": PIN }))
    }
}

/// What the journal says happened, after the gate has ended.
pub(crate) fn happened(data: &Path) -> Vec<What> {
    let journal = Journal::open(&Held::in_folder(data).journal()).unwrap();
    let event = |sequence| Event::from_bytes(&journal.event(sequence).unwrap().unwrap()).unwrap().what;
    (1..=journal.count()).map(event).collect()
}

pub(crate) fn codes(data: &Path) -> Vec<&'static str> {
    happened(data).iter().map(What::code).collect()
}

#[test]
fn nothing_is_done_without_the_token_and_from_elsewhere() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    let own = format!("http://{}", gate.address);
    let paths = [
        "search",
        "sign-in",
        "sign-out",
        "shift",
        "enter",
        "again",
        "direction",
        "manual",
        "override",
        "undo",
        "emergency",
    ];
    for path in paths.into_iter().chain(["dismiss", "clock", "emergency/close", "emergency/explain"]) {
        let path = format!("/desk/{path}");
        let post = |headers: &[(&str, &str)]| send(gate.address, "POST", &path, headers, "{}").0;
        assert_eq!(post(&[]), 403, "{path}");
        assert_eq!(post(&[("X-Sanse-Token", "0")]), 403, "{path}");
        let elsewhere = [("X-Sanse-Token", desk.token.as_str()), ("Origin", "http://example.com")];
        assert_eq!(post(&elsewhere), 403, "{path}");
        let token = ("X-Sanse-Token", desk.token.as_str());
        assert_eq!(post(&[token]), 403, "{path}: from nowhere");
        assert_eq!(post(&[token, ("Sec-Fetch-Site", "cross-site")]), 403, "{path}");
        assert_eq!(
            post(&[token, ("Sec-Fetch-Site", "same-site")]),
            403,
            "{path}: another port of this machine"
        );
        let ours = [token, ("Origin", own.as_str())];
        assert_eq!(send(gate.address, "GET", &path, &ours, "").0, 405, "{path}");
    }
    let right = [("X-Sanse-Token", desk.token.as_str()), ("Origin", own.as_str())];
    assert_eq!(send(gate.address, "POST", "/desk/sign-out", &right, "").0, 401, "nobody is signed in");
    let fetched = [("X-Sanse-Token", desk.token.as_str()), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(send(gate.address, "POST", "/desk/sign-out", &fetched, "").0, 401);
    drop(gate);
    assert_eq!(codes(dir.path()), [""; 0]);
}

#[test]
fn somebody_without_a_card_is_found_and_judged_like_it() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    assert_eq!(desk.no("search", json!({ "text": "张" })), (401, "signed_out".into()));
    assert_eq!(desk.no("enter", json!({ "holder": 0 })), (401, "signed_out".into()));
    let state = desk.state();
    assert_eq!((&state["signed_in"], &state["on_duty"]), (&Value::Null, &json!(["李师傅"])));
    assert_eq!(state["staff"][1], json!({ "name": "王主管", "role": "supervisor" }));

    desk.sign_in("李师傅");
    assert_eq!(desk.state()["signed_in"]["who"], "李师傅");
    let search = |text: &str| {
        let (status, answer) = desk.ask("search", json!({ "text": text }));
        assert_eq!(status, 200);
        answer["found"].as_array().unwrap().iter().map(|found| found["holder"].as_u64().unwrap()).collect()
    };
    let table: [(&str, Vec<u64>); 6] = [
        ("张", vec![0]),
        ("cd", vec![4]),
        ("3-2-501", vec![0, 1, 3]),
        ("鄂A12345", vec![3]),
        ("nobody", vec![]),
        ("", vec![]),
    ];
    for (text, wanted) in table {
        let found: Vec<u64> = search(text);
        assert_eq!(found, wanted, "{text}");
    }
    let (_, found) = desk.ask("search", json!({ "text": "王" }));
    let code = found["found"][0]["code"].as_str().unwrap().to_owned();

    let (_, red) = desk.ask("enter", json!({ "holder": 2, "code": code }));
    assert_eq!((&red["verdict"], &red["reasons"]), (&json!("refuse"), &json!(["searched", "red_out"])));
    gate.wait_for("en", &["\"kind\":\"refuse\"", "王*"]);
    // Whoever shows no card is looked at.
    desk.done("enter", json!({ "holder": 0 }));
    gate.wait_for("en", &["\"kind\":\"check\"", "张*明"]);
    assert_eq!(desk.no("enter", json!({ "holder": 99 })), (404, "no_such_resident".into()));
    assert_eq!(desk.no("enter", json!({ "holder": 0, "code": "xyz" })), (400, "malformed".into()));
    desk.done("sign-out", Value::Null);
    drop(gate);
    let events = happened(dir.path());
    assert_eq!(codes(dir.path()), ["signed_in", "judged", "judged", "signed_out"]);
    let What::Judged(judged) = &events[1] else { panic!("{events:?}") };
    assert_eq!(judged.came, Came::Searched { who: "李师傅".into() });
    assert_eq!((judged.verdict, judged.holder.as_ref().unwrap().holder), (Verdict::Refuse, 2));
}

#[test]
fn verdicts_are_turned_with_a_reason_and_taken_back() {
    let (office, dir) = (Office::new(), data(Some("SG1:GGW")));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"refuse\""]);
    let desk = Desk::of(&gate);
    let turn = |of: u64, verdict: &str, why: &str| json!({ "of": of, "verdict": verdict, "why": why });
    assert_eq!(desk.no("override", turn(1, "admit", "急诊")).0, 401);
    desk.sign_in("李师傅");
    // A forged pass can't be let through by an override: it is logged as a manual entry.
    assert_eq!(desk.no("override", turn(1, "admit", "急诊")), (403, "not_believed".into()));
    let manual =
        json!({ "verdict": "admit", "why": "本楼居民，身份证核对", "instead_of": 1, "household": 100 });
    let manual = desk.done("manual", manual);

    let refused = desk.done("enter", json!({ "holder": 2 }));
    assert_eq!(desk.no("override", turn(refused, "admit", "  ")), (400, "malformed".into()));
    assert_eq!(desk.no("override", turn(refused, "refuse", "x")), (409, "already".into()));
    assert_eq!(desk.no("override", turn(999, "admit", "x")), (404, "no_such_event".into()));
    assert_eq!(desk.no("override", turn(manual, "admit", "x")), (404, "no_such_event".into()));
    let turned = desk.done("override", turn(refused, "admit", "送医院"));
    gate.wait_for("en", &["\"kind\":\"admit\"", "王*"]);
    let entered = desk.done("enter", json!({ "holder": 0 }));
    desk.done("override", turn(entered, "refuse", "醉酒"));
    gate.wait_for("en", &["\"kind\":\"refuse\"", "张*明"]);

    let state = desk.state();
    assert_eq!(state["shift"]["overrides"], json!({ "李师傅": 2 }));
    let back = json!({ "of": turned, "why": "按错了" });
    desk.done("undo", back.clone());
    assert_eq!(desk.no("undo", back), (409, "already".into()));
    assert_eq!(desk.no("undo", json!({ "of": 2, "why": "x" })), (404, "no_such_event".into()), "a sign-in");
    desk.done("undo", json!({ "of": entered, "why": "按错了" }));
    gate.wait_for("en", &["\"kind\":\"ready\""]);

    // The next one takes the shift over.
    desk.done("shift", json!({ "who": "王主管", "pin": PIN }));
    let state = desk.state();
    assert_eq!((&state["signed_in"]["who"], &state["shift"]["overridden"]), (&json!("王主管"), &json!(0)));
    drop(gate);
    let events = happened(dir.path());
    let change = events.iter().find_map(|what| match what {
        What::ShiftChanged(change) => Some(change),
        _ => None,
    });
    let change = change.unwrap();
    assert_eq!((change.from.as_deref(), change.to.as_deref()), (Some("李师傅"), Some("王主管")));
    let counts = change.counts;
    assert_eq!((counts.refused, counts.checked, counts.overridden), (2, 1, 2));
    assert_eq!((counts.manual, counts.undone), (1, 2));
    let ends: Vec<&str> = events.iter().rev().take(3).map(What::code).collect();
    assert_eq!(ends, ["signed_out", "signed_in", "shift_changed"]);
}

#[test]
fn wrong_pins_are_slowed_and_remembered_over_a_restart() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    {
        let gate = Gate::open(&office, dir.path());
        let desk = Desk::of(&gate);
        let wrong = || json!({ "who": "李师傅", "pin": "1357" });
        for _ in 0..3 {
            assert_eq!(desk.no("sign-in", wrong()), (401, "wrong_pin".into()));
        }
        assert_eq!(desk.no("sign-in", json!({ "who": "nobody", "pin": PIN })).1, "wrong_pin");
        let (status, answer) = desk.ask("sign-in", json!({ "who": "李师傅", "pin": PIN }));
        assert_eq!((status, &answer["no"], &answer["detail"]), (429, &json!("wait"), &json!(10)));
        desk.sign_in("王主管");
    }
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    assert_eq!(desk.state()["signed_in"], Value::Null, "a restart signs out");
    assert_eq!(desk.no("sign-in", json!({ "who": "李师傅", "pin": PIN })), (429, "wait".into()));
    gate.clock.advance(11);
    desk.sign_in("李师傅");
    drop(gate);
    let failed = happened(dir.path()).into_iter().filter(|what| what.code() == "sign_in_failed").count();
    assert_eq!(failed, 3, "a name that nobody has is not written down");
}

#[test]
fn a_refusal_stays_until_somebody_has_read_it() {
    let office = Office::new();
    let dir = data(Some(&office.pass(0, Colour::Red)));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let shown = gate.wait_for("zh", &["\"kind\":\"refuse\"", "紧急开闸"]);
    let of = shown["sequence"].as_u64().unwrap();
    let desk = Desk::of(&gate);
    assert_eq!(desk.ask("dismiss", json!({ "of": of + 1 })).0, 200);
    gate.wait_for("zh", &["\"kind\":\"refuse\""]);
    assert_eq!(desk.ask("dismiss", json!({ "of": of })).0, 200);
    gate.wait_for("zh", &["\"sequence\":null"]);
    drop(gate);
    assert_eq!(codes(dir.path()), ["judged"], "what was read is not taken back");
}

#[test]
fn an_emergency_opens_signed_out_and_with_the_journal_down() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    std::fs::write(dir.path().join("journal"), "in the way").unwrap();
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"trouble\""]);
    let desk = Desk::of(&gate);
    assert_eq!(desk.no("sign-in", json!({ "who": "李师傅", "pin": PIN })), (503, "journal_down".into()));
    let (status, opened) = desk.ask("emergency", Value::Null);
    assert_eq!((status, &opened["open"]), (200, &json!(true)));
    assert_eq!(desk.state()["emergency"]["open"], true);
    gate.wait_for("en", &["Let everybody through", "EMERGENCY: open", "emergency/close"]);
    std::fs::remove_file(dir.path().join("journal")).unwrap();
    gate.wait_for("en", &["An emergency opening has no reason yet"]);
    desk.sign_in("李师傅");
    let of = desk.state()["emergency"]["unexplained"][0].as_u64().unwrap();
    assert_eq!(desk.ask("emergency/close", Value::Null), (200, json!({ "open": false })));
    assert_eq!(desk.no("emergency/explain", json!({ "of": of, "why": "" })), (400, "malformed".into()));
    desk.done("emergency/explain", json!({ "of": of, "why": "产妇送医" }));
    assert_eq!(desk.state()["emergency"]["unexplained"], json!([]));
    assert_eq!(
        desk.no("emergency/explain", json!({ "of": of, "why": "again" })),
        (404, "no_such_event".into())
    );
    drop(gate);
    assert_eq!(
        codes(dir.path()),
        ["emergency_opened", "signed_in", "emergency_closed", "emergency_explained"]
    );
    let What::EmergencyOpened(opened) = &happened(dir.path())[0] else { panic!() };
    assert_eq!((opened.who.as_deref(), opened.opened.0), (None, office.now));
}

#[test]
fn an_emergency_takes_the_middle_of_the_screen_from_a_refusal() {
    let office = Office::new();
    let dir = data(Some(&office.pass(0, Colour::Red)));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let shown = gate.wait_for("en", &["\"kind\":\"refuse\""]);
    let desk = Desk::of(&gate);
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    let parts = gate.wait_for("en", &["\"kind\":\"emergency\"", "<h1>Let everybody through</h1>"]);
    assert!(
        !parts["face"].as_str().unwrap().contains("张*明") && !parts["live"].to_string().contains("Stop")
    );
    assert_eq!(parts["sequence"], shown["sequence"]);
    assert_eq!(desk.ask("emergency/close", Value::Null).0, 200);
    gate.wait_for("zh", &["\"kind\":\"refuse\"", "张*明"]);
}

#[test]
fn a_supervisor_sets_the_clock_no_earlier_than_the_bundle() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    // What is written at the compound, for so many seconds after now.
    let written = |form: &str, after: i64| {
        let at = jiff::Timestamp::from_second(office.now.0 + after).unwrap();
        at.in_tz("Asia/Shanghai").unwrap().strftime(form).to_string()
    };
    let at = |after: i64| json!({ "date": written("%Y-%m-%d", after), "time": written("%H:%M:%S", after) });
    let (hour, year) = (3600, 366 * 86_400);
    {
        let gate = Gate::open(&office, dir.path());
        gate.wait_for("en", &["<dd>good</dd>"]);
        let desk = Desk::of(&gate);
        gate.clock.set(pass::Timestamp(office.now.0 - year));
        gate.wait_for("en", &["The clock is slow"]);
        assert_eq!(desk.no("clock", at(hour)), (401, "signed_out".into()));
        desk.sign_in("李师傅");
        assert_eq!(desk.no("clock", at(hour)), (403, "supervisors_only".into()));
        let guards = desk.view("lang=en&view=clock");
        assert!(
            guards.contains("Only a supervisor")
                && !guards.contains("data-act=\"clock\" data-then=\"shift\"><input")
        );
        assert!(!desk.view("lang=en&view=home").contains("Set the clock"));
        desk.sign_in("王主管");
        // Whoever may, is asked as soon as they come to the panel.
        let home = desk.view("lang=en&view=home");
        let floor = written("No earlier than %Y-%m-%d", -60);
        for wanted in ["The clock is slow", &floor, &written("value=\"%Y-%m-%d\"", 0)] {
            assert!(home.contains(wanted), "{wanted} is missing in {home}");
        }
        assert!(!home.contains("clock is right"), "it can't be");
        assert!(desk.view("lang=zh&view=shift").contains("校准时间"));
        assert_eq!(
            desk.no("clock", json!({})),
            (409, "too_early".into()),
            "the machine's clock is a year behind"
        );
        assert_eq!(desk.no("clock", at(-hour)), (409, "too_early".into()));
        for half in [json!({ "date": "2020-03-01" }), json!({ "date": "2020-13-01", "time": "08:30" })] {
            assert_eq!(desk.no("clock", half), (400, "no_time".into()));
        }
        desk.done("clock", at(hour));
        gate.wait_for("en", &["<dd>good</dd>", &written("<time>%H:%M:%S</time>", hour)]);
        // From now on it goes by that, and the machine's clock may stay as it is.
        gate.clock.advance(60);
        gate.wait_for("zh", &[&written("<time>%H:%M:%S</time>", hour + 60)]);
        desk.done("sign-out", Value::Null);
        // Somebody puts the machine's clock right: that is another change, which is confirmed with one touch.
        gate.clock.set(office.now.plus(2 * hour));
        gate.wait_for("en", &["The clock was changed"]);
        desk.sign_in("王主管");
        assert!(desk.view("lang=en&view=home").contains("clock is right"));
        desk.done("clock", json!({}));
        gate.wait_for("en", &["<dd>good</dd>", &written("<time>%H:%M:%S</time>", 2 * hour)]);
        assert!(!desk.view("lang=en&view=home").contains("Set the clock"));
    }
    let events = happened(dir.path());
    let set: Vec<_> = events
        .iter()
        .filter_map(|what| match what {
            What::ClockSet(set) => {
                Some((set.from.0.since(office.now), set.to.0.since(office.now), &*set.who))
            }
            _ => None,
        })
        .collect();
    assert_eq!(set, [(0, hour, "王主管"), (hour + 60, 2 * hour, "王主管")]);
    // It is what the next start goes by as well: the floor has risen with what a supervisor said.
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["in doubt"]);
    gate.clock.set(office.now.plus(2 * hour + 1));
    gate.wait_for("en", &["<dd>good</dd>"]);
}

#[test]
fn the_panel_asks_for_a_name_a_pin_and_the_reason_of_an_emergency() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    // Whatever is asked for: who is not signed in gets names of staff, and no resident's.
    for view in ["home", "names", "explain", "anything"] {
        let page = desk.view(&format!("lang=en&view={view}"));
        for wanted in ["Who are you?", "data-of=\"李师傅\"", "on duty", "王主管", "supervisor"] {
            assert!(page.contains(wanted), "{view}: {wanted} is missing in {page}");
        }
        assert!(!page.contains("张*明"));
    }
    let pin = |who: &str| desk.view(&format!("lang=zh&view=pin&of={who}"));
    assert!(pin("%3Cb%3E").contains("value=\"&#60;b&#62;\""), "what is asked for is escaped");
    let li = "%E6%9D%8E%E5%B8%88%E5%82%85";
    assert!(pin(li).contains("data-wait=\"0\"") && pin(li).contains("data-key=\"7\""));
    for wait in [0, 0, 10] {
        let (status, answer) = desk.ask("sign-in", json!({ "who": "李师傅", "pin": "1357" }));
        assert_eq!((status, &answer["no"], &answer["detail"]), (401, &json!("wrong_pin"), &json!(wait)));
    }
    assert!(pin(li).contains("data-wait=\"10\""), "told before they type");
    gate.wait_for("en", &["Sign in", "\"signed_in\":false"]);

    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    gate.wait_for("en", &["An emergency opening has no reason yet"]);
    desk.sign_in("王主管");
    gate.wait_for("zh", &["王主管", "退出", "\"signed_in\":true"]);
    let page = desk.view("lang=zh&view=home");
    assert!(
        page.contains("为什么开的闸？")
            && page.contains("救护车")
            && page.contains("name=\"of\" value=\"4\"")
    );
    desk.done("emergency/explain", json!({ "of": 4, "why": "救护车" }));
    assert!(!desk.view("lang=zh&view=home").contains("为什么开的闸？"));
}

#[test]
fn the_panel_finds_turns_takes_back_and_enters_by_hand() {
    let (office, dir) = (Office::new(), data(Some("SG1:GGW")));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"refuse\""]);
    let desk = Desk::of(&gate);
    let found = |text: &str| {
        let (origin, body) = (format!("http://{}", gate.address), json!({ "text": text }).to_string());
        let headers = [("X-Sanse-Token", desk.token.as_str()), ("Origin", origin.as_str())];
        send_text(gate.address, "POST", "/desk/found?lang=en", &headers, &body)
    };
    assert!(found("王").contains("signed_out"));
    for view in ["find", "last", "event&of=1", "manual", "out", "shift"] {
        let page = desk.view(&format!("lang=en&view={view}"));
        assert!(page.contains("Who are you?") && !page.contains("Not believed"), "{view}");
    }
    desk.sign_in("李师傅");
    let find = desk.view("lang=zh&view=find");
    assert!(
        find.contains("data-key=\"Z\"")
            && find.contains("data-key=\"王\"")
            && !find.contains("data-key=\"鄂\"")
    );
    let rows = found("王");
    assert!(rows.contains("1 found") && rows.contains("王*") && rows.contains("3-2-502"), "{rows}");
    assert!(found("nobody").contains("Nobody found") && found(" ").contains("One character is enough"));

    // What can't be turned is told in words, with the way out of it.
    let forged = desk.view("lang=en&view=event&of=1");
    assert!(forged.contains("may be forged") && forged.contains("data-view=\"manual\" data-of=\"1\""));
    assert!(!forged.contains("data-act=\"override\""));
    let refused = desk.done("enter", json!({ "holder": 2 }));
    let event = || desk.view(&format!("lang=en&view=event&of={refused}"));
    assert!(
        event().contains("Let them through")
            && event().contains("Medical visit")
            && !event().contains("Stop them")
    );
    assert!(event().contains("Under home observation"), "why, in words");
    let turned = desk.done("override", json!({ "of": refused, "verdict": "admit", "why": "Medical visit" }));
    assert!(
        event().contains("Overridden: Medical visit (李师傅)") && event().contains("Take the override back")
    );
    assert!(event().contains(&format!("name=\"of\" value=\"{turned}\"")));
    desk.done("undo", json!({ "of": turned, "why": "Pressed by mistake" }));
    assert!(event().contains("Let them through"), "as it was before");
    desk.done("undo", json!({ "of": refused, "why": "Pressed by mistake" }));
    assert!(event().contains("taken back") && !event().contains("<form"));
    assert_eq!(
        desk.no("manual", json!({ "verdict": "admit", "why": "x", "home": "9-9-999" })).1,
        "no_such_home"
    );
    desk.done("manual", json!({ "verdict": "admit", "why": "<忘带证>", "home": "3-2-502", "party": 2 }));
    let last = desk.view("lang=en&view=last");
    for wanted in ["By hand", "&#60;忘带证&#62;", "Persons 2", "Not believed", "王*"] {
        assert!(last.contains(wanted), "{wanted} is missing in {last}");
    }
    assert!(desk.view("lang=en&view=out").contains("Outside: 0 people"));
    let shift = desk.view("lang=zh&view=shift");
    assert!(
        shift.contains("<dt>改判</dt><dd>1</dd>") && shift.contains("李师傅") && shift.contains("交给下一班")
    );
    assert!(desk.view("lang=zh&view=next").contains("谁来接班？"));
    drop(gate);
    let by_hand = happened(dir.path()).into_iter().find_map(|what| match what {
        What::Manual(manual) => Some((manual.household, manual.party)),
        _ => None,
    });
    assert_eq!(by_hand, Some((Some(102), 2)));
}

#[test]
fn a_gate_without_people_works_and_knows_nobody() {
    let (office, dir) = (Office::new(), data(Some(&Office::new().pass(0, Colour::Green))));
    let held = Held::in_folder(dir.path());
    held.pin(&root::parse(&office.root_text()).unwrap(), false).unwrap();
    held.load(&office.bundle(1)).unwrap();
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"admit\""]);
    let desk = Desk::of(&gate);
    assert_eq!(desk.state()["has_people"], false);
    assert!(desk.view("lang=en&view=home").contains("No staff are known here"));
    assert_eq!(desk.no("sign-in", json!({ "who": "李师傅", "pin": PIN })), (503, "no_people".into()));
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
}

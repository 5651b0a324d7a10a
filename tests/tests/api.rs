//! The office over HTTP for other programs: a token made on a page, a resident's way by it, and a judge that asks whatever the
//! description allows and whatever it forbids.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use end_to_end::browser::{Browser, Page, Size};
use end_to_end::counter::{Counter, fill, wait_for};
use end_to_end::office::{Office, roster};
use end_to_end::programs::run;
use end_to_end::python;
use serde_json::{Value, json};

/// How long an answer may take on a busy machine.
const LONG: Duration = Duration::from_secs(60);
/// What everybody at the counter chooses for a password.
const PASSWORD: &str = "a lake at seven";

/// Somebody's program.
struct Program {
    address: String,
    token: String,
}

impl Program {
    /// One that acts as whoever is signed in on this page.
    fn of(counter: &Counter, page: &Page, label: &str) -> Self {
        page.go(&counter.pages.page("/account/tokens?lang=en"));
        wait_for(page, "a token can be made", "[name=label]");
        fill(page, "label", label);
        fill(page, "now", PASSWORD);
        page.touch("form[action='/account/tokens'] button");
        wait_for(page, "a token is told", "code.token");
        let token = page.ask("document.querySelector('code.token').textContent");
        let address = counter.pages.page("").trim_start_matches("http://").to_owned();
        Self { address, token: token.as_str().expect("a text").to_owned() }
    }

    /// The status, and the body of what is answered to this.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let Self { address, token } = self;
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("a time-out can be set");
        let body = body.map(Value::to_string);
        let (kind, body) = match &body {
            Some(body) => ("Content-Type: application/json\r\n", body.as_str()),
            None => ("", ""),
        };
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nAccept-Language: en\r\n\
             Connection: close\r\n{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (answer[9..12].parse().expect("a status"), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// What is answered where all is well.
    fn well(&self, method: &str, path: &str, body: Option<&Value>, wanted: u16) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert_eq!(status, wanted, "{method} {path}: {answer}");
        answer
    }

    /// What is answered where it is refused: the last part of the problem's type, and the problem.
    fn refused(&self, method: &str, path: &str, body: Option<&Value>, wanted: u16) -> (String, Value) {
        let problem = self.well(method, path, body, wanted);
        assert_eq!(problem["status"], json!(wanted), "{problem}");
        for member in ["title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        let kind = problem["type"].as_str().expect("a type");
        (kind.rsplit(':').next().expect("a last part").to_owned(), problem)
    }
}

#[test]
fn a_resident_by_a_program() {
    let office = Office::with_roster(&roster(3));
    let counter = Counter::of(&office);
    let browser = Browser::shared();
    let page = counter.sign_in(&office, &browser, Size::MONITOR, ("张主任", "administrator"));
    let program = Program::of(&counter, &page, "every evening");

    let own = program.well("GET", "/me", None, 200);
    assert_eq!((&own["name"], &own["role"]), (&json!("张主任"), &json!("administrator")));
    let compound = own["compounds"][0].as_u64().expect("a number");
    let new = json!({ "building": "9", "unit": "1", "room": "901", "name": "赵小明", "phone": "13812345678", "colour": "green" });
    let residents = format!("/compounds/{compound}/residents");
    let known = program.well("POST", &residents, Some(&new), 201);
    assert_eq!((&known["name"], &known["colour"]), (&json!("赵*明"), &json!("green")));
    assert_eq!(program.well("POST", &residents, Some(&new), 200), known, "the same again changes nothing");
    let one = format!("{residents}/{}", known["holder"]);
    assert_eq!(program.well("GET", &one, None, 200), known);
    let pass = program.well("POST", &format!("{one}/passes"), None, 201);
    let found = program.well("GET", "/residents?q=zxm", None, 200);
    assert_eq!((&found["found"], &found["items"][0]["pass"]["serial"]), (&json!(1), &pass["serial"]));
    assert!(!found.to_string().contains("小明"), "names are masked");
    let personal = program.well("POST", &format!("{one}/personal"), None, 200);
    assert_eq!((&personal["full_name"], &personal["phone"]), (&json!("赵小明"), &json!("13812345678")));

    // Red: the old card says so, and nothing but a release after a good health check ends it.
    let decide = |to: &str| json!({ "colour": to, "reason": "returned from another city" });
    let decided = program.well("POST", &format!("{one}/colour"), Some(&decide("red")), 200);
    assert_eq!(decided["changed"], json!(true));
    assert!(decided["signed"].is_string(), "a red card was signed with it");
    let old =
        program.well("GET", &format!("/passes/{}", pass["serial"].as_str().expect("a serial")), None, 200);
    assert_eq!(old["status"], json!("now_red"));
    let (kind, _) = program.refused("POST", &format!("{one}/colour"), Some(&decide("green")), 409);
    assert_eq!(kind, "red-needs-sign-off");
    let release = format!("{one}/observation/release");
    let (kind, problem) = program.refused("POST", &release, Some(&decide("green")), 409);
    assert_eq!(kind, "too-early", "{problem}");
    let plan = json!({ "planned": "2020-03-01T00:00:00Z", "reason": "the first day was wrong" });
    program.well("POST", &format!("{one}/observation/plan"), Some(&plan), 204);
    let (kind, problem) = program.refused("POST", &release, Some(&decide("green")), 409);
    assert_eq!(kind, "no-health-check");
    assert!(problem["detail"].as_str().expect("a text").contains("record one first"), "{problem}");
    let check = json!({ "temperature_tenths": 365, "symptoms": false });
    let checked = program.well("POST", &format!("{one}/observation/checks"), Some(&check), 201);
    assert_eq!((&checked["well"], &checked["by"]), (&json!(true), &json!("张主任")));
    let released = program.well("POST", &release, Some(&decide("green")), 200);
    assert_eq!((&released["changed"], &released["colour"]), (&json!(true), &json!("green")));
    let observed = program.well("GET", &format!("{one}/observation"), None, 200);
    assert_eq!(observed["items"][0]["ended_by"], json!("张主任"));

    // All of it is in the audit log under the account's name, the look at the name as well.
    let lines = program.well("GET", "/audit?what=look", None, 200);
    assert_eq!((&lines["items"][0]["who"], &lines["items"][1]), (&json!("张主任"), &Value::Null));
    assert!(!program.well("GET", "/audit?limit=200", None, 200).to_string().contains("小明"));

    // Rules are changed by whoever has seen those that hold.
    let rules = format!("/compounds/{compound}/rules");
    let mut held = program.well("GET", &rules, None, 200);
    held["rules"]["lapse_minutes"] = json!(7);
    let new = json!({ "expected_version": held["version"], "rules": held["rules"], "reason": "一户一人" });
    assert_eq!(program.well("PUT", &rules, Some(&new), 200)["version"], json!(1));
    assert_eq!(program.refused("PUT", &rules, Some(&new), 409).0, "outdated");

    // What a role doesn't do, a token of it doesn't either; a struck one does nothing.
    let guest = counter.sign_in(&office, &browser, Size::MONITOR, ("物业", "property-manager"));
    let other = Program::of(&counter, &guest, "gates");
    other.well("GET", &one, None, 200);
    for (method, path) in [("POST", format!("{one}/personal")), ("GET", "/audit".to_owned()), ("GET", rules)]
    {
        assert_eq!(other.refused(method, &path, None, 403).0, "not-allowed");
    }
    guest.touch("form[action$='/strike'] button");
    wait_for(&guest, "it is struck off", "p.empty");
    assert_eq!(other.refused("GET", "/me", None, 401).0, "no-token");
}

/// Schemathesis makes up requests from the description, those it allows and those it forbids, follows what answers lead to, and
/// compares every answer with the description. What it asks follows from the description and nothing else.
#[test]
fn schemathesis_finds_nothing() {
    let office = Office::with_roster(&roster(3));
    let counter = Counter::of(&office);
    let page = counter.sign_in(&office, &Browser::shared(), Size::MONITOR, ("Admin", "administrator"));
    let program = Program::of(&counter, &page, "schemathesis");
    let mut command = Command::new(python::program_of("schemathesis.txt", "schemathesis"));
    command.current_dir(office.path("")).env("PYTHONUTF8", "1");
    command.arg("--config-file").arg(python::settings("schemathesis.toml"));
    command.args([
        "run",
        &counter.pages.page("/api/v1/openapi.json"),
        "--checks",
        "all",
        "--max-examples",
        "15",
    ]);
    command.args(["--generation-deterministic", "--seed", "1", "--workers", "1", "--no-color"]);
    command.args(["--header", &format!("Authorization: Bearer {}", program.token)]);
    let said = run(&mut command);
    println!("{}", String::from_utf8_lossy(&said.stdout));
}

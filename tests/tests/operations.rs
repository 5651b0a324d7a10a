//! The two programs as those run them who look after machines: TLS with certificates that are renewed, ends in the middle of work,
//! figures and log lines.

use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use end_to_end::at_work::AtWork;
use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office};
use end_to_end::programs::{lines, run};
use end_to_end::python;
use end_to_end::talk::{answer, ask, by_tls, plain};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustix::process::Signal;
use rustls::pki_types::CertificateDer;
use serde_json::{Value, json};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is so.
fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        match so() {
            Some(found) => return found,
            None if since.elapsed() > PATIENCE => panic!("waited in vain: {what}"),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// A certificate for `localhost` that vouches for itself.
fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).expect("ring makes keys")
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a temporary folder can be written");
}

/// An office's pages by TLS of their own, with this certificate.
fn serve_by_tls(office: &Office, first: &CertifiedKey<KeyPair>) -> AtWork {
    let (certificate, key) = (office.path("tls.crt"), office.path("tls.key"));
    write(&certificate, &first.cert.pem());
    write(&key, &first.signing_key.serialize_pem());
    let mut command = office.issuer(&["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--tls-certificate").arg(certificate).arg("--tls-key").arg(key);
    AtWork::start(command)
}

#[test]
fn pages_by_tls_and_a_renewed_certificate() {
    let office = Office::new();
    let told = run(&mut office.issuer(&["account", "add", "Wang", "--role", "administrator"]));
    let told = lines(&told);
    let password = told[0].rsplit('\t').next().expect("a line has a last field");
    let (first, second) = (certificate(), certificate());
    let (first_der, second_der): (CertificateDer<'static>, CertificateDer<'static>) =
        (first.cert.der().clone(), second.cert.der().clone());
    let pages = serve_by_tls(&office, &first);
    assert!(pages.page("/").starts_with("https://"));
    let host = pages.host();

    // The office's pages are there, and cookies are for TLS alone.
    let mut kept = by_tls(host, &first_der).expect("the certificate is shown");
    let get = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let page = ask(&mut kept, get).expect("the page comes");
    assert_eq!((page.status, page.header("strict-transport-security")), (200, Some("max-age=31536000")));
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form = format!("name=Wang&password={encoded}");
    let head =
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let post = format!("{head}Content-Length: {}\r\n\r\n{form}", form.len());
    let signed_in = ask(&mut kept, &post).expect("an answer comes");
    let cookie = signed_in.header("set-cookie").unwrap_or_default();
    assert_eq!(signed_in.status, 303, "{signed_in:?}");
    assert!(cookie.starts_with("__Host-sanse_office=") && cookie.contains("; Secure"), "{cookie}");

    // Nobody else is believed, and nothing is said in clear.
    assert!(by_tls(host, &second_der).is_err(), "a certificate that isn't the office's");
    let mut clear = plain(host).expect("somebody listens");
    assert!(ask(&mut clear, get).is_err(), "no page in clear");

    // In the middle of being renewed the files don't belong together: the old certificate goes on being shown.
    write(&office.path("tls.crt"), &second.cert.pem());
    pages.signal(Signal::HUP);
    until("the error is told", || pages.said().contains("goes on being shown").then_some(()));
    drop(by_tls(host, &first_der).expect("the old one is shown"));
    write(&office.path("tls.key"), &second.signing_key.serialize_pem());
    pages.signal(Signal::HUP);
    until("the new one is shown", || by_tls(host, &second_der).ok());
    assert!(by_tls(host, &first_der).is_err(), "the old one is gone");
    assert_eq!(ask(&mut kept, get).expect("who was connected stays so").status, 200);
    drop(kept);
    pages.end();
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_in_both_languages() {
    let office = Office::new();
    let (one, other) = (certificate(), certificate());
    write(&office.path("a.crt"), &one.cert.pem());
    write(&office.path("b.key"), &other.signing_key.serialize_pem());
    let cases = [
        (Some("a.crt"), None, ["要一起给出", "go together"]),
        (Some("a.crt"), Some("none.key"), ["请检查路径", "See that it is there"]),
        (Some("a.crt"), Some("b.key"), ["不是", "is not the key of"]),
        (Some("a.crt"), Some("a.crt"), ["没有可用的私钥", "no private key to be used"]),
        (Some("b.key"), Some("b.key"), ["没有证书", "no certificate in"]),
    ];
    for (certificate, key, told) in cases {
        for (lang, told) in ["zh", "en"].into_iter().zip(told) {
            let mut command = office.issuer(&["serve", "--listen", "127.0.0.1:0", "--lang", lang]);
            for (flag, name) in [("--tls-certificate", certificate), ("--tls-key", key)] {
                name.map(|name| command.arg(flag).arg(office.path(name)));
            }
            let output = command.output().expect("the issuer starts");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success() && said.contains(told),
                "{certificate:?} {key:?} {lang}: {said}"
            );
        }
    }
    // The same by the file, which the environment comes before.
    write(
        &office.path("data/issuer.toml"),
        "tls_certificate = \"/nowhere.crt\"\ntls_key = \"/nowhere.key\"\n",
    );
    let output = office.issuer(&["serve"]).output().expect("the issuer starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere.crt"));
    let output = office.issuer(&["serve"]).env("SANSE_TLS_CERTIFICATE", "/elsewhere.crt").output();
    let output = output.expect("the issuer starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/elsewhere.crt"));
}

/// A form on its way to `/sign-in`, whose second half is still to come: the program has begun to read it.
const SENT_IN_TWO: &str = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                           Content-Length: 17\r\nExpect: 100-continue\r\n\r\n";

#[test]
fn an_office_answers_what_is_under_way_and_ends() {
    let office = Office::new();
    let pages = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let host = pages.host().to_owned();
    let mut under_way = plain(&host).expect("somebody listens");
    assert_eq!(ask(&mut under_way, SENT_IN_TWO).expect("the form is wanted").status, 100);
    under_way.write_all(b"name=x&p").expect("half of it goes");
    let idle = plain(&host).expect("somebody listens");
    pages.signal(Signal::TERM);
    until("nobody is let in any more", || plain(&host).is_err().then_some(()));
    // What is under way is finished: nobody of this name may sign in.
    under_way.write_all(b"assword=y").expect("it is still wanted");
    let answered = answer(&mut under_way).expect("it is answered");
    assert_eq!((answered.status, answered.header("connection")), (401, Some("close")));
    let said = pages.wait_for_its_end();
    assert!(!said.contains("were given up"), "{said}");
    drop(idle);
}

#[test]
fn an_office_ends_while_a_gate_waits_for_news() {
    let office = Office::with_roster("小区,楼栋,单元,房号,姓名,颜色\n翠湖小区,1,1,101,王芳,绿\n");
    let pages = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let invite = ["gate", "invite", "东门", "--compound", COMPOUND, "--address", &pages.page("")];
    let told = lines(&run(&mut office.issuer(&invite)));
    let gate = Gate::new();
    let _ = run(&mut gate.kiosk(&["enrol", told.last().expect("the code for a camera")]));
    let at_work =
        AtWork::start(gate.kiosk(&["run", "--listen", "127.0.0.1:0", "--ip-camera", "http://localhost:1/"]));
    until("the gate waits", || {
        let read = figures(pages.host());
        let routes = read["sanse_http_requests_under_way"].as_array()?;
        routes.iter().find(|it| it[0]["route"] == "/gate/v1/report" && it[1] != json!(0)).map(drop)
    });
    pages.signal(Signal::TERM);
    let said = pages.wait_for_its_end();
    assert!(!said.contains("were given up"), "the gate was answered: {said}");
    at_work.end();
}

#[test]
fn an_office_does_not_wait_for_ever() {
    let office = Office::new();
    let pages = AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]));
    let mut under_way = plain(pages.host()).expect("somebody listens");
    assert_eq!(ask(&mut under_way, SENT_IN_TWO).expect("the form is wanted").status, 100);
    pages.signal(Signal::INT);
    // It ends although the form never comes: after ten seconds.
    let said = pages.wait_for_its_end();
    assert!(said.contains("were given up"), "{said}");
    assert!(answer(&mut under_way).is_err(), "it was given up");
}

#[test]
fn a_gate_answers_what_is_under_way_and_closes_its_journal() {
    let office = Office::with_roster("小区,楼栋,单元,房号,姓名,颜色\n翠湖小区,1,1,101,王芳,绿\n");
    let gate = Gate::of(&office);
    // Its one camera is not there.
    let at_work =
        AtWork::start(gate.kiosk(&["run", "--listen", "127.0.0.1:0", "--ip-camera", "http://localhost:1/"]));
    let host = at_work.host().to_owned();
    let state = ask(&mut plain(&host).expect("somebody listens"), &get("/desk/state", &host));
    let state: Value = serde_json::from_str(&state.expect("an answer comes").body).expect("JSON");
    let token = state["token"].as_str().expect("the page's token");
    let act = |path: &str, more: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nX-Sanse-Token: {token}\r\n{more}\r\n"
        )
    };
    // Somebody looks at the screen, somebody is in the middle of asking for something, and somebody opens in an emergency.
    let mut screen = plain(&host).expect("somebody listens");
    screen.write_all(get("/events", &host).as_bytes()).expect("it is asked for");
    let mut begun = [0; 15];
    screen.read_exact(&mut begun).expect("it begins");
    let mut under_way = plain(&host).expect("somebody listens");
    let half = act("/desk/dismiss", "Content-Length: 8\r\nExpect: 100-continue\r\n");
    assert_eq!(ask(&mut under_way, &half).expect("it is wanted").status, 100);
    let mut opening = plain(&host).expect("somebody listens");
    let opened = ask(&mut opening, &act("/desk/emergency", "Content-Length: 0\r\n"));
    assert_eq!(opened.expect("it is answered").status, 200);

    at_work.signal(Signal::TERM);
    until("nobody is let in any more", || plain(&host).is_err().then_some(()));
    under_way.write_all(b"{\"of\":1}").expect("it is still wanted");
    assert_eq!(answer(&mut under_way).expect("it is answered").status, 200);
    let mut rest = Vec::new();
    let whole = screen.read_to_end(&mut rest).is_ok() && rest.ends_with(b"0\r\n\r\n");
    assert!(whole, "the screen's stream is ended, not cut off");
    let _ = at_work.wait_for_its_end();
    // Whatever happened until the end is in the journal, and its chain holds.
    let kinds: Vec<String> = gate.events().iter().map(|event| event["kind"].to_string()).collect();
    assert!(kinds.iter().any(|kind| kind.contains("emergency")), "{kinds:?}");
    gate.verify_journal();
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

/// The figures at this address, as Prometheus reads them.
fn figures(host: &str) -> Value {
    let mut stream = until("the figures are served", || plain(host).ok());
    let answer = ask(&mut stream, &get("/metrics", host)).expect("an answer comes");
    assert_eq!(answer.status, 200, "{answer:?}");
    let kind = answer.header("content-type").unwrap_or_default();
    python::ask("read_metrics.py", &[], &json!({ "text": answer.body, "type": kind }))
}

/// An address of loopback's that no other test has.
fn own_address(port: u16) -> String {
    let [.., one, two] = std::process::id().to_be_bytes();
    format!("127.77.{one}.{two}:{port}")
}

#[test]
fn prometheus_reads_the_figures_of_an_office() {
    let office = Office::with_roster("小区,楼栋,单元,房号,姓名,颜色\n翠湖小区,1,1,101,王芳,绿\n");
    let watched = own_address(9380);
    let pages =
        AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", &watched]));
    let missing = ask(&mut plain(pages.host()).expect("somebody listens"), &get("/metrics", pages.host()));
    assert_eq!(missing.expect("an answer comes").status, 404, "they are elsewhere");
    let read = figures(&watched);
    assert_eq!(read["sanse_store_up"], json!([[{}, 1.0]]));
    assert_eq!(read["sanse_passes_signed"], json!([[{}, 1.0]]));
    assert_eq!(read["sanse_passages_taken_in_total"].as_array().map(Vec::len), Some(3));
    let resident = read["process_resident_memory_bytes"][0][1].as_f64().expect("a number");
    assert!((1e6..1e10).contains(&resident), "{resident}");
    assert_eq!(
        read["sanse_http_requests_total"][0],
        json!([{"method": "GET", "route": "other", "status": "404"}, 1])
    );
    // Made of buckets whose counts rise, as the parser has seen.
    assert!(
        read["sanse_http_request_duration_seconds_bucket"]
            .as_array()
            .is_some_and(|buckets| buckets.len() == 13)
    );
    pages.end();
}

#[test]
fn prometheus_reads_the_figures_of_a_gate() {
    let office = Office::with_roster("小区,楼栋,单元,房号,姓名,颜色\n翠湖小区,1,1,101,王芳,绿\n");
    let gate = Gate::of(&office);
    let watched = own_address(9381);
    let camera = ["--ip-camera", "http://localhost:1/", "--metrics-listen", &watched, "--log", "json"];
    let at_work = AtWork::start(gate.kiosk(&[&["run", "--listen", "127.0.0.1:0"], &camera[..]].concat()));
    let read = until("the camera is lost", || {
        let read = figures(&watched);
        (read["sanse_eye_losses_total"][0][1].as_f64() >= Some(1.0)).then_some(read)
    });
    assert_eq!(read["sanse_eye_up"], json!([[{"eye": "0", "kind": "ip-camera"}, 0.0]]));
    assert_eq!(read["sanse_judging"], json!([[{}, 1.0]]));
    assert_eq!(read["sanse_verdicts_total"].as_array().map(Vec::len), Some(3));
    let parts = read["sanse_part_age_seconds"].as_array().expect("parts");
    let parts: Vec<&str> = parts.iter().filter_map(|it| it[0]["part"].as_str()).collect();
    assert!(["trust", "status", "rules"].iter().all(|part| parts.contains(part)), "{parts:?}");
    for name in
        ["sanse_frames_total", "sanse_undelivered_events", "sanse_clock_in_doubt", "sanse_disk_free_bytes"]
    {
        assert!(read[name][0][1].is_number(), "{name}: {read}");
    }
    let names = |read: &Value| read.as_object().map(|it| it.keys().cloned().collect::<Vec<_>>());
    assert_eq!(names(&read), names(&figures(at_work.host())), "the same beside the page");
    // It is told as well: an object a line.
    let line = until("the loss is told", || {
        let said = at_work.said();
        said.lines().find(|line| line.starts_with('{') && line.ends_with('}')).map(str::to_owned)
    });
    let line: Value = serde_json::from_str(&line).expect("an object");
    assert_eq!(
        (&line["level"], &line["fields"]["message"]),
        (&json!("WARN"), &json!("an eye is lost; trying again"))
    );
    let ready = ask(&mut plain(&watched).expect("somebody listens"), &get("/ready", &watched));
    assert_eq!(ready.expect("an answer comes").status, 200);
    at_work.end();
}

#[test]
fn log_lines_name_requests_and_nobody() {
    let roster = "小区,楼栋,单元,房号,姓名,电话,颜色\n翠湖小区,1,1,101,欧阳小秘,13987654321,绿\n";
    let office = Office::with_roster(roster);
    let told = run(&mut office.issuer(&["account", "add", "司马大管", "--role", "administrator"]));
    let told = lines(&told);
    let password = told[0].rsplit('\t').next().expect("a line has a last field");
    let logged = ["--log", "json", "--log-level", "debug", "serve", "--listen", "127.0.0.1:0"];
    let pages = AtWork::start(office.issuer(&logged));
    let host = pages.host().to_owned();
    let secret = "0123456789abcdef0123456789abcdef";
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let mut stream = plain(&host).expect("somebody listens");
    let form = format!("name={}&password={}", encode("司马大管"), encode(password));
    let kind = "application/x-www-form-urlencoded";
    let sign_in = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let signed_in = ask(&mut stream, &sign_in).expect("an answer comes");
    assert_eq!(signed_in.status, 303);
    let cookie =
        signed_in.header("set-cookie").and_then(|it| it.split(';').next()).expect("a session").to_owned();
    let with = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nX-Request-Id: mine\r\n\r\n")
    };
    let search = format!("/residents?q={}", encode("欧阳小秘"));
    let asked = ["/", &search, "/residents?q=13987654321", &format!("/p/{secret}"), "/欧阳小秘"];
    let mut ids = vec![signed_in.header("x-request-id").expect("a number").to_owned()];
    for path in asked {
        let path = if path.is_ascii() { path.to_owned() } else { format!("/{}", encode(&path[1..])) };
        let answer = ask(&mut stream, &with(&path)).expect("an answer comes");
        ids.push(answer.header("x-request-id").expect("a number").to_owned());
    }
    for id in &ids {
        until("the answer is logged", || pages.said().contains(id.as_str()).then_some(()));
    }
    let said = pages.said();
    let read: Vec<Value> = said
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    for id in &ids {
        let of = |line: &&Value| line["span"]["id"] == **id;
        let answered = read.iter().filter(of).find(|line| line["fields"]["message"] == "answered");
        let answered = answered.unwrap_or_else(|| panic!("{id} is answered: {said}"));
        assert!(answered["fields"]["status"].is_u64() && answered["span"]["route"].is_string(), "{answered}");
    }
    let session = cookie.split_once('=').map_or("", |(_, token)| token);
    for hidden in
        ["欧阳", "秘", "司马", &encode("欧阳小秘"), "13987654321", password, session, secret, "mine"]
    {
        assert!(!said.contains(hidden), "{hidden} stands in the log:\n{said}");
    }
    pages.end();
}

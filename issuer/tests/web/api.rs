//! Programs that act as somebody: tokens made and struck off on a page, who sees what, and what is refused in which words.

use pass::CompoundId;
use registry::{Role, Scope};
use serde_json::{Value, json};
use store::GateReport;

use crate::{Answer, MORNING, Office, PASSWORD};

const API: &str = "/api/v1";

impl Office {
    /// Makes a token on the page, as whoever is signed in.
    async fn make_token(&self, until: &str) -> String {
        let page = self.post("/account/tokens", &form("日报", until, PASSWORD)).await.demand(200);
        let (_, told) = page.split_once("<code class=\"mono token\">").unwrap();
        told.split_once('<').unwrap().0.to_owned()
    }

    async fn call(&self, token: &str, method: &str, path: &str, more: &str, body: &str) -> Answer {
        let length = body.len();
        let request = format!(
            "{method} {API}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n{more}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        // Whoever refuses a long body need not read all of it.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await;
        Answer::read(stream).await
    }

    async fn ask(&self, token: &str, path: &str, status: u16) -> Value {
        serde_json::from_str(&self.call(token, "GET", path, "", "").await.demand(status)).unwrap()
    }
}

fn form(label: &str, until: &str, password: &str) -> String {
    let csrf = "csrf=the+form%27s+own";
    let password = password.replace(' ', "+");
    format!("{csrf}&label={label}&until={until}&now={password}")
}

#[tokio::test]
async fn tokens_are_made_shown_once_and_end() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    for (wrong, why) in [
        (form("", "2020-03-20", PASSWORD), "请写明用途"),
        (form("x", "2020-02-29", PASSWORD), "有效期须在今天之后"),
        (form("x", "2021-03-05", PASSWORD), "有效期须在今天之后"),
        (form("x", "never", PASSWORD), "有效期须在今天之后"),
        (form("x", "2020-03-20", "a sea at eight"), "现在的密码不对"),
    ] {
        let page = office.post("/account/tokens", &wrong).await.demand(200);
        assert!(page.contains(why) && !page.contains("mono token"), "{why}");
    }
    let page = office.get("/account/tokens").await.demand(200);
    assert!(
        page.contains("没有令牌")
            && page.contains("min=\"2020-03-02\"")
            && page.contains("max=\"2021-03-01\"")
    );

    let token = office.make_token("2020-03-02").await;
    let page = office.get("/account/tokens").await.demand(200);
    assert!(!page.contains(&token) && page.contains("日报") && page.contains("从未使用"));
    assert_eq!(office.ask(&token, "/me", 200).await["name"], json!("王五"));
    assert!(office.get("/account/tokens").await.demand(200).contains("2020-03-01 08:00"), "when it was used");
    // It is no way into the pages, and a session is none into this.
    let asked = format!("GET /account HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n");
    assert!(office.send(&asked).await.leads_to().starts_with("/sign-in"));
    let cookie = format!("Cookie: sanse_office={}\r\n", office.token.reveal());
    office.call("", "GET", "/me", &cookie, "").await.demand(401);
    // Until the end of the day.
    office.clock.set(MORNING.plus(86_400 + 16 * 3_600 - 1));
    office.ask(&token, "/me", 200).await;
    office.clock.set(MORNING.plus(86_400 + 16 * 3_600));
    assert_eq!(office.ask(&token, "/me", 401).await["type"], json!("urn:sanse-gate:problem:no-token"));
}

#[tokio::test]
async fn programs_see_what_their_account_sees() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Compounds(Vec::new())).await;
    let token = office.make_token("2020-03-20").await;
    assert_eq!(office.ask(&token, "/compounds", 200).await, json!({ "items": [] }));
    assert_eq!(office.ask(&token, "/residents", 200).await["found"], json!(0));
    assert_eq!(office.ask(&token, "/residents?compound=1&q=501", 200).await["items"], json!([]));
    assert_eq!(office.ask(&token, "/passages?compound=1", 200).await["items"], json!([]));
    assert_eq!(office.ask(&token, "/today", 200).await["colours"]["green"], json!(0));
    let serial = office.passes().await[0].serial;
    for path in [
        "/compounds/1/residents/1",
        "/compounds/1/residents/1/decisions",
        "/compounds/1/residents/1/observation",
        "/compounds/1/residents/1/passes",
        "/compounds/1/households",
        "/compounds/1/households/1",
        "/compounds/1/closures",
        "/compounds/1/residents/1/exemptions",
        "/compounds/1/gates",
        "/compounds/1/rules",
        "/compounds/1/rules/versions",
        &format!("/passes/{serial}"),
    ] {
        assert_eq!(office.ask(&token, path, 404).await["status"], json!(404), "{path}");
    }
    let json = "Content-Type: application/json\r\n";
    for (path, body) in [
        ("/compounds/1/residents/1/personal", ""),
        ("/compounds/1/residents/1/passes", ""),
        ("/compounds/1/residents/1/colour", r#"{"colour":"red","reason":"x"}"#),
        ("/compounds/1/residents", r#"{"building":"3","room":"501","name":"张三","colour":"green"}"#),
        ("/compounds/1/closures", r#"{"building":"3","reason":"x","lets_exempt":false}"#),
        ("/compounds/1/bundles", "{}"),
        (&format!("/passes/{serial}/status"), r#"{"change":"withdraw","reason":"x"}"#),
    ] {
        office.call(&token, "POST", path, json, body).await.demand(404);
    }
    assert!(office.store.passes_of(CompoundId(1), 1).await.unwrap()[0].status == pass::Status::AsSigned);
    // With its compound, at once.
    office.store.set_role("王五", Role::HealthWorker, &Scope::Everywhere, &crate::ACT).await.unwrap();
    office.ask(&token, "/compounds/1/residents/1", 200).await;
    office.ask(&token, "/compounds/1/residents/1/passes", 403).await;
}

#[tokio::test]
async fn how_gates_do_and_one_is_struck_off() {
    let office = Office::open().await;
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    let token = office.make_token("2020-03-20").await;
    for (seed, name) in [(4, "东门"), (5, "西 门")] {
        let key = protocol::ReceiverKey::from_bytes(&[seed; 32]).receiver().text();
        office.store.put_gate(name, CompoundId(1), &key, &crate::ACT).await.unwrap();
    }
    let key = protocol::ReceiverKey::from_bytes(&[4; 32]).receiver().text();
    let report =
        GateReport { number: 1, heard: crate::MORNING, in_doubt: true, through: 7, ..GateReport::default() };
    office.store.note_report(&key, &report).await.unwrap();
    let gates = office.ask(&token, "/compounds/1/gates", 200).await;
    let of = |name: &str| gates["items"].as_array().unwrap().iter().find(|it| it["name"] == *name).unwrap();
    assert_eq!(of("西 门")["report"], Value::Null);
    let told = &of("东门")["report"];
    assert_eq!((&told["events"], &told["lags"]), (&json!(7), &json!(["trust-list", "clock"])));

    let gone = "/compounds/1/gates/%E8%A5%BF%20%E9%97%A8";
    for (path, status) in [("/compounds/2/gates/%E4%B8%9C%E9%97%A8", 404), (gone, 204), (gone, 404)] {
        office.call(&token, "DELETE", path, "", "").await.demand(status);
    }
    assert_eq!(office.store.struck_gates().await.unwrap().len(), 1);
    let gates = office.ask(&token, "/compounds/1/gates", 200).await;
    assert_eq!(gates["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_refused_says_why() {
    let office = Office::open().await;
    office.employ("王五", Role::Administrator, &Scope::Everywhere).await;
    let token = office.make_token("2020-03-20").await;
    let json = "Content-Type: application/json\r\n";
    let colour = "/compounds/1/residents/1/colour";
    let long = format!("{{\"colour\":\"red\",\"reason\":\"{}\"}}", "x".repeat(300 << 10));
    for (method, path, more, body, status, kind) in [
        ("GET", "/residents?colour=blue", "", "", 400, "bad-query"),
        ("GET", "/residents?limit=0", "", "", 400, "bad-query"),
        ("GET", "/residents?limit=1&limit=2", "", "", 400, "bad-query"),
        ("GET", "/residents?page=1", "", "", 400, "bad-query"),
        ("GET", "/residents?cursor=AAAA", "", "", 404, "no-cursor"),
        ("GET", "/compounds/x/residents/1", "", "", 404, "not-found"),
        ("GET", "/compounds/1/residents/99", "", "", 404, "not-found"),
        ("GET", "/nothing", "", "", 404, "not-found"),
        ("DELETE", "/me", "", "", 405, "method"),
        ("POST", colour, json, "{", 400, "no-json"),
        ("POST", colour, json, "{}", 422, "bad-body"),
        ("POST", colour, json, r#"["red","x"]"#, 422, "bad-body"),
        ("POST", colour, json, r#"{"colour":"red","reason":" "}"#, 422, "bad-body"),
        ("POST", colour, json, r#"{"colour":"red","reason":"x","more":1}"#, 422, "bad-body"),
        ("POST", colour, "", r#"{"colour":"red","reason":"x"}"#, 415, "media-type"),
        ("POST", colour, json, &long, 413, "too-large"),
    ] {
        for (language, tag, nothing) in [("zh-CN", "zh", "。"), ("en", "en", ".")] {
            let more = format!("Accept-Language: {language}\r\n{more}");
            let answer = office.call(&token, method, path, &more, body).await;
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
            assert_eq!(answer.header("content-language"), Some(tag));
            let problem: Value = serde_json::from_str(&answer.demand(status)).unwrap();
            assert_eq!(
                problem["type"],
                json!(format!("urn:sanse-gate:problem:{kind}")),
                "{method} {path} {body:.40}"
            );
            assert!(problem["detail"].as_str().unwrap().ends_with(nothing), "{problem}");
        }
    }
    let colours = office.store.colour_counts(None).await.unwrap();
    assert_eq!(colours.map(|(_, count)| count), [2, 0, 1], "nothing was done");
    let answer = office.call("", "GET", "/me", "", "").await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    answer.demand(401);
    assert_eq!(office.call(&token, "DELETE", "/me", "", "").await.header("allow"), Some("GET,HEAD"));

    // A list goes on where it ended.
    let first = office.ask(&token, "/residents?limit=2", 200).await;
    let next = first["next"].as_str().unwrap();
    let second = office.ask(&token, &format!("/residents?limit=2&cursor={next}"), 200).await;
    assert_eq!((first["items"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    // A place in one list is none in another.
    office.ask(&token, &format!("/audit?cursor={next}"), 404).await;

    // Where the pages are not served for want of TLS, this isn't either.
    let phones = Office::serving(false).await;
    phones.get("/api/v1/openapi.json").await.demand(404);
}

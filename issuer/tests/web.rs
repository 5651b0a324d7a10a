//! The office's pages, asked for over a real socket.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::net::SocketAddr;
use std::sync::Arc;

use issuer::web::{Desk, Web, router};
use pass::{Clock, Colour, Contents, Kind, Kinds, ManualClock, OfficeId, SigningKey, Timestamp, TrustedKey};
use registry::{Field, Lifetime, NewHolder, Row};
use store::{Act, CardChange, ColourChange, PassOnFile, Passes, Store, sqlite_url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[path = "web/passes.rs"]
mod passes;

/// 2020-03-01 08:00 in Wuhan.
const MORNING: Timestamp = Timestamp(1_583_020_800);
const ACT: Act<'static> = Act { by: "测试", at: MORNING };

#[tokio::test]
async fn the_list_in_both_languages() {
    let office = Office::open(true).await;
    let page = office.get("/").await.demand(200);
    for word in
        ["<html lang=\"zh-CN\">", "张*明", "鄂A12345", "3栋2单元501室", "共 3 条", "2020-03-31", "有效"]
    {
        assert!(page.contains(word), "{word} is missing");
    }
    assert!(
        !page.contains("小明") && !page.contains("13812345678"),
        "full names and phone numbers stay inside"
    );
    for pass in &office.passes().await {
        assert!(page.contains(&pass.serial.short_code()) && page.contains(&format!("/p/{}?", pass.token)));
    }
    let english = office.get("/?lang=en").await.demand(200);
    assert!(english.contains("<html lang=\"en\">") && english.contains("Bldg 3, unit 2, room 501"));
    let asked = office
        .send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en-GB,en;q=0.9\r\n")
        .await
        .demand(200);
    assert!(asked.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn searching() {
    let office = Office::open(true).await;
    let names = async |query: &str| {
        let page = office.get(&format!("/?{query}")).await.demand(200);
        ["张*明", "李*", "鄂A12345"].map(|name| page.matches(&format!("</span> {name}</th>")).count())
    };
    assert_eq!(names("q=%E5%BC%A0").await, [1, 0, 0]);
    assert_eq!(names("q=3-2-501").await, [1, 0, 1]);
    assert_eq!(names("colour=red").await, [0, 1, 0]);
    assert_eq!(names("q=nobody").await, [0, 0, 0]);
    // What can't be understood is as if it were not there.
    assert_eq!(names("colour=blue&compound=x&page=-7&page=2").await, [1, 1, 1]);
    let page = office.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.demand(200);
    assert!(!page.contains("<script"), "what was typed is text");
}

#[tokio::test]
async fn a_pass_on_a_phone() {
    let office = Office::open(false).await;
    let passes = office.passes().await;
    let pass = passes.into_iter().find(|pass| pass.name.as_str() == "张*明").unwrap();
    let path = format!("/p/{}", pass.token);
    let page = office.get(&path).await.demand(200);
    for word in
        ["绿", "张*明", "可以进出小区", &pass.serial.short_code(), "2020-03-31 08:00", "2020-03-01 08:00"]
    {
        assert!(page.contains(word), "{word} is missing");
    }
    assert_eq!(read_code(&page), pass.text, "the code on the page is the pass");

    // What is true now is shown, not what was signed.
    office.store.set_colour(pass.compound, pass.holder, &to(Colour::Red), &ACT).await.unwrap();
    let page = office.get(&format!("{path}?lang=en")).await.demand(200);
    assert!(page.contains("phone red") && page.contains("may not go out"));
    assert!(page.contains("Card says Green, now Red: swap the card"));
    office.store.set_card(pass.serial, CardChange::Withdrawn, "", &ACT).await.unwrap();
    let page = office.get(&path).await.demand(200);
    assert!(page.contains("phone void") && page.contains("已撤销") && !page.contains("不得外出"));
    office.store.set_card(pass.serial, CardChange::Reinstated, "", &ACT).await.unwrap();
    office.store.set_colour(pass.compound, pass.holder, &to(Colour::Green), &ACT).await.unwrap();
    office.clock.set(pass.expires);
    assert!(
        office.get(&path).await.demand(200).contains("已过期"),
        "the end of validity is not valid any more"
    );
}

#[tokio::test]
async fn what_holds_in_a_compound_is_there_for_everybody() {
    let office = Office::open(false).await;
    let compound = office.passes().await[0].compound;
    let page = office.get(&format!("/c/{}", compound.0)).await.demand(200);
    for word in ["和平小区", "居家观察", "本小区的规定"] {
        assert!(page.contains(word), "{word} is missing");
    }
    assert!(
        !page.contains("tel:") && !page.contains("张*明"),
        "it names nobody, and no number that was not written"
    );
    let settings = registry::OfficeSettings::typed("建设路社区", "0311-8888 6666", "", Lifetime::default());
    office.store.set_office_settings(&settings.unwrap(), &ACT).await.unwrap();
    let page = office.get(&format!("/c/{}?lang=en", compound.0)).await.demand(200);
    assert!(page.contains("href=\"tel:031188886666\"") && page.contains("The rules of this compound"));
    let pass = &office.passes().await[0];
    let page = office.get(&format!("/p/{}", pass.token)).await.demand(200);
    assert!(page.contains("tel:031188886666") && page.contains(&format!("/c/{}?", compound.0)));
    for path in ["/c/", "/c/999", "/c/-1", "/c/99999999999", "/c/x"] {
        office.get(path).await.demand(404);
    }
}

#[tokio::test]
async fn what_is_not_there() {
    let office = Office::open(false).await;
    office.get("/").await.demand(404);
    for path in ["/p/", "/p/00000000000000000000000000000000", "/p/%00", "/nowhere", "/p/../health"] {
        let page = office.get(path).await.demand(404);
        assert!(page.contains("没有这个页面"), "{path}");
    }
}

#[tokio::test]
async fn only_for_those_it_is_asked_as() {
    let office = Office::open(true).await;
    for (host, status) in [
        ("localhost", 200),
        ("LOCALHOST:7380", 200),
        ("127.0.0.1:7380", 200),
        ("[::1]:7380", 200),
        ("office.example:7380", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("office.example.evil.example:7380", 421),
        ("", 421),
    ] {
        office.send(&format!("GET /health HTTP/1.1\r\nHost: {host}\r\n")).await.demand(status);
    }
}

#[tokio::test]
async fn every_answer_keeps_to_itself() {
    let office = Office::open(true).await;
    for path in ["/", "/health", "/style.css", "/nowhere"] {
        let Answer { head, .. } = office.get(path).await;
        for header in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'; style-src 'self';",
        ] {
            assert!(head.contains(header), "{path} has no {header}:\n{head}");
        }
    }
}

#[tokio::test]
async fn health() {
    let office = Office::open(true).await;
    let body = office.get("/health").await.demand(200);
    let health: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((health["status"].as_str(), health["time"].as_i64()), (Some("ok"), Some(MORNING.0)));
    office.store.clone().close().await;
    let body = office.get("/health").await.demand(503);
    assert!(body.contains("\"status\":\"store\""), "{body}");
    let page = office.get("/").await.demand(503);
    assert!(page.contains("暂时无法读取登记册"), "{page}");
}

/// An office with three holders and their passes, listening on a port of its own.
struct Office {
    store: Store,
    clock: Arc<ManualClock>,
    desk: Arc<Desk>,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Office {
    async fn open(lists_residents: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&sqlite_url(&folder.path().join("office.sqlite"))).await.unwrap();
        let list = [
            holder(&[
                (Field::Name, "张小明"),
                (Field::Phone, "13812345678"),
                (Field::Room, "501"),
                (Field::Colour, "绿"),
            ]),
            holder(&[(Field::Name, "李红"), (Field::Room, "502"), (Field::Colour, "红")]),
            holder(&[(Field::Plate, "鄂A12345"), (Field::Room, "501"), (Field::Colour, "绿")]),
        ];
        store.import(&list, &[1..=9], &ACT, &mut |_, _| {}).await.unwrap();
        let key = SigningKey::from_seed(&[7; 32]);
        store
            .issue(&Lifetime::default(), &ACT, &mut |pass| pass::sign(pass, &key), &mut |_, _| {})
            .await
            .unwrap();
        let clock = Arc::new(ManualClock::new(MORNING));
        let trusted = TrustedKey {
            public: key.public(),
            office: OfficeId(1),
            compounds: vec![1..=9],
            contents: Contents::of(&[]),
            kinds: Kinds::of(&Kind::ALL),
            from: MORNING,
            until: MORNING.plus(400 * 86_400),
        };
        let desk = Arc::new(Desk::new(Some((key, trusted))));
        let web = Web {
            store: store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            hosts: vec!["office.example".to_owned()],
            lists_residents,
            desk: lists_residents.then(|| Arc::clone(&desk)),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router(web)).await });
        Self { store, clock, desk, address, _folder: folder }
    }

    async fn passes(&self) -> Vec<PassOnFile> {
        self.store.passes(Passes::All).next().await.unwrap().unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n", self.address)).await
    }

    async fn send(&self, request: &str) -> Answer {
        self.send_with(request, "").await
    }

    async fn send_with(&self, request: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{request}Connection: close\r\n\r\n{body}").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Answer { head: text(&bytes[..end]), body: text(&bytes[end + 4..]) }
    }
}

struct Answer {
    head: String,
    body: String,
}

impl Answer {
    /// The body of an answer with this status.
    fn demand(self, status: u16) -> String {
        assert!(self.head.starts_with(&format!("HTTP/1.1 {status} ")), "{}\n\n{}", self.head, self.body);
        self.body
    }
}

fn holder(cells: &[(Field, &str)]) -> NewHolder {
    let mut row = Row::default();
    for (field, cell) in
        [(Field::Compound, "和平小区"), (Field::Building, "3"), (Field::Unit, "2")].iter().chain(cells)
    {
        row.set(*field, (*cell).to_owned());
    }
    NewHolder::of_row(&row).unwrap().remove(0)
}

/// Draws the path of the code and scans it.
fn read_code(page: &str) -> String {
    const SCALE: usize = 4;
    let between = |text: &str, from: &str, to: &str| -> String {
        let start = text.find(from).unwrap() + from.len();
        text[start..start + text[start..].find(to).unwrap()].to_owned()
    };
    let code = between(page, "<div class=\"code\">", "</div>");
    let width: usize = between(&code, "viewBox=\"0 0 ", " ").parse().unwrap();
    let side = width * SCALE;
    let mut luma = vec![255_u8; side * side];
    for run in between(&code, " d=\"", "\"").split('z').filter(|run| !run.is_empty()) {
        let (start, lengths) = run.trim_start_matches('M').split_once('h').unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = lengths.split('v').next().unwrap().parse().unwrap();
        for row in y * SCALE..(y + 1) * SCALE {
            luma[row * side + x * SCALE..row * side + (x + length) * SCALE].fill(0);
        }
    }
    let frame = qr::Frame::new(side, side, luma).unwrap();
    let seen = qr::Scanner::new().scan(&frame);
    String::from_utf8(seen[0].bytes.clone()).unwrap()
}

/// A colour that somebody answers for.
fn to(colour: Colour) -> ColourChange<'static> {
    ColourChange { colour, why: "", signed_off: true }
}

//! The office's pages, asked for over a real socket.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::net::SocketAddr;
use std::sync::Arc;

use issuer::accounts::{Password, Token};
use issuer::keys::{KeyFiles, RegistryKey};
use issuer::metrics::Metrics;
use issuer::office::Office as Keys;
use issuer::web::{Web, router};
use pass::{
    Clock, Colour, Content, Contents, Jwk, JwkSet, Kind, Kinds, ManualClock, OfficeId, SigningKey, Timestamp,
    TrustList, TrustedKey,
};
use registry::{Field, Lifetime, NewHolder, Role, Row, Scope};
use store::{Act, CardChange, ColourChange, NewAccount, NewSession, PassOnFile, Passes, Store, sqlite_url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[path = "web/api.rs"]
mod api;
#[path = "web/board.rs"]
mod board;
#[path = "web/books.rs"]
mod books;
#[path = "web/building.rs"]
mod building;
#[path = "web/correct.rs"]
mod correct;
#[path = "web/gates.rs"]
mod gates;
#[path = "web/journal.rs"]
mod journal;
#[path = "web/keeping.rs"]
mod keeping;
#[path = "web/passages.rs"]
mod passages;
#[path = "web/passes.rs"]
mod passes;
#[path = "web/person.rs"]
mod person;
#[path = "web/rules.rs"]
mod rules;
#[path = "web/today.rs"]
mod today;

/// 2020-03-01 08:00 in Wuhan.
const MORNING: Timestamp = Timestamp(1_583_020_800);
const ACT: Act<'static> = Act { by: "测试", at: MORNING };
const PASSWORD: &str = "a lake at seven";

#[tokio::test]
async fn the_list_in_both_languages() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let page = office.get("/residents").await.demand(200);
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
        assert!(page.contains(&pass.serial.short_code()) && page.contains(&format!("/p/{}\"", pass.token)));
    }
    let english = office.get("/residents?lang=en").await.demand(200);
    assert!(english.contains("<html lang=\"en\">") && english.contains("Bldg 3, unit 2, room 501"));
    let cookie = format!("Cookie: sanse_office={}", office.token.reveal());
    let asked = format!(
        "GET /residents HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    );
    assert!(office.send(&asked).await.demand(200).contains("<html lang=\"en\">"));
    let kept = asked.replace(&cookie, &format!("{cookie}; sanse_lang=zh"));
    assert!(
        office.send(&kept).await.demand(200).contains("<html lang=\"zh-CN\">"),
        "what was clicked before"
    );
}

#[tokio::test]
async fn searching() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let names = async |query: &str| {
        let page = office.get(&format!("/residents?{query}")).await.demand(200);
        ["张*明", "李*", "鄂A12345"].map(|name| page.matches(&format!(">{name}</a></th>")).count())
    };
    assert_eq!(names("q=%E5%BC%A0").await, [1, 0, 0]);
    assert_eq!(names("q=3-2-501").await, [1, 0, 1]);
    assert_eq!(names("colour=red").await, [0, 1, 0]);
    assert_eq!(names("q=nobody").await, [0, 0, 0]);
    // What can't be understood is as if it were not there.
    assert_eq!(names("colour=blue&compound=x&pass=99&kind=visitor&after=x&before=-1").await, [1, 1, 1]);
    assert_eq!(names("kind=vehicle").await, [0, 0, 1]);
    assert_eq!(names("building=12").await, [0, 0, 0]);
    assert_eq!(names("building=3&unit=2").await, [1, 1, 1]);
    assert_eq!(names("building=3&unit=9").await, [0, 0, 0]);
    assert_eq!(names("pass=valid&colour=green").await, [1, 0, 1]);
    assert_eq!(names("pass=missing").await, [0, 0, 0]);
    // Beside somebody in the list; the way back, and the same page in the other language.
    let first = office.passes().await.into_iter().find(|pass| pass.name.as_str() == "张*明").unwrap();
    let beside = format!("{}-{}", first.compound.0, first.holder);
    assert_eq!(names(&format!("after={beside}")).await[0], 0);
    assert_eq!(names(&format!("before={beside}")).await[0], 0);
    let page = office.get(&format!("/residents?colour=green&after={beside}&lang=zh")).await.demand(200);
    assert!(page.contains("href=\"?colour=green\">第一页</a>"), "{page}");
    assert!(
        page.contains(&format!("href=\"/residents?colour=green&#38;after={beside}&#38;lang=en\"")),
        "{page}"
    );
    // The same search in the other language.
    let page = office.get("/residents?q=3-2-501&lang=zh&colour=green").await.demand(200);
    assert!(page.contains("href=\"/residents?q=3-2-501&#38;colour=green&#38;lang=en\""), "{page}");
    let page = office.get("/residents?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.demand(200);
    assert!(!page.contains("<script"), "what was typed is text");
}

#[tokio::test]
async fn a_pass_on_a_phone() {
    let office = Office::open().await;
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
    let office = Office::open().await;
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
    let office = Office::open().await;
    for path in ["/p/", "/p/00000000000000000000000000000000", "/p/%00", "/nowhere", "/p/../health"] {
        let page = office.get(path).await.demand(404);
        assert!(page.contains("没有这个页面"), "{path}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_sees_nothing() {
    let office = Office::open().await;
    for path in ["/residents", "/residents?q=%E5%BC%A0", "/accounts", "/audit", "/account"] {
        let answer = office.get(path).await;
        assert!(answer.leads_to().starts_with("/sign-in"), "{path}: {}", answer.head);
        answer.demand(303);
    }
    let to = office.get("/residents?q=1&colour=red").await.leads_to().to_owned();
    assert_eq!(
        to, "/sign-in?next=%2Fresidents%3Fq%3D1%26colour%3Dred",
        "one comes back to where one wanted to be"
    );
    let page = office.get(&to).await.demand(200);
    let other = "href=\"?next=/residents%3Fq%3D1%26colour%3Dred&amp;lang=en\"";
    assert!(page.contains(other), "in the other language as well: {page}");
    let english = office.get("/sign-in?next=/residents%3Fq%3D1%26colour%3Dred&lang=en").await.demand(200);
    assert!(english.contains("name=\"next\" value=\"/residents?q=1&#38;colour=red\""), "{english}");
    assert!(
        office.get("/sign-in").await.demand(200).contains("issuer account add"),
        "nobody has an account yet"
    );
}

#[tokio::test]
async fn phones_alone_where_passwords_would_be_read_on_the_way() {
    let office = Office::serving(false).await;
    for path in ["/", "/sign-in", "/residents", "/passes", "/accounts"] {
        office.get(path).await.demand(404);
    }
    office.post("/sign-in", "name=x&password=x").await.demand(404);
    let pass = &office.passes().await[0];
    office.get(&format!("/p/{}", pass.token)).await.demand(200);
    office.get(&format!("/c/{}", pass.compound.0)).await.demand(200);
}

#[tokio::test]
async fn signing_in() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let form = |password: &str| {
        format!("name=%20%E7%8E%8B%E4%BA%94&password={}&next=%2Faudit", password.replace(' ', "+"))
    };
    for wrong in [form("a lake at eight"), form(""), "name=nobody&password=x".to_owned()] {
        let page = office.post("/sign-in", &wrong).await.demand(401);
        assert!(page.contains("账号、密码或验证码不对"), "{page}");
    }
    let answer = office.post("/sign-in", &form(PASSWORD)).await;
    assert_eq!(answer.leads_to(), "/audit");
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("sanse_office=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    let get = format!("GET /residents HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; sanse_office={token}\r\n");
    office.send(&get).await.demand(200);
    // Two hours later nobody is signed in by it.
    office.clock.set(MORNING.plus(2 * 3600));
    office.send(&get).await.demand(303);
    office.post_from("cross-site", "/sign-in", &form(PASSWORD)).await.demand(403);
}

#[tokio::test]
async fn guessing_gets_slow() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    for _ in 0..3 {
        office.post("/sign-in", "name=%E7%8E%8B%E4%BA%94&password=guess").await.demand(401);
    }
    let right = format!("name=%E7%8E%8B%E4%BA%94&password={}", PASSWORD.replace(' ', "+"));
    let page = office.post("/sign-in", &right).await.demand(401);
    assert!(page.contains("请等 4 秒再试"), "{page}");
    office.clock.set(MORNING.plus(4));
    office.post("/sign-in", &right).await.demand(303);
}

#[tokio::test]
async fn forms_come_from_our_own_pages() {
    let office = Office::open().await;
    office.employ("王五", Role::Administrator, &Scope::Everywhere).await;
    let form = "csrf=the+form%27s+own&name=%E8%B5%B5%E5%85%AD&role=health-worker&compound=1";
    office.post_from("cross-site", "/accounts", form).await.demand(403);
    office.post("/accounts", &form.replace("own", "other")).await.demand(403);
    office.post("/accounts", "name=x&role=administrator&everywhere=1").await.demand(403);
    assert_eq!(office.store.accounts().await.unwrap().len(), 1);
    let page = office.post("/accounts", form).await.demand(200);
    assert!(page.contains("临时密码只显示这一次") && page.contains("赵六"));
    assert_eq!(office.store.accounts().await.unwrap().len(), 2);
    let page = office.post("/accounts", form).await.demand(200);
    assert!(page.contains("已经存在"), "{page}");
    office.post("/sign-out", "csrf=the+form%27s+own").await.demand(303);
    office.get("/residents").await.demand(303);
}

#[tokio::test]
async fn each_sees_what_their_role_and_their_compounds_allow() {
    let office = Office::open().await;
    let elsewhere = Scope::Compounds(vec![]);
    office.employ("物业", Role::PropertyManager, &elsewhere).await;
    let page = office.get("/residents").await.demand(200);
    assert!(!page.contains("张*明") && page.contains("没有找到") && !page.contains("和平小区"), "{page}");
    assert!(!page.contains("href=\"/accounts\"") && !page.contains("href=\"/audit\""));
    for path in ["/accounts", "/audit"] {
        let page = office.get(path).await.demand(403);
        assert!(page.contains("您的角色不能做这件事") && page.contains("管理员"), "{page}");
    }
    let here = Scope::Compounds(vec![office.store.compounds().await.unwrap()[0].id]);
    office.store.set_role("物业", Role::PropertyManager, &here, &ACT).await.unwrap();
    assert!(office.get("/residents").await.demand(200).contains("张*明"), "it holds at once");
    office.store.close_account("物业", true, &ACT).await.unwrap();
    office.get("/residents").await.demand(303);
}

#[tokio::test]
async fn ones_own_account() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let new = "a+hill+at+noon";
    let form = |now: &str, new: &str, again: &str| {
        format!("csrf=the+form%27s+own&now={now}&new={new}&again={again}")
    };
    for (form, told) in [
        (form("wrong", new, new), "现在的密码不对"),
        (form("a+lake+at+seven", new, "a+hill"), "两次输入的新密码不一样"),
        (form("a+lake+at+seven", "short", "short"), "新密码太短"),
    ] {
        let page = office.post("/account/password", &form).await.demand(200);
        assert!(page.contains(told), "{page}");
    }
    office.post("/account/password", &form("a+lake+at+seven", new, new)).await.demand(303);
    office.get("/residents").await.demand(303);
    office.post("/sign-in", &format!("name=%E7%8E%8B%E4%BA%94&password={new}")).await.demand(303);
}

#[tokio::test]
async fn nobody_works_with_a_password_that_somebody_else_knows() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let made = Password::typed(PASSWORD).hash();
    office.store.set_password("王五", &made, true, &ACT).await.unwrap();
    let session =
        NewSession { token: &office.token.hash(), csrf: "the form's own", step: None, recovery: None };
    assert!(office.store.signed_in("王五", &session, MORNING).await.unwrap());
    for path in ["/residents", "/passes", "/audit"] {
        assert_eq!(office.get(path).await.leads_to(), "/account", "{path}");
    }
    assert!(office.get("/account").await.demand(200).contains("name=\"again\""));
    assert_eq!(office.post("/account/everywhere", "csrf=the+form%27s+own").await.leads_to(), "/account");
    let form = "csrf=the+form%27s+own&now=a+lake+at+seven&new=a+hill+at+noon&again=a+hill+at+noon";
    assert_eq!(office.post("/account/password", form).await.leads_to(), "/sign-in");
    assert!(!office.store.account("王五").await.unwrap().unwrap().provisional);
}

#[tokio::test]
async fn who_did_what() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let page = office.get("/audit").await.demand(200);
    assert!(
        page.contains("签发") && page.contains("导入名册") && page.contains("2020-03-01 08:00:00"),
        "{page}"
    );
    let page = office.get("/audit?what=sign&who=%E6%B5%8B&day=2020-03-01").await.demand(200);
    assert!(
        page.contains("<td role=\"cell\">签发</td>") && !page.contains("<td role=\"cell\">导入名册</td>")
    );
    assert!(office.get("/audit?day=2020-02-29").await.demand(200).contains("没有符合条件的记录"));
}

#[tokio::test]
async fn only_for_those_it_is_asked_as() {
    let office = Office::open().await;
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
    let office = Office::open().await;
    for path in ["/", "/sign-in", "/health", "/style.css", "/nowhere"] {
        let Answer { head, .. } = office.get(path).await;
        for header in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self';",
        ] {
            assert!(head.contains(header), "{path} has no {header}:\n{head}");
        }
    }
}

#[tokio::test]
async fn health_and_figures() {
    let office = Office::open().await;
    for path in ["/health", "/ready"] {
        let body = office.get(path).await.demand(200);
        let health: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((health["status"].as_str(), health["time"].as_i64()), (Some("ok"), Some(MORNING.0)));
    }
    let figures = office.get("/metrics").await.demand(200);
    for line in [
        "sanse_store_up 1.0",
        "sanse_passes_signed 3.0",
        "sanse_gates_known 0.0",
        "sanse_ends_timestamp_seconds{what=\"issuer_key\"} 1617580800.0",
        "sanse_http_requests_total{method=\"GET\",route=\"/ready\",status=\"200\"} 1",
    ] {
        assert!(figures.lines().any(|it| it == line), "{line}:\n{figures}");
    }
    // An address that holds a secret is told by its pattern, and nobody makes figures of their own.
    office.get("/p/00000000000000000000000000000000").await.demand(404);
    office.get("/nowhere-at-all").await.demand(404);
    let figures = office.get("/metrics").await.demand(200);
    assert!(figures.contains("route=\"/p/{token}\",status=\"404\"} 1"), "{figures}");
    assert!(figures.contains("route=\"other\",status=\"404\"} 1"), "{figures}");
    assert!(!figures.contains("0000000000") && !figures.contains("nowhere"), "{figures}");
    office.store.clone().close().await;
    // It lives, and another issuer is to be asked.
    office.get("/health").await.demand(200);
    let body = office.get("/ready").await.demand(503);
    assert!(body.contains("\"status\":\"store\""), "{body}");
    let figures = office.get("/metrics").await.demand(200);
    assert!(figures.contains("sanse_store_up 0.0") && !figures.contains("sanse_gates_known"), "{figures}");
    let page = office.get("/residents").await.demand(503);
    assert!(page.contains("暂时无法读取登记册"), "{page}");
}

/// An office with three holders and their passes, listening on a port of its own.
struct Office {
    store: Store,
    clock: Arc<ManualClock>,
    address: SocketAddr,
    /// What the browser of whoever is signed in shows.
    token: Token,
    folder: tempfile::TempDir,
}

impl Office {
    async fn open() -> Self {
        Self::serving(true).await
    }

    /// With the office's own pages, or without.
    async fn serving(has_office: bool) -> Self {
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
            contents: Contents::of(&Content::OF_OFFICE),
            kinds: Kinds::of(&Kind::ALL),
            from: MORNING,
            until: MORNING.plus(400 * 86_400),
        };
        let (files, root) = (KeyFiles::new(folder.path()), SigningKey::from_seed(&[8; 32]));
        let list = TrustList { version: 1, issued: MORNING, keys: vec![trusted.clone()] };
        std::fs::write(files.trust(), list.sign(&root)).unwrap();
        let public = JwkSet { keys: vec![Jwk::new(&root.public(), "root")] };
        std::fs::write(files.root_public(), serde_json::to_vec(&public).unwrap()).unwrap();
        let web = Web {
            store: store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            hosts: vec!["office.example".to_owned()],
            by_tls: false,
            has_office,
            has_metrics: true,
            metrics: Metrics::default(),
            office: Keys::new(files, Some((key, trusted)), Some(RegistryKey::from_seed([5; 32]))),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router(web)).await });
        Self { store, clock, address, token: Token::generate(), folder }
    }

    async fn passes(&self) -> Vec<PassOnFile> {
        self.store.passes(Passes::All).next().await.unwrap().unwrap()
    }

    /// Somebody of this role is signed in from now on.
    async fn employ(&self, name: &str, role: Role, scope: &Scope) {
        let password = Password::typed(PASSWORD).hash();
        let new = NewAccount { name, role, scope, password: &password, provisional: false };
        self.store.add_account(&new, &ACT).await.unwrap();
        self.sign_in_again(name).await;
    }

    async fn sign_in_again(&self, name: &str) {
        let session =
            NewSession { token: &self.token.hash(), csrf: "the form's own", step: None, recovery: None };
        assert!(self.store.signed_in(name, &session, self.clock.now()).await.unwrap());
    }

    async fn get(&self, path: &str) -> Answer {
        let cookie = format!("sanse_office={}", self.token.reveal());
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n", self.address)).await
    }

    /// Sends a form from one of our own pages.
    async fn post(&self, path: &str, form: &str) -> Answer {
        self.post_from("same-origin", path, form).await
    }

    /// Sends a form as [`Office::post`] does, and gives back the bytes of the file that comes.
    async fn download(&self, path: &str, form: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(self.form("same-origin", path, form).as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        bytes.split_off(end + 4)
    }

    async fn post_from(&self, site: &str, path: &str, form: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(self.form(site, path, form).as_bytes()).await.unwrap();
        Answer::read(stream).await
    }

    fn form(&self, site: &str, path: &str, form: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: sanse_office={}\r\nSec-Fetch-Site: {site}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
            self.address,
            self.token.reveal(),
            form.len()
        )
    }

    async fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{request}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        Answer::read(stream).await
    }
}

struct Answer {
    head: String,
    body: String,
}

impl Answer {
    async fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        // Sheets are PDF.
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Self { head: head.to_owned(), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// Where the browser is sent.
    fn leads_to(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("it leads nowhere:\n{}\n\n{}", self.head, self.body))
    }

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
    ColourChange { colour, why: "", sign_off: store::SignOff::Mistaken }
}

//! Passages: a gate's journal taken in by a page, looked through, and handed out as a table.

use gate::{Direction, Verdict};
use pass::Colour;
use registry::{Role, Scope};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::journal::{Journal, person};
use super::{ACT, Answer, MORNING, Office};

const CSRF: &str = "the form's own";

impl Office {
    /// Sends a file as the page's form does.
    async fn upload(&self, csrf: &str, compound: &str, file: &[u8]) -> Answer {
        let field = |name: &str, value: &str| {
            format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body = (field("csrf", csrf) + &field("compound", compound)).into_bytes();
        body.extend_from_slice(
            b"--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\nContent-Type: application/octet-stream\r\n\r\n",
        );
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--bound--\r\n");
        let head = format!(
            "POST /passages/import HTTP/1.1\r\nHost: {}\r\nCookie: sanse_office={}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary=bound\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            self.token.reveal(),
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        Answer::read(stream).await
    }

    /// A morning at the gate.
    async fn a_morning(&self) -> Journal {
        let passes = self.passes().await;
        let (green, red) = (person(&passes, Colour::Green), person(&passes, Colour::Red));
        let mut journal = Journal::of("东门");
        journal.judged(MORNING, &green, Direction::Out, Verdict::Admit, "");
        let stopped =
            journal.judged(MORNING.plus(60), &red, Direction::Out, Verdict::Refuse, "red_out searched");
        journal.overridden(MORNING.plus(70), stopped, Verdict::Admit);
        journal.forged(MORNING.plus(80));
        journal.manual(MORNING.plus(90), Direction::In);
        let mistake = journal.judged(MORNING.plus(100), &green, Direction::In, Verdict::Admit, "");
        journal.undone(MORNING.plus(110), mistake);
        journal
    }
}

#[tokio::test]
async fn a_journal_is_taken_in_and_looked_through() {
    let office = Office::open().await;
    office.employ("王五", Role::PropertyManager, &Scope::Everywhere).await;
    let page = office.get("/passages").await.demand(200);
    assert!(page.contains("还没有导入过卡点的日志"), "{page}");
    let journal = office.a_morning().await;
    let compound = office.passes().await[0].compound;

    let page = office.upload(CSRF, "", &journal.file()).await.demand(200);
    assert!(
        page.contains("role=\"alert\"") && page.contains("没有登记") && page.contains("issuer gate add"),
        "{page}"
    );
    office.store.put_gate("东门", compound, "key", &ACT).await.unwrap();
    assert_eq!(office.upload(CSRF, "", &journal.file()).await.leads_to(), "/passages");
    let page = office.get("/passages").await.demand(200);
    for word in [
        "东门：新增 7 条，已有 0 条。",
        "张*明",
        "3栋2单元501室",
        "2020-03-01 08:01:00",
        "红证不得外出；查找到，没有扫到证",
        "→ 放行",
        "没有可信的证",
        "签名不符：伪造或被改动",
        "忘带证，&#60;b&#62;已核对",
        "已撤销",
        "7 条（1 至 7）",
        "完整",
    ] {
        assert!(page.contains(word), "{word} is missing: {page}");
    }
    assert!(!page.contains("小明") && !page.contains("<b>"));
    let page = office.get("/passages?lang=en").await.demand(200);
    assert!(
        page.contains("red may not go out; found by a search") && page.contains("Bldg 3, unit 2, room 501")
    );

    let lines = async |query: &str| {
        office
            .get(&format!("/passages?{query}"))
            .await
            .demand(200)
            .matches("scope=\"row\" class=\"when")
            .count()
    };
    assert_eq!(lines("").await, 5);
    assert_eq!(lines("q=%E5%BC%A0").await, 2);
    assert_eq!(lines("what=refuse").await, 2);
    assert_eq!(lines("what=overridden&direction=out").await, 1);
    assert_eq!(lines("from=2020-03-01T08:01&until=2020-03-01T08:01:30").await, 2);
    assert_eq!(lines("gate=%E8%A5%BF%E9%97%A8").await, 0);
    // What can't be understood is as if it were not there.
    assert_eq!(lines("compound=x&from=yesterday&what=good&before=1.2&direction=up").await, 5);

    // One passage: the verdict, and what staff made of it.
    let path = format!("/passages/%E4%B8%9C%E9%97%A8/{}/2", "07".repeat(16));
    let page = office.get(&path).await.demand(200);
    for word in ["李*", "红证不得外出", "人工改判", "李师傅", "本人带身份证"] {
        assert!(page.contains(word), "{word} is missing: {page}");
    }
    for path in ["/passages/x/y/1", "/passages/x/y/z", "/passages/%E4%B8%9C%E9%97%A8/07/1"] {
        office.get(path).await.demand(404);
    }
    let table = office.get("/passages/passages.xlsx?what=refuse").await;
    assert_eq!(table.header("content-disposition"), Some("attachment; filename=\"passages.xlsx\""));
    assert!(table.demand(200).starts_with("PK"));
    let audited =
        store::AuditSearch { what: Some(store::Action::Export), limit: 9, ..store::AuditSearch::default() };
    let line = office.store.audit_lines(&audited).await.unwrap().remove(0);
    assert_eq!((&*line.who, &*line.detail), ("王五", "passages: 2 lines"));
}

#[tokio::test]
async fn what_is_no_journal_says_what_to_do() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let compound = office.passes().await[0].compound.0.to_string();
    let journal = office.a_morning().await;
    for (file, told) in [
        (&b""[..], "没有选择文件"),
        (b"time,gate\r\n", "这不是卡点日志的导出文件"),
        (&journal.file()[..400], "kiosk log verify"),
    ] {
        let page = office.upload(CSRF, &compound, file).await.demand(200);
        assert!(page.contains("role=\"alert\"") && page.contains(told), "{told}: {page}");
    }
    office.upload("another", &compound, &journal.file()).await.demand(403);
    office.post("/passages/import", "csrf=the+form%27s+own").await.demand(400);
}

#[tokio::test]
async fn each_sees_the_gates_of_their_compounds() {
    let office = Office::open().await;
    let journal = office.a_morning().await;
    let compound = office.passes().await[0].compound;
    office.store.keep_events(compound, &journal.events, &ACT).await.unwrap();
    for path in ["/passages", "/passages/passages.xlsx"] {
        assert!(office.get(path).await.leads_to().starts_with("/sign-in"), "{path}");
    }
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    for path in ["/passages".to_owned(), format!("/passages?compound={}", compound.0)] {
        let page = office.get(&path).await.demand(200);
        assert!(!page.contains("东门") && !page.contains("张*明"), "{page}");
    }
    let path = format!("/passages/%E4%B8%9C%E9%97%A8/{}/2", "07".repeat(16));
    office.get(&path).await.demand(404);
    let page = office.upload(CSRF, &compound.0.to_string(), &journal.file()).await.demand(200);
    assert!(page.contains("不属于您负责的小区"), "{page}");
}

//! Rosters on the office's pages: sent, looked at, written, given out again.

use registry::{Role, Scope};
use store::{Action, AuditSearch};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Answer, Office};

const HEADERS: &str = "小区,楼栋,单元,房号,姓名,电话,颜色,车牌\n";

impl Office {
    /// Sends a file as a browser does; gives back where its page is.
    async fn send_file(&self, csrf: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----of-a-browser";
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"翠湖.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let head = format!(
            "POST /books HTTP/1.1\r\nHost: {}\r\nCookie: sanse_office={}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            self.token.reveal(),
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        Answer::read(stream).await
    }

    /// The page of a file, once nothing goes on there any more.
    async fn settled(&self, path: &str) -> String {
        loop {
            let answer = self.get(path).await;
            if answer.header("refresh").is_none() {
                return answer.demand(200);
            }
            tokio::task::yield_now().await;
        }
    }

    async fn holders(&self) -> u64 {
        self.store.colour_counts(None).await.unwrap().iter().map(|(_, count)| count).sum()
    }
}

/// The numbers of the tiles: new, changed, as they were, rows left out.
fn counts(page: &str) -> Vec<&str> {
    let tiles = page.split("<dl class=\"tiles\">").nth(1).unwrap().split("</dl>").next().unwrap();
    tiles.split("<dd>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_looked_at_before_it_is_written() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let before = office.holders().await;
    let roster = format!(
        "{HEADERS}和平小区,3,2,501,张小明,13812345678,黄,\n和平小区,3,2,502,李红,,红,\n和平小区,5,1,101,赵新,,绿,\n和平小区,5,1,102,钱错,12,绿,\n"
    );
    let path = office.send_file("the form's own", roster.as_bytes()).await.leads_to().to_owned();
    let page = office.settled(&path).await;
    assert_eq!(counts(&page), ["1", "1", "1", "1"], "{page}");
    for word in ["翠湖.csv", "还没有写入任何内容", "绿 → 黄", "F5：电话有 2 位数字", "赵*"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("张小明"), "names are masked here as everywhere");
    assert_eq!(office.holders().await, before, "nothing is written before somebody says so");

    office.post(&path, "csrf=x").await.demand(403);
    assert_eq!(office.holders().await, before);
    office.post(&path, "csrf=the+form%27s+own").await.demand(303);
    let page = office.settled(&path).await;
    assert_eq!(counts(&page), ["1", "1", "1", "1"], "{page}");
    assert!(page.contains("已写入") && page.contains("href=\"/passes\""));
    assert_eq!(office.holders().await, before + 1);
    // A second yes, and the same file once more, change nothing.
    office.post(&path, "csrf=the+form%27s+own").await.demand(303);
    let again = office.send_file("the form's own", roster.as_bytes()).await.leads_to().to_owned();
    let page = office.settled(&again).await;
    assert_eq!((counts(&page), office.holders().await), (vec!["0", "0", "3", "1"], before + 1));
    assert!(page.contains("没有可写入的内容") && !page.contains("确认导入"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    for (bytes, told) in [
        (&b"%PDF-1.7"[..], "只能读取"),
        (b"PK\x03\x04 and then nothing", "文件已损坏"),
        ("姓名,电话\n张三,\n".as_bytes(), "缺少列"),
        (b"", "没有找到表头"),
    ] {
        let path = office.send_file("the form's own", bytes).await.leads_to().to_owned();
        let page = office.settled(&path).await;
        assert!(page.contains("这个文件不能导入") && page.contains(told), "{told}: {page}");
        assert!(!page.contains("确认导入"));
    }
    office.send_file("a guess", b"x").await.demand(403);
    // What is no file at all, and what comes from nobody.
    assert!(office.post("/books", "csrf=the+form%27s+own").await.demand(400).contains("没有收到文件"));
    office.post("/sign-out", "csrf=the+form%27s+own").await.demand(303);
    assert!(office.send_file("the form's own", b"x").await.leads_to().starts_with("/sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_ones_own_compounds_and_ones_own_files() {
    let office = Office::open().await;
    let here = Scope::Compounds(vec![office.store.compounds().await.unwrap()[0].id]);
    office.employ("王五", Role::CommunityWorker, &here).await;
    let roster = format!("{HEADERS}别的小区,1,1,101,孙甲,,绿,鄂B12345\n和平小区,9,1,101,孙乙,,绿,\n");
    let path = office.send_file("the form's own", roster.as_bytes()).await.leads_to().to_owned();
    let page = office.settled(&path).await;
    assert_eq!(counts(&page), ["1", "0", "0", "1"], "{page}");
    assert!(page.contains("“别的小区”不在您负责的小区之内") && !page.contains("新建小区"));
    office.post(&path, "csrf=the+form%27s+own").await.demand(303);
    office.settled(&path).await;
    assert_eq!(office.store.compounds().await.unwrap().len(), 1);
    // Somebody else has nothing to do with that file.
    office.store.sign_out_everywhere("王五", &super::ACT).await.unwrap();
    office.employ("赵六", Role::CommunityWorker, &Scope::Everywhere).await;
    office.get(&path).await.demand(404);
    office.post(&path, "csrf=the+form%27s+own").await.demand(404);
}

#[tokio::test]
async fn out_again_in_the_same_shape() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let compound = office.store.compounds().await.unwrap()[0].id.0;
    let answer =
        office.post("/books/export", &format!("csrf=the+form%27s+own&compound={compound}&kind=csv")).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"roster.csv\""));
    let csv = answer.demand(200);
    assert!(csv.contains("张小明") && csv.contains("13812345678") && csv.contains("鄂A12345"), "{csv}");
    let exports = AuditSearch { what: Some(Action::Export), limit: 9, ..AuditSearch::default() };
    let lines = office.store.audit_lines(&exports).await.unwrap();
    assert!(lines.len() == 1 && lines[0].who == "王五", "{lines:?}");
    let xlsx =
        office.post("/books/export", &format!("csrf=the+form%27s+own&compound={compound}&kind=xlsx")).await;
    assert!(xlsx.demand(200).starts_with("PK"));
    office.post("/books/export", "csrf=the+form%27s+own&compound=77&kind=csv").await.demand(404);
    assert!(office.get("/books/template.csv").await.demand(200).contains("示例小区"));

    office.store.sign_out_everywhere("王五", &super::ACT).await.unwrap();
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    office.get("/books").await.demand(403);
    office
        .post("/books/export", &format!("csrf=the+form%27s+own&compound={compound}&kind=csv"))
        .await
        .demand(403);
    office.send_file("the form's own", b"x").await.demand(403);
}

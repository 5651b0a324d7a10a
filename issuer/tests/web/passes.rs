//! Passes on the office's own pages: who may come in, and a card's way from the key to whoever was given its sheet.

use pass::{Serial, Status};
use store::{Passes, Sheets};

use super::{Answer, Office};

/// Somebody who came in.
struct Worker<'a> {
    office: &'a Office,
    cookie: String,
}

impl Office {
    async fn come_in(&self) -> Worker<'_> {
        let form = format!("key={}&name=%E7%8E%8B%E4%BA%94", self.desk.key());
        let answer = self.post("/passes/enter", "", &form).await;
        let cookie = header(&answer, "set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        Worker { office: self, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    async fn post(&self, path: &str, more: &str, form: &str) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{more}",
            self.address,
            form.len()
        );
        self.send_with(&head, form).await
    }
}

impl Worker<'_> {
    async fn get(&self, path: &str) -> Answer {
        let Office { address, .. } = self.office;
        let cookie = &self.cookie;
        self.office.send(&format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n")).await
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        self.office.post(path, &format!("Cookie: {}\r\n", self.cookie), form).await
    }

    /// Posts a form, and gives back the page it leads to.
    async fn done(&self, path: &str, form: &str) -> String {
        let answer = self.post(path, form).await;
        let to = header(&answer, "location").unwrap_or_else(|| panic!("{}\n{}", answer.head, answer.body));
        self.get(&to).await.demand(200)
    }
}

fn header(answer: &Answer, name: &str) -> Option<String> {
    let line = |line: &str| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then(|| value.to_owned())
    };
    answer.head.lines().find_map(line)
}

#[tokio::test]
async fn only_who_has_the_key_comes_in() {
    let office = Office::open(true).await;
    for path in ["/passes", "/passes/sheets", "/passes/notices", "/passes/office", "/passes/card/0000000000"]
    {
        let answer = office.get(path).await;
        assert!(header(&answer, "location").unwrap().starts_with("/passes/enter"), "{path}");
    }
    assert!(office.get("/passes/enter").await.demand(200).contains("口令"));
    let key = office.desk.key();
    for form in ["key=&name=a".to_owned(), format!("key={key}&name="), format!("key={}0&name=a", &key[1..])] {
        let answer = office.post("/passes/enter", "", &form).await;
        assert!(header(&answer, "set-cookie").is_none(), "{form}");
    }
    let forged = format!("Cookie: sanse-desk={}.61\r\n", "0".repeat(32));
    let answer = office.post("/passes/sign", &forged, "").await;
    assert!(header(&answer, "location").unwrap().starts_with("/passes/enter"));

    let worker = office.come_in().await;
    assert!(worker.get("/passes").await.demand(200).contains("王五"));
    // A form on a page elsewhere is sent with the cookie by no browser; where one is, it is refused all the same.
    for foreign in ["Sec-Fetch-Site: cross-site\r\n", "Origin: https://evil.example\r\n", "Origin: null\r\n"]
    {
        let more = format!("Cookie: {}\r\n{foreign}", worker.cookie);
        office.post("/passes/sign", &more, "").await.demand(403);
    }
    let away = Office::open(false).await;
    away.get("/passes").await.demand(404);
    away.get("/passes/enter").await.demand(404);
}

#[tokio::test]
async fn from_the_key_to_whoever_was_given_the_sheet() {
    let office = Office::open(true).await;
    let worker = office.come_in().await;
    let page = worker.get("/passes").await.demand(200);
    assert!(page.contains("没有待签发的") && page.contains("整个小区"));
    let compound = office.passes().await[0].compound;
    let choice = format!("compound={}&part=3%7C2&which=new&size=eight&new_sheet=unit", compound.0);
    let answer = worker.post("/passes/print", &choice).await;
    let run = header(&answer, "location").unwrap().split('?').next().unwrap().to_owned();
    assert!(worker.get(&run).await.demand(200).contains("单号 1 至 1：1 张纸，3 张证"));
    let pdf = worker.get(&format!("{run}/sheets.pdf")).await;
    assert_eq!(header(&pdf, "content-type").as_deref(), Some("application/pdf"));
    assert_eq!(header(&pdf, "content-security-policy").as_deref(), Some("frame-ancestors 'none'"));
    assert!(pdf.demand(200).starts_with("%PDF-"));
    let now = pass::Clock::now(&*office.clock);
    assert_eq!(
        office.store.count_passes(Passes::Unprinted(now)).await.unwrap(),
        3,
        "not before it is confirmed"
    );
    assert!(worker.get("/passes").await.demand(200).contains("还没有确认打印的"));

    assert!(worker.done(&run, "what=confirm").await.contains("3 张证已确认打印"));
    assert_eq!(office.store.count_passes(Passes::Unprinted(now)).await.unwrap(), 0);
    assert!(worker.done("/passes/print", &choice).await.contains("这里没有可打印的证"));
    assert!(worker.done("/passes/sheets", "what=hand&sheet-1=1&to=").await.contains("请勾选纸张"));
    let page = worker.done("/passes/sheets", "what=hand&sheet-1=1&to=%E6%9D%8E%E5%B8%88%E5%82%85").await;
    assert!(page.contains("已登记发放 1 张") && page.contains("李师傅"));
    let page = worker.done("/passes/sheets", "what=back&sheet-1=1").await;
    assert!(page.contains("已登记收回") && !page.contains("李师傅"));
    assert_eq!(office.store.sheets(compound, Sheets::Here).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_becomes_of_one_pass() {
    let office = Office::open(true).await;
    let worker = office.come_in().await;
    let passes = office.passes().await;
    let serial = passes[0].serial;
    let path = format!("/passes/card/{serial}");
    let answer = worker.get(&format!("/passes/find?code={}", serial.short_code().to_lowercase())).await;
    assert!(header(&answer, "location").unwrap().starts_with(&path));
    let answer = worker.get("/passes/find?code=AAA-AAA-AAA").await;
    let page = worker.get(&header(&answer, "location").unwrap()).await.demand(200);
    assert!(page.contains("短码读错了"));
    worker.get("/passes/card/0000000000").await.demand(404);

    let status = async |serial: Serial| office.store.pass(serial).await.unwrap().status;
    assert!(worker.done(&path, "what=suspend&why=").await.contains("请写原因"));
    assert_eq!(status(serial).await, Status::AsSigned);
    let page = worker.done(&path, "what=suspend&why=%E6%A0%B8%E5%AF%B9").await;
    assert!(page.contains("核对") && page.contains("王五") && page.contains("恢复"));
    assert_eq!(status(serial).await, Status::Suspended);
    let page = worker.done(&path, "what=reinstate&why=ok").await;
    assert!(!page.contains("value=\"reinstate\"") && page.contains("value=\"suspend\""));
    let page = worker.done(&path, "what=replace&why=lost").await;
    assert!(page.contains("新证已签发"));
    assert_eq!(status(serial).await, Status::Replaced);
    let answer = worker.post("/passes/print", &format!("card={serial}&size=one")).await;
    assert!(
        header(&answer, "location").unwrap().contains("told=nothing"),
        "a replaced card isn't printed again"
    );
    assert!(worker.get(&path).await.demand(200).contains("这张证已换新"));
    worker.post(&path, "what=suspend&why=x").await.demand(409);
}

#[tokio::test]
async fn settings_notices_and_specimens() {
    let office = Office::open(true).await;
    let worker = office.come_in().await;
    let wrong = "name=&telephone=call&address=&days=30&renew=7";
    assert!(worker.post("/passes/office", wrong).await.demand(422).contains("value=\"call\""));
    let kept = "name=A&telephone=12&address=https%3A%2F%2Fpass.example.org%2F&days=20&renew=5";
    let page = worker.done("/passes/office", kept).await;
    assert!(page.contains("已保存") && page.contains("value=\"https://pass.example.org\""));
    assert!(worker.get("/passes").await.demand(200).contains("name=\"backs\""));
    let days = "home=3-2-501&first=2020-03-01&last=2020-03-14";
    for form in [
        "what=poster&spot=lift&on_paper=en".to_owned(),
        format!("what=door-sign&{days}"),
        format!("what=guidance&{days}&name=A&contact=B&telephone=1"),
        "what=closed&building=3&unit=2&from=2020-03-01T08%3A00&last=&because=x".to_owned(),
        "what=specimen".to_owned(),
    ] {
        let pdf = worker.post("/passes/notices", &form).await;
        assert_eq!(header(&pdf, "content-type").as_deref(), Some("application/pdf"), "{form}");
    }
    for form in [
        "what=door-sign&home=3",
        "what=closed&building=",
        "what=",
        "what=guidance&first=2020-03-02&last=2020-03-01&home=1-1-1",
    ] {
        assert!(worker.done("/passes/notices", form).await.contains("没有写对"), "{form}");
    }
    let (passes, statuses) = (office.passes().await, office.store.statuses().await.unwrap());
    assert_eq!((passes.len(), statuses.len()), (3, 6), "three specimens, and no pass more");
}

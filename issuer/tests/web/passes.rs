//! Passes on the office's own pages: who may come in, and a card's way from the key to whoever was given its sheet.

use pass::{Serial, Status};
use registry::{Role, Scope};
use store::{Passes, Sheets};

use super::{Answer, Office};

impl Office {
    /// An office where somebody who works on cards is signed in.
    async fn at_work() -> Self {
        let office = Self::open().await;
        office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
        office
    }

    /// Sends a form as our pages do.
    pub(super) async fn send_form(&self, path: &str, form: &str) -> Answer {
        self.post(path, &format!("csrf=the+form%27s+own&{form}")).await
    }

    /// Sends a form, and gives back the page it leads to.
    async fn done(&self, path: &str, form: &str) -> String {
        let answer = self.send_form(path, form).await;
        self.get(answer.leads_to()).await.demand(200)
    }
}

#[tokio::test]
async fn only_whose_role_and_compounds_allow_it() {
    let office = Office::open().await;
    let serial = office.passes().await[0].serial;
    let card = format!("/passes/card/{serial}");
    let paths = ["/passes", "/passes/sheets", "/passes/notices", "/passes/office", &card];
    for path in paths {
        assert!(office.get(path).await.leads_to().starts_with("/sign-in"), "{path}");
    }
    assert!(office.send_form("/passes/sign", "").await.leads_to().starts_with("/sign-in"));
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    for path in paths {
        assert!(office.get(path).await.demand(403).contains("您的角色不能做这件事"), "{path}");
    }
    office.send_form(&card, "what=suspend&why=x").await.demand(403);

    let office = Office::open().await;
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    let pass = office.passes().await[0].clone();
    let (serial, compound) = (pass.serial, pass.compound.0);
    let card = format!("/passes/card/{serial}");
    office.get(&card).await.demand(404);
    office.send_form(&card, "what=withdraw&why=x").await.demand(404);
    assert!(!office.get("/passes").await.demand(200).contains("和平小区"));
    let choice = format!("compound={compound}&which=all&size=eight&new_sheet=full");
    let answer = office.send_form("/passes/print", &choice).await;
    assert!(!answer.head.contains("location: /passes/run"), "{}", answer.head);
    assert_eq!(office.store.pass(serial).await.unwrap().status, Status::AsSigned);

    let office = Office::at_work().await;
    office.post("/passes/sign", "").await.demand(403);
    office.post_from("cross-site", "/passes/sign", "csrf=the+form%27s+own").await.demand(403);
}

#[tokio::test]
async fn from_the_key_to_whoever_was_given_the_sheet() {
    let office = Office::at_work().await;
    let page = office.get("/passes").await.demand(200);
    assert!(page.contains("没有待签发的") && page.contains("整个小区"));
    let compound = office.passes().await[0].compound;
    let c = compound.0;
    let choice = format!("compound={}&part=3%7C2&which=new&size=eight&new_sheet=unit", compound.0);
    let answer = office.send_form("/passes/print", &choice).await;
    let run = answer.leads_to().split('?').next().unwrap().to_owned();
    assert!(office.get(&run).await.demand(200).contains("单号 1 至 1：1 张纸，3 张证"));
    let pdf = office.get(&format!("{run}/sheets.pdf")).await;
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert_eq!(pdf.header("content-security-policy"), Some("frame-ancestors 'none'"));
    assert!(pdf.demand(200).starts_with("%PDF-"));
    let now = pass::Clock::now(&*office.clock);
    assert_eq!(
        office.store.count_passes(Passes::Unprinted(now)).await.unwrap(),
        3,
        "not before it is confirmed"
    );
    assert!(office.get("/passes").await.demand(200).contains("还没有确认打印的"));

    assert!(office.done(&run, "what=confirm").await.contains("3 张证已确认打印"));
    assert_eq!(office.store.count_passes(Passes::Unprinted(now)).await.unwrap(), 0);
    assert!(office.done("/passes/print", &choice).await.contains("这里没有可打印的证"));
    assert!(
        office
            .done("/passes/sheets", &format!("compound={c}&what=hand&sheet-1=1&to="))
            .await
            .contains("请勾选纸张")
    );
    let page = office
        .done("/passes/sheets", &format!("compound={c}&what=hand&sheet-1=1&to=%E6%9D%8E%E5%B8%88%E5%82%85"))
        .await;
    assert!(page.contains("已登记发放 1 张") && page.contains("李师傅"));
    let page = office.done("/passes/sheets", &format!("compound={c}&what=back&sheet-1=1")).await;
    assert!(page.contains("已登记收回") && !page.contains("李师傅"));
    assert_eq!(office.store.sheets(compound, Sheets::Here).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_becomes_of_one_pass() {
    let office = Office::at_work().await;
    let passes = office.passes().await;
    let serial = passes[0].serial;
    let path = format!("/passes/card/{serial}");
    let answer = office.get(&format!("/passes/find?code={}", serial.short_code().to_lowercase())).await;
    assert!(answer.leads_to().starts_with(&path));
    let answer = office.get("/passes/find?code=AAA-AAA-AAA").await;
    let page = office.get(answer.leads_to()).await.demand(200);
    assert!(page.contains("短码读错了"));
    office.get("/passes/card/0000000000").await.demand(404);

    let status = async |serial: Serial| office.store.pass(serial).await.unwrap().status;
    assert!(office.done(&path, "what=suspend&why=").await.contains("请写原因"));
    assert_eq!(status(serial).await, Status::AsSigned);
    let page = office.done(&path, "what=suspend&why=%E6%A0%B8%E5%AF%B9").await;
    assert!(page.contains("核对") && page.contains("王五") && page.contains("恢复"));
    assert_eq!(status(serial).await, Status::Suspended);
    let page = office.done(&path, "what=reinstate&why=ok").await;
    assert!(!page.contains("value=\"reinstate\"") && page.contains("value=\"suspend\""));
    let page = office.done(&path, "what=replace&why=lost").await;
    assert!(page.contains("新证已签发"));
    assert_eq!(status(serial).await, Status::Replaced);
    let answer = office.send_form("/passes/print", &format!("card={serial}&size=one")).await;
    assert!(answer.leads_to().contains("told=nothing"), "a replaced card isn't printed again");
    assert!(office.get(&path).await.demand(200).contains("这张证已换新"));
    office.send_form(&path, "what=suspend&why=x").await.demand(409);
}

#[tokio::test]
async fn settings_notices_and_specimens() {
    let office = Office::at_work().await;
    let wrong = "name=&telephone=call&address=&days=30&renew=7";
    assert!(office.send_form("/passes/office", wrong).await.demand(422).contains("value=\"call\""));
    let kept = "name=A&telephone=12&address=https%3A%2F%2Fpass.example.org%2F&days=20&renew=5";
    let page = office.done("/passes/office", kept).await;
    assert!(page.contains("已保存") && page.contains("value=\"https://pass.example.org\""));
    assert!(office.get("/passes").await.demand(200).contains("name=\"backs\""));
    let days = "home=3-2-501&first=2020-03-01&last=2020-03-14";
    for form in [
        "what=poster&spot=lift&on_paper=en".to_owned(),
        format!("what=door-sign&{days}"),
        format!("what=guidance&{days}&name=A&contact=B&telephone=1"),
        "what=closed&building=3&unit=2&from=2020-03-01T08%3A00&last=&because=x".to_owned(),
        "what=specimen".to_owned(),
    ] {
        let pdf = office.send_form("/passes/notices", &form).await;
        assert_eq!(pdf.header("content-type"), Some("application/pdf"), "{form}");
    }
    for form in [
        "what=door-sign&home=3",
        "what=closed&building=",
        "what=",
        "what=guidance&first=2020-03-02&last=2020-03-01&home=1-1-1",
    ] {
        assert!(office.done("/passes/notices", form).await.contains("没有写对"), "{form}");
    }
    let (passes, statuses) =
        (office.passes().await, office.store.statuses(pass::Timestamp(1_600_000_000)).await.unwrap());
    assert_eq!((passes.len(), statuses.len()), (3, 6), "three specimens, and no pass more");
}

//! The page of a building or a stairwell: closed and opened again, who answers for it, the ways out.

use pass::{Colour, Status};
use registry::{Role, Scope};

use super::{ACT, MORNING, Office, to};

const DAY: i64 = 86_400;
const STAIRWELL: &str = "building=3&unit=2";

#[tokio::test]
async fn closed_in_one_action_and_opened_in_one() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let compound = office.store.compounds().await.unwrap()[0].id;
    let base = format!("/buildings/{}", compound.0);
    let board = office.get("/board").await.demand(200);
    let path = format!("{base}?{STAIRWELL}");
    assert!(board.contains(&path.replace('&', "&#38;")), "{board}");
    let page = office.get(&path).await.demand(200);
    assert!(
        page.contains("3栋2单元") && page.contains("只封这个单元") && !page.contains("class=\"closure\"")
    );

    // What can't be is said, and nothing is closed.
    for (form, problem) in [
        ("why=x&last=2020-02-29", "须是今天或以后的日期"),
        ("why=x&last=soon", "须是今天或以后的日期"),
        ("why=+&last=", "请写明原因"),
    ] {
        let page = sent(&office, &format!("{base}/close"), &format!("{STAIRWELL}&{form}")).await;
        assert!(page.contains(problem), "{form}: {page}");
    }
    assert!(office.store.closed(compound).await.unwrap().is_empty());

    let form = format!("{STAIRWELL}&why=%E4%B8%80%E4%BE%8B&last=2020-03-14");
    let page = sent(&office, &format!("{base}/close"), &form).await;
    for word in ["3栋2单元已封闭，涉及 ", "封闭中", "2020-03-14", "一例", "打印门口通告", "解除封闭"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    let again = sent(&office, &format!("{base}/close"), &form).await;
    assert!(again.contains("已经封闭了"), "{again}");
    let board = office.get("/board").await.demand(200);
    assert_eq!(board.matches("封闭中").count(), 1, "the stairwell, and not the building: {board}");

    // A green pass says so: at the gates, on the phone, on the person's page. A red one says red.
    let suspended = async || {
        let statuses = office.store.statuses(MORNING).await.unwrap();
        statuses.iter().filter(|status| **status == Status::Suspended).count()
    };
    assert!(suspended().await >= 2);
    let passes = office.passes().await;
    let of = |name: &str| passes.iter().find(|pass| pass.name.as_str() == name).unwrap();
    let green = of("张*明");
    let phone = office.get(&format!("/p/{}", green.token)).await.demand(200);
    for word in ["phone void", "请勿外出", "自 2020-03-01 08:00 起封闭，计划到 2020-03-14", "回家照常放行"]
    {
        assert!(phone.contains(word), "{word}: {phone}");
    }
    office.store.set_colour(compound, green.holder, &to(Colour::Red), &ACT).await.unwrap();
    let phone = office.get(&format!("/p/{}", green.token)).await.demand(200);
    assert!(phone.contains("phone red") && !phone.contains("请勿外出"), "{phone}");
    let person = office.get(&format!("/residents/{}/{}", compound.0, green.holder)).await.demand(200);
    assert!(person.contains("自 2020-03-01 08:00 起封闭"), "{person}");
    assert!(!office.get("/").await.demand(200).contains("计划封闭到"));
    office.clock.set(MORNING.plus(13 * DAY));
    office.sign_in_again("王五").await;
    assert!(office.get("/").await.demand(200).contains("和平小区 3栋2单元计划封闭到 2020-03-14"));

    let id = office.store.closed(compound).await.unwrap()[0].id.clone();
    let plan = format!("{STAIRWELL}&id={id}&last=2020-03-20");
    assert!(sent(&office, &format!("{base}/plan"), &plan).await.contains("2020-03-20"));
    assert!(!office.get("/").await.demand(200).contains("计划封闭到"));
    let page = sent(&office, &format!("{base}/open"), &format!("{STAIRWELL}&id={id}")).await;
    assert!(page.contains("已解除封闭") && page.contains("以前的封闭") && !page.contains("封闭中"), "{page}");
    assert_eq!(suspended().await, 0);
    // Sent twice: it is open.
    sent(&office, &format!("{base}/open"), &format!("{STAIRWELL}&id={id}")).await;
    let page =
        sent(&office, &format!("{base}/close"), &format!("{STAIRWELL}&why=x&whole=1&lets_exempt=1")).await;
    assert!(page.contains("3栋已封闭") && page.contains("有时段豁免的人可出门"), "{page}");
}

#[tokio::test]
async fn what_is_written_down_of_a_stairwell() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let compound = office.store.compounds().await.unwrap()[0].id;
    let base = format!("/buildings/{}", compound.0);
    let named = format!("{STAIRWELL}&name=%E9%99%88&telephone=130");
    assert!(sent(&office, &format!("{base}/answers"), &named).await.contains("<strong>陈</strong> 130"));
    for kind in ["blocked", "exit"] {
        let form = format!("{STAIRWELL}&kind={kind}&place=%3Cb%3E{kind}");
        sent(&office, &format!("{base}/way"), &form).await;
    }
    let board = office.get("/board").await.demand(200);
    for word in ["陈 130", "安全出口", "封堵通道", "&#60;b&#62;exit"] {
        assert!(board.contains(word), "{word}: {board}");
    }
    let wrong = sent(&office, &format!("{base}/way"), &format!("{STAIRWELL}&kind=hole&place=x")).await;
    assert!(wrong.contains("请写明位置"), "{wrong}");
    for way in office.store.passageways(compound).await.unwrap() {
        sent(&office, &format!("{base}/way/remove"), &format!("{STAIRWELL}&id={}", way.id)).await;
    }
    let page = sent(&office, &format!("{base}/answers"), &format!("{STAIRWELL}&name=&telephone=")).await;
    assert!(page.contains("还没有写负责人") && page.contains("没有标注"), "{page}");

    // Who may only look, looks; whose compound it is not, finds nothing; and nobody is there.
    office.store.set_role("王五", Role::PropertyManager, &Scope::Everywhere, &ACT).await.unwrap();
    let page = office.get(&format!("{base}?{STAIRWELL}")).await.demand(200);
    assert!(!page.contains("<form method=\"post\" action=\"/buildings"), "{page}");
    for (action, fields) in
        [("close", "why=x"), ("open", "id=x"), ("answers", "name=x"), ("way", "kind=exit&place=x")]
    {
        office.send_form(&format!("{base}/{action}"), &format!("{STAIRWELL}&{fields}")).await.demand(403);
    }
    for path in ["/buildings/9?building=3", &format!("{base}?building=77"), &base] {
        office.get(path).await.demand(404);
    }
    office.store.set_role("王五", Role::CommunityWorker, &Scope::Compounds(vec![]), &ACT).await.unwrap();
    office.get(&format!("{base}?{STAIRWELL}")).await.demand(404);
    office.send_form(&format!("{base}/close"), &format!("{STAIRWELL}&why=x")).await.demand(404);
}

/// Sends a form, and gives back the page that comes, or the one that it leads to.
pub(super) async fn sent(office: &Office, path: &str, form: &str) -> String {
    let answer = office.send_form(path, form).await;
    match answer.head.starts_with("HTTP/1.1 200 ") {
        true => answer.body,
        false => office.get(answer.leads_to()).await.demand(200),
    }
}

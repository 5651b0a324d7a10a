//! One person's page: what is shown to whom, what is decided there, and what red takes to end.

use pass::{Colour, CompoundId, Status};
use registry::{Role, Scope};
use store::{Action, AuditSearch, Passes, Search};

use super::{ACT, MORNING, Office};

const FORM: &str = "csrf=the+form%27s+own&";
const DAY: i64 = 86_400;
/// The example of GB 11643.
const IDENTITY: &str = "11010519491231002X";

impl Office {
    async fn path_of(&self, name: &str) -> String {
        let search = Search { text: name.into(), limit: 1, ..Search::default() };
        let found = self.store.find(&search).await.unwrap().listed.remove(0);
        format!("/residents/{}/{}", found.compound.0, found.holder)
    }

    async fn looks(&self) -> usize {
        let search = AuditSearch { what: Some(Action::Look), limit: 99, ..AuditSearch::default() };
        self.store.audit_lines(&search).await.unwrap().len()
    }

    /// Sends a form, and gives back the page it leads to.
    async fn page_after(&self, path: &str, form: &str) -> String {
        let to = self.post(path, &format!("{FORM}{form}")).await.leads_to().to_owned();
        self.get(&to).await.demand(200)
    }
}

#[tokio::test]
async fn a_file_is_shown_to_whoever_asks_and_may() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let path = office.path_of("张小明").await;
    assert!(office.get("/residents").await.demand(200).contains(&format!("href=\"{path}\"")));
    let page = office.get(&path).await.demand(200);
    for hidden in ["张小明", "13812345678", "name=\"phone\""] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    assert!(page.contains("张*明") && page.contains("鄂A12345"), "the household's vehicle: {page}");
    assert_eq!(office.looks().await, 0);
    let page = office.post(&format!("{path}/show"), FORM).await.demand(200);
    assert!(page.contains("张小明") && page.contains("value=\"13812345678\""));
    assert_eq!(office.looks().await, 1);

    for (form, told) in [
        ("identity=110105194912310021", "校验码不对"),
        ("identity=12", "17 位数字"),
        ("phone=12", "电话没有写对"),
        ("arrived=2020-02-30", "日期没有写对"),
        (&format!("notes={}", "x".repeat(201)), "太长"),
    ] {
        let page = office.post(&format!("{path}/file"), &format!("{FORM}{form}")).await.demand(200);
        assert!(page.contains(told), "{told}: {page}");
    }
    let form = format!(
        "phone=13900000000&identity={IDENTITY}&arrived=2020-02-20&came_from=%E6%AD%A6%E6%B1%89&contact=%E7%8E%8B%E9%9B%AA%E6%A2%85"
    );
    assert!(office.page_after(&format!("{path}/file"), &form).await.contains("档案已保存"));
    let page = office.post(&format!("{path}/show"), FORM).await.demand(200);
    for word in [IDENTITY, "13900000000", "武汉", "王雪梅", "2020-02-20"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let holder = path.rsplit('/').next().unwrap().parse().unwrap();
    let kept = office.store.file(CompoundId(1), holder).await.unwrap().identity.unwrap();
    assert!(!kept.contains("1949"), "it is encrypted");
    // Left empty, the number stays.
    office.page_after(&format!("{path}/file"), "came_from=x").await;
    assert_eq!(office.store.file(CompoundId(1), holder).await.unwrap().identity, Some(kept));

    office.store.sign_out_everywhere("王五", &ACT).await.unwrap();
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    let page = office.get(&path).await.demand(200);
    assert!(page.contains("张*明") && page.contains("已隐藏") && !page.contains("/show\""));
    for act in ["show", "colour", "release", "mistaken", "check", "plan", "file"] {
        office.post(&format!("{path}/{act}"), &format!("{FORM}colour=red&why=x")).await.demand(403);
    }
    office.store.sign_out_everywhere("物业", &ACT).await.unwrap();
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    office.get(&path).await.demand(404);
    office.post(&format!("{path}/show"), FORM).await.demand(404);
    assert_eq!(office.looks().await, 2);
    for path in ["/residents/1/99", "/residents/9/1", "/residents/1/x", "/residents/1/99999"] {
        let head = office.get(path).await.head;
        assert!(head.contains(" 404 ") || head.contains(" 400 "), "{path}: {head}");
    }
}

#[tokio::test]
async fn red_from_its_first_day_to_the_sign_off() {
    let office = Office::open().await;
    office.employ("林医生", Role::HealthWorker, &Scope::Everywhere).await;
    let path = office.path_of("张小明").await;
    let page = office.post(&format!("{path}/colour"), &format!("{FORM}colour=red&why=")).await.demand(200);
    assert!(page.contains("请写原因"));
    let page = office.post(&format!("{path}/colour"), &format!("{FORM}colour=blue&why=x")).await.demand(200);
    assert!(page.contains("请选择颜色") && page.contains("value=\"x\""), "what was typed stays");
    let before = office.store.count_passes(Passes::All).await.unwrap();
    let page = office.page_after(&format!("{path}/colour"), "colour=red&why=%E5%AF%86%E6%8E%A5").await;
    for word in ["已改变颜色，并签发了新证", "还有 14 天", "2020-03-15 08:00", "解除观察", "密接", "林医生"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert_eq!(office.store.count_passes(Passes::All).await.unwrap(), before + 1, "a red card");
    let now = Status::Now(Colour::Red);
    assert!(
        office.store.statuses(pass::Timestamp(1_600_000_000)).await.unwrap().contains(&now),
        "the green one says red"
    );

    let list = office.get("/observed").await.demand(200);
    assert!(list.contains(&format!("href=\"{path}\"")) && list.contains("2 人居家观察"), "{list}");
    let release = format!("{FORM}colour=green&why=14");
    let page = office.post(&format!("{path}/release"), &release).await.demand(200);
    assert!(page.contains("观察期到 2020-03-15 08:00 才满"), "{page}");
    office.clock.set(MORNING.plus(14 * DAY));
    office.sign_in_again("林医生").await;
    assert!(office.get(&path).await.demand(200).contains("今天到期"));
    let page = office.post(&format!("{path}/release"), &release).await.demand(200);
    assert!(page.contains("24 小时内没有健康检查"));
    for wrong in ["", "temperature=12", "temperature=hot"] {
        let page = office.post(&format!("{path}/check"), &format!("{FORM}{wrong}")).await.demand(200);
        assert!(page.contains("体温须在"), "{wrong}");
    }
    assert!(office.page_after(&format!("{path}/check"), "temperature=37.5").await.contains("37.5 ℃，发热"));
    let page = office.post(&format!("{path}/release"), &release).await.demand(200);
    assert!(page.contains("有发热或症状"));
    office.clock.set(MORNING.plus(14 * DAY + 3_600));
    office.page_after(&format!("{path}/check"), "temperature=36.5").await;
    // Whoever is no business of theirs sees the colour, and neither why nor how long.
    assert!(office.get(&path).await.demand(200).contains("密接"));
    office.store.set_role("林医生", Role::PropertyManager, &Scope::Everywhere, &ACT).await.unwrap();
    let page = office.get(&path).await.demand(200);
    assert!(!page.contains("密接") && !page.contains("计划结束") && !page.contains("36.5"), "{page}");
    office.store.set_role("林医生", Role::HealthWorker, &Scope::Everywhere, &ACT).await.unwrap();
    // Too early for somebody else's plan: two days more.
    let page = office.page_after(&format!("{path}/plan"), "day=2020-03-17&why=%E9%82%BB%E5%B1%85").await;
    assert!(page.contains("计划结束日已改变") && page.contains("2020-03-17 00:00"));
    office.post(&format!("{path}/release"), &release).await.demand(200);
    office.page_after(&format!("{path}/plan"), "day=2020-03-15&why=%E6%9B%B4%E6%AD%A3").await;
    let page = office.page_after(&format!("{path}/release"), "colour=green&why=14").await;
    assert!(page.contains("已改变颜色") && !page.contains("解除观察"), "{page}");

    // What was decided by mistake is corrected on the same day.
    office.page_after(&format!("{path}/colour"), "colour=red&why=x").await;
    let page =
        office.page_after(&format!("{path}/mistaken"), "colour=green&why=%E8%AE%A4%E9%94%99%E4%BA%BA").await;
    assert!(page.contains("已改变颜色") && page.contains("认错人"));
    assert!(
        office.page_after(&format!("{path}/colour"), "colour=green&why=x").await.contains("颜色没有变化")
    );
}

#[tokio::test]
async fn somebody_new_by_a_form() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    assert!(office.get("/residents").await.demand(200).contains("href=\"/residents/new\""));
    let page = office.get("/residents/new").await.demand(200);
    assert!(page.contains("value=\"和平小区\""), "the only compound is filled in");
    let form = |name: &str, more: &str| {
        format!(
            "{FORM}compound=%E5%92%8C%E5%B9%B3%E5%B0%8F%E5%8C%BA&building=7&unit=1&room=302&name={name}&{more}"
        )
    };
    for (form, told) in [
        (form("", "colour=green"), "既没有姓名，也没有车牌"),
        (form("x1", "colour=green&phone=12"), "电话有 2 位数字"),
        (form("%E5%91%A8%E5%85%A8", "colour=blue"), "不是颜色"),
        (form("%E5%91%A8%E5%85%A8", ""), "“颜色”为空"),
    ] {
        let page = office.post("/residents/new", &form).await.demand(200);
        assert!(page.contains(told) && page.contains("value=\"302\""), "{told}: {page}");
    }
    let page = office
        .get(office.post("/residents/new", &form("%E5%91%A8%E5%85%A8", "colour=green")).await.leads_to())
        .await;
    let page = page.demand(200);
    assert!(page.contains("已登记。下一步") && page.contains("周*") && page.contains("共 1 条"), "{page}");
    let again = office.post("/residents/new", &form("%E5%91%A8%E5%85%A8", "colour=green")).await;
    assert!(office.get(again.leads_to()).await.demand(200).contains("没有变化"));
    // A form is no sign-off either.
    office.post("/residents/new", &form("%E5%91%A8%E5%85%A8", "colour=red")).await.demand(303);
    let green = office.post("/residents/new", &form("%E5%91%A8%E5%85%A8", "colour=green")).await;
    assert!(office.get(green.leads_to()).await.demand(200).contains("现为红色，颜色不变"));

    office.store.sign_out_everywhere("王五", &ACT).await.unwrap();
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    let page = office.post("/residents/new", &form("%E5%91%A8", "colour=green")).await.demand(200);
    assert!(page.contains("不在您负责的范围内"));
    office.store.sign_out_everywhere("邻区", &ACT).await.unwrap();
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    office.get("/residents/new").await.demand(403);
    office.post("/residents/new", &form("%E5%91%A8", "colour=green")).await.demand(403);
}

#[tokio::test]
async fn one_colour_for_many() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    assert!(office.get("/residents?q=3-2-501").await.demand(200).contains("/residents/many?q=3-2-501"));
    let page = office.get("/residents/many?q=3-2-501").await.demand(200);
    let picks: Vec<&str> =
        page.split("name=\"pick\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(picks.len(), 2, "张小明 and the car, and not 李红 of 502: {page}");
    let picked = picks.iter().map(|pick| format!("&pick={pick}")).collect::<String>();
    for (form, told) in [
        ("colour=yellow&why=x".to_owned(), "没有勾选任何人"),
        (format!("colour=yellow&why={picked}"), "请写原因"),
        (format!("colour=blue&why=x{picked}"), "请选择颜色"),
    ] {
        let page = office.post("/residents/many", &format!("{FORM}{form}")).await.demand(200);
        assert!(page.contains(told), "{told}: {page}");
    }
    let red = office.path_of("李红").await;
    let red = format!("&pick={}", red.trim_start_matches("/residents/").replace('/', "-"));
    let page = office.page_after("/residents/many", &format!("colour=yellow&why=x{picked}{red}")).await;
    assert!(page.contains("已改变 2 个，0 个原来就是，1 个红色的不变"), "{page}");
    let counts = office.store.colour_counts(None).await.unwrap().map(|(_, count)| count);
    assert_eq!(counts, [0, 2, 1]);
    office.post("/residents/many", &format!("{FORM}colour=red&why=x&pick=1-99")).await.demand(404);
    office.store.sign_out_everywhere("王五", &ACT).await.unwrap();
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    office.post("/residents/many", &format!("{FORM}colour=red&why=x{picked}")).await.demand(404);
    office.store.sign_out_everywhere("邻区", &ACT).await.unwrap();
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    assert!(!office.get("/residents").await.demand(200).contains("/residents/many"));
    office.post("/residents/many", &format!("{FORM}colour=red&why=x{picked}")).await.demand(403);
}

#[tokio::test]
async fn one_colour_for_a_stairwell() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let link = "/residents/many?compound=1&amp;building=3&amp;unit=2";
    let board = office.get("/board").await.demand(200);
    assert!(board.contains(link), "{board}");
    let picks = async |query: &str| {
        let page = office.get(&format!("/residents/many?{query}")).await.demand(200);
        page.matches("name=\"pick\"").count()
    };
    assert_eq!(picks("compound=1&building=3&unit=2").await, 3);
    assert_eq!(picks("compound=1&building=3").await, 3);
    assert_eq!(picks("compound=1&building=3&unit=1").await, 0);
    assert_eq!(picks("compound=9&building=3").await, 0);
    office.store.sign_out_everywhere("王五", &ACT).await.unwrap();
    office.employ("邻区", Role::CommunityWorker, &Scope::Compounds(vec![])).await;
    assert_eq!(
        office.get("/residents/many?compound=1&building=3").await.demand(200).matches("\"pick\"").count(),
        0
    );
}

//! Gates, who works there and when, and the bundles that go to them.

use pass::CompoundId;
use protocol::{Bundle, ReceiverKey};
use registry::{Role, Scope};

use super::{ACT, MORNING, Office};

const FORM: &str = "csrf=the+form%27s+own&";

fn key(seed: u8) -> String {
    // A `+` in a form is a space.
    ReceiverKey::from_bytes(&[seed; 32]).receiver().text().replace('+', "%2B")
}

#[tokio::test]
async fn a_gate_its_people_and_its_bundle() {
    let office = Office::open().await;
    office.employ("王五", Role::PropertyManager, &Scope::Everywhere).await;
    let page = office.get("/gates").await.demand(200);
    assert!(page.contains("还没有登记卡点") && page.contains("还没有值守人员"));
    for (form, told) in [
        ("name=%E4%B8%9C%E9%97%A8&key=nonsense".to_owned(), "这不是卡点公钥"),
        (format!("name=&key={}", key(4)), "名称须为"),
        (format!("name={}&key={}", "x".repeat(65), key(4)), "名称须为"),
    ] {
        let page = office.post("/gates/1/gate", &format!("{FORM}{form}")).await.demand(200);
        assert!(page.contains(told), "{page}");
    }
    let form = format!("{FORM}name=%E4%B8%9C%E9%97%A8&key={}", key(4));
    let to = office.post("/gates/1/gate", &form).await.leads_to().to_owned();
    let fingerprint = ReceiverKey::from_bytes(&[4; 32]).receiver().fingerprint();
    let page = office.get(&to).await.demand(200);
    assert!(
        page.contains("东门") && page.matches(&fingerprint).count() == 2,
        "told, and in the list: {page}"
    );

    let page =
        office.post("/gates/1/staff", &format!("{FORM}name=%E6%9D%8E%E5%B8%88%E5%82%85&role=guard")).await;
    let page = page.demand(200);
    let pin = page.split("<code class=\"mono big\">").nth(1).unwrap().split('<').next().unwrap();
    let known = office.store.staff(CompoundId(1)).await.unwrap();
    assert!(
        known[0].pin.starts_with("$argon2id$")
            && protocol::Pin::chosen(pin).is_ok()
            && !page.contains(&known[0].pin)
    );
    assert!(!office.get("/gates").await.demand(200).contains(pin), "it is shown once");

    let duty = |from: &str, until: &str, days: &str| {
        format!(
            "{FORM}who=%E6%9D%8E%E5%B8%88%E5%82%85&gate=%E4%B8%9C%E9%97%A8&from={from}&until={until}&days={days}"
        )
    };
    for (from, until, days) in [
        ("2020-03-01T20%3A00", "2020-03-01T08%3A00", "1"),
        ("x", "y", "1"),
        ("2020-03-01T08%3A00", "2020-03-01T20%3A00", "999"),
    ] {
        office.post("/gates/1/duty", &duty(from, until, days)).await.demand(200);
    }
    assert!(office.store.duty(CompoundId(1), MORNING).await.unwrap().is_empty());
    office.post("/gates/1/duty", &duty("2020-03-01T20%3A00", "2020-03-02T08%3A00", "3")).await.demand(303);
    assert_eq!(office.store.duty(CompoundId(1), MORNING).await.unwrap().len(), 3);
    assert!(office.get("/gates").await.demand(200).contains("2020-03-03 20:00"));

    let answer = office.post("/gates/1/bundle", &format!("{FORM}gate=%E4%B8%9C%E9%97%A8")).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"compound-1.bundle\""));
    office.post("/gates/1/bundle", &format!("{FORM}gate=%E8%A5%BF%E9%97%A8")).await.demand(404);

    office.post("/gates/1/duty/clear", &format!("{FORM}who=%E6%9D%8E%E5%B8%88%E5%82%85")).await.demand(303);
    office
        .post("/gates/1/staff/remove", &format!("{FORM}name=%E6%9D%8E%E5%B8%88%E5%82%85"))
        .await
        .demand(303);
    office.post("/gates/1/gate/remove", &format!("{FORM}name=%E4%B8%9C%E9%97%A8")).await.demand(303);
    assert!(office.store.staff(CompoundId(1)).await.unwrap().is_empty());
    assert!(office.store.duty(CompoundId(1), MORNING).await.unwrap().is_empty());
    assert!(office.store.gates().await.unwrap().is_empty());
    let page =
        office.post("/gates/1/gate/remove", &format!("{FORM}name=%E4%B8%9C%E9%97%A8")).await.demand(200);
    assert!(page.contains("可能已被移除"));
}

#[tokio::test]
async fn a_bundle_is_one_that_gates_read() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    office
        .store
        .put_gate("东门", CompoundId(1), &ReceiverKey::from_bytes(&[4; 32]).receiver().text(), &ACT)
        .await
        .unwrap();
    for (gate, people) in [("%E4%B8%9C%E9%97%A8", 1), ("", 0)] {
        let bytes = office.download("/gates/1/bundle", &format!("{FORM}gate={gate}")).await;
        let bundle = Bundle::from_bytes(&bytes).unwrap();
        assert_eq!((bundle.status.len(), bundle.people.len()), (1, people));
    }
}

#[tokio::test]
async fn gates_of_others_are_out_of_reach() {
    let office = Office::open().await;
    let other = {
        let list = [super::holder(&[
            (registry::Field::Name, "孙甲"),
            (registry::Field::Room, "9"),
            (registry::Field::Colour, "绿"),
        ])];
        let mut list = list;
        list[0].compound = "别的小区".into();
        office.store.import(&list, &[1..=9], &ACT, &mut |_, _| {}).await.unwrap();
        office.store.compound_by_name("别的小区").await.unwrap().id
    };
    office
        .store
        .put_gate("西门", other, &ReceiverKey::from_bytes(&[5; 32]).receiver().text(), &ACT)
        .await
        .unwrap();
    office.employ("物业", Role::PropertyManager, &Scope::Compounds(vec![CompoundId(1)])).await;
    let page = office.get(&format!("/gates?compound={}", other.0)).await.demand(200);
    assert!(!page.contains("西门") && !page.contains("别的小区"));
    for (what, form) in [
        ("gate", format!("name=a&key={}", key(6))),
        ("gate/remove", "name=%E8%A5%BF%E9%97%A8".to_owned()),
        ("staff", "name=a&role=guard".to_owned()),
        ("staff/remove", "name=a".to_owned()),
        ("duty", "who=a".to_owned()),
        ("duty/clear", "who=a".to_owned()),
        ("bundle", "gate=".to_owned()),
    ] {
        office.post(&format!("/gates/{}/{what}", other.0), &format!("{FORM}{form}")).await.demand(404);
    }
    // By the name of a gate of another compound nothing is taken over, and nothing removed.
    let page = office.post("/gates/1/gate", &format!("{FORM}name=%E8%A5%BF%E9%97%A8&key={}", key(6))).await;
    assert!(page.demand(200).contains("已用于别的卡点"));
    office.post("/gates/1/gate/remove", &format!("{FORM}name=%E8%A5%BF%E9%97%A8")).await.demand(200);
    let gates = office.store.gates().await.unwrap();
    assert_eq!((gates.len(), gates[0].compound), (1, other));
    office.store.sign_out_everywhere("物业", &ACT).await.unwrap();
    office.employ("医生", Role::HealthWorker, &Scope::Everywhere).await;
    office.get("/gates").await.demand(403);
}

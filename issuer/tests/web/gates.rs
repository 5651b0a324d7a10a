//! Gates, who works there and when, and the bundles that go to them.

use issuer::keys::KeyFiles;
use pass::{CompoundId, SigningKey, TrustList, TrustedKey};
use protocol::{Bundle, ReceiverKey};
use registry::{Role, Scope};
use store::GateReport;

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

/// What a gate says that goes by this trust list.
fn report(trust: u64) -> GateReport {
    GateReport {
        number: 1,
        heard: MORNING,
        at: MORNING,
        in_doubt: false,
        software: "kiosk 0.1.0".to_owned(),
        journal: "07".repeat(16),
        through: 3,
        first: 1,
        trust,
        status: 0,
        rules: 0,
        people: 0,
        directions: 0,
    }
}

#[tokio::test]
async fn it_is_told_which_keys_each_gate_trusts() {
    let office = Office::open().await;
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    let page = office.get("/gates/trust").await.demand(200);
    assert!(page.contains("还没有登记卡点"), "{page}");

    // The office's key was changed, the old one was pulled, and another office has joined. Lists of strangers are worth nothing.
    let (files, root) = (KeyFiles::new(office.folder.path()), SigningKey::from_seed(&[8; 32]));
    let (first, own) = (std::fs::read(files.trust()).unwrap(), files.own().unwrap());
    let [new, theirs] = [9, 10].map(|seed| SigningKey::from_seed(&[seed; 32]).public());
    let keys = vec![
        TrustedKey { public: new.clone(), ..own.clone() },
        TrustedKey {
            public: theirs.clone(),
            office: pass::OfficeId(2),
            compounds: vec![1000..=1999],
            ..own.clone()
        },
    ];
    let list = |version, keys: &[TrustedKey]| TrustList { version, issued: MORNING, keys: keys.to_vec() };
    std::fs::create_dir(files.trust_before()).unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(files.trust_before().join(name), bytes).unwrap();
    put("1.cose", &first);
    put("2.cose", &list(2, &keys).sign(&SigningKey::from_seed(&[1; 32])));
    put("3.cose", &list(3, &keys).sign(&root));
    put("note.txt", b"not a list");
    std::fs::write(files.trust(), list(4, &keys).sign(&root)).unwrap();

    for (place, (name, trust)) in
        [("now", Some(4)), ("same", Some(3)), ("unknown", Some(2)), ("old", Some(1)), ("unheard", None)]
            .into_iter()
            .enumerate()
    {
        let receiver = ReceiverKey::from_bytes(&[u8::try_from(place).unwrap() + 20; 32]).receiver().text();
        office.store.put_gate(name, CompoundId(1), &receiver, &ACT).await.unwrap();
        if let Some(trust) = trust {
            office.store.note_report(&receiver, &report(trust)).await.unwrap();
        }
    }
    let page = office.get("/gates/trust?lang=en").await.demand(200);
    let line = |name: &str| {
        let from =
            page.find(&format!("scope=\"row\">{name} <small>")).unwrap_or_else(|| panic!("{name}: {page}"));
        page[from..].split("</tr>").next().unwrap().to_owned()
    };
    assert!(line("now").contains("those of the list that holds now"));
    assert!(line("same").contains("the same keys, by an older list"));
    assert!(line("unknown").contains("an older list that this machine did not keep"));
    assert!(line("unheard").contains("it has not reported"));
    let old = line("old");
    let (still, not_yet) = old.split_once("<br>").unwrap();
    assert!(
        still.contains("still trusts keys that were pulled") && still.contains(&own.public.id().to_string()),
        "{old}"
    );
    for key in [&new, &theirs] {
        assert!(not_yet.contains(&key.id().to_string()) && !still.contains(&key.id().to_string()), "{old}");
    }
    assert!(page.contains("1000–1999") && page.matches("this office").count() <= 1);
    let gates = office.get("/gates?lang=en").await.demand(200);
    assert_eq!(gates.matches("its trust list is old").count(), 3, "{gates}");
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

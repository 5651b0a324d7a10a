//! What an administrator looks after: keys, and how long records are kept.

use registry::{Role, Scope};
use store::{Passes, Record};

use super::{MORNING, Office};

const FORM: &str = "csrf=the+form%27s+own&";

#[tokio::test]
async fn keys_are_shown_and_no_private_one() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    for path in ["/keys", "/keys/keys.json", "/retention"] {
        office.get(path).await.demand(403);
    }
    office.post("/retention/purge", &format!("{FORM}sure=1")).await.demand(403);
    office.store.sign_out_everywhere("王五", &super::ACT).await.unwrap();

    office.employ("主任", Role::Administrator, &Scope::Everywhere).await;
    let page = office.get("/keys").await.demand(200);
    for word in ["根密钥", "可以签发", "1–9", "2021-04-05", "还有 400 天"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("PRIVATE"));
    let set = office.get("/keys/keys.json").await.demand(200);
    let set: pass::JwkSet = serde_json::from_str(&set).unwrap();
    assert_eq!(set.keys.len(), 2);
    for (days, told) in [(371, "还有 29 天失效"), (401, "已失效")] {
        office.store.sign_out_everywhere("主任", &super::ACT).await.unwrap();
        office.clock.set(MORNING.plus(days * 86_400));
        office.sign_in_again("主任").await;
        assert!(office.get("/keys").await.demand(200).contains(told), "{told}");
    }
}

#[tokio::test]
async fn what_is_over_is_deleted_by_whoever_is_sure() {
    let office = Office::open().await;
    office.employ("主任", Role::Administrator, &Scope::Everywhere).await;
    let page = office.get("/retention").await.demand(200);
    assert!(page.contains("name=\"audit\" value=\"1095\"") && page.contains("还没有清除过"));
    for wrong in ["passes=-1", "audit=179", "duty=ten", "passes="] {
        let page = office.post("/retention", &format!("{FORM}{wrong}")).await.demand(200);
        assert!(page.contains("天数须为"), "{wrong}");
    }
    assert_eq!(office.store.retention().await.unwrap(), store::Retention::default());
    office.post("/retention", &format!("{FORM}passes=0&audit=200")).await.demand(303);
    let kept = office.store.retention().await.unwrap();
    assert_eq!((kept.days(Record::Passes), kept.days(Record::Audit), kept.days(Record::Duty)), (0, 200, 30));

    office.store.sign_out_everywhere("主任", &super::ACT).await.unwrap();
    office.clock.set(MORNING.plus(40 * 86_400));
    office.sign_in_again("主任").await;
    let page = office.post("/retention/purge", FORM).await.demand(200);
    assert!(page.contains("什么也没有删除"));
    assert_eq!(office.passes().await.len(), 3);
    let to = office.post("/retention/purge", &format!("{FORM}sure=1")).await.leads_to().to_owned();
    let page = office.get(&to).await.demand(200);
    assert!(
        page.contains("已清除") && page.contains("到期的通行证：3 条") && page.contains("SHA-256"),
        "{page}"
    );
    assert_eq!(office.store.count_passes(Passes::All).await.unwrap(), 0);
    let to = office.post("/retention/purge", &format!("{FORM}sure=1")).await.leads_to().to_owned();
    assert!(office.get(&to).await.demand(200).contains("什么也没有删除"));
}

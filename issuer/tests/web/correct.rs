//! Names and homes corrected, and what somebody is let off, by the pages of a person.

use registry::{Role, Scope};
use store::AuditSearch;

use super::building::sent;
use super::{ACT, Office};

#[tokio::test]
async fn a_name_is_corrected_and_somebody_let_off() {
    let office = Office::open().await;
    office.employ("王五", Role::CommunityWorker, &Scope::Everywhere).await;
    let passes = office.passes().await;
    let of = |name: &str| {
        let pass = passes.iter().find(|pass| pass.name.as_str() == name).unwrap();
        format!("/residents/{}/{}", pass.compound.0, pass.holder)
    };
    let (person, car) = (of("张*明"), of("鄂A12345"));
    assert!(office.get(&person).await.demand(200).contains(&format!("{person}/correct")));
    let form = office.get(&format!("{person}/correct")).await.demand(200);
    assert!(form.contains("张小明") && form.contains("13812345678"), "{form}");
    let looks = AuditSearch { what: Some(store::Action::Look), limit: 9, ..AuditSearch::default() };
    assert_eq!(office.store.audit_lines(&looks).await.unwrap().len(), 1, "the form shows the full name");

    let wrong = sent(&office, &format!("{person}/correct"), "name=&phone=x&building=3&unit=2&room=").await;
    assert!(wrong.contains("aria-invalid") && wrong.contains("role=\"alert\""), "{wrong}");
    let right = "name=%E7%AB%A0%E6%99%93%E6%98%8E&phone=13912345678&building=9&unit=1&room=901";
    let page = sent(&office, &format!("{person}/correct"), right).await;
    assert!(page.contains("已更正") && page.contains("章*明") && page.contains("9栋1单元901室"), "{page}");
    assert!(sent(&office, &format!("{person}/correct"), right).await.contains("没有变化"));
    let plate = "plate=%E9%84%82A54321&building=3&unit=2&room=501";
    assert!(sent(&office, &format!("{car}/correct"), plate).await.contains("鄂A54321"));

    for form in ["kind=medical", "kind=x&quota=1", "kind=medical&quota=1&last=2020-02-29"] {
        let page = sent(&office, &format!("{person}/exempt"), form).await;
        assert!(page.contains("请选择类别和不受哪项限制"), "{form}: {page}");
    }
    let form = "kind=medical&quota=1&hours=1&last=2020-03-31";
    let page = sent(&office, &format!("{person}/exempt"), form).await;
    assert!(page.contains("医护：不限次数和时段，至 2020-04-01 00:00"), "{page}");
    let page = sent(&office, &format!("{person}/exempt/end"), "kind=medical").await;
    assert!(page.contains("豁免已结束") && page.contains("没有豁免"), "{page}");
    sent(&office, &format!("{person}/exempt/end"), "kind=medical").await;

    // Health workers decide colours, and write nobody's name.
    office.store.set_role("王五", Role::HealthWorker, &Scope::Everywhere, &ACT).await.unwrap();
    assert!(!office.get(&person).await.demand(200).contains("/correct\""));
    office.get(&format!("{person}/correct")).await.demand(403);
    for (path, form) in
        [("correct", right), ("exempt", "kind=medical&quota=1"), ("exempt/end", "kind=medical")]
    {
        office.send_form(&format!("{person}/{path}"), form).await.demand(403);
    }
    office.store.set_role("王五", Role::CommunityWorker, &Scope::Compounds(vec![]), &ACT).await.unwrap();
    office.get(&format!("{person}/correct")).await.demand(404);
    office.send_form(&format!("{person}/correct"), right).await.demand(404);
}

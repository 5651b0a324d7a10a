//! The building board and a household's page.

use registry::{Field, Role, Scope};

use super::{ACT, Office, holder};

#[tokio::test]
async fn every_home_on_the_board() {
    let office = Office::open().await;
    office.employ("物业", Role::PropertyManager, &Scope::Everywhere).await;
    let more = [
        holder(&[(Field::Name, "门卫王"), (Field::Room, "门卫"), (Field::Colour, "黄")]),
        holder(&[(Field::Plate, "鄂B00001"), (Field::Room, "601"), (Field::Colour, "绿")]),
    ];
    office.store.import(&more, &[1..=9], &ACT, &mut |_, _| {}).await.unwrap();
    let page = office.get("/board").await.demand(200);
    for word in [
        "3栋2单元",
        "501 绿 1",
        "502 红 1",
        "门卫 黄 1",
        "601 空",
        "<th role=\"rowheader\" scope=\"row\">6</th>",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let at = |page: &str, text: &str| page.find(text).unwrap();
    assert!(at(&page, "601 空") < at(&page, "501 绿"), "the top floor is at the top");
    assert!(page.contains("<td role=\"cell\">4</td><td role=\"cell\">1</td><td role=\"cell\">1</td><td role=\"cell\">1</td><td role=\"cell\">1</td>"));
    let english = office.get("/board?building=3&lang=en").await.demand(200);
    assert!(english.contains("Building 3, unit 2") && english.contains("601 vacant"), "{english}");
    office.get("/board?compound=x&building=%22%3E%3Cscript%3E").await.demand(200);

    let compound = office.store.compounds().await.unwrap()[0].id;
    let of = |room: &str| {
        let end = page.find(&format!("{room} ")).unwrap();
        let start = page[..end].rfind("href=\"/homes/").unwrap() + 6;
        page[start..].split('"').next().unwrap().to_owned()
    };
    let home = office.get(&of("501")).await.demand(200);
    assert!(home.contains("3栋2单元501室") && home.contains("张*明") && home.contains("鄂A12345"), "{home}");
    assert!(!home.contains("小明") && !home.contains("/residents/new"));
    assert!(home.contains(&format!("href=\"/residents/{}/", compound.0)));
    assert!(office.get(&of("601")).await.demand(200).contains("空置"));
    for path in ["/homes/1/999", "/homes/9/1", "/homes/1/-1"] {
        let answer = office.get(path).await;
        assert!(answer.head.contains(" 404 ") || answer.head.contains(" 400 "), "{path}: {}", answer.head);
    }
    office.store.set_role("物业", Role::PropertyManager, &Scope::Compounds(vec![]), &ACT).await.unwrap();
    assert!(!office.get("/board").await.demand(200).contains("501 绿"));
    office.get(&of("501")).await.demand(404);
}
